/* SPDX-License-Identifier: BSD-2-Clause */
/* said.h - what rules say about statements and requests.  See gate.rules(5).  Internal to libgate and gatesh. */
#ifndef GATE_RULES_SAID_H
#define GATE_RULES_SAID_H

#include <gate.h>
#include <netinet/in.h>

#include "effects/effects.h"

#pragma GCC visibility push(default)

struct any_of;
struct destination;
struct rule;
struct subject;

/* The terms of a rule on statement or request.  Sets are bits 1u << the enumerator; an empty set or list matches all. */
struct said_terms {
	unsigned effects, conditions, engines;
	char **kinds;                /* words of effect_object_kinds; NULL-terminated, as are all lists here */
	char **objects, **databases; /* globs; a word after '!' must not match */
	bool has_rows, rows_unknown; /* more than `rows`; also where the number is unknown */
	uint64_t rows;
	char **methods;        /* upper case */
	char **operations;     /* globs of operations: GraphQL fields, "git-push"; one and its object must meet all */
	struct any_of *bodies; /* every line must match; lower case */
	size_t nbodies;
	char **clients; /* programs whose input the rule judges, if it is on statement: "psql" */
};

/* The facts about a statement or request beyond its text. */
struct said_facts {
	enum gate_event_type type;
	const char *program;             /* base name; NULL: unknown */
	const struct destination *where; /* NULL: there is no connection, or it is unknown */
	const char *database;            /* NULL: unknown */
	uint64_t rows;
	unsigned flags; /* GATE_TEXT_ROWS, GATE_TEXT_OWN */
	const char *method, *target;
	const char *operations; /* GraphQL fields, or operations with their objects, each before a newline */
	const char *body;
	size_t len;
};

/* Does a rule on statement match a statement of these effects?  `f` NULL: it is the input of a program, and nothing is
 * known about where it goes.  Defined in match_said.c, as are the next two. */
bool rule_matches_statement(const struct rule *r, const struct subject *s, const struct effects *e,
			    const struct said_facts *f);
/* The field of the rule that its effects, or what is known, do not meet: "effect", "object", "host", ..., "own" if the
 * session created what it is about; NULL: they meet all, and the rule matches. */
const char *rule_said_missing(const struct rule *r, const struct subject *s, const struct effects *e,
			      const struct said_facts *f);
const char *rule_request_missing(const struct rule *r, const struct subject *s, const struct said_facts *f);

/* Call each(field, value) for every term of a rule. */
void rule_said_terms(const struct rule *r, void (*each)(const char *field, const char *value, void *data), void *data);

/* An example of such a rule, read as an event:
 *   ENGINE [host=NAME] [port=N] [database=NAME] [program=NAME] [rows=N]: STATEMENT
 *   METHOD HOST[:PORT]/PATH [BODY], after "PROGRAM: " if a program matters; OPERATION [OBJECT] in place of the body of a
 *   request to a path of git's smart protocol
 * The strings of the event are in *e.  Defined in said_example.c. */
struct said_example {
	struct gate_event event;
	char *copy; /* owned; the words point into it */
	const char *hosts[2];
	struct sockaddr_in address;
};

/* Returns NULL, or what is wrong with the text, as the end of a sentence about it.  Call said_example_free() in both
 * cases. */
const char *said_example_read(struct said_example *e, enum gate_event_type type, const char *text);
void said_example_free(struct said_example *e);

#pragma GCC visibility pop

#endif
