/* SPDX-License-Identifier: BSD-2-Clause */
/* rule.h - one rule of a pack: what its stanza says, and whether it matches.  See gate.rules(5).  Internal to libgate.
 * Immutable after loading. */
#ifndef GATE_RULES_RULE_H
#define GATE_RULES_RULE_H

#include <gate.h>

#include "address/destination.h"
#include "grammar/canonical.h"
#include "rules/said.h"
#include "subject/list/subject_list.h"

#pragma GCC visibility push(default)

typedef struct pcre2_real_code_8 rule_regex;
struct regex;

/* A `match` or `unless` line. */
struct pattern {
	char *text;
	struct regex *regex; /* owned by the ruleset; regex.c */
	unsigned line, col;  /* of the value */
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
	struct said_terms said; /* statement and request rules */
	enum gate_severity severity;
	enum gate_action action;
	char *reason, *instead, *preview, *when; /* NULL if absent; reason never is */
	char *keep, *undo; /* commands that keep what the act would lose elsewhere, and bring it back; both or none */
	bool unless_kept;  /* asks only if the keep fails: the round trip is identical */
	struct example *hits, *misses;
	size_t nhits, nmisses;
	const struct grammars *commands; /* of the finished ruleset; or NULL */
};

/* Can the rule match a command?  A rule on statement judges the input of the clients that it names or implies. */
static inline bool rule_is_on_exec(const struct rule *r)
{
	return r->events & 1u << GATE_EVENT_EXEC || r->said.clients;
}

/* The programs whose start concerns such a rule; NULL or empty: any. */
static inline char **rule_exec_programs(const struct rule *r)
{
	return r->events & 1u << GATE_EVENT_EXEC ? r->programs : r->said.clients;
}

/* The events of file rules, as bits. */
enum {
	RULE_FILE_EVENTS = 1u << GATE_EVENT_UNLINK | 1u << GATE_EVENT_RENAME | 1u << GATE_EVENT_TRUNCATE |
			   1u << GATE_EVENT_WRITE | 1u << GATE_EVENT_READ
};

/* The events that the rule judges, as bits.  A rule that denies, allows or keeps an overwritten file means also one that is
 * written in place.  One that asks does not: nothing is lost by the open, and Gate keeps the file before it. */
static inline unsigned rule_judges(const struct rule *r)
{
	bool both = r->events & 1u << GATE_EVENT_TRUNCATE &&
		    (r->action == GATE_ACTION_DENY || r->action == GATE_ACTION_ALLOW || r->action == GATE_ACTION_KEEP);
	return r->events | (both ? 1u << GATE_EVENT_WRITE : 0);
}

/* Terms of a rule on statement or request. */
enum { RULE_SAID_EVENTS = 1u << GATE_EVENT_STATEMENT | 1u << GATE_EVENT_REQUEST };

/* Are two rules in the same pack, or in the same plain file? */
bool rule_same_pack(const struct rule *a, const struct rule *b);

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

/* The same for a text of the subject's that rule_canonical() returned. */
int rule_pattern_span_in(const struct pattern *p, const char *text, size_t *from, size_t *to);

/* The compiled pattern, which any thread may ask for; NULL if it can't be compiled.  Defined in regex.c. */
rule_regex *pattern_code(const struct pattern *p);

/* The grammar by which the rule judges commands of a program, or NULL.  A pack's grammar does not decide for rules that are
 * trusted more.  Defined in match_canonical.c. */
const struct grammar *rule_grammar(const struct rule *r, const char *program);

/* Does the rule also judge commands of a program as grammar_plain() reads them?  It does if it has no
 * rule_grammar() for the program, and names programs.  Defined in match_canonical.c. */
bool rule_reads_plainly(const struct rule *r, const char *program);

/* The texts beside the typed one by which the rule judges the subject: none if no `command` stanza is about it.  Returns 0 or
 * -ENOMEM.  Call canonical_free() in both cases.  Defined in match_canonical.c. */
int rule_canonical(const struct rule *r, const struct subject *s, struct canonical *out);

/* The variables that choose the program's target, by its `command` stanza: NULL-terminated, or NULL.  Owned by the ruleset. */
const char *const *command_environment(const struct rule *r, const char *program);

/* Fill in a rule's preview, when, keep or undo for the subject that it matched.  {NAME} becomes the words that the group NAME of
 * its match captured, each quoted for a shell; {target}, {operands} and {--NAME} those of target.h, {globals} the global
 * options by the grammar of its program; {program} the program's name; {here} the directory of the rule's file; any other brace
 * is not changed.  Returns 0 and an owned string, -EINVAL if the words can't be read or don't tell the target, or -ENOMEM.
 * Defined in fill.c. */
int rule_fill(const struct rule *r, const char *command, const struct subject *s, char **filled);

/* Does a preview, when, keep or undo of the rule name what it is about: by a group, or by a placeholder of target.h?  Defined in fill.c. */
bool rule_names_target(const struct rule *r, const char *command);

/* Does the rule name `program`?  True if it names none. */
bool rule_has_program(const struct rule *r, const char *program);

/* The input of file rules. */
struct file_subject {
	enum gate_event_type event;
	const char *program; /* acting program, base name; NULL: unknown, matches no rule with a program */
	const char *path;    /* absolute */
	const char *home;    /* for `~`; NULL: no path is under it */
	bool outside;
	unsigned flags; /* GATE_FILE_CACHE, _IGNORED, _LOCKED: known facts about the directories above */
	bool stranger;  /* read: GATE_FILE_STRANGER */
	bool unkept;    /* write: the file can't be kept, so that rules about overwriting it apply as well */
};

/* Does the file rule match?  Defined in match_files.c. */
bool rule_matches_file(const struct rule *r, const struct file_subject *f);

/* Is it a rule on read that may concern a name which formats/read_name.h does not list?  Defined in match_files.c. */
bool rule_reads_any(const struct rule *r);

/* Does the connect rule match?  Defined in match_connect.c. */
bool rule_matches_connect(const struct rule *r, const struct destination *d);

/* Does the destination meet the rule's host, net, port and socket?  Defined in match_connect.c. */
bool rule_matches_destination(const struct rule *r, const struct destination *d);

#pragma GCC visibility pop

#endif
