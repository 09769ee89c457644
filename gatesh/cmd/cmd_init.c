/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_init.c - gatesh init: writes a project's .gate/ after three questions. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adopt/project.h"
#include "cmd/cmd.h"
#include "seam/inside.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh init [OPTION ...] [DIR]\n"
	"\n"
	"Write the .gate/ of a project, by default that of the directory you are in: a pack of rules, a principal\n"
	"for its agent and the list of hosts that the agent needs.  Three questions come first; an empty line takes\n"
	"what stands in brackets, and - takes nothing.  A file that is there already stays as it is.\n"
	"\n"
	"  -n, --dry-run   print the files, and write nothing\n"
	"  -y, --yes       do not ask, and take what would stand in brackets\n"
	"\n"
	"Exit status: 0, 1 a file could not be written, 64 usage, 126 inside a session.\n";

struct options {
	bool dry_run, yes;
	const char *dir;
};

/* Ask one question.  An empty line keeps what `list` has, and - empties it.  Returns 0, or -ENODATA when nobody answers. */
static int cmd_init_ask(const char *question, struct strbuf *list)
{
	char line[4096];
	printf("%s [%s] ", question, list->len ? list->s : "none");
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin)) {
		putchar('\n');
		return -ENODATA;
	}
	line[strcspn(line, "\n")] = '\0';
	const char *said = line + strspn(line, " \t");
	if (!*said)
		return 0;
	list->len = 0;
	strbuf_puts(list, strcmp(said, "-") ? said : "");
	return list->err;
}

/* Returns 0, or EXIT_DENY after saying which word of an answer is not possible. */
static int cmd_init_check(const struct strbuf *list, const char *(*bad)(const char *, size_t *), const char *is)
{
	size_t n;
	const char *word = bad(list->s, &n);
	if (!word)
		return 0;
	fprintf(stderr, "gate: init: '");
	for (size_t i = 0; i < n; i++)
		out_text(stderr, (char[]){word[i], '\0'});
	fprintf(stderr, "' is not %s; nothing was written\n", is);
	return EXIT_DENY;
}

/* The three questions.  Returns 0, or an exit status after a message. */
static int cmd_init_questions(struct project *p)
{
	cleanup_strbuf struct strbuf name = {0};
	strbuf_puts(&name, p->name);
	int err = cmd_init_ask("Name of the project, its pack and its agent?", &name);
	if (!err)
		err = cmd_init_ask("Hosts that an agent here needs?", &p->hosts);
	if (!err)
		err = cmd_init_ask("Programs of this project that ask before they run?", &p->commands);
	if (err == -ENODATA) {
		puts("Nothing was written.");
		return EXIT_DENY;
	}
	if (err)
		return EXIT_SOFTWARE;
	project_set_name(p, name.s);
	int status = cmd_init_check(&p->hosts, project_bad_host, "the name of a host");
	return status ? status : cmd_init_check(&p->commands, project_bad_command, "the name of a program");
}

/* Open DIR/NAME as a directory, after making it.  Links are not followed: .gate/ is the project's own. */
static int cmd_init_open_dir(int dirfd, const char *name)
{
	if (mkdirat(dirfd, name, 0777) && errno != EEXIST)
		return -errno;
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Write a new file.  Returns 0 or a negative errno; -EEXIST: it is there. */
static int cmd_init_write(int dirfd, const char *name, const struct strbuf *text)
{
	int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666), err = 0;
	if (fd < 0)
		return -errno;
	for (size_t done = 0; done < text->len && !err;) {
		ssize_t n = write(fd, text->s + done, text->len - done);
		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			err = -errno;
	}
	if (close(fd) && !err)
		err = -errno;
	if (err)
		unlinkat(dirfd, name, 0);
	return err;
}

/* Write one file below .gate/, or print it.  Returns 0 or a negative errno. */
static int cmd_init_put(const struct project *p, const struct project_file *f, int gate)
{
	cleanup_strbuf struct strbuf text = {0};
	char path[NAME_MAX];
	int err = project_file_path(f, p, path, sizeof path), dir = gate;
	f->put(p, &text);
	if (!err)
		err = text.err;
	if (!err && gate < 0) {
		printf(".gate/%s:\n%s\n", path, text.s);
		return 0;
	}
	if (!err && *f->dir && (dir = cmd_init_open_dir(gate, f->dir)) < 0)
		err = dir;
	if (!err)
		err = cmd_init_write(dir, *f->dir ? path + strlen(f->dir) + 1 : path, &text);
	if (dir >= 0 && dir != gate)
		close(dir);
	if (!err || err == -EEXIST)
		printf(".gate/%s: %s\n", path, err ? "is there already, and stays as it is" : "written");
	else
		fprintf(stderr, "gate: init: .gate/%s: %s\n", path, strerror(-err));
	return err == -EEXIST ? 0 : err;
}

static int cmd_init_put_all(const struct project *p, const struct options *o, int dirfd)
{
	int gate = o->dry_run ? -1 : cmd_init_open_dir(dirfd, ".gate"), status = 0;
	if (gate < 0 && !o->dry_run) {
		fprintf(stderr, "gate: init: .gate: %s\n",
			gate == -ELOOP || gate == -ENOTDIR ? "is not a directory of its own" : strerror(-gate));
		return EXIT_DENY;
	}
	for (const struct project_file *f = project_files; f->tail; f++)
		if (cmd_init_put(p, f, gate))
			status = EXIT_DENY;
	if (gate >= 0)
		close(gate);
	if (!status && !o->dry_run)
		printf("Next: gatesh lint; cp .gate/%s.principal ~/.config/gate/; gatesh run --principal %s -- AGENT\n",
		       p->name, p->name);
	return status;
}

/* Guess, ask and write.  `path` is the directory's. */
static int cmd_init_do(const struct options *o, int dirfd, const char *path)
{
	struct project p = {0};
	int status = project_guess(&p, dirfd, path) ? EXIT_SOFTWARE : 0;
	if (!status && !o->yes)
		status = cmd_init_questions(&p);
	if (!status)
		status = cmd_init_put_all(&p, o, dirfd);
	project_free(&p);
	return status;
}

static int cmd_init_in(const struct options *o)
{
	char path[PATH_MAX];
	int dirfd = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0 || !realpath(o->dir, path)) {
		fputs("gate: init: ", stderr);
		out_text(stderr, o->dir);
		fprintf(stderr, ": %s\n", strerror(errno));
		if (dirfd >= 0)
			close(dirfd);
		return EXIT_DENY;
	}
	int status = cmd_init_do(o, dirfd, path);
	close(dirfd);
	return status;
}

int cmd_init(int argc, char **argv)
{
	static const struct option longs[] = {
		{"dry-run", 0, NULL, 'n'}, {"yes", 0, NULL, 'y'}, {"help", 0, NULL, 'h'}, {0}};
	struct options o = {.dir = "."};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":nyh", longs, NULL)) != -1;)
		switch (c) {
		case 'n': o.dry_run = true; break;
		case 'y': o.yes = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	if (argc - optind > 1)
		return usage_error("init", "takes one directory");
	if (argc > optind)
		o.dir = argv[optind];
	if (session_inside()) {
		fputs("gate: init: this is inside a session, which can't say what an agent needs; run it outside\n",
		      stderr);
		return EXIT_REFUSED;
	}
	if (!o.yes && !isatty(STDIN_FILENO))
		return usage_error("init", "no terminal to ask on; --yes does not ask");
	return out_done(cmd_init_in(&o));
}
