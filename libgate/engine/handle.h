/* handle.h - what is behind gate_handle_t.  Internal to libgate: the engine's own files share it. */
#ifndef GATE_ENGINE_HANDLE_H
#define GATE_ENGINE_HANDLE_H

#include <gate_module.h>

#include "engine/engine.h"
#include "subject/subject.h"

/* A flag of gate_check() of our own: as if no rule matched. */
enum { CHECK_UNRULED = 1 << 16 };

/* What one gate_check() leaves behind. */
struct check {
	unsigned flags;
	bool running, in_verdict;
	const struct stack_line *line; /* of the module that runs */
	bool judged, explained;        /* it called gate_match(), gate_set_reason() */
	int verdict;
	struct subjects subjects;
	char **shown;                  /* the subjects escaped, NULL-terminated; NULL before they are computed */
	int matched;                   /* gate_match()'s code, -1 before it ran */
	struct gate_finding *findings; /* worst first */
	size_t nfindings;
	char **kept; /* strings that findings point to */
	size_t nkept;
	struct gate_trace *trace; /* room for all lines that can run */
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

/* match.c.  A finding of the running module's own, where no rule stands for what somebody has to decide about, or what
 * is denied.  0 or a fault. */
int match_module_finding(gate_handle_t *h, const struct gate_event *ev, enum gate_action action);
void match_reset(struct check *c);

/* grant.c.  Where a grant holds: of a file event under its `top` or path, of a connection anywhere (""), else in the
 * very directory; NULL: nowhere. */
const char *grant_place(const struct gate_event *ev);

/* The grants of a session: one reference per handle.  NULL: out of memory. */
struct grants *grants_new(void);
struct grants *grants_ref(struct grants *g);
void grants_unref(struct grants *g);

/* module_data.c.  The handle ends with `status`: clean up what modules left with it, while they are still loaded. */
void module_data_end(gate_handle_t *h, int status);

/* versions.c.  A copy of what a caller passed, as large as this engine knows it; fields that the caller did not know are
 * zero.  0, -EINVAL (its size is not set, or too small), -E2BIG (a field that this engine does not know is set). */
int versions_event(const struct gate_event *in, struct gate_event *out);
int versions_conv(const struct gate_conv *in, struct gate_conv *out);

struct strbuf;

/* What a grant for the event covers, escaped: "in DIRECTORY", "under DIRECTORY", "any connection to HOST:443 (tcp)". */
void grant_put_covers(struct strbuf *b, const struct gate_event *ev);

/* Remember a yes to a connection for its process, and look for one: formats/remembered.h, process-connection.  0 or
 * -ENOMEM. */
int grant_process(gate_handle_t *h, const struct gate_event *event);
bool grant_covers_process(gate_handle_t *h, const struct gate_event *event);

#endif
