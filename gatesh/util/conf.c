/* SPDX-License-Identifier: BSD-2-Clause */
/* conf.c - parses gate.conf(5): `field: value` lines, first of the system's file, then of the user's. */
#include "util/conf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/read_file.h"
#include "base/strbuf.h"

enum { CONF_MAX = 1 << 20 };

enum { FIELD_ON_FAULT, FIELD_SERVICE, FIELD_SHELL, FIELD_VIA, NFIELDS };
static const char *const fields[NFIELDS + 1] = {"on-fault", "service", "shell", "via", NULL};

/* The file being parsed, and the fields already seen in it. */
struct parse {
	struct gate_conf *conf;
	const struct source *src;
	struct diag *d;
	enum conf_trust trust;
	unsigned line;
	unsigned seen;
};

static void conf_bad(struct parse *p, size_t col, const char *what, const char *value)
{
	diag_at(p->d, DIAG_ERROR, p->src, p->line, (unsigned)col, "%s '%s'", what, value);
}

static void conf_set_on_fault(struct parse *p, const char *value, size_t col)
{
	bool allow = !strcmp(value, "allow");
	if (!allow && strcmp(value, "deny"))
		conf_bad(p, col, "on-fault must be deny or allow, not", value);
	else if (p->trust == CONF_TRUST_SYSTEM)
		p->conf->on_fault_allow = allow;
	else if (!allow)
		p->conf->on_fault_allow = false;
	else if (!p->conf->on_fault_allow)
		diag_at(p->d, DIAG_ERROR, p->src, p->line, (unsigned)col,
			"a user's file may only tighten on-fault; 'allow' belongs in %s", gate_path(GATE_PATH_CONF));
}

static void conf_set_service(struct parse *p, const char *value, size_t col)
{
	if (policy_is_service(value))
		memcpy(p->conf->service, value, strlen(value) + 1);
	else
		conf_bad(p, col, "not a service name:", value);
}

static void conf_set_shell(struct parse *p, const char *value, size_t col)
{
	size_t n = strlen(value);
	if (value[0] != '/' || n >= sizeof p->conf->shell)
		conf_bad(p, col, "shell must be an absolute path, not", value);
	else
		memcpy(p->conf->shell, value, n + 1);
}

static void conf_set_via(struct parse *p, const char *value, size_t col)
{
	p->conf->via_tmux = !strcmp(value, "tmux");
	if (!p->conf->via_tmux && strcmp(value, "overlay"))
		conf_bad(p, col, "via must be overlay or tmux, not", value);
}

static void conf_field(struct parse *p, const char *name, const char *value, size_t col)
{
	static void (*const set[NFIELDS])(struct parse *, const char *, size_t) = {conf_set_on_fault, conf_set_service,
										   conf_set_shell, conf_set_via};
	for (unsigned i = 0; i < NFIELDS; i++) {
		if (strcmp(name, fields[i]))
			continue;
		if (p->seen & 1u << i)
			conf_bad(p, 1, "duplicate field", name);
		else if (!*value)
			conf_bad(p, col, "no value for", name);
		else
			set[i](p, value, col);
		p->seen |= 1u << i;
		return;
	}
	const char *near = diag_nearest(name, fields);
	diag_at(p->d, DIAG_ERROR, p->src, p->line, 1, "unknown field '%s'%s%s%s", name, near ? "; did you mean '" : "",
		near ? near : "", near ? "'?" : "");
}

/* One line without its newline; `text` is NUL-terminated and writable. */
static void conf_line(struct parse *p, char *text, size_t len)
{
	const char *nul = memchr(text, '\0', len);
	if (nul) {
		diag_at(p->d, DIAG_ERROR, p->src, p->line, (unsigned)(nul - text) + 1, "a NUL byte");
		return;
	}
	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	if (!len || text[0] == '#')
		return;
	size_t name = strcspn(text, ":");
	if (!text[name]) {
		diag_at(p->d, DIAG_ERROR, p->src, p->line, (unsigned)len + 1, "expected `field: value`");
		return;
	}
	size_t value = name + 1 + strspn(text + name + 1, " \t");
	text[name] = '\0';
	conf_field(p, text, text + value, value + 1);
}

int conf_parse(struct gate_conf *conf, const struct source *src, enum conf_trust trust, struct diag *d)
{
	struct parse p = {.conf = conf, .src = src, .d = d, .trust = trust};
	unsigned before = d->errors;
	for (size_t at = 0; at < src->len;) {
		const char *nl = memchr(src->text + at, '\n', src->len - at);
		size_t len = nl ? (size_t)(nl - src->text) - at : src->len - at;
		cleanup_strbuf struct strbuf text = {0};
		strbuf_put(&text, src->text + at, len);
		p.line++;
		if (text.err)
			diag_at(d, DIAG_ERROR, src, p.line, 0, "out of memory");
		else
			conf_line(&p, text.s, len);
		at += len + 1;
	}
	return d->errors > before ? -EINVAL : 0;
}

int conf_read(struct gate_conf *conf, const char *path, enum conf_trust trust, struct diag *d)
{
	cleanup_strbuf struct strbuf text = {0};
	int err = read_file(path, CONF_MAX, &text, NULL);
	struct source src = {.name = path, .text = text.s ? text.s : "", .len = text.len};
	if (err == -ENOENT)
		return err;
	if (err) {
		diag_at(d, DIAG_ERROR, &src, 0, 0, "can't be read: %s", strerror(-err));
		return err;
	}
	return conf_parse(conf, &src, trust, d);
}

int conf_load(struct gate_conf *conf, struct diag *d)
{
	char user[PATH_MAX];
	*conf = (struct gate_conf){.service = "agent"};
	int err = conf_read(conf, gate_path(GATE_PATH_CONF), CONF_TRUST_SYSTEM, d);
	int home = gate_path_user(user, sizeof user, "gate.conf");
	int also = home ? home : conf_read(conf, user, CONF_TRUST_USER, d);
	if (err && err != -ENOENT)
		return err;
	return also == -ENOENT ? 0 : also;
}
