/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_view.c - prints or compares a kept version before it comes back. */
#include "undo/undo_view.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/pathwalk.h"

enum { CHUNK = 64 << 10 };

static int undo_view_says(const char *path, const char *why)
{
	fputs("gatesh: undo: ", stderr);
	out_text(stderr, path);
	fprintf(stderr, ": %s\n", why);
	return EXIT_DENY;
}

/* The plan's item that brings content back to the path, or NULL after a message. */
static const struct undo_item *undo_view_item(const struct undo_plan *p, const char *path)
{
	const struct undo_item *at = NULL;
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->v[i].path, path) && (!at || p->v[i].act == UNDO_PUT))
			at = &p->v[i];
	if (at && at->act == UNDO_PUT && !S_ISDIR(at->k->r->mode))
		return at;
	undo_view_says(path, !at || at->act == UNDO_MKDIR || at->act == UNDO_PUT ?
				     "is a directory: --dry-run shows what would come back" :
			     at->act == UNDO_LINK ? "is another name of a file that has not changed" :
						    "would only be moved or removed: its content is not in a store");
	return NULL;
}

/* Print one piece of text, escaped but for tabs. */
static void undo_view_put(const char *text, size_t n)
{
	for (const char *end = text + n; text < end;) {
		cleanup_strbuf struct strbuf b = {0};
		const char *tab = memchr(text, '\t', (size_t)(end - text));
		size_t len = (size_t)((tab ? tab : end) - text);
		escape_put(&b, text, len);
		fwrite(b.s ? b.s : "", 1, b.len, stdout);
		if (tab)
			putchar('\t');
		text += len + (tab != NULL);
	}
}

/* Print the rest of `in` line by line; a line of more than CHUNK bytes in pieces. */
static void undo_view_lines(FILE *in)
{
	char buf[CHUNK];
	size_t n = 0;
	for (int c; (c = getc_unlocked(in)) != EOF;) {
		if (c != '\n')
			buf[n++] = (char)c;
		if (c == '\n' || n == sizeof buf) {
			undo_view_put(buf, n);
			n = 0;
		}
		if (c == '\n')
			putchar('\n');
	}
	undo_view_put(buf, n);
	if (n)
		putchar('\n');
}

static int undo_view_copy(int fd)
{
	char buf[CHUNK];
	ssize_t n;
	while ((n = read(fd, buf, sizeof buf)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			fwrite(buf, 1, (size_t)n, stdout);
	return n < 0 ? -errno : 0;
}

static int undo_view_open(const struct undo_item *i)
{
	int objects = records_objects(i->k->store);
	int fd = objects < 0 ? objects :
			       openat(objects, i->k->r->id, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (objects >= 0 && fd < 0)
		fd = -errno;
	if (objects >= 0)
		close(objects);
	return fd;
}

static int undo_view_show_link(const struct undo_item *i)
{
	char target[PATH_MAX];
	int objects = records_objects(i->k->store);
	ssize_t n = objects < 0 ? -1 : readlinkat(objects, i->k->r->id, target, sizeof target - 1);
	if (objects >= 0)
		close(objects);
	if (n < 0)
		return undo_view_says(i->path, "its kept version can't be read");
	target[n] = '\0';
	fputs("symbolic link to ", stdout);
	out_text(stdout, target);
	putchar('\n');
	return 0;
}

int undo_view_show(const struct undo_plan *p, const char *path)
{
	const struct undo_item *i = undo_view_item(p, path);
	if (!i)
		return EXIT_DENY;
	if (S_ISLNK(i->k->r->mode))
		return undo_view_show_link(i);
	int fd = undo_view_open(i), err = fd < 0 ? fd : 0;
	FILE *in = !err && isatty(STDOUT_FILENO) ? fdopen(fd, "r") : NULL;
	if (in)
		undo_view_lines(in);
	else if (!err)
		err = undo_view_copy(fd);
	if (in)
		fclose(in);
	else if (fd >= 0)
		close(fd);
	return err ? undo_view_says(path, strerror(-err)) : 0;
}

/* The file that is there now; /dev/null if there is none.  Returns a descriptor or a negative errno. */
static int undo_view_present(const char *path, const char **state)
{
	const char *name;
	struct stat st;
	int dir = pathwalk_parent(path, &name);
	int fd = dir < 0 ? dir : openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (dir >= 0 && fd < 0)
		fd = -errno;
	if (dir >= 0)
		close(dir);
	*state = fd == -ENOENT ? "not there" : "as it is now";
	if (fd == -ENOENT)
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	else if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -EINVAL;
	}
	return fd;
}

static void undo_view_label(struct strbuf *b, const char *path, const char *state)
{
	escape_put(b, path, strlen(path));
	strbuf_printf(b, "\t(%s)", state);
}

/* In the child: diff reads both files through its own descriptors, so that no path can change meanwhile. */
static _Noreturn void undo_view_exec(int now, int kept, int out, char *const *labels)
{
	char a[32], b[32];
	if (out >= 0)
		dup2(out, STDOUT_FILENO);
	snprintf(a, sizeof a, "/dev/fd/%d", fcntl(now, F_DUPFD, 3));
	snprintf(b, sizeof b, "/dev/fd/%d", fcntl(kept, F_DUPFD, 3));
	execlp("diff", "diff", "-u", "--label", labels[0], "--label", labels[1], "--", a, b, NULL);
	_exit(EXIT_NOT_FOUND);
}

/* Run diff.  Returns its exit status, or a negative errno. */
static int undo_view_run(int now, int kept, char *const *labels)
{
	int pipe[2] = {-1, -1}, status;
	if (isatty(STDOUT_FILENO) && pipe2(pipe, O_CLOEXEC))
		return -errno;
	fflush(stdout);
	pid_t pid = fork();
	if (!pid)
		undo_view_exec(now, kept, pipe[1], labels);
	int err = pid < 0 ? -errno : 0;
	if (pipe[1] >= 0)
		close(pipe[1]);
	FILE *in = pipe[0] >= 0 ? fdopen(pipe[0], "r") : NULL;
	if (in && !err)
		undo_view_lines(in);
	if (in)
		fclose(in);
	while (!err && waitpid(pid, &status, 0) < 0)
		err = errno == EINTR ? 0 : -errno;
	return err ? err : WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_IO;
}

static int undo_view_compare(const struct undo_item *i, int now, int kept, const char *state)
{
	cleanup_strbuf struct strbuf a = {0}, b = {0};
	char when[64];
	struct tm tm;
	localtime_r(&i->k->r->time.tv_sec, &tm);
	strftime(when, sizeof when, "kept %Y-%m-%d %H:%M:%S", &tm);
	undo_view_label(&a, i->path, state);
	undo_view_label(&b, i->path, when);
	int status = a.err || b.err ? -ENOMEM : undo_view_run(now, kept, (char *const[]){a.s, b.s});
	if (!status)
		printf("The kept version is the same as what is there now.\n");
	if (status == EXIT_NOT_FOUND)
		return undo_view_says(i->path, "diff(1) is not installed; --show prints the kept version");
	return !status || status == 1 ? 0 : undo_view_says(i->path, "diff(1) failed");
}

int undo_view_diff(const struct undo_plan *p, const char *path)
{
	const struct undo_item *i = undo_view_item(p, path);
	const char *state;
	if (!i)
		return EXIT_DENY;
	if (S_ISLNK(i->k->r->mode))
		return undo_view_says(path, "the kept version is a symbolic link; --show prints it");
	int kept = undo_view_open(i), now = undo_view_present(path, &state);
	int status = kept < 0 ? undo_view_says(path, strerror(-kept)) :
		     now < 0  ? undo_view_says(path, "what is there now is not a file that can be read") :
				undo_view_compare(i, now, kept, state);
	if (kept >= 0)
		close(kept);
	if (now >= 0)
		close(now);
	return status;
}
