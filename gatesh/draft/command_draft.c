/* SPDX-License-Identifier: BSD-2-Clause */
/* command_draft.c - puts a `command` stanza together from the help of a tool and of its verbs. */
#include "draft/command_draft.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"

enum { DRAFT_VERBS_MAX = 120, DRAFT_DEPTH = 3, DRAFT_LINE = 120 };

struct draft {
	const char *tool;
	const struct draft_source *from;
	struct strbuf *out;
	char *verbs[DRAFT_VERBS_MAX]; /* owned: paths, words with their aliases */
	struct help_text *helps[DRAFT_VERBS_MAX];
	size_t n;
	bool cut; /* there are more */
};

/* Does one of the option's names stand in `other`?  Both are as gate.rules(5) writes them. */
static bool draft_shares_name(const char *option, const char *other)
{
	for (const char *a = option; *a;) {
		size_t n = strcspn(a, "|:?!*");
		for (const char *b = other; *b;) {
			size_t m = strcspn(b, "|:?!*");
			if (n == m && !strncmp(a, b, n))
				return true;
			b += m + (b[m] == '|');
			if (*b != '-')
				break;
		}
		a += n + (a[n] == '|');
		if (*a != '-')
			break;
	}
	return false;
}

/* Is the option there already: among the global ones, or with more to say about it in the same help? */
static bool draft_is_known(const struct help_list *l, size_t place, const struct help_list *globals)
{
	const char *own = l->v[place];
	for (size_t i = 0; globals && i < globals->n; i++)
		if (draft_shares_name(own, globals->v[i]))
			return true;
	for (size_t i = 0; i < l->n; i++) {
		size_t more = strlen(l->v[i]), len = strlen(own);
		if (i != place && draft_shares_name(own, l->v[i]) && (more > len || (more == len && i < place)))
			return true;
	}
	return false;
}

static bool draft_put_options(struct strbuf *out, const struct help_list *l, const struct help_list *globals)
{
	size_t line = 0;
	for (size_t i = 0; i < l->n; i++) {
		size_t n = strlen(l->v[i]);
		if (draft_is_known(l, i, globals))
			continue;
		if (line && line + n > DRAFT_LINE) {
			strbuf_putc(out, '\n');
			line = 0;
		}
		strbuf_printf(out, "%s %s", line ? "" : "options:", l->v[i]);
		line += n + 1 + (line ? 0 : strlen("options:"));
	}
	if (line)
		strbuf_putc(out, '\n');
	return line;
}

/* The words of a verb without their aliases, for the command line. */
static char *draft_words(const char *verb)
{
	char *words = strdup(verb), *to = words;
	for (const char *s = verb; words && *s;) {
		size_t n = strcspn(s, "| ");
		memcpy(to, s, n);
		to += n;
		s += n;
		while (*s == '|')
			s += 1 + strcspn(s + 1, "| ");
		if (*s)
			*to++ = *s++;
	}
	if (words)
		*to = '\0';
	return words;
}

/* Remember the verbs of a help, below the verb `above`. */
static int draft_add_verbs(struct draft *d, const char *above, const struct help_text *h)
{
	for (size_t i = 0; i < h->verbs.n; i++) {
		cleanup_strbuf struct strbuf path = {0};
		if (d->n == DRAFT_VERBS_MAX) {
			d->cut = true;
			return 0;
		}
		strbuf_printf(&path, "%s%s%s", above, *above ? " " : "", h->verbs.v[i]);
		if (!(d->verbs[d->n] = strbuf_take(&path)))
			return -ENOMEM;
		d->n++;
	}
	return 0;
}

/* Does the verb's help say something of its own?  Some tools answer every verb with their own help. */
static bool draft_is_own(const struct help_text *h, const struct help_text *above)
{
	size_t same = 0;
	for (size_t i = 0; i < h->verbs.n; i++)
		same += help_list_has(&above->verbs, h->verbs.v[i]);
	return !h->verbs.n || same * 2 < h->verbs.n;
}

static size_t draft_depth(const char *verb)
{
	size_t depth = 1;
	for (; *verb; verb++)
		depth += *verb == ' ';
	return depth;
}

/* Read the help of one verb, which is at `place`. */
static int draft_read_verb(struct draft *d, size_t place, const char *text, const struct help_text *top)
{
	struct help_text *h = calloc(1, sizeof *h);
	int err = h ? help_text_read(text, h) : -ENOMEM;
	bool own = h && draft_is_own(h, top);
	d->helps[place] = h;
	if (!err && own && draft_depth(d->verbs[place]) < DRAFT_DEPTH)
		err = draft_add_verbs(d, d->verbs[place], h);
	if (h && !own) {
		help_text_free(h);
		d->helps[place] = NULL;
		free(h);
	}
	return err;
}

/* Ask for the help of the verbs from `first` on; it may name more of them. */
static int draft_ask(struct draft *d, size_t first, size_t end, const struct help_text *top)
{
	char *words[DRAFT_VERBS_MAX], *texts[DRAFT_VERBS_MAX] = {NULL};
	int err = 0;
	for (size_t i = first; i < end; i++)
		if (!(words[i - first] = draft_words(d->verbs[i])))
			err = -ENOMEM;
	if (!err)
		err = d->from->help(d->tool, words, end - first, texts, d->from->data);
	for (size_t i = first; i < end; i++) {
		if (!err && texts[i - first])
			err = draft_read_verb(d, i, texts[i - first], top);
		free(texts[i - first]);
		free(words[i - first]);
	}
	return err;
}

static void draft_put(struct draft *d, const struct help_text *top)
{
	struct strbuf *out = d->out;
	const char *name = name_base(d->tool);
	strbuf_printf(
		out,
		"# Drafted from the help of %s; what it leaves out is guessed.  Check: which options take a value,\n"
		"# whether global ones are valid between the words (globals:), which may be abbreviated.\n"
		"command: %s\n",
		name, name);
	if (!top->verbs.n)
		strbuf_puts(out, "depth: 0\n");
	strbuf_puts(out, "# env: the variables that choose what it acts on\n");
	draft_put_options(out, &top->options, NULL);
	if (top->left_out)
		strbuf_printf(out, "# %zu options could not be read\n", top->left_out);
	for (size_t i = 0; i < d->n; i++) {
		strbuf_printf(out, "verb: %s\n", d->verbs[i]);
		if (d->helps[i])
			draft_put_options(out, &d->helps[i]->options, &top->options);
	}
	if (d->cut)
		strbuf_printf(out, "# there are more verbs than %d\n", DRAFT_VERBS_MAX);
}

int command_draft(const char *tool, const struct draft_source *from, struct strbuf *out)
{
	struct draft d = {.tool = tool, .from = from, .out = out};
	struct help_text top = {.left_out = 0};
	char *none = (char *)"", *text = NULL;
	int err = from->help(tool, &none, 1, &text, from->data);
	if (!err)
		err = text ? help_text_read(text, &top) : -ENOENT;
	if (!err && !top.options.n && !top.verbs.n)
		err = -ENOENT;
	if (!err)
		err = draft_add_verbs(&d, "", &top);
	for (size_t first = 0, end; !err && from->deep && first < d.n; first = end) {
		end = d.n;
		err = draft_ask(&d, first, end, &top);
	}
	if (!err)
		draft_put(&d, &top);
	for (size_t i = 0; i < d.n; i++) {
		free(d.verbs[i]);
		if (d.helps[i])
			help_text_free(d.helps[i]);
		free(d.helps[i]);
	}
	help_text_free(&top);
	free(text);
	return err ? err : out->err;
}
