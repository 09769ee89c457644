/* SPDX-License-Identifier: BSD-2-Clause */
/* policy.h - the policy that gate_start() loads: stacks of module lines, and rule packs.  Immutable after loading;
 * handles share it by reference count.  Internal to libgate. */
#ifndef GATE_POLICY_POLICY_H
#define GATE_POLICY_POLICY_H

#include <limits.h>

#include <gate.h>
#include <gate_module.h>

#include "address/dest_list.h"
#include "base/diag.h"
#include "rules/ruleset.h"

#pragma GCC visibility push(default)

enum control_action {
	CONTROL_IGNORE = 0,
	CONTROL_OK,
	CONTROL_DONE,
	CONTROL_BAD,
	CONTROL_DIE,
	CONTROL_RESET,
	CONTROL_END
};

struct module; /* module.h */
struct stack;

/* One line of a service file: a module, or another file whose lines for the same event run here. */
struct stack_line {
	enum gate_event_type event;
	unsigned char control[GATE_RET_COUNT]; /* enum control_action, by return value */
	char *control_text;                    /* as written */
	const char *file;                      /* the name of the stack */
	unsigned line;
	struct module *module; /* NULL for include and substack */
	struct stack *sub;     /* include and substack: the other file's stack, owned by the outermost stack */
	bool include; /* the sub's done, die, end and reset act on this stack; a substack's act on itself only */
	int argc;
	char **argv;            /* NULL-terminated */
	struct dest_list *list; /* the parsed list when an argument is a list; or NULL */
};

/* The lines of one service file, in order. */
struct stack {
	char *name; /* the path of the file */
	struct stack_line *lines;
	size_t n;
	struct stack **subs; /* every file that include and substack name, each once; outermost stack only */
	size_t nsubs;
	unsigned runs[GATE_EVENT_COUNT]; /* by the event of the lines; ask stack_runs() */
};

/* The event whose lines decide about `event`.  A service that was written before there was `write` has only lines for
 * truncate, which decided about it then and still do. */
static inline enum gate_event_type stack_event(const struct stack *s, enum gate_event_type event)
{
	return event == GATE_EVENT_WRITE && !s->runs[event] ? GATE_EVENT_TRUNCATE : event;
}

/* Most lines that one dispatch can run; 0: the stack abstains. */
static inline unsigned stack_runs(const struct stack *s, enum gate_event_type event)
{
	return s->runs[stack_event(s, event)];
}

enum {
	STACKS_MAX = 4,             /* the caller's, the system's, the user's, the project's: an event must pass each */
	SERVICE_SIZE_MAX = 1 << 20, /* bytes of a service file */
	SERVICE_NAME_MAX = 64,      /* with its NUL */
};

struct policy {
	unsigned refs; /* atomic */
	char *service;
	struct stack *stacks[STACKS_MAX];
	size_t nstacks;
	struct ruleset rules;
};

enum { POLICY_PACKS_MAX = 32 };

/* The directories to read.  Tests and lint pass others than the installed ones. */
struct policy_dirs {
	const char *services[2]; /* in order of precedence; the first with the service file is the system's */
	const char *rules[POLICY_PACKS_MAX]; /* directories or packs; all are read, NULLs are skipped */
	const char *user;                    /* DIR/gate.d and DIR/rules, or NULL */
	const char *project;                 /* the same, project's trust, or NULL */
	const char *modules;
	bool refuse_reads;         /* rules on read that ask deny, and deny before any rule allows */
	const struct source *more; /* one more stack, which runs first and has the system's trust; or NULL */
};

/* The installed directories, the user's, and those of `workspace` (NULL: no project). */
struct policy_places {
	struct policy_dirs dirs; /* points into this struct: do not copy it */
	char user[PATH_MAX], project[PATH_MAX];
};

/* Fill *p.  Returns 0 or -ENAMETOOLONG.  A missing home directory is not an error: no user files are read then.
 * Defined in policy.c. */
int policy_places(struct policy_places *p, const char *workspace);

/* Check who could have written this file.  If its owner is neither root nor the caller, or if anybody can write to it,
 * report an error, or a warning for a project's file. */
void policy_check_writers(struct diag *d, const char *path, const struct stat *st, enum ruleset_trust trust);

/* Is it a valid name of a file in gate.d: letters, digits, `.`, `_` and `-`, not hidden, no directory? */
bool policy_is_service(const char *name);

/* Load the policy of a service.  Returns 0, -EINVAL (problems reported to d), -ENOENT (no such service) or -ENOMEM. */
int policy_load(const char *service, const struct policy_dirs *dirs, struct diag *d, struct policy **out);
struct policy *policy_ref(struct policy *p);
void policy_unref(struct policy *p);

/* Parse one service file.  Modules are loaded from dirs->modules, includes from dirs->services.  Returns 0, -EINVAL
 * (reported to d) or -ENOMEM; on error *out is NULL.  Defined in service_parse.c. */
int service_parse(const struct source *src, const struct policy_dirs *dirs, enum ruleset_trust trust, struct diag *d,
		  struct stack **out);
void stack_free(struct stack *s);

#pragma GCC visibility pop

#endif
