/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_lint.c - gatesh lint: checks installed or given rule packs, service files and gate.conf. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/read_file.h"
#include "base/strbuf.h"
#include "cmd/cmd.h"
#include "lint/lint.h"
#include "lint/pack_arguments.h"
#include "util/conf.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh lint [OPTION ...] [FILE|DIR ...]\n"
	"\n"
	"Check rule packs (*.rules), service files (in a directory gate.d) and gate.conf: the given ones, or all\n"
	"that a session started here would read.  Runs every rule's hits and misses, and checks that the prefilter\n"
	"lets every hit through, that no rule would refuse a preview or ask about an `instead`, and that each\n"
	"preview names the target of its command.  Warns about rules that ask about everyday\n"
	"commands, and about patterns that exceed a match limit on near misses of their own hits.\n"
	"\n"
	"      --everyday FILE  more commands that no rule may ask about: one shell text per line; repeatable\n"
	"      --spellings      spell every hit and miss in other ways by the command stanzas, and warn where the\n"
	"                       verdict differs\n"
	"      --strict         treat warnings as errors\n"
	"  -v, --verbose        also print notes: examples that another rule matches too, and alternatives of\n"
	"                       `match` that no hit needs\n"
	"  -j, --json           print one JSON object\n"
	"\n"
	"Exit status: 0, 1 errors found or nothing to check, 64 usage.\n";

enum { SERVICE_MAX = 1 << 20 };

static void cmd_lint_unreadable(struct lint *l, const char *path, int err)
{
	struct source src = {.name = path, .text = ""};
	diag_at(&l->d, DIAG_ERROR, &src, 0, 0, "can't be read: %s", strerror(-err));
}

static bool cmd_lint_ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), m = strlen(tail);
	return n >= m && !strcmp(s + n - m, tail);
}

static enum ruleset_trust cmd_lint_trust_of(const struct lint *l, const char *path)
{
	return pack_arguments_trust(&l->places.dirs, path);
}

/* Check a service file.  Its includes are searched where a session would search; if the file is not installed, beside
 * it first. */
static void lint_service(struct lint *l, const char *path)
{
	char dir[PATH_MAX];
	cleanup_strbuf struct strbuf text = {0};
	struct policy_dirs dirs = l->places.dirs;
	struct stack *stack = NULL;
	int err = read_file(path, SERVICE_MAX, &text, NULL);
	const char *slash = strrchr(path, '/');
	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	enum ruleset_trust trust = cmd_lint_trust_of(l, path);
	if (trust == TRUST_SYSTEM && strcmp(dir, dirs.services[0]) && strcmp(dir, dirs.services[1]))
		dirs.services[0] = dir;
	if (err) {
		cmd_lint_unreadable(l, path, err);
		return;
	}
	struct source src = {.name = path, .text = text.s ? text.s : "", .len = text.len};
	if (service_parse(&src, &dirs, trust, &l->d, &stack) == -ENOMEM)
		cmd_lint_unreadable(l, path, -ENOMEM);
	l->services++;
	stack_free(stack);
}

static void lint_conf(struct lint *l, const char *path)
{
	struct gate_conf conf = {0};
	enum conf_trust trust = cmd_lint_trust_of(l, path) == TRUST_SYSTEM ? CONF_TRUST_SYSTEM : CONF_TRUST_USER;
	int err = conf_read(&conf, path, trust, &l->d);
	if (err == -ENOENT)
		cmd_lint_unreadable(l, path, err);
	l->confs++;
}

/* Check the packs of a directory, or one pack; ruleset_load() reports files that it can't read. */
static void lint_packs(struct lint *l, const char *path)
{
	ruleset_load(&l->rules, path, cmd_lint_trust_of(l, path), &l->d);
}

static int cmd_lint_visible(const struct dirent *e)
{
	return e->d_name[0] != '.' && !cmd_lint_ends_with(e->d_name, "~");
}

/* Check each file of a directory of services. */
static void lint_services(struct lint *l, const char *dir)
{
	struct dirent **entries;
	char path[PATH_MAX];
	struct stat st;
	int n = scandir(dir, &entries, cmd_lint_visible, alphasort);
	if (n < 0 && errno != ENOENT)
		cmd_lint_unreadable(l, dir, -errno);
	for (int i = 0; i < n; i++) {
		bool whole = (size_t)snprintf(path, sizeof path, "%s/%s", dir, entries[i]->d_name) < sizeof path;
		if (whole && !stat(path, &st) && S_ISREG(st.st_mode))
			lint_service(l, path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* Check a directory: its packs, or those in rules/ of a configuration directory, with its gate.d/ and gate.conf. */
static void lint_dir(struct lint *l, const char *dir)
{
	char path[PATH_MAX], whole[PATH_MAX];
	struct stat st;
	const char *base = realpath(dir, whole) ? strrchr(whole, '/') + 1 : dir;
	if (!strcmp(base, "gate.d")) {
		lint_services(l, dir);
		return;
	}
	bool rules = (size_t)snprintf(path, sizeof path, "%s/rules", dir) < sizeof path && !stat(path, &st) &&
		     S_ISDIR(st.st_mode);
	lint_packs(l, rules ? path : dir); /* in a configuration directory, a session reads only rules/ */
	if ((size_t)snprintf(path, sizeof path, "%s/gate.d", dir) < sizeof path)
		lint_services(l, path);
	if ((size_t)snprintf(path, sizeof path, "%s/gate.conf", dir) < sizeof path && !stat(path, &st))
		lint_conf(l, path);
}

static void lint_path(struct lint *l, const char *path)
{
	struct stat st;
	const char *slash = strrchr(path, '/');
	if (stat(path, &st))
		cmd_lint_unreadable(l, path, -errno);
	else if (S_ISDIR(st.st_mode))
		lint_dir(l, path);
	else if (cmd_lint_ends_with(path, ".rules"))
		lint_packs(l, path);
	else if (!strcmp(slash ? slash + 1 : path, "gate.conf"))
		lint_conf(l, path);
	else
		lint_service(l, path);
}

/* Check a given path.  A directory with nothing to check is an error: a mistyped path must not pass as clean. */
static void lint_given(struct lint *l, const char *path)
{
	struct stat st;
	size_t before = l->rules.nfiles + l->services + l->confs;
	unsigned errors = l->d.errors;
	lint_path(l, path);
	bool found = l->rules.nfiles + l->services + l->confs > before || l->d.errors > errors;
	if (!found && !stat(path, &st) && S_ISDIR(st.st_mode)) {
		struct source src = {.name = path, .text = ""};
		diag_at(&l->d, DIAG_ERROR, &src, 0, 0, "it has no pack, service or gate.conf");
	}
}

/* Check everything that a session started here would read. */
static void lint_installed(struct lint *l)
{
	const struct policy_dirs *dirs = &l->places.dirs;
	struct gate_conf conf;
	struct stat st;
	conf_load(&conf, &l->d);
	for (int i = 0; i < 2; i++) {
		lint_services(l, dirs->services[i]);
		lint_packs(l, dirs->rules[i]);
	}
	const char *layers[] = {dirs->user, dirs->project};
	char path[PATH_MAX];
	for (int i = 0; i < 2; i++) {
		if (!layers[i])
			continue;
		if ((size_t)snprintf(path, sizeof path, "%s/gate.d", layers[i]) < sizeof path)
			lint_services(l, path);
		if ((size_t)snprintf(path, sizeof path, "%s/rules", layers[i]) < sizeof path && !stat(path, &st))
			lint_packs(l, path);
	}
}

static int cmd_lint_report(struct lint *l)
{
	const struct diag *d = &l->d;
	if (l->problems) {
		json_t *o = json_pack("{s:o, s:i, s:i, s:i, s:i, s:i}", "problems", json_incref(l->problems), "rules",
				      (int)l->rules.n, "packs", (int)l->rules.nfiles, "services", (int)l->services,
				      "errors", (int)d->errors, "warnings", (int)d->warnings);
		if (o && l->spell)
			json_object_set_new(
				o, "spellings",
				json_pack("{s:i, s:i}", "tried", (int)l->spellings, "misjudged", (int)l->misjudged));
		json_line(o, stdout);
	} else {
		if (l->spell)
			printf("%u of %u spellings are judged as their example\n", l->spellings - l->misjudged,
			       l->spellings);
		printf("%zu rule%s in %zu pack%s, %u error%s, %u warning%s\n", l->rules.n, l->rules.n == 1 ? "" : "s",
		       l->rules.nfiles, l->rules.nfiles == 1 ? "" : "s", d->errors, d->errors == 1 ? "" : "s",
		       d->warnings, d->warnings == 1 ? "" : "s");
	}
	return d->errors || (l->strict && d->warnings) ? EXIT_DENY : 0;
}

/* Returns -1 to go on, else the exit status. */
static int cmd_lint_parse(int argc, char **argv, struct lint *l, bool *json)
{
	enum { OPT_EVERYDAY = 256, OPT_SPELLINGS, OPT_STRICT };
	static const struct option longs[] = {{"everyday", 1, NULL, OPT_EVERYDAY},
					      {"spellings", 0, NULL, OPT_SPELLINGS},
					      {"strict", 0, NULL, OPT_STRICT},
					      {"verbose", 0, NULL, 'v'},
					      {"json", 0, NULL, 'j'},
					      {"help", 0, NULL, 'h'},
					      {0}};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":vjh", longs, NULL)) != -1;)
		switch (c) {
		case OPT_EVERYDAY:
			if (l->neveryday == LINT_EVERYDAY_MAX)
				return usage_error("lint", "more than %d --everyday", LINT_EVERYDAY_MAX);
			l->everyday[l->neveryday++] = optarg;
			break;
		case OPT_SPELLINGS: l->spell = true; break;
		case OPT_STRICT: l->strict = true; break;
		case 'v': l->verbose = true; break;
		case 'j': *json = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	return -1;
}

int cmd_lint(int argc, char **argv)
{
	struct lint l = {.d = {.emit = lint_emit, .data = &l}};
	char cwd[PATH_MAX];
	bool json = false;
	int status = cmd_lint_parse(argc, argv, &l, &json);
	if (status >= 0)
		return status;
	int err = policy_places(&l.places, getcwd(cwd, sizeof cwd));
	l.problems = json ? json_array() : NULL;
	if (!err && json && !l.problems)
		err = -ENOMEM;
	if (!err) {
		for (int i = optind; i < argc; i++)
			lint_given(&l, argv[i]);
		if (optind == argc)
			lint_installed(&l);
		else
			err = pack_arguments_beside(&l.rules, &l.installed, &l.places.dirs);
	}
	if (!err)
		err = lint_rules(&l);
	if (err && err != -EINVAL) {
		fprintf(stderr, "gatesh: lint: %s\n", strerror(-err));
		status = EXIT_SOFTWARE;
	} else {
		status = cmd_lint_report(&l);
	}
	json_decref(l.problems);
	ruleset_free(&l.rules);
	ruleset_free(&l.installed);
	return out_done(status);
}
