/* SPDX-License-Identifier: BSD-2-Clause */
/* ruleset.h - all rules of a policy: read from packs, adjusted, matched.  See gate.rules(5).  Internal to libgate.  Immutable
 * after loading but for patterns, which are compiled atomically at their first match, so many threads may match at once. */
#ifndef GATE_RULES_RULESET_H
#define GATE_RULES_RULESET_H

#include <gate.h>

#include "base/diag.h"
#include "grammar/grammar.h"
#include "rules/rule.h"
#include "subject/subject.h"

struct stat;

#pragma GCC visibility push(default)

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
	bool installed; /* what is loaded now are Gate's own packs, whose patterns `gatesh lint` has compiled */
	struct grammars *commands;    /* owned; NULL: no command stanza */
	const struct ruleset *beside; /* finished rules that adjustments and `requires` may also name (lint); or NULL */
	/* Called with every file that is read; or NULL. */
	void (*on_file)(const char *path, const struct stat *st, enum ruleset_trust trust, void *data);
	void *on_file_data;
	const struct rule **content; /* the rules about content */
	size_t ncontent;
	const struct rule **on_files; /* the rules on file events, in the order of `rules` */
	size_t non_files;
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

/* Call `found` for every rule that hits (or limits) on any of the subjects, once per rule with the first subject it
 * matched, in pack order.  Stops when `found` returns non-zero, and returns that.  On -ENOMEM, `found` was not
 * called. */
int ruleset_match(const struct ruleset *rs, enum gate_event_type type, const struct subjects *subjects,
		  int (*found)(const struct rule *r, const struct subject *s, int how, void *data), void *data);

/* Call `found` for every file rule that matches, in pack order.  Stops when it returns non-zero, and returns that. */
int ruleset_match_file(const struct ruleset *rs, const struct file_subject *f,
		       int (*found)(const struct rule *r, void *data), void *data);

/* As ruleset_match_file(). */
int ruleset_match_connect(const struct ruleset *rs, const struct destination *d,
			  int (*found)(const struct rule *r, void *data), void *data);

/* Call `found` for every rule that matches a statement or a request, once with the first subject that it matched, in pack
 * order.  `subjects` are those of the event.  Stops when `found` returns non-zero, and returns that; otherwise 0 or
 * -ENOMEM. */
typedef int said_found_fn(const struct rule *r, const struct subject *s, int how, void *data);
int ruleset_match_said(const struct ruleset *rs, const struct gate_event *event, const struct subjects *subjects,
		       said_found_fn *found, void *data);

/* Call `each` for every subject, first with no rule, then with every rule on the event and what it lacks (see
 * rule_said_missing()).  Returns as ruleset_match_said(). */
typedef int said_explain_fn(const struct subject *s, const struct effects *e, const struct rule *r, const char *missing,
			    void *data);
int ruleset_explain_said(const struct ruleset *rs, const struct gate_event *event, const struct subjects *subjects,
			 said_explain_fn *each, void *data);

const struct rule *ruleset_find(const struct ruleset *rs, const char *id);
void ruleset_free(struct ruleset *rs);

#pragma GCC visibility pop

#endif
