/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_run.c - runs keep commands and reads what they say. */
#include "ask/keep_run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ask/when_probe.h"
#include "base/strbuf.h"
#include "keep/keep_environment.h"
#include "util/json.h"
#include "util/size_text.h"

enum { SAID_MAX = 4096, LINE_SHOWN = 300 };

/* Append a line "keeps: ..." or "loses: ...", as far as there is room. */
static void keep_run_say(struct keep_run *k, const char *label, const char *text, size_t len)
{
	size_t n = strlen(k->text);
	snprintf(k->text + n, sizeof k->text - n, "%s%s: %.*s", n ? "\n" : "", label,
		 (int)(len < LINE_SHOWN ? len : LINE_SHOWN), text);
}

/* Put the value in single quotes. */
static void keep_run_put_quoted(struct strbuf *b, const char *value)
{
	strbuf_putc(b, '\'');
	for (; *value; value++)
		if (*value == '\'')
			strbuf_puts(b, "'\\''");
		else
			strbuf_putc(b, *value);
	strbuf_putc(b, '\'');
}

/* The keep with its variables and its limit: `ulimit -f` counts blocks of 512 bytes. */
static int keep_run_command(struct strbuf *b, const struct keep_entry *e, const char *keep, uint64_t bytes)
{
	char data[PATH_MAX];
	if (!keep_path(e, "data", data, sizeof data))
		return -ENAMETOOLONG;
	strbuf_puts(b, "export GATE_KEEP=");
	keep_run_put_quoted(b, data);
	strbuf_printf(b, " GATE_KEEP_ID=%s; umask 077; ulimit -f %" PRIu64 "; ", e->id, bytes / 512);
	strbuf_puts(b, keep);
	return b->err;
}

/* Read what the keep said; it may be cut off.  Returns its length. */
static size_t keep_run_said(int out, char said[SAID_MAX])
{
	ssize_t n = pread(out, said, SAID_MAX - 1, 0);
	said[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/* Take the lines "kept: ..." and "loses: ...".  Returns whether the keep says that it kept something; the record gets the first
 * such line. */
static bool keep_run_take(struct keep_run *k, struct keep_entry *e, const char *said)
{
	cleanup_strbuf struct strbuf kept = {0}, loses = {0};
	for (const char *s = said; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t n = strcspn(s, "\n");
		bool keeps = n > 6 && !strncmp(s, "kept: ", 6), lost = n > 7 && !strncmp(s, "loses: ", 7);
		struct strbuf *to = keeps ? &kept : &loses;
		if (!keeps && !lost)
			continue;
		keep_run_say(k, keeps ? "keeps" : "loses", s + 6 + lost, n - 6 - lost);
		strbuf_puts(to, to->len ? "; " : "");
		strbuf_put(to, s + 6 + lost, n - 6 - lost);
	}
	json_put(e->record, "kept", kept.s);
	json_put(e->record, "loses", loses.s);
	return kept.len && !kept.err;
}

/* Say why nothing is kept: the last line of what a failed keep said is most likely its error. */
static void keep_run_fail(struct keep_run *k, const struct keep_asker *a, int status, const char *said)
{
	cleanup_strbuf struct strbuf why = {0};
	size_t n = strlen(said);
	while (n && said[n - 1] == '\n')
		n--;
	size_t from = n;
	while (from && said[from - 1] != '\n')
		from--;
	strbuf_puts(&why, "nothing: ");
	if (status == -ETIMEDOUT)
		strbuf_printf(&why, "the keep did not end within %u s", a->limits->seconds);
	else if (status == -EFBIG) {
		char limit[SIZE_TEXT_MAX];
		size_text((long long)a->limits->bytes, limit);
		strbuf_printf(&why, "it is bigger than %s", limit);
	} else if (status < 0 && status != -EPROTO)
		strbuf_puts(&why, strerror(-status));
	else
		strbuf_puts(&why, status ? "the keep failed" : "the keep did not say what it kept");
	if (status > 0 && n > from)
		strbuf_printf(&why, ": %.*s", (int)(n - from), said + from);
	if (why.s)
		keep_run_say(k, "keeps", why.s, why.len);
	k->failed++;
}

static int keep_run_record(struct keep_entry *e, const struct keep_asker *a, const struct gate_keep *g)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	json_int_t ms = (json_int_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	if (json_object_set_new(e->record, "time", json_integer(ms)) || json_put(e->record, "session", a->session) ||
	    json_put(e->record, "rule", g->rule) || json_put(e->record, "command", g->subject) ||
	    json_put(e->record, "cwd", a->cwd ? a->cwd : "/") || json_put(e->record, "settings", a->settings) ||
	    json_put(e->record, "keep", g->keep) || json_put(e->record, "undo", g->undo))
		return -ENOMEM;
	bool reads = a->environment && a->environment->read && !a->environment->err;
	return reads ? keep_environment_put(e->record, a->environment->block, a->environment->len) : 0;
}

/* Run the keep.  Returns its exit status or a negative errno; `said` gets its output. */
static int keep_run_start(const struct keep_entry *e, const struct keep_asker *a, const struct gate_keep *g,
			  char said[SAID_MAX])
{
	cleanup_strbuf struct strbuf command = {0};
	char path[PATH_MAX];
	int err = keep_run_command(&command, e, g->keep, a->limits->bytes);
	if (err || !keep_path(e, "output", path, sizeof path))
		return err ? err : -ENAMETOOLONG;
	int out = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (out < 0)
		return -errno;
	bool reads = a->environment && a->environment->read;
	const struct probe_terms terms = {.command = command.s,
					  .cwd = a->cwd,
					  .environment = reads ? a->environment : NULL,
					  .out = out,
					  .ms = a->limits->seconds * 1000};
	int status = reads && a->environment->err ? a->environment->err : probe_run_as(a->probes, &terms);
	keep_run_said(out, said);
	close(out);
	return status ? status : keep_size(e) > a->limits->bytes ? -EFBIG : 0;
}

/* Run one keep, and take what it says. */
static void keep_run_one(struct keep_run *k, const struct keep_asker *a, const struct gate_keep *g)
{
	char said[SAID_MAX] = "";
	struct keep_entry e;
	int err = keep_create(&e, a->session);
	if (err) {
		keep_run_fail(k, a, err, "");
		k->failed_rule = g->rule;
		return;
	}
	int status = keep_run_start(&e, a, g, said);
	if (!status)
		status = keep_run_record(&e, a, g);
	bool kept = !status && keep_run_take(k, &e, said);
	struct keep_entry *v = kept && keep_has_data(&e) ? reallocarray(k->v, k->n + 1, sizeof *v) : NULL;
	if (v) {
		k->v = v;
		v[k->n++] = e;
	} else {
		keep_drop(&e); /* it failed, or there was nothing to keep */
	}
	if (kept) {
		k->kept++;
	} else {
		keep_run_fail(k, a, status, said);
		k->failed_rule = g->rule;
	}
}

void keep_run(struct keep_run *k, const struct keep_asker *a, const struct gate_keep *v, size_t n)
{
	k->done = true;
	for (size_t i = 0; i < n; i++) {
		bool again = false; /* two rules that keep the same are served by one */
		for (size_t before = 0; before < i && !again; before++)
			again = !strcmp(v[before].keep, v[i].keep);
		if (!again)
			keep_run_one(k, a, &v[i]);
	}
}

int keep_run_commit(struct keep_run *k)
{
	int first = 0;
	for (size_t i = 0; i < k->n; i++) {
		int err = keep_write(&k->v[i]);
		first = first ? first : err;
		if (!err)
			keep_clear(&k->v[i]);
	}
	return first;
}

void keep_run_end(struct keep_run *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].dir)
			keep_drop(&k->v[i]);
	free(k->v);
	*k = (struct keep_run){0};
}
