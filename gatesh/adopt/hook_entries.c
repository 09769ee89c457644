/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_entries.c - puts entries among an agent's hooks, and takes them out.  See hook_entries.h. */
#include "adopt/hook_entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adopt/jsonc_edit.h"

/* Is the text nothing but white space? */
static bool hook_entries_is_blank(const char *text, size_t len)
{
	while (len && memchr(" \t\r\n", text[len - 1], 4))
		len--;
	return !len;
}

int hook_entries_check(const char *text, size_t len, unsigned *line)
{
	struct jsonc_item root;
	size_t bad;
	int err = hook_entries_is_blank(text, len) ? 0 : jsonc_root((struct jsonc){text, len}, &root, &bad);
	*line = 1;
	for (size_t i = 0; err && i < bad && i < len; i++)
		*line += text[i] == '\n';
	return err;
}

/* Does the string at `item` run gatesh hook for this agent?  By "gatesh hook NAME" or "'/a dir/gatesh' hook NAME". */
static bool hook_entries_is_ours(const struct agent *a, struct jsonc t, const struct jsonc_item *item)
{
	char mark[64];
	int n = snprintf(mark, sizeof mark, " hook %s", a->name);
	const char *s = t.s + item->value, *end = t.s + item->value_end;
	while ((s = memmem(s, (size_t)(end - s), mark, (size_t)n))) {
		const char *before = s - (s[-1] == '\'');
		s += n;
		if (before - (t.s + item->value) >= 6 && !memcmp(before - 6, "gatesh", 6) && (*s == '"' || *s == ' '))
			return true;
	}
	return false;
}

/* A place of gatesh's among the hooks: the element `outer` of an event's array, in it the element `inner` of its hooks, of
 * which there are `n`. */
struct entry_place {
	struct jsonc_item event; /* the event's array */
	size_t outer, inner, n, elements;
	size_t list; /* the value of the hooks in the element */
	struct jsonc_item command;
};

/* Look in the hooks of the element `e` of an event.  Returns 1 if one of them is gatesh's, 0, or -EBADMSG. */
static int hook_entries_look(const struct agent *a, struct jsonc t, const struct jsonc_item *e, struct entry_place *p)
{
	struct jsonc_walk w;
	struct jsonc_item list, hook, command;
	int got, found = 0;
	if (jsonc_member(t, e->value, "hooks", &list) || jsonc_enter(&w, t, list.value) || w.object)
		return 0;
	p->list = list.value;
	for (p->n = 0; (got = jsonc_next(&w, &hook)) > 0; p->n++) {
		if (found || jsonc_member(t, hook.value, "command", &command) || !hook_entries_is_ours(a, t, &command))
			continue;
		p->inner = p->n;
		p->command = command;
		found = 1;
	}
	return got < 0 ? got : found;
}

/* Find the first of gatesh's entries for an event.  Returns 1, 0 if there is none, or -EBADMSG. */
static int hook_entries_find(const struct agent *a, struct jsonc t, const char *event, struct entry_place *p)
{
	struct jsonc_walk w;
	struct jsonc_item item;
	struct entry_place one;
	size_t bad;
	int got, found = 0;
	if (hook_entries_is_blank(t.s, t.len))
		return 0;
	if (jsonc_root(t, &item, &bad))
		return -EBADMSG;
	if (jsonc_member(t, item.value, "hooks", &item) || jsonc_member(t, item.value, event, &item) ||
	    jsonc_enter(&w, t, item.value) || w.object)
		return 0;
	one = (struct entry_place){.event = item};
	for (; (got = jsonc_next(&w, &item)) > 0; one.elements++) {
		int is = found ? 0 : hook_entries_look(a, t, &item, &one);
		if (is < 0)
			return is;
		if (is) {
			found = 1;
			*p = one;
			p->outer = one.elements;
		}
	}
	p->elements = one.elements;
	return got < 0 ? got : found;
}

/* The index of the member `key` of the object at `value`, and how many members there are. */
static size_t hook_entries_index(struct jsonc t, size_t value, const struct jsonc_item *member, size_t *n)
{
	struct jsonc_walk w;
	struct jsonc_item item;
	size_t at = 0;
	jsonc_enter(&w, t, value);
	for (*n = 0; jsonc_next(&w, &item) > 0; (*n)++)
		if (item.key == member->key)
			at = *n;
	return at;
}

/* Take out one entry, and what would be left empty around it: its element, its event, all hooks. */
static int hook_entries_cut(struct jsonc t, const struct entry_place *p, struct strbuf *out)
{
	struct jsonc_item root, hooks;
	size_t n, bad;
	if (p->n > 1)
		return jsonc_cut(t, p->list, p->inner, out);
	if (p->elements > 1)
		return jsonc_cut(t, p->event.value, p->outer, out);
	if (jsonc_root(t, &root, &bad) || jsonc_member(t, root.value, "hooks", &hooks))
		return -EBADMSG;
	size_t at = hook_entries_index(t, hooks.value, &p->event, &n);
	if (n > 1)
		return jsonc_cut(t, hooks.value, at, out);
	at = hook_entries_index(t, root.value, &hooks, &n);
	return jsonc_cut(t, root.value, at, out);
}

int hook_entries_remove(const struct agent *a, const char *text, size_t len, struct strbuf *out)
{
	struct strbuf now = {0};
	int removed = 0, got = 0;
	strbuf_put(&now, text, len);
	for (const struct agent_event *e = a->events; e->name && got >= 0;) {
		struct entry_place p;
		struct jsonc t = {now.s ? now.s : "", now.len};
		got = hook_entries_find(a, t, e->name, &p);
		if (!got)
			e++;
		if (got <= 0)
			continue;
		struct strbuf next = {0};
		got = hook_entries_cut(t, &p, &next);
		strbuf_free(&now);
		now = next;
		removed++;
	}
	strbuf_put(out, now.s ? now.s : "", now.len);
	int err = got < 0 ? got : now.err ? -ENOMEM : out->err;
	strbuf_free(&now);
	return err ? err : removed;
}

int hook_entries_add(const struct agent *a, const char *command, const char *text, size_t len, struct strbuf *out)
{
	struct strbuf now = {0};
	int err = 0;
	if (hook_entries_is_blank(text, len))
		strbuf_puts(&now, "{}\n");
	else
		strbuf_put(&now, text, len);
	for (const struct agent_event *e = a->events; e->name && !err && now.s; e++) {
		const char *path[] = {"hooks", e->name, NULL};
		struct strbuf next = {0};
		json_t *entry = agent_entry(a, e, command);
		err = entry ? jsonc_append((struct jsonc){now.s, now.len}, path, entry, &next) : -ENOMEM;
		json_decref(entry);
		strbuf_free(&now);
		now = next;
	}
	if (!err)
		strbuf_put(out, now.s ? now.s : "", now.len);
	if (!err)
		err = now.err ? now.err : out->err;
	strbuf_free(&now);
	return err;
}

int hook_entries_count(const struct agent *a, const char *command, const char *text, size_t len, bool *same)
{
	struct jsonc t = {text, len};
	json_t *word = command ? json_string(command) : NULL;
	char *wanted = word ? json_dumps(word, JSON_ENCODE_ANY) : NULL;
	int n = 0, got = 0;
	*same = !command || wanted;
	for (const struct agent_event *e = a->events; e->name && got >= 0; e++) {
		struct entry_place p;
		got = hook_entries_find(a, t, e->name, &p);
		n += got > 0;
		if (got > 0 && wanted &&
		    (strlen(wanted) != p.command.value_end - p.command.value ||
		     memcmp(wanted, t.s + p.command.value, strlen(wanted))))
			*same = false;
	}
	free(wanted);
	json_decref(word);
	return got < 0 ? got : n;
}
