/* SPDX-License-Identifier: BSD-2-Clause */
/* network_policy.c - turns gatesh run --network and --allow-list into lines of gate.d(5) and starts the engine. */
#include "session/network_policy.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/strbuf.h"
#include "engine/engine.h"
#include "policy/policy.h"

#define LIST_NAME "network.list" /* in the user's directory */

static const char *const modes[] = {"log", "ask", "allow-listed"};

bool network_mode_of(const char *word, enum network_mode *mode)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		if (strcmp(word, modes[i]))
			continue;
		*mode = (enum network_mode)i;
		return true;
	}
	return false;
}

/* Find the list's absolute path, "" if there is no list.  0 or a negative errno. */
static int network_find_list(const char *list, char path[PATH_MAX])
{
	char user[PATH_MAX];
	int err = list ? 0 : gate_path_user(user, sizeof user, LIST_NAME);
	*path = '\0';
	if (err)
		return err == -ENOENT ? 0 : err;
	if (realpath(list ? list : user, path))
		return 0;
	*path = '\0';
	return !list && errno == ENOENT ? 0 : -errno;
}

/* Append the lines of gate.d(5) for the mode.  Rules that ask or deny are left to the service. */
static void network_put_lines(struct strbuf *b, enum network_mode mode, const char *path)
{
	bool ask = mode == NETWORK_ASK;
	strbuf_puts(b, "connect required gate_permit.so\n");
	strbuf_printf(b, "connect [success=done ignore=end finding=%s default=die] gate_listfile.so item=host",
		      ask ? "ignore" : "die");
	if (*path)
		strbuf_puts(b, " [file=");
	for (const char *s = path; *s; s++)
		strbuf_printf(b, "%s%c", *s == ']' ? "\\" : "", *s);
	strbuf_puts(b, *path ? "]\n" : "\n");
	if (ask)
		strbuf_puts(b,
			    "connect sufficient gate_timestamp.so scope=session\n"
			    "connect requisite gate_confirm.so timeout=60s typed=critical\n");
}

int network_start(const char *service, const char *workspace, enum network_mode mode, const char *list,
		  const struct gate_conv *conv, gate_handle_t **h)
{
	char path[PATH_MAX];
	struct policy_places places;
	cleanup_strbuf struct strbuf text = {0};
	struct source src;
	*h = NULL;
	if (mode == NETWORK_LOG)
		return gate_start(service, workspace, conv, h);
	int err = network_find_list(list, path);
	if (err) {
		fprintf(stderr, "gate: the allow-list %s cannot be read: %s\n", list ? list : LIST_NAME,
			strerror(-err));
		return -EINVAL;
	}
	err = policy_places(&places, workspace);
	network_put_lines(&text, mode, path);
	if (err || text.err)
		return err ? err : text.err;
	src = (struct source){.name = mode == NETWORK_ASK ? "--network=ask" : "--network=allow-listed",
			      .text = text.s,
			      .len = text.len};
	places.dirs.more = &src;
	err = gate_start_with(service, &places.dirs, conv, h);
	if (!err && (err = gate_set_item(*h, GATE_ITEM_WORKSPACE, workspace))) {
		gate_end(*h, GATE_SYSTEM_ERR);
		*h = NULL;
	}
	return err;
}
