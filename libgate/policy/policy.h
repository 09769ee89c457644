/* policy.h - everything gate_start() loads: stacks of module lines and rule packs.  Immutable after loading and shared,
 * by reference count, between handles.  Internal to libgate. */
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

/* One line of a service file: a module, or a file whose lines of the same event run here. */
struct stack_line {
	enum gate_event_type event;
	unsigned char control[GATE_RET_COUNT]; /* enum control_action by return */
	char *control_text;                    /* as written */
	const char *file;                      /* the stack's name */
	unsigned line;
	struct module *module; /* NULL for include and substack */
	struct stack *sub;     /* those two: the other file, owned by the outermost stack */
	bool include;          /* its done, die, end and reset act on this stack, a substack's on itself only */
	int argc;
	char **argv;            /* NULL-terminated */
	struct dest_list *list; /* of an argument that is one; or NULL */
};

/* The lines of one service file, in order. */
struct stack {
	char *name; /* the file */
	struct stack_line *lines;
	size_t n;
	struct stack **subs; /* every file that includes and substacks name, each once; outermost stack only */
	size_t nsubs;
	unsigned runs[GATE_EVENT_COUNT]; /* lines that a dispatch of the event can run at most; 0: the stack abstains */
};

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

/* Where to read from, so that tests and lint can use other places than the installed ones. */
struct policy_dirs {
	const char *services[2]; /* in order of precedence; the first that has the service is the system's */
	const char *rules[POLICY_PACKS_MAX]; /* directories or packs; all are read, NULLs skipped */
	const char *user;                    /* DIR/gate.d and DIR/rules, or NULL */
	const char *project;                 /* the same, project's trust, or NULL */
	const char *modules;
	const struct source *more; /* one more stack, which is looked at first, with the system's trust; or NULL */
};

/* The installed places, the user's, and those of `workspace` (NULL: no project). */
struct policy_places {
	struct policy_dirs dirs; /* points into this struct: do not copy it */
	char user[PATH_MAX], project[PATH_MAX];
};

/* 0 or -ENAMETOOLONG.  No home is no error: then nothing is read of the user's.  policy.c. */
int policy_places(struct policy_places *p, const char *workspace);

/* Who could have written this file?  A stranger's, or one that anybody can write to, is told: an error, of a project's
 * file a warning. */
void policy_check_writers(struct diag *d, const char *path, const struct stat *st, enum ruleset_trust trust);

/* Is it the name of a file of gate.d: letters, digits, `.`, `_` and `-`, not hidden, no directory? */
bool policy_is_service(const char *name);

/* 0, -EINVAL (problems told to d), -ENOENT (no such service), -ENOMEM. */
int policy_load(const char *service, const struct policy_dirs *dirs, struct diag *d, struct policy **out);
struct policy *policy_ref(struct policy *p);
void policy_unref(struct policy *p);

/* Parse one service file; modules are loaded from dirs->modules, includes from dirs->services.  *out is NULL on
 * failure. 0, -EINVAL (told to d), -ENOMEM.  service_parse.c. */
int service_parse(const struct source *src, const struct policy_dirs *dirs, enum ruleset_trust trust, struct diag *d,
		  struct stack **out);
void stack_free(struct stack *s);

#pragma GCC visibility pop

#endif
