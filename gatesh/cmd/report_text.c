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

enum { LOG_LINES = 50, TRACE_LINES = 100 };

/* Escaped, and with the home as ~ wherever it stands. */
static void report_put(struct strbuf *out, const char *text)
{
	const char *home = getenv("HOME");
	size_t n = home ? strlen(home) : 0;
	for (const char *at; n > 1 && (at = strstr(text, home)); text = at + n) {
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

/* The last session's records, as a ring. */
struct report_log {
	char session[32];
	json_t *v[LOG_LINES];
	size_t n;
};

static int report_keep_record(const json_t *o, unsigned long line, void *data)
{
	struct report_log *r = data;
	const char *session = audit_objects_text(o, "session");
	if (session && strcmp(session, r->session)) {
		for (size_t i = 0; i < LOG_LINES; i++) {
			json_decref(r->v[i]);
			r->v[i] = NULL;
		}
		r->n = 0;
		snprintf(r->session, sizeof r->session, "%s", session);
	}
	json_decref(r->v[r->n % LOG_LINES]);
	r->v[r->n++ % LOG_LINES] = json_deep_copy(o);
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

static void report_put_log(struct strbuf *out)
{
	static struct report_log r;
	char path[PATH_MAX];
	strbuf_puts(out, "\n# the last session's decisions, without arguments\n");
	if (!state_dir_file(path, sizeof path, STATE_DIR_AUDIT) && !access(path, R_OK))
		audit_objects_each("bugreport", path, report_keep_record, &r);
	for (size_t i = r.n > LOG_LINES ? r.n - LOG_LINES : 0; i < r.n; i++)
		report_put_record(out, r.v[i % LOG_LINES]);
	for (size_t i = 0; i < LOG_LINES; i++)
		json_decref(r.v[i]);
}

/* Time, kind, and the text only of kinds that name rules and services, never a command or a path of the person's. */
static void report_put_trace(struct strbuf *out, const char *path)
{
	static char lines[TRACE_LINES][256];
	size_t n = 0;
	FILE *f = fopen(path, "re");
	strbuf_puts(out, "\n# the debug trace's end, without commands\n");
	while (f && fgets(lines[n % TRACE_LINES], sizeof *lines, f))
		n++;
	if (f)
		fclose(f);
	for (size_t i = n > TRACE_LINES ? n - TRACE_LINES : 0; i < n; i++) {
		char *s = lines[i % TRACE_LINES], kind[16] = "";
		s[strcspn(s, "\n")] = '\0';
		bool plain = sscanf(s, "%*s %15s", kind) == 1 && (!strcmp(kind, "answer") || !strcmp(kind, "question"));
		size_t shown = plain ? strlen(s) : strcspn(s, " ");
		strbuf_printf(out, "%.*s", (int)shown, s);
		if (!plain)
			strbuf_printf(out, " %s (%zu bytes)", kind, strlen(s));
		strbuf_putc(out, '\n');
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
