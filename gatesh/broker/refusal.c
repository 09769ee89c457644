/* SPDX-License-Identifier: BSD-2-Clause */
/* refusal.c - writes an answer of gatesh's own. */
#include "broker/refusal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Does the client send JSON, or ask for it? */
static bool refusal_is_json(const struct request_head *h)
{
	static const char *const names[] = {"accept", "content-type"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t n;
		const char *value = request_head_field(h, names[i], &n);
		if (value && memmem(value, n, "json", 4))
			return true;
	}
	return false;
}

static char *refusal_json(const char *why)
{
	cleanup_strbuf struct strbuf text = {0};
	strbuf_printf(&text, "gate: %s", why);
	json_t *o = json_pack("{s:{s:s, s:s}, s:s}", "error", "type", "gate", "message", text.s ? text.s : "",
			      "message", text.s ? text.s : "");
	char *body = o ? json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	json_decref(o);
	return body;
}

void refusal_write(const struct request_head *h, const char *status, const char *why, struct strbuf *out)
{
	char *json = refusal_is_json(h) ? refusal_json(why) : NULL;
	strbuf_printf(out, "HTTP/1.1 %s\r\nContent-Type: %s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
		      status, json ? "application/json" : "text/plain", json ? strlen(json) + 1 : strlen(why) + 7);
	if (json)
		strbuf_printf(out, "%s\n", json);
	else
		strbuf_printf(out, "gate: %s\n", why);
	free(json);
}
