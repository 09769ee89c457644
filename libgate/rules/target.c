/* SPDX-License-Identifier: BSD-2-Clause */
/* target.c - finds the options that choose a command's target among its words.  See target.h. */
#include "rules/target.h"

#include <errno.h>
#include <string.h>

#include "base/strbuf.h"
#include "rules/rules_internal.h"

/* One option of a tool as a command gives it. */
struct target_option {
	const char *spec; /* in the tool's list */
	const char *value;
	size_t width; /* words that it takes */
	bool targets;
};

/* The words of a command while they are read. */
struct target_walk {
	const struct target_tool *tool;
	const char *name; /* the placeholder */
	const char *const *words;
	size_t n, at;
	size_t operands;
	struct strbuf *out;
};

static size_t target_spec_length(const char *spec)
{
	return strcspn(spec, " ");
}

/* The mark of a spec: ':', '?' or '#'; '\0': a flag. */
static char target_mark(const char *spec)
{
	char last = spec[target_spec_length(spec) - 1];
	return strchr(":?#", last) ? last : '\0';
}

static const char *target_next_spec(const char *spec)
{
	spec += target_spec_length(spec);
	return spec + strspn(spec, " ");
}

/* The value in `word` if it is the name itself (then "") or the name with an attached value; NULL: neither. */
static const char *target_attached(const char *word, const char *name, size_t len, char mark)
{
	if (strncmp(word, name, len))
		return NULL;
	if (!word[len] || (word[len] == '=' && len > 2))
		return word + len;
	return len == 2 && name[1] != '-' && (mark == ':' || mark == '?') ? word + len : NULL;
}

/* Does the spec have a name that `word` is?  Sets the value and the width. */
static bool target_is_option(const char *spec, const char *word, const char *next, struct target_option *o)
{
	const char *end = spec + target_spec_length(spec);
	char mark = target_mark(spec);
	for (const char *name = spec, *stop; name < end; name = stop + 1) {
		stop = name + strcspn(name, "|:?# ");
		size_t len = (size_t)(stop - name);
		const char *value = target_attached(word, name, len, mark);
		if (value) {
			bool separate = !*value && mark == ':' && next;
			*o = (struct target_option){
				.spec = spec, .value = separate ? next : NULL, .width = separate ? 2 : 1};
			if (*value)
				o->value = value + (*value == '=' && len > 2);
			return true;
		}
	}
	return false;
}

static bool target_find_in(const char *specs, const char *word, const char *next, struct target_option *o)
{
	for (const char *spec = specs; spec && *spec; spec = target_next_spec(spec))
		if (target_is_option(spec, word, next, o))
			return true;
	return false;
}

static bool target_find(const struct target_walk *w, const char *word, const char *next, struct target_option *o)
{
	bool chooses = !w->tool->first || !w->operands;
	if (chooses && target_find_in(w->tool->target, word, next, o)) {
		o->targets = true;
		return true;
	}
	return target_find_in(w->tool->options, word, next, o);
}

/* "-Atc TEXT": the first letter that takes a value takes the rest of the word, or the next one. */
static bool target_find_in_cluster(const struct target_walk *w, const char *next, struct target_option *o)
{
	const char *word = w->words[w->at];
	bool flagged = false;
	for (const char *c = word + 1; *word == '-' && word[1] != '-' && *c; c++) {
		char letter[] = {'-', *c, '\0'};
		struct target_option found;
		if (!target_find(w, letter, c[1] ? c + 1 : next, &found))
			continue;
		bool valued = target_mark(found.spec) == ':';
		if (valued || !flagged)
			*o = found;
		o->width = valued && !c[1] && next ? 2 : 1;
		flagged = true;
		if (valued)
			return true;
	}
	return flagged;
}

/* Append the option under its long name, or the first that it has. */
static void target_put_option(struct target_walk *w, const struct target_option *o)
{
	cleanup_strbuf struct strbuf word = {0};
	const char *end = o->spec + target_spec_length(o->spec), *name = o->spec;
	for (const char *s = o->spec; s + 1 < end; s += strcspn(s, "|") + 1)
		if (s[0] == '-' && s[1] == '-') {
			name = s;
			break;
		}
	size_t len = strcspn(name, "|:?# ");
	if (target_mark(o->spec) == '?' && !o->value) /* mysql -p: the tool asks for the password */
		return;
	strbuf_put(&word, name, len);
	if (o->value && len > 2)
		strbuf_printf(&word, "=%s", o->value);
	if (w->out->len && w->out->s[w->out->len - 1] != ' ')
		strbuf_putc(w->out, ' ');
	rules_put_quoted(w->out, word.s ? word.s : "", word.len);
	if (o->value && len <= 2) {
		strbuf_putc(w->out, ' ');
		rules_put_quoted(w->out, o->value, strlen(o->value));
	}
}

/* Is this option the one of a placeholder "--NAME"? */
static bool target_is_named(const struct target_option *o, const char *name)
{
	struct target_option named;
	return target_is_option(o->spec, name, NULL, &named);
}

static void target_take_operand(struct target_walk *w)
{
	const char *word = w->words[w->at];
	if (++w->operands <= w->tool->verbs || strcmp(w->name, "operands"))
		return;
	if (w->out->len && w->out->s[w->out->len - 1] != ' ')
		strbuf_putc(w->out, ' ');
	rules_put_quoted(w->out, word, strlen(word));
}

static int target_take_option(struct target_walk *w)
{
	struct target_option o = {0};
	const char *word = w->words[w->at], *next = w->at + 1 < w->n ? w->words[w->at + 1] : NULL;
	if (!target_find(w, word, next, &o) && !target_find_in_cluster(w, next, &o))
		return 1;
	if (target_mark(o.spec) == '#')
		return -EINVAL;
	if (strcmp(w->name, "target") ? target_is_named(&o, w->name) : o.targets)
		target_put_option(w, &o);
	return (int)o.width;
}

/* "RAILS_ENV=production" among the words: no dash, but it is in the tool's list. */
static bool target_is_setting(const struct target_tool *tool, const char *word)
{
	struct target_option o;
	return strchr(word, '=') && target_find_in(tool->target, word, NULL, &o);
}

bool target_is_placeholder(const char *name)
{
	return !strcmp(name, "target") || !strcmp(name, "operands") || (name[0] == '-' && name[1] == '-' && name[2]);
}

int target_put(const struct target_tool *tool, const char *name, const char *const *words, size_t n, struct strbuf *out)
{
	cleanup_strbuf struct strbuf put = {0};
	struct target_walk w = {.tool = tool, .name = name, .words = words, .n = n, .at = 1, .out = &put};
	bool ended = false;
	if (!target_is_placeholder(name))
		return -EINVAL;
	while (w.at < n) {
		int width = 1;
		const char *word = words[w.at];
		if (!ended && !strcmp(word, "--"))
			ended = true;
		else if (!ended && ((*word == '-' && word[1]) || target_is_setting(tool, word)))
			width = target_take_option(&w);
		else
			target_take_operand(&w);
		if (width < 0)
			return width;
		w.at += (size_t)width;
	}
	strbuf_put(out, put.s ? put.s : "", put.len);
	return put.err;
}
