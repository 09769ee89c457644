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

/* An argument of a module, in brackets for the blanks of its value. */
static void network_put_argument(struct strbuf *b, const char *name, const char *value)
{
	strbuf_printf(b, " [%s=", name);
	for (; *value; value++)
		strbuf_printf(b, "%s%c", *value == ']' ? "\\" : "", *value);
	strbuf_putc(b, ']');
}

/* Append the lines of gate.d(5) for the terms.  Rules that ask or deny are left to the service. */
static void network_put_lines(struct strbuf *b, const struct network_terms *terms, const char *path)
{
	bool ask = terms->mode == NETWORK_ASK;
	if (terms->refuse_reads) /* the service may have no line for it */
		strbuf_puts(b, "read requisite gate_rules.so\nread sufficient gate_permit.so\n");
	if (terms->mode == NETWORK_LOG)
		return;
	strbuf_puts(b, "connect required gate_permit.so\n");
	strbuf_printf(b, "connect [success=done ignore=end finding=%s default=die] gate_listfile.so item=host",
		      ask ? "ignore" : "die");
	if (*path)
		network_put_argument(b, "file", path);
	if (*path && terms->label)
		network_put_argument(b, "label", terms->label);
	strbuf_putc(b, '\n');
	if (ask)
		strbuf_puts(b,
			    "connect sufficient gate_timestamp.so scope=session\n"
			    "connect requisite gate_confirm.so timeout=60s typed=critical\n");
}

static int network_add_pack(struct policy_dirs *dirs, const char *path)
{
	for (size_t i = 0; path && i < POLICY_PACKS_MAX; i++) {
		if (dirs->rules[i])
			continue;
		dirs->rules[i] = path;
		path = NULL;
	}
	return path ? -E2BIG : 0;
}

/* Write the mode's stack into *text and let `dirs` have it as *src. */
static int network_add_stack(struct policy_dirs *dirs, const struct network_terms *terms, struct strbuf *text,
			     struct source *src)
{
	char path[PATH_MAX];
	int err = terms->mode == NETWORK_LOG ? 0 : network_find_list(terms->list, path);
	if (err) {
		fprintf(stderr, "gate: the allow-list %s cannot be read: %s\n", terms->list ? terms->list : LIST_NAME,
			strerror(-err));
		return -EINVAL;
	}
	network_put_lines(text, terms, path);
	*src = (struct source){.name = terms->mode == NETWORK_LOG ? "the principal" :
				       terms->mode == NETWORK_ASK ? "--network=ask" :
								    "--network=allow-listed",
			       .text = text->s,
			       .len = text->len};
	dirs->more = src;
	return text->err;
}

int network_start(const char *service, const char *workspace, const struct network_terms *terms,
		  const struct gate_conv *conv, gate_handle_t **h)
{
	struct policy_places places;
	cleanup_strbuf struct strbuf text = {0};
	struct source src;
	*h = NULL;
	if (terms->mode == NETWORK_LOG && !terms->rules && !terms->refuse_reads)
		return gate_start(service, workspace, conv, h);
	int err = policy_places(&places, workspace);
	if (!err)
		err = network_add_pack(&places.dirs, terms->rules);
	places.dirs.refuse_reads = terms->refuse_reads;
	if (!err && (terms->mode != NETWORK_LOG || terms->refuse_reads))
		err = network_add_stack(&places.dirs, terms, &text, &src);
	if (!err)
		err = gate_start_with(service, &places.dirs, conv, h);
	if (!err && (err = gate_set_item(*h, GATE_ITEM_WORKSPACE, workspace))) {
		gate_end(*h, GATE_SYSTEM_ERR);
		*h = NULL;
	}
	return err;
}
