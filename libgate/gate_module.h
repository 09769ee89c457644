/* gate_module.h - what a decider module (gate_NAME.so) exports and may call.  See gate_module(3).
 *
 * A module exports `gate_module_info` and one gate_sm_EVENT() for each event it can serve.  The engine checks the owner
 * and mode of the file and the arguments of the line against the option table when the service is loaded, so a module
 * function never sees an unknown or malformed argument.
 * Threads: gate_sm_*() are called from several threads at once, each with a handle of its own; state of the module's
 * own needs its own lock. */
#ifndef GATE_MODULE_H
#define GATE_MODULE_H

#include <gate.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define GATE_MODULE_API 1

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

/* For a module that decides every event alike: its bits, and its other functions as further names of gate_sm_exec(). */
#define GATE_MODULE_ALL_EVENTS                                                                                   \
	(1u << GATE_EVENT_EXEC | 1u << GATE_EVENT_UNLINK | 1u << GATE_EVENT_RENAME | 1u << GATE_EVENT_TRUNCATE | \
	 1u << GATE_EVENT_CONNECT)
#define GATE_MODULE_SAME_AS_EXEC                                                              \
	gate_sm_fn gate_sm_unlink __attribute__((alias("gate_sm_exec"), copy(gate_sm_exec))), \
		gate_sm_rename __attribute__((alias("gate_sm_exec"), copy(gate_sm_exec))),    \
		gate_sm_truncate __attribute__((alias("gate_sm_exec"), copy(gate_sm_exec))),  \
		gate_sm_connect __attribute__((alias("gate_sm_exec"), copy(gate_sm_exec)))

struct gate_module_info {
	unsigned api;                      /* GATE_MODULE_API */
	const char *name;                  /* "gate_confirm", as the file without .so */
	unsigned events;                   /* bits 1u << GATE_EV_*: the gate_sm_*() it exports */
	const struct gate_option *options; /* NULL: takes none */
	unsigned flags;                    /* enum gate_module_flag */
};

extern const struct gate_module_info gate_module_info;

/* Decide `event`: a gate code.  `argv` are the words of the service line after the module, already checked. */
typedef int gate_sm_fn(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv);
gate_sm_fn gate_sm_exec, gate_sm_unlink, gate_sm_rename, gate_sm_truncate, gate_sm_connect, gate_sm_verdict;

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
 * directory, or with one host (or address) and port, never a `critical` finding, and ends with the policy or
 * gate_forget().  gate_granted(): is every finding that asks covered?  False when a rule denies.
 * gate_grant(): cover every finding that asks.  0, -EPERM (one is critical, or the directory is not known), -ENOMEM. */
bool gate_granted(gate_handle_t *h, const struct gate_event *event);
int gate_grant(gate_handle_t *h, const struct gate_event *event);

/* verdict lines only: the decision that was taken (a gate code). */
int gate_verdict(const gate_handle_t *h);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
