/* SPDX-License-Identifier: BSD-2-Clause */
/* rules_internal.h - declarations that the rule parser and matcher share.  Private to libgate/rules. */
#ifndef GATE_RULES_RULES_INTERNAL_H
#define GATE_RULES_RULES_INTERNAL_H

#include "grammar/canonical.h"
#include "rules/ruleset.h"

/* The value of one field: not NUL-terminated, contains no newline. */
struct value {
	const char *s;
	size_t n;
	unsigned line, col; /* of its first byte */
};

struct form;

/* An `include` line, read after its file is parsed. */
struct include {
	char *path;
	unsigned line, col;
};

/* A group that the patterns below it may call: (?&NAME). */
struct define {
	const char *name, *regex; /* owned; NULL: invalid and reported */
};
enum { RULES_DEFINES_MAX = 64 };

/* A file being parsed. */
struct pack {
	struct ruleset *rs; /* the rules accepted so far */
	const struct source *src;
	const char *file; /* owned by rs */
	enum ruleset_trust trust;
	struct diag *d;
	struct rule **rules;
	size_t n;
	void *ids; /* tsearch(3) tree of this file's rules by id */
	struct adjustment *adjustments;
	size_t nadjustments;
	struct grammar **commands;
	size_t ncommands;
	struct include *includes;
	size_t nincludes;
	struct define defines[RULES_DEFINES_MAX];
	size_t ndefines;
	struct rule_pack *info;  /* the pack that the rules belong to; NULL: none */
	bool has_info;           /* ... its stanza is in this file */
	bool member;             /* ... it is the directory's pack: this file may not have a `pack` stanza */
	const struct form *form; /* of the open stanza; NULL between stanzas */
	unsigned opened;         /* the line where it begins */
	unsigned stanzas;        /* the number of stanzas so far, including it */
	struct rule *rule;       /* of the open stanza: the last of rules, or `scratch` */
	struct rule scratch;     /* an override's values */
	unsigned *seen;          /* by field: the line where the open stanza has it, or 0 */
	unsigned left_out;       /* fields of a project's pack that would run something, and were not read */
	unsigned first_left;     /* the line of the first */
	bool foreign;            /* the open stanza has no valid name, or an event that this version does not know */
};

/* One field: its name and the setter for its value.  Setters report invalid values themselves and return 0 or
 * -ENOMEM. */
struct field {
	const char *name;
	int (*set)(struct pack *p, const struct field *f, struct value v);
	size_t offset; /* of the member in struct rule that is set */
	bool many;     /* may appear more than once in a stanza */
	bool required;
	bool selects;    /* selects what the rule matches: every rule has such a field */
	bool runs;       /* names a program to run: left out of a project's pack */
	unsigned events; /* the events that allow it, as bits; 0: all */
};

/* The fields of a rule; the first is `rule`.  Defined in fields.c. */
enum { RULES_NFIELDS = 37 };
extern const struct field rules_fields[RULES_NFIELDS];

/* One kind of stanza, identified by the first of its fields. */
struct form {
	const struct field *fields;
	size_t n;                     /* at most RULES_NFIELDS */
	int (*open)(struct pack *p);  /* 0 or -ENOMEM; NULL: nothing to do */
	int (*close)(struct pack *p); /* checks that it is complete */
};

/* The forms other than rules: pack, include, define, disable, override, command.  Defined in forms.c. */
enum { RULES_NFORMS = 6 };
extern const struct form rules_forms[RULES_NFORMS];

/* A `command` stanza.  rules_open_command() begins the grammar at the end of p->commands.  Defined in command_fields.c. */
enum { RULES_NCOMMAND_FIELDS = 8 };
extern const struct field rules_command_fields[RULES_NCOMMAND_FIELDS];
int rules_open_command(struct pack *p);
/* Move the grammars of a valid file into the ruleset, or free what is left of them.  rules_share_commands() makes every rule know
 * the grammars of the finished ruleset.  Return 0 or -ENOMEM. */
int rules_accept_commands(struct pack *p);
void rules_free_commands(struct pack *p);
int rules_share_commands(struct ruleset *rs);

#define PACK_ERROR(p, line, col, ...) diag_at((p)->d, DIAG_ERROR, (p)->src, line, (unsigned)(col), __VA_ARGS__)

/* Parse p->src.  Accepted rules move to p->rs.  Includes stay in *p, even when the file is refused.  Returns 0, -EINVAL
 * or -ENOMEM.  Call pack_free() in all cases.  Defined in parse.c. */
int pack_parse(struct pack *p);
void pack_free(struct pack *p);

/* Report fields of a finished rule that don't go together; the setter of `asks`.  Defined in rule_check.c. */
void rules_check_rule(struct pack *p, struct rule *r);
int rules_set_asks(struct pack *p, const struct field *f, struct value v);

/* Return why rules on these events can't have the action, or NULL.  Static storage.  Defined in rule_check.c. */
const char *action_misfit(enum gate_action action, unsigned events);

/* Report at a word that was kept.  Defined in adjust.c. */
void ref_report(struct diag *d, enum diag_level level, const struct rule_ref *at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void ref_free(struct rule_ref *ref);

/* The first steps of ruleset_finish().  Problems are reported to `d`.  rules_adjust() returns 0 or -ENOMEM.  Defined in
 * adjust.c. */
void rules_require(const struct ruleset *rs, struct diag *d);
int rules_adjust(struct ruleset *rs, struct diag *d);

/* Let the paths of file rules in the directories that variables of this process move (XDG_CONFIG_HOME and its kind) mean the directories
 * there as well, unless these hold the home or the current directory.  Returns 0 or -ENOMEM.  moved_homes.c. */
int rules_add_moved_homes(struct ruleset *rs);

/* Cut the next blank-separated word off *v into *word.  Returns false at the end.  Defined in fields.c. */
bool value_word(struct value *v, struct value *word);

/* Append a copy of a word to a NULL-terminated list.  `fold` converts ASCII letters to lower case.  Returns 0 or
 * -ENOMEM. */
int rules_append_word(char ***list, struct value word, bool fold);

/* The setters of connect rules.  Defined in match_connect.c. */
int rules_set_host(struct pack *p, const struct field *f, struct value v);
int rules_set_net(struct pack *p, const struct field *f, struct value v);
int rules_set_port(struct pack *p, const struct field *f, struct value v);
int rules_set_socket(struct pack *p, const struct field *f, struct value v);

/* The setters of rules on statement and request, and what closes such a rule.  rules_set_names() takes globs.  Defined in
 * said_fields.c. */
int rules_set_effect(struct pack *p, const struct field *f, struct value v);
int rules_set_condition(struct pack *p, const struct field *f, struct value v);
int rules_set_engine(struct pack *p, const struct field *f, struct value v);
int rules_set_kind(struct pack *p, const struct field *f, struct value v);
int rules_set_names(struct pack *p, const struct field *f, struct value v);
int rules_set_method(struct pack *p, const struct field *f, struct value v);
int rules_set_rows(struct pack *p, const struct field *f, struct value v);
int rules_set_body(struct pack *p, const struct field *f, struct value v);
int rules_close_said(struct pack *p, struct rule *r);

/* Return the index of the value in `words` (NULL-terminated), or report it and return -1.  Defined in fields.c. */
int rules_choice(struct pack *p, struct value v, const char *what, const char *const *words);

/* The subjects of what is said: a statement at a time; method, host, target and body of a request.  Return as
 * subjects_of_event().  Defined in said_subjects.c. */
int subjects_of_statement(const struct gate_event *event, struct subjects *out);
int subjects_of_request(const struct gate_event *event, struct subjects *out);

/* Append a word quoted for a shell, where it needs quotes.  Defined in fill.c. */
struct strbuf;
void rules_put_quoted(struct strbuf *out, const char *word, size_t n);

/* Append a zeroed element of `size` bytes to the array *v of *n elements.  Returns NULL when out of memory. */
void *rules_append(void *v, size_t *n, size_t size);

/* Set p->regex, which the ruleset owns: rules with the same pattern share it.  It is compiled at once, or, of an installed pack,
 * at its first match.  Returns 0, -ENOMEM, or -EINVAL with the message and the offset in the pattern.  Defined in regex.c. */
int pattern_compile(const struct pack *pack, struct pattern *p, const char **message, size_t *offset);

/* Is the name one of the groups that every pattern may call? */
bool pattern_group_is_known(const char *name, size_t len);
void patterns_forget(struct ruleset *rs);

/* State for matching one subject after another: allocated once, used by one thread.  Defined in regex.c. */
struct matcher;
struct matcher *matcher_new(void);
void matcher_free(struct matcher *m);
int pattern_match(const struct pattern *p, const char *text, size_t len, struct matcher *m);
/* Does the pattern have a named group, and which part of `text` did it capture, [*from, *to)?  False: nothing. */
bool pattern_has_group(const struct pattern *p, const char *name);
bool pattern_group(const struct pattern *p, const char *text, const char *name, size_t *from, size_t *to);

/* The same for a series of texts, with cached results: a pattern that rules share is matched once per text. */
void matcher_next_text(struct matcher *m);
/* Variant 0 is the subject as typed; then come the texts of two ways to read it. */
enum { MATCHER_MEANT = 1, MATCHER_PLAIN = MATCHER_MEANT + 2 * CANONICAL_ORDERS, MATCHER_VARIANTS = 16 };
int pattern_match_once(const struct pattern *p, const char *text, size_t len, unsigned variant, struct matcher *m);

/* The texts beside the typed one that a `match` is tried on; they borrow from a struct canonical. */
struct canonical_text {
	const char *text;
	size_t len;
	unsigned variant; /* for pattern_match_once() */
};
enum { CANONICAL_TEXTS_MAX = 4 };

/* Collect the texts that differ from the typed one.  `first`: the variant of the first of them.  Returns their number.  Defined in match_canonical.c. */
size_t canonical_texts(const struct canonical *c, unsigned first, const char *typed,
		       struct canonical_text texts[CANONICAL_TEXTS_MAX]);

/* Does a pattern hit one of the texts?  Returns RULE_*. */
int canonical_match(const struct pattern *v, size_t n, const struct canonical_text *texts, size_t ntexts,
		    struct matcher *m);

/* Does a pattern hit every reading of the command?  As grammar_plain() reads it, one is enough: it knows no option, and the typed
 * text may except as well.  A pattern that ran into its limit does not hit. */
bool canonical_excepts(const struct pattern *v, size_t n, const struct canonical *c, unsigned first, struct matcher *m);

/* The part of the text that the last RULE_HIT of `m` matched. */
void matcher_span(const struct matcher *m, size_t *from, size_t *to);

/* tsearch(3) trees of rules, ordered by rules_by_id(); they do not own the rules.  Defined in load.c. */
int rules_by_id(const void *a, const void *b);
struct rule *rules_lookup(void *const *ids, const char *id);
void rules_tree_free(void **ids);
void rule_free(struct rule *r);
void rule_pack_free(struct rule_pack *info);
void adjustment_free(struct adjustment *a);

/* The index over a finished ruleset.  Defined in index.c. */
int rules_index_build(struct ruleset *rs);
void rules_index_free(void *index);

/* Does any rule for the program concern this kind of content? */
bool rules_index_content(const struct ruleset *rs, const char *program, enum subject_content content);

#endif
