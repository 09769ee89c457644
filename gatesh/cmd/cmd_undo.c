/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_undo.c - gatesh undo: lists and restores what sessions removed or overwrote. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/undo_options.h"
#include "cmd/undo_remote.h"
#include "seam/inside.h"
#include "undo/undo_alone.h"
#include "undo/undo_forget.h"
#include "undo/undo_keep.h"
#include "undo/undo_known.h"
#include "undo/undo_open.h"
#include "undo/undo_place.h"
#include "undo/undo_plan.h"
#include "undo/undo_restore.h"
#include "undo/undo_show.h"
#include "undo/undo_unkept.h"
#include "undo/undo_view.h"
#include "util/confirm.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/progress.h"
#include "util/session_dir.h"
#include "util/usage.h"

enum { LARGE_BLOCK = 256 << 10 };

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

/* "SESSION.N", or N of the newest session listed. */
static int cmd_undo_find_command(const struct kept_list *l, struct undo_options *o)
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

static int cmd_undo_carry_out(const struct undo_options *o, const struct undo_plan *p, const struct kept_list *l)
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
	if (r.newer == 1)
		printf(", and the version that was there is kept");
	else if (r.newer)
		printf(", and the %zu versions that were there are kept", r.newer);
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
static int cmd_undo_confirm(const struct undo_options *o)
{
	if (o->yes)
		return 0;
	if (!isatty(STDIN_FILENO))
		return usage_error("undo", "no terminal to ask on: use --yes to restore, or --dry-run");
	fputs("Restore? [y/N] ", stdout);
	return confirm_answer("y");
}

/* Nothing to restore: say what is known of the paths instead. */
static int cmd_undo_nothing(const struct undo_options *o, const struct kept_list *l)
{
	for (size_t i = 0; i < o->choice.npaths; i++)
		undo_known_report(l, o->choice.paths[i]);
	fputs("gatesh: undo: nothing to restore; gatesh undo lists what was kept here\n", stderr);
	return EXIT_DENY;
}

/* Is nobody in the way who would write on into what comes back?  Returns 0 to go on, else the exit status. */
static int cmd_undo_undisturbed(const struct undo_options *o, const struct undo_plan *p, const struct kept_list *l)
{
	undo_open_report_copies(p);
	undo_unkept_report(p, l);
	if (o->force || !undo_open_report(p))
		return 0;
	if (!o->dry)
		fputs("gatesh: undo: nothing restored: end the program first, or restore under it with --force\n",
		      stderr);
	return o->dry ? 0 : EXIT_DENY;
}

static int cmd_undo_follow(const struct undo_options *o, const struct undo_plan *p, const struct kept_list *l)
{
	if (o->json)
		undo_show_plan_json(p);
	else
		undo_show_plan(p, o->all);
	fflush(stdout);
	if (!p->able)
		return EXIT_DENY;
	int status = cmd_undo_undisturbed(o, p, l);
	if (status || o->dry)
		return status;
	status = cmd_undo_confirm(o);
	return status ? status : cmd_undo_carry_out(o, p, l);
}

static int cmd_undo_restore(struct undo_options *o, const struct kept_list *l)
{
	struct undo_plan plan;
	int status = o->command ? cmd_undo_find_command(l, o) : 0;
	if (status == EXIT_USAGE)
		return status;
	int err = status ? 0 : undo_plan_make(&plan, l, &o->choice);
	if (status || (!err && !plan.n))
		return cmd_undo_nothing(o, l);
	if (err)
		return cmd_undo_failed(err);
	undo_unkept_settle(&plan, l);
	if (o->view)
		status = o->view == UNDO_VIEW_SHOW ? undo_view_show(&plan, o->choice.paths[0]) :
						     undo_view_diff(&plan, o->choice.paths[0]);
	else
		status = cmd_undo_follow(o, &plan, l);
	undo_plan_free(&plan);
	return status;
}

static int cmd_undo_list(const struct undo_options *o, const struct kept_list *l)
{
	if (o->json)
		return undo_show_json(l) || undo_remote_list(true, "") ? EXIT_IO : 0;
	if (!l->n)
		fputs("gatesh: undo: nothing was kept here (--all lists every session)\n", stderr);
	if (undo_show_list(l, o->all))
		return EXIT_IO;
	return undo_remote_list(false, "Kept of remote things (gatesh undo remote ID brings one back):\n") ? EXIT_IO :
													     0;
}

/* A large block that is freed goes back to the kernel at once.  Left to itself, glibc serves blocks of up to 32 MiB from the heap as soon
 * as one of that size has been freed, as the text of a journal is, and leaves holes of it where a larger block has been copied. */
static void cmd_undo_bound_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
}

int cmd_undo(int argc, char **argv)
{
	struct undo_options o = {0};
	struct kept_list l;
	struct progress progress;
	char here[PATH_MAX];
	if (argc > 1 && !strcmp(argv[1], "forget"))
		return undo_forget(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "prune"))
		return undo_prune(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "remote"))
		return undo_remote(argc - 1, argv + 1);
	cmd_undo_bound_memory();
	int status = undo_options_parse(argc, argv, &o);
	if (status >= 0)
		return status;
	bool writes = o.restore && !o.dry && !o.view;
	if (writes && session_inside()) {
		fputs("gatesh: undo: can't restore inside a session: use another terminal\n", stderr);
		return EXIT_REFUSED;
	}
	int lock = -1;
	if (writes && (status = undo_alone(&lock)))
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
	if (!o.choice.redo && !o.command) {
		o.sessions.paths = o.choice.paths;
		o.sessions.npaths = o.choice.npaths;
	}
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
