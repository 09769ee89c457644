/* SPDX-License-Identifier: BSD-2-Clause */
/* parse.c - parses gate.rules(5): stanzas of `field: value` lines, separated by blank lines. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "rules/rules_internal.h"

enum { LINE_MAX_BYTES = 1 << 20 };

#define ERROR PACK_ERROR

/* Report required fields that the stanza lacks. */
static bool parse_has_required(struct pack *p, const char *what, const char *id)
{
	bool whole = true;
	for (size_t i = 0; i < p->form->n; i++) {
		const struct field *f = &p->form->fields[i];
		if (!f->required || p->seen[i])
			continue;
		ERROR(p, p->opened, 1, "%s%s%s has no %s", what, id ? " " : "", id ? id : "", f->name);
		whole = false;
	}
	return whole;
}

/* Check the finished rule. */
static int parse_close_rule(struct pack *p)
{
	struct rule *r = p->rule;
	bool selects = false;
	if (!r->id)
		return 0;
	parse_has_required(p, "rule", r->id);
	for (size_t i = 0; i < RULES_NFIELDS; i++)
		selects |= rules_fields[i].selects && p->seen[i];
	rules_check_rule(p, r);
	if (!selects)
		ERROR(p, r->line, 1,
		      r->events & RULE_SAID_EVENTS ?
			      "rule %s says nothing about what it matches: it would match everything" :
			      "rule %s has no program, keyword or match: it would match everything",
		      r->id);
	r->own_severity = r->severity;
	r->own_action = r->action;
	return rules_close_said(p, r);
}

static int parse_open_rule(struct pack *p)
{
	struct rule **slot = rules_append(&p->rules, &p->n, sizeof *slot);
	if (!slot || !(*slot = calloc(1, sizeof **slot)))
		return -ENOMEM;
	p->rule = *slot;
	p->rule->file = p->file;
	p->rule->line = p->opened;
	p->rule->trust = p->trust;
	p->rule->pack = p->info;
	return 0;
}

static const struct form rule_form = {rules_fields, RULES_NFIELDS, parse_open_rule, parse_close_rule};

static int parse_close_stanza(struct pack *p)
{
	const struct form *form = p->form;
	int r = 0;
	bool whole = form && !p->foreign && (form == &rule_form || parse_has_required(p, form->fields->name, NULL));
	if (whole && form->close)
		r = form->close(p);
	p->form = NULL;
	p->rule = NULL;
	return r;
}

static int parse_open_stanza(struct pack *p, const struct form *form, unsigned line)
{
	p->form = form;
	p->opened = line;
	p->stanzas++;
	p->foreign = false;
	memset(p->seen, 0, RULES_NFIELDS * sizeof *p->seen);
	return form->open ? form->open(p) : 0;
}

/* Return the form that begins with a field of this name, or NULL. */
static const struct form *parse_form_of(const char *name, size_t n)
{
	for (size_t i = 0; i <= RULES_NFORMS; i++) {
		const struct form *form = i ? &rules_forms[i - 1] : &rule_form;
		if (strlen(form->fields->name) == n && !memcmp(form->fields->name, name, n))
			return form;
	}
	return NULL;
}

/* Return a field of the form, or NULL after an error.  `first`: no stanza is open, so the field could begin one. */
static const struct field *parse_find_field(struct pack *p, const struct form *form, bool first, const char *s,
					    size_t n, unsigned line)
{
	const char *names[RULES_NFIELDS + RULES_NFORMS + 1] = {NULL};
	char name[32] = "";
	size_t k = 0;
	if (n < sizeof name)
		memcpy(name, s, n);
	for (; *name && k < form->n; k++) {
		names[k] = form->fields[k].name;
		/* Mostly another letter: this is called for each line. */
		if (*names[k] == *name && !strcmp(names[k], name))
			return &form->fields[k];
	}
	for (size_t i = 0; first && *name && i < RULES_NFORMS; i++)
		names[k++] = rules_forms[i].fields->name;
	const char *near = *name ? diag_nearest(name, names) : NULL;
	const char *of = form == &rule_form ? "" : " of ", *what = form == &rule_form ? "" : form->fields->name;
	ERROR(p, line, 1, near ? "unknown field%s%s; did you mean %s?" : "unknown field%s%s", of, what, near);
	return NULL;
}

/* Is the field allowed here?  Reports it when it is not. */
static bool parse_field_fits(struct pack *p, const struct field *f, struct value v)
{
	unsigned *seen = &p->seen[f - p->form->fields], line = v.line;
	if (p->foreign)
		return false;
	if (!v.n)
		ERROR(p, line, v.col, "%s has no value", f->name);
	else if (*seen && !f->many)
		ERROR(p, line, 1, "%s appears twice in this %s; the first is on line %u", f->name,
		      p->form->fields->name, *seen);
	else if (f->runs && p->trust == TRUST_PROJECT) {
		p->first_left = p->first_left ? p->first_left : line;
		p->left_out++;
	} else {
		*seen = line;
		return true;
	}
	*seen = line; /* already reported: don't also report it as missing */
	return false;
}

/* Say which fields of a project's pack were left out: a repository that somebody else wrote must not name programs to run, but
 * its rules only ask more. */
static void parse_say_left_out(struct pack *p)
{
	if (p->left_out)
		diag_at(p->d, DIAG_WARNING, p->src, p->first_left, 1,
			"a workspace's pack may not name programs to run: its rules are loaded without this%s",
			p->left_out > 1 ? " and its other previews, probes and keeps" : "");
}

/* Begin a stanza with the field that opens it.  Returns 0 or -ENOMEM. */
static int parse_begin(struct pack *p, const struct form *form, unsigned line)
{
	if (p->form)
		ERROR(p, line, 1, "a blank line is missing before this %s", form->fields->name);
	int r = parse_close_stanza(p);
	return r ? r : parse_open_stanza(p, form, line);
}

/* Take the field `name` of n bytes with its value.  Returns 0 or -ENOMEM. */
static int parse_take_field(struct pack *p, const char *name, size_t n, struct value v)
{
	const struct form *form = parse_form_of(name, n);
	bool goes_on = form && form == p->form && form->fields->many; /* a second include below the first */
	const struct field *f =
		form ? form->fields : parse_find_field(p, p->form ? p->form : &rule_form, !p->form, name, n, v.line);
	int r = 0;
	if (!f)
		return 0;
	if (form && !goes_on)
		r = parse_begin(p, form, v.line);
	else if (!p->form) {
		ERROR(p, v.line, 1, "a rule starts with its name: `rule: family.name`");
		r = parse_open_stanza(p, &rule_form, v.line);
		p->foreign = true; /* one report per stanza is enough */
	}
	if (r || !parse_field_fits(p, f, v))
		return r;
	if (strchr(" \t", v.s[v.n - 1]))
		diag_at(p->d, DIAG_WARNING, p->src, v.line, v.col + (unsigned)v.n - 1,
			"the trailing blank is part of the value");
	return f->set(p, f, v);
}

static int parse_field(struct pack *p, const char *s, size_t n, unsigned line)
{
	const char *colon = memchr(s, ':', n);
	if (*s == ' ' || *s == '\t') {
		ERROR(p, line, 1, "a field starts in column 1; a value cannot continue on the next line");
		return 0;
	}
	if (!colon) {
		ERROR(p, line, 1, "neither `field: value` nor a comment");
		return 0;
	}
	const char *at = colon + 1, *end = s + n;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return parse_take_field(p, s, (size_t)(colon - s),
				(struct value){at, (size_t)(end - at), line, (unsigned)(at - s) + 1});
}

/* Check for bytes that no line may have.  Returns whether the line can be parsed; *n is reduced by a trailing CR.  *cr
 * is set once a CR is reported. */
static bool parse_line_is_sound(struct pack *p, const char *s, size_t *n, unsigned line, bool *cr)
{
	const char *nul = memchr(s, '\0', *n);
	if (*n > LINE_MAX_BYTES)
		ERROR(p, line, 0, "the line has %zu bytes; the limit is %d", *n, LINE_MAX_BYTES);
	else if (nul)
		ERROR(p, line, nul - s + 1, "NUL byte in the line");
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
		if (parse_line_is_sound(p, s, &n, line, &cr)) {
			while (blanks < n && (s[blanks] == ' ' || s[blanks] == '\t'))
				blanks++;
			int r = 0;
			if (blanks == n)
				r = parse_close_stanza(p);
			else if (*s != '#')
				r = parse_field(p, s, n, line);
			if (r)
				return r;
		}
		s = nl ? nl + 1 : end;
	}
	return parse_close_stanza(p);
}

/* Move the rules, adjustments and grammars of a valid file into the ruleset. */
static int parse_accept_rules(struct pack *p)
{
	struct rule_pack **info = p->has_info ? rules_append(&p->rs->packs, &p->rs->npacks, sizeof *info) : NULL;
	if (p->has_info && !info)
		return -ENOMEM;
	if (info)
		*info = p->info;
	p->has_info = false;
	for (size_t i = 0; i < p->n; i++) {
		struct rule **slot = rules_append(&p->rs->rules, &p->rs->n, sizeof *slot);
		if (!slot)
			return -ENOMEM;
		*slot = p->rules[i];
		p->rules[i] = NULL;
		if (!tsearch(*slot, &p->rs->ids, rules_by_id))
			return -ENOMEM;
	}
	for (size_t i = 0; i < p->nadjustments; i++) {
		struct adjustment *slot = rules_append(&p->rs->adjustments, &p->rs->nadjustments, sizeof *slot);
		if (!slot)
			return -ENOMEM;
		*slot = p->adjustments[i];
		p->adjustments[i] = (struct adjustment){0};
	}
	return rules_accept_commands(p);
}

int pack_parse(struct pack *p)
{
	unsigned errors = p->d->errors;
	p->seen = calloc(RULES_NFIELDS, sizeof *p->seen);
	char **file = p->seen ? rules_append(&p->rs->files, &p->rs->nfiles, sizeof *file) : NULL;
	if (!file || !(*file = strdup(p->src->name)))
		return -ENOMEM;
	p->file = *file;
	int r = parse_lines(p);
	parse_say_left_out(p);
	return r ? r : p->d->errors > errors ? -EINVAL : parse_accept_rules(p);
}

void pack_free(struct pack *p)
{
	for (size_t i = 0; i < p->n; i++)
		rule_free(p->rules[i]);
	for (size_t i = 0; i < p->nadjustments; i++)
		adjustment_free(&p->adjustments[i]);
	rules_free_commands(p);
	for (size_t i = 0; i < p->nincludes; i++)
		free(p->includes[i].path);
	for (size_t i = 0; i < p->ndefines; i++) {
		free((char *)p->defines[i].name);
		free((char *)p->defines[i].regex);
	}
	if (p->has_info)
		rule_pack_free(p->info);
	free(p->rules);
	free(p->adjustments);
	free(p->includes);
	rules_tree_free(&p->ids);
	free(p->seen);
}

int ruleset_parse(struct ruleset *rs, const struct source *src, enum ruleset_trust trust, struct diag *d)
{
	struct pack p = {.rs = rs, .src = src, .trust = trust, .d = d};
	int r = pack_parse(&p);
	pack_free(&p);
	return r;
}
