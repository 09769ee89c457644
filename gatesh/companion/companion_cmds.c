/* SPDX-License-Identifier: BSD-2-Clause */
/* companion_cmds.c - the commands of the companion's prompt. */
#include "companion/companion.h"

#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/judge_command.h"
#include "base/escape.h"
#include "engine/engine.h"
#include "front/front_proto.h"
#include "policy/policy.h"
#include "util/out.h"

enum { WORDS_MAX = 16 };

/* --- helpers ------------------------------------------------------------------------------------------------------ */

static int cmds_usage(const char *text)
{
	fprintf(stderr, "gate: usage: %s\n", text);
	return -1;
}

/* Take the next word of *rest, NUL-terminated in place; "" at the end. */
static char *cmds_word(char **rest)
{
	char *s = *rest + strspn(*rest, " \t");
	char *end = s + strcspn(s, " \t");
	*rest = *end ? end + 1 : end;
	*end = '\0';
	*rest += strspn(*rest, " \t");
	return s;
}

/* Print the text in `b`. */
static int cmds_print(const struct strbuf *b)
{
	if (b->err)
		fputs("gate: out of memory\n", stderr);
	else if (b->s)
		fputs(b->s, stdout);
	return b->err ? -1 : 0;
}

/* Run one of gatesh's commands with these words. */
static int cmds_own(companion_command_fn *run, const char *name, int n, char **rest)
{
	char *argv[WORDS_MAX + 4] = {(char *)name};
	for (int i = 0; i < n && i < WORDS_MAX; i++)
		argv[i + 1] = rest[i];
	optind = 0; /* restart getopt(3) */
	return run(n + 1, argv) ? -1 : 0;
}

/* Send a request to the session; takes the reference.  Returns the reply, or NULL after a message on stderr. */
static json_t *cmds_request(const struct link *l, json_t *o)
{
	const char *error;
	json_t *reply = front_request(l->id, o, &error);
	if (!reply)
		fprintf(stderr, "gate: session %s: %s\n", l->id, error);
	return reply;
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static int cmds_answer(struct companion *c, struct waiting *w, const char *choice, const char *key, const char *value)
{
	json_t *o = front_make(w->q, choice, c->by);
	if (value && *value)
		json_object_set_new(o, key, json_string(value));
	w->answered = true;
	json_t *reply = cmds_request(w->link, o);
	w->answered = reply;
	json_decref(reply);
	return reply ? 0 : -1;
}

static int cmds_run_allow(struct companion *c, char *rest)
{
	const char *name = cmds_word(&rest), *how = cmds_word(&rest);
	struct waiting *w = *name && !*rest ? sessions_question(c, name) : NULL;
	if (!w)
		return *name && !*rest ? -1 : cmds_usage("allow N [session]");
	const char *typed = json_string_value(json_object_get(w->q, "word"));
	unsigned number = w->number;
	if (typed && !*how) {
		cleanup_strbuf struct strbuf safe = {0};
		escape_put(&safe, typed, strlen(typed));
		fprintf(stderr, "gate: a yes to this question takes its typed word: allow %u %s\n", number,
			safe.s ? safe.s : "");
		return -1;
	}
	if (!typed && *how && strcmp(how, "session"))
		return cmds_usage("allow N [session]");
	bool session = !typed && *how;
	if (cmds_answer(c, w, session ? "session" : "once", "word", typed ? how : NULL))
		return -1;
	const char *covers = json_string_value(json_object_get(w->q, "covers"));
	printf("[%u] allowed %s", number, session ? "for this session: " : "once");
	out_text(stdout, session ? covers : "");
	putchar('\n');
	return 0;
}

static int cmds_run_deny(struct companion *c, char *rest)
{
	const char *name = cmds_word(&rest);
	struct waiting *w = *name ? sessions_question(c, name) : NULL;
	if (!w)
		return *name ? -1 : cmds_usage("deny N [SENTENCE]");
	unsigned number = w->number;
	if (cmds_answer(c, w, "no", "text", rest))
		return -1;
	printf("[%u] refused\n", number);
	return 0;
}

static int cmds_run_show(struct companion *c, char *rest)
{
	cleanup_strbuf struct strbuf b = {0};
	struct waiting *w = *rest ? sessions_question(c, rest) : NULL;
	if (!w)
		return *rest ? -1 : cmds_usage("show N");
	show_question(c, w, &b);
	return cmds_print(&b);
}

static int cmds_run_x(struct companion *c, char *rest)
{
	cleanup_strbuf struct strbuf b = {0};
	struct waiting *w = *rest ? sessions_question(c, rest) : NULL;
	if (!w)
		return *rest ? -1 : cmds_usage("x N");
	show_explained(c, w, &b);
	return cmds_print(&b);
}

static int cmds_run_why(struct companion *c, char *rest)
{
	cleanup_strbuf struct strbuf b = {0};
	struct waiting *w = *rest ? sessions_question(c, rest) : NULL;
	if (!w)
		return *rest ? -1 : cmds_usage("why N");
	json_t *reply =
		cmds_request(w->link, json_pack("{s:s, s:O, s:O}", "op", "why", "id", json_object_get(w->q, "id"),
						"cookie", json_object_get(w->q, "cookie")));
	if (!reply)
		return -1;
	show_question(c, w, &b);
	show_trace(c, json_object_get(reply, "trace"), &b);
	json_decref(reply);
	return cmds_print(&b);
}

static int cmds_run_pending(struct companion *c, char *rest)
{
	cleanup_strbuf struct strbuf b = {0};
	show_pending(c, &b);
	return cmds_print(&b);
}

/* --- sessions ----------------------------------------------------------------------------------------------------- */

static int cmds_run_sessions(struct companion *c, char *rest)
{
	cleanup_strbuf struct strbuf b = {0};
	for (const struct link *l = c->links; l; l = l->next) {
		unsigned n = 0;
		for (const struct waiting *w = c->questions; w; w = w->next)
			n += w->link == l;
		strbuf_printf(&b, "%s  ", l->id);
		escape_put(&b, l->agent, strlen(l->agent));
		strbuf_printf(&b, "  %u waiting  ", n);
		escape_put(&b, l->command, strlen(l->command));
		strbuf_puts(&b, "  in ");
		escape_put(&b, l->cwd, strlen(l->cwd));
		if (*l->frozen) {
			strbuf_puts(&b, "  frozen by ");
			escape_put(&b, l->frozen, strlen(l->frozen));
		}
		if (*l->paused) {
			strbuf_puts(&b, "  paused by ");
			escape_put(&b, l->paused, strlen(l->paused));
		}
		strbuf_putc(&b, '\n');
	}
	return cmds_print(&b);
}

static int cmds_run_grants(struct companion *c, char *rest)
{
	return cmds_own(c->host->grants, "grants", 0, NULL);
}

static int cmds_run_revoke(struct companion *c, char *rest)
{
	char *words[] = {(char *)"revoke", rest};
	return *rest ? cmds_own(c->host->grants, "grants", 2, words) :
		       cmds_usage("revoke SESSION.N (grants lists them)");
}

/* --- log and rules ------------------------------------------------------------------------------------------------ */

/* The option of gatesh log for a bare word of `log`. */
static const char *cmds_filter_of(const struct companion *c, const char *s)
{
	const struct link *l = c->links;
	while (l && strcmp(l->id, s))
		l = l->next;
	return !strcmp(s, "allow") || !strcmp(s, "deny") ? "--verdict" : l ? "--session" : "--rule";
}

/* Print the last 20 decisions.  Bare words filter them; options are those of gatesh log. */
static int cmds_run_log(struct companion *c, char *rest)
{
	char *words[WORDS_MAX + 2] = {(char *)"--lines=20"};
	int n = 1;
	while (*rest && n < WORDS_MAX) {
		char *s = cmds_word(&rest);
		if (!strcmp(s, "-f") || !strcmp(s, "--follow"))
			return cmds_usage(
				"log [allow|deny|SESSION|RULE-GLOB] [--OPTION=VALUE ...]; "
				"to follow the log: gatesh log -f");
		if (*s != '-')
			words[n++] = (char *)cmds_filter_of(c, s);
		words[n++] = s;
	}
	return cmds_own(c->host->log, "log", n, words);
}

/* The policy that a session started here would have; loaded once. */
static const struct policy *cmds_policy(void)
{
	static gate_handle_t *handle;
	static const struct judge_options o = {.command = "rules"};
	if (!handle && judge_start(&o, NULL, &handle))
		return NULL;
	return gate_handle_policy(handle);
}

const char *const *companion_rules(void)
{
	static const char **ids;
	const struct policy *p = ids ? NULL : cmds_policy();
	if (p && (ids = calloc(p->rules.n + 1, sizeof *ids)))
		for (size_t i = 0; i < p->rules.n; i++)
			ids[i] = p->rules.rules[i]->id;
	return ids;
}

static int cmds_run_rules(struct companion *c, char *rest)
{
	const struct policy *p = cmds_policy();
	size_t hits = 0;
	if (!p)
		return -1;
	for (size_t i = 0; i < p->rules.n; i++) {
		const struct rule *r = p->rules.rules[i];
		if (*rest && fnmatch(rest, r->id, 0))
			continue;
		printf("%-28s %-8s  %s\n", r->id, gate_severity_name(r->severity), r->reason);
		hits++;
	}
	if (!hits)
		fputs("gate: no such rule\n", stderr);
	return hits ? 0 : -1;
}

static int cmds_run_help(struct companion *c, char *rest)
{
	for (const struct companion_command *k = companion_commands; k->name; k++) {
		int n = printf("%s%s%s", k->name, *k->arguments ? " " : "", k->arguments);
		printf("%*s %s\n", n < 24 ? 24 - n : 0, "", k->summary);
	}
	puts("\nN is a question's number here, or SESSION.N.  A session's first digits will do.");
	return 0;
}

static int cmds_run_quit(struct companion *c, char *rest)
{
	c->leaving = true;
	return 0;
}

const struct companion_command companion_commands[] = {
	{"pending", "", "list the open questions", cmds_run_pending},
	{"show", "N", "show everything about a question", cmds_run_show},
	{"x", "N", "explain it in sentences: what it does, what is lost", cmds_run_x},
	{"why", "N", "show it with the lines of the service that led to it", cmds_run_why},
	{"allow", "N [session]", "answer yes, once or for what its line 'session' covers", cmds_run_allow},
	{"deny", "N [SENTENCE]", "answer no, with a sentence for the agent to read", cmds_run_deny},
	{"sessions", "", "list the running sessions", cmds_run_sessions},
	{"freeze", "[SESSION]", "refuse everything in a session", orders_run_freeze},
	{"thaw", "[SESSION]", "end a freeze", orders_run_thaw},
	{"pause", "[SESSION] [TIME]", "allow everything in it for a while; takes a typed word", orders_run_pause},
	{"resume", "[SESSION]", "end a pause", orders_run_resume},
	{"end", "SESSION", "end it with its processes; takes a typed word", orders_run_end},
	{"grants", "", "list what was allowed for a session", cmds_run_grants},
	{"revoke", "SESSION.N", "revoke a grant", cmds_run_revoke},
	{"log", "[FILTER ...]", "show the last decisions, by verdict, session or rule", cmds_run_log},
	{"rules", "[GLOB]", "list the rules", cmds_run_rules},
	{"help", "", "show this help", cmds_run_help},
	{"quit", "", "leave; questions stay open", cmds_run_quit},
	{NULL, NULL, NULL, NULL},
};
