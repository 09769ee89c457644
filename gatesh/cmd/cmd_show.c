/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_show.c - gatesh show: prints the rules, packs, service and policy image that a session here would use. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask/judge_command.h"
#include "cmd/cmd.h"
#include "cmd/installed_places.h"
#include "engine/engine.h"
#include "formats/image.h"
#include "formats/session_names.h"
#include "listing/rule_list.h"
#include "pack/pack_list.h"
#include "policy/module.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh show [OPTION ...] [rules|packs|service|image|RULE-ID]\n"
	"\n"
	"Show what a session started here would use.\n"
	"\n"
	"  rules      every rule: id, severity, action, programs, reason (the default)\n"
	"  packs      the packs and files they come from, and what adjusts them\n"
	"  service    the paths in force, and the stacks with their includes\n"
	"  image      the policy image that the interposer's prefilter reads\n"
	"  RULE-ID    one rule in full\n"
	"\n"
	"  -s, --service NAME   the service (default: gate.conf's, else agent)\n"
	"  -r, --rules PATH     a rule pack or a directory of them, instead of the installed ones; repeatable\n"
	"  -j, --json           print one JSON object\n"
	"\n"
	"Exit status: 0, 1 no such rule, 64 usage, 78 bad configuration.\n";

static void cmd_show_put_words(struct strbuf *b, char *const *words)
{
	for (size_t i = 0; words && words[i]; i++) {
		strbuf_puts(b, i ? " " : "");
		strbuf_puts(b, words[i]);
	}
}

/* --- rules -------------------------------------------------------------------------------------------------------- */

static void cmd_show_put_field(struct table *t, const char *name, const char *value)
{
	if (!value)
		return;
	table_printf(t, SGR_DIM, "%s:", name);
	table_put(t, NULL, value);
}

static void cmd_show_put_words_field(struct table *t, const char *name, char *const *words)
{
	cleanup_strbuf struct strbuf b = {0};
	cmd_show_put_words(&b, words);
	cmd_show_put_field(t, name, b.len ? b.s : NULL);
}

static void cmd_show_put_destinations(struct table *t, const struct rule *r)
{
	cleanup_strbuf struct strbuf nets = {0}, ports = {0};
	for (size_t i = 0; i < r->nnets; i++) {
		strbuf_puts(&nets, i ? " " : "");
		rule_list_put_net(&nets, &r->nets[i]);
	}
	for (size_t i = 0; i < r->nports; i++) {
		strbuf_puts(&ports, i ? " " : "");
		rule_list_put_ports(&ports, &r->ports[i]);
	}
	cmd_show_put_field(t, "net", nets.s);
	cmd_show_put_field(t, "port", ports.s);
}

static void cmd_show_put_events(struct table *t, unsigned events)
{
	cleanup_strbuf struct strbuf b = {0};
	for (int e = 0; e < GATE_EVENT_COUNT; e++)
		if (events & 1u << e)
			strbuf_printf(&b, "%s%s", b.len ? " " : "", gate_event_name(e));
	cmd_show_put_field(t, "on", b.s);
}

static void cmd_show_put_term(const char *field, const char *value, void *data)
{
	cmd_show_put_field(data, field, value);
}

static int show_rule(const struct rule *r, bool json)
{
	struct table t = {.columns = 2};
	if (json)
		return json_line(rule_list_json(r), stdout);
	cmd_show_put_field(&t, "rule", r->id);
	table_put(&t, SGR_DIM, "from:");
	table_printf(&t, NULL, "%s:%u", r->file, r->line);
	if (r->pack) {
		table_put(&t, SGR_DIM, "pack:");
		table_printf(&t, NULL, "%s %s", r->pack->name, r->pack->version);
	}
	for (size_t i = 0; i < r->nadjusted; i++) {
		cleanup_strbuf struct strbuf how = {0};
		rule_list_put_adjusted(&how, r, i);
		cmd_show_put_field(&t, "adjusted", how.s);
	}
	cmd_show_put_events(&t, r->events);
	cmd_show_put_words_field(&t, "program", r->programs);
	cmd_show_put_field(&t, "content", r->events & RULE_SAID_EVENTS ? NULL : rule_content_name(r));
	cmd_show_put_field(&t, "content-unknown", r->content_unknown ? "match" : NULL);
	for (size_t i = 0; i < r->nkeywords; i++)
		cmd_show_put_words_field(&t, "keyword", r->keywords[i].words);
	cmd_show_put_words_field(&t, "path", r->paths);
	cmd_show_put_words_field(&t, "except", r->excepts);
	cmd_show_put_field(&t, "scope", r->outside ? "outside-workspace" : NULL);
	cmd_show_put_field(&t, "within", rule_list_within(r));
	cmd_show_put_words_field(&t, "host", r->hosts);
	cmd_show_put_words_field(&t, "socket", r->sockets);
	cmd_show_put_destinations(&t, r);
	rule_said_terms(r, cmd_show_put_term, &t);
	for (size_t i = 0; i < r->nmatch; i++)
		cmd_show_put_field(&t, "match", r->match[i].text);
	for (size_t i = 0; i < r->nunless; i++)
		cmd_show_put_field(&t, "unless", r->unless[i].text);
	cmd_show_put_field(&t, "severity", gate_severity_name(r->severity));
	cmd_show_put_field(&t, "action", gate_action_name(r->action));
	cmd_show_put_field(&t, "reason", r->reason);
	cmd_show_put_field(&t, "instead", r->instead);
	cmd_show_put_field(&t, "preview", r->preview);
	cmd_show_put_field(&t, "keep", r->keep);
	cmd_show_put_field(&t, "undo", r->undo);
	cmd_show_put_field(&t, "asks", r->unless_kept ? "unless-kept" : NULL);
	cmd_show_put_field(&t, "when", r->when);
	for (size_t i = 0; i < r->nhits; i++)
		cmd_show_put_field(&t, "hit", r->hits[i].text);
	for (size_t i = 0; i < r->nmisses; i++)
		cmd_show_put_field(&t, "miss", r->misses[i].text);
	return table_print(&t, stdout);
}

/* --- service ------------------------------------------------------------------------------------------------------ */

/* Add the lines of a stack at `depth`, with the lines of an include one deeper below it. */
static void cmd_show_put_stack(struct table *t, json_t *list, const struct stack *s, unsigned depth)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct stack_line *l = &s->lines[i];
		const char *module = l->module ? l->module->info->name : l->include ? "include" : "substack";
		cleanup_strbuf struct strbuf args = {0};
		cmd_show_put_words(&args, l->argv);
		if (list) {
			json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:i, s:i}", "event",
							      gate_event_name(l->event), "control",
							      json_bytes(l->module ? l->control_text : module),
							      "module", json_bytes(l->module ? module : l->sub->name),
							      "args", json_list((const char *const *)l->argv), "file",
							      json_bytes(l->file), "line", (int)l->line, "depth",
							      (int)depth));
		} else {
			table_printf(t, NULL, "%*s%s", (int)(2 + 2 * depth), "", gate_event_name(l->event));
			table_put(t, NULL, l->module ? l->control_text : module);
			table_put(t, SGR_BOLD, l->module ? module : l->sub->name);
			table_put(t, NULL, args.s);
		}
		if (l->sub)
			cmd_show_put_stack(t, list, l->sub, depth + 1);
	}
}

static int show_service(const struct policy *p, bool json)
{
	struct table t = {.columns = 2}, lines = {.columns = 4};
	json_t *stacks = json ? json_array() : NULL, *paths = json ? installed_places_json() : NULL;
	if (!json)
		installed_places_put(&t);
	int err = json ? 0 : table_print(&t, stdout);
	for (size_t i = 0; !err && i < p->nstacks; i++) {
		json_t *list = json ? json_array() : NULL;
		if (!json) {
			putchar('\n');
			err = table_text(p->stacks[i]->name, stdout);
		}
		cmd_show_put_stack(&lines, list, p->stacks[i], 0);
		if (json)
			json_array_append_new(
				stacks, json_pack("{s:o, s:o}", "file", json_bytes(p->stacks[i]->name), "lines", list));
		else
			err = table_print(&lines, stdout);
	}
	return json ? json_line(json_pack("{s:o, s:o, s:o}", "service", json_bytes(p->service), "paths", paths,
					  "stacks", stacks),
				stdout) :
		      err;
}

/* --- image -------------------------------------------------------------------------------------------------------- */

static int cmd_show_print_image(const struct gate_image_head *head, const char *standin, bool json)
{
	const struct {
		const char *key, *name;
		uint32_t n;
	} rows[] = {{"version", "version", head->version},
		    {"bytes", "bytes", head->size},
		    {"rules", "rules", head->rules.n},
		    {"name_slots", "slots for program names", head->names.n},
		    {"any_program", "rules for any program", head->any.n},
		    {"keyword_groups", "keyword groups", head->groups.n},
		    {"keywords", "keywords", head->words.n}};
	struct table t = {.columns = 2};
	json_t *o = json ? json_object() : NULL;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (json) {
			json_object_set_new(o, rows[i].key, json_integer(rows[i].n));
			continue;
		}
		table_put(&t, SGR_DIM, rows[i].name);
		table_printf(&t, NULL, "%u", rows[i].n);
	}
	if (json) {
		json_put(o, "standin", standin);
		return json_line(o, stdout);
	}
	cmd_show_put_field(&t, "gate-standin", standin);
	return table_print(&t, stdout);
}

static int show_image(const gate_handle_t *h, bool json)
{
	struct stat st;
	int fd = memfd_create(GATE_IMAGE_NAME, MFD_CLOEXEC);
	int err = fd < 0 ? -errno : gate_write_image(h, fd, &(struct gate_image_options){0});
	void *map = MAP_FAILED;
	if (!err && fstat(fd, &st))
		err = -errno;
	if (!err)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (!err)
		err = map == MAP_FAILED ? -errno : gate_image_check(map, (size_t)st.st_size);
	if (!err) {
		const struct gate_image_head *head = map;
		err = cmd_show_print_image(head, (const char *)map + head->standin, json);
	} else {
		fprintf(stderr, "gatesh: show: the policy image can't be built: %s\n", strerror(-err));
	}
	if (map != MAP_FAILED)
		munmap(map, (size_t)st.st_size);
	if (fd >= 0)
		close(fd);
	return err;
}

/* Say that there is nothing of this name, and which listing or rule is nearest. */
static int cmd_show_no_rule(const struct ruleset *rs, const char *what)
{
	static const char *const listings[] = {"rules", "packs", "service", "image"};
	enum { LISTINGS = sizeof listings / sizeof *listings };
	const char **names = calloc(LISTINGS + rs->n + 1, sizeof *names);
	for (size_t i = 0; names && i < LISTINGS + rs->n; i++)
		names[i] = i < LISTINGS ? listings[i] : rs->rules[i - LISTINGS]->id;
	const char *near = names ? diag_nearest(what, names) : NULL;
	fputs("gatesh: show: no rule '", stderr);
	out_text(stderr, what);
	fprintf(stderr, "'%s%s%s gatesh show rules lists them\n", near ? "; did you mean '" : ";", near ? near : "",
		near ? "'?" : "");
	free(names);
	return EXIT_DENY;
}

static int cmd_show_show(const gate_handle_t *h, const char *what, bool json)
{
	const struct policy *p = gate_handle_policy(h);
	const struct rule *r = ruleset_find(&p->rules, what);
	int err;
	if (!strcmp(what, "rules"))
		err = pack_list_rules(&p->rules, json);
	else if (!strcmp(what, "packs"))
		err = pack_list_packs(&p->rules, json);
	else if (!strcmp(what, "service"))
		err = show_service(p, json);
	else if (!strcmp(what, "image"))
		err = show_image(h, json);
	else if (r)
		err = show_rule(r, json);
	else
		return cmd_show_no_rule(&p->rules, what);
	return err ? EXIT_SOFTWARE : 0;
}

int cmd_show(int argc, char **argv)
{
	static const struct option longs[] = {{"service", 1, NULL, 's'},
					      {"rules", 1, NULL, 'r'},
					      {"json", 0, NULL, 'j'},
					      {"help", 0, NULL, 'h'},
					      {0}};
	struct judge_options o = {.command = "show"};
	gate_handle_t *h = NULL;
	bool json = false;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":s:r:jh", longs, NULL)) != -1;)
		switch (c) {
		case 'j': json = true; break;
		case 'h': return usage_help(help);
		case 's': o.service = optarg; break;
		case 'r':
			if (!judge_add_pack(&o, optarg))
				return usage_error("show", "more than %d --rules", POLICY_PACKS_MAX);
			break;
		default: return usage_bad_option(c, argv, longs);
		}
	if (argc - optind > 1)
		return usage_error("show", "takes one argument");
	int status = judge_start(&o, NULL, &h);
	if (!status)
		status = out_done(cmd_show_show(h, optind < argc ? argv[optind] : "rules", json));
	gate_end(h, GATE_SUCCESS);
	return status;
}
