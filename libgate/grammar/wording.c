/* SPDX-License-Identifier: BSD-2-Clause */
/* wording.c - writes the words of one spelling of a command. */
#include "grammar/wording.h"

#include <string.h>

void wording_put(struct wording *w, const char *s)
{
	strbuf_put(&w->bytes, s, strlen(s) + 1);
	w->n++;
}

void wording_put_joined(struct wording *w, const char *a, const char *between, const char *b)
{
	strbuf_puts(&w->bytes, a);
	strbuf_puts(&w->bytes, between);
	wording_put(w, b);
}

static bool wording_is_short(const char *name)
{
	return name[0] == '-' && name[1] != '-' && strlen(name) == 2;
}

/* Return the option's first short or long name, or NULL. */
const char *wording_option_name(const struct grammar_option *o, bool is_short)
{
	for (char **name = o->names; *name; name++)
		if (wording_is_short(*name) == is_short)
			return *name;
	return NULL;
}

/* Append an option: `name` and its value. */
void wording_put_option(struct wording *w, const struct piece *p, const char *name, unsigned how)
{
	bool one_word = !p->option || p->option->marks & GRAMMAR_MARK_OPTIONAL;
	if (!p->value)
		wording_put(w, name);
	else if (*name == '+')
		wording_put_joined(w, name, "", p->value);
	else if (wording_is_short(name) && (how & WORDING_JOINED || one_word))
		wording_put_joined(w, name, "", p->value);
	else if (wording_is_short(name) || (how & WORDING_SEPARATE && !one_word)) {
		wording_put(w, name);
		wording_put(w, p->value);
	} else
		wording_put_joined(w, name, "=", p->value);
}

void wording_put_piece(struct wording *w, const struct piece *p, unsigned how)
{
	char letter[3] = {'-', p->letter};
	char typed[256] = "";
	if (p->kind != PIECE_OPTION) {
		wording_put(w, p->typed);
		return;
	}
	memcpy(typed, p->typed, p->ntyped < sizeof typed ? p->ntyped : sizeof typed - 1);
	const char *name = p->letter ? letter : typed;
	const char *other = p->option && !p->off && how & (WORDING_LONG | WORDING_SHORT) ?
				    wording_option_name(p->option, how & WORDING_SHORT) :
				    NULL;
	wording_put_option(w, p, other ? other : name, how);
}
