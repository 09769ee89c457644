/* session_dir.h - the runtime directory of a session: $XDG_RUNTIME_DIR/gate/ID/, 0700, with the policy image, the socket
 * and an info.json by which the other commands find it. */
#ifndef GATESH_UTIL_SESSION_DIR_H
#define GATESH_UTIL_SESSION_DIR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SESSION_DIR_PATH_MAX = 80, SESSION_ID_MAX = 16 }; /* a socket under it must fit sun_path (108 bytes) */

struct sessiondir {
	char id[SESSION_ID_MAX];         /* eight hex digits */
	char path[SESSION_DIR_PATH_MAX]; /* absolute */
};

/* What info.json says of a session. */
struct session_info {
	char id[SESSION_ID_MAX];
	char path[SESSION_DIR_PATH_MAX];
	pid_t pid;                                       /* its gatesh */
	uint64_t start_time;                             /* of that process */
	char *agent, *service, *command, *cwd, *started; /* owned; command escaped for display */
	bool alive;                                      /* filled by session_dir_list() */
};

/* Make the directory of a new session. The base is $XDG_RUNTIME_DIR, /run/user/UID, or /tmp/gate-UID, the first that
 * is there, is the user's own and short enough. 0 or a negative errno, told on stderr. */
int session_dir_create(struct sessiondir *d);

/* PATH/name into buf; false when it does not fit. */
bool session_dir_file(const struct sessiondir *d, const char *name, char *buf, size_t size);

/* Write info.json (whole, by rename).  0 or a negative errno. */
int session_dir_announce(const struct sessiondir *d, const struct session_info *info);

/* Remove the directory and what gatesh put there.  Keeps errno out of it: best effort. */
void session_dir_remove(const struct sessiondir *d);

/* All living sessions of this user, oldest first (only those under $XDG_RUNTIME_DIR when that is not the login's);
 * what dead ones left is removed. Their number, or a negative errno; *out is freed with session_info_free(). */
int session_dir_list(struct session_info **out);

/* The living session that `name` means: its id, or the beginning of one that no other has; NULL: the only one.  0 and
 * its id, or -ENOENT, told on stderr. */
int session_dir_find(const char *name, char id[SESSION_ID_MAX]);

/* Watch, by inotify(7), the places where a new session would appear.  Harmless when it is done again. */
void session_dir_watch(int inotify);

void session_info_free(struct session_info *v, int n);

/* Is this process in a session that is alive?  Then there is no second one. */
bool session_inside(void);

#endif
