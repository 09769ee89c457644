/* SPDX-License-Identifier: BSD-2-Clause */
/* regenerable.c - looks for CACHEDIR.TAG and .gitignore in the directories above a file. */
#include "preload/files/regenerable.h"

#include "preload/base/str.h"
#include "preload/base/sys.h"

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

static long regenerable_read_file(const char *path, char *buf, size_t size)
{
	long fd = sys_above_standard(sys_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
	if (fd < 0)
		return fd;
	long n = sys_pread((int)fd, buf, size, 0);
	sys_close((int)fd);
	return n;
}

static bool regenerable_has_tag(struct walk *w)
{
	char buf[sizeof TAG_SIGNATURE];
	long n = regenerable_read_file(regenerable_file_in(w, w->n, TAG_NAME), buf, sizeof buf - 1);
	buf[n > 0 ? n : 0] = '\0';
	return text_equal(buf, TAG_SIGNATURE);
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

/* Examine every directory above the path except the workspace itself. */
static unsigned regenerable_look(struct memory *m, struct walk *w, unsigned wants)
{
	unsigned found = 0;
	size_t top = regenerable_workspace_of(m, w->whole), len = text_length(w->whole);
	for (w->n = top + 1; w->n < len && found != wants; w->n++) {
		if (w->whole[w->n] != '/')
			continue;
		unsigned here = 0;
		if (wants & ~found & EVENT_FILE_CACHE && regenerable_has_tag(w))
			here |= EVENT_FILE_CACHE;
		if (wants & ~found & EVENT_FILE_IGNORED && top && regenerable_is_ignored(w, top))
			here |= EVENT_FILE_IGNORED;
		if (here) {
			regenerable_file_in(w, w->n, "");
			w->path[w->n] = '\0';
			memory_put_tree(m, w->path, here);
			found |= here;
		}
	}
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

unsigned regenerable_flags(struct memory *m, const char *path, unsigned wants)
{
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
