/* SPDX-License-Identifier: BSD-2-Clause */
/* fileops.c - runs file operations and prints their results.  The output must be the same inside and outside a session.
 *
 *   fileops make    makes the files that exist before the session, in an empty directory
 *   fileops run [ro=DIR] [other=DIR]    runs the operations: return values, errno (kept on success), modes, links,
 *                                       contents
 *
 * DIR: a read-only mount with a file `f`, and a directory on another file system. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/fileops.h"

void put(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd)) {
		perror(name);
		exit(1);
	}
}

/* Type, mode, links, size and content of a name. */
void show(const char *name)
{
	struct stat st;
	char buf[64] = "";
	if (lstat(name, &st)) {
		printf("%s: %s\n", name, strerrorname_np(errno));
		return;
	}
	if (S_ISREG(st.st_mode)) {
		int fd = open(name, O_RDONLY);
		if (fd < 0 || read(fd, buf, sizeof buf - 1) < 0)
			strcpy(buf, "(unreadable)");
		close(fd);
	} else if (S_ISLNK(st.st_mode) && readlink(name, buf, sizeof buf - 1) < 0) {
		strcpy(buf, "(unreadable)");
	}
	printf("%s: %o links %ld size %ld [%s]\n", name, st.st_mode, (long)st.st_nlink,
	       S_ISDIR(st.st_mode) ? 0 : (long)st.st_size, buf);
}

static void make(void)
{
	static const char *const files[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
					    "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z"};
	char name[64];
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(name, sizeof name, "%s", files[i]);
		put(name, "what stands in it\n");
		snprintf(name, sizeof name, "%s2", files[i]);
		put(name, "of the other\n");
	}
	put("small1", "x"), put("small2", "x"), put("small3", "x"), put("small4", "x");
	put("empty", "");
	put("suid", "x"), chmod("suid", 06755);
	put("readonly", "x"), chmod("readonly", 0444);
	put("linked", "two names\n");
	put("name with \n newline", "x"), put("\xff\xfe", "x"), put("100%", "x");
	if (link("linked", "linked2") || link("linked", "linked3") || symlink("a", "to-a") ||
	    symlink("nowhere", "dangling") || symlink("loop", "loop") || symlink("full", "to-full") ||
	    mkfifo("fifo", 0644) || mkdir("void", 0755) || mkdir("void2", 0700) || mkdir("void3", 0755) ||
	    mkdir("full", 0755) || mkdir("full2", 0755) || symlink("h", "to-h") || symlink("a", "small-link") ||
	    symlink("x", "full/in") || mkdir("closed", 0755) || mkdir("many", 0755))
		perror("make"), exit(1);
	put("full/f", "x"), put("full2/f", "x"), put("closed/f", "x"), chmod("closed", 0555);
	for (int t = 0; t < THREADS; t++)
		for (int i = 0; i < FILES; i++)
			snprintf(name, sizeof name, "many/%d-%d", t, i), put(name, "y");
	for (int i = 0; i < FILES; i++)
		snprintf(name, sizeof name, "many/s-%d", i), put(name, "y");
}

static void unlinks(int dir)
{
	char longest[NAME_MAX + 2] = {0}, longer[PATH_MAX + 8];
	memset(longest, 'n', NAME_MAX + 1);
	for (size_t i = 0; i + 1 < sizeof longer; i++)
		longer[i] = i % 2 ? '/' : '.';
	longer[sizeof longer - 1] = '\0';
	OP(unlink("a")), show("a");
	OP(unlink("a"));
	OP(unlink("b/"));
	OP(unlink("b/x"));
	OP(unlink("full")), OP(unlink("full/")), OP(unlink("full/.")), OP(unlink(".")), OP(unlink("..")),
		OP(unlink("/"));
	OP(unlink(""));
	OP(unlink((const char *)8));
	OP(unlink(longest)), OP(unlink(longer));
	OP(unlink("to-a")), show("to-a");
	OP(unlink("dangling")), OP(unlink("loop"));
	OP(unlink("to-full/in")), OP(unlink("to-full/")), OP(unlink("to-full/f"));
	OP(unlink("linked")), show("linked2");
	OP(unlink("fifo")), OP(unlink("empty"));
	OP(unlink("name with \n newline")), OP(unlink("\xff\xfe")), OP(unlink("100%"));
	OP(unlink("closed/f"));
	OP(unlinkat(dir, "b", 0)), OP(unlinkat(dir, "c", AT_REMOVEDIR)), OP(unlinkat(dir, "c", AT_EMPTY_PATH));
	OP(unlinkat(-1, "c", 0)), OP(unlinkat(0, "c", 0)), OP(unlinkat(dir, "", 0));
	OP(syscall(SYS_unlinkat, dir, "c", 0)), show("c");
#ifdef SYS_unlink
	OP(syscall(SYS_unlink, "d"));
#else
	OP(unlink("d"));
#endif
	show("d");
	OP(rmdir("full")), OP(rmdir("e")), OP(rmdir("nothing")), OP(rmdir("void/.")), OP(rmdir("void/.."));
	OP(rmdir("to-full"));
	OP(rmdir("void/")), show("void");
	OP(unlinkat(dir, "void2", AT_REMOVEDIR)), show("void2");
	OP(remove("void3")), OP(remove("e")), OP(remove("e")), OP(remove("full"));
}

static void renames(int dir)
{
	OP(rename("f", "f2")), show("f"), show("f2");
	OP(rename("f2", "f2")), OP(rename("linked2", "linked3")), show("linked2"), show("linked3");
	OP(rename("g", "linked3")), show("linked2"), show("linked3");
	OP(rename("nothing", "h")), OP(rename("h", "full")), OP(rename("full", "h")), OP(rename("full", "full/x"));
	OP(rename("h", "h2/")), OP(rename("h/", "h2")), OP(rename("h", "nowhere/h")), OP(rename("h", ""));
	OP(rename(".", "h")), OP(rename("h", "..")), OP(rename("h", (const char *)8));
	mkdir("v1", 0755), mkdir("v2", 0755);
	OP(rename("v1", "v2")), OP(rename("v2", "full2")), OP(rename("full2", "v2/")), show("full2"), show("v2/f");
	OP(renameat(dir, "i", dir, "to-h")), show("to-h"), show("h");
	OP(renameat(-1, "j", dir, "k")), OP(renameat(dir, "j", -1, "k"));
	OP(renameat2(dir, "j", dir, "j2", RENAME_NOREPLACE)), OP(renameat2(dir, "j", dir, "j3", RENAME_NOREPLACE));
	OP(renameat2(dir, "k", dir, "k2", RENAME_EXCHANGE)), show("k"), show("k2");
	OP(renameat2(dir, "k", dir, "full", RENAME_EXCHANGE)), show("full"), show("k/f");
	OP(renameat2(dir, "k", dir, "nothing", RENAME_EXCHANGE));
	OP(renameat2(dir, "l", dir, "l2", RENAME_EXCHANGE | RENAME_NOREPLACE)), OP(renameat2(dir, "l", dir, "l2", 64));
	OP(syscall(SYS_renameat2, dir, "l", dir, "l2", 0)), show("l2");
#ifdef SYS_rename
	OP(syscall(SYS_rename, "l2", "m2"));
#else
	OP(rename("l2", "m2"));
#endif
	show("m2");
	OP(rename("closed/f", "m")), OP(rename("m", "closed/f"));
}

static void truncates(void)
{
	int fd = open("n", O_RDWR), writes = open("n2", O_WRONLY), reads = open("n2", O_RDONLY), pair[2];
	char c = 0;
	OP(truncate("o", 4)), show("o");
	OP(truncate("o", 4)), OP(truncate("o", 10)), show("o");
	OP(truncate("o2", -1)), OP(truncate("k", 0)), OP(truncate("nothing", 0)), OP(truncate("", 0));
	OP(truncate("loop/", 0));
	OP(truncate("readonly", 0)), OP(truncate("suid", 0)), show("suid");
	lseek(fd, 6, SEEK_SET);
	OP(ftruncate(fd, 8)), show("n"), OP(lseek(fd, 0, SEEK_CUR)), OP(read(fd, &c, 1));
	OP(ftruncate(writes, 3)), show("n2"), OP(ftruncate(reads, 0)), OP(ftruncate(-1, 0)), OP(ftruncate(fd, -1));
	OP(pipe(pair)), OP(ftruncate(pair[1], 0));
	OP(syscall(SYS_ftruncate, fd, 1)), OP(syscall(SYS_truncate, "o2", 2)), show("o2");
	close(fd), close(writes), close(reads), close(pair[0]), close(pair[1]);
}

/* Print the properties of an opened descriptor. */
static void opened(int fd)
{
	struct stat st;
	if (fd < 0)
		return;
	printf("fd %d flags %x/%x", fd, fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
	if (!fstat(fd, &st))
		printf(" mode %o size %ld", st.st_mode, S_ISREG(st.st_mode) ? (long)st.st_size : 0);
	printf(" write %ld\n", (long)write(fd, "new", 3));
	close(fd);
}

static void opens(int dir)
{
	const struct open_how how = {.flags = O_WRONLY | O_TRUNC, .resolve = RESOLVE_NO_SYMLINKS};
	opened((int)OP(open("p", O_WRONLY | O_TRUNC))), show("p");
	opened((int)OP(open("p2", O_RDWR | O_TRUNC | O_CLOEXEC | O_APPEND))), show("p2");
	opened((int)OP(open("q", O_RDONLY | O_TRUNC))), show("q");
	opened((int)OP(open("q2", O_WRONLY | O_CREAT | O_TRUNC, 0600))), show("q2");
	opened((int)OP(open("new", O_WRONLY | O_CREAT | O_TRUNC, 0640))), show("new");
	opened((int)OP(open("r", O_WRONLY | O_CREAT | O_EXCL | O_TRUNC, 0600))), show("r");
	opened((int)OP(open("r", O_PATH | O_TRUNC))), show("r");
	opened((int)OP(open(".", O_WRONLY | O_TMPFILE | O_TRUNC, 0600)));
	OP(open("full/..", O_WRONLY | O_TRUNC)), OP(open("r/", O_WRONLY | O_TRUNC)),
		OP(open("nothing", O_WRONLY | O_TRUNC));
	OP(open("readonly", O_WRONLY | O_TRUNC)), OP(open("closed/new", O_WRONLY | O_CREAT | O_TRUNC, 0600));
	OP(open("to-r", O_WRONLY | O_TRUNC | O_NOFOLLOW));
	if (!symlink("r", "to-r") && !symlink("made", "to-made")) {
		OP(open("to-r", O_WRONLY | O_TRUNC | O_NOFOLLOW));
		opened((int)OP(open("to-r", O_WRONLY | O_TRUNC))), show("r"), show("to-r");
		opened((int)OP(open("to-made", O_WRONLY | O_TRUNC | O_CREAT, 0600))), show("made");
		OP(syscall(SYS_openat2, dir, "to-r", &how, sizeof how));
	}
	opened((int)OP(syscall(SYS_openat2, dir, "r2", &how, sizeof how))), show("r2");
	OP(syscall(SYS_openat2, dir, "r2", &how, 8)), OP(syscall(SYS_openat2, dir, "r2", NULL, sizeof how));
	opened((int)OP(openat(dir, "s", O_WRONLY | O_TRUNC))), show("s");
	opened((int)OP(syscall(SYS_openat, dir, "s2", O_WRONLY | O_TRUNC))), show("s2");
	opened((int)OP(creat("t", 0600))), show("t");
	opened((int)OP(open("/dev/null", O_WRONLY | O_TRUNC)));
	opened((int)OP(open("t2", O_WRONLY | O_TRUNC | O_NONBLOCK))), show("t2");
	OP(openat(-1, "s", O_WRONLY | O_TRUNC)), OP(open((const char *)8, O_WRONLY | O_TRUNC));
}

static void streams(void)
{
	static const char *const modes[] = {"r+", "a", "w", "w+e", "wx", "wb,ccs=UTF-8", "bad"};
	static const char *const names[] = {"u", "u2", "v", "v2", "w", "w2", "x"};
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		errno = UNTOUCHED;
		FILE *f = fopen(names[i], modes[i]);
		printf("fopen %s %s: %d %s\n", names[i], modes[i], f != NULL, f ? "-" : strerrorname_np(errno));
		if (f && (fputs("text", f) < 0 || fclose(f)))
			perror("write");
		show(names[i]);
	}
	FILE *f = fopen("x2", "r");
	f = f ? freopen("y", "w", f) : NULL;
	printf("freopen %d %d\n", f != NULL, f ? fputs("more", f) >= 0 : 0);
	f = f ? freopen(NULL, "w", f) : NULL;
	printf("freopen %d\n", f != NULL);
	if (f)
		fclose(f);
	show("y");
	f = fopen("y2", "r");
	printf("freopen of nothing %d\n", f ? freopen("nowhere/y", "w", f) != NULL : 9);
}

static void on_mounts(const char *ro, const char *other)
{
	if (ro && !chdir(ro)) {
		OP(unlink("f")), OP(unlink("no")), OP(rename("f", "g")), OP(rename("no", "g")), OP(truncate("f", 0)),
			OP(rmdir("d"));
		OP(open("f", O_WRONLY | O_TRUNC)), OP(open("f", O_RDONLY | O_TRUNC));
		OP(open("new", O_WRONLY | O_CREAT | O_TRUNC, 0600));
		show("f");
	}
	if (other && !chdir(other)) {
		OP(mkdir("d", 0700)), put("f", "x");
		OP(rename("f", "/proc/f")), OP(rename("d", "/proc/d")), OP(unlink("f")), OP(rmdir("d"));
	}
}

int main(int argc, char **argv)
{
	const char *ro = NULL, *other = NULL;
	if (argc < 2)
		return 2;
	if (!strcmp(argv[1], "make")) {
		make();
		return 0;
	}
	for (int i = 2; i < argc; i++) {
		if (!strncmp(argv[i], "ro=", 3))
			ro = argv[i] + 3;
		else if (!strncmp(argv[i], "other=", 6))
			other = argv[i] + 6;
	}
	umask(022);
	int dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unlinks(dir);
	renames(dir);
	truncates();
	opens(dir);
	streams();
	fileops_hard();
	on_mounts(ro, other);
	return 0;
}
