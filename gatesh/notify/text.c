/* SPDX-License-Identifier: BSD-2-Clause */
/* text.c - writes the summary and the body of a notification. */
#include "notify/text.h"

#include <string.h>

static const char *text_string_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));
	return s ? s : "";
}

static const json_t *text_worst(const json_t *question)
{
	return json_array_get(json_object_get(question, "rules"), 0);
}

static bool text_is_whole(const json_t *question)
{
	return strlen(text_string_of(question, "command")) <= TEXT_COMMAND_MAX;
}

bool text_can_allow(const json_t *question)
{
	return !strcmp(text_string_of(question, "desktop"), "allow") && text_is_whole(question);
}

/* Append at most `max` bytes of UTF-8, never part of a character. */
static void text_put(struct strbuf *out, const char *text, size_t max, bool markup)
{
	static const char marks[] = "&<>\"'";
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	size_t n = strlen(text), rest = n;
	if (n > max)
		for (n = max; n && (text[n] & 0xc0) == 0x80;)
			n--;
	rest -= n;
	for (size_t i = 0; i < n; i++) {
		const char *special = markup && text[i] ? strchr(marks, text[i]) : NULL;
		if (special)
			strbuf_puts(out, entities[special - marks]);
		else
			strbuf_putc(out, text[i]);
	}
	if (rest)
		strbuf_printf(out, "… (%zu bytes more)", rest);
}

static void text_line(struct strbuf *out, const char *label, const char *text, bool markup)
{
	if (!*text)
		return;
	strbuf_printf(out, "\n%s: ", label);
	text_put(out, text, TEXT_LINE_MAX, markup);
}

/* Say where to answer if the buttons can't. */
static const char *text_hint(const json_t *question, bool buttons)
{
	if (!buttons)
		return "Open gatesh in a terminal to answer.";
	if (text_can_allow(question))
		return NULL;
	if (*text_string_of(question, "word"))
		return "To allow it, you must type a word: open gatesh in a terminal.";
	return text_is_whole(question) ? "It cannot be allowed from the desktop: open gatesh in a terminal." :
					 "To see all of it and allow it, open gatesh in a terminal.";
}

void text_summary(const json_t *question, struct strbuf *out)
{
	const json_t *rule = text_worst(question);
	strbuf_printf(out, "gate: %s: ", text_string_of(rule, "severity"));
	text_put(out, text_string_of(rule, "id"), TEXT_LINE_MAX, false);
}

void text_body(const json_t *question, const struct text_style *style, struct strbuf *out)
{
	const json_t *rule = text_worst(question);
	size_t more = json_array_size(json_object_get(question, "rules"));
	strbuf_puts(out, style->markup ? "<b>" : "");
	text_put(out, text_string_of(question, "command"), TEXT_COMMAND_MAX, style->markup);
	strbuf_puts(out, style->markup ? "</b>\n" : "\n");
	text_line(out, "why", text_string_of(rule, "reason"), style->markup);
	text_line(out, "later", text_string_of(question, "later"), style->markup);
	text_line(out, "in", text_string_of(question, "cwd"), style->markup);
	text_line(out, "agent", text_string_of(question, "says"), style->markup);
	text_line(out, "from", text_string_of(question, "origin"), style->markup);
	text_line(out, "with", text_string_of(question, "settings"), style->markup);
	text_line(out, "kept", text_string_of(question, "keeps"), style->markup);
	text_line(out, "instead", text_string_of(rule, "instead"), style->markup);
	if (more > 1)
		strbuf_printf(out, "\n%zu more rule%s match%s", more - 1, more > 2 ? "s" : "", more > 2 ? "" : "es");
	const char *note = text_hint(question, style->buttons);
	if (note)
		strbuf_printf(out, "\n\n%s", note);
}
