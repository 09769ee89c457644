/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_review.c - loads and prints a fetched pack.  See pack_review.h. */
#include "pack/pack_review.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lint/pack_arguments.h"
#include "listing/rule_list.h"
#include "pack/pack_lock.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/table.h"
#include "util/usage.h"

static int pack_review_bad(const char *why)
{
	fprintf(stderr, "gatesh: pack: %s\n", why);
	return EXIT_CONFIG;
}

/* Is a rule of this name installed already, elsewhere than in the place of this pack? */
static int pack_review_collides(const struct ruleset *rs, const struct ruleset *installed, const char *name)
{
	char place[PATH_MAX];
	size_t n = pack_lock_path(name, place) ? 0 : strlen(place);
	for (size_t i = 0; i < rs->n; i++) {
		const struct rule *other = ruleset_find(installed, rs->rules[i]->id);
		if (!other || (n && !strncmp(other->file, place, n) && other->file[n] == '/'))
			continue;
		fprintf(stderr, "gatesh: pack: its rule %s exists already, at %s:%u\n", other->id, other->file,
			other->line);
		return EXIT_CONFIG;
	}
	return 0;
}

static void pack_review_command(struct table *t, const struct rule *r, const char *field, const char *command)
{
	if (!command)
		return;
	table_put(t, NULL, r->id);
	table_put(t, SGR_YELLOW, field);
	table_put(t, NULL, command);
}

/* Print the rules, then each command that a session would run for them. */
static int pack_review_print(const struct ruleset *rs)
{
	struct table t = {.columns = 3};
	int err = rule_list_print(rs->rules, rs->n);
	for (size_t i = 0; i < rs->n; i++) {
		const struct rule *r = rs->rules[i];
		pack_review_command(&t, r, "preview", r->preview);
		pack_review_command(&t, r, "when", r->when);
		pack_review_command(&t, r, "keep", r->keep);
		pack_review_command(&t, r, "undo", r->undo);
	}
	puts(t.n ? "\nIt runs these commands, in a session's confinement; `undo` after a question:" :
		   "\nIt runs no commands.");
	if (!err)
		err = table_print(&t, stdout);
	for (size_t i = 0; i < rs->nadjustments && !err; i++) {
		printf("It %s ", rs->adjustments[i].disables ? "disables" : "changes");
		out_text(stdout, rs->adjustments[i].rule.word);
		putchar('\n');
	}
	return err ? EXIT_SOFTWARE : 0;
}

static int pack_review_load(const char *dir, struct ruleset *rs, struct ruleset *installed, struct pack_found *found)
{
	struct policy_places *places = malloc(sizeof *places);
	struct diag d = {.emit = usage_diag};
	int err = places ? policy_places(places, NULL) : -ENOMEM;
	bool bad = !err && ruleset_load(rs, dir, TRUST_USER, &d);
	if (!err)
		err = pack_arguments_installed(installed, &places->dirs);
	rs->beside = installed;
	bad = bad || (!err && (ruleset_finish(rs, &d) || ruleset_selftest(rs, &d)));
	free(places);
	if (err)
		return pack_review_bad(strerror(-err));
	if (bad)
		return pack_review_bad("the pack is not used: see above");
	if (rs->npacks != 1 || !rs->n)
		return pack_review_bad(
			"the repository is not a pack: it needs rules, and a pack.rules that begins with a `pack` stanza");
	snprintf(found->name, sizeof found->name, "%s", rs->packs[0]->name);
	snprintf(found->version, sizeof found->version, "%s", rs->packs[0]->version);
	return strlen(rs->packs[0]->name) < sizeof found->name ? 0 : pack_review_bad("the pack's name is too long");
}

int pack_review(const char *dir, struct pack_found *found)
{
	struct ruleset rs = {0}, installed = {0};
	int status = pack_review_load(dir, &rs, &installed, found);
	if (!status)
		status = pack_review_collides(&rs, &installed, found->name);
	if (!status)
		status = pack_review_print(&rs);
	ruleset_free(&rs);
	ruleset_free(&installed);
	return status;
}
