/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_answer.c - gatesh answer: asks a session's questions on this terminal, one by one, until none is open. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cmd/cmd.h"
#include "front/front_proto.h"
#include "front/question_from_json.h"
#include "front/tty_ask.h"
#include "util/exit.h"
#include "util/session_dir.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh answer [SESSION]\n"
	"\n"
	"Show the questions of SESSION (optional if there is only one) on this terminal, one after the\n"
	"other, until none is open.\n"
	"\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 1 if the session cannot be reached, 3 if the terminal was closed.\n";

enum { SETTLE_MS = 2000 };

struct answering {
	char session[SESSION_ID_MAX];
	int fd;
	struct strbuf in;
	json_t *open;  /* the open questions, oldest first */
	json_t *shown; /* one of them, or NULL */
	struct tty_talk talk;
	bool ended;
};

static json_int_t cmd_answer_id_of(const json_t *question)
{
	return json_integer_value(json_object_get(question, "id"));
}

/* The index of question `id`, or the number of questions if it is not open. */
static size_t cmd_answer_place(const struct answering *a, json_int_t id)
{
	size_t i = 0;
	while (i < json_array_size(a->open) && cmd_answer_id_of(json_array_get(a->open, i)) != id)
		i++;
	return i;
}

static enum tty_news cmd_answer_heard_question(struct answering *a, json_t *q)
{
	size_t i = cmd_answer_place(a, cmd_answer_id_of(q));
	if (i == json_array_size(a->open)) {
		json_array_append(a->open, q);
		return TTY_SAME;
	}
	json_t *known = json_array_get(a->open, i);
	/* Only these can change, when a preview comes or an asker leaves or is told to come back.  The panel borrows the rest meanwhile. */
	static const char *const members[] = {"preview", "later", "pid", "start_time"};
	for (size_t k = 0; k < sizeof members / sizeof *members; k++)
		if (json_object_get(q, members[k]))
			json_object_set(known, members[k], json_object_get(q, members[k]));
	if (known != a->shown)
		return TTY_SAME;
	a->talk.preview = json_string_value(json_object_get(known, "preview"));
	a->talk.later = json_string_value(json_object_get(known, "later"));
	return TTY_CHANGED;
}

static enum tty_news cmd_answer_heard(struct answering *a, const json_t *o)
{
	const char *event = json_string_value(json_object_get(o, "event"));
	size_t i;
	json_t *q;
	json_array_foreach(json_object_get(o, "questions"), i, q) cmd_answer_heard_question(a, q);
	if (event && !strcmp(event, "question"))
		return cmd_answer_heard_question(a, json_object_get(o, "question"));
	if (!event || strcmp(event, "closed"))
		return TTY_SAME;
	json_int_t id = cmd_answer_id_of(o);
	json_array_remove(a->open, cmd_answer_place(a, id));
	return a->shown && cmd_answer_id_of(a->shown) == id ? TTY_OVER : TTY_SAME;
}

/* Handle the lines that have come in. */
static enum tty_news cmd_answer_news(void *data)
{
	struct answering *a = data;
	char buf[16 << 10];
	enum tty_news result = TTY_SAME;
	ssize_t n = recv(a->fd, buf, sizeof buf, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return TTY_SAME;
	if (n > 0)
		strbuf_put(&a->in, buf, (size_t)n);
	if (n <= 0 || a->in.err) {
		a->ended = true;
		return TTY_OVER;
	}
	for (char *nl; a->in.len && (nl = memchr(a->in.s, '\n', a->in.len));) {
		size_t len = (size_t)(nl - a->in.s);
		json_t *o = json_loadb(a->in.s, len, 0, NULL);
		memmove(a->in.s, nl + 1, a->in.len - len - 1);
		a->in.len -= len + 1;
		enum tty_news one = cmd_answer_heard(a, o);
		result = one > result ? one : result;
		json_decref(o);
	}
	return result;
}

/* Wait until the session sends something.  False: it is silent, or has ended. */
static bool cmd_answer_wait_for_news(struct answering *a)
{
	struct pollfd p = {.fd = a->fd, .events = POLLIN};
	if (poll(&p, 1, SETTLE_MS) <= 0)
		return false;
	cmd_answer_news(a);
	return !a->ended;
}

static void cmd_answer_send_answer(const struct answering *a, const struct gate_answer *answer)
{
	static const char *const choices[] = {"no", "once", "session"};
	char by[80];
	const char *error;
	front_by("answer", by, sizeof by);
	json_t *o = front_make(a->shown, choices[answer->choice], by);
	if (*answer->text)
		json_object_set_new(o, "text", json_string(answer->text));
	if (answer->choice != GATE_ANSWER_NO && json_object_get(a->shown, "word"))
		json_object_set(o, "word",
				json_object_get(a->shown, "word")); /* tty_ask() has checked the typed word */
	json_decref(front_request(a->session, o, &error));          /* somebody else may have been first */
}

/* Ask the first question.  Returns an exit status, or -1 to go on. */
static int cmd_answer_ask_one(struct answering *a)
{
	struct json_question q;
	struct gate_answer answer;
	if (json_question_read(&q, json_array_get(a->open, 0)))
		return EXIT_SOFTWARE;
	a->shown = json_incref(json_array_get(a->open, 0));
	a->talk = (struct tty_talk){.fd = a->fd,
				    .news = cmd_answer_news,
				    .data = a,
				    .preview = json_string_value(json_object_get(a->shown, "preview")),
				    .later = json_string_value(json_object_get(a->shown, "later"))};
	int ret = tty_ask(&q.question, &answer, &a->talk);
	bool answered = ret == GATE_SUCCESS && !a->talk.over && !a->talk.lost;
	if (answered)
		cmd_answer_send_answer(a, &answer);
	json_int_t id = cmd_answer_id_of(a->shown);
	json_decref(a->shown);
	a->shown = NULL;
	json_question_free(&q);
	if (a->talk.lost)
		return EXIT_DISMISSED;
	if (ret != GATE_SUCCESS && ret != GATE_TIMEOUT)
		return EXIT_DENY;
	while (cmd_answer_place(a, id) < json_array_size(a->open))
		if (!cmd_answer_wait_for_news(a))
			return a->ended ? 0 : EXIT_DENY;
	return -1;
}

static int answer_all(struct answering *a)
{
	static const char subscribe[] = "{\"op\":\"subscribe\"}\n";
	const char *error = NULL;
	int status = -1;
	a->fd = front_connect(a->session, &error);
	if (a->fd < 0) {
		fprintf(stderr, "gate: session %s: %s\n", a->session, error);
		return EXIT_DENY;
	}
	a->open = json_array();
	if (!a->open || send(a->fd, subscribe, strlen(subscribe), MSG_NOSIGNAL) < 0 || !cmd_answer_wait_for_news(a))
		status = EXIT_DENY;
	while (status < 0 && !a->ended && json_array_size(a->open))
		status = cmd_answer_ask_one(a);
	json_decref(a->open);
	strbuf_free(&a->in);
	close(a->fd);
	return status < 0 ? 0 : status;
}

int cmd_answer(int argc, char **argv)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	struct answering a = {0};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:h", options, NULL)) != -1;) {
		if (c == 'h')
			return usage_help(help);
		return usage_bad_option(c, argv, options);
	}
	if (argv[optind] && argv[optind + 1])
		return usage_error("answer", "takes one session");
	return session_dir_find(argv[optind], a.session) ? EXIT_DENY : answer_all(&a);
}
