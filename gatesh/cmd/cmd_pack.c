/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_pack.c - gatesh pack: adds, updates, lists and removes packs that come from git repositories. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "pack/pack_git.h"
#include "pack/pack_lock.h"
#include "pack/pack_review.h"
#include "seam/inside.h"
#include "util/confirm.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/remove_tree.h"
#include "util/state_dir.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh pack add URL[@REV]\n"
	"       gatesh pack update [NAME]\n"
	"       gatesh pack list [--json]\n"
	"       gatesh pack remove NAME\n"
	"\n"
	"Packs of rules that live in git repositories.  'add' fetches one, shows its rules and every command\n"
	"that they run, asks on this terminal, and pins its commit in packs.lock beside your packs.  'update'\n"
	"shows what has changed at REV since and asks again; nothing changes by itself.  With pack-signers or\n"
	"pack-keys in gate.conf, only commits that these signed are taken.\n"
	"\n"
	"  -j, --json   print JSON objects\n"
	"  -h, --help   show this\n"
	"\n"
	"Exit status: 0, 1 not done, 64 usage, 78 not a good pack, 126 inside a session.\n";

/* A pack that is being fetched, in a directory of its own beside the person's packs: repository/ and files/. */
struct fetching {
	char top[PATH_MAX], repository[PATH_MAX + 16], files[PATH_MAX + 16];
	char commit[PACK_COMMIT_MAX];
	struct pack_found found;
};

static int cmd_pack_say(const char *what, int err)
{
	fprintf(stderr, "gatesh: pack: %s: %s\n", what, strerror(-err));
	return EXIT_IO;
}

/* Remove a directory of the person's packs. */
static int cmd_pack_remove_dir(const char *path)
{
	char parent[PATH_MAX];
	snprintf(parent, sizeof parent, "%s", path);
	char *slash = strrchr(parent, '/');
	*slash = '\0';
	int dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = dir < 0 ? -errno : remove_tree_at(dir, slash + 1);
	if (dir >= 0)
		close(dir);
	return err == -ENOENT ? 0 : err;
}

static int cmd_pack_begin(struct fetching *f)
{
	*f = (struct fetching){0};
	int err = pack_lock_path(".fetching.XXXXXX", f->top);
	if (!err)
		err = state_dir_make(f->top);
	if (!err && !mkdtemp(f->top))
		err = -errno;
	snprintf(f->repository, sizeof f->repository, "%s/repository", f->top);
	snprintf(f->files, sizeof f->files, "%s/files", f->top);
	if (!err && mkdir(f->files, 0755))
		err = -errno;
	return err ? cmd_pack_say(f->top, err) : 0;
}

/* Fetch, verify and show.  Returns 0 or an exit status after a message. */
static int cmd_pack_fetch(struct fetching *f, const char *url, const char *rev)
{
	struct diag d = {.emit = usage_diag};
	struct gate_conf conf;
	cleanup_strbuf struct strbuf by = {0};
	if (conf_load(&conf, &d))
		return EXIT_CONFIG;
	int status = pack_git_fetch(f->repository, url, rev, f->commit);
	if (!status)
		status = pack_git_verify(f->repository, f->commit, &conf.signers, &by);
	if (!status)
		status = pack_git_files(f->repository, f->commit, f->files);
	if (!status)
		status = pack_review(f->files, &f->found);
	if (status)
		return status;
	printf("\n%s %s, commit %s of ", f->found.name, f->found.version, f->commit);
	out_text(stdout, url);
	fputs("\nsignature: ", stdout);
	out_text(stdout, by.s ? by.s : "");
	putchar('\n');
	return 0;
}

/* Put the files in the pack's place and pin the commit. */
static int cmd_pack_install(const struct fetching *f, json_t *lock, const char *url, const char *rev)
{
	char place[PATH_MAX];
	json_t *entry = json_pack("{s:s, s:s, s:s, s:s}", "url", url, "rev", rev, "commit", f->commit, "version",
				  f->found.version);
	if (!entry || json_object_set_new(json_object_get(lock, "packs"), f->found.name, entry))
		return cmd_pack_say(f->found.name, -ENOMEM);
	int err = pack_lock_path(f->found.name, place);
	if (!err)
		err = cmd_pack_remove_dir(place);
	if (!err && rename(f->files, place))
		err = -errno;
	if (err)
		return cmd_pack_say(place, err);
	int status = pack_lock_write(lock);
	if (!status)
		printf("%s is used from the next session on.\n", f->found.name);
	return status;
}

/* Split URL[@REV]: the revision has no slash and no colon, so that "git@host:path" has none. */
static void cmd_pack_split(char *url, const char **rev)
{
	char *at = strrchr(url, '@');
	*rev = "";
	if (!at || at == url || strpbrk(at, "/:"))
		return;
	*at = '\0';
	*rev = at + 1;
}

static int cmd_pack_add(char *url, json_t *lock)
{
	struct fetching f;
	const char *rev;
	char place[PATH_MAX];
	cmd_pack_split(url, &rev);
	int status = cmd_pack_begin(&f);
	if (!status)
		status = cmd_pack_fetch(&f, url, rev);
	if (!status &&
	    (pack_lock_entry(lock, f.found.name) || pack_lock_path(f.found.name, place) || !access(place, F_OK))) {
		fprintf(stderr, "gatesh: pack: there is a pack %s already\n", f.found.name);
		status = EXIT_DENY;
	}
	if (!status)
		status = confirm_word("pack", "Its rules will judge your sessions, and its commands run in them.",
				      "add");
	if (!status)
		status = cmd_pack_install(&f, lock, url, rev);
	cmd_pack_remove_dir(f.top);
	return status;
}

/* Print the difference between two commits, or that the history has lost the old one. */
static void cmd_pack_show_changes(const struct fetching *f, const char *old)
{
	cleanup_strbuf struct strbuf out = {0};
	const char *const args[] = {"diff", "--no-ext-diff", "--no-textconv", "--no-color", old, f->commit, NULL};
	if (pack_git(f->repository, args, true, &out))
		printf("\nThe history of the repository no longer has %s, which you use: all of the above is new.\n",
		       old);
	for (char *rest = out.s, *line; !out.err && rest && (line = strsep(&rest, "\n"));) {
		out_text(stdout, line);
		putchar('\n');
	}
}

static int cmd_pack_update_one(const char *name, json_t *lock)
{
	struct fetching f;
	json_t *entry = json_incref(pack_lock_entry(lock, name));
	const char *url = pack_lock_text(entry, "url"), *rev = pack_lock_text(entry, "rev"),
		   *old = pack_lock_text(entry, "commit");
	int status = cmd_pack_begin(&f);
	if (!status)
		status = cmd_pack_fetch(&f, url, rev);
	bool same = !status && !strcmp(f.commit, old);
	if (same)
		printf("%s is up to date.\n", name);
	if (!status && strcmp(f.found.name, name)) {
		fprintf(stderr, "gatesh: pack: the repository of %s has the pack %s now\n", name, f.found.name);
		status = EXIT_DENY;
	}
	if (!status && !same)
		cmd_pack_show_changes(&f, old);
	if (!status && !same)
		status = confirm_word("pack", "These changes will judge your sessions.", "update");
	if (!status && !same)
		status = cmd_pack_install(&f, lock, url, rev);
	cmd_pack_remove_dir(f.top);
	json_decref(entry);
	return status;
}

static int cmd_pack_unknown(const char *name)
{
	fputs("gatesh: pack: gatesh pack did not add ", stderr);
	out_text(stderr, name);
	fputs("; gatesh pack list names what it did\n", stderr);
	return EXIT_DENY;
}

static int cmd_pack_update(const char *name, json_t *lock)
{
	const char *each;
	json_t *value;
	void *next;
	int worst = 0;
	if (name)
		return pack_lock_entry(lock, name) ? cmd_pack_update_one(name, lock) : cmd_pack_unknown(name);
	json_object_foreach_safe(json_object_get(lock, "packs"), next, each, value)
	{
		int status = cmd_pack_update_one(each, lock);
		worst = worst ? worst : status;
	}
	return worst;
}

static int cmd_pack_list(bool json, json_t *lock)
{
	struct table t = {.columns = 5};
	const char *name;
	json_t *entry;
	json_object_foreach(json_object_get(lock, "packs"), name, entry)
	{
		if (json) {
			json_t *o = json_copy(entry);
			if (json_put(o, "name", name) || json_line(o, stdout))
				return EXIT_IO;
			continue;
		}
		table_put(&t, SGR_BOLD, name);
		table_put(&t, NULL, pack_lock_text(entry, "version"));
		table_printf(&t, NULL, "%.12s", pack_lock_text(entry, "commit"));
		table_put(&t, NULL, *pack_lock_text(entry, "rev") ? pack_lock_text(entry, "rev") : "-");
		table_put(&t, SGR_DIM, pack_lock_text(entry, "url"));
	}
	return table_print(&t, stdout) ? EXIT_SOFTWARE : 0;
}

static int cmd_pack_remove(const char *name, json_t *lock)
{
	char place[PATH_MAX];
	if (!pack_lock_entry(lock, name))
		return cmd_pack_unknown(name);
	int status = confirm_word("pack", "Its rules will no longer judge your sessions.", "remove");
	if (status)
		return status;
	int err = pack_lock_path(name, place);
	if (!err)
		err = cmd_pack_remove_dir(place);
	if (err)
		return cmd_pack_say(name, err);
	json_object_del(json_object_get(lock, "packs"), name);
	return pack_lock_write(lock);
}

static int cmd_pack_do(const char *act, char *what, bool json, json_t *lock)
{
	if (!strcmp(act, "list"))
		return cmd_pack_list(json, lock);
	if (!strcmp(act, "add"))
		return cmd_pack_add(what, lock);
	return !strcmp(act, "update") ? cmd_pack_update(what, lock) : cmd_pack_remove(what, lock);
}

int cmd_pack(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {0}};
	static const char *const acts[] = {"add", "update", "list", "remove", NULL};
	bool json = false;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":jh", options, NULL)) != -1;) {
		if (c == 'h')
			return usage_help(help);
		if (c != 'j')
			return usage_bad_option(c, argv, options);
		json = true;
	}
	const char *act = argv[optind];
	char *what = act ? argv[optind + 1] : NULL;
	if (!act || !usage_word_in(act, acts))
		return act ? usage_bad_word("the word behind pack", act, acts) :
			     usage_error("pack", "needs add, update, list or remove");
	bool list = !strcmp(act, "list"), needs = !strcmp(act, "add") || !strcmp(act, "remove");
	if ((needs && !what) || (list && what) || (what && argv[optind + 2]) || (json && !list))
		return usage_error("pack",
				   "add takes a URL, remove a NAME, update a NAME or nothing, list only --json");
	if (!list && session_inside()) {
		fputs("gatesh: pack: can't change packs inside a session: use another terminal\n", stderr);
		return EXIT_REFUSED;
	}
	json_t *lock = pack_lock_read();
	int status = lock ? cmd_pack_do(act, what, json, lock) : EXIT_CONFIG;
	json_decref(lock);
	return out_done(status);
}
