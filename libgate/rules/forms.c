/* SPDX-License-Identifier: BSD-2-Clause */
/* forms.c - the stanzas of gate.rules(5) other than rules: pack, include, define, disable, override; `command` is in command_fields.c. */
#include "rules/rules_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ERROR(p, v, at, ...) PACK_ERROR(p, (v).line, (v).col + (unsigned)(at), __VA_ARGS__)

/* Keep a word and its line until every pack is read.  Returns 0 or -ENOMEM. */
static int forms_keep_ref(const struct pack *p, struct value word, struct rule_ref *ref)
{
	const char *line = word.s - (word.col - 1), *end = p->src->text + p->src->len;
	const char *nl = memchr(line, '\n', (size_t)(end - line));
	ref->word = strndup(word.s, word.n);
	ref->text = strndup(line, (size_t)((nl ? nl : end) - line));
	ref->file = p->file;
	ref->line = word.line;
	ref->col = word.col;
	return ref->word && ref->text ? 0 : -ENOMEM;
}

/* --- pack --------------------------------------------------------------------------------------------------------- */

/* Letters, digits and '-', as in the parts of a rule's id. */
static bool forms_is_pack_name(struct value v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!((v.s[i] >= 'a' && v.s[i] <= 'z') || (v.s[i] >= '0' && v.s[i] <= '9') || (v.s[i] == '-' && i)))
			return false;
	return v.n;
}

/* Numbers separated by dots.  Returns the offset of the first fault, or -1. */
static long forms_bad_version(struct value v)
{
	bool digit = false;
	for (size_t i = 0; i < v.n; i++) {
		bool dot = v.s[i] == '.';
		if (dot ? !digit : v.s[i] < '0' || v.s[i] > '9')
			return (long)i;
		digit = !dot;
	}
	return digit ? -1 : (long)v.n;
}

static const struct rule_pack *forms_pack_called(const struct ruleset *rs, const char *name)
{
	for (size_t i = 0; i < rs->npacks; i++)
		if (!strcmp(rs->packs[i]->name, name))
			return rs->packs[i];
	return NULL;
}

static int forms_open_pack(struct pack *p)
{
	if (p->member && p->info)
		PACK_ERROR(p, p->opened, 1, "this file already belongs to pack %s, declared at %s:%u", p->info->name,
			   p->info->file, p->info->line);
	else if (p->stanzas > 1)
		PACK_ERROR(p, p->opened, 1, "the `pack` stanza must be the first in its file");
	p->foreign = p->stanzas > 1 || (p->member && p->info);
	if (p->foreign)
		return 0;
	p->info = calloc(1, sizeof *p->info);
	if (!p->info)
		return -ENOMEM;
	p->has_info = true;
	p->info->file = p->file;
	p->info->line = p->opened;
	p->info->trust = p->trust;
	return 0;
}

static int forms_set_pack(struct pack *p, const struct field *f, struct value v)
{
	struct rule_pack *info = p->info;
	info->name = strndup(v.s, v.n);
	if (!info->name)
		return -ENOMEM;
	const struct rule_pack *other = forms_pack_called(p->rs, info->name);
	if (!forms_is_pack_name(v))
		ERROR(p, v, 0, "a pack's name consists of a-z, 0-9 and '-'");
	else if (!strcmp(info->name, "gate"))
		ERROR(p, v, 0, "the name gate is reserved for Gate itself");
	else if (other)
		ERROR(p, v, 0, "pack %s already exists at %s:%u", info->name, other->file, other->line);
	return 0;
}

static int forms_set_version(struct pack *p, const struct field *f, struct value v)
{
	long at = forms_bad_version(v);
	if (at >= 0)
		ERROR(p, v, at, "a version consists of numbers separated by dots");
	p->info->version = strndup(v.s, v.n);
	return p->info->version ? 0 : -ENOMEM;
}

/* requires: NAME [VERSION] */
static int forms_set_requires(struct pack *p, const struct field *f, struct value v)
{
	struct value name, version, more;
	value_word(&v, &name);
	struct rule_need *need = rules_append(&p->info->needs, &p->info->nneeds, sizeof *need);
	int r = need ? forms_keep_ref(p, name, &need->name) : -ENOMEM;
	if (r)
		return r;
	if (!forms_is_pack_name(name))
		ERROR(p, name, 0, "a pack's name consists of a-z, 0-9 and '-'");
	if (!value_word(&v, &version))
		return 0;
	long at = forms_bad_version(version);
	if (at >= 0)
		ERROR(p, version, at, "a version consists of numbers separated by dots");
	else if (value_word(&v, &more))
		ERROR(p, more, 0,
		      "`requires` takes one pack and its minimum version; put another pack on its own line");
	need->version = strndup(version.s, version.n);
	return need->version ? 0 : -ENOMEM;
}

/* --- include ------------------------------------------------------------------------------------------------------ */

static int forms_set_include(struct pack *p, const struct field *f, struct value v)
{
	struct include *in = rules_append(&p->includes, &p->nincludes, sizeof *in);
	if (!in || !(in->path = strndup(v.s, v.n)))
		return -ENOMEM;
	in->line = v.line;
	in->col = v.col;
	return 0;
}

/* --- define ------------------------------------------------------------------------------------------------------- */

static int forms_set_define(struct pack *p, const struct field *f, struct value v)
{
	size_t letters = 0;
	while (letters < v.n && ((v.s[letters] >= 'a' && v.s[letters] <= 'z') || (letters && v.s[letters] == '_')))
		letters++;
	bool known = pattern_group_is_known(v.s, v.n);
	for (size_t i = 0; i < p->ndefines; i++)
		known |= p->defines[i].name && strlen(p->defines[i].name) == v.n &&
			 !memcmp(p->defines[i].name, v.s, v.n);
	if (letters < v.n)
		ERROR(p, v, letters, "the name of a definition consists of a-z and '_'");
	else if (known)
		ERROR(p, v, 0, "this name is already defined");
	else if (p->ndefines == RULES_DEFINES_MAX)
		ERROR(p, v, 0, "more than %d definitions in this file", RULES_DEFINES_MAX);
	p->foreign = letters < v.n || known || p->ndefines == RULES_DEFINES_MAX;
	if (p->foreign)
		return 0;
	p->defines[p->ndefines].name = strndup(v.s, v.n);
	return p->defines[p->ndefines++].name ? 0 : -ENOMEM;
}

static int forms_set_regex(struct pack *p, const struct field *f, struct value v)
{
	struct pattern pattern = {.text = strndup(v.s, v.n)};
	const char *message;
	size_t at;
	int err = pattern.text ? pattern_compile(p, &pattern, &message, &at) : -ENOMEM;
	if (err) {
		free(pattern.text);
		if (err == -EINVAL)
			ERROR(p, v, at, "%s", message);
		return err == -EINVAL ? 0 : err;
	}
	p->defines[p->ndefines - 1].regex = pattern.text;
	return 0;
}

/* --- disable and override ----------------------------------------------------------------------------------------- */

static struct adjustment *forms_add_adjustment(struct pack *p, bool disables)
{
	struct adjustment *a = rules_append(&p->adjustments, &p->nadjustments, sizeof *a);
	if (a)
		*a = (struct adjustment){.disables = disables, .trust = p->trust};
	return a;
}

static int forms_set_disable(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	int r = 0;
	while (!r && value_word(&v, &word)) {
		struct adjustment *a = forms_add_adjustment(p, true);
		r = a ? forms_keep_ref(p, word, &a->rule) : -ENOMEM;
	}
	return r;
}

static int forms_open_override(struct pack *p)
{
	p->scratch = (struct rule){0};
	p->rule = &p->scratch;
	return forms_add_adjustment(p, false) ? 0 : -ENOMEM;
}

static int forms_set_override(struct pack *p, const struct field *f, struct value v)
{
	struct value word, rest = v;
	value_word(&rest, &word);
	if (word.n != v.n)
		ERROR(p, v, word.n, "an override names one rule");
	return forms_keep_ref(p, word, &p->adjustments[p->nadjustments - 1].rule);
}

/* Set the value in p->scratch, with the setter of a rule's field. */
static int forms_set_value(struct pack *p, const struct field *f, struct value v)
{
	struct adjustment *a = &p->adjustments[p->nadjustments - 1];
	const struct field *as = rules_fields;
	while (strcmp(as->name, f->name))
		as++;
	int r = as->set(p, as, v);
	return r ? r : forms_keep_ref(p, v, strcmp(f->name, "action") ? &a->severity : &a->action);
}

static int forms_close_override(struct pack *p)
{
	struct adjustment *a = &p->adjustments[p->nadjustments - 1];
	a->to_severity = p->scratch.severity;
	a->to_action = p->scratch.action;
	if (!a->severity.word && !a->action.word)
		PACK_ERROR(p, p->opened, 1, "override has neither severity nor action");
	return 0;
}

static const struct field pack_fields[] = {
	{"pack", forms_set_pack, .required = true},
	{"version", forms_set_version, .required = true},
	{"requires", forms_set_requires, .many = true},
};
static const struct field include_fields[] = {{"include", forms_set_include, .many = true}};
static const struct field define_fields[] = {
	{"define", forms_set_define, .required = true},
	{"regex", forms_set_regex, .required = true},
};
static const struct field disable_fields[] = {{"disable", forms_set_disable, .many = true}};
static const struct field override_fields[] = {
	{"override", forms_set_override, .required = true},
	{"severity", forms_set_value},
	{"action", forms_set_value},
};

#define FIELDS(list) list, sizeof list / sizeof *list

const struct form rules_forms[RULES_NFORMS] = {
	{FIELDS(pack_fields), forms_open_pack, NULL},
	{FIELDS(include_fields), NULL, NULL},
	{FIELDS(define_fields), NULL, NULL},
	{FIELDS(disable_fields), NULL, NULL},
	{FIELDS(override_fields), forms_open_override, forms_close_override},
	{rules_command_fields, RULES_NCOMMAND_FIELDS, rules_open_command, NULL},
};
