/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_text.c - reads JSON, INI and environment files for one key. */
#include "principal/secret_text.h"

#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define TOO_LONG "the value is too long"

/* A part of a line. */
struct span {
	const char *s;
	size_t n;
};

static const char *secret_text_put(const char *value, size_t n, char *out, size_t size)
{
	if (n >= size)
		return TOO_LONG;
	memcpy(out, value, n);
	out[n] = '\0';
	return NULL;
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

/* The member `key`, or the one that its parts lead to: a name may itself have dots, and the longest goes first. */
static json_t *secret_text_member(json_t *o, const char *key)
{
	json_t *found = json_object_get(o, key);
	for (size_t n = strlen(key); !found && n--;) {
		char *name = key[n] == '.' ? strndup(key, n) : NULL;
		json_t *in = name ? json_object_get(o, name) : NULL;
		found = json_is_object(in) ? secret_text_member(in, key + n + 1) : NULL;
		free(name);
	}
	return found;
}

static const char *secret_text_find_json(const char *text, size_t n, const char *key, char *out, size_t size)
{
	json_error_t error;
	json_t *all = json_loadb(text, n, 0, &error), *found = all ? secret_text_member(all, key) : NULL;
	const char *wrong = !all ? "it is not JSON" : !found ? "it has no such key" : NULL;
	if (!wrong && !json_is_string(found))
		wrong = "the key's value is not a string";
	if (!wrong) {
		char *value = (char *)(size_t)json_string_value(found); /* jansson's copy goes back overwritten */
		wrong = secret_text_put(value, json_string_length(found), out, size);
		explicit_bzero(value, json_string_length(found));
	}
	json_decref(all);
	return wrong;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static struct span secret_text_trim(const char *s, size_t n)
{
	while (n && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	return (struct span){s, n};
}

/* Is `key` the section's name, a dot and this name; or, outside of sections, the name? */
static bool secret_text_is_key(struct span section, struct span name, const char *key)
{
	size_t n = strlen(key), before = section.s ? section.n + 1 : 0;
	if (n != before + name.n || memcmp(key + before, name.s, name.n))
		return false;
	return !before || (!memcmp(key, section.s, section.n) && key[section.n] == '.');
}

static struct span secret_text_unquote(struct span v)
{
	bool quoted = v.n > 1 && (*v.s == '"' || *v.s == '\'') && v.s[v.n - 1] == *v.s;
	return quoted ? (struct span){v.s + 1, v.n - 2} : v;
}

static const char *secret_text_find_line(const char *text, size_t n, const char *key, char *out, size_t size)
{
	struct span section = {0};
	for (const char *end = text + n, *next; text < end; text = next) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		next = stop ? stop + 1 : end;
		struct span line = secret_text_trim(text, (size_t)((stop ? stop : end) - text));
		if (line.n > 1 && *line.s == '[' && line.s[line.n - 1] == ']')
			section = secret_text_trim(line.s + 1, line.n - 2);
		if (line.n > 7 && !memcmp(line.s, "export ", 7))
			line = secret_text_trim(line.s + 7, line.n - 7);
		const char *equals = line.n ? memchr(line.s, '=', line.n) : NULL;
		if (!equals || !secret_text_is_key(section, secret_text_trim(line.s, (size_t)(equals - line.s)), key))
			continue;
		struct span v =
			secret_text_unquote(secret_text_trim(equals + 1, (size_t)(line.s + line.n - equals) - 1));
		return secret_text_put(v.s, v.n, out, size);
	}
	return "it has no line with this key";
}

const char *secret_text_find(const char *text, size_t n, const char *key, char *out, size_t size)
{
	struct span all = secret_text_trim(text, n);
	return all.n && *all.s == '{' ? secret_text_find_json(text, n, key, out, size) :
					secret_text_find_line(text, n, key, out, size);
}
