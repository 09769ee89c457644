/* SPDX-License-Identifier: BSD-2-Clause */
/* gate.h - the public interface of libgate, the engine that decides whether an event may happen.  See libgate(3).
 *
 * Rule packs determine which events are destructive; a stack of modules determines what to do about them.  The
 * interface has the shape of PAM: gate_start() loads a service, gate_check() runs one event through its stack,
 * gate_end() releases the handle.  Comments point out each difference from PAM.
 *
 * Threads: only one thread at a time may use a handle.  To check events in parallel, make one handle per thread with
 * gate_dup(); the handles share the loaded policy, which is immutable.
 * Signals: no function here is async-signal-safe.
 * Errors: functions that decide return a gate code (enum gate_ret).  Other functions that can fail return 0 or a
 * negative errno value. */
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

/* The return codes of modules, stacks and gate_check().  GATE_SERVICE_ERR and later codes are faults: something is
 * broken, so no decision was made.  A fault never falls through `sufficient`; this is the one deliberate difference
 * from PAM's dispatch. */
enum gate_ret {
	GATE_SUCCESS = 0,    /* allowed */
	GATE_IGNORE,         /* no opinion */
	GATE_FINDING,        /* a rule matched; a person or a later module has to decide */
	GATE_DENY,           /* refused */
	GATE_TIMEOUT,        /* Gate asked and nobody answered in time */
	GATE_NO_AGENT,       /* there is nobody to ask */
	GATE_SERVICE_ERR,    /* a module failed */
	GATE_SYSTEM_ERR,     /* a system resource, such as memory, was not available */
	GATE_BUF_ERR,        /* the event exceeds a limit */
	GATE_CONV_ERR,       /* the conversation failed */
	GATE_MODULE_UNKNOWN, /* a module can't be loaded */
	GATE_ABORT,          /* an inconsistency in the engine */
	GATE_RET_COUNT
};

/* Return the word of gate.d(5) for a code, such as "no_agent", or "unknown" for any other value.  Static storage. */
const char *gate_strret(int ret);

enum gate_event_type {
	GATE_EVENT_EXEC = 0,
	GATE_EVENT_UNLINK,
	GATE_EVENT_RENAME,
	GATE_EVENT_TRUNCATE,
	GATE_EVENT_WRITE, /* an old file is opened to be written in place, for the first time in the session */
	GATE_EVENT_READ,  /* a file is opened for reading whose content a rule protects */
	GATE_EVENT_CONNECT,
	GATE_EVENT_STATEMENT, /* what a program says to a database: SQL, a Redis or a MongoDB command */
	GATE_EVENT_REQUEST,   /* what it says to an HTTP server */
	GATE_EVENT_VERDICT,   /* not a real event: marks lines that run after the decision and can't change it */
	GATE_EVENT_COUNT
};

/* Return "exec", "unlink", ..., or NULL for a value outside the enumeration.  Static storage. */
const char *gate_event_name(enum gate_event_type type);

/* The content that a program would read.  The caller's read() allocates `text` with malloc() and ends it with a NUL
 * that `len` does not count.  The engine takes ownership of it. */
enum gate_content_state {
	GATE_CONTENT_NONE = 0, /* nothing to judge: a person types the input, or the file does not exist */
	GATE_CONTENT_WHOLE,
	GATE_CONTENT_PART, /* `text` is the beginning; the rest is unknown */
};
struct gate_content {
	char *text;
	size_t len;
	enum gate_content_state state;
};

/* An operation that a process is about to perform.  The caller owns the struct and everything it points to; libgate
 * borrows them until gate_check() returns.  Strings are raw bytes as the kernel has them, in any encoding.  A string
 * that does not apply is NULL. */
struct gate_event {
	/* sizeof(struct gate_event) as the caller was compiled.  New fields are added at the end.  Fields that an older
	 * caller lacks count as zero.  If a newer caller sets a field that the library does not know, gate_check()
	 * returns GATE_ABORT. */
	size_t struct_size;
	enum gate_event_type type;
	pid_t pid; /* the process that acts; 0: there is none (gatesh check) */
	uid_t uid;
	uint64_t start_time;     /* field 22 of proc(5) stat, in clock ticks; detects a reused pid */
	const char *exe;         /* exec: the executed path, AT_EXECFN (for a script, the script's own path);
	                         * other events: the program that acts */
	const char *const *argv; /* the argc arguments of that program; argv[0] may be NULL when argc is 0 */
	size_t argc;
	const char *cwd;
	const char *ancestry;   /* for display: "agent(7) > bash(8) > git(9)"; or NULL */
	const char *shell_text; /* exec: shell source to judge instead of argv (gatesh check -c); or NULL */
	/* exec: gate_check() calls this function when a rule needs the content that the program reads.  `path` is a
	 * file, named as the program would open it; NULL means the program's standard input, which the function must
	 * not consume.  Returns 0 with *out filled, or a negative errno if the content is unknown.  The field may be
	 * NULL: then libgate reads nothing. */
	int (*read)(const struct gate_event *event, const char *path, struct gate_content *out);
	void *read_data; /* the caller's, for read(), which gets a copy of the event */
	/* unlink, rename, truncate, write, read: the absolute path of the file, with its parent directory resolved and the last
	 * component as named.  For a rename, this is the file that is replaced or, with GATE_FILE_MOVED, the file that
	 * leaves the workspace.
	 * connect: the path of a unix socket, absolute and resolved; "@name" for an abstract socket. */
	const char *path;
	const char *other;  /* rename: the other name, absolute */
	const char *top;    /* file events: the directory that a yes for the session covers; NULL: `path` alone */
	const char *once;   /* for display: what a yes once covers; NULL: this event alone */
	const char *unkept; /* why the file can't be kept for undo; NULL: it can */
	uint64_t size;      /* of the file, in bytes */
	unsigned file;      /* bits of enum gate_file_flag */
	/* connect: the address as passed to connect(2), not necessarily aligned. */
	const struct sockaddr *address;
	size_t address_len; /* bytes */
	/* connect: the names that the process looked up to get this address, NULL-terminated; or NULL if there are
	 * none. */
	const char *const *hosts;
	int socket_type, socket_protocol; /* connect: SOCK_STREAM and IPPROTO_TCP, ...; 0: unknown */
	/* exec: the path of the program that `exe` is a copy or a link of, under a name of its own: "/usr/bin/git".  Rules
	 * judge the command under that name too.  NULL: it is what it is called. */
	const char *known;
	/* statement, request: what the process says, and where.  `address`, `path` and `hosts` are as for connect; `address` is
	 * NULL where there is no connection, as with a database in a file.  `hosts` also has the name that a request itself gives.
	 *
	 * `text` is not NUL-terminated, has any bytes, and is NULL if it is unknown.  A statement: what the server is to execute,
	 * which may be several statements.  Redis: the words of a command as redis-cli takes them, blanks between them and
	 * double quotes around each that has a blank, a quote or a control character; one command a line.  MongoDB: the command
	 * as JSON, its name first.  A request: its body, decoded from its transfer encoding. */
	const char *text;
	size_t text_len;      /* bytes */
	unsigned text_flags;  /* bits of enum gate_text_flag */
	uint64_t rows;        /* statement: the rows that it would delete or change, with GATE_TEXT_ROWS */
	const char *engine;   /* statement: "postgresql", "mysql" (MariaDB too), "sqlite", "redis" or "mongodb" */
	const char *database; /* statement: the name or file of the database; NULL: unknown */
	const char *method;   /* request: "DELETE" */
	const char *target;   /* request: path and query as sent, "/v1/users?all=1" */
	const char *
		settings; /* exec, for display and for grants: the variables that choose its target, as far as they differ from the
			       * person's: "KUBECONFIG=/srv/prod.yaml"; or NULL */
	const char *
		keeps; /* exec, for display: lines "keeps: ..." and "loses: ...", which say what a rule's keep has kept of what the
			    * command would lose, and what it has not; or NULL */
	/* for display: what an agent said about the tool call that led to this, in its own words: `claude says: "clean old
	 * builds"`.  It decides nothing.  NULL: unknown. */
	const char *says;
	/* statement, for display: some of the rows that it would delete or change, a line each: "id=5 name=ann".  They are data of
	 * somebody's table: no log has them.  NULL: none. */
	const char *sample;
	/* for display: how the agent came to this, "claude > deploy.sh:8 > rm -rf build", by what its processes say of themselves.
	 * NULL or "": unknown. */
	const char *origin;
};

enum gate_text_flag {
	GATE_TEXT_PART = 1,     /* `text` is the beginning; the rest is unknown */
	GATE_TEXT_ROWS = 2,     /* `rows` is known */
	GATE_TEXT_OWN = 4,      /* the session itself created what the request or statement is about */
	GATE_TEXT_ESTIMATE = 8, /* `rows` is what the server expects, not what it has counted */
	/* request: `text` is not the body but what it does, read from it by the caller: "git-force-push refs/heads/main
	 * 0123456789ab..cdef01234567", an operation, its object and the rest, one a line.  With GATE_TEXT_PART the operations are all
	 * there; the rest of the line is not */
	GATE_TEXT_OPERATIONS = 16,
};

enum gate_file_flag {
	GATE_FILE_OUTSIDE = 1, /* the file is outside the workspace */
	GATE_FILE_DIRECTORY = 2,
	GATE_FILE_MOVED = 4,    /* a rename out of the workspace; this event does not cover a file at the new name */
	GATE_FILE_CACHE = 8,    /* known to be below a directory with a CACHEDIR.TAG; unset: not so, or not checked */
	GATE_FILE_IGNORED = 16, /* known to be below a directory that git ignores; unset: not so, or not checked */
	GATE_FILE_LOCKED = 32, /* known to be below a directory with a package-lock.json or its like; otherwise unset */
	GATE_FILE_STRANGER =
		64, /* read: the program may have got its name in this session, so no rule allows it by that name */
};

enum gate_severity { GATE_SEVERITY_NOTICE = 0, GATE_SEVERITY_WARNING, GATE_SEVERITY_DANGER, GATE_SEVERITY_CRITICAL };
/* GATE_ACTION_DEFER: the file events judge the command's deletions when they happen; if the service has no file events,
 * the rule asks.  GATE_ACTION_ALLOW (file and connect rules only): overrides every rule that asks.  GATE_ACTION_KEEP
 * (file rules only): overrides every rule that asks, and leaves the decision to the next module, as if no rule matched. */
enum gate_action {
	GATE_ACTION_ASK = 0,
	GATE_ACTION_DENY,
	GATE_ACTION_LOG,
	GATE_ACTION_DEFER,
	GATE_ACTION_ALLOW,
	GATE_ACTION_KEEP
};

/* Return "notice", "warning", "danger" or "critical"; NULL for any other value.  Static storage. */
const char *gate_severity_name(enum gate_severity s);

/* Return "ask", "deny", "log", "defer", "allow" or "keep"; NULL for any other value.  Static storage. */
const char *gate_action_name(enum gate_action a);

/* A rule that matched.  The handle owns it: it is valid until the handle's next gate_check() or gate_end(). */
struct gate_finding {
	const char *rule; /* id, "git.force-push" */
	enum gate_severity severity;
	enum gate_action action;
	const char *reason;
	const char *instead; /* or NULL */
	const char *preview; /* a command whose output shows what will be lost; or NULL */
	const char *subject; /* the command, file or destination that matched, escaped for display */
	const char *file;    /* where the rule is defined; for a module's own finding, its line in the service file */
	unsigned line;
};

/* --- the conversation --------------------------------------------------------------------------------------------- */

enum gate_style { GATE_STYLE_INFO = 0, GATE_STYLE_ERROR, GATE_STYLE_DEBUG };

enum gate_question_flag {
	GATE_QUESTION_TYPED = 1,       /* the person says yes by typing `word`, not with a key */
	GATE_QUESTION_NO_SESSION = 2,  /* do not offer "this session" */
	GATE_QUESTION_DESKTOP = 4,     /* a desktop notification may show the question and accept a no */
	GATE_QUESTION_DESKTOP_YES = 8, /* ... and a yes once; never set together with GATE_QUESTION_TYPED */
};

struct gate_trace;

/* A question for a person.  The engine owns it; it is valid until ask() returns. */
struct gate_question {
	const struct gate_event *event;
	const struct gate_finding *findings; /* worst first, at least one */
	size_t nfindings;
	const char *covers;  /* exactly what the answer "this session" will cover; NULL: do not offer that answer */
	const char *word;    /* with GATE_QUESTION_TYPED: the word to type; else NULL */
	unsigned timeout_ms; /* 0: no limit */
	unsigned flags;      /* bits of enum gate_question_flag */
	const struct gate_trace *trace; /* the lines that ran before the line that asks; ntrace may be 0 */
	size_t ntrace;
};

enum gate_choice { GATE_ANSWER_NO = 0, GATE_ANSWER_ONCE, GATE_ANSWER_SESSION };

/* A person's answer.  The caller owns it.  All zeros mean "no". */
struct gate_answer {
	enum gate_choice choice;
	char by[64];    /* who answered, for the audit log: "terminal", "companion pts/3" */
	char text[512]; /* a sentence for the agent; may be empty */
	unsigned ms;    /* how long the person took, in milliseconds */
	bool desktop;   /* a notification gave the answer: a yes counts only if GATE_QUESTION_DESKTOP_YES allows it */
};

/* The functions that the engine calls to talk to people.  `data` is passed to each of them.  libgate calls them in
 * the thread that called it, so with several handles on one conversation they can run in several threads at once.
 *
 * ask(): put one question and block until it is answered.  Returns GATE_SUCCESS with *answer filled (a no is an answer
 * too), GATE_TIMEOUT, GATE_NO_AGENT or GATE_CONV_ERR; any other value counts as GATE_CONV_ERR.  If ask is NULL, every
 * question gets GATE_NO_AGENT.
 * tell(): pass a text to a person, in the form `gate: what, where, why`.  gate_start() reports problems in files as
 * `file:line:col: ...`, followed by the source line and a caret.  The text has no trailing newline.  If tell is NULL,
 * the engine writes to stderr.
 * probe(): run the `when` command of a rule for the event and block until it ends.  Returns 1 if the rule applies, 0 if
 * it does not, or a negative errno if this can't be determined, in which case the rule applies.  If probe is NULL,
 * every rule applies. */
struct gate_conv {
	size_t struct_size; /* sizeof(struct gate_conv), with the same meaning as in struct gate_event */
	int (*ask)(const struct gate_question *question, struct gate_answer *answer, void *data);
	void (*tell)(enum gate_style style, const char *text, void *data);
	void *data;
	int (*probe)(const char *command, const struct gate_event *event, void *data);
};

/* --- a handle ----------------------------------------------------------------------------------------------------- */

typedef struct gate_handle gate_handle_t;

enum gate_item {
	GATE_ITEM_SERVICE = 0, /* the name of the loaded service; read-only */
	GATE_ITEM_SESSION_ID,
	GATE_ITEM_AGENT,     /* the agent as a principal: "claude" */
	GATE_ITEM_HUMAN,     /* the login name of the user that the agent runs for */
	GATE_ITEM_WORKSPACE, /* the directory where the session started; gate_start() reads .gate/ in it */
	GATE_ITEM_REASON,    /* why the last check refused, for the agent's one line; set by the engine and modules */
	GATE_ITEM_COUNT
};

enum gate_check_flag {
	GATE_CHECK_NO_ASK = 1,  /* never call ask(): every question gets GATE_NO_AGENT */
	GATE_CHECK_DRY_RUN = 2, /* nothing is about to happen: skip the verdict lines, which notify others */
};

/* Load `service` (a name without a slash) and the rule packs into a new handle at *h; the caller ends it with
 * gate_end().  gate_start() reads the system's service file (/etc/gate.d takes precedence over /usr/lib/gate.d), then
 * the user's, then the workspace's, and the packs beside them.  An event must pass the stack of every service file that
 * exists, so the user's and the workspace's files can only tighten the policy.  If `workspace` is NULL, no project
 * files are read.  gate_start() copies `conv` and `workspace`; the functions in `conv` and its `data` must outlive the
 * handle and its duplicates.  If `conv` is NULL, the handle has nobody to ask and writes to stderr.
 * Returns 0; -EINVAL if a file is bad (every problem is reported as `file:line:col: ...` with its line and a caret) or
 * conv->struct_size is too small; -ENOENT if the service does not exist; -ENAMETOOLONG if a path is too long; -ENOMEM;
 * -E2BIG if `conv` sets fields that this version does not know.  On failure *h is NULL: a policy is never half
 * loaded. */
int gate_start(const char *service, const char *workspace, const struct gate_conv *conv, gate_handle_t **h);

/* Make another handle at *out that shares the loaded policy and the session grants of `h`.  It uses `conv`, which is
 * copied, or the conversation of `h` if `conv` is NULL.  Items are copied, except GATE_ITEM_REASON.
 * Returns 0, or -ENOMEM, -EINVAL or -E2BIG as gate_start() does; on failure *out is NULL. */
int gate_dup(const gate_handle_t *h, const struct gate_conv *conv, gate_handle_t **out);

/* Set an item to a copy of `value`; NULL clears it.  Returns 0, -EINVAL (unknown or read-only item) or -ENOMEM. */
int gate_set_item(gate_handle_t *h, enum gate_item item, const char *value);

/* Return an item, or NULL if it is not set.  The handle owns the string: it is valid until the item is set again, until
 * gate_end() and, for GATE_ITEM_REASON, until the next gate_check(). */
const char *gate_get_item(const gate_handle_t *h, enum gate_item item);

/* Decide one event.  `flags` are bits of enum gate_check_flag.  Returns GATE_SUCCESS if the event is allowed; any other
 * code refuses it, and GATE_ITEM_REASON says why (NULL if memory ran out).  The findings, answer, reason and trace stay
 * readable until the next check of the same handle.  Blocks while a module asks a person. */
int gate_check(gate_handle_t *h, const struct gate_event *event, unsigned flags);

/* Return the rules that matched in the last check, worst first, and their number in *n.  The handle owns the array. */
const struct gate_finding *gate_findings(const gate_handle_t *h, size_t *n);

/* Return the answer that a person gave in the last check, or NULL if nobody answered.  The handle owns it. */
const struct gate_answer *gate_answer(const gate_handle_t *h);

/* Return the subjects that the last check judged, escaped for display and NULL-terminated.  The handle owns them. */
const char *const *gate_subjects(const gate_handle_t *h);

/* A line of a stack that ran. */
struct gate_trace {
	const char *file; /* the service file */
	unsigned line;
	const char *module;  /* "gate_rules", or "include"/"substack" */
	const char *control; /* as written: "sufficient", "[success=ok default=bad]" */
	const char *action;  /* the action that the control chose: "done" */
	int ret;             /* the module's return code */
	bool grantor;        /* this line's success is why the event was allowed */
};

/* Return the lines that ran in the last check, in order, and their number in *n.  The handle owns the array. */
const struct gate_trace *gate_trace(const gate_handle_t *h, size_t *n);

/* Does any stack of the service have a line for the event?  `event` must be within the enumeration. */
bool gate_serves(const gate_handle_t *h, enum gate_event_type event);

/* A grant: something that a person allowed for the rest of the session.  Valid until each() returns. */
struct gate_grant_info {
	unsigned id;      /* 1, 2, ... per session; never reused */
	const char *rule; /* the rule's id */
	/* Exactly what the grant covers, escaped for display: "RULE: SUBJECT, in DIRECTORY",
	 * "RULE: any connection to HOST:443 (tcp)". */
	const char *text;
	const char *by; /* who allowed it; "" if nobody was asked */
	int64_t since;  /* when it was given, in seconds since the epoch */
	unsigned used;  /* how many times it has allowed something since */
};

/* Call `each` for every grant of this session, oldest first.  Stops at the first nonzero value that `each` returns and
 * returns it, else 0.  A lock is held meanwhile, so `each` must not call libgate.  Any thread may call this function,
 * also while other handles of the session check. */
int gate_grants(const gate_handle_t *h, int (*each)(const struct gate_grant_info *grant, void *data), void *data);

/* Revoke one of this session's grants, and with it every yes to a connection that is remembered for one process.  0, or
 * -ENOENT if no grant has that id (any more). */
int gate_revoke(gate_handle_t *h, unsigned id);

/* Revoke every grant of this session, and every yes to a connection that is remembered for one process. */
void gate_forget(gate_handle_t *h);

/* End the handle and free everything it owns.  `status` is the last gate code, as for pam_end(3); the cleanup functions
 * of modules receive it.  `h` may be NULL.  The last handle that shares a policy frees the policy. */
void gate_end(gate_handle_t *h, int status);

/* Return the version, "1.0.0".  Static storage. */
const char *gate_version(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
