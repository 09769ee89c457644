/* rules_int.h - what the files of the rule parser and matcher share.  Private to rules_*.c. */
#ifndef GATE_RULES_INT_H
#define GATE_RULES_INT_H

#include "ruleset.h"

/* The value of one field: not terminated, no newline in it. */
struct value {
	const char *s;
	size_t n;
	unsigned line, col; /* of its first byte */
};

/* A pack being parsed. */
struct pack {
	struct ruleset *rs; /* the packs accepted so far */
	const struct source *src;
	const char *file; /* owned by rs */
	enum ruleset_trust trust;
	struct diag *d;
	struct rule **rules;
	size_t n;
	void *ids;         /* tsearch(3) tree of this pack's rules by id */
	struct rule *rule; /* of the open stanza, last of rules; NULL between stanzas */
	unsigned *seen;    /* by field: the line where the open stanza has it, or 0 */
	bool foreign;      /* the open stanza is for an event this version does not know */
};

/* One field: its name and what takes its value.  Setters report bad values themselves and return 0 or -ENOMEM. */
struct field {
	const char *name;
	int (*set)(struct pack *p, const struct field *f, struct value v); /* NULL: belongs to other events */
	size_t offset;         /* in struct rule, of what is set */
	bool many;             /* may stand more than once in a rule */
	bool required;
	bool selects;          /* says what the rule concerns: a rule has one of these */
	bool runs;             /* names a program to run: not in a project's pack */
	unsigned events;       /* of which events, as bits; 0: of all */
	const char *belongs;   /* with set == NULL: to rules on which events */
};

/* The table of fields; `rule` is the first.  rules_fields.c. */
enum { RULES_NFIELDS = 22 };
extern const struct field rules_fields[RULES_NFIELDS];

/* Append a zeroed element of `size` bytes to the array *v of *n elements; NULL when out of memory. */
void *rules_append(void *v, size_t *n, size_t size);

/* Compile into p->code.  0, -EINVAL with the message and the offset in the pattern, -ENOMEM.  rules_regex.c. */
int pattern_compile(struct pattern *p, const char **message, size_t *offset);

/* What matching one subject after the other needs: made once, used by one thread.  rules_regex.c. */
struct matcher;
struct matcher *matcher_new(void);
void matcher_free(struct matcher *m);
int pattern_match(const struct pattern *p, const char *text, size_t len, struct matcher *m);
/* What the last RULE_HIT of `m` matched. */
void matcher_span(const struct matcher *m, size_t *from, size_t *to);

/* Trees of rules by id, as tsearch(3) makes them with rules_by_id(); the rules are not owned.  rules_load.c. */
int rules_by_id(const void *a, const void *b);
struct rule *rules_lookup(void *const *ids, const char *id);
void rules_tree_free(void **ids);
void rule_free(struct rule *r);

/* The index over a finished ruleset.  rules_match.c. */
int rules_index_build(struct ruleset *rs);
void rules_index_free(void *index);

#endif
