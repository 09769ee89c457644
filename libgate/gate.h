/* gate.h - libgate, the decision engine of Gate: what is destructive (rule packs) and what then (a stack of modules).
 *
 * The shape is PAM's: gate_start() loads a service, gate_check() runs the stack of one event through it, gate_end()
 * lets go.  What differs from PAM is said where it differs.
 *
 * Threads: a handle belongs to one thread at a time.  To check several events at once, take a handle each with
 * gate_dup(): the loaded policy behind them is immutable and shared.
 * Signals: nothing here is async-signal-safe.
 * Errors: functions return a gate code (enum gate_ret) where they decide, 0 or a negative errno where they do not. */
#ifndef GATE_H
#define GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* What a module, a stack or a check says.  From GATE_SERVICE_ERR on they are faults: something is broken, nobody
 * decided. A fault never falls through `sufficient` (the one deliberate difference from PAM's dispatch). */
enum gate_ret {
	GATE_SUCCESS = 0,    /* allowed */
	GATE_IGNORE,         /* no opinion */
	GATE_FINDING,        /* a rule matched; somebody has to decide */
	GATE_DENY,           /* refused */
	GATE_TIMEOUT,        /* asked, nobody answered in time */
	GATE_NO_AGENT,       /* nobody there to ask */
	GATE_SERVICE_ERR,    /* a module could not do its work */
	GATE_SYSTEM_ERR,     /* the system refused a resource */
	GATE_BUF_ERR,        /* an event over the limits */
	GATE_CONV_ERR,       /* the conversation broke */
	GATE_MODULE_UNKNOWN, /* a module that can't be loaded */
	GATE_ABORT,          /* an inconsistency in the engine */
	GATE_RET_COUNT
};

/* The word of gate.d(5) for a code ("success", "no_agent"); "unknown" outside the enumeration.  Static storage. */
const char *gate_strret(int ret);

enum gate_event_type {
	GATE_EVENT_EXEC = 0,
	GATE_EVENT_UNLINK,
	GATE_EVENT_RENAME,
	GATE_EVENT_TRUNCATE,
	GATE_EVENT_CONNECT,
	GATE_EVENT_VERDICT, /* not an event of its own: the lines that run after the decision and can't change it */
	GATE_EVENT_COUNT
};

/* "exec", "unlink", ...; NULL outside the enumeration.  Static storage. */
const char *gate_event_name(enum gate_event_type type);

/* What a program would read.  `text` is malloc()ed, ends in a NUL that `len` does not count, and is the engine's. */
enum gate_content_state {
	GATE_CONTENT_NONE = 0, /* nothing to judge: a person types it, or there is no such file */
	GATE_CONTENT_WHOLE,
	GATE_CONTENT_PART, /* `text` is its beginning; the rest is unknown */
};
struct gate_content {
	char *text;
	size_t len;
	enum gate_content_state state;
};

/* One thing a process is about to do.  Caller-owned and borrowed for the length of the call; strings are bytes as the
 * kernel has them (any encoding), NULL where they do not apply. */
struct gate_event {
	size_t struct_size; /* sizeof(struct gate_event), as the caller was compiled: new fields are added at the end */
	enum gate_event_type type;
	pid_t pid; /* 0: no such process (gatesh check) */
	uid_t uid;
	uint64_t start_time;     /* proc(5) stat field 22, in clock ticks; tells a recycled pid */
	const char *exe;         /* exec: the path that was executed, AT_EXECFN (a script's own path);
	                         * of the others: the program that acts */
	const char *const *argv; /* argc words, of that program; argv[0] may be NULL when argc is 0 */
	size_t argc;
	const char *cwd;
	const char *ancestry;   /* "agent(7) > bash(8) > git(9)", for people; may be NULL */
	const char *shell_text; /* exec: a shell text to judge instead of argv (gatesh check -c); or NULL */
	/* exec: called by gate_check() when a rule asks what the program reads: the file `path` as the program would
	 * open it, or with NULL its standard input, of which nothing may be consumed. 0, or a negative errno:
	 * unknown. NULL: nothing is read. */
	int (*read)(const struct gate_event *event, const char *path, struct gate_content *out);
	/* unlink, rename, truncate: where the file really is, absolute: its parent directory resolved, the last
	 * component as named. Of a rename what is replaced or, with GATE_FILE_MOVED, what leaves the workspace.
	 * connect: a unix socket's path, absolute and resolved, "@name" when it is abstract. */
	const char *path;
	const char *other;  /* rename: the other name, absolute */
	const char *top;    /* the directory that an answer for the session is about; NULL: the path alone */
	const char *once;   /* what an answer once is about, for people; NULL: this event alone */
	const char *unkept; /* why it can't be kept for undo; NULL: it can */
	uint64_t size;      /* bytes */
	unsigned file;      /* enum gate_file_flag */
	/* connect: the address as connect(2) takes it (not aligned), and the names it was looked up by, NULL-terminated;
	 * NULL: nobody looked it up. */
	const struct sockaddr *address;
	size_t address_len; /* bytes */
	const char *const *hosts;
	int socket_type, socket_protocol; /* SOCK_STREAM and IPPROTO_TCP, ...; 0: not known */
};

enum gate_file_flag {
	GATE_FILE_OUTSIDE = 1, /* of the workspace */
	GATE_FILE_DIRECTORY = 2,
	GATE_FILE_MOVED = 4,    /* a rename out of the workspace; what stood at the new name is not this event */
	GATE_FILE_CACHE = 8,    /* below a directory with a CACHEDIR.TAG, and that was looked at */
	GATE_FILE_IGNORED = 16, /* below a directory that git ignores, and that was looked at */
};

enum gate_severity { GATE_SEVERITY_NOTICE = 0, GATE_SEVERITY_WARNING, GATE_SEVERITY_DANGER, GATE_SEVERITY_CRITICAL };
/* GATE_ACTION_DEFER: a command whose deletions are judged when they happen, by the file events; where a service has none,
 * it asks.  GATE_ACTION_ALLOW: file and connect rules only: of no concern, whatever a rule that asks says. */
enum gate_action { GATE_ACTION_ASK = 0, GATE_ACTION_DENY, GATE_ACTION_LOG, GATE_ACTION_DEFER, GATE_ACTION_ALLOW };

/* "notice", "warning", "danger", "critical". */
const char *gate_severity_name(enum gate_severity s);

/* "ask", "deny", "log", "defer", "allow". */
const char *gate_action_name(enum gate_action a);

/* A rule that matched.  Borrowed from the handle: valid until its next gate_check() or gate_end(). */
struct gate_finding {
	const char *rule; /* id, "git.force-push" */
	enum gate_severity severity;
	enum gate_action action;
	const char *reason;
	const char *instead; /* or NULL */
	const char *preview; /* a command whose output shows what will be lost, or NULL */
	const char *subject; /* what it matched, escaped for display */
	const char *file;    /* where the rule stands */
	unsigned line;
};

/* --- the conversation --------------------------------------------------------------------------------------------- */

enum gate_style { GATE_STYLE_INFO = 0, GATE_STYLE_ERROR, GATE_STYLE_DEBUG };

enum gate_question_flag {
	GATE_QUESTION_TYPED = 1,       /* a yes is the typed word `word`, not a key */
	GATE_QUESTION_NO_SESSION = 2,  /* "this session" is not to be offered */
	GATE_QUESTION_DESKTOP = 4,     /* a notification on the desktop may show it and take a no */
	GATE_QUESTION_DESKTOP_YES = 8, /* ... and a yes, once; never together with GATE_QUESTION_TYPED */
};

struct gate_trace;

/* What is asked.  Owned by the engine, borrowed for the length of ask(). */
struct gate_question {
	const struct gate_event *event;
	const struct gate_finding *findings; /* worst first, at least one */
	size_t nfindings;
	const char *covers;  /* exactly what the answer "this session" will cover; NULL when it is not offered */
	const char *word;    /* with GATE_QUESTION_TYPED: what to type */
	unsigned timeout_ms; /* 0: no limit */
	unsigned flags;
	const struct gate_trace *trace; /* the lines that ran before the one that asks; ntrace may be 0 */
	size_t ntrace;
};

enum gate_choice { GATE_ANSWER_NO = 0, GATE_ANSWER_ONCE, GATE_ANSWER_SESSION };

/* The answer, caller-owned.  All zero is "no". */
struct gate_answer {
	enum gate_choice choice;
	char by[64];    /* who: "terminal", "companion pts/3"; for the audit log */
	char text[512]; /* a sentence for the agent; may be empty */
	unsigned ms;    /* how long it took */
	bool desktop;   /* it came from a notification: a yes counts only where GATE_QUESTION_DESKTOP_YES allows it */
};

/* ask(): one question at a time, blocking, from the thread that called gate_check().  Returns GATE_SUCCESS with *answer
 * filled (a no is an answer), GATE_TIMEOUT, GATE_NO_AGENT or GATE_CONV_ERR.  May be NULL: then GATE_NO_AGENT.
 * tell(): a line for a person, already `gate: what, where, why`, no trailing newline.  May be NULL: stderr.
 * probe(): run a rule's `when` command for the event, blocking as ask() does.  1: the rule applies, 0: it does not; a
 * negative errno when that can't be told: it applies.  May be NULL: every rule applies.
 * All may be called from any thread that uses a handle made with this conversation. */
struct gate_conv {
	size_t struct_size; /* sizeof(struct gate_conv) */
	int (*ask)(const struct gate_question *question, struct gate_answer *answer, void *data);
	void (*tell)(enum gate_style style, const char *text, void *data);
	void *data;
	int (*probe)(const char *command, const struct gate_event *event, void *data);
};

/* --- a handle ----------------------------------------------------------------------------------------------------- */

typedef struct gate_handle gate_handle_t;

enum gate_item {
	GATE_ITEM_SERVICE = 0, /* read only: name of the loaded service */
	GATE_ITEM_SESSION_ID,  /* the session's id */
	GATE_ITEM_AGENT,       /* the agent as a principal: "claude" */
	GATE_ITEM_HUMAN,       /* the login name it runs for */
	GATE_ITEM_WORKSPACE,   /* where the session started; .gate/ is read from here by gate_start */
	GATE_ITEM_REASON,      /* set by modules: why, for the agent's one line */
	GATE_ITEM_COUNT
};

enum gate_check_flag {
	GATE_CHECK_NO_ASK = 1,  /* do not converse: a question is answered GATE_NO_AGENT without calling ask() */
	GATE_CHECK_DRY_RUN = 2, /* nothing is about to happen: the verdict lines, which tell others, do not run */
};

/* Load `service` (a name, no slash) and the rule packs into a new handle at *h.
 * Reads, in this order: the system's service file (/etc/gate.d over /usr/lib/gate.d), the user's and the workspace's
 * (which can only tighten: an event must pass every one of the stacks that exist), and the packs beside them.
 * `workspace` may be NULL (no project files).  `conv` is copied; its functions must outlive the handle.
 * Returns 0; -EINVAL when any file is bad (every problem told as `file:line:col: ...` with line and caret), -ENOENT
 * when there is no such service, -ENOMEM; -E2BIG when
 * `conv` has fields that this version does not know.  *h is NULL on failure: there is no half-loaded policy. */
int gate_start(const char *service, const char *workspace, const struct gate_conv *conv, gate_handle_t **h);

/* Another handle on the same loaded policy and session grants, with `conv` (NULL: the same).  Items are copied.
 * Returns 0 or -ENOMEM. */
int gate_dup(const gate_handle_t *h, const struct gate_conv *conv, gate_handle_t **out);

/* Set an item to a copy of `value` (NULL clears).  0, -EINVAL (unknown or read only), -ENOMEM. */
int gate_set_item(gate_handle_t *h, enum gate_item item, const char *value);

/* The item or NULL.  Valid until it is set again or the handle ends. */
const char *gate_get_item(const gate_handle_t *h, enum gate_item item);

/* Decide one event.  GATE_SUCCESS: allowed.  Anything else: refused, and why.  Findings, answer, reason and trace of
 * the last check stay readable until the next one.  Blocks for as long as a module asks. */
int gate_check(gate_handle_t *h, const struct gate_event *event, unsigned flags);

/* The rules that matched in the last check, worst first; *n their number. */
const struct gate_finding *gate_findings(const gate_handle_t *h, size_t *n);

/* The answer a person gave in the last check, or NULL when nobody was asked. */
const struct gate_answer *gate_answer(const gate_handle_t *h);

/* The subjects the last check judged, escaped for display; NULL-terminated. */
const char *const *gate_subjects(const gate_handle_t *h);

/* One line of a stack that ran. */
struct gate_trace {
	const char *file; /* the service file */
	unsigned line;
	const char *module;  /* "gate_rules", or "include"/"substack" */
	const char *control; /* as written: "sufficient", "[success=ok default=bad]" */
	const char *action;  /* what the control made of it: "done" */
	int ret;
	bool grantor; /* its success is why the event was allowed */
};

/* The lines that ran in the last check, in order; *n their number. */
const struct gate_trace *gate_trace(const gate_handle_t *h, size_t *n);

/* Does the service have a line for the event in any of its stacks? */
bool gate_serves(const gate_handle_t *h, enum gate_event_type event);

/* What a person allowed for the rest of the session.  Strings are borrowed for the length of the call. */
struct gate_grant_info {
	unsigned id;      /* 1, 2, ... within the session, never used again */
	const char *rule; /* its id */
	const char *
		text; /* exactly what is covered, "RULE: SUBJECT, in DIRECTORY", "RULE: any connection to HOST:443 (tcp)",
	                   * escaped for display */
	const char *by; /* who allowed it; "" when nobody was asked */
	int64_t since;  /* seconds of the epoch */
	unsigned used;  /* how often it has allowed something since */
};

/* Call `each` with every grant of this session, oldest first; 0 or the first thing but 0 that `each` returned. A
 * lock is held meanwhile: `each` must not call the engine. Any thread, also while other handles of the session
 * check. */
int gate_grants(const gate_handle_t *h, int (*each)(const struct gate_grant_info *grant, void *data), void *data);

/* Revoke one of this session's grants, and with it every yes to a connection that is remembered for one process.  0, or
 * -ENOENT if no grant has that id (any more). */
int gate_revoke(gate_handle_t *h, unsigned id);

/* Revoke every grant of this session, and every yes to a connection that is remembered for one process. */
void gate_forget(gate_handle_t *h);

/* End the handle; `status` is the last gate code, as for pam_end(3).  NULL is allowed.  The policy goes with the last
 * handle that shares it. */
void gate_end(gate_handle_t *h, int status);

/* "1.0.0".  Static storage. */
const char *gate_version(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
