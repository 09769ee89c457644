/* SPDX-License-Identifier: BSD-2-Clause */
/* handle.h - defines the contents of gate_handle_t.  Internal to libgate: only the engine's own files include it. */
#ifndef GATE_ENGINE_HANDLE_H
#define GATE_ENGINE_HANDLE_H

#include <gate_module.h>

#include "engine/engine.h"
#include "subject/subject.h"

/* An internal flag of gate_check(): judge as if no rule matched. */
enum { CHECK_UNRULED = 1 << 16 };

/* The state and the results of one gate_check(). */
struct check {
	unsigned flags;
	bool running, in_verdict;
	const struct stack_line *line; /* the line of the module that runs */
	bool judged, explained;        /* the module called gate_match(), gate_set_reason() */
	int verdict;
	struct subjects subjects;
	char **shown;                  /* escaped subjects, NULL-terminated; NULL until computed */
	int matched;                   /* the code of gate_match(); -1 before it runs */
	struct gate_finding *findings; /* worst first */
	size_t nfindings;
	struct gate_keep *keeps;
	size_t nkeeps;
	char **kept; /* strings that findings point to */
	size_t nkept;
	struct gate_trace *trace; /* has room for all lines that can run */
	size_t ntrace, room;
	struct gate_answer answer;
	bool answered;
	size_t answered_findings; /* how many findings the answer was about */
	unsigned answered_flags;
};

struct gate_handle {
	struct policy *policy;
	struct grants *grants; /* shared by the handles of a session */
	struct gate_conv conv;
	char *items[GATE_ITEM_COUNT];
	struct module_data *data; /* module_data.c */
	struct check check;
};

/* match.c.  Add a finding in the name of the running module, for a question or a refusal that comes from no rule.
 * Returns GATE_SUCCESS or a fault. */
int match_module_finding(gate_handle_t *h, const struct gate_event *ev, enum gate_action action);
void match_reset(struct check *c);

/* keep.c.  Note what the rule of the finding keeps for its command; nothing if it keeps nothing, or can't be filled in. */
struct rule;
struct subject;
void keep_note(struct check *c, const struct rule *r, const struct subject *s, const struct gate_finding *f);
void keep_forget(struct check *c);

struct strbuf;

/* grant_key.c.  Is it an event of a file, whose grant covers what is under a directory? */
bool grant_is_of_file(const struct gate_event *ev);

/* grant_key.c.  Append everything that a grant for the finding depends on, as bytes to compare; `process`: and the process.
 * The path of a file event is not among them. */
void grant_key(struct strbuf *b, const struct gate_finding *f, const struct gate_event *ev, bool process);

/* grant_key.c.  Return where a grant for the event holds: for a file event, under its `top` or path; for a connection
 * and what is said over it, anywhere (""); for a command, in its directory alone.  NULL: nowhere.  The string belongs to the event. */
const char *grant_place(const struct gate_event *ev);

/* The grants of a session, counted by reference: one per handle.  grants_new() returns NULL if memory runs out. */
struct grants *grants_new(void);
struct grants *grants_ref(struct grants *g);
void grants_unref(struct grants *g);

/* module_data.c.  End of a handle with `status`: clean up the pointers of modules while the modules are still
 * loaded. */
void module_data_end(gate_handle_t *h, int status);

/* versions.c.  Copy a caller's struct into this engine's version of it; fields that the caller does not know become
 * zero.
 * Returns 0, -EINVAL (struct_size is not set or too small) or -E2BIG (the caller sets a field unknown to this
 * engine). */
int versions_event(const struct gate_event *in, struct gate_event *out);
int versions_conv(const struct gate_conv *in, struct gate_conv *out);

/* grant_key.c.  Append what a grant for the event covers, escaped: "in DIRECTORY", "under DIRECTORY", "any connection to
 * HOST:443 (tcp)". */
void grant_put_covers(struct strbuf *b, const struct gate_event *ev);

/* grant.c.  A yes to a connection also answers the same question about further connections of the same process to the
 * same host and port: the other addresses of a name, or the next connection of a pool.  grant_process() records the yes
 * and returns 0 or -ENOMEM; grant_covers_process() looks it up. */
int grant_process(gate_handle_t *h, const struct gate_event *event);
bool grant_covers_process(gate_handle_t *h, const struct gate_event *event);

#endif
