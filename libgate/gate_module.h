/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_module.h - the interface between libgate and a decider module (gate_NAME.so).  See gate_module(3).
 *
 * A module exports one `struct gate_module`.  When the engine loads a service, it checks the owner and mode of the
 * module's file, the interface version, and the arguments of each line against the option table.  A module function
 * therefore never sees an unknown or malformed argument.
 * The handle, event and arguments that a module function receives are borrowed: they are valid until it returns.
 * Threads: the engine calls decide() and verdict() from several threads at once, each with its own handle.  State that
 * handles share needs a lock; state of one handle belongs in gate_set_data().
 * Signals: no function here is async-signal-safe.
 * A module must not change the working directory, the signal handlers or the environment of the process. */
#ifndef GATE_MODULE_H
#define GATE_MODULE_H

#include <gate.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* The interface version.  It increases when struct gate_module changes, or when module functions can no longer rely on
 * something.  The engine refuses a module that was built for another version. */
#define GATE_MODULE_API_VERSION 1

enum gate_option_type {
	GATE_OPT_FLAG,     /* `debug` */
	GATE_OPT_STRING,   /* `name=text` */
	GATE_OPT_UINT,     /* `n=12` */
	GATE_OPT_DURATION, /* `t=300s`: units ms, s, m, h; read in milliseconds; the unit is required */
	GATE_OPT_SIZE,     /* `max=256M`: units K, M, G (powers of 1024), or none for bytes; read in bytes */
	GATE_OPT_CHOICE,   /* `scope=session`: one of `choices`; read with gate_opt_string() */
	GATE_OPT_REST,     /* `--` and everything after it, verbatim; its name is "--" */
	GATE_OPT_AGE,      /* `age=30d`: units s, m, h, d; read in seconds; the unit is required */
	GATE_OPT_WORD,     /* `ask`: one of `choices` alone; `name` is for messages only */
	GATE_OPT_LIST,     /* `file=/path`: a list of destinations, read and checked with the service; gate_listed() */
};

/* An argument that the module accepts.  A table has at most 64 entries before the one that ends it. */
struct gate_option {
	const char *name; /* NULL ends the table */
	enum gate_option_type type;
	const char *choices; /* for GATE_OPT_CHOICE and GATE_OPT_WORD, separated by '|' */
	bool required;
};

enum gate_module_flag {
	GATE_MODULE_RUNS = 1, /* the module runs a program that its arguments name; a project's file can't use it */
};

/* Every event that a module can decide. */
#define GATE_EVENTS_ALL                                                                                           \
	(1u << GATE_EVENT_EXEC | 1u << GATE_EVENT_UNLINK | 1u << GATE_EVENT_RENAME | 1u << GATE_EVENT_TRUNCATE |  \
	 1u << GATE_EVENT_WRITE | 1u << GATE_EVENT_READ | 1u << GATE_EVENT_CONNECT | 1u << GATE_EVENT_STATEMENT | \
	 1u << GATE_EVENT_REQUEST)

/* Serve one line of a service.  `argv` holds the `argc` words that follow the module on the line, already checked.
 * Returns a gate code; the engine treats any other value as bad, with GATE_ABORT. */
typedef int gate_module_fn(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv);

/* The object that a module exports under the name `gate_module`.  The engine never modifies or frees it. */
struct gate_module {
	unsigned api_version;              /* GATE_MODULE_API_VERSION */
	const char *name;                  /* "gate_confirm": the file's name without .so */
	const struct gate_option *options; /* NULL: the module takes no arguments */
	unsigned events;                   /* bits 1u << GATE_EVENT_*: the events that decide() serves */
	unsigned flags;                    /* bits of enum gate_module_flag */
	gate_module_fn *decide;            /* NULL: the module serves verdict lines only; `events` is 0 then */
	gate_module_fn *verdict;           /* runs after the decision and can't change it; NULL: no verdict lines */
};

extern const struct gate_module gate_module;

/* --- arguments ---------------------------------------------------------------------------------------------------- */

/* Each function returns the value of one argument, or `fallback` if the line does not have it.  Strings are borrowed
 * from argv. */
bool gate_opt_flag(int argc, const char *const *argv, const char *name);
const char *gate_opt_string(int argc, const char *const *argv, const char *name, const char *fallback);
uint64_t gate_opt_uint(int argc, const char *const *argv, const char *name, uint64_t fallback);        /* UINT */
unsigned gate_opt_duration(int argc, const char *const *argv, const char *name, unsigned fallback_ms); /* DURATION */
uint64_t gate_opt_size(int argc, const char *const *argv, const char *name, uint64_t fallback);        /* SIZE, bytes */
uint64_t gate_opt_age(int argc, const char *const *argv, const char *name, uint64_t fallback_s);       /* AGE */
/* Return the word of `choices` that the line has. */
const char *gate_opt_word(int argc, const char *const *argv, const char *choices, const char *fallback); /* WORD */
/* Return the words after `--`, NULL-terminated, and their number in *n; NULL and 0 if there is no `--`. */
const char *const *gate_opt_rest(int argc, const char *const *argv, int *n);

/* --- services of the engine --------------------------------------------------------------------------------------- */

/* Match `event` against the loaded rule packs; gate_findings() then returns the rules that matched.  The event is
 * matched once per check, however many modules call this.
 * Returns GATE_SUCCESS if no rule asks or denies (log and defer rules may still be among the findings), GATE_FINDING if
 * a rule asks, GATE_DENY if a rule denies, or a fault.  For any other event than an exec, returns GATE_IGNORE if no rule
 * allows it, asks about it or denies it.
 * A module may also return GATE_FINDING for an event that no rule asks about, or with a reason of its own from
 * gate_set_reason().  The engine then adds a finding with the module's name and that reason, so that the question has
 * something to show. */
int gate_match(gate_handle_t *h, const struct gate_event *event);

/* Ask a person about the findings, through the conversation; `flags` are bits of enum gate_question_flag.  Blocks until
 * the answer comes or the time is up; `timeout_ms` 0 means no limit.
 * Returns GATE_SUCCESS (the answer is yes, or no finding asks), GATE_DENY (the answer is no, or a rule denies: Gate
 * never asks about that), GATE_TIMEOUT, GATE_NO_AGENT, GATE_CONV_ERR or GATE_SYSTEM_ERR (out of memory).
 * An answer holds for the whole check.  After a yes, a second stack asks again only if there are more findings than
 * before, if it requires a typed word that was not typed, or if the yes came from the desktop and its flags do not
 * allow that.  The answer GATE_ANSWER_SESSION creates a grant. */
int gate_ask(gate_handle_t *h, const struct gate_event *event, unsigned timeout_ms, unsigned flags);

/* Pass a line to tell() of the conversation.  A line longer than 2047 bytes is cut and ends in "...". */
void gate_tell(gate_handle_t *h, enum gate_style style, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Set GATE_ITEM_REASON, which says why the event is refused.  The agent sees it and it is logged.  Does nothing in a
 * verdict line. */
void gate_set_reason(gate_handle_t *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Does a rule ask about the event or deny it?  Call it after gate_match().  A module that decides about all events
 * should leave such an event to the rules. */
bool gate_ruled(const gate_handle_t *h);

/* Deny the event for the reason `why`, which is copied.  As with a rule's `action: deny`, no later line asks about the
 * event, whatever its control.  Returns GATE_DENY or a fault. */
int gate_refuse(gate_handle_t *h, const struct gate_event *event, const char *why);

/* Is the destination of a connect event on the list that this line names with a GATE_OPT_LIST argument?  Returns 1 or 0
 * (0 also if the line names no list), -EINVAL if the event has no usable destination, or -ENOMEM. */
int gate_listed(gate_handle_t *h, const struct gate_event *event);

/* Session grants, which the answer "this session" creates.  A grant covers one rule together with
 *   exec           the exact command (its path and every argument) in one directory
 *   a file event   every file under one directory, or one file
 *   connect        one host (the address if it has no name), port and protocol
 *   statement      the exact text to one database of one host and port
 *   request        the exact method, target and body to one host and port
 * A grant never covers a `critical` finding.  It ends with the policy, gate_revoke() or gate_forget().
 * gate_granted(): do grants cover every finding that asks?  If so, each of those grants counts one more use.  False if
 * a rule denies.
 * gate_grant(): create grants for every finding that asks.  Returns 0, -EPERM (one of them is critical, or the
 * directory is unknown) or -ENOMEM. */
bool gate_granted(gate_handle_t *h, const struct gate_event *event);
int gate_grant(gate_handle_t *h, const struct gate_event *event);

/* Store a pointer for the running module in this handle: state that one line or one check leaves for the next.  A
 * handle has one pointer per module, and gate_dup() does not copy it.
 * The engine calls cleanup(data, status) once for each pointer that is not NULL: with GATE_SUCCESS when the module sets
 * a different pointer, or from gate_end(), after the handle's last check, with the status given there.  `cleanup` may
 * be NULL.
 * Returns 0, -EINVAL (no module is running) or -ENOMEM; on failure the caller still owns `data`. */
int gate_set_data(gate_handle_t *h, void *data, void (*cleanup)(void *data, int status));

/* Return the pointer of the running module, or NULL. */
void *gate_get_data(const gate_handle_t *h);

/* In a verdict line: return the decision, a gate code. */
int gate_verdict(const gate_handle_t *h);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
