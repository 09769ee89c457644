/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_bugreport.c - gatesh bugreport: shows what a report would contain, then writes it. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/report_text.h"
#include "util/confirm.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh bugreport [OPTION ...]\n"
	"\n"
	"Show a report about this installation, then write it to a file, after a word.  It has the versions,\n"
	"the build, the kernel, what doctor says, the policy's files with digests, and the last session's\n"
	"decisions with the lengths of arguments in place of the arguments.  It has no environment; paths\n"
	"below your home begin with ~.\n"
	"\n"
	"  -o, --output FILE    write to this new file (default: gate-bugreport.txt here)\n"
	"      --trace FILE     add the end of this debug trace, without commands\n"
	"  -y, --yes            do not ask; needed without a terminal\n"
	"  -h, --help           show this\n"
	"\n"
	"Exit status: 0, 1 it was not written, 64 usage, 74 the file can't be written.\n";

static int cmd_bugreport_write(const struct strbuf *b, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool done = fd >= 0 && write(fd, b->s, b->len) == (ssize_t)b->len;
	if (fd >= 0 && close(fd))
		done = false;
	if (done)
		fputs("\nThe report is in ", stdout);
	else
		fputs("gatesh: bugreport: can't be written: ", stderr);
	out_text(done ? stdout : stderr, path);
	if (done)
		putchar('\n');
	else
		fprintf(stderr, ": %s\n", strerror(errno));
	return out_done(done ? 0 : EXIT_IO);
}

int cmd_bugreport(int argc, char **argv)
{
	enum { OPT_TRACE = 256 };
	static const struct option options[] = {{"output", required_argument, NULL, 'o'},
						{"trace", required_argument, NULL, OPT_TRACE},
						{"yes", no_argument, NULL, 'y'},
						{"help", no_argument, NULL, 'h'},
						{0}};
	cleanup_strbuf struct strbuf b = {0};
	const char *path = "gate-bugreport.txt", *trace = NULL;
	bool yes = false;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":o:yh", options, NULL)) != -1;)
		switch (c) {
		case 'o': path = optarg; break;
		case OPT_TRACE: trace = optarg; break;
		case 'y': yes = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, options);
		}
	if (argv[optind])
		return usage_error("bugreport", "takes no arguments");
	report_text(&b, trace);
	if (b.err)
		return EXIT_SOFTWARE;
	fputs(b.s, stdout);
	int status = yes ? 0 : confirm_word("bugreport", "This is all that the file will contain.", "write");
	return status ? status : cmd_bugreport_write(&b, path);
}
