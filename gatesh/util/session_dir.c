/* SPDX-License-Identifier: BSD-2-Clause */
/* session_dir.c - makes, announces, lists and removes the runtime directories of sessions. */
#include "util/session_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "formats/image.h"
#include "formats/session_names.h"
#include "util/json.h"
#include "util/out.h"
#include "util/proc.h"

#define INFO_NAME "info.json"

/* Write the i-th candidate for the base directory to buf, "" if it is unset or too long.  Returns false if there is no
 * i-th. */
static bool session_dir_base_candidate(int i, char *buf, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int n = 0;
	if (i == 0 && runtime && *runtime == '/')
		n = snprintf(buf, size, "%s/gate", runtime);
	else if (i == 1)
		n = snprintf(buf, size, "/run/user/%u/gate", geteuid());
	else if (i == 2)
		n = snprintf(buf, size, "/tmp/gate-%u", geteuid());
	if (n >= (int)size || !n)
		buf[0] = '\0'; /* too long for a socket under it */
	return i < 3;
}

/* Returns 0 if `path` is a directory that only this user can write, -EPERM if somebody else could have made it. */
static int session_dir_base_check(const char *path)
{
	struct stat st;
	if (lstat(path, &st))
		return -errno;
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 022))
		return -EPERM;
	return 0;
}

static int session_dir_make_in(const char *base, struct session_dir *d)
{
	for (int tries = 0; tries < 16; tries++) {
		unsigned char r[4];
		if (getrandom(r, sizeof r, 0) != sizeof r)
			return -EIO;
		snprintf(d->id, sizeof d->id, "%02x%02x%02x%02x", r[0], r[1], r[2], r[3]);
		int n = snprintf(d->path, sizeof d->path, "%s/%s", base, d->id);
		if (n < 0 || n >= (int)sizeof d->path)
			return -ENAMETOOLONG;
		if (!mkdir(d->path, 0700))
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

int session_dir_create(struct session_dir *d)
{
	char base[SESSION_DIR_PATH_MAX - SESSION_ID_MAX];
	int err = -ENOENT;
	for (int i = 0; session_dir_base_candidate(i, base, sizeof base); i++) {
		if (!base[0])
			continue;
		err = mkdir(base, 0700) && errno != EEXIST ? -errno : session_dir_base_check(base);
		if (!err)
			err = session_dir_make_in(base, d);
		if (!err)
			return 0;
	}
	fprintf(stderr,
		"gate: no place for the session's sockets: tried $XDG_RUNTIME_DIR, /run/user/%u and /tmp/gate-%u: %s\n",
		geteuid(), geteuid(), strerror(-err));
	return err;
}

bool session_dir_file(const struct session_dir *d, const char *name, char *buf, size_t size)
{
	int n = snprintf(buf, size, "%s/%s", d->path, name);
	return n > 0 && n < (int)size;
}

int session_dir_announce(const struct session_dir *d, const struct session_info *info)
{
	char tmp[SESSION_DIR_PATH_MAX + 32], path[SESSION_DIR_PATH_MAX + 32];
	if (!session_dir_file(d, INFO_NAME ".new", tmp, sizeof tmp) ||
	    !session_dir_file(d, INFO_NAME, path, sizeof path))
		return -ENAMETOOLONG;
	json_t *o = json_object();
	int bad = json_put(o, "id", d->id) | json_object_set_new(o, "pid", json_integer(info->pid)) |
		  json_object_set_new(o, "start_time", json_integer((json_int_t)info->start_time)) |
		  json_put(o, "agent", info->agent) | json_put(o, "service", info->service) |
		  json_put(o, "command", info->command) | json_put(o, "cwd", info->cwd) |
		  json_put(o, "started", info->started);
	int err = bad ? -ENOMEM : 0;
	if (!err && (json_dump_file(o, tmp, JSON_COMPACT) || rename(tmp, path)))
		err = errno ? -errno : -EIO;
	json_decref(o);
	return err;
}

/* Remove these names from a directory that is not a symbolic link: a process of the session may have put one there, so that
 * gatesh removes files elsewhere. */
static void session_dir_empty(int at, const char *dir, const char *const *names)
{
	int fd = openat(at, dir, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	for (; fd >= 0 && *names; names++)
		unlinkat(fd, *names, 0);
	if (fd >= 0)
		close(fd);
}

void session_dir_remove(const struct session_dir *d)
{
	static const char *const preview[] = {GATE_SOCKET_NAME, GATE_IMAGE_NAME, NULL};
	static const char *const names[] = {
		GATE_SOCKET_NAME, GATE_IMAGE_NAME,   GATE_IMAGE_NAME ".new", INFO_NAME, INFO_NAME ".new",
		"aws-config",     "aws-credentials", "kubeconfig",           "npmrc",   NULL};
	int fd = open(d->path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) {
		session_dir_empty(fd, "preview", preview);
		unlinkat(fd, "preview", AT_REMOVEDIR);
		session_dir_empty(fd, ".", names);
		close(fd);
	}
	if (rmdir(d->path) && errno == ENOTDIR)
		unlink(d->path);
}

static char *session_dir_copy_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));
	return strdup(s ? s : "");
}

/* Returns 0, -ENOENT (no info yet: the session is just starting), or -EINVAL. */
static int session_dir_info_read(const struct session_dir *d, struct session_info *info)
{
	char path[SESSION_DIR_PATH_MAX + 32];
	if (!session_dir_file(d, INFO_NAME, path, sizeof path))
		return -EINVAL;
	json_t *o = json_load_file(path, 0, NULL);
	if (!o)
		return access(path, F_OK) ? -ENOENT : -EINVAL;
	*info = (struct session_info){
		.pid = (pid_t)json_integer_value(json_object_get(o, "pid")),
		.start_time = (uint64_t)json_integer_value(json_object_get(o, "start_time")),
		.agent = session_dir_copy_of(o, "agent"),
		.service = session_dir_copy_of(o, "service"),
		.command = session_dir_copy_of(o, "command"),
		.cwd = session_dir_copy_of(o, "cwd"),
		.started = session_dir_copy_of(o, "started"),
	};
	memcpy(info->id, d->id, sizeof info->id);
	memcpy(info->path, d->path, sizeof info->path);
	info->alive = proc_alive(info->pid, info->start_time);
	json_decref(o);
	return info->agent && info->service && info->command && info->cwd && info->started ? 0 : -ENOMEM;
}

/* A directory without a readable info.json belongs to a session that is just starting, unless it is old. */
static bool session_dir_abandoned(const struct session_dir *d)
{
	struct stat st;
	return !stat(d->path, &st) && time(NULL) - st.st_mtime > 60;
}

static void session_dir_info_clear(struct session_info *info)
{
	free(info->agent);
	free(info->service);
	free(info->command);
	free(info->cwd);
	free(info->started);
}

/* If `name` under `base` is a living session, add it to the list; if it is a dead one's directory, remove it.  Returns
 * 0 or -ENOMEM. */
static int session_dir_list_one(const char *base, const char *name, struct session_info **v, int *n)
{
	struct session_dir d;
	if (strlen(name) != 8 || strspn(name, "0123456789abcdef") != 8 ||
	    snprintf(d.path, sizeof d.path, "%s/%s", base, name) >= (int)sizeof d.path)
		return 0;
	snprintf(d.id, sizeof d.id, "%.8s", name);
	struct session_info info = {0};
	int err = session_dir_info_read(&d, &info);
	if (err || !info.alive) {
		session_dir_info_clear(&info);
		if (!err || session_dir_abandoned(&d))
			session_dir_remove(&d);
		return err == -ENOMEM ? err : 0;
	}
	struct session_info *more = realloc(*v, ((size_t)*n + 1) * sizeof **v);
	if (!more) {
		session_dir_info_clear(&info);
		return -ENOMEM;
	}
	*v = more;
	more[(*n)++] = info;
	return 0;
}

static int session_dir_by_start(const void *a, const void *b)
{
	const struct session_info *x = a, *y = b;
	return strcmp(x->started, y->started);
}

/* An $XDG_RUNTIME_DIR other than the login's is a world of its own.  Otherwise sessions may be under any candidate: a
 * login and a cron job of the same user choose differently. */
static bool session_dir_is_own_world(void)
{
	char login[64];
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	snprintf(login, sizeof login, "/run/user/%u", geteuid());
	return runtime && *runtime == '/' && strcmp(runtime, login);
}

int session_dir_list(struct session_info **out)
{
	char base[SESSION_DIR_PATH_MAX - SESSION_ID_MAX], before[sizeof base] = "";
	int n = 0, err = 0;
	*out = NULL;
	for (int i = 0; !err && session_dir_base_candidate(i, base, sizeof base) && (!i || !session_dir_is_own_world());
	     i++) {
		DIR *dir = base[0] && strcmp(base, before) && !session_dir_base_check(base) ? opendir(base) : NULL;
		memcpy(before, base, sizeof base);
		for (struct dirent *e; dir && !err && (e = readdir(dir));)
			err = session_dir_list_one(base, e->d_name, out, &n);
		if (dir)
			closedir(dir);
	}
	if (err) {
		session_info_free(*out, n);
		*out = NULL;
		return err;
	}
	if (n)
		qsort(*out, (size_t)n, sizeof **out, session_dir_by_start);
	return n;
}

int session_dir_find(const char *name, char id[SESSION_ID_MAX])
{
	struct session_info *v;
	int n = session_dir_list(&v), hits = 0;
	for (int i = 0; i < n; i++) {
		if (name && (!*name || strncmp(v[i].id, name, strlen(name))))
			continue;
		memcpy(id, v[i].id, SESSION_ID_MAX);
		hits++;
	}
	session_info_free(v, n);
	if (!hits && name) {
		fputs("gate: no session '", stderr);
		out_text(stderr, name);
		fputs("' is running (gatesh sessions lists them)\n", stderr);
	} else if (hits != 1)
		fprintf(stderr, "gate: %s (gatesh sessions lists them)\n",
			hits ? "several sessions match: name one" : "no session is running");
	return hits == 1 ? 0 : -ENOENT;
}

void session_dir_watch(int inotify)
{
	char base[SESSION_DIR_PATH_MAX - SESSION_ID_MAX];
	bool made = false; /* Make the first usable base: the next session may be the first one, and will be there. */
	for (int i = 0; session_dir_base_candidate(i, base, sizeof base) && (!i || !session_dir_is_own_world()); i++) {
		if (base[0] && !made)
			made = !mkdir(base, 0700) || errno == EEXIST;
		if (base[0] && !session_dir_base_check(base))
			inotify_add_watch(inotify, base, IN_CREATE | IN_ONLYDIR);
	}
}

void session_info_free(struct session_info *v, int n)
{
	for (int i = 0; i < n; i++)
		session_dir_info_clear(&v[i]);
	free(v);
}
