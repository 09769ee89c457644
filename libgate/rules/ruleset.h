/* ruleset.h - rule packs in memory: parsed, compiled, matched.  gate.rules(5).  Internal to libgate; immutable after
 * loading, so many threads may match at once. */
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
	rule_regex *code;   /* the ruleset's */
	unsigned line, col; /* of the value */
};

/* A `hit` or `miss` line. */
struct example {
	char *text; /* a command line, split by shell_commands() */
	unsigned line, col;
};

/* A `program` or `keyword` line: one of its words must be there. */
struct any_of {
	char **words; /* NULL-terminated */
};

enum ruleset_trust { TRUST_SYSTEM, TRUST_USER, TRUST_PROJECT }; /* a project's pack may not name programs to run */

/* A word of a stanza that is looked up when every pack has been read. */
struct rule_ref {
	char *word;       /* NULL: not given */
	char *text;       /* the line it stands in */
	const char *file; /* owned by the ruleset */
	unsigned line, col;
};

/* A `requires` line: a pack, or Gate itself, of at least a version. */
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
	struct rule_ref rule, severity, action; /* the two last of an override; word is NULL where it has none */
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
	const struct rule_pack *pack;       /* NULL: of a plain file */
	const struct adjustment **adjusted; /* by which, in order; the last of them decides */
	size_t nadjusted;
	enum gate_severity own_severity; /* before any adjustment */
	enum gate_action own_action;
	enum subject_content content; /* what of a program the rule is about */
	bool content_unknown;         /* content that is not known concerns it */
	unsigned events;              /* bits 1u << GATE_EVENT_* */
	char **programs;              /* NULL-terminated, empty: any; exact base names, or with a trailing '*' */
	struct any_of *keywords;      /* every line must be met; in lower case: ASCII case is folded */
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
	char *reason, *instead, *preview, *when; /* NULL where absent; reason never is */
	struct example *hits, *misses;
	size_t nhits, nmisses;
};

struct ruleset {
	struct rule **rules;
	size_t n;
	struct rule **disabled; /* those that a `disable` took out of `rules` */
	size_t ndisabled;
	char **files; /* every file that was read, for `show` */
	size_t nfiles;
	struct rule_pack **packs;
	size_t npacks;
	struct adjustment *adjustments;
	size_t nadjustments;
	const struct ruleset *beside; /* finished rules that adjustments and `requires` may name, too (lint); or NULL */
	/* Called with every file that is read; or NULL. */
	void (*on_file)(const char *path, const struct stat *st, enum ruleset_trust trust, void *data);
	void *on_file_data;
	const struct rule **content; /* those about content */
	size_t ncontent;
	void *ids;            /* rules by id, the disabled ones too; private to the parser and ruleset_find() */
	void *codes;          /* patterns by text; private to regex.c */
	void *index;          /* program name -> rules; private to match */
	struct file_id *read; /* which files were read; private to read.c */
	size_t nread;
	unsigned nbad; /* files that were refused or could not be read */
};

/* Parse one file into `rs`.  Problems go to `d`; of a bad file nothing is added.  0, -EINVAL, -ENOMEM.  Never reads
 * anything but `src`: its `include` lines are only checked. */
int ruleset_parse(struct ruleset *rs, const struct source *src, enum ruleset_trust trust, struct diag *d);

/* Read a file and what it includes; or a directory: a pack (it has a pack.rules), or every *.rules and every pack in
 * it, in name order.  An absent directory is no error.  As ruleset_parse, or the errno of reading, told to `d`.  What
 * more trusted places hold must be loaded first. */
int ruleset_load(struct ruleset *rs, const char *path, enum ruleset_trust trust, struct diag *d);

/* To be called once after the last load and before the first match: looks that required packs are there, disables and
 * overrides rules, builds the index.  0, -EINVAL (told to `d`), -ENOMEM. */
int ruleset_finish(struct ruleset *rs, struct diag *d);

/* How one example came out. */
struct example_result {
	const struct rule *rule;
	const struct example *example;
	bool hit;
	const char *what;         /* what is wrong, "is matched by"; NULL: it is as it says */
	const struct rule *other; /* ... by which rule, or NULL */
};
typedef int ruleset_example_fn(const struct example_result *result, void *data);

/* Run every hit and miss as ruleset_selftest() does: `each` is called with every problem of it, or once when there is
 * none; ends with what it returns when that is not 0.  0 or -ENOMEM. */
int ruleset_examples(const struct ruleset *rs, ruleset_example_fn *each, void *data);

/* Do two rules stand in one pack: of the same name, or of the same plain file? */
bool rule_same_pack(const struct rule *a, const struct rule *b);

/* Run every hit and miss through the pack (or plain file) it stands in: a hit must match its own rule, a miss is a
 * command that passes, so no rule of the pack may match it.  A match limit is an error in both.  Problems go to `d`.
 * 0, -EINVAL, -ENOMEM. */
int ruleset_selftest(const struct ruleset *rs, struct diag *d);

/* The subjects of an exec event, with the content that rules ask for: of its statements those that match one.  As
 * subjects_of_exec(). */
int ruleset_subjects(const struct ruleset *rs, const struct gate_event *event, struct subjects *out);

/* The subjects of any event: those, or what is shown and matched of a file or a connection.  0, or a negative errno:
 * -EINVAL for an event that lacks what it is about.  out is freed with subjects_free() in any case. */
int subjects_of_event(const struct ruleset *rs, const struct gate_event *event, struct subjects *out);

/* "sql", "lines", or NULL: the rule is about a command. */
const char *rule_content_name(const struct rule *r);

/* Is the subject of the kind that the rule is about?  No statement is a command. */
static inline bool rule_is_about(const struct rule *r, const struct subject *s)
{
	return r->content == s->content;
}

/* Does the rule match this subject?  RULE_LIMIT when a match limit was hit or memory ran out: a finding, not a pass. */
enum { RULE_MISS = 0, RULE_HIT = 1, RULE_LIMIT = 2 };
int rule_match(const struct rule *r, const struct subject *s);

/* The parts of rule_match(), for `gatesh explain`.  The first keyword line of which the subject has no word, or NULL.
 */
const struct any_of *rule_missing_keyword(const struct rule *r, const struct subject *s);

/* One pattern against the subject, RULE_*; with RULE_HIT the bytes it matched, [*from, *to) of its plain text (or
 * text). */
int rule_pattern_span(const struct pattern *p, const struct subject *s, size_t *from, size_t *to);

/* A rule's preview or when for the subject that it matched: {NAME} becomes the words that the group NAME of its match
 * captured, each quoted for a shell; a brace that names no group stays.  0 and an owned string, -EINVAL where the words
 * can't be told, -ENOMEM.  fill.c. */
int rule_fill(const struct rule *r, const char *command, const struct subject *s, char **filled);

/* Is `program` one of the rule's (always, when it has none)? */
bool rule_has_program(const struct rule *r, const char *program);

/* Call `found` for every rule that hits (or limits) on any of the subjects, each rule once with the first subject it
 * matched, in pack order; stops when it returns non-zero and returns that.  -ENOMEM, and then nothing was called. */
int ruleset_match(const struct ruleset *rs, enum gate_event_type type, const struct subjects *subjects,
		  int (*found)(const struct rule *r, const struct subject *s, int how, void *data), void *data);

/* What file rules look at. */
struct file_subject {
	enum gate_event_type event;
	const char *program; /* base name of the one who acts; NULL: not known, then it is none that a rule names */
	const char *path;    /* absolute */
	const char *home;    /* for `~`; NULL: no path is under it */
	bool outside;
	unsigned flags; /* GATE_FILE_CACHE, GATE_FILE_IGNORED: what is known of the directories above */
};

/* Does the file rule match?  match_files.c. */
bool rule_matches_file(const struct rule *r, const struct file_subject *f);

/* Call `found` for every file rule that matches, in pack order; stops when it returns non-zero and returns that. */
int ruleset_match_file(const struct ruleset *rs, const struct file_subject *f,
		       int (*found)(const struct rule *r, void *data), void *data);

/* Does the connect rule match?  match_connect.c. */
bool rule_matches_connect(const struct rule *r, const struct destination *d);

/* As ruleset_match_file(). */
int ruleset_match_connect(const struct ruleset *rs, const struct destination *d,
			  int (*found)(const struct rule *r, void *data), void *data);

/* The events that file rules are about, as bits. */
enum { RULE_FILE_EVENTS = 1u << GATE_EVENT_UNLINK | 1u << GATE_EVENT_RENAME | 1u << GATE_EVENT_TRUNCATE };

const struct rule *ruleset_find(const struct ruleset *rs, const char *id);
void ruleset_free(struct ruleset *rs);

#pragma GCC visibility pop

#endif
