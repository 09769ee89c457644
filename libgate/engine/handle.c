/* SPDX-License-Identifier: BSD-2-Clause */
/* handle.c - the life of a handle, gate_start() to gate_end(), with its items and its conversation. */
#include "engine/handle.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "base/strbuf.h"
#include "effects/effects.h"
#include "formats/image.h"
#include "image/image_build.h"
#include "policy/keep_terms.h"
#include "policy/module.h"
#include "rules/rule.h"

static void handle_say(const struct gate_conv *conv, enum gate_style style, const char *text)
{
	if (conv && conv->tell)
		conv->tell(style, text, conv->data);
	else
		fprintf(stderr, "%s\n", text);
}

static void handle_say_problem(enum diag_level level, const char *text, void *data)
{
	handle_say(data, level == DIAG_ERROR ? GATE_STYLE_ERROR : GATE_STYLE_INFO, text);
}

/* Make a handle.  It takes over one reference to the policy and one to the grants; NULL grants mean out of memory. */
static int handle_new_handle(struct policy *policy, struct grants *grants, const struct gate_conv *conv,
			     gate_handle_t **out)
{
	gate_handle_t *h = grants ? calloc(1, sizeof *h) : NULL;
	*out = h;
	if (!h) {
		policy_unref(policy);
		grants_unref(grants);
		return -ENOMEM;
	}
	h->policy = policy;
	h->grants = grants;
	h->check.matched = -1;
	h->conv = *conv;
	return 0;
}

/* Copy the caller's conversation into this engine's version of the struct.  NULL: nobody to ask, messages go to
 * stderr. */
static int handle_conv(const struct gate_conv *conv, struct gate_conv *copy)
{
	*copy = (struct gate_conv){.struct_size = sizeof *copy};
	return conv ? versions_conv(conv, copy) : 0;
}

int gate_start_with(const char *service, const struct policy_dirs *dirs, const struct gate_conv *conv,
		    gate_handle_t **out)
{
	struct gate_conv copy;
	*out = NULL;
	int err = handle_conv(conv, &copy);
	if (err)
		return err;
	struct diag d = {.emit = handle_say_problem, .data = &copy};
	struct policy *policy;
	err = policy_load(service, dirs, &d, &policy);
	return err ? err : handle_new_handle(policy, grants_new(), &copy, out);
}

int gate_start(const char *service, const char *workspace, const struct gate_conv *conv, gate_handle_t **out)
{
	struct policy_places places;
	*out = NULL;
	int err = policy_places(&places, workspace);
	if (err)
		return err;
	err = gate_start_with(service, &places.dirs, conv, out);
	if (!err)
		err = gate_set_item(*out, GATE_ITEM_WORKSPACE, workspace);
	if (err) {
		gate_end(*out, GATE_SYSTEM_ERR);
		*out = NULL;
	}
	return err;
}

int gate_dup(const gate_handle_t *h, const struct gate_conv *conv, gate_handle_t **out)
{
	struct gate_conv copy = h->conv;
	*out = NULL;
	int err = conv ? versions_conv(conv, &copy) : 0;
	if (!err)
		err = handle_new_handle(policy_ref(h->policy), grants_ref(h->grants), &copy, out);
	for (int i = GATE_ITEM_SESSION_ID; !err && i < GATE_ITEM_COUNT; i++)
		err = i == GATE_ITEM_REASON ? 0 : gate_set_item(*out, i, h->items[i]);
	if (err) {
		gate_end(*out, GATE_SYSTEM_ERR);
		*out = NULL;
	}
	return err;
}

int gate_set_item(gate_handle_t *h, enum gate_item item, const char *value)
{
	if ((unsigned)item >= GATE_ITEM_COUNT || item == GATE_ITEM_SERVICE)
		return -EINVAL;
	char *copy = value ? strdup(value) : NULL;
	if (value && !copy)
		return -ENOMEM;
	free(h->items[item]);
	h->items[item] = copy;
	return 0;
}

const char *gate_get_item(const gate_handle_t *h, enum gate_item item)
{
	if (item == GATE_ITEM_SERVICE)
		return h->policy->service;
	return (unsigned)item < GATE_ITEM_COUNT ? h->items[item] : NULL;
}

void gate_tell(gate_handle_t *h, enum gate_style style, const char *fmt, ...)
{
	char text[2048];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof text)
		memcpy(text + sizeof text - 4, "...", 4);
	if (n >= 0)
		handle_say(&h->conv, style, text);
}

/* Verdict lines can't change the decision or its reason.  If memory runs out, the reason is missing rather than
 * stale. */
void gate_set_reason(gate_handle_t *h, const char *fmt, ...)
{
	char *text;
	va_list ap;
	if (h->check.in_verdict)
		return;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	free(h->items[GATE_ITEM_REASON]);
	h->items[GATE_ITEM_REASON] = n < 0 ? NULL : text;
	h->check.explained = true;
}

const struct subjects *gate_handle_subjects(const gate_handle_t *h)
{
	return &h->check.subjects;
}

const struct policy *gate_handle_policy(const gate_handle_t *h)
{
	return h->policy;
}

bool gate_serves(const gate_handle_t *h, enum gate_event_type event)
{
	const struct policy *p = h->policy;
	for (size_t i = 0; i < p->nstacks; i++)
		if (stack_runs(p->stacks[i], event))
			return true;
	return false;
}

/* Do only modules that decide by the rules alone, whatever else the event says, judge it? */
static bool handle_goes_by_rules(const struct stack *s, enum gate_event_type event)
{
	static const char *const modules[] = {"gate_rules", "gate_timestamp", "gate_confirm", "gate_permit",
					      "gate_deny"};
	for (size_t i = 0; i < s->n; i++) {
		const struct stack_line *line = &s->lines[i];
		bool known = line->event != event || (line->sub && handle_goes_by_rules(line->sub, event));
		for (size_t m = 0; !known && line->module && m < sizeof modules / sizeof *modules; m++)
			known = !strcmp(line->module->info->name, modules[m]);
		if (!known)
			return false;
	}
	return true;
}

bool gate_goes_by_rules(const gate_handle_t *h, enum gate_event_type event)
{
	for (size_t i = 0; i < h->policy->nstacks; i++)
		if (!handle_goes_by_rules(h->policy->stacks[i], event))
			return false;
	return true;
}

/* Does the service allow every connection, or statement, that no rule asks about or denies?  Then it needs no request to the
 * session. */
static bool handle_passes_unruled(const gate_handle_t *base, enum gate_event_type event)
{
	const struct sockaddr_in any = {.sin_family = AF_INET};
	const struct gate_event ev = {.struct_size = sizeof(struct gate_event),
				      .type = event,
				      .address = (const struct sockaddr *)&any,
				      .address_len = sizeof any,
				      .engine = effect_engine_names[EFFECT_SQLITE]};
	gate_handle_t *h;
	if (!gate_goes_by_rules(base, event) || gate_dup(base, NULL, &h))
		return false;
	int ret = gate_check(h, &ev, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN | CHECK_UNRULED);
	gate_end(h, ret);
	return ret == GATE_SUCCESS;
}

static unsigned handle_connect_flags(const gate_handle_t *h)
{
	if (!gate_serves(h, GATE_EVENT_CONNECT))
		return 0;
	return handle_passes_unruled(h, GATE_EVENT_CONNECT) ? GATE_IMAGE_CONNECT | GATE_IMAGE_CONNECT_PASS :
							      GATE_IMAGE_CONNECT;
}

/* Does every rule on statement name an effect? */
static bool handle_rules_want_effects(const struct ruleset *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->rules[i]->events & 1u << GATE_EVENT_STATEMENT && !r->rules[i]->said.effects)
			return false;
	return true;
}

static unsigned handle_statement_flags(const gate_handle_t *h)
{
	if (!gate_serves(h, GATE_EVENT_STATEMENT))
		return 0;
	bool by_effects =
		handle_rules_want_effects(&h->policy->rules) && handle_passes_unruled(h, GATE_EVENT_STATEMENT);
	return by_effects ? GATE_IMAGE_STATEMENT | GATE_IMAGE_STATEMENT_EFFECTS : GATE_IMAGE_STATEMENT;
}

bool gate_reads_any(const gate_handle_t *h)
{
	const struct ruleset *rs = &h->policy->rules;
	for (size_t i = 0; gate_serves(h, GATE_EVENT_READ) && i < rs->n; i++)
		if (rule_reads_any(rs->rules[i]))
			return true;
	return false;
}

/* Translate the terms of gate_keep for the image.  If the quota is 0, the process must ask the session.  It must also
 * ask if the word is "deny", because the session refuses and logs. */
static struct gate_image_keep handle_image_keep(const struct policy *p, enum gate_event_type event)
{
	struct keep_terms t = policy_keep(p, event);
	enum event_keep word = t.word == EVENT_KEEP_DENY ? EVENT_KEEP_ASK : t.word;
	return (struct gate_image_keep){t.max, word == EVENT_KEEP_KEEP && !t.quota ? EVENT_KEEP_ASK : word,
					t.in_process};
}

int gate_write_image(const gate_handle_t *h, int fd, const struct gate_image_options *o)
{
	unsigned flags = (o->on_fault_allow ? GATE_IMAGE_ON_FAULT_ALLOW : 0u) | handle_connect_flags(h) |
			 handle_statement_flags(h) | (gate_reads_any(h) ? GATE_IMAGE_READ_ANY : 0u);
	struct image_files files = {.options = o};
	for (unsigned i = 0; o->workspaces && i < EVENT_FILE_TYPES; i++) {
		enum gate_event_type event = GATE_EVENT_UNLINK + i;
		if (!gate_serves(h, event))
			continue;
		files.events |= 1u << event;
		files.keep[i] = handle_image_keep(h->policy, event);
		if (event == GATE_EVENT_READ) /* nothing to keep, so its lines need no gate_keep */
			files.keep[i].in_process = handle_passes_unruled(h, event);
	}
	return image_build(&h->policy->rules, gate_path(GATE_PATH_STANDIN), flags, files.events ? &files : NULL,
			   o->path, fd);
}

void gate_end(gate_handle_t *h, int status)
{
	if (!h)
		return;
	module_data_end(h, status);
	match_reset(&h->check);
	free(h->check.trace);
	for (int i = 0; i < GATE_ITEM_COUNT; i++)
		free(h->items[i]);
	policy_unref(h->policy);
	grants_unref(h->grants);
	free(h);
}
