/* SPDX-License-Identifier: BSD-2-Clause */
/* conf.c - parses gate.conf(5): `field: value` lines, first of the system's file, then of the user's. */
#include "util/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "base/read_file.h"
#include "base/strbuf.h"
#include "util/field_lines.h"
#include "util/timespan.h"

enum {
	CONF_MAX = 1 << 20,
	KEEP_TIME = 20, /* seconds */
	KEEP_TIME_MAX = 3600,
	KEEP_SIZE = 256 << 20,
	KEEP_SIZE_MAX = 1 << 30, /* before its unit */
};

enum {
	FIELD_ON_FAULT,
	FIELD_SERVICE,
	FIELD_SHELL,
	FIELD_VIA,
	FIELD_KEEP_TIME,
	FIELD_KEEP_SIZE,
	FIELD_UNLESS_KEPT,
	FIELD_PACK_SIGNERS,
	FIELD_PACK_KEYS,
	NFIELDS
};
static const char *const fields[NFIELDS + 1] = {"on-fault",  "service",     "shell",        "via",       "keep-time",
						"keep-size", "unless-kept", "pack-signers", "pack-keys", NULL};

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

static void conf_set_keep_time(struct parse *p, const char *value, size_t col)
{
	p->conf->keep.seconds = timespan_parse_seconds(value, KEEP_TIME_MAX);
	if (!p->conf->keep.seconds)
		conf_bad(p, col, "keep-time must be a time of at most an hour, such as 20s, not", value);
}

/* A number with K, M or G: of 1024. */
static void conf_set_keep_size(struct parse *p, const char *value, size_t col)
{
	static const char units[] = "KMG";
	char *end;
	unsigned long n = *value >= '0' && *value <= '9' ? strtoul(value, &end, 10) : 0;
	const char *unit = n && *end ? strchr(units, *end) : NULL;
	if (!n || n > KEEP_SIZE_MAX || (*end && (!unit || end[1])))
		conf_bad(p, col, "keep-size must be a size such as 256M, not", value);
	else
		p->conf->keep.bytes = (uint64_t)n << (unit ? 10 * (unit - units + 1) : 0);
}

static void conf_set_unless_kept(struct parse *p, const char *value, size_t col)
{
	p->conf->keep.pass = !strcmp(value, "pass");
	if (!p->conf->keep.pass && strcmp(value, "ask"))
		conf_bad(p, col, "unless-kept must be ask or pass, not", value);
}

static void conf_set_pack_signers(struct parse *p, const char *value, size_t col)
{
	size_t n = strlen(value);
	if (value[0] != '/' || n >= sizeof p->conf->signers.file)
		conf_bad(p, col, "pack-signers must be an absolute path, not", value);
	else
		memcpy(p->conf->signers.file, value, n + 1);
}

/* Full fingerprints: a shorter id can be forged. */
static void conf_set_pack_keys(struct parse *p, const char *value, size_t col)
{
	size_t n = strlen(value);
	bool good = n < sizeof p->conf->signers.keys;
	for (const char *k = value; good && *k; k += strspn(k, " ")) {
		size_t len = strspn(k, "0123456789ABCDEF");
		good = len >= PACK_KEY_MIN && (!k[len] || k[len] == ' ');
		k += len;
	}
	if (good)
		memcpy(p->conf->signers.keys, value, n + 1);
	else
		conf_bad(p, col, "pack-keys must be full fingerprints in capitals, not", value);
}

static void conf_field(unsigned line, const char *name, char *value, size_t col, void *data)
{
	struct parse *p = data;
	static void (*const set[NFIELDS])(struct parse *, const char *, size_t) = {
		conf_set_on_fault,  conf_set_service,     conf_set_shell,        conf_set_via,      conf_set_keep_time,
		conf_set_keep_size, conf_set_unless_kept, conf_set_pack_signers, conf_set_pack_keys};
	p->line = line;
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
	field_lines_unknown(p->src, p->d, p->line, name, fields);
}

int conf_parse(struct gate_conf *conf, const struct source *src, enum conf_trust trust, struct diag *d)
{
	struct parse p = {.conf = conf, .src = src, .d = d, .trust = trust};
	unsigned before = d->errors;
	if (field_lines_read(src, d, conf_field, &p))
		diag_at(d, DIAG_ERROR, src, p.line, 0, "out of memory");
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
	*conf = (struct gate_conf){.service = "agent", .keep = {.seconds = KEEP_TIME, .bytes = KEEP_SIZE}};
	int err = conf_read(conf, gate_path(GATE_PATH_CONF), CONF_TRUST_SYSTEM, d);
	int home = gate_path_user(user, sizeof user, "gate.conf");
	int also = home ? home : conf_read(conf, user, CONF_TRUST_USER, d);
	if (err && err != -ENOENT)
		return err;
	return also == -ENOENT ? 0 : also;
}
