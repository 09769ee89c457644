/* SPDX-License-Identifier: BSD-2-Clause */
/* json.c - makes jansson values from arbitrary bytes and prints them as ASCII lines. */
#include "util/json.h"

#include <string.h>

#include "base/escape.h"

json_t *json_bytes(const char *bytes)
{
	if (!bytes)
		return json_null();
	json_t *value = json_string(bytes);
	if (value)
		return value;
	cleanup_strbuf struct strbuf b = {0};
	escape_put(&b, bytes, strlen(bytes));
	return b.err ? NULL : json_string(b.s ? b.s : "");
}

int json_put(json_t *object, const char *key, const char *value)
{
	return value ? json_object_set_new(object, key, json_bytes(value)) : 0;
}

json_t *json_list(const char *const *list)
{
	json_t *array = json_array();
	for (; array && list && *list; list++)
		if (json_array_append_new(array, json_bytes(*list))) {
			json_decref(array);
			return NULL;
		}
	return array;
}

int json_line(json_t *value, FILE *out)
{
	int ret = value ? json_dumpf(value, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY) : -1;
	if (!value)
		fputs("gatesh: out of memory\n", stderr);
	else if (!ret && putc('\n', out) == EOF)
		ret = -1;
	json_decref(value);
	return ret;
}
