/* SPDX-License-Identifier: BSD-2-Clause */
/* judge_command.c - loads a service and judges one command or text against it. */
#include "ask/judge_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask/read_content.h"
#include "base/strbuf.h"
#include "engine/engine.h"
#include "policy/policy.h"
#include "util/conf.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/program.h"
#include "util/usage.h"

bool judge_add_pack(struct judge_options *o, const char *path)
{
	if (o->npacks == POLICY_PACKS_MAX)
		return false;
	o->packs[o->npacks++] = path;
	return true;
}

/* Find the files that gate_start() would read here, with --rules in place of the packs.  Returns 0 or an exit
 * status. */
static int judge_places(const struct judge_options *o, struct policy_places *p, char *cwd, size_t size)
{
	if (policy_places(p, getcwd(cwd, size))) {
		fprintf(stderr, "gatesh: %s: the configuration path is too long\n", o->command);
		return EXIT_CONFIG;
	}
	if (!o->npacks)
		return 0;
	memset(p->dirs.rules, 0, sizeof p->dirs.rules);
	for (size_t i = 0; i < o->npacks; i++) {
		p->dirs.rules[i] = o->packs[i];
		if (access(o->packs[i], R_OK)) {
			fprintf(stderr, "gatesh: %s: --rules %s: %s\n", o->command, o->packs[i], strerror(errno));
			return EXIT_CONFIG;
		}
	}
	return 0;
}

int judge_start(const struct judge_options *o, const struct gate_conv *conv, gate_handle_t **h)
{
	struct diag d = {.emit = usage_diag};
	struct policy_places p;
	struct gate_conf conf;
	char cwd[PATH_MAX];
	if (conf_load(&conf, &d))
		return EXIT_CONFIG;
	int status = judge_places(o, &p, cwd, sizeof cwd);
	if (status)
		return status;
	int err = gate_start_with(o->service ? o->service : conf.service, &p.dirs, conv, h);
	if (err && err != -EINVAL && err != -ENOENT) /* those two were reported */
		fprintf(stderr, "gatesh: %s: the policy can't be loaded: %s\n", o->command, strerror(-err));
	if (!err)
		gate_set_item(*h, GATE_ITEM_WORKSPACE, p.dirs.project ? cwd : NULL);
	return err == -ENOMEM ? EXIT_SOFTWARE : err ? EXIT_CONFIG : 0;
}

struct gate_event judge_event(const struct judge_options *o, const gate_handle_t *h, struct judge_place *place)
{
	struct gate_event ev = {.struct_size = sizeof(struct gate_event),
				.type = GATE_EVENT_EXEC,
				.uid = getuid(),
				.shell_text = o->text,
				.read = read_content};
	ev.cwd = getcwd(place->cwd, sizeof place->cwd);
	if (o->text)
		return ev;
	ev.argv = (const char *const *)o->words;
	ev.argc = (size_t)o->nwords;
	if (o->nwords && program_find(o->words[0], place->exe, sizeof place->exe))
		ev.exe = place->exe;
	if (ev.exe && !gate_known_program(h, getenv("PATH"), ev.exe, place->known) && *place->known)
		ev.known = place->known;
	return ev;
}

static int judge_command_take_event(struct judge_options *o, const char *value)
{
	static const enum gate_event_type events[] = {GATE_EVENT_EXEC, GATE_EVENT_STATEMENT, GATE_EVENT_REQUEST};
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		if (strcmp(gate_event_name(events[i]), value))
			continue;
		o->event = events[i];
		return 0;
	}
	return usage_error(o->command, "--event %s: exec, statement or request", value);
}

int judge_take_option(struct judge_options *o, int c, const char *value)
{
	switch (c) {
	case 'c': o->text = value; return 0;
	case 's': o->service = value; return 0;
	case 'r':
		return judge_add_pack(o, value) ? 0 : usage_error(o->command, "more than %d --rules", POLICY_PACKS_MAX);
	case JUDGE_OPT_EVENT: return judge_command_take_event(o, value);
	case JUDGE_OPT_ENGINE: o->engine = value; return 0;
	case JUDGE_OPT_HOST: o->host = value; return 0;
	case JUDGE_OPT_DATABASE: o->database = value; return 0;
	case JUDGE_OPT_ROWS: o->rows = value; return 0;
	default: return -ENOENT;
	}
}

/* Append what the options say about a statement, in the form of a hit. */
static void judge_command_put_terms(const struct judge_options *o, struct strbuf *b)
{
	const struct {
		const char *name, *value;
	} terms[] = {{"host", o->host}, {"database", o->database}, {"rows", o->rows}};
	if (!o->engine)
		return;
	strbuf_puts(b, o->engine);
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		if (terms[i].value)
			strbuf_printf(b, " %s=%s", terms[i].name, terms[i].value);
	strbuf_puts(b, ": ");
}

const char *judge_said(const struct judge_options *o, const char *text, struct judge_place *place,
		       struct gate_event *ev)
{
	cleanup_strbuf struct strbuf b = {0};
	judge_command_put_terms(o, &b);
	if (text)
		strbuf_puts(&b, text);
	for (int i = 0; !text && i < o->nwords; i++)
		strbuf_printf(&b, "%s%s", i ? " " : "", o->words[i]);
	said_example_free(&place->said);
	const char *fault = said_example_read(&place->said, o->event, b.s ? b.s : "");
	*ev = place->said.event;
	ev->uid = getuid();
	ev->cwd = getcwd(place->cwd, sizeof place->cwd);
	return b.err ? "needs more memory than there is" : fault;
}

bool judge_said_or_say(const struct judge_options *o, const char *text, struct judge_place *place,
		       struct gate_event *ev)
{
	const char *fault = judge_said(o, text, place, ev);
	if (fault)
		usage_error(o->command, "this %s %s", gate_event_name(o->event), fault);
	return fault;
}

/* Is there a rule from this file, or from a file in this directory? */
static bool judge_command_has_rules(const struct ruleset *rs, const char *path)
{
	size_t n = strlen(path);
	for (size_t i = 0; i < rs->n; i++) {
		const char *file = rs->rules[i]->file;
		if (!strncmp(file, path, n) && (!file[n] || file[n] == '/' || (n && path[n - 1] == '/')))
			return true;
	}
	return false;
}

int judge_has_rules(const struct judge_options *o, const gate_handle_t *h)
{
	for (size_t i = 0; i < o->npacks; i++) {
		if (judge_command_has_rules(&gate_handle_policy(h)->rules, o->packs[i]))
			continue;
		fprintf(stderr, "gatesh: %s: --rules %s: there are no rules in it\n", o->command, o->packs[i]);
		return EXIT_CONFIG;
	}
	return 0;
}

const char *judge_verdict(int ret)
{
	return ret == GATE_SUCCESS ? "allow" : ret == GATE_NO_AGENT ? "ask" : "deny";
}

int judge_status(int ret)
{
	switch (ret) {
	case GATE_SUCCESS: return EXIT_ALLOW;
	case GATE_NO_AGENT: return EXIT_NOBODY;
	case GATE_TIMEOUT: return EXIT_DISMISSED;
	default: return EXIT_DENY;
	}
}

bool judge_deferred(const gate_handle_t *h, int ret)
{
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	for (size_t i = 0; ret == GATE_SUCCESS && i < n; i++)
		if (f[i].action == GATE_ACTION_DEFER)
			return true;
	return false;
}

static json_t *judge_finding_json(const struct gate_finding *f)
{
	json_t *o = json_pack("{s:s, s:s, s:s}", "rule", f->rule, "severity", gate_severity_name(f->severity), "action",
			      gate_action_name(f->action));
	if (o && (json_put(o, "reason", f->reason) || json_put(o, "instead", f->instead) ||
		  json_put(o, "preview", f->preview) || json_put(o, "subject", f->subject) ||
		  json_put(o, "file", f->file) || json_object_set_new(o, "line", json_integer(f->line)))) {
		json_decref(o);
		return NULL;
	}
	return o;
}

json_t *judge_json(const gate_handle_t *h, int ret)
{
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	const struct gate_answer *answer = gate_answer(h);
	json_t *rules = json_array(), *findings = json_array();
	for (size_t i = 0; i < n; i++)
		if (json_array_append_new(rules, json_bytes(f[i].rule)) ||
		    json_array_append_new(findings, judge_finding_json(&f[i]))) {
			json_decref(rules);
			json_decref(findings);
			return NULL;
		}
	json_t *o = json_pack("{s:s, s:s, s:o, s:b, s:o, s:o}", "verdict", judge_verdict(ret), "ret", gate_strret(ret),
			      "rules", rules, "deferred", judge_deferred(h, ret), "subjects",
			      json_list(gate_subjects(h)), "findings", findings);
	if (o && (json_put(o, "service", gate_get_item(h, GATE_ITEM_SERVICE)) ||
		  json_put(o, "reason", ret ? gate_get_item(h, GATE_ITEM_REASON) : NULL) ||
		  json_put(o, "by", answer ? answer->by : NULL) ||
		  json_put(o, "text", answer && *answer->text ? answer->text : NULL))) {
		json_decref(o);
		return NULL;
	}
	return o;
}
