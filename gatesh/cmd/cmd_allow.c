/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_allow.c - gatesh allow and gatesh deny: answer an open question from outside its session. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "cmd/cmd.h"
#include "front/all_sessions.h"
#include "front/front_proto.h"
#include "util/exit.h"
#include "util/usage.h"

static const char allow_help[] =
	"usage: gatesh allow [--word WORD] ID [session]\n"
	"\n"
	"Answer yes to the question ID of gatesh pending: once, or for the rest of the session.\n"
	"\n"
	"  -w, --word WORD   the word to type if a yes to this question requires one\n"
	"  -h, --help        show this\n"
	"\n"
	"Exit status: 0, 1 if the session did not take the answer, 64 usage.\n";

static const char deny_help[] =
	"usage: gatesh deny ID [SENTENCE ...]\n"
	"\n"
	"Answer no to the question ID of gatesh pending.  The agent gets the sentence to read.\n"
	"\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 1 if the session did not take the answer, 64 usage.\n";

static int cmd_allow_send_answer(const char *command, const char *id, const char *choice, const char *text,
				 const char *word)
{
	char by[64];
	const char *error;
	json_t *q = all_sessions_find(ALL_SESSIONS_QUESTIONS, id);
	if (!q)
		return EXIT_DENY;
	front_by(command, by, sizeof by);
	json_t *o = front_make(q, choice, by);
	if (text)
		json_object_set_new(o, "text", json_string(text));
	if (word)
		json_object_set_new(o, "word", json_string(word));
	json_t *reply = front_request(json_string_value(json_object_get(q, "session")), o, &error);
	if (!reply)
		fprintf(stderr, "gate: question %s: %s\n", id, error);
	json_decref(reply);
	json_decref(q);
	return reply ? 0 : EXIT_DENY;
}

int cmd_allow(int argc, char **argv)
{
	static const struct option options[] = {
		{"word", required_argument, NULL, 'w'}, {"help", no_argument, NULL, 'h'}, {0}};
	static const char *const scopes[] = {"session", NULL};
	const char *word = NULL;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":w:h", options, NULL)) != -1;) {
		if (c == 'h')
			return usage_help(allow_help);
		if (c != 'w')
			return usage_bad_option(c, argv, options);
		word = optarg;
	}
	char **rest = argv + optind;
	if (!rest[0] || (rest[1] && rest[2]))
		return usage_error("allow", "needs an ID; only 'session' may follow it");
	if (rest[1] && !usage_word_in(rest[1], scopes))
		return usage_bad_word("the word behind ID", rest[1], scopes);
	return cmd_allow_send_answer("allow", rest[0], rest[1] ? "session" : "once", NULL, word);
}

int cmd_deny(int argc, char **argv)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	cleanup_strbuf struct strbuf text = {0};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:h", options, NULL)) != -1;)
		return c == 'h' ? usage_help(deny_help) : usage_bad_option(c, argv, options);
	if (!argv[optind])
		return usage_error("deny", "needs an ID");
	for (char **w = argv + optind + 1; *w; w++)
		strbuf_printf(&text, "%s%s", text.len ? " " : "", *w);
	if (text.err)
		return EXIT_SOFTWARE;
	return cmd_allow_send_answer("deny", argv[optind], "no", text.s, NULL);
}
