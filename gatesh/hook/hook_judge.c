/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_judge.c - decides what a hook answers.  See hook_judge.h. */
#include "hook/hook_judge.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask/judge_command.h"
#include "base/paths.h"
#include "base/strbuf.h"
#include "engine/engine.h"
#include "formats/wire.h"
#include "hook/hook_kept.h"
#include "hook/hook_session.h"
#include "util/exit.h"

static const char inside_start[] =
	"This agent runs in a session of Gate (gatesh). It asks a person before a command that can't be undone, and keeps files that "
	"are deleted or overwritten.\n"
	"A line that begins with \"gate:\", or \"Permission denied\" from a file tool, may be a person's refusal: read its reason, do not "
	"look for a way around it, and ask the user if it stands in your way.\n"
	"`gatesh undo` lists what can be restored, and `gatesh check -- COMMAND` says beforehand whether a command would be asked about.";
static const char outside_start[] =
	"Gate (gatesh) judges the shell commands of this agent. It asks a person before a command that can't be undone.\n"
	"A line that begins with \"gate:\" may be a person's refusal: read its reason, do not look for a way around it, and ask the user "
	"if it stands in your way.\n"
	"`gatesh check -- COMMAND` says beforehand whether a command would be asked about.";

static char *hook_judge_copy(struct strbuf *b)
{
	return b->err ? NULL : strbuf_take(b);
}

static void hook_judge_put_quoted(struct strbuf *b, const char *text)
{
	strbuf_putc(b, '\'');
	for (; *text; text++)
		if (*text == '\'')
			strbuf_puts(b, "'\\''");
		else
			strbuf_putc(b, *text);
	strbuf_putc(b, '\'');
}

/* Does the text only change the shell that reads it?  In another shell, it would have no effect. */
static bool hook_judge_is_for_shell(const char *text)
{
	static const char *const words[] = {"cd",    "pushd", "popd",   "export", "unset", "alias", "unalias",
					    "umask", "set",   "ulimit", "source", ".",     NULL};
	size_t n = strcspn(text, " \t\n");
	if (strpbrk(text, ";&|\n`$()<>"))
		return false;
	for (size_t i = 0; words[i]; i++)
		if (strlen(words[i]) == n && !strncmp(text, words[i], n))
			return true;
	return false;
}

/* Let the command run in a session of its own. */
static char *hook_judge_rewrite(const char *command)
{
	cleanup_strbuf struct strbuf b = {0};
	hook_judge_put_quoted(&b, gate_path(GATE_PATH_GATESH));
	strbuf_puts(&b, " -c ");
	hook_judge_put_quoted(&b, command);
	return hook_judge_copy(&b);
}

/* "gate: git.force-push (high): rewrites ...; instead: ..." */
static char *hook_judge_reason(const gate_handle_t *h, bool deferred)
{
	cleanup_strbuf struct strbuf b = {0};
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	strbuf_puts(&b, "gate:");
	for (size_t i = 0; i < n; i++) {
		strbuf_printf(&b, "%s %s (%s): %s", i ? ";" : "", f[i].rule, gate_severity_name(f[i].severity),
			      f[i].reason);
		if (f[i].instead)
			strbuf_printf(&b, " (instead: %s)", f[i].instead);
	}
	if (deferred)
		strbuf_puts(&b, "; outside of a session, Gate can't look at the files, nor keep them for gatesh undo");
	return hook_judge_copy(&b);
}

/* Judge the text, as gatesh check does. */
static int hook_judge_text(const struct hook_event *e, struct hook_answer *a)
{
	struct judge_options said = {.command = "hook", .text = e->command, .event = GATE_EVENT_EXEC};
	struct gate_conv conv = {.struct_size = sizeof(struct gate_conv)};
	struct judge_place place = {.said = {.copy = NULL}};
	/* Never freed: the process ends now, and to free all rules would be a twelfth of its work. */
	static gate_handle_t *h;
	int status = judge_start(&said, &conv, &h);
	if (status)
		return status;
	struct gate_event ev = judge_event(&said, h, &place);
	int ret = gate_check(h, &ev, GATE_CHECK_DRY_RUN | GATE_CHECK_NO_ASK);
	bool deferred = judge_deferred(h, ret);
	if (ret == GATE_NO_AGENT || deferred)
		a->decision = hook_agent_asks(e->agent) ? HOOK_DECIDE_ASK : HOOK_DECIDE_DENY;
	else if (ret)
		a->decision = HOOK_DECIDE_DENY;
	if (a->decision)
		a->reason = hook_judge_reason(h, deferred);
	said_example_free(&place.said);
	return 0;
}

/* Before a tool, outside of a session. */
static int hook_judge_outside(const struct hook_event *e, const struct hook_options *o, struct hook_answer *a)
{
	if (!e->command || hook_judge_is_for_shell(e->command))
		return 0;
	if (!hook_agent_rewrites(e->agent, o->allow_tools))
		return hook_judge_text(e, a);
	a->command = hook_judge_rewrite(e->command);
	if (o->allow_tools)
		a->decision = HOOK_DECIDE_ALLOW;
	return a->command ? 0 : EXIT_SOFTWARE;
}

/* Behind a tool in a session: the model hears what was kept; and of refusals, of which its own file tool has got no more than
 * an error.  A shell's command has printed them. */
static void hook_judge_after(const struct hook_event *e, struct hook_answer *a)
{
	cleanup_strbuf struct strbuf b = {0};
	char text[WIRE_TEXT_MAX];
	hook_session_tell(e, text, sizeof text);
	char *refusals = strchr(text, '\n');
	if (!refusals) /* the session knows nothing of the call */
		return;
	if (refusals[1] && e->tool == HOOK_TOOL_FILE)
		strbuf_puts(&b, refusals + 1);
	size_t n = b.len;
	if (n)
		strbuf_putc(&b, '\n');
	hook_kept_describe(strtoll(text, NULL, 10), &b);
	if (b.s && n && b.len == n + 1)
		b.s[n] = '\0';
	a->context = b.len ? hook_judge_copy(&b) : NULL;
}

int hook_judge(const struct hook_event *e, const struct hook_options *o, struct hook_answer *a)
{
	if (e->moment == HOOK_MOMENT_START) {
		a->context = strdup(o->inside ? inside_start : outside_start);
		return 0;
	}
	if (e->cwd && chdir(e->cwd))
		return 0; /* judged where it is; the command will not run there either */
	if (e->moment == HOOK_MOMENT_BEFORE && !o->inside)
		return hook_judge_outside(e, o, a);
	if (e->tool == HOOK_TOOL_OTHER || !o->inside)
		return 0;
	if (e->moment == HOOK_MOMENT_BEFORE) {
		hook_session_tell(e, NULL, 0);
		if (o->allow_tools)
			a->decision = HOOK_DECIDE_ALLOW;
	} else if (e->moment == HOOK_MOMENT_AFTER) {
		hook_judge_after(e, a);
	}
	return 0;
}
