/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_prune.c - gatesh undo prune: deletes kept objects, oldest first. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gate_module.h>

#include "keep/keep_list.h"
#include "seam/inside.h"
#include "store/store.h"
#include "undo/undo_alone.h"
#include "undo/undo_place.h"
#include "undo/undo_tree.h"
#include "util/confirm.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/progress.h"
#include "util/session_dir.h"
#include "util/size_text.h"
#include "util/timespan.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh undo prune [--older AGE] [--quota SIZE] [--session ID]\n"
	"       gatesh undo prune --session ID | --all [--yes]\n"
	"\n"
	"Delete what Gate kept for undo, oldest first.  It can't be restored afterwards.\n"
	"\n"
	"      --older AGE      anything kept longer ago than 30s, 10m, 2h or 7d, or before a time\n"
	"      --quota SIZE     until at most this much is left: 512M, 2G\n"
	"      --session ID     only from this session; alone: everything from it\n"
	"      --all            everything from every session\n"
	"  -y, --yes            do not ask (--all, --session alone)\n"
	"  -h, --help           show this\n"
	"\n"
	"Exit status: 0, 1 not confirmed, 64 usage, 74 something could not be deleted, 126 inside a session.\n";

struct options {
	int64_t before_ms;
	uint64_t quota;
	const char *session;
	bool everything, yes;
};

static int undo_prune_parse(int argc, char **argv, struct options *o)
{
	enum { OPT_OLDER = 256, OPT_QUOTA, OPT_SESSION, OPT_ALL };
	static const struct option longs[] = {{"older", 1, NULL, OPT_OLDER},
					      {"quota", 1, NULL, OPT_QUOTA},
					      {"session", 1, NULL, OPT_SESSION},
					      {"all", 0, NULL, OPT_ALL},
					      {"yes", 0, NULL, 'y'},
					      {"help", 0, NULL, 'h'},
					      {0}};
	char size[64];
	long long ms;
	bool all = false, limited = false;
	opterr = 0;
	*o = (struct options){.before_ms = INT64_MIN, .quota = UINT64_MAX};
	for (int c; (c = getopt_long(argc, argv, ":yh", longs, NULL)) != -1;)
		switch (c) {
		case OPT_OLDER:
			if (timespan_parse_since(optarg, &ms))
				return usage_error("undo", "--older takes an age (30s, 10m, 2h, 7d) or a time");
			o->before_ms = ms;
			limited = true;
			break;
		case OPT_QUOTA:
			snprintf(size, sizeof size, "quota=%s", optarg);
			o->quota = gate_opt_size(1, (const char *const[]){size}, "quota", UINT64_MAX);
			if (o->quota == UINT64_MAX)
				return usage_error("undo", "--quota takes a size: 512M, 2G");
			limited = true;
			break;
		case OPT_SESSION: o->session = optarg; break;
		case OPT_ALL: all = true; break;
		case 'y': o->yes = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	if (optind < argc || (all && (limited || o->session)) || (!all && !limited && !o->session))
		return usage_error("undo", "prune takes --older, --quota, --session or --all");
	o->everything = !limited;
	if (o->everything)
		o->quota = 0;
	return -1;
}

/* Find the full name of the session that begins with `prefix`.  Returns 0, or an exit status after a message. */
static int undo_prune_find(const char *prefix, char name[STORE_NAME_MAX])
{
	struct store_entry *v;
	int n = store_list(&v, NULL, NULL), hits = 0;
	for (int i = 0; i < n; i++) {
		if (!*prefix || strncmp(v[i].name, prefix, strlen(prefix)))
			continue;
		memcpy(name, v[i].name, STORE_NAME_MAX);
		hits++;
	}
	store_free(v, n > 0 ? n : 0);
	if (hits != 1)
		fprintf(stderr, "gatesh: undo: %s (gatesh undo --all lists them)\n",
			hits ? "several sessions match: name one" : "nothing was kept in such a session");
	return hits == 1 ? 0 : EXIT_DENY;
}

static int undo_prune_confirm(const struct options *o)
{
	if (!o->everything || o->yes)
		return 0;
	if (!isatty(STDIN_FILENO))
		return usage_error("undo", "there is nobody to ask: --yes deletes without asking");
	printf("Delete everything kept%s%s for good? [y/N] ", o->session ? " in session " : "",
	       o->session ? o->session : "");
	return confirm_answer("y");
}

int undo_prune(int argc, char **argv)
{
	struct options o;
	struct prune_result r;
	struct progress progress;
	char name[STORE_NAME_MAX], freed[SIZE_TEXT_MAX], left[SIZE_TEXT_MAX];
	usage_command("undo prune");
	int status = undo_prune_parse(argc, argv, &o);
	if (status >= 0)
		return status;
	if (session_inside()) {
		fputs("gatesh: undo: prune deletes nothing inside a session: use another terminal\n", stderr);
		return EXIT_REFUSED;
	}
	status = o.session ? undo_prune_find(o.session, name) : 0;
	if (o.session)
		o.session = name;
	if (!status)
		status = undo_prune_confirm(&o);
	if (status)
		return out_done(status);
	int lock;
	if ((status = undo_alone(&lock)))
		return out_done(status);
	progress_begin(&progress, "undo: reading what was kept");
	const struct prune_terms terms = {
		.before_ms = o.everything ? INT64_MAX : o.before_ms, .quota = o.quota, .name = o.session};
	int err = store_prune(&terms, &r, &progress);
	progress_end(&progress);
	undo_alone_end(lock);
	size_text((long long)r.freed, freed);
	size_text((long long)r.left, left);
	size_t remote = keep_list_prune(o.session, terms.before_ms);
	printf("%zu deleted, %s; %s are still kept.\n", r.removed, freed, left);
	if (remote)
		printf("%zu kept of remote things deleted.\n", remote);
	if (err)
		fprintf(stderr, "gatesh: undo: not everything could be deleted: %s\n", store_error(err));
	return out_done(err ? EXIT_IO : 0);
}
