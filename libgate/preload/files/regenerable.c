/* SPDX-License-Identifier: BSD-2-Clause */
/* regenerable.c - looks for CACHEDIR.TAG, .gitignore and lock files in the directories above a file. */
#include "preload/files/regenerable.h"

#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/file_judge.h"

#define TAG_NAME "CACHEDIR.TAG"
#define TAG_SIGNATURE "Signature: 8a477f597d28d172789f06886806bc55"
#define IGNORE_NAME ".gitignore"
enum { IGNORE_MAX = 64 << 10 }; /* bytes of a .gitignore that are read */

/* A path whose directories are examined in turn.  `n` is the length of the current one. */
struct walk {
	char path[PATH_MAX + sizeof IGNORE_NAME + 8];
	const char *whole;
	size_t n;
	char *ignore; /* IGNORE_MAX bytes */
};

/* Write the path of the file `name` in the directory of `n` bytes. */
static const char *regenerable_file_in(struct walk *w, size_t n, const char *name)
{
	__builtin_memcpy(w->path, w->whole, n);
	w->path[n] = '/';
	__builtin_memcpy(w->path + n + 1, name, text_length(name) + 1);
	return w->path;
}

/* The directory of `n` bytes. */
static const char *regenerable_directory(struct walk *w, size_t n)
{
	regenerable_file_in(w, n, "");
	w->path[n] = '\0';
	return w->path;
}

static long regenerable_read_file(const char *path, char *buf, size_t size)
{
	long fd = sys_above_standard(sys_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
	if (fd < 0)
		return fd;
	long n = sys_pread((int)fd, buf, size, 0);
	sys_close((int)fd);
	return n;
}

/* Is there a file with content that the session has not made?  The session's own tag or lock file says nothing of what
 * is older than the session. */
static bool regenerable_has_old(const char *path)
{
	struct statx st;
	return !sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) && (st.stx_mode & S_IFMT) == S_IFREG &&
	       st.stx_size && !victim_is_new(&st);
}

static bool regenerable_has_lock(struct walk *w, size_t n)
{
	static const char names[][20] = {
		"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (regenerable_has_old(regenerable_file_in(w, n, names[i])))
			return true;
	return false;
}

/* Does the directory hold the home or a workspace?  A tag there can't be meant for them. */
static bool regenerable_holds_home(const struct memory *m, const char *dir)
{
	const struct gate_image_files *f = gate_image_files(m->image);
	const uint32_t *at = (const uint32_t *)((const char *)m->image + f->workspaces.at);
	if (f->home && gate_path_is_under((const char *)m->image + f->home, dir))
		return true;
	for (uint32_t i = 0; i < f->workspaces.n; i++)
		if (gate_path_is_under((const char *)m->image + at[i], dir))
			return true;
	return false;
}

static bool regenerable_has_tag(const struct memory *m, struct walk *w)
{
	char buf[sizeof TAG_SIGNATURE];
	const char *path = regenerable_file_in(w, w->n, TAG_NAME);
	long n = regenerable_read_file(path, buf, sizeof buf - 1);
	buf[n > 0 ? n : 0] = '\0';
	return text_equal(buf, TAG_SIGNATURE) && regenerable_has_old(path) &&
	       !regenerable_holds_home(m, regenerable_directory(w, w->n));
}

/* One line of a .gitignore. */
struct line {
	const char *s;
	size_t n;
};

static bool regenerable_has_wildcard(struct line l)
{
	for (size_t i = 0; i < l.n; i++)
		if (l.s[i] == '*' || l.s[i] == '?' || l.s[i] == '[' || l.s[i] == '\\')
			return true;
	return false;
}

/* Is it the name, or "/NAME" in this very directory? */
static bool regenerable_names(struct line l, struct line name, bool here)
{
	if (l.n && l.s[l.n - 1] == '/')
		l.n--;
	if (l.n && *l.s == '/') {
		if (!here)
			return false;
		l.s++, l.n--;
	}
	if (l.n != name.n)
		return false;
	for (size_t i = 0; i < l.n; i++)
		if (l.s[i] != name.s[i])
			return false;
	return true;
}

/* Does w->ignore name the directory?  The last line that names it decides.  An exception with a wildcard always counts
 * as one that names it. */
static bool regenerable_ignores(const char *s, const char *end, struct line name, bool here)
{
	bool found = false;
	while (s < end) {
		struct line l = {s, 0};
		while (s < end && *s != '\n')
			s++;
		l.n = (size_t)(s++ - l.s);
		while (l.n && (l.s[l.n - 1] == '\r' || l.s[l.n - 1] == ' '))
			l.n--;
		bool exception = l.n && *l.s == '!';
		l.s += exception, l.n -= exception;
		if (regenerable_names(l, name, here))
			found = !exception;
		else if (exception && regenerable_has_wildcard(l))
			found = false;
	}
	return found;
}

/* Check the .gitignore in the directory of `n` bytes against a name below it. */
static bool regenerable_ignored_by(struct walk *w, size_t n, struct line name, bool here)
{
	long len = regenerable_read_file(regenerable_file_in(w, n, IGNORE_NAME), w->ignore, IGNORE_MAX);
	return len > 0 && regenerable_ignores(w->ignore, w->ignore + len, name, here);
}

/* Does git ignore the current directory, in a workspace of `top` bytes? */
static bool regenerable_is_ignored(struct walk *w, size_t top)
{
	size_t start = w->n;
	while (w->whole[start - 1] != '/')
		start--;
	const struct line name = {w->whole + start, w->n - start}, all = {"*", 1};
	if (regenerable_ignored_by(w, w->n, all, true))
		return true;
	bool found = false;
	for (size_t n = top; n < w->n; n++)
		if (n == top || w->whole[n] == '/')
			found |= regenerable_ignored_by(w, n, name, n + 1 == start);
	return found;
}

/* Length of the workspace that holds the path; 0 if none does. */
static size_t regenerable_workspace_of(const struct memory *m, const char *path)
{
	const struct gate_image_table t = gate_image_files(m->image)->workspaces;
	const uint32_t *at = (const uint32_t *)((const char *)m->image + t.at);
	size_t best = 0;
	for (uint32_t i = 0; i < t.n; i++) {
		const char *dir = (const char *)m->image + at[i];
		size_t n = text_length(dir);
		if (n > best && gate_path_is_under(path, dir))
			best = n;
	}
	return best;
}

/* Examine the current directory; `top` is the length of its workspace. */
static unsigned regenerable_look_here(struct memory *m, struct walk *w, size_t top, unsigned wants)
{
	unsigned here = 0;
	if (wants & EVENT_FILE_LOCKED && top && regenerable_has_lock(w, w->n))
		here |= EVENT_FILE_LOCKED;
	if (wants & EVENT_FILE_CACHE && w->n > top && regenerable_has_tag(m, w))
		here |= EVENT_FILE_CACHE;
	if (wants & EVENT_FILE_IGNORED && top && w->n > top && regenerable_is_ignored(w, top))
		here |= EVENT_FILE_IGNORED;
	if (here)
		memory_put_tree(m, regenerable_directory(w, w->n), here);
	return here;
}

/* Examine every directory above the path, the workspace itself for a lock file only. */
static unsigned regenerable_look(struct memory *m, struct walk *w, unsigned wants)
{
	unsigned found = 0;
	size_t top = regenerable_workspace_of(m, w->whole), len = text_length(w->whole);
	for (w->n = top ? top : 1; w->n < len && found != wants; w->n++)
		if (w->whole[w->n] == '/')
			found |= regenerable_look_here(m, w, top, wants & ~found);
	return found;
}

static unsigned __attribute__((noinline)) regenerable_search(struct memory *m, const char *path, unsigned wants)
{
	struct walk w;
	long room = sys_map_anonymous(IGNORE_MAX);
	if (sys_is_error(room))
		return 0;
	w.whole = path;
	w.ignore = (char *)room;
	unsigned found = regenerable_look(m, &w, wants);
	sys_unmap(w.ignore, IGNORE_MAX);
	return found;
}

/* Is it in a directory of stores, by its name?  Stores carry the tag for the sake of backups, and are no cache. */
static bool regenerable_is_stored(const char *path)
{
	static const char names[][16] = {"/gate/undo/", "/.gate-undo", "/var/tmp/gate-"};
	bool found = false;
	for (; *path; path++)
		for (size_t i = 0; *path == '/' && i < sizeof names / sizeof *names; i++)
			found |= text_after(path, names[i]) != NULL;
	return found;
}

unsigned regenerable_remembered(const struct memory *m, const char *path)
{
	const unsigned all = EVENT_FILE_CACHE | EVENT_FILE_IGNORED | EVENT_FILE_LOCKED;
	unsigned found = memory_tree(m, path, 0, all) & all;
	return found && !regenerable_is_stored(path) ? found : 0;
}

unsigned regenerable_flags(struct memory *m, const char *path, unsigned wants)
{
	if (regenerable_is_stored(path))
		return 0;
	size_t n = text_length(path);
	while (n && path[n - 1] != '/')
		n--;
	unsigned found = memory_tree(m, path, n, wants);
	if (found & MEMORY_LOOKED)
		return found & wants;
	unsigned missing = wants & ~found;
	unsigned now = missing ? regenerable_search(m, path, missing) : 0;
	if (missing & ~now)
		memory_put_plain(m, path, n, wants & ~found & ~now);
	return (found | now) & wants;
}
