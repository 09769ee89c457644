/* SPDX-License-Identifier: BSD-2-Clause */
/* explain_said.c - shows how the rules judge a statement or a request. */
#include "listing/explain_said.h"

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"

struct explaining {
	bool verbose;
	struct table table;
	json_t *list;  /* JSON: the subjects so far */
	json_t *rules; /* borrowed: of the last subject */
};

/* Is the rule worth a line?  Only if it matches, or is about this effect and lacks something else. */
static bool explain_said_is_near(const struct explaining *x, const char *missing)
{
	return x->verbose || !missing ||
	       (strcmp(missing, "effect") && strcmp(missing, "engine") && strcmp(missing, "method") &&
		strcmp(missing, "path") && strcmp(missing, "match") && strcmp(missing, "operation"));
}

static int explain_said_flush(struct explaining *x)
{
	int err = table_print(&x->table, stdout);
	x->table = (struct table){.columns = 4};
	return err;
}

static int explain_said_each(const struct subject *s, const struct effects *e, const struct rule *r,
			     const char *missing, void *data)
{
	struct explaining *x = data;
	if (!r) {
		int err = explain_said_flush(x);
		fputs("subject  ", stdout);
		out_text(stdout, s->text);
		putchar('\n');
		for (size_t i = 0; i < e->n; i++) {
			cleanup_strbuf struct strbuf b = {0};
			effect_put(&b, &e->v[i]);
			fputs("effect   ", stdout);
			out_text(stdout, b.s ? b.s : "");
			putchar('\n');
		}
		return err;
	}
	if (!explain_said_is_near(x, missing))
		return 0;
	table_put(&x->table, NULL, "");
	table_put(&x->table, missing ? NULL : SGR_BOLD, r->id);
	table_put(&x->table, missing ? SGR_DIM : SGR_RED, missing ? "no match" : gate_severity_name(r->severity));
	if (missing)
		table_printf(&x->table, SGR_DIM, "%s", missing);
	else
		table_put(&x->table, NULL, r->reason);
	return 0;
}

int explain_said_print(const struct ruleset *rs, const struct gate_event *ev, bool verbose)
{
	struct explaining x = {.verbose = verbose, .table = {.columns = 4}};
	struct subjects subjects = {0};
	int err = subjects_of_event(rs, ev, &subjects);
	if (!err)
		err = ruleset_explain_said(rs, ev, &subjects, explain_said_each, &x);
	if (!err)
		err = explain_said_flush(&x);
	subjects_free(&subjects);
	putchar('\n');
	return err;
}

static int explain_said_each_json(const struct subject *s, const struct effects *e, const struct rule *r,
				  const char *missing, void *data)
{
	struct explaining *x = data;
	if (!r) {
		json_t *effects = json_array();
		x->rules = json_array();
		for (size_t i = 0; i < e->n; i++)
			json_array_append_new(effects, json_pack("{s:s, s:s, s:o, s:s}", "effect",
								 effect_kind_names[e->v[i].kind], "kind", e->v[i].of,
								 "object", json_bytes(e->v[i].object), "condition",
								 effect_condition_names[e->v[i].condition]));
		return json_array_append_new(x->list, json_pack("{s:o, s:o, s:o}", "subject", json_bytes(s->text),
								"effects", effects, "rules", x->rules));
	}
	if (!explain_said_is_near(x, missing))
		return 0;
	json_t *o = json_pack("{s:s, s:b, s:o, s:i}", "rule", r->id, "matched", !missing, "file", json_bytes(r->file),
			      "line", (int)r->line);
	json_put(o, "lacks", missing);
	return json_array_append_new(x->rules, o);
}

json_t *explain_said_json(const struct ruleset *rs, const struct gate_event *ev, bool verbose)
{
	struct explaining x = {.verbose = verbose, .list = json_array()};
	struct subjects subjects = {0};
	int err = subjects_of_event(rs, ev, &subjects);
	if (!err)
		err = ruleset_explain_said(rs, ev, &subjects, explain_said_each_json, &x);
	subjects_free(&subjects);
	if (!err)
		return x.list;
	json_decref(x.list);
	return NULL;
}
