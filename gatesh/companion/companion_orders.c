/* SPDX-License-Identifier: BSD-2-Clause */
/* companion_orders.c - what a person orders for a whole session at the companion's prompt: freeze, pause, end.  pause and
 * end take a typed word, as a question's yes may: without it they say what they would do. */
#include <stdio.h>
#include <string.h>

#include "companion/companion.h"
#include "front/front_proto.h"
#include "util/out.h"
#include "util/timespan.h"

/* --- the session -------------------------------------------------------------------------------------------------- */

/* Send the order; takes the reference.  Returns the reply, or NULL after a message on stderr. */
static json_t *companion_orders_send(const struct link *l, json_t *order)
{
	const char *error;
	json_t *reply = front_request(l->id, order, &error);
	if (!reply)
		fprintf(stderr, "gate: session %s: %s\n", l->id, error);
	return reply;
}

static int companion_orders_give(const struct companion *c, const struct link *l, const char *op, const char *done)
{
	json_t *reply = l ? companion_orders_send(l, json_pack("{s:s, s:s}", "op", op, "by", c->by)) : NULL;
	if (!reply)
		return -1;
	json_decref(reply);
	printf("session %s: %s\n", l->id, done);
	return 0;
}

/* "session 3e04fede (claude, in /srv/shop)" */
static void companion_orders_put_session(const struct link *l)
{
	printf("session %s (", l->id);
	out_text(stdout, l->agent);
	fputs(", in ", stdout);
	out_text(stdout, l->cwd);
	putchar(')');
}

/* Take the next word of *rest, NUL-terminated in place; "" at the end. */
static char *companion_orders_word(char **rest)
{
	char *s = *rest, *end = s + strcspn(s, " \t");
	*rest = end + strspn(end, " \t");
	*end = '\0';
	return s;
}

/* --- freeze and thaw ---------------------------------------------------------------------------------------------- */

int orders_run_freeze(struct companion *c, char *rest)
{
	char done[96];
	const struct link *l = sessions_link(c, rest);
	snprintf(done, sizeof done, "refuses everything until you thaw it: thaw %s", l ? l->id : "");
	return companion_orders_give(c, l, "freeze", done);
}

int orders_run_thaw(struct companion *c, char *rest)
{
	return companion_orders_give(c, sessions_link(c, rest), "thaw", "thawed");
}

/* --- pause and resume --------------------------------------------------------------------------------------------- */

/* A session's id has no s, m or h in it. */
static bool companion_orders_is_time(const char *word)
{
	size_t n = strlen(word);
	return n && strchr("smh", word[n - 1]);
}

static int companion_orders_explain_pause(const struct link *l, const char *time)
{
	companion_orders_put_session(l);
	printf("\nmay do everything unasked for %s: what a rule asks about or denies is done at\n"
	       "once, and every question that waits gets a yes.  Files are still kept where Gate\n"
	       "can keep them, and everything is logged.  To go on:\n"
	       "    pause %s %s pause\n",
	       time, l->id, time);
	return 0;
}

static int companion_orders_pause(const struct companion *c, const struct link *l, const char *time, unsigned seconds)
{
	json_t *reply = companion_orders_send(l, json_pack("{s:s, s:i, s:s, s:s}", "op", "pause", "seconds",
							   (int)seconds, "word", "pause", "by", c->by));
	if (!reply)
		return -1;
	json_decref(reply);
	printf("session %s: paused for %s: resume %s ends that\n", l->id, time, l->id);
	return 0;
}

int orders_run_pause(struct companion *c, char *rest)
{
	char *word = companion_orders_word(&rest), *name = NULL;
	const char *time = FRONT_PAUSE_DEFAULT;
	if (*word && !companion_orders_is_time(word) && strcmp(word, "pause"))
		name = word, word = companion_orders_word(&rest);
	if (companion_orders_is_time(word))
		time = word, word = companion_orders_word(&rest);
	unsigned seconds = timespan_parse_seconds(time, FRONT_PAUSE_MAX_S);
	if (!seconds || *rest || (*word && strcmp(word, "pause"))) {
		fputs("gate: usage: pause [SESSION] [TIME]; a time is 30s, 10m or 2h, at most 8h\n", stderr);
		return -1;
	}
	const struct link *l = sessions_link(c, name);
	if (!l)
		return -1;
	if (!*word)
		return companion_orders_explain_pause(l, time);
	if (c->interactive)
		return companion_orders_pause(c, l, time, seconds);
	fputs("gate: pause: no terminal: only a person may pause a session\n", stderr);
	return -1;
}

int orders_run_resume(struct companion *c, char *rest)
{
	return companion_orders_give(c, sessions_link(c, rest), "resume", "asks and refuses again");
}

/* --- end ---------------------------------------------------------------------------------------------------------- */

static int companion_orders_explain_end(const struct link *l)
{
	companion_orders_put_session(l);
	fputs("\nand every process of it will be ended: SIGTERM, later SIGKILL.  It runs\n    ", stdout);
	out_text(stdout, l->command);
	printf("\nTo go on:\n    end %s end\n", l->id);
	return 0;
}

int orders_run_end(struct companion *c, char *rest)
{
	char *name = companion_orders_word(&rest), *word = companion_orders_word(&rest);
	if (!*name || *rest || (*word && strcmp(word, "end"))) {
		fputs("gate: usage: end SESSION [end]\n", stderr);
		return -1;
	}
	const struct link *l = sessions_link(c, name);
	if (!l)
		return -1;
	if (!*word)
		return companion_orders_explain_end(l);
	json_t *reply = companion_orders_send(l, json_pack("{s:s, s:s}", "op", "end", "by", c->by));
	if (!reply)
		return -1;
	int told = (int)json_integer_value(json_object_get(reply, "processes"));
	json_decref(reply);
	printf("session %s: %d process%s told to end\n", l->id, told, told == 1 ? " was" : "es were");
	return 0;
}
