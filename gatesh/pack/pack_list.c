/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_list.c - prints the rules, packs, files and adjustments of a ruleset as tables or JSON. */
#include "pack/pack_list.h"

#include <string.h>

#include "listing/rule_list.h"
#include "util/json.h"
#include "util/out.h"
#include "util/table.h"

static json_t *pack_json(const struct rule_pack *p)
{
	json_t *needs = json_array();
	for (size_t i = 0; i < p->nneeds; i++) {
		json_t *need = json_pack("{s:o}", "name", json_bytes(p->needs[i].name.word));
		json_put(need, "version", p->needs[i].version);
		json_array_append_new(needs, need);
	}
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:i}", "name", json_bytes(p->name), "version",
			 json_bytes(p->version), "trust", rule_list_trust(p->trust), "requires", needs, "file",
			 json_bytes(p->file), "line", (int)p->line);
}

int pack_list_rules(const struct ruleset *rs, bool json)
{
	if (!json) {
		int err = rule_list_print(rs->rules, rs->n);
		return err ? err : rule_list_print(rs->disabled, rs->ndisabled);
	}
	json_t *files = json_array(), *packs = json_array(), *list = json_array(), *disabled = json_array();
	for (size_t i = 0; i < rs->nfiles; i++)
		json_array_append_new(files, json_bytes(rs->files[i]));
	for (size_t i = 0; i < rs->npacks; i++)
		json_array_append_new(packs, pack_json(rs->packs[i]));
	for (size_t i = 0; i < rs->n; i++)
		json_array_append_new(list, rule_list_json(rs->rules[i]));
	for (size_t i = 0; i < rs->ndisabled; i++)
		json_array_append_new(disabled, rule_list_json(rs->disabled[i]));
	return json_line(
		json_pack("{s:o, s:o, s:o, s:o}", "files", files, "packs", packs, "rules", list, "disabled", disabled),
		stdout);
}

static size_t pack_list_rules_of_file(const struct ruleset *rs, const char *file)
{
	size_t n = 0;
	for (size_t i = 0; i < rs->n; i++)
		n += !strcmp(rs->rules[i]->file, file);
	return n;
}

int pack_list_packs(const struct ruleset *rs, bool json)
{
	struct table t = {.columns = 3};
	if (json)
		return pack_list_rules(rs, json);
	for (size_t i = 0; i < rs->npacks; i++) {
		const struct rule_pack *pack = rs->packs[i];
		table_printf(&t, SGR_BOLD, "%s %s", pack->name, pack->version);
		table_put(&t, NULL, rule_list_trust(pack->trust));
		table_printf(&t, NULL, "%s:%u", pack->file, pack->line);
	}
	for (size_t i = 0; i < rs->nfiles; i++) {
		size_t n = pack_list_rules_of_file(rs, rs->files[i]);
		table_printf(&t, SGR_DIM, "%zu rule%s", n, n == 1 ? "" : "s");
		table_put(&t, NULL, "");
		table_put(&t, NULL, rs->files[i]);
	}
	for (size_t i = 0; i < rs->nadjustments; i++) {
		const struct adjustment *a = &rs->adjustments[i];
		table_put(&t, SGR_YELLOW, a->disables ? "disable" : "override");
		table_put(&t, NULL, a->rule.word);
		table_printf(&t, NULL, "%s:%u", a->rule.file, a->rule.line);
	}
	return table_print(&t, stdout);
}
