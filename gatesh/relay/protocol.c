/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol.c - tells protocols apart by the first bytes of either side, and calls the parser. */
#include "relay/protocol.h"

#include <stdio.h>
#include <string.h>

const char *protocol_name(enum protocol_kind kind)
{
	static const char *const names[] = {[PROTOCOL_UNKNOWN] = "",    [PROTOCOL_POSTGRESQL] = "postgresql",
					    [PROTOCOL_MYSQL] = "mysql", [PROTOCOL_RESP] = "redis",
					    [PROTOCOL_HTTP] = "http",   [PROTOCOL_MONGODB] = "mongodb",
					    [PROTOCOL_FOREIGN] = ""};
	return names[kind];
}

enum protocol_step protocol_pass(struct protocol_found *found, uint64_t n)
{
	found->n = n;
	return PROTOCOL_PASS;
}

enum protocol_step protocol_foreign(struct protocol *p, struct protocol_found *found)
{
	p->kind = PROTOCOL_FOREIGN;
	return protocol_pass(found, UINT64_MAX);
}

/* "gate: refused: STATEMENT: RULE (SEVERITY): REASON": where the rule begins; NULL if no rule is named. */
static const char *protocol_find_rule(const char *why)
{
	static const char *const severities[] = {" (notice): ", " (warning): ", " (danger): ", " (critical): "};
	const char *at = NULL;
	for (size_t i = 0; !at && i < sizeof severities / sizeof *severities; i++)
		at = strstr(why, severities[i]);
	while (at && at > why && at[-1] != ' ')
		at--;
	return at && at > why ? at : NULL;
}

void protocol_shorten(char *out, size_t size, const char *why)
{
	const char *rule = strlen(why) < size ? NULL : protocol_find_rule(why);
	snprintf(out, size, "%s%s", rule ? "gate: refused: " : "", rule ? rule : why);
}

/* Find the protocol of a client that speaks first.  Returns false if more bytes are needed to tell. */
static bool protocol_recognise(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack)
{
	static const struct {
		enum protocol_kind kind;
		int (*begins)(const uint8_t *in, size_t len);
	} known[] = {{PROTOCOL_POSTGRESQL, protocol_postgresql_begins},
		     {PROTOCOL_HTTP, protocol_http_begins},
		     {PROTOCOL_MONGODB, protocol_mongodb_begins},
		     {PROTOCOL_RESP, protocol_resp_begins}};
	bool open = false;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		int ret = known[i].begins(in, len);
		if (ret > 0) {
			p->kind = known[i].kind;
			return true;
		}
		open |= ret < 0;
	}
	if (open && lack == PROTOCOL_EARLY)
		return false;
	p->kind = PROTOCOL_FOREIGN;
	return true;
}

enum protocol_step protocol_parse(struct protocol *p, const void *in, size_t len, enum protocol_lack lack,
				  struct protocol_found *found)
{
	*found = (struct protocol_found){0};
	if (!len || (p->kind == PROTOCOL_UNKNOWN && !protocol_recognise(p, in, len, lack)))
		return PROTOCOL_MORE;
	found->statement.kind = p->kind;
	switch (p->kind) {
	case PROTOCOL_POSTGRESQL: return protocol_postgresql(p, in, len, lack, found);
	case PROTOCOL_MYSQL: return protocol_mysql(p, in, len, lack, found);
	case PROTOCOL_RESP: return protocol_resp(p, in, len, lack, found);
	case PROTOCOL_HTTP: return protocol_http(p, in, len, lack, found);
	case PROTOCOL_MONGODB: return protocol_mongodb(p, in, len, lack, found);
	default: return protocol_foreign(p, found);
	}
}

bool protocol_greeting(struct protocol *p, void *in, size_t len, bool full)
{
	if (p->kind != PROTOCOL_UNKNOWN)
		return true;
	int ret = protocol_mysql_greets(in, len);
	if (ret < 0 && !full)
		return false;
	p->kind = ret > 0 ? PROTOCOL_MYSQL : PROTOCOL_FOREIGN;
	if (ret > 0)
		protocol_mysql_plain(in, len);
	return true;
}

void protocol_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r)
{
	*r = (struct protocol_refusal){.ends = true};
	switch (s->kind) {
	case PROTOCOL_POSTGRESQL: protocol_postgresql_refuse(s, why, r); break;
	case PROTOCOL_MYSQL: protocol_mysql_refuse(s, why, r); break;
	case PROTOCOL_RESP: protocol_resp_refuse(s, why, r); break;
	case PROTOCOL_HTTP: protocol_http_refuse(s, why, r); break;
	case PROTOCOL_MONGODB: protocol_mongodb_refuse(s, why, r); break;
	default: break;
	}
}
