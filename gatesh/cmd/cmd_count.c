/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_count.c - gatesh count: counts the files and bytes under some paths, and how many of them git does not have.
 * A question about files runs it, confined, as its preview.  So it stops before a preview's time limit, with a partial
 * answer if need be. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "undo/undo_tree.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/loop.h"
#include "util/out.h"
#include "util/size_text.h"
#include "util/usage.h"

enum { WALK_MS = 900, GIT_MS = 600, FILES_MAX = 200000, DEPTH_FDS = 32 };

static const char help[] =
	"usage: gatesh count [--json] [PATH ...]\n"
	"\n"
	"Count the files and bytes under each PATH (default: here), and the files that git does not have\n"
	"as they are.  Stops after a second or 200,000 files, and says so.\n"
	"\n"
	"  -j, --json   one JSON object\n"
	"  -h, --help   show this\n";

/* Global, because nftw(3) passes no argument to its callback. */
static struct {
	unsigned long long files, bytes, repositories;
	unsigned long long kept; /* git has them as they are */
	bool cut;
	uint64_t end;
} found;

static int cmd_count_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *name = path + at->base;
	if (type == FTW_D || type == FTW_DNR) {
		found.repositories += at->level && !strcmp(name, ".git");
	} else if (!strstr(path, "/.git/")) {
		found.files++;
		found.bytes += S_ISREG(st->st_mode) ? (unsigned long long)st->st_size : 0;
	}
	found.cut = found.files >= FILES_MAX || loop_now() > found.end;
	return found.cut;
}

/* --- what git has ------------------------------------------------------------------------------------------------- */

static _Noreturn void cmd_count_run_git(const char *path, bool directory, int out)
{
	int null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(out, 1);
	dup2(null, 2);
	char *dir = strdup(path), *slash = directory || !dir ? NULL : strrchr(dir, '/');
	const char *name = directory ? "." : slash ? slash + 1 : path;
	if (!dir)
		_exit(127);
	if (slash)
		*slash = '\0';
	const char *in = slash == dir ? "/" : directory || slash ? dir : ".";
	execlp("git", "git", "--no-optional-locks", "-C", in, "ls-files", "-z", "-t", "-c", "-m", "--", name,
	       (char *)NULL);
	_exit(127);
}

/* "H path\0" is a file that git has; "C path\0" says that it has changed since. */
static void cmd_count_read_names(int fd, uint64_t end)
{
	char buf[64 << 10];
	bool start = true;
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		uint64_t now = loop_now();
		ssize_t n = now < end && poll(&p, 1, (int)(end - now)) > 0 ? read(fd, buf, sizeof buf) : -1;
		if (n <= 0) {
			found.cut |= n < 0;
			return;
		}
		for (ssize_t i = 0; i < n; i++) {
			if (start)
				found.kept += buf[i] == 'H' ? 1 : buf[i] == 'C' && found.kept ? -1ull : 0;
			start = !buf[i];
		}
	}
}

static void cmd_count_ask_git(const char *path, bool directory)
{
	int ends[2];
	if (pipe(ends))
		return;
	pid_t pid = fork();
	if (!pid)
		cmd_count_run_git(path, directory, ends[1]);
	close(ends[1]);
	if (pid > 0) {
		cmd_count_read_names(ends[0], loop_now() + GIT_MS);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	close(ends[0]);
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

/* 0 or a negative errno. */
static int cmd_count_count(const char *path)
{
	struct stat st;
	unsigned long long repositories = found.repositories;
	if (lstat(path, &st))
		return -errno;
	if (nftw(path, cmd_count_one, DEPTH_FDS, FTW_PHYS) < 0)
		return -errno;
	if (repositories == found.repositories) /* if a repository goes as a whole, git has none of it */
		cmd_count_ask_git(path, S_ISDIR(st.st_mode));
	return 0;
}

static void cmd_count_print(void)
{
	char size[SIZE_TEXT_MAX];
	unsigned long long lost = found.files > found.kept ? found.files - found.kept : 0;
	size_text((long long)found.bytes, size);
	printf("%s%llu file%s, %s", found.cut ? "more than " : "", found.files, found.files == 1 ? "" : "s", size);
	if (found.repositories)
		printf(", and %llu git repositor%s, history and all", found.repositories,
		       found.repositories == 1 ? "y" : "ies");
	else if (found.files && !found.kept)
		printf("; git has none of it");
	else if (found.files && !found.cut)
		printf("; %llu of them git does not have", lost);
	putchar('\n');
}

int cmd_count(int argc, char **argv)
{
	static char *here[] = {(char *)".", NULL};
	bool json = false;
	int status = usage_json_options(argc, argv, help, &json);
	if (status >= 0)
		return status;
	found.end = loop_now() + WALK_MS;
	status = 0;
	for (char **path = argv[optind] ? argv + optind : here; *path && !found.cut; path++) {
		int err = cmd_count_count(*path);
		if (!err)
			continue;
		fputs("gatesh: count: ", stderr);
		out_text(stderr, *path);
		fprintf(stderr, ": %s\n", strerror(-err));
		status = EXIT_IO;
	}
	if (json)
		json_line(json_pack("{s:I, s:I, s:I, s:I, s:b}", "files", (json_int_t)found.files, "bytes",
				    (json_int_t)found.bytes, "in_git", (json_int_t)found.kept, "repositories",
				    (json_int_t)found.repositories, "more", found.cut),
			  stdout);
	else
		cmd_count_print();
	return out_done(status);
}
