/* SPDX-License-Identifier: BSD-2-Clause */
/* fields.c - the fields of gate.rules(5), each with one table row and one setter. */
#include "rules/rules_internal.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

void *rules_append(void *v, size_t *n, size_t size)
{
	void **array = v;
	if (!(*n & (*n - 1))) { /* full at every power of two */
		void *grown = realloc(*array, (*n ? *n * 2 : 1) * size);
		if (!grown)
			return NULL;
		*array = grown;
	}
	return memset((char *)*array + size * (*n)++, 0, size);
}

#define ERROR(p, v, at, ...) diag_at((p)->d, DIAG_ERROR, (p)->src, (v).line, (v).col + (unsigned)(at), __VA_ARGS__)
#define MEMBER(r, f, type) ((type *)(void *)((char *)(r) + (f)->offset))

static bool fields_is_word(struct value v, const char *word)
{
	return strlen(word) == v.n && !memcmp(v.s, word, v.n);
}

int rules_choice(struct pack *p, struct value v, const char *what, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (fields_is_word(v, words[i]))
			return i;
	char word[64] = "";
	if (v.n < sizeof word)
		memcpy(word, v.s, v.n);
	const char *near = *word ? diag_nearest(word, words) : NULL;
	ERROR(p, v, 0, near ? "unknown %s; did you mean %s?" : "unknown %s", what, near);
	return -1;
}

bool value_word(struct value *v, struct value *word)
{
	size_t from = 0, to;
	while (from < v->n && (v->s[from] == ' ' || v->s[from] == '\t'))
		from++;
	for (to = from; to < v->n && v->s[to] != ' ' && v->s[to] != '\t'; to++)
		;
	*word = (struct value){v->s + from, to - from, v->line, v->col + (unsigned)from};
	*v = (struct value){v->s + to, v->n - to, v->line, v->col + (unsigned)to};
	return word->n;
}

int rules_append_word(char ***list, struct value word, bool fold)
{
	size_t n = 0;
	while (*list && (*list)[n])
		n++;
	char **grown = realloc(*list, (n + 2) * sizeof *grown);
	if (!grown)
		return -ENOMEM;
	*list = grown;
	grown[n] = strndup(word.s, word.n);
	grown[n + 1] = NULL;
	for (char *s = grown[n]; fold && s && *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s += 'a' - 'A';
	return grown[n] ? 0 : -ENOMEM;
}

/* An id is [a-z0-9][a-z0-9-]* parts separated by dots, at least two: family.name.  Returns the offset of the first
 * fault, or -1. */
static long fields_bad_id(struct value v)
{
	bool dotted = false, start = true;
	for (size_t i = 0; i < v.n; i++) {
		char c = v.s[i];
		if (c == '.' ? start : c == '-' ? start : !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			return (long)i;
		start = c == '.';
		dotted |= start;
	}
	return start || !dotted ? (long)v.n : -1;
}

static int fields_set_id(struct pack *p, const struct field *f, struct value v)
{
	struct rule *r = p->rule;
	if (!(r->id = strndup(v.s, v.n)))
		return -ENOMEM;
	long at = fields_bad_id(v);
	if (at >= 0) {
		ERROR(p, v, at, "a rule's name is family.name, in a-z, 0-9 and '-'");
		return 0;
	}
	struct rule *other = rules_lookup(&p->ids, r->id);
	if (!other)
		other = rules_lookup(&p->rs->ids, r->id);
	if (other) {
		ERROR(p, v, 0, "rule %s already exists at %s:%u", r->id, other->file, other->line);
		return 0;
	}
	return tsearch(r, &p->ids, rules_by_id) ? 0 : -ENOMEM;
}

/* File events can share a rule; no other event can. */
static int fields_set_on(struct pack *p, const struct field *f, struct value v)
{
	static const char *const events[] = {"exec", "unlink",  "rename",    "truncate", "write",
					     "read", "connect", "statement", "request",  NULL};
	struct value word;
	unsigned all = 0;
	while (value_word(&v, &word)) {
		int event = rules_choice(p, word, "event", events);
		unsigned bit = event < 0 ? 0 : 1u << event;
		if (all && (all | bit) & ~(unsigned)RULE_FILE_EVENTS)
			ERROR(p, word, 0, "only unlink, rename, truncate, write and read can share a rule");
		p->foreign |= event < 0;
		all |= bit;
	}
	p->rule->events = all;
	return 0;
}

static int fields_set_severity(struct pack *p, const struct field *f, struct value v)
{
	static const char *const words[] = {"notice", "warning", "danger", "critical", NULL};
	int i = rules_choice(p, v, "severity", words);
	if (i >= 0)
		p->rule->severity = (enum gate_severity)i;
	return 0;
}

static int fields_set_action(struct pack *p, const struct field *f, struct value v)
{
	static const char *const words[] = {"ask", "deny", "log", "defer", "allow", "keep", NULL};
	int i = rules_choice(p, v, "action", words);
	if (i >= 0)
		p->rule->action = (enum gate_action)i;
	if ((i == GATE_ACTION_ALLOW || i == GATE_ACTION_KEEP) && p->trust != TRUST_SYSTEM)
		ERROR(p, v, 0, "only the system's packs may %s: yours can add questions, not remove them", words[i]);
	return 0;
}

static const char *const contents[] = {[SUBJECT_SQL - 1] = "sql", [SUBJECT_LINES - 1] = "lines", NULL};

const char *rule_content_name(const struct rule *r)
{
	return r->content ? contents[r->content - 1] : NULL;
}

static int fields_set_content(struct pack *p, const struct field *f, struct value v)
{
	int i = rules_choice(p, v, "content", contents);
	if (i >= 0)
		p->rule->content = (enum subject_content)(i + 1);
	return 0;
}

static int fields_set_content_unknown(struct pack *p, const struct field *f, struct value v)
{
	static const char *const words[] = {"ignore", "match", NULL};
	p->rule->content_unknown = rules_choice(p, v, "value", words) == 1;
	return 0;
}

static int fields_set_text(struct pack *p, const struct field *f, struct value v)
{
	char **text = MEMBER(p->rule, f, char *);
	*text = strndup(v.s, v.n);
	return *text ? 0 : -ENOMEM;
}

static int fields_set_program(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	int r = 0;
	while (!r && value_word(&v, &word)) {
		const char *slash = memchr(word.s, '/', word.n), *star = memchr(word.s, '*', word.n);
		if (slash)
			ERROR(p, word, slash - word.s, "a program is named by its base name, without '/'");
		else if (word.n == 1 && star)
			ERROR(p, word, 0, "to match any program, omit the field");
		else if (star && star != word.s + word.n - 1)
			ERROR(p, word, star - word.s, "'*' can only be the last character of a program");
		else
			r = rules_append_word(&p->rule->programs, word, false);
	}
	return r;
}

/* Return the offset of a character that a subject's text shows in another form than the command has, or -1.  With such
 * a character, the prefilter, which sees the command, and the rule, which sees the text, would disagree. */
static long fields_unlike_text(struct value word)
{
	cleanup_strbuf struct strbuf shown = {0};
	for (size_t i = 0; i < word.n; i++)
		if (strchr("'\"\\", word.s[i]))
			return (long)i;
	escape_put(&shown, word.s, word.n);
	if (shown.err || (shown.len == word.n && !memcmp(shown.s, word.s, word.n)))
		return -1;
	size_t i = 0;
	while (i < word.n && shown.s[i] == word.s[i])
		i++;
	return (long)i;
}

/* Append a line of words, one of which must be present. */
static int fields_add_words(struct pack *p, struct value v, struct any_of **lines, size_t *n)
{
	struct value word;
	struct any_of *line = rules_append(lines, n, sizeof *line);
	int r = line ? 0 : -ENOMEM;
	while (!r && value_word(&v, &word)) {
		long at = fields_unlike_text(word);
		if (at >= 0)
			ERROR(p, word, at,
			      "a keyword cannot contain quotes, backslashes, control or invisible characters");
		else
			r = rules_append_word(&line->words, word, true);
	}
	return r;
}

static int fields_set_keyword(struct pack *p, const struct field *f, struct value v)
{
	return fields_add_words(p, v, &p->rule->keywords, &p->rule->nkeywords);
}

static int fields_set_globs(struct pack *p, const struct field *f, struct value v)
{
	char ***list = MEMBER(p->rule, f, char **);
	struct value word;
	int r = 0;
	while (!r && value_word(&v, &word)) {
		if (*word.s == '~' && word.n > 1 && word.s[1] != '/')
			ERROR(p, word, 1, "'~' stands for the home directory: \"~\" or \"~/...\"");
		else
			r = rules_append_word(list, word, false);
	}
	return r;
}

static int fields_set_scope(struct pack *p, const struct field *f, struct value v)
{
	static const char *const words[] = {"outside-workspace", NULL};
	p->rule->outside = rules_choice(p, v, "scope", words) == 0;
	return 0;
}

static int fields_set_within(struct pack *p, const struct field *f, struct value v)
{
	static const char *const words[] = {"cache", "git-ignored", "locked", NULL};
	static const unsigned flags[] = {GATE_FILE_CACHE, GATE_FILE_IGNORED, GATE_FILE_LOCKED};
	int i = rules_choice(p, v, "place", words);
	if (i >= 0)
		p->rule->within = flags[i];
	return 0;
}

static int fields_set_pattern(struct pack *p, const struct field *f, struct value v)
{
	struct rule *r = p->rule;
	struct pattern **list = MEMBER(r, f, struct pattern *);
	struct pattern *pattern = rules_append(list, list == &r->match ? &r->nmatch : &r->nunless, sizeof *pattern);
	if (!pattern || !(pattern->text = strndup(v.s, v.n)))
		return -ENOMEM;
	pattern->line = v.line;
	pattern->col = v.col;
	const char *message;
	size_t at;
	int err = pattern_compile(p, pattern, &message, &at);
	if (err != -EINVAL)
		return err;
	ERROR(p, v, at, "%s", message);
	return 0;
}

static int fields_set_example(struct pack *p, const struct field *f, struct value v)
{
	struct rule *r = p->rule;
	struct example **list = MEMBER(r, f, struct example *);
	struct example *example = rules_append(list, list == &r->hits ? &r->nhits : &r->nmisses, sizeof *example);
	if (!example || !(example->text = strndup(v.s, v.n)))
		return -ENOMEM;
	example->line = v.line;
	example->col = v.col;
	return 0;
}

#define AT(member) .offset = offsetof(struct rule, member)
#define EXEC 1u << GATE_EVENT_EXEC
#define FILES RULE_FILE_EVENTS
#define STATEMENT 1u << GATE_EVENT_STATEMENT
#define REQUEST 1u << GATE_EVENT_REQUEST
#define CONNECT 1u << GATE_EVENT_CONNECT
#define SERVED (CONNECT | STATEMENT | REQUEST)

const struct field rules_fields[RULES_NFIELDS] = {
	{"rule", fields_set_id, .required = true},
	{"on", fields_set_on, .required = true},
	{"program", fields_set_program, .many = true, .selects = true},
	{"content", fields_set_content, .events = EXEC},
	{"content-unknown", fields_set_content_unknown, .events = EXEC},
	{"keyword", fields_set_keyword, .many = true, .selects = true, .events = EXEC},
	{"match", fields_set_pattern, AT(match), .many = true, .selects = true, .events = EXEC | REQUEST},
	{"unless", fields_set_pattern, AT(unless), .many = true, .events = EXEC | REQUEST},
	{"path", fields_set_globs, AT(paths), .many = true, .selects = true, .events = FILES | REQUEST},
	{"except", fields_set_globs, AT(excepts), .many = true, .events = FILES},
	{"scope", fields_set_scope, .selects = true, .events = FILES},
	{"within", fields_set_within, .selects = true, .events = FILES},
	{"when", fields_set_text, AT(when), .runs = true, .events = EXEC},
	{"severity", fields_set_severity, .required = true},
	{"action", fields_set_action},
	{"reason", fields_set_text, AT(reason), .required = true},
	{"instead", fields_set_text, AT(instead)},
	{"preview", fields_set_text, AT(preview), .runs = true},
	{"keep", fields_set_text, AT(keep), .runs = true, .events = EXEC},
	{"undo", fields_set_text, AT(undo), .runs = true, .events = EXEC},
	{"asks", rules_set_asks, .events = EXEC},
	{"hit", fields_set_example, AT(hits), .many = true, .required = true},
	{"miss", fields_set_example, AT(misses), .many = true, .required = true},
	{"host", rules_set_host, .many = true, .selects = true, .events = SERVED},
	{"net", rules_set_net, .many = true, .selects = true, .events = SERVED},
	{"port", rules_set_port, .many = true, .selects = true, .events = SERVED},
	{"socket", rules_set_socket, .many = true, .selects = true, .events = CONNECT},
	{"effect", rules_set_effect, AT(said.effects), .many = true, .selects = true, .events = STATEMENT},
	{"kind", rules_set_kind, .many = true, .selects = true, .events = STATEMENT},
	{"object", rules_set_names, AT(said.objects), .many = true, .selects = true, .events = STATEMENT | REQUEST},
	{"condition", rules_set_condition, AT(said.conditions), .many = true, .events = STATEMENT},
	{"rows", rules_set_rows, .events = STATEMENT},
	{"engine", rules_set_engine, AT(said.engines), .many = true, .selects = true, .events = STATEMENT},
	{"database", rules_set_names, AT(said.databases), .many = true, .selects = true, .events = STATEMENT},
	{"method", rules_set_method, .many = true, .selects = true, .events = REQUEST},
	{"operation", rules_set_names, AT(said.operations), .many = true, .selects = true, .events = REQUEST},
	{"body", rules_set_body, .many = true, .selects = true, .events = REQUEST},
};
