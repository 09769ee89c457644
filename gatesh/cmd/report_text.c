/* SPDX-License-Identifier: BSD-2-Clause */
/* report_text.c - collects the sections of a bug report.  See report_text.h. */
#include "cmd/report_text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "audit/audit_objects.h"
#include "base/escape.h"
#include "doctor/doctor.h"
#include "engine/engine.h"
#include "policy/policy.h"
#include "util/conf.h"
#include "util/state_dir.h"

enum { LOG_RECORDS = 500, LOG_LINES = 50, TRACE_LINES = 100 };

/* Escaped, and with the home as ~ wherever it stands. */
static void report_put(struct strbuf *out, const char *text)
{
	const char *home = getenv("HOME");
	size_t n = home ? strlen(home) : 0;
	while (n > 1 && home[n - 1] == '/')
		n--;
	for (const char *at; n > 1 && (at = memmem(text, strlen(text), home, n)); text = at + n) {
		escape_put(out, text, (size_t)(at - text));
		strbuf_putc(out, '~');
	}
	escape_put(out, text, strlen(text));
}

static void report_put_doctor(struct strbuf *out)
{
	struct doctor d = {.list = json_array()};
	size_t i;
	json_t *o;
	doctor_check(&d);
	strbuf_puts(out, "\n# doctor\n");
	json_array_foreach(d.list, i, o)
	{
		strbuf_printf(out, "%-6s %s: ", json_string_value(json_object_get(o, "status")),
			      json_string_value(json_object_get(o, "check")));
		report_put(out, json_string_value(json_object_get(o, "why")));
		strbuf_putc(out, '\n');
	}
	json_decref(d.list);
}

/* FNV-1a, 64 bits: tells whether a file is the shipped one, not who changed it. */
static void report_put_file(struct strbuf *out, const char *path)
{
	unsigned long long hash = 0xcbf29ce484222325, size = 0;
	FILE *f = fopen(path, "re");
	for (int c; f && (c = getc(f)) != EOF; size++)
		hash = (hash ^ (unsigned)c) * 0x100000001b3;
	if (f)
		fclose(f);
	strbuf_printf(out, "%016llx %8llu ", hash, size);
	report_put(out, path);
	strbuf_putc(out, '\n');
}

static void report_put_policy(struct strbuf *out)
{
	struct gate_conf conf;
	struct gate_conv quiet = {.struct_size = sizeof(struct gate_conv)};
	char cwd[PATH_MAX];
	gate_handle_t *h = NULL;
	struct diag d = {0};
	strbuf_puts(out, "\n# policy (FNV-1a digest, bytes, file)\n");
	int err = conf_load(&conf, &d) ? -EINVAL : gate_start(conf.service, getcwd(cwd, sizeof cwd), &quiet, &h);
	if (err) {
		strbuf_printf(out, "not loaded: %s\n", strerror(-err));
		return;
	}
	const struct policy *p = gate_handle_policy(h);
	strbuf_printf(out, "service %s, %zu rules\n", conf.service, p->rules.n);
	for (size_t i = 0; i < p->nstacks; i++)
		report_put_file(out, p->stacks[i]->name);
	for (size_t i = 0; i < p->rules.nfiles; i++)
		report_put_file(out, p->rules.files[i]);
	gate_end(h, GATE_SUCCESS);
}

/* The log's last records, as a ring. */
struct report_log {
	json_t *v[LOG_RECORDS];
	size_t n;
};

static int report_keep_record(const json_t *o, unsigned long line, void *data)
{
	struct report_log *r = data;
	json_decref(r->v[r->n % LOG_RECORDS]);
	r->v[r->n++ % LOG_RECORDS] = json_deep_copy(o);
	return 0;
}

static void report_put_record(struct strbuf *out, const json_t *o)
{
	static const char *const members[] = {"time", "event", "verdict", "ret", "severity", "exe"};
	size_t i;
	json_t *v;
	for (i = 0; i < sizeof members / sizeof *members; i++)
		if (audit_objects_text(o, members[i])) {
			report_put(out, audit_objects_text(o, members[i]));
			strbuf_putc(out, ' ');
		}
	json_array_foreach(json_object_get(o, "rules"), i, v) strbuf_printf(out, "rule %s ", json_string_value(v));
	strbuf_puts(out, "argument lengths");
	json_array_foreach(json_object_get(o, "argv"), i, v) strbuf_printf(out, " %zu", json_string_length(v));
	strbuf_putc(out, '\n');
}

static const char *report_session_of(const struct report_log *r, size_t i)
{
	const char *session = audit_objects_text(r->v[i % LOG_RECORDS], "session");
	return session ? session : "";
}

/* The records of sessions that ran at the same time alternate. */
static void report_put_log(struct strbuf *out)
{
	static struct report_log r;
	char path[PATH_MAX];
	strbuf_puts(out, "\n# the last session's decisions, without arguments\n");
	if (!state_dir_file(path, sizeof path, STATE_DIR_AUDIT) && !access(path, R_OK))
		audit_objects_each("bugreport", path, report_keep_record, &r);
	size_t first = r.n, shown = 0, oldest = r.n > LOG_RECORDS ? r.n - LOG_RECORDS : 0;
	for (size_t i = r.n; i-- > oldest && shown < LOG_LINES;)
		if (!strcmp(report_session_of(&r, i), report_session_of(&r, r.n - 1)))
			first = i, shown++;
	for (size_t i = first; i < r.n; i++)
		if (!strcmp(report_session_of(&r, i), report_session_of(&r, r.n - 1)))
			report_put_record(out, r.v[i % LOG_RECORDS]);
	for (size_t i = 0; i < LOG_RECORDS; i++)
		json_decref(r.v[i]);
}

/* "12:04:54.517814 question ...": a line of a debug trace.  Puts its second word into `kind`. */
static bool report_is_trace_line(const char *s, char kind[16])
{
	enum { CLOCK = 15 };
	return strspn(s, "0123456789:.") == CLOCK && s[CLOCK] == ' ' && sscanf(s + CLOCK, "%15s", kind) == 1;
}

/* Time, kind, and the text only of kinds that name rules and services, never a command or a path of the person's.  The file
 * may be another one than a trace: such a line shows its length alone. */
static void report_put_trace_line(struct strbuf *out, const char *s)
{
	char kind[16] = "no trace";
	bool is = report_is_trace_line(s, kind);
	if (is && (!strcmp(kind, "answer") || !strcmp(kind, "question")))
		strbuf_printf(out, "%s\n", s);
	else
		strbuf_printf(out, "%.*s %s (%zu bytes)\n", is ? (int)strcspn(s, " ") : 0, s, kind, strlen(s));
}

/* A line may be as long as a command line. */
static void report_put_trace(struct strbuf *out, const char *path)
{
	static char *lines[TRACE_LINES];
	size_t n = 0, size = 0;
	char *line = NULL;
	FILE *f = fopen(path, "re");
	strbuf_puts(out, "\n# the debug trace's end, without commands\n");
	if (!f)
		strbuf_printf(out, "not read: %s\n", strerror(errno));
	for (; f && getline(&line, &size, f) > 0; line = NULL, size = 0) {
		line[strcspn(line, "\n")] = '\0';
		free(lines[n % TRACE_LINES]);
		lines[n++ % TRACE_LINES] = line;
	}
	free(line);
	if (f)
		fclose(f);
	for (size_t i = n > TRACE_LINES ? n - TRACE_LINES : 0; i < n; i++) {
		report_put_trace_line(out, lines[i % TRACE_LINES]);
		free(lines[i % TRACE_LINES]);
	}
}

void report_text(struct strbuf *out, const char *trace)
{
	struct utsname u;
	strbuf_printf(out, "# gatesh %s\nprefix " GATE_BUILD_PREFIX ", desktop notifications: " GATE_BUILD_NOTIFY "\n",
		      gate_version());
	if (!uname(&u))
		strbuf_printf(out, "%s %s %s\n", u.sysname, u.release, u.machine);
	report_put_doctor(out);
	report_put_policy(out);
	report_put_log(out);
	if (trace)
		report_put_trace(out, trace);
}
