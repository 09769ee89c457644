/* rules_parse.c - gate.rules(5): stanzas of `field: value` lines, parted by blank lines, into rules. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "rules_int.h"

enum { LINE_MAX_BYTES = 1 << 20 };

#define ERROR(p, line, col, ...) diag_at((p)->d, DIAG_ERROR, (p)->src, line, (unsigned)(col), __VA_ARGS__)

/* "exec", or "unlink, rename, truncate": the names of a set of events. */
static const char *names_of(unsigned events)
{
	return events & RULE_FILE_EVENTS ? "unlink, rename and truncate" : "exec";
}

/* Fields and actions that the rule's events do not have. */
static void check_events(struct pack *p, const struct rule *r)
{
	for (size_t i = 0; r->events && i < RULES_NFIELDS; i++)
		if (p->seen[i] && rules_fields[i].events && r->events & ~rules_fields[i].events)
			ERROR(p, p->seen[i], 1, "%s belongs to rules on %s", rules_fields[i].name,
			      names_of(rules_fields[i].events));
	if (r->action == GATE_ACT_DEFER && r->events != 1u << GATE_EV_EXEC)
		ERROR(p, r->line, 1, "rule %s: action: defer is for commands, which wait for their file events", r->id);
	if (r->action == GATE_ACT_ALLOW && r->events & 1u << GATE_EV_EXEC)
		ERROR(p, r->line, 1, "rule %s: action: allow is for files; a command that no rule matches is allowed",
		      r->id);
}

/* The stanza ended: is the rule whole? */
static void close_rule(struct pack *p)
{
	struct rule *r = p->rule;
	p->rule = NULL;
	if (!r || !r->id || p->foreign)
		return;
	bool selects = false;
	for (size_t i = 0; i < RULES_NFIELDS; i++) {
		if (rules_fields[i].required && !p->seen[i])
			ERROR(p, r->line, 1, "rule %s has no %s", r->id, rules_fields[i].name);
		selects |= rules_fields[i].selects && p->seen[i];
	}
	check_events(p, r);
	if (r->content && !r->programs)
		ERROR(p, r->line, 1, "rule %s asks for content, but names no program", r->id);
	if (r->content_unknown && !r->content)
		ERROR(p, r->line, 1, "rule %s has content-unknown, but no content", r->id);
	if (!selects)
		ERROR(p, r->line, 1, "rule %s has no program, keyword or match: it would concern everything", r->id);
}

static int open_rule(struct pack *p, unsigned line)
{
	struct rule **slot = rules_append(&p->rules, &p->n, sizeof *slot);
	if (!slot || !(*slot = calloc(1, sizeof **slot)))
		return -ENOMEM;
	p->rule = *slot;
	p->rule->file = p->file;
	p->rule->line = line;
	p->foreign = false;
	memset(p->seen, 0, RULES_NFIELDS * sizeof *p->seen);
	return 0;
}

static const struct field *find_field(struct pack *p, const char *s, size_t n, unsigned line)
{
	const char *names[RULES_NFIELDS + 1] = {NULL};
	char name[32] = "";
	if (n < sizeof name)
		memcpy(name, s, n);
	for (size_t i = 0; *name && i < RULES_NFIELDS; i++) {
		names[i] = rules_fields[i].name;
		if (!strcmp(names[i], name))
			return &rules_fields[i];
	}
	const char *near = *name ? diag_nearest(name, names) : NULL;
	ERROR(p, line, 1, near ? "unknown field; did you mean %s?" : "unknown field", near);
	return NULL;
}

/* Is the field allowed here?  Reports when it is not. */
static bool field_fits(struct pack *p, const struct field *f, struct value v)
{
	unsigned *seen = &p->seen[f - rules_fields], line = v.line;
	if (p->foreign)
		return false;
	if (!f->set)
		ERROR(p, line, 1, "%s belongs to rules on %s", f->name, f->belongs);
	else if (!v.n)
		ERROR(p, line, v.col, "%s has no value", f->name);
	else if (*seen && !f->many)
		ERROR(p, line, 1, "%s stands twice in this rule; the first is in line %u", f->name, *seen);
	else if (f->runs && p->trust == PACK_PROJECT)
		ERROR(p, line, 1, "a project's pack may not name a program to run: no %s here", f->name);
	else {
		*seen = line;
		return true;
	}
	*seen = line; /* reported once; not as missing too */
	return false;
}

static int parse_field(struct pack *p, const char *s, size_t n, unsigned line)
{
	const char *colon = memchr(s, ':', n);
	if (*s == ' ' || *s == '\t') {
		ERROR(p, line, 1, "a field starts in column 1; a value can't go on in the next line");
		return 0;
	}
	if (!colon) {
		ERROR(p, line, 1, "neither `field: value` nor a comment");
		return 0;
	}
	const struct field *f = find_field(p, s, (size_t)(colon - s), line);
	if (!f)
		return 0;
	const char *at = colon + 1, *end = s + n;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	struct value v = {at, (size_t)(end - at), line, (unsigned)(at - s) + 1};
	if (f == rules_fields) { /* `rule` */
		if (p->rule)
			ERROR(p, line, 1, "a blank line is missing before this rule");
		close_rule(p);
		int r = open_rule(p, line);
		if (r)
			return r;
	} else if (!p->rule) {
		ERROR(p, line, 1, "a rule starts with its name: `rule: family.name`");
		int r = open_rule(p, line);
		if (r)
			return r;
		p->foreign = true; /* one report for the stanza is enough */
	}
	if (!field_fits(p, f, v))
		return 0;
	if (strchr(" \t", v.s[v.n - 1]))
		diag_at(p->d, DIAG_WARNING, p->src, line, v.col + (unsigned)v.n - 1,
			"a blank at the end belongs to the value");
	return f->set(p, f, v);
}

/* Bytes that no line may have.  Returns the length of the line that is left to parse; *cr is set once reported. */
static bool line_is_sound(struct pack *p, const char *s, size_t *n, unsigned line, bool *cr)
{
	const char *nul = memchr(s, '\0', *n);
	if (*n > LINE_MAX_BYTES)
		ERROR(p, line, 0, "a line of %zu bytes; %d are allowed", *n, LINE_MAX_BYTES);
	else if (nul)
		ERROR(p, line, nul - s + 1, "a NUL byte");
	else if (line == 1 && *n >= 3 && !memcmp(s, "\xef\xbb\xbf", 3))
		ERROR(p, line, 1, "the file starts with a byte order mark");
	else {
		if (*n && s[*n - 1] == '\r') {
			if (!*cr)
				ERROR(p, line, *n, "the line ends in CR LF; write LF alone");
			*cr = true;
			--*n;
		}
		return true;
	}
	return false;
}

static int parse_lines(struct pack *p)
{
	const char *s = p->src->text, *end = s + p->src->len;
	bool cr = false;
	for (unsigned line = 1; s < end; line++) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		size_t n = (size_t)((nl ? nl : end) - s), blanks = 0;
		if (line_is_sound(p, s, &n, line, &cr)) {
			while (blanks < n && (s[blanks] == ' ' || s[blanks] == '\t'))
				blanks++;
			int r = 0;
			if (blanks == n)
				close_rule(p);
			else if (*s != '#')
				r = parse_field(p, s, n, line);
			if (r)
				return r;
		}
		s = nl ? nl + 1 : end;
	}
	close_rule(p);
	return 0;
}

/* Hand the rules of a sound pack over. */
static int accept_rules(struct pack *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct rule **slot = rules_append(&p->rs->rules, &p->rs->n, sizeof *slot);
		if (!slot)
			return -ENOMEM;
		*slot = p->rules[i];
		p->rules[i] = NULL;
		if (!tsearch(*slot, &p->rs->ids, rules_by_id))
			return -ENOMEM;
	}
	return 0;
}

int ruleset_parse(struct ruleset *rs, const struct source *src, enum ruleset_trust trust, struct diag *d)
{
	unsigned errors = d->errors, *seen = calloc(RULES_NFIELDS, sizeof *seen);
	char **file = seen ? rules_append(&rs->files, &rs->nfiles, sizeof *file) : NULL;
	struct pack p = {.rs = rs, .src = src, .trust = trust, .d = d, .seen = seen};
	int r = -ENOMEM;
	if (file && (*file = strdup(src->name))) {
		p.file = *file;
		r = parse_lines(&p);
	}
	if (!r)
		r = d->errors > errors ? -EINVAL : accept_rules(&p);
	for (size_t i = 0; i < p.n; i++)
		rule_free(p.rules[i]);
	free(p.rules);
	rules_tree_free(&p.ids);
	free(seen);
	return r;
}
