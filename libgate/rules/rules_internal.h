/* rules_internal.h - what the files of the rule parser and matcher share.  Private to rules_*.c. */
#ifndef GATE_RULES_RULES_INTERNAL_H
#define GATE_RULES_RULES_INTERNAL_H

#include "rules/ruleset.h"

/* The value of one field: not terminated, no newline in it. */
struct value {
	const char *s;
	size_t n;
	unsigned line, col; /* of its first byte */
};

struct form;

/* An `include` line, to be read when its file has been parsed. */
struct include {
	char *path;
	unsigned line, col;
};

/* A group that the patterns below it may call: (?&NAME). */
struct define {
	const char *name, *regex; /* owned; NULL: a bad one, which was told */
};
enum { RULES_DEFINES_MAX = 64 };

/* A file being parsed. */
struct pack {
	struct ruleset *rs; /* what was accepted so far */
	const struct source *src;
	const char *file; /* owned by rs */
	enum ruleset_trust trust;
	struct diag *d;
	struct rule **rules;
	size_t n;
	void *ids; /* tsearch(3) tree of this file's rules by id */
	struct adjustment *adjustments;
	size_t nadjustments;
	struct include *includes;
	size_t nincludes;
	struct define defines[RULES_DEFINES_MAX];
	size_t ndefines;
	struct rule_pack *info;  /* the pack that the rules are of; NULL: none */
	bool has_info;           /* ... whose stanza stands in this file */
	bool member;             /* ... which is that of its directory: no other `pack` stanza may stand here */
	const struct form *form; /* of the open stanza; NULL between stanzas */
	unsigned opened;         /* the line where it begins ... */
	unsigned stanzas;        /* ... and how many there were, it included */
	struct rule *rule;       /* of the open stanza: the last of rules, or `scratch` */
	struct rule scratch;     /* an override's values */
	unsigned *seen;          /* by field: the line where the open stanza has it, or 0 */
	bool foreign;            /* the open stanza is for an event this version does not know, or has no name */
};

/* One field: its name and what takes its value.  Setters report bad values themselves and return 0 or -ENOMEM. */
struct field {
	const char *name;
	int (*set)(struct pack *p, const struct field *f, struct value v);
	size_t offset; /* in struct rule, of what is set */
	bool many;     /* may stand more than once in a stanza */
	bool required;
	bool selects;    /* says what the rule concerns: a rule has one of these */
	bool runs;       /* names a program to run: not in a project's pack */
	unsigned events; /* of which events, as bits; 0: of all */
};

/* The table of a rule's fields; `rule` is the first.  fields.c. */
enum { RULES_NFIELDS = 24 };
extern const struct field rules_fields[RULES_NFIELDS];

/* One kind of stanza: told by the first of its fields. */
struct form {
	const struct field *fields;
	size_t n;                     /* at most RULES_NFIELDS */
	int (*open)(struct pack *p);  /* 0 or -ENOMEM; NULL: nothing to do */
	int (*close)(struct pack *p); /* is it whole? */
};

/* Those that are no rules: pack, include, define, disable, override.  forms.c. */
enum { RULES_NFORMS = 5 };
extern const struct form rules_forms[RULES_NFORMS];

#define PACK_ERROR(p, line, col, ...) diag_at((p)->d, DIAG_ERROR, (p)->src, line, (unsigned)(col), __VA_ARGS__)

/* Parse p->src.  What is accepted is moved to p->rs; includes stay in *p, also when the file is bad.  0, -EINVAL,
 * -ENOMEM; pack_free() in all cases.  parse.c. */
int pack_parse(struct pack *p);
void pack_free(struct pack *p);

/* Why rules on these events can't have the action, or NULL.  Static storage.  parse.c. */
const char *action_misfit(enum gate_action action, unsigned events);

/* Report at a word that was kept.  adjust.c. */
void ref_report(struct diag *d, enum diag_level level, const struct rule_ref *at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void ref_free(struct rule_ref *ref);

/* ruleset_finish()'s first steps; problems go to `d`.  0 or -ENOMEM.  adjust.c. */
void rules_require(const struct ruleset *rs, struct diag *d);
int rules_adjust(struct ruleset *rs, struct diag *d);

/* Cut the next blank-separated word off *v into *word; false at the end.  fields.c. */
bool value_word(struct value *v, struct value *word);

/* Append a copy of a word, ASCII letters in lower case where `fold`, to a NULL-terminated list.  0 or -ENOMEM. */
int rules_append_word(char ***list, struct value word, bool fold);

/* The setters of connect rules.  match_connect.c. */
int rules_set_host(struct pack *p, const struct field *f, struct value v);
int rules_set_net(struct pack *p, const struct field *f, struct value v);
int rules_set_port(struct pack *p, const struct field *f, struct value v);
int rules_set_socket(struct pack *p, const struct field *f, struct value v);

/* Append a zeroed element of `size` bytes to the array *v of *n elements; NULL when out of memory. */
void *rules_append(void *v, size_t *n, size_t size);

/* Compile into p->code, which is the ruleset's: rules with the same pattern share it.  0, -EINVAL with the message and
 * the offset in the pattern, -ENOMEM.  regex.c. */
int pattern_compile(const struct pack *pack, struct pattern *p, const char **message, size_t *offset);

/* Is the name one of the groups that every pattern may call? */
bool pattern_group_is_known(const char *name, size_t len);
void patterns_forget(struct ruleset *rs);

/* What matching one subject after the other needs: made once, used by one thread.  regex.c. */
struct matcher;
struct matcher *matcher_new(void);
void matcher_free(struct matcher *m);
int pattern_match(const struct pattern *p, const char *text, size_t len, struct matcher *m);
/* A named group of the pattern: is there one, and what it captured of `text`, [*from, *to).  False: nothing. */
bool pattern_has_group(const struct pattern *p, const char *name);
bool pattern_group(const struct pattern *p, const char *text, const char *name, size_t *from, size_t *to);

/* The same for one text after the other, whose results are kept: a pattern that rules share is matched once. */
void matcher_next_text(struct matcher *m);
int pattern_match_once(const struct pattern *p, const char *text, size_t len, struct matcher *m);

/* What the last RULE_HIT of `m` matched. */
void matcher_span(const struct matcher *m, size_t *from, size_t *to);

/* Trees of rules by id, as tsearch(3) makes them with rules_by_id(); the rules are not owned.  load.c. */
int rules_by_id(const void *a, const void *b);
struct rule *rules_lookup(void *const *ids, const char *id);
void rules_tree_free(void **ids);
void rule_free(struct rule *r);
void rule_pack_free(struct rule_pack *info);
void adjustment_free(struct adjustment *a);

/* The index over a finished ruleset.  index.c. */
int rules_index_build(struct ruleset *rs);
void rules_index_free(void *index);

/* Is any rule for the program about such content? */
bool rules_index_content(const struct ruleset *rs, const char *program, enum subject_content content);

#endif
