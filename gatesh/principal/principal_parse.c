/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_parse.c - parses gate.principal(5): `field: value` lines.  One bad line refuses the file. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "policy/policy.h"
#include "principal/principal.h"
#include "principal/principal_network.h"
#include "principal/vault.h"
#include "util/field_lines.h"

/* The file being parsed. */
struct parse {
	struct principal *p;
	const struct source *src;
	struct diag *d;
	unsigned line;
	unsigned seen; /* a bit for each field */
	int err;       /* -ENOMEM */
};

#define bad(p, col, ...) diag_at((p)->d, DIAG_ERROR, (p)->src, (p)->line, (unsigned)(col), __VA_ARGS__)

bool principal_is_name(const char *name)
{
	size_t n = strlen(name);
	if (!n || n >= PRINCIPAL_NAME_MAX || *name == '.')
		return false;
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
			return false;
	return true;
}

/* Append a copy of s[0..n) to a NULL-terminated list. */
static void principal_parse_append(struct parse *p, char ***list, const char *s, size_t n)
{
	size_t k = 0;
	while (*list && (*list)[k])
		k++;
	char **more = reallocarray(*list, k + 2, sizeof *more);
	if (!more) {
		p->err = -ENOMEM;
		return;
	}
	*list = more;
	more[k] = strndup(s, n);
	more[k + 1] = NULL;
	if (!more[k])
		p->err = -ENOMEM;
}

static void principal_parse_set(struct parse *p, char **to, const char *s, size_t n)
{
	*to = strndup(s, n);
	if (!*to)
		p->err = -ENOMEM;
}

/* --- the fields --------------------------------------------------------------------------------------------------- */

static void principal_parse_name(struct parse *p, char *value, size_t col)
{
	if (principal_is_name(value))
		memcpy(p->p->name, value, strlen(value) + 1);
	else
		bad(p, col, "a principal's name consists of letters, digits, '.', '_' and '-': '%s'", value);
}

static void principal_parse_git_author(struct parse *p, char *value, size_t col)
{
	char *open = strchr(value, '<'), *close = open ? strchr(open, '>') : NULL;
	if (!open || open == value || !close || close[1] || close == open + 1) {
		bad(p, col + (open ? (size_t)(open - value) : strlen(value)), "git-author must be NAME <MAIL>");
		return;
	}
	size_t n = (size_t)(open - value);
	while (n && isblank((unsigned char)value[n - 1]))
		n--;
	principal_parse_set(p, &p->p->git_name, value, n);
	principal_parse_set(p, &p->p->git_mail, open + 1, (size_t)(close - open - 1));
}

static void principal_parse_service(struct parse *p, char *value, size_t col)
{
	if (policy_is_service(value))
		principal_parse_set(p, &p->p->service, value, strlen(value));
	else
		bad(p, col, "not a service name: '%s'", value);
}

static void principal_parse_confirm(struct parse *p, char *value, size_t col)
{
	p->p->confirm = !strcmp(value, "true");
	if (!p->p->confirm && strcmp(value, "false"))
		bad(p, col, "confirm-destructive must be true or false, not '%s'", value);
}

/* Each word of the value, with its column. */
static void principal_parse_words(struct parse *p, char *value, size_t col,
				  void (*word)(struct parse *, const char *, size_t, size_t))
{
	for (size_t at = 0; value[at += strspn(value + at, " \t")];) {
		size_t n = strcspn(value + at, " \t");
		word(p, value + at, n, col + at);
		at += n;
	}
}

static void principal_parse_allow_word(struct parse *p, const char *s, size_t n, size_t col)
{
	cleanup_strbuf struct strbuf line = {0};
	if (principal_network_line(s, n, &line))
		principal_parse_append(p, &p->p->allow, s, n);
	else
		bad(p, col, "network-allow takes HOST, HOST:PORT, an address block or a socket's path: '%.*s'", (int)n,
		    s);
}

static void principal_parse_deny_word(struct parse *p, const char *s, size_t n, size_t col)
{
	size_t i = 0;
	while (i < n && (isalnum((unsigned char)s[i]) || strchr(".-*_", s[i]) || (unsigned char)s[i] >= 0x80))
		i++;
	if (i < n)
		bad(p, col + i, "deny takes names of hosts, in which * stands for anything");
	else if (strspn(s, "*.") >= n)
		bad(p, col, "this denies every host; network-allow with the few that are needed does that");
	else
		principal_parse_append(p, &p->p->deny, s, n);
}

static void principal_parse_keep_word(struct parse *p, const char *s, size_t n, size_t col)
{
	size_t i = 0;
	while (i < n && (isalnum((unsigned char)s[i]) || s[i] == '_'))
		i++;
	if (i < n || isdigit((unsigned char)*s))
		bad(p, col + i, "keep-env takes names of environment variables, one by one");
	else
		principal_parse_append(p, &p->p->keep, s, n);
}

static void principal_parse_allow(struct parse *p, char *value, size_t col)
{
	principal_parse_words(p, value, col, principal_parse_allow_word);
}

static void principal_parse_deny(struct parse *p, char *value, size_t col)
{
	principal_parse_words(p, value, col, principal_parse_deny_word);
}

static void principal_parse_keep(struct parse *p, char *value, size_t col)
{
	principal_parse_words(p, value, col, principal_parse_keep_word);
}

/* The parts that keep the line from standing beside those before it; NULL: none does.  The stronger credential of a name is for the
 * same tool. */
static const char *principal_parse_clash(const struct principal *p, struct secret *s)
{
	bool known = false;
	for (size_t i = 0; i < p->nsecrets; i++) {
		const struct secret *other = &p->secrets[i];
		if (!secret_goes_with(s, other))
			return "another secret has this name, one of these variables, or this tool";
		if (!strcmp(other->name, s->name)) {
			known = true;
			s->tool = other->tool;
		}
	}
	return s->scope == SECRET_SCOPE_WRITE && !known ? "the line with scope=read of this name and URL comes first" :
							  NULL;
}

static void principal_parse_secret(struct parse *p, char *value, size_t col)
{
	struct secret s;
	size_t at;
	const char *wrong = secret_parse(value, &s, &at);
	struct secret *more = wrong ? NULL : reallocarray(p->p->secrets, p->p->nsecrets + 1, sizeof *more);
	if (wrong && *wrong)
		bad(p, col + at, "%s", wrong);
	else if (!more)
		p->err = -ENOMEM;
	if (more)
		p->p->secrets = more;
	wrong = more ? principal_parse_clash(p->p, &s) : NULL;
	if (wrong) {
		bad(p, col, "%s", wrong);
	} else if (more) {
		more[p->p->nsecrets++] = s;
		return;
	}
	secret_free(&s);
}

static void principal_parse_ssh_key(struct parse *p, char *value, size_t col)
{
	struct ssh_key k;
	size_t at = 0;
	const char *wrong = ssh_key_parse(value, &k, &at);
	struct ssh_key *more = wrong ? NULL : reallocarray(p->p->ssh_keys, p->p->nssh_keys + 1, sizeof *more);
	if (wrong && *wrong)
		bad(p, col + at, "%s", wrong);
	else if (!more)
		p->err = -ENOMEM;
	if (!more) {
		ssh_key_free(&k);
		return;
	}
	p->p->ssh_keys = more;
	more[p->p->nssh_keys++] = k;
}

static void principal_parse_vault(struct parse *p, char *value, size_t col)
{
	size_t at = 0;
	p->p->vault = malloc(sizeof *p->p->vault);
	const char *wrong = p->p->vault ? vault_parse(value, p->p->vault, &at) : "";
	if (wrong && *wrong)
		bad(p, col + at, "%s", wrong);
	else if (wrong)
		p->err = -ENOMEM;
}

/* Each secret from Vault gets the server, wherever in the file the line of that stands. */
static void principal_parse_give_vault(struct parse *p)
{
	for (size_t i = 0; i < p->p->nsecrets; i++) {
		struct secret *s = &p->p->secrets[i];
		s->vault = s->source == SECRET_VAULT ? p->p->vault : NULL;
		if (s->source == SECRET_VAULT && !s->vault)
			diag_at(p->d, DIAG_ERROR, p->src, 0, 0,
				"%s comes from vault://, but no `secrets-from` names the server", s->name);
	}
}

static const struct principal_parse_field {
	const char *name;
	void (*set)(struct parse *p, char *value, size_t col);
	bool many;
} fields[] = {
	{"name", principal_parse_name, false},
	{"git-author", principal_parse_git_author, false},
	{"service", principal_parse_service, false},
	{"network-allow", principal_parse_allow, true},
	{"deny", principal_parse_deny, true},
	{"keep-env", principal_parse_keep, true},
	{"confirm-destructive", principal_parse_confirm, false},
	{"secret", principal_parse_secret, true},
	{"ssh-key", principal_parse_ssh_key, true},
	{"secrets-from", principal_parse_vault, false},
};

enum { NFIELDS = sizeof fields / sizeof *fields };

/* --- lines -------------------------------------------------------------------------------------------------------- */

static void principal_parse_field(unsigned line, const char *name, char *value, size_t col, void *data)
{
	struct parse *p = data;
	const char *names[NFIELDS + 1] = {NULL};
	p->line = line;
	for (unsigned i = 0; i < NFIELDS; i++) {
		names[i] = fields[i].name;
		if (strcmp(name, fields[i].name))
			continue;
		if (p->seen & 1u << i && !fields[i].many)
			bad(p, 1, "duplicate field '%s'", name);
		else if (!*value)
			bad(p, col, "no value for '%s'", name);
		else
			fields[i].set(p, value, col);
		p->seen |= 1u << i;
		return;
	}
	field_lines_unknown(p->src, p->d, line, name, names);
}

int principal_parse(const struct source *src, struct diag *d, struct principal *out)
{
	struct parse p = {.p = out, .src = src, .d = d};
	unsigned before = d->errors;
	int err = field_lines_read(src, d, principal_parse_field, &p);
	p.err = p.err ? p.err : err;
	principal_parse_give_vault(&p);
	if (!p.err && d->errors == before && !out->name[0])
		diag_at(d, DIAG_ERROR, src, 0, 0, "has no `name`");
	return p.err ? p.err : d->errors > before ? -EINVAL : 0;
}

static void principal_parse_free_list(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

void principal_free(struct principal *p)
{
	free(p->git_name);
	free(p->git_mail);
	free(p->service);
	for (size_t i = 0; i < p->nsecrets; i++)
		secret_free(&p->secrets[i]);
	free(p->secrets);
	for (size_t i = 0; i < p->nssh_keys; i++)
		ssh_key_free(&p->ssh_keys[i]);
	free(p->ssh_keys);
	vault_free(p->vault);
	principal_parse_free_list(p->allow);
	principal_parse_free_list(p->deny);
	principal_parse_free_list(p->keep);
	*p = (struct principal){0};
}
