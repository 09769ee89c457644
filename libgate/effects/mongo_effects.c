/* SPDX-License-Identifier: BSD-2-Clause */
/* mongo_effects.c - the effects of a MongoDB command, which is given as JSON with its name first. */
#include <string.h>

#include "effects/effects_internal.h"
#include "effects/json_scan.h"

/* Commands whose value or nothing is the object. */
static const struct command {
	const char *name;
	enum effect_kind kind;
	const char *of;
} commands[] = {
	{"drop", EFFECT_DROP, "collection"},
	{"dropDatabase", EFFECT_DROP, "database"},
	{"dropIndexes", EFFECT_DROP, "index"},
	{"deleteIndexes", EFFECT_DROP, "index"},
	{"dropUser", EFFECT_DROP, "user"},
	{"dropAllUsersFromDatabase", EFFECT_DROP, "user"},
	{"dropRole", EFFECT_DROP, "role"},
	{"dropAllRolesFromDatabase", EFFECT_DROP, "role"},
	{"removeShard", EFFECT_DROP, "server"},
	{"convertToCapped", EFFECT_TRUNCATE, "collection"},
	{"collMod", EFFECT_ALTER, "collection"},
	{"grantRolesToUser", EFFECT_GRANT, "user"},
	{"grantRolesToRole", EFFECT_GRANT, "role"},
	{"grantPrivilegesToRole", EFFECT_GRANT, "role"},
	{"revokeRolesFromUser", EFFECT_REVOKE, "user"},
	{"revokeRolesFromRole", EFFECT_REVOKE, "role"},
	{"revokePrivilegesFromRole", EFFECT_REVOKE, "role"},
	{"setParameter", EFFECT_CONFIG, "setting"},
	{"replSetReconfig", EFFECT_CONFIG, "server"},
	{"replSetStepDown", EFFECT_CONFIG, "server"},
	{"shutdown", EFFECT_SHUTDOWN, "server"},
	{"killAllSessions", EFFECT_SHUTDOWN, "session"},
	{"killSessions", EFFECT_SHUTDOWN, "session"},
	{"killOp", EFFECT_SHUTDOWN, "session"},
	{"eval", EFFECT_EVAL, "script"},
	{"$eval", EFFECT_EVAL, "script"},
	{"mapReduce", EFFECT_EVAL, "script"},
};

/* The filter in the object at j: {} is of every document; {"x": {"$exists": true}} and {"x": {"$ne": 5}} of nearly every. */
static enum effect_condition mongo_filter(struct json_scan *j)
{
	cleanup_strbuf struct strbuf key = {0};
	size_t from, to;
	json_scan_skip(j, &from, &to);
	struct json_scan q = {j->s, to, from};
	if (!json_scan_open(&q, '{'))
		return EFFECT_SOME_ROWS;
	if (!json_scan_key(&q, &key))
		return EFFECT_ALL_ROWS;
	if (!json_scan_open(&q, '{') || !json_scan_key(&q, &key))
		return EFFECT_SOME_ROWS;
	bool differs = json_scan_is(&key, "$ne"), exists = json_scan_is(&key, "$exists");
	json_scan_skip(&q, &from, &to);
	exists = exists && to - from >= 4 && !memcmp(j->s + from, "true", 4);
	bool alone = json_scan_open(&q, '}') && json_scan_open(&q, '}');
	return alone && (differs || exists) ? EFFECT_TRIVIAL : EFFECT_SOME_ROWS;
}

/* One of "deletes" or "updates": a filter, and whether it is about one document. */
static void mongo_write(struct json_scan *j, enum effect_kind kind, const struct strbuf *collection,
			struct effects *out)
{
	cleanup_strbuf struct strbuf key = {0};
	enum effect_condition condition = EFFECT_SOME_ROWS;
	bool many = kind == EFFECT_DELETE;
	size_t from, to;
	if (!json_scan_open(j, '{')) {
		json_scan_skip(j, &from, &to);
		return;
	}
	while (json_scan_key(j, &key)) {
		if (json_scan_is(&key, "q") || json_scan_is(&key, "filter")) {
			condition = mongo_filter(j);
			continue;
		}
		bool limit = json_scan_is(&key, "limit"), multi = json_scan_is(&key, "multi");
		json_scan_skip(j, &from, &to);
		if (limit)
			many = j->s[from] == '0';
		else if (multi)
			many = j->s[from] == 't';
	}
	effect_add(out, kind, "collection", collection->len ? collection->s : "", collection->len,
		   many ? condition : EFFECT_SOME_ROWS);
}

static void mongo_writes(struct json_scan *j, enum effect_kind kind, const struct strbuf *collection,
			 struct effects *out)
{
	size_t from, to;
	if (!json_scan_open(j, '[')) {
		json_scan_skip(j, &from, &to);
		return;
	}
	while (json_scan_item(j) && out->n < EFFECTS_MAX) {
		size_t before = j->pos;
		mongo_write(j, kind, collection, out);
		if (j->pos == before)
			return;
	}
}

/* $out replaces a collection, $merge changes one; wherever they stand in a pipeline. */
static void mongo_pipeline(struct json_scan *j, struct effects *out)
{
	size_t from, to;
	json_scan_skip(j, &from, &to);
	if (memmem(j->s + from, to - from, "\"$out\"", 6))
		effect_add(out, EFFECT_TRUNCATE, "collection", "", 0, EFFECT_ALL_ROWS);
	if (memmem(j->s + from, to - from, "\"$merge\"", 8))
		effect_add(out, EFFECT_UPDATE, "collection", "", 0, EFFECT_SOME_ROWS);
}

/* The members behind the command's name. */
static void mongo_members(struct json_scan *j, const struct strbuf *name, const struct strbuf *value,
			  struct effects *out)
{
	cleanup_strbuf struct strbuf key = {0};
	size_t from, to;
	bool modify = json_scan_is(name, "findAndModify") || json_scan_is(name, "findandmodify");
	while (json_scan_key(j, &key)) {
		if (json_scan_is(&key, "deletes") && json_scan_is(name, "delete")) {
			mongo_writes(j, EFFECT_DELETE, value, out);
		} else if (json_scan_is(&key, "updates") && json_scan_is(name, "update")) {
			mongo_writes(j, EFFECT_UPDATE, value, out);
		} else if (json_scan_is(&key, "pipeline") && json_scan_is(name, "aggregate")) {
			mongo_pipeline(j, out);
		} else {
			json_scan_skip(j, &from, &to);
			bool yes = j->s[from] == 't';
			if (modify && yes && json_scan_is(&key, "remove"))
				effect_add(out, EFFECT_DELETE, "collection", value->len ? value->s : "", value->len,
					   EFFECT_SOME_ROWS);
			else if (yes && json_scan_is(&key, "dropTarget"))
				effect_add(out, EFFECT_DROP, "collection", "", 0, EFFECT_ALL_ROWS);
		}
	}
}

int effects_of_mongo(const char *command, struct effects *out)
{
	cleanup_strbuf struct strbuf name = {0}, value = {0};
	struct json_scan j = {command, strlen(command), 0};
	size_t from, to;
	if (!json_scan_open(&j, '{') || !json_scan_key(&j, &name))
		return 0;
	if (!json_scan_string(&j, &value))
		json_scan_skip(&j, &from, &to);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (json_scan_is(&name, commands[i].name))
			effect_add(out, commands[i].kind, commands[i].of, value.len ? value.s : "", value.len,
				   EFFECT_ALL_ROWS);
	mongo_members(&j, &name, &value, out);
	return name.err ? name.err : value.err ? value.err : out->err;
}
