/* SPDX-License-Identifier: BSD-2-Clause */
/* rule_skeleton.c - picks the words of a command that matter, and builds pattern, hit and miss from them. */
#include "draft/rule_skeleton.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "subject/subject.h"

/* Append a word quoted for a shell, on one line. */
static void skeleton_put_word(struct strbuf *b, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";
	bool control = false;
	for (const char *c = word; *c; c++)
		control |= (unsigned char)*c < ' ' || *c == 0x7f;
	if (*word && !word[strspn(word, plain)]) {
		strbuf_puts(b, word);
		return;
	}
	strbuf_puts(b, control ? "$'" : "'");
	for (; *word; word++) {
		if (control && ((unsigned char)*word < ' ' || *word == 0x7f))
			strbuf_printf(b, "\\x%02x", (unsigned char)*word);
		else if (control && strchr("\\'", *word))
			strbuf_printf(b, "\\%c", *word);
		else if (*word == '\'')
			strbuf_puts(b, "'\\''");
		else
			strbuf_putc(b, *word);
	}
	strbuf_putc(b, '\'');
}

static void skeleton_put_words(struct strbuf *b, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		strbuf_puts(b, i ? " " : "");
		skeleton_put_word(b, words[i]);
	}
}

/* --- which words matter ------------------------------------------------------------------------------------------- */

/* Does the word have only characters that a subject's text does not quote and a keyword may have? */
static bool skeleton_is_plain(const char *word)
{
	return *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:.=+")];
}

/* Does the word look like a subcommand of most programs? */
static bool skeleton_is_bare(const char *word)
{
	return islower((unsigned char)*word) && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-_:")];
}

static bool skeleton_is_dangerous(const char *word)
{
	static const char *const parts[] = {"delete",    "destroy",  "drop",      "remove", "purge",  "prune",
					    "wipe",      "reset",    "truncate",  "uninst", "revoke", "termin",
					    "kill",      "flush",    "erase",     "force",  "hard",   "clean",
					    "format",    "clear",    "unpublish", "yank",   "nuke",   "expire",
					    "overwrite", "shutdown", "detach",    NULL};
	static const char *const whole[] = {"rm",       "rb", "del", "rmi", "mv", "down", "stop", "disable",
					    "--mirror", "-f", "-rf", "-fr", "-D", "-9",   NULL};
	for (size_t i = 0; parts[i]; i++)
		if (strcasestr(word, parts[i]))
			return true;
	for (size_t i = 0; whole[i]; i++)
		if (!strcasecmp(word, whole[i]))
			return true;
	return false;
}

/* The first dangerous word, preferring a subcommand to an option; 0: none. */
static size_t skeleton_dangerous_word(const struct skeleton *s)
{
	size_t option = 0;
	for (size_t i = 1; i < s->n; i++) {
		if (!skeleton_is_plain(s->words[i]) || !skeleton_is_dangerous(s->words[i]))
			continue;
		if (*s->words[i] != '-')
			return i;
		option = option ? option : i;
	}
	return option;
}

/* Choose the anchors: the dangerous word and the subcommands before it.  Without one, the subcommands, or else the
 * first option. */
static void skeleton_find_anchors(struct skeleton *s)
{
	size_t last = skeleton_dangerous_word(s), end = last ? last : s->n;
	size_t room = sizeof s->anchors / sizeof *s->anchors - 1;
	for (size_t i = 1; i < end && s->nanchors < room && skeleton_is_bare(s->words[i]); i++)
		s->anchors[s->nanchors++] = i;
	for (size_t i = 1; !last && !s->nanchors && i < s->n; i++)
		if (*s->words[i] == '-' && skeleton_is_plain(s->words[i]))
			last = i;
	if (last > 1 && !s->nanchors && *s->words[last] == '-' && skeleton_is_bare(s->words[last - 1]))
		s->anchors[s->nanchors++] = last - 1; /* git -C DIR push --force */
	if (last)
		s->anchors[s->nanchors++] = last;
}

/* The length without an option's value. */
static size_t skeleton_anchor_len(const char *word)
{
	return *word == '-' ? strcspn(word, "=") : strlen(word);
}

/* --- the stanza --------------------------------------------------------------------------------------------------- */

static void skeleton_put_escaped(struct strbuf *b, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		strbuf_printf(b, "%s%c", strchr("\\^$.[]|()?*+{}#", text[i]) ? "\\" : "", text[i]);
}

/* The pattern looks for each anchor separately, from the program on: in any order and in linear time.  The last one
 * shows as matched. */
static void skeleton_make_match(struct skeleton *s)
{
	strbuf_putc(&s->match, '^');
	skeleton_put_escaped(&s->match, s->program, strlen(s->program));
	for (size_t i = 0; i < s->nanchors; i++) {
		const char *word = s->words[s->anchors[i]];
		bool last = i + 1 == s->nanchors;
		strbuf_puts(&s->match, last ? ".* " : "(?=.* ");
		skeleton_put_escaped(&s->match, word, skeleton_anchor_len(word));
		strbuf_printf(&s->match, "(?:%s|$)%s", *word == '-' ? "[ =]" : " ", last ? "" : ")");
	}
	if (!s->nanchors)
		strbuf_puts(&s->match, s->n > 1 ? " ." : "$");
}

/* The command without any occurrence of its last anchor.  If there are no anchors, the bare program, or --help if that
 * is the hit. */
static void skeleton_make_miss(struct skeleton *s)
{
	const char *word = s->nanchors ? s->words[s->anchors[s->nanchors - 1]] : NULL;
	skeleton_put_word(&s->miss, s->words[0]);
	for (size_t i = 1; word && i < s->n; i++) {
		if (skeleton_anchor_len(s->words[i]) == skeleton_anchor_len(word) &&
		    !strncmp(s->words[i], word, skeleton_anchor_len(word)))
			continue;
		strbuf_putc(&s->miss, ' ');
		skeleton_put_word(&s->miss, s->words[i]);
	}
	if (!word && s->n == 1)
		strbuf_puts(&s->miss, " --help");
}

/* "local.terraform-destroy" */
static char *skeleton_make_id(const struct skeleton *s)
{
	struct strbuf b = {0};
	const char *parts[] = {s->program, s->nanchors ? s->words[s->anchors[s->nanchors - 1]] : ""};
	strbuf_puts(&b, "local");
	for (size_t i = 0; i < 2; i++) {
		bool start = true;
		for (const char *c = parts[i]; *c && *c != '='; c++) {
			if (!isalnum((unsigned char)*c) && (start || *c == '.' || *c == '+'))
				continue;
			if (start)
				strbuf_putc(&b, i ? '-' : '.');
			strbuf_putc(&b, isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '-');
			start = false;
		}
		if (start && !i)
			strbuf_puts(&b, ".rule");
	}
	char *id = strbuf_take(&b);
	strbuf_free(&b);
	return id;
}

/* Take the next word of a subject's text, where words with blanks or quotes are in single quotes. */
static bool skeleton_next_word(const char **text, struct strbuf *word)
{
	const char *s = *text + strspn(*text, " ");
	bool any = *s, quoted = false;
	for (; *s && (quoted || *s != ' '); s++) {
		if (*s == '\'')
			quoted = !quoted;
		else if (*s == '\\' && s[1] == '\'' && !quoted)
			strbuf_putc(word, *++s);
		else
			strbuf_putc(word, *s);
	}
	*text = s;
	return any;
}

static int skeleton_take_words(struct skeleton *s, const char *text)
{
	for (struct strbuf word = {0}; skeleton_next_word(&text, &word);) {
		char **grown = reallocarray(s->words, s->n + 2, sizeof *grown);
		if (!grown) {
			strbuf_free(&word);
			return -ENOMEM;
		}
		s->words = grown;
		if (!(s->words[s->n] = strbuf_take(&word)))
			return -ENOMEM;
		s->words[++s->n] = NULL;
	}
	return 0;
}

/* Choose among the commands that it starts: the last with a dangerous word, or the last. */
static int skeleton_choose(struct skeleton *s, const struct subjects *subjects)
{
	int err = 0;
	for (size_t i = subjects->n; !err && i--;) {
		struct skeleton one = {0};
		err = skeleton_take_words(&one, subjects->v[i].text);
		if (!err && one.n && (!s->n || (!skeleton_dangerous_word(s) && skeleton_dangerous_word(&one)))) {
			skeleton_free(s);
			*s = one;
			s->program = strdup(subjects->v[i].program);
			err = s->program ? 0 : -ENOMEM;
		} else {
			skeleton_free(&one);
		}
	}
	return err ? err : s->n ? 0 : -ENOENT;
}

int skeleton_make(struct skeleton *s, const char *const *argv, size_t argc, const char *exe)
{
	struct subjects subjects = {0};
	struct gate_event ev = {.struct_size = sizeof(struct gate_event),
				.type = GATE_EVENT_EXEC,
				.argv = argv,
				.argc = argc,
				.exe = exe};
	int err = argc ? subjects_of_exec(&ev, &subjects) : -ENOENT;
	if (!err)
		err = skeleton_choose(s, &subjects);
	subjects_free(&subjects);
	if (err)
		return err;
	skeleton_put_words(&s->hit, argv, argc);
	skeleton_find_anchors(s);
	skeleton_make_match(s);
	skeleton_make_miss(s);
	s->id = skeleton_make_id(s);
	return !s->id || s->hit.err || s->match.err || s->miss.err ? -ENOMEM : 0;
}

int skeleton_simplify(struct skeleton *s)
{
	s->miss.len = 0;
	skeleton_put_word(&s->miss, s->words[0]);
	strbuf_puts(&s->miss, " --help");
	return s->miss.err;
}

void skeleton_print(const struct skeleton *s, struct strbuf *out)
{
	strbuf_printf(out, "rule: %s\non: exec\nprogram: %s\n", s->id, s->program);
	if (s->nanchors) {
		const char *word = s->words[s->anchors[s->nanchors - 1]];
		strbuf_printf(out, "keyword: %.*s\n", (int)skeleton_anchor_len(word), word);
	}
	strbuf_printf(out, "match: %s\nseverity: danger\nreason: to be filled in: what is lost\n", s->match.s);
	strbuf_printf(out, "hit: %s\nmiss: %s\n", s->hit.s, s->miss.s);
}

void skeleton_free(struct skeleton *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->words[i]);
	free(s->words);
	free(s->id);
	free(s->program);
	strbuf_free(&s->hit), strbuf_free(&s->match), strbuf_free(&s->miss);
	*s = (struct skeleton){0};
}
