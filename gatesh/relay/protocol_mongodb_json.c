/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol_mongodb_json.c - writes a MongoDB command as JSON, its name first: {"delete":"users","$db":"shop","deletes":[...]}. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "relay/protocol_mongodb.h"

/* Where the JSON goes, and what is left of the BSON. */
struct mongodb_json {
	char *out;
	size_t size, n;
	bool cut; /* it does not fit, or is not BSON */
	const char *at, *end;
	unsigned depth;
};

static void mongodb_json_document(struct mongodb_json *j, bool array);

static void mongodb_json_put(struct mongodb_json *j, const char *text, size_t n)
{
	j->cut |= n >= j->size - j->n;
	if (j->cut)
		return;
	memcpy(j->out + j->n, text, n);
	j->n += n;
}

static void mongodb_json_puts(struct mongodb_json *j, const char *text)
{
	mongodb_json_put(j, text, strlen(text));
}

static void mongodb_json_string(struct mongodb_json *j, const char *text, size_t n)
{
	char code[8];
	size_t shown = n < MONGODB_VALUE_MAX ? n : MONGODB_VALUE_MAX;
	mongodb_json_puts(j, "\"");
	for (size_t i = 0; i < shown && !j->cut; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c < ' ' || c == 0x7f || c == '"' || c == '\\')
			mongodb_json_put(j, code, (size_t)snprintf(code, sizeof code, "\\u%04x", c));
		else
			mongodb_json_put(j, text + i, 1);
	}
	mongodb_json_puts(j, shown < n ? "…\"" : "\"");
}

/* Take n bytes of the BSON.  NULL: there are not as many. */
static const char *mongodb_json_take(struct mongodb_json *j, size_t n)
{
	const char *at = j->at;
	if (n > (size_t)(j->end - at)) {
		j->cut = true;
		j->at = j->end;
		return NULL;
	}
	j->at += n;
	return at;
}

/* Take a name with its NUL. */
static struct protocol_text mongodb_json_name(struct mongodb_json *j)
{
	const char *at = j->at, *end = memchr(at, '\0', (size_t)(j->end - at));
	if (!mongodb_json_take(j, end ? (size_t)(end - at) + 1 : SIZE_MAX))
		return (struct protocol_text){"", 0};
	return (struct protocol_text){at, (size_t)(end - at)};
}

/* A length, a string and its NUL; then `more` bytes that are not shown. */
static void mongodb_json_long_string(struct mongodb_json *j, size_t more)
{
	const char *head = mongodb_json_take(j, sizeof(uint32_t));
	uint32_t n = head ? mongodb_number(head) : 0;
	const char *text = n ? mongodb_json_take(j, n) : NULL;
	if (text)
		mongodb_json_string(j, text, n - 1);
	j->cut |= !text;
	mongodb_json_take(j, more);
}

static void mongodb_json_double(struct mongodb_json *j)
{
	char text[64];
	double v;
	const char *at = mongodb_json_take(j, sizeof v);
	if (!at)
		return;
	memcpy(&v, at, sizeof v);
	bool number = v - v == 0; /* neither infinite nor not a number */
	mongodb_json_put(j, text, (size_t)snprintf(text, sizeof text, number ? "%.17g" : "null", v));
}

static void mongodb_json_integer(struct mongodb_json *j, size_t n)
{
	char text[32];
	const char *at = mongodb_json_take(j, n);
	if (!at)
		return;
	uint64_t v = n == sizeof v ? mongodb_number(at) | (uint64_t)mongodb_number(at + 4) << 32 :
				     (uint64_t)(int32_t)mongodb_number(at);
	mongodb_json_put(j, text, (size_t)snprintf(text, sizeof text, "%" PRId64, (int64_t)v));
}

/* Bytes as {"LABEL":"HEX"}, or without a label not at all. */
static void mongodb_json_bytes(struct mongodb_json *j, const char *label, size_t n)
{
	char text[4];
	const char *at = mongodb_json_take(j, n);
	if (!label || !at) {
		mongodb_json_puts(j, "{\"$binary\":\"…\"}");
		return;
	}
	mongodb_json_puts(j, label);
	for (size_t i = 0; i < n; i++)
		mongodb_json_put(j, text, (size_t)snprintf(text, sizeof text, "%02x", (unsigned char)at[i]));
	mongodb_json_puts(j, "\"}");
}

static void mongodb_json_binary(struct mongodb_json *j)
{
	const char *head = mongodb_json_take(j, sizeof(uint32_t) + 1);
	if (head)
		mongodb_json_bytes(j, NULL, mongodb_number(head));
}

static void mongodb_json_regex(struct mongodb_json *j)
{
	struct protocol_text pattern = mongodb_json_name(j);
	mongodb_json_name(j);
	mongodb_json_puts(j, "{\"$regex\":");
	mongodb_json_string(j, pattern.at, pattern.n);
	mongodb_json_puts(j, "}");
}

static void mongodb_json_value(struct mongodb_json *j, unsigned char type)
{
	const char *at;
	switch (type) {
	case 0x01: mongodb_json_double(j); break;
	case 0x02:
	case 0x0d:
	case 0x0e: mongodb_json_long_string(j, 0); break;
	case 0x03:
	case 0x04: mongodb_json_document(j, type == 0x04); break;
	case 0x05: mongodb_json_binary(j); break;
	case 0x07: mongodb_json_bytes(j, "{\"$oid\":\"", 12); break;
	case 0x08:
		at = mongodb_json_take(j, 1);
		mongodb_json_puts(j, at && *at ? "true" : "false");
		break;
	case 0x0b: mongodb_json_regex(j); break;
	case 0x0c: mongodb_json_long_string(j, 12); break;
	case 0x10: mongodb_json_integer(j, 4); break;
	case 0x09:
	case 0x11:
	case 0x12: mongodb_json_integer(j, 8); break;
	case 0x13: mongodb_json_bytes(j, "{\"$decimal\":\"", 16); break;
	case 0x06:
	case 0x0a:
	case 0x7f:
	case 0xff: mongodb_json_puts(j, "null"); break;
	default: j->cut = true; break;
	}
}

/* The members of a document up to its end, without brackets. */
static void mongodb_json_members(struct mongodb_json *j, bool array)
{
	for (bool first = true; !j->cut; first = false) {
		const char *type = mongodb_json_take(j, 1);
		if (!type || !*type)
			return;
		struct protocol_text name = mongodb_json_name(j);
		mongodb_json_puts(j, first ? "" : ",");
		if (!array) {
			mongodb_json_string(j, name.at, name.n);
			mongodb_json_puts(j, ":");
		}
		mongodb_json_value(j, (unsigned char)*type);
	}
}

static void mongodb_json_document(struct mongodb_json *j, bool array)
{
	const char *length = mongodb_json_take(j, sizeof(uint32_t));
	if (!length || ++j->depth > MONGODB_DEPTH_MAX) {
		j->cut = true;
		return;
	}
	mongodb_json_puts(j, array ? "[" : "{");
	mongodb_json_members(j, array);
	mongodb_json_puts(j, array ? "]" : "}");
	j->depth--;
}

/* Documents one after the other, as a member of the command. */
static void mongodb_json_list(struct mongodb_json *j, struct protocol_text name)
{
	mongodb_json_puts(j, ",");
	mongodb_json_string(j, name.at, name.n);
	mongodb_json_puts(j, ":[");
	for (bool first = true; j->at < j->end && !j->cut; first = false) {
		mongodb_json_puts(j, first ? "" : ",");
		mongodb_json_document(j, false);
	}
	mongodb_json_puts(j, "]");
}

/* Write the sections of a kind. */
static void mongodb_json_sections(struct mongodb_json *j, struct protocol_text message, unsigned kind)
{
	struct mongodb_section s;
	size_t at = MONGODB_BODY;
	while (!j->cut && mongodb_section(message, &at, &s)) {
		if (s.kind != kind)
			continue;
		j->at = s.content.at;
		j->end = s.content.at + s.content.n;
		if (kind) {
			mongodb_json_list(j, s.name);
		} else {
			mongodb_json_take(j, sizeof(uint32_t));
			mongodb_json_members(j, false);
		}
		j->cut |= !s.whole;
	}
}

size_t protocol_copy_mongodb(const struct protocol_statement *s, char *out, size_t size, bool *cut)
{
	struct mongodb_json j = {.out = out, .size = size};
	mongodb_json_puts(&j, "{");
	mongodb_json_sections(&j, s->text, 0);
	mongodb_json_sections(&j, s->text, 1);
	mongodb_json_puts(&j, "}");
	out[j.n] = '\0';
	*cut = j.cut;
	return j.n;
}
