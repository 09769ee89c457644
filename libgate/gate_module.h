/* gate_module.h - what a decider module (gate_NAME.so) exports and may call.  See gate_module(3).
 *
 * A module exports one `struct gate_module`.  The engine checks the owner and mode of the file, the interface version, and
 * the arguments of each service line against the option table when it loads the service, so a module function never sees
 * an unknown or malformed argument.
 * Threads: decide() and verdict() are called from several threads at once, each with a handle of its own.  State that the
 * module shares between handles needs a lock; state of one handle belongs in gate_set_data(). */
#ifndef GATE_MODULE_H
#define GATE_MODULE_H

#include <gate.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Grows when struct gate_module, or what its functions may rely on, changes.  The engine refuses any other. */
#define GATE_MODULE_API_VERSION 1

enum gate_option_type {
	GATE_OPT_FLAG,     /* `debug` */
	GATE_OPT_STRING,   /* `name=text` */
	GATE_OPT_UINT,     /* `n=12` */
	GATE_OPT_DURATION, /* `t=300s`: ms s m h, in milliseconds; a bare number is refused */
	GATE_OPT_SIZE,     /* `max=256M`: K M G, in bytes */
	GATE_OPT_CHOICE,   /* `scope=session`: one of `choices`, separated by '|' */
	GATE_OPT_REST,     /* `--` and everything after it, verbatim; name is "--" */
	GATE_OPT_AGE,      /* `age=30d`: s m h d, in seconds; a bare number is refused */
	GATE_OPT_WORD,     /* `ask`: one of `choices` by itself; `name` is for messages */
	GATE_OPT_LIST,     /* `file=/path`: a list of destinations, read and checked with the service: gate_listed() */
};

struct gate_option {
	const char *name; /* NULL ends the table */
	enum gate_option_type type;
	const char *choices; /* GATE_OPT_CHOICE and WORD */
	bool required;
};

enum gate_module_flag {
	GATE_MODULE_RUNS = 1, /* it runs what its arguments name: not to be used by a project's file */
};

/* Every event that a module can decide. */
#define GATE_EVENTS_ALL                                                                                          \
	(1u << GATE_EVENT_EXEC | 1u << GATE_EVENT_UNLINK | 1u << GATE_EVENT_RENAME | 1u << GATE_EVENT_TRUNCATE | \
	 1u << GATE_EVENT_CONNECT)

/* Serve one line of a service.  `argv` are the words of the line after the module, already checked.  Returns a gate
 * code. */
typedef int gate_module_fn(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv);

/* What a module exports, under the name `gate_module`. */
struct gate_module {
	unsigned api_version;              /* GATE_MODULE_API_VERSION */
	const char *name;                  /* "gate_confirm", as the file without .so */
	const struct gate_option *options; /* NULL: the module takes none */
	unsigned events;                   /* bits 1u << GATE_EVENT_*: the events that decide() takes */
	unsigned flags;                    /* enum gate_module_flag */
	gate_module_fn *decide;            /* NULL: only verdict lines */
	gate_module_fn *verdict;           /* after the decision, which it can't change; NULL: no verdict lines */
};

extern const struct gate_module gate_module;

/* --- arguments: borrowed from argv, `fallback` when the option is not there --------------------------------------- */
bool gate_opt_flag(int argc, const char *const *argv, const char *name);
const char *gate_opt_string(int argc, const char *const *argv, const char *name, const char *fallback);
uint64_t gate_opt_uint(int argc, const char *const *argv, const char *name, uint64_t fallback);        /* UINT */
unsigned gate_opt_duration(int argc, const char *const *argv, const char *name, unsigned fallback_ms); /* DURATION */
uint64_t gate_opt_size(int argc, const char *const *argv, const char *name, uint64_t fallback);        /* SIZE, bytes */
uint64_t gate_opt_age(int argc, const char *const *argv, const char *name, uint64_t fallback_s);       /* AGE */
/* The word among `choices` that was given. */
const char *gate_opt_word(int argc, const char *const *argv, const char *choices, const char *fallback); /* WORD */
/* The words after `--`, NULL-terminated, in *n; NULL when there is no `--`. */
const char *const *gate_opt_rest(int argc, const char *const *argv, int *n);

/* --- services of the engine --------------------------------------------------------------------------------------- */

/* Match `event` against the loaded packs; the result is gate_findings().  GATE_SUCCESS when no rule asks or denies (log
 * and defer rules may still be among the findings), GATE_FINDING, GATE_DENY when a rule says deny, or a fault.  Of a
 * file that no rule allows, asks about or denies: GATE_IGNORE.  Matched once a check, however many modules call this.
 * A module may also return GATE_FINDING without any rule: the engine then adds a finding with the module's name and the
 * reason it gave to gate_set_reason(), so that whoever decides has something to decide about. */
int gate_match(gate_handle_t *h, const struct gate_event *event);

/* Put a question about the findings to the conversation; flags: enum gate_question_flag.  GATE_SUCCESS (yes, or no
 * finding asks), GATE_DENY (no, or a rule denies: that is never asked), GATE_TIMEOUT, GATE_NO_AGENT, GATE_CONV_ERR.
 * An answer holds for the whole check: a second stack does not ask again, unless there is more to ask about, it wants a
 * typed word, or the yes came from the desktop and its flags do not allow that.  The answer GATE_ANSWER_SESSION makes a
 * grant. */
int gate_ask(gate_handle_t *h, const struct gate_event *event, unsigned timeout_ms, unsigned flags);

/* Tell the conversation a line. */
void gate_tell(gate_handle_t *h, enum gate_style style, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Why this was refused: replaces GATE_ITEM_REASON.  Shown to the agent and logged. */
void gate_set_reason(gate_handle_t *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Does a rule ask about the event or forbid it?  A module that speaks of all events leaves this one to the rules then.
 * After gate_match(). */
bool gate_ruled(const gate_handle_t *h);

/* Deny, and leave nothing to ask about for the lines that follow, whatever the control: as a rule's `action: deny`.
 * GATE_DENY, or a fault. */
int gate_refuse(gate_handle_t *h, const struct gate_event *event, const char *why);

/* Is the destination of a connect event on the list that this line names (GATE_OPT_LIST; without one, nothing is)?  1,
 * 0,
 * -EINVAL (no destination), -ENOMEM. */
int gate_listed(gate_handle_t *h, const struct gate_event *event);

/* Session grants ("this session").  A grant covers one rule with one exact command (path and every argument) in one
 * directory, or with any file under one directory, or with one host (or address) and port, never a `critical` finding.
 * It ends with the policy, gate_revoke() or gate_forget().
 * gate_granted(): is every finding that asks covered?  False when a rule denies.
 * gate_grant(): cover every finding that asks.  0, -EPERM (one is critical, or the directory is not known), -ENOMEM. */
bool gate_granted(gate_handle_t *h, const struct gate_event *event);
int gate_grant(gate_handle_t *h, const struct gate_event *event);

/* Data of the module that runs, for this handle: what one line of a service, or one check, leaves for the next.  A handle
 * has one pointer per module; gate_dup() does not copy it.  `cleanup` (NULL: nothing to do) is called once for each
 * pointer: when it is replaced, with GATE_SUCCESS, or by gate_end(), with the status given there, after the handle's last
 * check.  0, -EINVAL (no module runs) or -ENOMEM: then `data` is still the caller's. */
int gate_set_data(gate_handle_t *h, void *data, void (*cleanup)(void *data, int status));

/* The pointer of the module that runs, or NULL. */
void *gate_get_data(const gate_handle_t *h);

/* verdict lines only: the decision that was taken (a gate code). */
int gate_verdict(const gate_handle_t *h);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
