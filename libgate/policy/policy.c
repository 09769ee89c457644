/* SPDX-License-Identifier: BSD-2-Clause */
/* policy.c - policy_load(): loads a service's stacks and the rule packs of the system, the user and the project. */
#include "policy/policy.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/read_file.h"

struct loader {
	const struct policy_dirs *dirs;
	struct diag *d;
	struct policy *policy;
};

static void policy_bad_file(struct diag *d, enum diag_level level, const char *path, const char *what, const char *why)
{
	struct source src = {.name = path, .text = ""};
	diag_at(d, level, &src, 0, 0, "%s%s%s", what, *why ? ": " : "", why);
}

/* A file that others could have written is an error.  In a project it is only a warning: a project can only tighten and
 * names no programs. */
void policy_check_writers(struct diag *d, const char *path, const struct stat *st, enum ruleset_trust trust)
{
	enum diag_level level = trust == TRUST_PROJECT ? DIAG_WARNING : DIAG_ERROR;
	char who[64];
	snprintf(who, sizeof who, "it belongs to uid %u", (unsigned)st->st_uid);
	if (st->st_uid && st->st_uid != geteuid())
		policy_bad_file(d, level, path, "not owned by root or the caller", who);
	else if (st->st_mode & S_IWOTH)
		policy_bad_file(d, level, path, "anybody can write to it", "");
}

/* Put DIR/NAME into `path`.  Returns 0, or reports -ENAMETOOLONG. */
static int policy_join(struct diag *d, char path[PATH_MAX], const char *dir, const char *name)
{
	if (snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX)
		return 0;
	policy_bad_file(d, DIAG_ERROR, dir, "the path is too long", "");
	return -ENAMETOOLONG;
}

/* Load one service file as a stack of its own.  Returns -ENOENT when it does not exist; other problems are reported. */
static int policy_load_stack(struct loader *l, const char *dir, enum ruleset_trust trust)
{
	char path[PATH_MAX];
	struct stat st;
	cleanup_strbuf struct strbuf text = {0};
	int err = policy_join(l->d, path, dir, l->policy->service);
	if (err)
		return err;
	err = read_file(path, SERVICE_SIZE_MAX, &text, &st);
	if (err == -ENOENT || err == -ENOTDIR)
		return -ENOENT;
	if (err) {
		policy_bad_file(l->d, DIAG_ERROR, path, "cannot be read", strerror(-err));
		return err;
	}
	policy_check_writers(l->d, path, &st, trust);
	struct source src = {.name = path, .text = text.s ? text.s : "", .len = text.len};
	struct stack *s;
	err = service_parse(&src, l->dirs, trust, l->d, &s);
	if (!err)
		l->policy->stacks[l->policy->nstacks++] = s;
	return err;
}

/* Load the system's file from the first directory that has one. */
static int policy_load_system(struct loader *l)
{
	int err = -ENOENT;
	for (size_t i = 0; i < 2 && err == -ENOENT; i++)
		if (l->dirs->services[i])
			err = policy_load_stack(l, l->dirs->services[i], TRUST_SYSTEM);
	if (err == -ENOENT) {
		struct source src = {.name = l->policy->service, .text = ""};
		diag_at(l->d, DIAG_ERROR, &src, 0, 0, "no such service in %s or %s", l->dirs->services[0] ?: "(none)",
			l->dirs->services[1] ?: "(none)");
	}
	return err;
}

/* ruleset.on_file: checks every pack file that is read. */
static void policy_check_pack(const char *path, const struct stat *st, enum ruleset_trust trust, void *data)
{
	policy_check_writers(data, path, st, trust);
}

/* Load DIR/gate.d/SERVICE and DIR/rules, both optional. */
static int policy_load_layer(struct loader *l, const char *dir, enum ruleset_trust trust)
{
	char path[PATH_MAX];
	if (!dir)
		return 0;
	int err = policy_join(l->d, path, dir, "gate.d");
	if (!err)
		err = policy_load_stack(l, path, trust);
	int packs = policy_join(l->d, path, dir, "rules");
	if (!packs)
		packs = ruleset_load(&l->policy->rules, path, trust, l->d);
	return err && err != -ENOENT ? err : packs;
}

bool policy_is_service(const char *name)
{
	size_t n = strlen(name);
	return n && n < SERVICE_NAME_MAX && *name != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == n;
}

/* Load the stack that the caller supplied. */
static int policy_load_more(struct loader *l)
{
	struct stack *s;
	int err = service_parse(l->dirs->more, l->dirs, TRUST_SYSTEM, l->d, &s);
	if (!err)
		l->policy->stacks[l->policy->nstacks++] = s;
	return err;
}

/* A session with credentials of its own is refused those of the person, also by their own tools. */
static void policy_refuse_reads(struct ruleset *rs)
{
	for (size_t i = 0; i < rs->n; i++)
		if (rs->rules[i]->events & 1u << GATE_EVENT_READ && rs->rules[i]->action == GATE_ACTION_ASK)
			rs->rules[i]->action = GATE_ACTION_DENY;
}

/* Load everything, so that one run reports all problems.  Returns the first error. */
static int policy_load_all(struct loader *l)
{
	int first = l->dirs->more ? policy_load_more(l) : 0, err = policy_load_system(l);
	first = first ? first : err;
	l->policy->rules.on_file = policy_check_pack;
	l->policy->rules.on_file_data = l->d;
	for (size_t i = 0; i < POLICY_PACKS_MAX; i++) {
		if (!l->dirs->rules[i])
			continue;
		l->policy->rules.installed = !strcmp(l->dirs->rules[i], gate_path(GATE_PATH_LIB_RULES));
		err = ruleset_load(&l->policy->rules, l->dirs->rules[i], TRUST_SYSTEM, l->d);
		l->policy->rules.installed = false;
		first = first ? first : err;
	}
	err = policy_load_layer(l, l->dirs->user, TRUST_USER);
	first = first ? first : err;
	err = policy_load_layer(l, l->dirs->project, TRUST_PROJECT);
	first = first ? first : err;
	err = ruleset_finish(&l->policy->rules, l->d);
	if (l->dirs->refuse_reads)
		policy_refuse_reads(&l->policy->rules);
	l->policy->rules.on_file_data = NULL; /* it pointed to the caller's diag */
	return first ? first : err;
}

int policy_places(struct policy_places *p, const char *workspace)
{
	p->dirs = (struct policy_dirs){
		.services = {gate_path(GATE_PATH_ETC_SERVICES), gate_path(GATE_PATH_LIB_SERVICES)},
		.rules = {gate_path(GATE_PATH_LIB_RULES), gate_path(GATE_PATH_ETC_RULES)},
		.modules = gate_path(GATE_PATH_MODULES),
	};
	int err = gate_path_user(p->user, sizeof p->user, NULL);
	if (!err)
		p->dirs.user = p->user;
	else if (err != -ENOENT)
		return err;
	if (workspace) {
		if (snprintf(p->project, sizeof p->project, "%s/.gate", workspace) >= (int)sizeof p->project)
			return -ENAMETOOLONG;
		p->dirs.project = p->project;
	}
	return 0;
}

int policy_load(const char *service, const struct policy_dirs *dirs, struct diag *d, struct policy **out)
{
	unsigned before = d->errors;
	*out = NULL;
	if (!policy_is_service(service)) {
		policy_bad_file(d, DIAG_ERROR, service,
				"not a service name: a service name is a file in gate.d, without a directory", "");
		return -EINVAL;
	}
	struct policy *p = calloc(1, sizeof *p);
	if (!p)
		return -ENOMEM;
	p->refs = 1;
	p->service = strdup(service);
	struct loader l = {.dirs = dirs, .d = d, .policy = p};
	int err = p->service ? policy_load_all(&l) : -ENOMEM;
	if (!err && d->errors > before)
		err = -EINVAL;
	if (err)
		policy_unref(p);
	else
		*out = p;
	return err == -ENOENT || err == -ENOMEM || !err ? err : -EINVAL;
}

struct policy *policy_ref(struct policy *p)
{
	__atomic_add_fetch(&p->refs, 1, __ATOMIC_RELAXED);
	return p;
}

void policy_unref(struct policy *p)
{
	if (!p || __atomic_sub_fetch(&p->refs, 1, __ATOMIC_ACQ_REL))
		return;
	for (size_t i = 0; i < p->nstacks; i++)
		stack_free(p->stacks[i]);
	ruleset_free(&p->rules);
	free(p->service);
	free(p);
}
