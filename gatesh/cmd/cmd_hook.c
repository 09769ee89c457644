/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_hook.c - gatesh hook: what an agent runs as its hook. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cmd/cmd.h"
#include "hook/hook_judge.h"
#include "seam/inside.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/usage.h"

enum { HOOK_STDIN_MAX = 64 << 20 }; /* a file that an agent writes is in its event */

static const char help[] =
	"usage: gatesh hook [--allow-tools] AGENT <EVENT\n"
	"\n"
	"Answer an event of a coding agent's hooks, a JSON object on stdin, in that agent's own words.  AGENT is\n"
	"claude, codex, gemini, opencode, qwen or copilot.  gatesh install writes this command into the agent's\n"
	"settings; people do not need it.\n"
	"\n"
	"In a session it leaves every decision to the session.  Outside of one, the agent's command is replaced\n"
	"by one that runs in a session, or judged by its text where the agent can't be told so.\n"
	"\n"
	"      --allow-tools   in a session, answer the agent's own prompts for its shell and file tools\n"
	"\n"
	"Exit status: 0, 1 stdin is not such an event, 64 usage, 78 bad configuration.\n";

static int cmd_hook_read(struct strbuf *text)
{
	char room[64 << 10];
	ssize_t n;
	while ((n = read(STDIN_FILENO, room, sizeof room)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (text->len + (size_t)n > HOOK_STDIN_MAX)
			return -EFBIG;
		strbuf_put(text, room, (size_t)n);
	}
	return text->err;
}

static int cmd_hook_answer(enum hook_agent agent, struct hook_options *o)
{
	cleanup_strbuf struct strbuf text = {0};
	struct hook_event e = {0};
	struct hook_answer a = {0};
	int err = cmd_hook_read(&text);
	if (!err)
		err = hook_event_read(&e, agent, text.s ? text.s : "", text.len);
	if (err) {
		fprintf(stderr, "gate: hook: stdin: %s\n",
			err == -EBADMSG ? "this is not a hook's event, which is a JSON object" : strerror(-err));
		hook_event_free(&e);
		return EXIT_DENY;
	}
	o->inside = session_inside();
	int status = hook_judge(&e, o, &a);
	if (!status && json_line(hook_answer_json(&e, &a), stdout))
		status = EXIT_IO;
	hook_answer_free(&a);
	hook_event_free(&e);
	return status;
}

int cmd_hook(int argc, char **argv)
{
	enum { OPT_ALLOW = 256 };
	static const struct option longs[] = {{"allow-tools", 0, NULL, OPT_ALLOW}, {"help", 0, NULL, 'h'}, {0}};
	struct hook_options o = {0};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1;)
		switch (c) {
		case OPT_ALLOW: o.allow_tools = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	if (argc - optind != 1)
		return usage_error("hook", "takes the name of one agent");
	enum hook_agent agent = hook_agent_of(argv[optind]);
	if (agent == HOOK_AGENTS)
		return usage_bad_word("AGENT", argv[optind], hook_agent_names());
	return out_done(cmd_hook_answer(agent, &o));
}
