/* SPDX-License-Identifier: BSD-2-Clause */
/* session_dir.h - a session's runtime directory: $XDG_RUNTIME_DIR/gate/ID/, 0700, with the policy image, the socket and
 * the info.json by which other commands find the session. */
#ifndef GATESH_UTIL_SESSION_DIR_H
#define GATESH_UTIL_SESSION_DIR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SESSION_DIR_PATH_MAX = 80, SESSION_ID_MAX = 16 }; /* a socket under it must fit sun_path (108 bytes) */

struct session_dir {
	char id[SESSION_ID_MAX];         /* eight hex digits */
	char path[SESSION_DIR_PATH_MAX]; /* absolute */
};

/* The content of a session's info.json. */
struct session_info {
	char id[SESSION_ID_MAX];
	char path[SESSION_DIR_PATH_MAX];
	pid_t pid;                                       /* its gatesh */
	uint64_t start_time;                             /* of that process */
	char *agent, *service, *command, *cwd, *started; /* owned; command escaped for display */
	bool alive;                                      /* filled by session_dir_list() */
};

/* Make the directory of a new session.  The base is gate/ in $XDG_RUNTIME_DIR or /run/user/UID, or else /tmp/gate-UID:
 * the first that can be had, belongs to the user alone and is short enough.  Returns 0 or a negative errno, reported on
 * stderr. */
int session_dir_create(struct session_dir *d);

/* Write PATH/name to buf.  Returns false if it does not fit. */
bool session_dir_file(const struct session_dir *d, const char *name, char *buf, size_t size);

/* Write info.json, atomically by rename(2).  Returns 0 or a negative errno. */
int session_dir_announce(const struct session_dir *d, const struct session_info *info);

/* Remove the directory and the files gatesh put there.  Best effort, without a result. */
void session_dir_remove(const struct session_dir *d);

/* List this user's living sessions, oldest first, and remove what dead ones left.  If $XDG_RUNTIME_DIR is not the
 * login's, only sessions under it are listed.  Returns their number or a negative errno.  Free *out with
 * session_info_free(). */
int session_dir_list(struct session_info **out);

/* Find the living session that `name` means: an id or an unambiguous prefix of one; NULL means the only session.
 * Returns 0 and sets `id`, or returns -ENOENT, reported on stderr. */
int session_dir_find(const char *name, char id[SESSION_ID_MAX]);

/* Add inotify(7) watches for the directories where a new session would appear.  Harmless if repeated. */
void session_dir_watch(int inotify);

void session_info_free(struct session_info *v, int n);

#endif
