/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_principal.c - gatesh principal: lists principals, shows one, and says what a session would get. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cmd/cmd.h"
#include "cmd/principal_named.h"
#include "cmd/principal_secrets.h"
#include "principal/scrub.h"
#include "principal/vault.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh principal list [--json]\n"
	"       gatesh principal show [--json] NAME\n"
	"       gatesh principal test [--json] NAME\n"
	"\n"
	"A principal is who an agent is: gate.principal(5).  'list' names those there are, with their files.\n"
	"'show' prints one.  'test' says which variables of the present environment hold credentials, and\n"
	"what a session of NAME makes of each, and whether the source of each secret answers; it never\n"
	"prints a value.\n"
	"\n"
	"  -j, --json   print JSON objects\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 1 no such principal or a source that does not answer, 64 usage, 78 a bad file.\n";

/* --- list --------------------------------------------------------------------------------------------------------- */

struct listing {
	struct table table;
	bool json, bad;
};

static int cmd_principal_put(const char *name, void *data)
{
	struct listing *l = data;
	struct principal p;
	struct diag d = {.emit = usage_diag};
	if (principal_load(name, &d, &p)) {
		l->bad = true;
		return 0;
	}
	int err = 0;
	if (l->json) {
		json_t *o = json_object();
		json_put(o, "name", p.name);
		json_put(o, "file", p.file);
		err = json_line(o, stdout) ? -EIO : 0;
	} else {
		table_put(&l->table, out_colour(stdout) ? SGR_BOLD : NULL, p.name);
		table_put(&l->table, NULL, p.file);
	}
	principal_free(&p);
	return err;
}

static int cmd_principal_list(const char *name, bool json)
{
	struct listing l = {.table.columns = 2, .json = json};
	int err = principal_each(cmd_principal_put, &l);
	if (!err && !json && !l.table.n && !l.bad)
		puts("no principals; gate.principal(5) has one to begin with");
	if (!err && table_print(&l.table, stdout))
		err = -ENOMEM;
	if (err || fflush(stdout))
		return EXIT_IO;
	return l.bad ? EXIT_CONFIG : 0;
}

/* --- show --------------------------------------------------------------------------------------------------------- */

static void cmd_principal_row(struct table *t, const char *field, const char *text)
{
	table_put(t, out_colour(stdout) ? SGR_BOLD : NULL, field);
	table_put(t, NULL, text);
}

static void cmd_principal_words(struct table *t, const char *field, char *const *words)
{
	cleanup_strbuf struct strbuf b = {0};
	for (size_t i = 0; words && words[i]; i++)
		strbuf_printf(&b, "%s%s", i ? " " : "", words[i]);
	if (words)
		cmd_principal_row(t, field, b.s ? b.s : "");
}

/* Where a secret comes from and goes to, in the words of the file. */
static void cmd_principal_put_secret(struct strbuf *b, const struct secret *s)
{
	bool six = strchr(s->host, ':') != NULL;
	strbuf_printf(b, "%s from %s for %s://%s%s%s:%s%s", s->name, s->spelled, s->tls ? "https" : "http",
		      six ? "[" : "", s->host, six ? "]" : "", s->port, s->path);
	if (s->env)
		strbuf_printf(b, " env=%s base=%s", s->env, s->base);
	if (s->tool && s->scope != SECRET_SCOPE_WRITE)
		strbuf_printf(b, " tool=%s", secret_tool_name(s->tool));
	if (s->scope)
		strbuf_printf(b, " scope=%s", secret_scope_name(s->scope));
	if (s->ca)
		strbuf_printf(b, " ca=%s", s->ca);
	if (s->header || s->user)
		strbuf_printf(b, " %s=%s", s->header ? "header" : "basic", s->header ? s->header : s->user);
}

static void cmd_principal_secrets(struct table *t, const struct principal *p)
{
	for (size_t i = 0; i < p->nsecrets; i++) {
		cleanup_strbuf struct strbuf b = {0};
		cmd_principal_put_secret(&b, &p->secrets[i]);
		cmd_principal_row(t, "secret", b.s);
	}
}

static void cmd_principal_put_ssh_key(struct strbuf *b, const struct ssh_key *k)
{
	strbuf_printf(b, "%s from file:%s", k->name, k->path);
	for (size_t i = 0; k->hosts && k->hosts[i]; i++)
		strbuf_printf(b, "%s %s", i ? "" : " for", k->hosts[i]);
}

static void cmd_principal_ssh_keys(struct table *t, const struct principal *p)
{
	for (size_t i = 0; i < p->nssh_keys; i++) {
		cleanup_strbuf struct strbuf b = {0};
		cmd_principal_put_ssh_key(&b, &p->ssh_keys[i]);
		cmd_principal_row(t, "ssh-key", b.s);
	}
}

static json_t *cmd_principal_json_ssh_keys(const struct principal *p)
{
	json_t *a = json_array();
	for (size_t i = 0; i < p->nssh_keys; i++) {
		cleanup_strbuf struct strbuf b = {0};
		cmd_principal_put_ssh_key(&b, &p->ssh_keys[i]);
		json_array_append_new(a, json_bytes(b.s ? b.s : ""));
	}
	return a;
}

static json_t *cmd_principal_json_secrets(const struct principal *p)
{
	json_t *a = json_array();
	for (size_t i = 0; i < p->nsecrets; i++) {
		cleanup_strbuf struct strbuf b = {0};
		cmd_principal_put_secret(&b, &p->secrets[i]);
		json_array_append_new(a, json_bytes(b.s ? b.s : ""));
	}
	return a;
}

static json_t *cmd_principal_json(const struct principal *p)
{
	struct {
		const char *name;
		char *const *words;
	} lists[] = {{"network-allow", p->allow}, {"deny", p->deny}, {"keep-env", p->keep}};
	json_t *o = json_object();
	json_put(o, "name", p->name);
	json_put(o, "file", p->file);
	if (p->git_name)
		json_object_set_new(o, "git-author", json_pack("{s:s, s:s}", "name", p->git_name, "mail", p->git_mail));
	if (p->service)
		json_put(o, "service", p->service);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		json_t *a = lists[i].words ? json_array() : NULL;
		for (char *const *w = lists[i].words; w && *w; w++)
			json_array_append_new(a, json_bytes(*w));
		if (a)
			json_object_set_new(o, lists[i].name, a);
	}
	json_object_set_new(o, "confirm-destructive", json_boolean(p->confirm));
	if (p->vault)
		json_put(o, "secrets-from", p->vault->spelled);
	if (p->nsecrets)
		json_object_set_new(o, "secret", cmd_principal_json_secrets(p));
	if (p->nssh_keys)
		json_object_set_new(o, "ssh-key", cmd_principal_json_ssh_keys(p));
	return o;
}

static int cmd_principal_show(const char *name, bool json)
{
	struct principal p;
	struct table t = {.columns = 2};
	int status = principal_named(name, &p);
	if (status)
		return status == EXIT_USAGE ? EXIT_DENY : status;
	if (json) {
		status = json_line(cmd_principal_json(&p), stdout);
	} else {
		cmd_principal_row(&t, "name", p.name);
		cmd_principal_row(&t, "file", p.file);
		if (p.git_name) {
			table_put(&t, out_colour(stdout) ? SGR_BOLD : NULL, "git-author");
			table_printf(&t, NULL, "%s <%s>", p.git_name, p.git_mail);
		}
		if (p.service)
			cmd_principal_row(&t, "service", p.service);
		cmd_principal_words(&t, "network-allow", p.allow);
		cmd_principal_words(&t, "deny", p.deny);
		cmd_principal_words(&t, "keep-env", p.keep);
		if (p.vault)
			cmd_principal_row(&t, "secrets-from", p.vault->spelled);
		cmd_principal_secrets(&t, &p);
		cmd_principal_ssh_keys(&t, &p);
		cmd_principal_row(&t, "confirm-destructive", p.confirm ? "true" : "false");
		status = table_print(&t, stdout) ? EXIT_SOFTWARE : 0;
	}
	principal_free(&p);
	return status ? status : fflush(stdout) ? EXIT_IO : 0;
}

/* --- test --------------------------------------------------------------------------------------------------------- */

static int cmd_principal_print_variable(struct table *t, const struct scrubbed *v, bool json)
{
	if (!json) {
		table_put(t, out_colour(stdout) ? SGR_BOLD : NULL, v->name);
		table_put(t, NULL, scrub_way_name(v->way));
		table_put(t, NULL, credential_kind_name(v->kind));
		return 0;
	}
	json_t *o = json_object();
	json_put(o, "variable", v->name);
	json_put(o, "becomes", scrub_way_name(v->way));
	json_put(o, "kind", credential_kind_name(v->kind));
	return json_line(o, stdout);
}

static int cmd_principal_test(const char *name, bool json)
{
	struct principal p;
	struct scrub s;
	struct table t = {.columns = 3};
	int status = principal_named(name, &p);
	if (status)
		return status == EXIT_USAGE ? EXIT_DENY : status;
	int err = scrub_look(environ, p.keep, &s);
	for (size_t i = 0; !err && !status && i < s.n; i++)
		status = cmd_principal_print_variable(&t, &s.v[i], json);
	if (!err && !s.n && !json && !p.nsecrets)
		puts("no variable of this environment looks like a credential");
	if (!err && !status)
		status = principal_secrets_test(&p, &t, json);
	if (err || table_print(&t, stdout))
		status = EXIT_SOFTWARE;
	scrub_free(&s);
	principal_free(&p);
	return status ? status : fflush(stdout) ? EXIT_IO : 0;
}

int cmd_principal(int argc, char **argv)
{
	static const char *const acts[] = {"list", "show", "test", NULL};
	static int (*const run[])(const char *name, bool json) = {cmd_principal_list, cmd_principal_show,
								  cmd_principal_test};
	bool json = false;
	int status = usage_json_options(argc, argv, help, &json);
	if (status >= 0)
		return status;
	char **rest = argv + optind;
	size_t act = 0;
	if (!rest[0])
		return usage_error("principal", "needs list, show or test");
	while (acts[act] && strcmp(acts[act], rest[0]))
		act++;
	if (!acts[act])
		return usage_bad_word("gatesh principal", rest[0], acts);
	optind++;
	status = usage_json_options(argc, argv, help, &json);
	if (status >= 0)
		return status;
	rest = argv + optind;
	if (act ? !rest[0] || rest[1] : rest[0] != NULL)
		return usage_error("principal", act ? "%s takes the name of one principal" : "%s takes no name",
				   acts[act]);
	return run[act](rest[0], json);
}
