/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_undo.c - gatesh undo: lists and restores what sessions removed or overwrote. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "seam/inside.h"
#include "undo/undo_alone.h"
#include "undo/undo_forget.h"
#include "undo/undo_keep.h"
#include "undo/undo_place.h"
#include "undo/undo_plan.h"
#include "undo/undo_restore.h"
#include "undo/undo_show.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/progress.h"
#include "util/session_dir.h"
#include "util/timespan.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh undo [--session ID | --all] [--long] [--json]\n"
	"       gatesh undo [OPTION ...] PATH ...\n"
	"       gatesh undo [OPTION ...] --since WHEN | --command ID | --redo\n"
	"       gatesh undo forget PATH ...          delete every kept version of a file, now\n"
	"       gatesh undo prune [OPTION ...]       delete what was kept; see gatesh undo prune --help\n"
	"\n"
	"By default, list what sessions removed or overwrote in this directory's workspace, newest\n"
	"first.  With one of these, restore:\n"
	"\n"
	"  PATH                 this file, or everything under this directory, as it was before the\n"
	"                       last command that touched it\n"
	"      --since WHEN     everything as it was at WHEN: 30s, 10m, 2h or 7d ago, 2026-11-23T13:10\n"
	"      --command ID     what one command did; ID as the list shows it\n"
	"      --redo           take back the last undo\n"
	"\n"
	"      --session ID     only what this session did\n"
	"      --all            include all sessions\n"
	"  -l, --long           list every file, even in big trees\n"
	"  -n, --dry-run        show what undo would do, and do nothing\n"
	"  -y, --yes            do not ask\n"
	"  -j, --json           print one JSON object per file or directory\n"
	"  -h, --help           show this\n"
	"\n"
	"If something newer is in the way, undo keeps it in turn: an undo can be undone.\n"
	"Exit status: 0, 1 nothing, or not everything, was restored, 64 usage, 74 the kept files can't be\n"
	"read, 126 inside a session.\n";

struct options {
	struct kept_choice sessions;
	struct undo_choice choice;
	char *command; /* ID or ID.N as given */
	bool restore, all, dry, yes, json;
};

/* data: the struct progress whose line may be on the terminal */
static void cmd_undo_complain(const char *where, const char *why, void *data)
{
	progress_hide(data);
	fputs("gatesh: undo: ", stderr);
	out_text(stderr, where);
	fprintf(stderr, ": %s\n", why);
	progress_show(data);
}

static int cmd_undo_failed(int err)
{
	fprintf(stderr, "gatesh: undo: the kept files can't be read: %s\n", store_error(err));
	return EXIT_IO;
}

static int cmd_undo_parse(int argc, char **argv, struct options *o)
{
	enum { OPT_SESSION = 256, OPT_ALL, OPT_SINCE, OPT_COMMAND, OPT_REDO };
	static const struct option longs[] = {{"session", 1, NULL, OPT_SESSION},
					      {"all", 0, NULL, OPT_ALL},
					      {"since", 1, NULL, OPT_SINCE},
					      {"command", 1, NULL, OPT_COMMAND},
					      {"redo", 0, NULL, OPT_REDO},
					      {"long", 0, NULL, 'l'},
					      {"dry-run", 0, NULL, 'n'},
					      {"yes", 0, NULL, 'y'},
					      {"json", 0, NULL, 'j'},
					      {"help", 0, NULL, 'h'},
					      {0}};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":lnyjh", longs, NULL)) != -1;)
		switch (c) {
		case OPT_SESSION: o->sessions.session = optarg; break;
		case OPT_ALL: o->sessions.all = true; break;
		case OPT_COMMAND: o->command = optarg; break;
		case OPT_REDO: o->choice.redo = true; break;
		case 'l': o->all = true; break;
		case 'n': o->dry = true; break;
		case 'y': o->yes = true; break;
		case 'j': o->json = true; break;
		case 'h': return usage_help(help);
		case OPT_SINCE:
			if (timespan_parse_since(optarg, &o->choice.since_ms) || o->choice.since_ms < 1)
				return usage_error(
					"undo",
					"--since takes a time span (10m) or a time (2026-11-23T13:10), not '%s'",
					optarg);
			break;
		default: return usage_bad_option(c, argv, longs);
		}
	o->restore = optind < argc || o->command || o->choice.since_ms || o->choice.redo;
	if (o->sessions.session && !*o->sessions.session)
		return usage_error("undo", "--session takes an id");
	if (o->choice.redo && (optind < argc || o->command || o->choice.since_ms))
		return usage_error("undo", "--redo goes with no PATH, --since or --command");
	if (!o->restore && (o->dry || o->yes))
		return usage_error("undo", "needs a PATH, --since, --command or --redo");
	return -1;
}

/* "SESSION.N", or N of the newest session listed. */
static int cmd_undo_find_command(const struct kept_list *l, struct options *o)
{
	char *point = strrchr(o->command, '.'), *number = point ? point + 1 : o->command, *end;
	unsigned long n = *number >= '0' && *number <= '9' ? strtoul(number, &end, 10) : 0;
	if (!n || *end || n > UINT_MAX || point == o->command)
		return usage_error("undo", "--command takes SESSION.N, as gatesh undo lists it");
	o->choice.command = (unsigned)n;
	for (size_t i = 0; i < l->n; i++) {
		const char *name = l->v[i].session->entry->name;
		if (!point || !strncmp(name, o->command, (size_t)(point - o->command)))
			o->choice.session = name;
	}
	return o->choice.session ? 0 : EXIT_DENY;
}

/* The workspaces of all sessions in the plan: the undo needs stores of its own there. */
static const char **cmd_undo_workspaces_of(const struct undo_plan *p)
{
	const char **v = NULL;
	size_t n = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct kept_session *s = p->v[i].k->session;
		if (i && s == p->v[i - 1].k->session)
			continue;
		for (char **w = s->entry->workspaces; *w; w++) {
			size_t k = 0;
			while (k < n && strcmp(v[k], *w))
				k++;
			const char **more = k < n ? v : reallocarray(v, n + 2, sizeof *v);
			if (!more) {
				free(v);
				return NULL;
			}
			v = more;
			if (k == n)
				v[n++] = *w;
			v[n] = NULL;
		}
	}
	return v;
}

static int cmd_undo_carry_out(const struct options *o, const struct undo_plan *p, const struct kept_list *l)
{
	cleanup_strbuf struct strbuf why = {0};
	struct undo_keep keep;
	struct undo_result r = {0};
	struct progress progress;
	const char **workspaces = cmd_undo_workspaces_of(p);
	enum store_kind kind = o->choice.redo ? STORE_REDO : STORE_UNDO;
	int err = workspaces ? undo_keep_open(&keep, kind, workspaces, "gatesh undo", &why) : -ENOMEM;
	free(workspaces);
	if (why.len)
		fprintf(stderr, "gatesh: undo: newer files can't be kept: %s\n", why.s);
	if (err)
		keep.unnoted = true;
	signal(SIGIO, SIG_IGN); /* sent when another process breaks a lease: see undo_restore.c */
	progress_begin(&progress, "undo: restoring");
	undo_restore(p, l, &keep, &r, &progress, cmd_undo_complain, &progress);
	progress_end(&progress);
	printf("%zu restored", r.done);
	if (r.newer)
		printf(", %zu newer kept", r.newer);
	if (r.failed)
		printf(", %zu failed", r.failed);
	if (keep.unnoted)
		printf(". This undo can't be undone: it could not be recorded.\n");
	else if (r.done && o->choice.redo)
		printf(". To take this back: gatesh undo --command %s.1\n", keep.entry.name);
	else
		printf(r.done ? ". To take this back: gatesh undo --redo\n" : ".\n");
	undo_keep_close(&keep);
	return r.failed || !r.done ? EXIT_DENY : 0;
}

/* Returns 0 to go on, else the exit status. */
static int cmd_undo_confirm(const struct options *o)
{
	char answer[16];
	if (o->yes)
		return 0;
	if (!isatty(STDIN_FILENO))
		return usage_error("undo", "no terminal to ask on: use --yes to restore, or --dry-run");
	fputs("Restore? [y/N] ", stdout);
	fflush(stdout);
	return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y') ? 0 : EXIT_DENY;
}

static int cmd_undo_restore(struct options *o, const struct kept_list *l)
{
	struct undo_plan plan;
	int status = o->command ? cmd_undo_find_command(l, o) : 0;
	if (status == EXIT_USAGE)
		return status;
	int err = status ? 0 : undo_plan_make(&plan, l, &o->choice);
	if (status || (!err && !plan.n)) {
		fputs("gatesh: undo: nothing to restore; gatesh undo lists what was kept here\n", stderr);
		return EXIT_DENY;
	}
	if (err)
		return cmd_undo_failed(err);
	if (o->json)
		undo_show_plan_json(&plan);
	else
		undo_show_plan(&plan, o->all);
	if (!plan.able)
		status = EXIT_DENY;
	else if (!o->dry)
		status = cmd_undo_confirm(o);
	if (!status && !o->dry)
		status = cmd_undo_carry_out(o, &plan, l);
	undo_plan_free(&plan);
	return status;
}

static int cmd_undo_list(const struct options *o, const struct kept_list *l)
{
	if (o->json)
		return undo_show_json(l) ? EXIT_IO : 0;
	if (!l->n)
		fputs("gatesh: undo: nothing was kept here (--all lists every session)\n", stderr);
	return undo_show_list(l, o->all) ? EXIT_IO : 0;
}

int cmd_undo(int argc, char **argv)
{
	struct options o = {0};
	struct kept_list l;
	struct progress progress;
	char here[PATH_MAX];
	if (argc > 1 && !strcmp(argv[1], "forget"))
		return undo_forget(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "prune"))
		return undo_prune(argc - 1, argv + 1);
	int status = cmd_undo_parse(argc, argv, &o);
	if (status >= 0)
		return status;
	if (o.restore && !o.dry && session_inside()) {
		fputs("gatesh: undo: can't restore inside a session: use another terminal\n", stderr);
		return EXIT_REFUSED;
	}
	int lock = -1;
	if (o.restore && !o.dry && (status = undo_alone(&lock)))
		return status;
	int err = undo_here(here, sizeof here);
	for (int i = optind; !err && i < argc; i++)
		if (!(argv[i] = undo_resolve(here, argv[i])))
			err = -ENOMEM;
	if (err) {
		undo_alone_end(lock);
		return cmd_undo_failed(err);
	}
	o.choice.paths = argv + optind;
	o.choice.npaths = (size_t)(argc - optind);
	o.sessions.directory = here;
	o.sessions.all = o.sessions.all || o.choice.npaths || (o.command && strchr(o.command, '.'));
	progress_begin(&progress, "undo: reading what was kept");
	err = records_load(&l, &o.sessions, cmd_undo_complain, &progress);
	progress_end(&progress);
	status = err ? cmd_undo_failed(err) : o.restore ? cmd_undo_restore(&o, &l) : cmd_undo_list(&o, &l);
	if (!err)
		records_free(&l);
	for (size_t i = 0; i < o.choice.npaths; i++)
		free(o.choice.paths[i]);
	undo_alone_end(lock);
	return out_done(status);
}
