/* SPDX-License-Identifier: BSD-2-Clause */
/* control.c - parses the control column: required, requisite, sufficient, optional, [value=action ...]. */
#include "policy/control.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { NOT_SET = 0xff };

static const char *const actions[] = {
	[CONTROL_IGNORE] = "ignore", [CONTROL_OK] = "ok",       [CONTROL_DONE] = "done", [CONTROL_BAD] = "bad",
	[CONTROL_DIE] = "die",       [CONTROL_RESET] = "reset", [CONTROL_END] = "end",   [CONTROL_END + 1] = NULL};

const char *const control_words[] = {"required", "requisite", "sufficient", "optional", "include", "substack", NULL};

/* The control words in bracket form; the code that parses an administrator's brackets parses these. */
static const char *const meanings[] = {
	"[success=ok ignore=ignore default=bad]",
	"[success=ok ignore=ignore default=die]",
	"[success=done ignore=ignore finding=ignore deny=ignore default=die]",
	"[success=ok default=ignore]",
};

const char *control_action_name(enum control_action action)
{
	return actions[action];
}

/* The parser's position within "[...]". */
struct cursor {
	const struct location *at;
	const char *text, *s;
	unsigned col;
};

static int control_complain(const struct cursor *c, const char *s, const char *what, const char *word, const char *near)
{
	diag_at(c->at->d, DIAG_ERROR, c->at->src, c->at->line, c->col + (unsigned)(s - c->text), "%s%s%s%s%s%s%s", what,
		*word ? " '" : "", word, *word ? "'" : "", near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "");
	return -EINVAL;
}

/* Return the index of the word of n bytes in the NULL-terminated list, or report it and return -1. */
static int control_look_up(const struct cursor *c, const char *word, size_t n, const char *const *list,
			   const char *what)
{
	for (int i = 0; list[i]; i++)
		if (strlen(list[i]) == n && !strncmp(list[i], word, n))
			return i;
	char copy[64];
	if (n >= sizeof copy)
		n = sizeof copy - 1;
	memcpy(copy, word, n);
	copy[n] = '\0';
	control_complain(c, word, n ? what : "a word is missing", copy, n ? diag_nearest(copy, list) : NULL);
	return -1;
}

static void control_value_words(const char *list[GATE_RET_COUNT + 2])
{
	for (int i = 0; i < GATE_RET_COUNT; i++)
		list[i] = gate_strret(i);
	list[GATE_RET_COUNT] = "default";
	list[GATE_RET_COUNT + 1] = NULL;
}

/* Parse one `value=action` pair.  `fallback` receives default's action. */
static int control_parse_pair(struct cursor *c, unsigned char *table, unsigned char *fallback)
{
	const char *values[GATE_RET_COUNT + 2], *word = c->s;
	size_t n = strcspn(word, "= \t]");
	control_value_words(values);
	int value = control_look_up(c, word, n, values, "unknown return value");
	if (value < 0)
		return -EINVAL;
	if (word[n] != '=')
		return control_complain(c, word + n, "expected '=' and an action", "", NULL);
	const char *action = word + n + 1;
	n = strcspn(action, " \t]");
	if (n && strspn(action, "0123456789") >= n)
		return control_complain(c, action,
					"a jump by number does not exist in gate.d; name an action, or use substack",
					"", NULL);
	int index = control_look_up(c, action, n, actions, "unknown action");
	if (index < 0)
		return -EINVAL;
	unsigned char *slot = value == GATE_RET_COUNT ? fallback : &table[value];
	if (*slot != NOT_SET)
		return control_complain(c, word, "given twice:", values[value], NULL);
	*slot = (unsigned char)index;
	c->s = action + n;
	return 0;
}

/* As in PAM, `default` applies to every value that is not named, wherever it appears.  Without it those values are
 * bad. */
static int control_parse_pairs(struct cursor *c, unsigned char *table)
{
	unsigned char fallback = NOT_SET;
	bool any = false;
	memset(table, NOT_SET, GATE_RET_COUNT);
	for (;;) {
		c->s += strspn(c->s, " \t");
		if (*c->s == ']')
			break;
		if (control_parse_pair(c, table, &fallback))
			return -EINVAL;
		any = true;
	}
	if (!any)
		return control_complain(c, c->s, "no value=action between the brackets", "", NULL);
	for (int i = 0; i < GATE_RET_COUNT; i++)
		if (table[i] == NOT_SET)
			table[i] = fallback == NOT_SET ? CONTROL_BAD : fallback;
	return 0;
}

int control_parse(const struct location *at, const char *text, unsigned col, unsigned char table[GATE_RET_COUNT])
{
	struct cursor c = {.at = at, .text = text, .s = text, .col = col};
	if (*text != '[') {
		int word = control_look_up(&c, text, strlen(text), control_words, "unknown control");
		if (word < 0)
			return -EINVAL;
		c.text = c.s = meanings[word];
	}
	c.s++;
	return control_parse_pairs(&c, table);
}
