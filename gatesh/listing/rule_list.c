/* SPDX-License-Identifier: BSD-2-Clause */
/* rule_list.c - formats the fields of rules for tables and JSON. */
#include "listing/rule_list.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "util/json.h"
#include "util/out.h"
#include "util/table.h"

const char *rule_list_trust(enum ruleset_trust trust)
{
	static const char *const names[] = {"system", "user", "project"};
	return names[trust];
}

const char *rule_list_colour(enum gate_severity severity)
{
	static const char *const colours[] = {NULL, SGR_YELLOW, SGR_RED, SGR_RED};
	return colours[severity];
}

static bool rule_list_is_disabled(const struct rule *r)
{
	return r->nadjusted && r->adjusted[r->nadjusted - 1]->disables;
}

/* The severity and action before adjustment i. */
static void rule_list_before(const struct rule *r, size_t i, enum gate_severity *severity, enum gate_action *action)
{
	*severity = r->own_severity;
	*action = r->own_action;
	for (size_t k = 0; k < i; k++) {
		if (r->adjusted[k]->severity.word)
			*severity = r->adjusted[k]->to_severity;
		if (r->adjusted[k]->action.word)
			*action = r->adjusted[k]->to_action;
	}
}

void rule_list_put_adjusted(struct strbuf *b, const struct rule *r, size_t i)
{
	const struct adjustment *a = r->adjusted[i];
	enum gate_severity severity;
	enum gate_action action;
	rule_list_before(r, i, &severity, &action);
	if (a->disables)
		strbuf_puts(b, "disabled");
	if (a->severity.word)
		strbuf_printf(b, "severity %s -> %s", gate_severity_name(severity), gate_severity_name(a->to_severity));
	if (a->action.word)
		strbuf_printf(b, "%saction %s -> %s", a->severity.word ? ", " : "", gate_action_name(action),
			      gate_action_name(a->to_action));
	strbuf_printf(b, ", by %s:%u", a->rule.file, a->rule.line);
}

static json_t *rule_list_adjusted_json(const struct rule *r)
{
	json_t *list = json_array();
	for (size_t i = 0; i < r->nadjusted; i++) {
		const struct adjustment *a = r->adjusted[i];
		json_t *o = json_pack("{s:b, s:o, s:i}", "disables", a->disables, "file", json_bytes(a->rule.file),
				      "line", (int)a->rule.line);
		if (a->severity.word)
			json_put(o, "severity", gate_severity_name(a->to_severity));
		if (a->action.word)
			json_put(o, "action", gate_action_name(a->to_action));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *rule_list_events_json(const struct rule *r)
{
	json_t *list = json_array();
	for (int e = 0; e < GATE_EVENT_COUNT; e++)
		if (r->events & 1u << e)
			json_array_append_new(list, json_string(gate_event_name(e)));
	return list;
}

void rule_list_put_net(struct strbuf *b, const struct gate_net *n)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	char text[INET6_ADDRSTRLEN] = "?";
	bool v4 = n->bits >= 96 && !memcmp(n->ip, mapped, sizeof mapped);
	inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? n->ip + 12 : n->ip, text, sizeof text);
	strbuf_printf(b, "%s%s/%u", n->negated ? "!" : "", text, v4 ? n->bits - 96u : n->bits);
}

void rule_list_put_ports(struct strbuf *b, const struct gate_ports *p)
{
	strbuf_printf(b, "%u", p->from);
	if (p->to != p->from)
		strbuf_printf(b, "-%u", p->to);
}

const char *rule_list_within(const struct rule *r)
{
	return r->within == GATE_FILE_CACHE   ? "cache" :
	       r->within == GATE_FILE_IGNORED ? "git-ignored" :
	       r->within == GATE_FILE_LOCKED  ? "locked" :
						NULL;
}

static void rule_list_put_term(const char *field, const char *value, void *data)
{
	json_put(data, field, value);
}

/* The fields of file and connect rules. */
static void rule_list_put_places(json_t *o, const struct rule *r)
{
	const struct {
		const char *key;
		char *const *words;
	} lists[] = {{"path", r->paths}, {"except", r->excepts}, {"host", r->hosts}, {"socket", r->sockets}};
	json_put(o, "scope", r->outside ? "outside-workspace" : NULL);
	json_put(o, "within", rule_list_within(r));
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (lists[i].words)
			json_object_set_new(o, lists[i].key, json_list((const char *const *)lists[i].words));
	json_t *nets = r->nnets ? json_array() : NULL, *ports = r->nports ? json_array() : NULL;
	for (size_t i = 0; i < r->nnets + r->nports; i++) {
		cleanup_strbuf struct strbuf text = {0};
		if (i < r->nnets)
			rule_list_put_net(&text, &r->nets[i]);
		else
			rule_list_put_ports(&text, &r->ports[i - r->nnets]);
		json_array_append_new(i < r->nnets ? nets : ports, json_bytes(text.s));
	}
	if (nets)
		json_object_set_new(o, "net", nets);
	if (ports)
		json_object_set_new(o, "port", ports);
}

/* The texts of patterns or examples; the other one is NULL. */
static json_t *rule_list_texts_json(const struct pattern *patterns, const struct example *examples, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_bytes(patterns ? patterns[i].text : examples[i].text));
	return list;
}

json_t *rule_list_json(const struct rule *r)
{
	json_t *o = json_pack("{s:s, s:s, s:s}", "rule", r->id, "severity", gate_severity_name(r->severity), "action",
			      gate_action_name(r->action));
	json_t *keywords = json_array();
	json_object_set_new(o, "on", rule_list_events_json(r));
	json_put(o, "reason", r->reason);
	json_put(o, "instead", r->instead);
	json_put(o, "preview", r->preview);
	json_put(o, "when", r->when);
	json_put(o, "keep", r->keep);
	json_put(o, "undo", r->undo);
	json_put(o, "asks", r->unless_kept ? "unless-kept" : NULL);
	rule_said_terms(r, rule_list_put_term, o);
	json_put(o, "content", r->events & RULE_SAID_EVENTS ? NULL : rule_content_name(r));
	if (r->content_unknown)
		json_put(o, "content_unknown", "match");
	json_object_set_new(o, "program", json_list((const char *const *)r->programs));
	for (size_t i = 0; i < r->nkeywords; i++)
		json_array_append_new(keywords, json_list((const char *const *)r->keywords[i].words));
	json_object_set_new(o, "keyword", keywords);
	rule_list_put_places(o, r);
	json_object_set_new(o, "match", rule_list_texts_json(r->match, NULL, r->nmatch));
	json_object_set_new(o, "unless", rule_list_texts_json(r->unless, NULL, r->nunless));
	json_object_set_new(o, "hit", rule_list_texts_json(NULL, r->hits, r->nhits));
	json_object_set_new(o, "miss", rule_list_texts_json(NULL, r->misses, r->nmisses));
	json_put(o, "file", r->file);
	json_object_set_new(o, "line", json_integer(r->line));
	json_put(o, "trust", rule_list_trust(r->trust));
	json_put(o, "pack", r->pack ? r->pack->name : NULL);
	json_object_set_new(o, "disabled", json_boolean(rule_list_is_disabled(r)));
	json_object_set_new(o, "adjusted", rule_list_adjusted_json(r));
	return o;
}

void rule_list_put_programs(struct strbuf *b, const struct rule *r)
{
	enum { SHOWN = 3 };
	size_t n = 0;
	while (r->programs && r->programs[n])
		n++;
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		strbuf_puts(b, i ? " " : "");
		strbuf_puts(b, r->programs[i]);
	}
	if (n > SHOWN)
		strbuf_printf(b, " +%zu", n - SHOWN);
	else if (!n)
		strbuf_putc(b, '*');
}

int rule_list_print(struct rule *const *rules, size_t n)
{
	struct table t = {.columns = 5};
	for (size_t i = 0; i < n; i++) {
		const struct rule *r = rules[i];
		bool off = rule_list_is_disabled(r);
		cleanup_strbuf struct strbuf programs = {0}, reason = {0};
		rule_list_put_programs(&programs, r);
		strbuf_puts(&reason, r->reason);
		if (r->nadjusted) {
			strbuf_puts(&reason, "  (");
			rule_list_put_adjusted(&reason, r, r->nadjusted - 1);
			strbuf_putc(&reason, ')');
		}
		table_put(&t, off ? SGR_DIM : SGR_BOLD, r->id);
		table_put(&t, off ? SGR_DIM : rule_list_colour(r->severity), gate_severity_name(r->severity));
		table_put(&t, off ? SGR_DIM : NULL, off ? "disabled" : gate_action_name(r->action));
		table_put(&t, off ? SGR_DIM : NULL, programs.s);
		table_put(&t, off ? SGR_DIM : NULL, reason.s);
	}
	return table_print(&t, stdout);
}
