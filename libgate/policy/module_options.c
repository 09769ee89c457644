/* SPDX-License-Identifier: BSD-2-Clause */
/* module_options.c - checks the arguments of a service line against the module's option table, and reads their
 * values. */
#include "policy/module_options.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

enum { OPTIONS_MAX = 64 };

/* Return the value if `word` is `name=value`, else NULL. */
static const char *options_value_of(const char *word, const char *name)
{
	size_t n = strlen(name);
	return !strncmp(word, name, n) && word[n] == '=' ? word + n + 1 : NULL;
}

struct unit {
	const char *name; /* NULL ends a list */
	uint64_t factor;
};

/* Parse digits followed by one of the units; false if malformed or above `max`. */
static bool options_parse_number(const char *s, const struct unit *units, uint64_t max, uint64_t *out)
{
	char *end;
	if (!isdigit((unsigned char)*s))
		return false;
	errno = 0;
	unsigned long long n = strtoull(s, &end, 10);
	if (errno)
		return false;
	for (; units->name; units++) {
		if (strcmp(end, units->name))
			continue;
		*out = n * units->factor;
		return n <= max / units->factor;
	}
	return false;
}

static const struct unit plain[] = {{"", 1}, {NULL, 0}};
static const struct unit durations[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {NULL, 0}};
static const struct unit ages[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {NULL, 0}};
static const struct unit sizes[] = {{"", 1}, {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}, {NULL, 0}};

static bool options_is_choice(const char *choices, const char *value)
{
	size_t n = strlen(value);
	for (const char *c = choices; n && c; c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL)
		if (strcspn(c, "|") == n && !strncmp(c, value, n))
			return true;
	return false;
}

/* Return NULL if `value` is valid for the option, else a description of a valid one. */
static const char *options_expected(const struct gate_option *o, const char *value)
{
	uint64_t n;
	switch (o->type) {
	case GATE_OPT_STRING: return *value ? NULL : "a text";
	case GATE_OPT_LIST: return *value == '/' ? NULL : "an absolute path";
	case GATE_OPT_UINT: return options_parse_number(value, plain, UINT64_MAX, &n) ? NULL : "a number";
	case GATE_OPT_DURATION:
		return options_parse_number(value, durations, UINT_MAX, &n) ? NULL :
									      "a time with its unit (500ms, 30s, 1h)";
	case GATE_OPT_AGE:
		return options_parse_number(value, ages, INT64_MAX, &n) ? NULL : "an age with its unit (30m, 12h, 30d)";
	case GATE_OPT_SIZE:
		return options_parse_number(value, sizes, INT64_MAX, &n) ? NULL : "a size (4096, 64K, 256M, 1G)";
	case GATE_OPT_CHOICE: return options_is_choice(o->choices, value) ? NULL : o->choices;
	default: return "no value";
	}
}

/* Find the option that `word` sets; *value gets its value, or NULL if it has none. */
static const struct gate_option *options_option_of(const struct gate_option *table, const char *word,
						   const char **value)
{
	for (const struct gate_option *o = table; o && o->name; o++) {
		*value = NULL;
		if (o->type == GATE_OPT_WORD ? options_is_choice(o->choices, word) : !strcmp(word, o->name))
			return o;
		*value = options_value_of(word, o->name);
		if (*value && o->type != GATE_OPT_WORD)
			return o;
	}
	return NULL;
}

static void options_unknown(const struct gate_option *table, const char *word, struct strbuf *why)
{
	const char *names[OPTIONS_MAX + 1] = {NULL}, *equals = strchr(word, '=');
	for (size_t i = 0; table && table[i].name && i < OPTIONS_MAX; i++)
		names[i] = table[i].name;
	strbuf_printf(why, "unknown argument '%s'", word);
	char *name = strndup(word, equals ? (size_t)(equals - word) : strlen(word));
	const char *near = name ? diag_nearest(name, names) : NULL;
	if (near)
		strbuf_printf(why, "; did you mean '%s'?", near);
	else if (!names[0])
		strbuf_puts(why, "; this module takes none");
	free(name);
}

/* Check one word.  `seen` has a bit for each option given so far. */
static int options_check_word(const struct gate_option *table, int argc, const char *const *argv, uint64_t *seen,
			      struct opt_problem *p)
{
	const char *value = NULL, *word = argv[p->arg];
	const struct gate_option *o = options_option_of(table, word, &value);
	if (!o) {
		options_unknown(table, word, &p->why);
		return -EINVAL;
	}
	uint64_t bit = UINT64_C(1) << (o - table);
	if (*seen & bit) {
		strbuf_printf(&p->why,
			      o->type == GATE_OPT_WORD ? "only one of %s may be given" : "argument '%s' is given twice",
			      o->name);
		return -EINVAL;
	}
	*seen |= bit;
	if (o->type == GATE_OPT_REST && p->arg + 1 == argc) {
		strbuf_puts(&p->why, "nothing follows '--'");
		return -EINVAL;
	}
	bool takes_value = o->type != GATE_OPT_FLAG && o->type != GATE_OPT_REST && o->type != GATE_OPT_WORD;
	if (!takes_value && !value)
		return 0;
	const char *want = takes_value && !value ? "a value" : options_expected(o, value);
	if (!want)
		return 0;
	p->offset = value ? (size_t)(value - word) : strlen(word);
	strbuf_printf(&p->why, "argument '%s' takes %s", o->name, want);
	return -EINVAL;
}

int module_options_check(const struct gate_option *table, int argc, const char *const *argv, struct opt_problem *p)
{
	uint64_t seen = 0;
	*p = (struct opt_problem){0};
	for (; p->arg < argc; p->arg++) {
		int err = options_check_word(table, argc, argv, &seen, p);
		if (err)
			return err;
		if (!strcmp(argv[p->arg], "--"))
			break;
	}
	for (const struct gate_option *o = table; o && o->name; o++) {
		if (!o->required || seen & UINT64_C(1) << (o - table))
			continue;
		p->arg = argc;
		strbuf_printf(&p->why, "argument '%s' is missing", o->name);
		return -EINVAL;
	}
	return 0;
}

const char *module_options_fault(const struct gate_option *table)
{
	for (size_t i = 0; table && table[i].name; i++) {
		const struct gate_option *o = &table[i];
		if (i == OPTIONS_MAX)
			return "its option table has more than 64 entries";
		if ((unsigned)o->type > GATE_OPT_LIST)
			return "an option has an unknown type";
		if ((o->type == GATE_OPT_CHOICE || o->type == GATE_OPT_WORD) && !o->choices)
			return "an option has no choices";
		if ((o->type == GATE_OPT_REST) != !strcmp(o->name, "--"))
			return "'--' is reserved for GATE_OPT_REST";
		if (!*o->name || strpbrk(o->name, "= \t"))
			return "an option has an invalid name";
	}
	return NULL;
}

/* Return the value of `name` among the words before `--`, or NULL. */
static const char *options_find(int argc, const char *const *argv, const char *name)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--"); i++) {
		const char *value = options_value_of(argv[i], name);
		if (value)
			return value;
	}
	return NULL;
}

bool gate_opt_flag(int argc, const char *const *argv, const char *name)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], name))
			return true;
	return false;
}

const char *gate_opt_string(int argc, const char *const *argv, const char *name, const char *fallback)
{
	const char *value = options_find(argc, argv, name);
	return value ? value : fallback;
}

uint64_t gate_opt_uint(int argc, const char *const *argv, const char *name, uint64_t fallback)
{
	uint64_t n;
	const char *value = options_find(argc, argv, name);
	return value && options_parse_number(value, plain, UINT64_MAX, &n) ? n : fallback;
}

unsigned gate_opt_duration(int argc, const char *const *argv, const char *name, unsigned fallback_ms)
{
	uint64_t n;
	const char *value = options_find(argc, argv, name);
	return value && options_parse_number(value, durations, UINT_MAX, &n) ? (unsigned)n : fallback_ms;
}

uint64_t gate_opt_size(int argc, const char *const *argv, const char *name, uint64_t fallback)
{
	uint64_t n;
	const char *value = options_find(argc, argv, name);
	return value && options_parse_number(value, sizes, INT64_MAX, &n) ? n : fallback;
}

uint64_t gate_opt_age(int argc, const char *const *argv, const char *name, uint64_t fallback)
{
	uint64_t n;
	const char *value = options_find(argc, argv, name);
	return value && options_parse_number(value, ages, INT64_MAX, &n) ? n : fallback;
}

const char *gate_opt_word(int argc, const char *const *argv, const char *choices, const char *fallback)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--"); i++)
		if (options_is_choice(choices, argv[i]))
			return argv[i];
	return fallback;
}

const char *const *gate_opt_rest(int argc, const char *const *argv, int *n)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--"))
			continue;
		*n = argc - i - 1;
		return argv + i + 1;
	}
	*n = 0;
	return NULL;
}
