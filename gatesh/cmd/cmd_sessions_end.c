/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_sessions_end.c - gatesh sessions end: ends a session with all of its processes. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "front/front_proto.h"
#include "util/confirm.h"
#include "util/exit.h"
#include "util/session_dir.h"
#include "util/usage.h"

enum { PATIENCE_MS = 10000 }; /* more than a session takes from SIGTERM over SIGKILL to its end */

static const char help[] =
	"usage: gatesh sessions end [--yes] SESSION\n"
	"\n"
	"End SESSION: its processes get SIGTERM, and those that are left two seconds later SIGKILL.  It asks\n"
	"for a word first.  SESSION is an id of gatesh sessions or the beginning of one.  From inside a\n"
	"session this is refused.\n"
	"\n"
	"  -y, --yes    do not ask; needed without a terminal\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0 it has ended, 1 it has not, 64 usage.\n";

/* Copy what people know the session by, and hold its gatesh by a pidfd.  Returns that or a negative errno. */
static int cmd_sessions_end_hold(const char *id, char *question, size_t size)
{
	struct session_info *v;
	int fd = -ESRCH, n = session_dir_list(&v);
	for (int i = 0; i < n; i++) {
		if (strcmp(v[i].id, id))
			continue;
		snprintf(question, size, "Session %s (%s), started %s: %s, and every process of it, will be ended.",
			 v[i].id, v[i].agent, v[i].started, v[i].command);
		fd = pidfd_open(v[i].pid, 0);
		fd = fd < 0 ? -errno : fd;
	}
	session_info_free(v, n > 0 ? n : 0);
	return fd;
}

static int cmd_sessions_end_order(const char *id, int gatesh)
{
	char by[64];
	const char *error;
	front_by("sessions end", by, sizeof by);
	json_t *reply = front_request(id, json_pack("{s:s, s:s}", "op", "end", "by", by), &error);
	if (!reply) {
		fprintf(stderr, "gate: session %s: %s\n", id, error);
		return EXIT_DENY;
	}
	int told = (int)json_integer_value(json_object_get(reply, "processes"));
	json_decref(reply);
	struct pollfd p = {.fd = gatesh, .events = POLLIN};
	if (poll(&p, 1, PATIENCE_MS) != 1) {
		fprintf(stderr,
			"gate: session %s has not ended: a process of it does not end; gatesh sessions shows it\n", id);
		return EXIT_DENY;
	}
	printf("session %s has ended, with %d process%s\n", id, told, told == 1 ? "" : "es");
	return 0;
}

int cmd_sessions_end(int argc, char **argv)
{
	static const struct option options[] = {{"yes", no_argument, NULL, 'y'}, {"help", no_argument, NULL, 'h'}, {0}};
	char id[SESSION_ID_MAX], question[512] = "";
	bool yes = false;
	opterr = 0;
	optind = 1;
	for (int c; (c = getopt_long(argc, argv, ":yh", options, NULL)) != -1;) {
		if (c == 'h')
			return usage_help(help);
		if (c != 'y')
			return usage_bad_option(c, argv, options);
		yes = true;
	}
	if (!argv[optind] || argv[optind + 1])
		return usage_error("sessions end", "takes one session");
	if (session_dir_find(argv[optind], id))
		return EXIT_DENY;
	int fd = cmd_sessions_end_hold(id, question, sizeof question);
	if (fd < 0) {
		fprintf(stderr, "gate: session %s: %s\n", id, strerror(-fd));
		return EXIT_DENY;
	}
	int status = yes ? 0 : confirm_word("sessions end", question, "end");
	if (!status)
		status = cmd_sessions_end_order(id, fd);
	close(fd);
	return status;
}
