/* SPDX-License-Identifier: BSD-2-Clause */
/* redraw.c - finds where two lines of a panel begin to differ, and writes the rest of the new one. */
#include "front/redraw.h"

#include <stdbool.h>
#include <string.h>

/* The length of the SGR sequence at `s`, 0 if there is none. */
static size_t redraw_sgr(const char *s)
{
	if (s[0] != '\x1b' || s[1] != '[')
		return 0;
	size_t n = 2 + strspn(s + 2, "0123456789;");
	return s[n] == 'm' ? n + 1 : 0;
}

/* Can the line be written anew from here?  Other bytes may belong to the character before. */
static bool redraw_begins(char c)
{
	return !c || c == '\x1b' || (c >= 0x20 && c < 0x7f);
}

/* The last offset up to which both lines are equal and at which the pen is the default one.  `before` gets the text to
 * its left. */
static size_t redraw_find(const char *old, const char *new, struct strbuf *before)
{
	size_t same = 0, good = 0, text = 0;
	bool styled = false;
	while (old[same] && old[same] == new[same])
		same++;
	for (size_t i = 0; i <= same; i++) {
		size_t sgr = redraw_sgr(new + i);
		if (!styled && redraw_begins(old[i]) && redraw_begins(new[i])) {
			good = i;
			text = before->len;
		}
		if (sgr) {
			styled = strncmp(new + i, "\x1b[0m", sgr) != 0;
			i += sgr - 1;
		} else if (i < same) {
			strbuf_putc(before, new[i]);
		}
	}
	if (before->s)
		before->s[before->len = text] = '\0';
	return good;
}

void redraw_line(const char *old, const char *new, struct strbuf *out)
{
	cleanup_strbuf struct strbuf before = {0};
	if (old && !strcmp(old, new))
		return;
	size_t from = old ? redraw_find(old, new, &before) : 0;
	int col = before.s ? text_width(before.s) : 0;
	if (before.err)
		from = (size_t)(col = 0);
	if (col)
		strbuf_printf(out, "\x1b[%dC", col);
	strbuf_printf(out, "\x1b[0m\x1b[K%s\x1b[0m", new + from);
}
