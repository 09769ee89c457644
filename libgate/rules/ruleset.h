/* ruleset.h - rule packs in memory: parsed, compiled, matched.  See gate.rules(5).  Internal to libgate.  Immutable
 * after loading, so many threads may match at once. */
#ifndef GATE_RULES_RULESET_H
#define GATE_RULES_RULESET_H

#include <gate.h>

#include "address/destination.h"
#include "base/diag.h"
#include "subject/subject.h"

struct stat;

#pragma GCC visibility push(default)

typedef struct pcre2_real_code_8 rule_regex;

/* A `match` or `unless` line. */
struct pattern {
	char *text;
	rule_regex *code;   /* owned by the ruleset */
	unsigned line, col; /* of the value */
};

/* A `hit` or `miss` line. */
struct example {
	char *text; /* a command line, split by shell_commands() */
	unsigned line, col;
};

/* A `program` or `keyword` line; one of its words must be present. */
struct any_of {
	char **words; /* NULL-terminated */
};

enum ruleset_trust { TRUST_SYSTEM, TRUST_USER, TRUST_PROJECT }; /* a project's pack may not name programs to run */

/* A word of a stanza that is looked up after every pack has been read. */
struct rule_ref {
	char *word;       /* NULL: absent */
	char *text;       /* the line that contains it */
	const char *file; /* owned by the ruleset */
	unsigned line, col;
};

/* A `requires` line: a pack, or Gate itself, with an optional minimum version. */
struct rule_need {
	struct rule_ref name;
	char *version; /* NULL: any */
};

/* A `pack` stanza. */
struct rule_pack {
	char *name, *version;
	const char *file; /* owned by the ruleset */
	unsigned line;
	enum ruleset_trust trust;
	struct rule_need *needs;
	size_t nneeds;
};

/* One rule of a `disable` stanza, or an `override` stanza. */
struct adjustment {
	struct rule_ref rule, severity, action; /* the last two belong to an override; word is NULL if absent */
	bool disables;
	enum ruleset_trust trust;
	enum gate_severity to_severity;
	enum gate_action to_action;
};

struct rule {
	char *id;
	const char *file; /* owned by the ruleset */
	unsigned line;
	enum ruleset_trust trust;
	const struct rule_pack *pack;       /* NULL: the rule is in a plain file */
	const struct adjustment **adjusted; /* the adjustments of the rule, in order; the last one decides */
	size_t nadjusted;
	enum gate_severity own_severity; /* before any adjustment */
	enum gate_action own_action;
	enum subject_content content; /* the kind of program input that the rule is about */
	bool content_unknown;         /* the rule also matches content that is unknown */
	unsigned events;              /* bits 1u << GATE_EVENT_* */
	char **programs;              /* NULL-terminated, empty: any; exact base names, or with a trailing '*' */
	struct any_of *keywords;      /* every line must match; lower case: ASCII case is folded */
	size_t nkeywords;
	struct pattern *match, *unless;
	size_t nmatch, nunless;
	char **paths, **excepts; /* file rules: globs as gate_glob() takes them, `~` as written; NULL-terminated */
	bool outside;            /* file rules: only outside the workspace */
	unsigned within;         /* file rules: one of enum gate_file_flag that the file must have, or 0 */
	char **hosts,
		**sockets; /* connect rules: as gate_choose_host() and gate_choose_path() take them; NULL-terminated */
	struct gate_net *nets;
	size_t nnets;
	struct gate_ports *ports;
	size_t nports;
	enum gate_severity severity;
	enum gate_action action;
	char *reason, *instead, *preview, *when; /* NULL if absent; reason never is */
	struct example *hits, *misses;
	size_t nhits, nmisses;
};

struct ruleset {
	struct rule **rules;
	size_t n;
	struct rule **disabled; /* rules that a `disable` moved out of `rules` */
	size_t ndisabled;
	char **files; /* every file that was read, for `gatesh show` */
	size_t nfiles;
	struct rule_pack **packs;
	size_t npacks;
	struct adjustment *adjustments;
	size_t nadjustments;
	const struct ruleset *beside; /* finished rules that adjustments and `requires` may also name (lint); or NULL */
	/* Called with every file that is read; or NULL. */
	void (*on_file)(const char *path, const struct stat *st, enum ruleset_trust trust, void *data);
	void *on_file_data;
	const struct rule **content; /* the rules about content */
	size_t ncontent;
	void *ids;            /* rules by id, disabled ones included; private to the parser and ruleset_find() */
	void *codes;          /* patterns by text; private to regex.c */
	void *index;          /* program name -> rules; private to match */
	struct file_id *read; /* the files that were read; private to read.c */
	size_t nread;
	unsigned nbad; /* files that were refused or could not be read */
};

/* Parse one file into `rs`.  Problems are reported to `d`.  Nothing of an invalid file is added.  Returns 0, -EINVAL or
 * -ENOMEM.  Reads only `src`: the `include` lines are checked, not followed. */
int ruleset_parse(struct ruleset *rs, const struct source *src, enum ruleset_trust trust, struct diag *d);

/* Read a file and its includes, or a directory.  A directory with a pack.rules is a pack; of any other, every *.rules
 * file and every pack is read, in name order.  A missing directory is not an error.  Returns as ruleset_parse(), or the
 * negative errno of reading, reported to `d`.  Load more trusted places first. */
int ruleset_load(struct ruleset *rs, const char *path, enum ruleset_trust trust, struct diag *d);

/* Call this once after the last load and before the first match.  Checks that required packs are present, disables and
 * overrides rules, builds the index.  Returns 0, -EINVAL (reported to `d`) or -ENOMEM. */
int ruleset_finish(struct ruleset *rs, struct diag *d);

/* The result of one example. */
struct example_result {
	const struct rule *rule;
	const struct example *example;
	bool hit;
	const char *what;         /* the problem, such as "is matched by"; NULL: the example passed */
	const struct rule *other; /* ... the rule that it concerns, or NULL */
};
typedef int ruleset_example_fn(const struct example_result *result, void *data);

/* Run every hit and miss as ruleset_selftest() does.  Calls `each` for every problem of an example, or once when it has
 * none.  Stops when `each` returns non-zero, and returns that; otherwise returns 0 or -ENOMEM. */
int ruleset_examples(const struct ruleset *rs, ruleset_example_fn *each, void *data);

/* Are two rules in the same pack, or in the same plain file? */
bool rule_same_pack(const struct rule *a, const struct rule *b);

/* Run every hit and miss against its pack (or plain file).  A hit must match its own rule.  A miss is a command that
 * passes, so no rule of the pack may match it.  A match limit is an error in both.  Problems are reported to `d`.
 * Returns 0, -EINVAL or -ENOMEM. */
int ruleset_selftest(const struct ruleset *rs, struct diag *d);

/* Return the subjects of an exec event, including content that rules need; only statements that match a rule are
 * included.  Returns as subjects_of_exec(). */
int ruleset_subjects(const struct ruleset *rs, const struct gate_event *event, struct subjects *out);

/* Return the subjects of any event: for an exec as above, otherwise the text that is shown and matched for a file or a
 * connection.  Returns 0 or a negative errno; -EINVAL if the event lacks its path or address.  Call subjects_free() on
 * `out` in all cases. */
int subjects_of_event(const struct ruleset *rs, const struct gate_event *event, struct subjects *out);

/* "sql" or "lines"; NULL if the rule is about a command. */
const char *rule_content_name(const struct rule *r);

/* Is the subject of the kind that the rule is about?  A statement is not a command. */
static inline bool rule_is_about(const struct rule *r, const struct subject *s)
{
	return r->content == s->content;
}

/* Does the rule match this subject?  RULE_LIMIT means that a match limit was hit or memory ran out: it is a finding,
 * not a pass. */
enum { RULE_MISS = 0, RULE_HIT = 1, RULE_LIMIT = 2 };
int rule_match(const struct rule *r, const struct subject *s);

/* A part of rule_match(), for `gatesh explain`.  Returns the first keyword line that has no word in the subject, or
 * NULL. */
const struct any_of *rule_missing_keyword(const struct rule *r, const struct subject *s);

/* Match one pattern against the subject and return RULE_*.  On RULE_HIT, [*from, *to) is the matched part of its plain
 * text (or text). */
int rule_pattern_span(const struct pattern *p, const struct subject *s, size_t *from, size_t *to);

/* Fill in a rule's preview or when for the subject that it matched.  {NAME} becomes the words that the group NAME of
 * its match captured, each quoted for a shell; a brace that names no group is not changed.  Returns 0 and an owned
 * string, -EINVAL if the words can't be read, or -ENOMEM.  Defined in fill.c. */
int rule_fill(const struct rule *r, const char *command, const struct subject *s, char **filled);

/* Does the rule name `program`?  True if it names none. */
bool rule_has_program(const struct rule *r, const char *program);

/* Call `found` for every rule that hits (or limits) on any of the subjects, once per rule with the first subject it
 * matched, in pack order.  Stops when `found` returns non-zero, and returns that.  On -ENOMEM, `found` was not
 * called. */
int ruleset_match(const struct ruleset *rs, enum gate_event_type type, const struct subjects *subjects,
		  int (*found)(const struct rule *r, const struct subject *s, int how, void *data), void *data);

/* The input of file rules. */
struct file_subject {
	enum gate_event_type event;
	const char *program; /* acting program, base name; NULL: unknown, matches no rule with a program */
	const char *path;    /* absolute */
	const char *home;    /* for `~`; NULL: no path is under it */
	bool outside;
	unsigned flags; /* GATE_FILE_CACHE, GATE_FILE_IGNORED: known facts about the directories above */
};

/* Does the file rule match?  Defined in match_files.c. */
bool rule_matches_file(const struct rule *r, const struct file_subject *f);

/* Call `found` for every file rule that matches, in pack order.  Stops when it returns non-zero, and returns that. */
int ruleset_match_file(const struct ruleset *rs, const struct file_subject *f,
		       int (*found)(const struct rule *r, void *data), void *data);

/* Does the connect rule match?  Defined in match_connect.c. */
bool rule_matches_connect(const struct rule *r, const struct destination *d);

/* As ruleset_match_file(). */
int ruleset_match_connect(const struct ruleset *rs, const struct destination *d,
			  int (*found)(const struct rule *r, void *data), void *data);

/* The events of file rules, as bits. */
enum { RULE_FILE_EVENTS = 1u << GATE_EVENT_UNLINK | 1u << GATE_EVENT_RENAME | 1u << GATE_EVENT_TRUNCATE };

const struct rule *ruleset_find(const struct ruleset *rs, const char *id);
void ruleset_free(struct ruleset *rs);

#pragma GCC visibility pop

#endif
