/* SPDX-License-Identifier: BSD-2-Clause */
/* lint_rules.c - checks all rules together: examples, the interposer's prefilter, previews.  See lint.h. */
#include "lint/lint.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "formats/image.h"
#include "image/image_build.h"
#include "subject/shell/shell.h"

/* The policy image of the rules, as a session would map it. */
struct image {
	void *map;
	size_t len;
};

static int lint_rules_image_open(struct image *im, const struct ruleset *rs)
{
	struct stat st;
	int fd = memfd_create("policy", MFD_CLOEXEC);
	int err = fd < 0 ? -errno : image_build(rs, gate_path(GATE_PATH_STANDIN), 0, NULL, NULL, fd);
	im->map = MAP_FAILED;
	if (!err && fstat(fd, &st))
		err = -errno;
	if (!err) {
		im->len = (size_t)st.st_size;
		im->map = mmap(NULL, im->len, PROT_READ, MAP_PRIVATE, fd, 0);
		err = im->map == MAP_FAILED ? -errno : gate_image_check(im->map, im->len);
	}
	if (fd >= 0)
		close(fd);
	return err;
}

static void lint_rules_image_close(struct image *im)
{
	if (im->map != MAP_FAILED)
		munmap(im->map, im->len);
}

/* A hit to try on the prefilter. */
struct probe {
	const struct rule *rule;
	const struct image *image;
	bool live;      /* judge each command like a process: local wrappers are judged at their own exec */
	bool matched;   /* the rule matches one of its commands */
	bool concerned; /* and the prefilter passes such a command to the session */
	bool slipped;   /* or it does not, for one of them */
};

/* Does the rule match this subject?  For a rule about content: is this the program that reads it? */
static bool lint_rules_is_its(const struct rule *r, const struct subject *s)
{
	if (r->content == SUBJECT_COMMAND)
		return rule_match(r, s) != RULE_MISS;
	return s->content == SUBJECT_COMMAND && rule_has_program(r, s->program);
}

static bool lint_rules_any_is_its(const struct rule *r, const struct subjects *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (lint_rules_is_its(r, &s->v[i]))
			return true;
	return false;
}

static int lint_rules_probe_command(const struct shell_command *c, void *data)
{
	struct probe *p = data;
	struct subjects subjects = {0};
	struct gate_event ev = {.struct_size = sizeof(struct gate_event),
				.type = GATE_EVENT_EXEC,
				.pid = p->live,
				.argv = c->words,
				.argc = c->n};
	int err = subjects_of_exec(&ev, &subjects);
	if (!err && lint_rules_any_is_its(p->rule, &subjects)) {
		bool concerned = gate_image_concerns(p->image->map, NULL, c->words);
		p->matched = true;
		p->concerned |= concerned;
		p->slipped |= !concerned;
	}
	subjects_free(&subjects);
	return err;
}

/* Would the prefilter pass this hit to the session?  It must pass each command that the rule matches at its start.  If
 * the rule matches only behind local wrappers (sh -c, env), it must pass the command that they start. */
static int lint_rules_check_prefilter(struct lint *l, const struct rule *r, const struct example *hit,
				      const struct image *im)
{
	struct probe p = {.rule = r, .image = im, .live = true};
	struct subjects subjects = {0};
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = hit->text};
	int err = shell_commands(hit->text, strlen(hit->text), NULL, lint_rules_probe_command, &p);
	if (!err && !p.matched) {
		p.live = false;
		err = subjects_of_exec(&ev, &subjects);
		for (size_t i = 0; !err && i < subjects.n; i++)
			if (lint_rules_is_its(r, &subjects.v[i]))
				err = shell_commands(subjects.v[i].text, strlen(subjects.v[i].text), NULL,
						     lint_rules_probe_command, &p);
		p.slipped = p.matched && !p.concerned;
	}
	subjects_free(&subjects);
	struct source src = {.name = r->file, .text = ""};
	if (!err && p.slipped)
		diag_at(&l->d, DIAG_ERROR, &src, hit->line, 0,
			"the interposer's prefilter would let this hit of %s run unjudged: the rule's programs and "
			"keywords do not cover it",
			r->id);
	return err == -E2BIG ? 0 : err; /* the self-test has reported that */
}

/* An example and the rule it belongs to, while other rules are tried on it. */
struct others {
	struct lint *l;
	const struct rule *owner;
	const struct example *example;
	const char *field;
};

static int lint_rules_other_rule(const struct rule *r, const struct subject *s, int how, void *data)
{
	struct others *o = data;
	if (r != o->owner)
		lint_note(o->l, o->owner->file, o->example->line, "%s also matches this %s of %s", r->id, o->field,
			  o->owner->id);
	return 0;
}

static int lint_rules_note_others(struct lint *l, const struct rule *r, const struct example *e, const char *field)
{
	struct others o = {.l = l, .owner = r, .example = e, .field = field};
	struct subjects subjects = {0};
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = e->text};
	int err = ruleset_subjects(&l->rules, &ev, &subjects);
	if (!err)
		err = ruleset_match(&l->rules, GATE_EVENT_EXEC, &subjects, lint_rules_other_rule, &o);
	subjects_free(&subjects);
	return err == -E2BIG ? 0 : err;
}

/* A probe that a rule would ask about could never run. */
struct command_field {
	struct lint *l;
	const struct rule *rule;
	const char *field;
};

static int lint_rules_refused(const struct rule *r, const struct subject *s, int how, void *data)
{
	struct command_field *c = data;
	struct source src = {.name = c->rule->file, .text = ""};
	if (r->action != GATE_ACTION_LOG)
		diag_at(&c->l->d, DIAG_ERROR, &src, c->rule->line, 0, "%s matches the %s of %s: it could not run",
			r->id, c->field, c->rule->id);
	return 0;
}

static int lint_rules_check_command(struct lint *l, const struct rule *r, const char *text, const char *field)
{
	struct command_field c = {.l = l, .rule = r, .field = field};
	struct subjects subjects = {0};
	struct gate_event ev = {.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = text};
	int err = text ? ruleset_subjects(&l->rules, &ev, &subjects) : 0;
	if (!err)
		err = ruleset_match(&l->rules, GATE_EVENT_EXEC, &subjects, lint_rules_refused, &c);
	subjects_free(&subjects);
	return err;
}

static int lint_rules_check_rule(struct lint *l, const struct rule *r, const struct image *im)
{
	int err = lint_rules_check_command(l, r, r->preview, "preview");
	if (!err)
		err = lint_rules_check_command(l, r, r->when, "when");
	lint_target(l, r);
	for (size_t i = 0; !err && i < r->nhits; i++) {
		err = lint_rules_check_prefilter(l, r, &r->hits[i], im);
		if (!err && l->verbose)
			err = lint_rules_note_others(l, r, &r->hits[i], "hit");
	}
	for (size_t i = 0; !err && l->verbose && i < r->nmisses; i++)
		err = lint_rules_note_others(l, r, &r->misses[i], "miss");
	if (!err && l->verbose)
		err = lint_alternatives(l, r);
	return err ? err : lint_near(l, r);
}

/* Try the installed corpus of everyday commands and those of --everyday. */
static int lint_corpora(struct lint *l)
{
	char installed[PATH_MAX];
	int n = snprintf(installed, sizeof installed, "%s/everyday.txt", gate_path(GATE_PATH_LIB_RULES));
	int err = n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
	for (size_t i = 0; !err && i <= l->neveryday; i++) {
		struct source src = {.name = i < l->neveryday ? l->everyday[i] : installed, .text = ""};
		err = lint_everyday(l, src.name);
		if (err && err != -ENOMEM) {
			diag_at(&l->d, DIAG_ERROR, &src, 0, 0, "can't be read: %s", strerror(-err));
			err = 0;
		}
	}
	return err;
}

int lint_rules(struct lint *l)
{
	struct image im;
	int told = ruleset_finish(&l->rules, &l->d);
	int err = told && told != -EINVAL ? told : ruleset_selftest(&l->rules, &l->d);
	if (err && err != -EINVAL)
		return err;
	told = told ? told : err;
	err = lint_rules_image_open(&im, &l->rules);
	for (size_t i = 0; !err && i < l->rules.n; i++)
		err = lint_instead(l, l->rules.rules[i]);
	for (size_t i = 0; !err && i < l->rules.n; i++)
		if (l->rules.rules[i]->events & 1u << GATE_EVENT_EXEC)
			err = lint_rules_check_rule(l, l->rules.rules[i], &im);
	lint_rules_image_close(&im);
	if (!err && l->verbose)
		lint_note_programs(l);
	if (!err && l->spell)
		err = lint_spellings(l);
	if (!err)
		err = lint_corpora(l);
	return err ? err : told;
}
