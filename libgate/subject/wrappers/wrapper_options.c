/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper_options.c - determines how many words an option uses: POSIX clusters, attached values, long options. */
#include <string.h>

#include "subject/wrappers/wrapper.h"

bool wrapper_listed(const char *list, const char *word, size_t n, char by)
{
	while (list && *list) {
		const char *end = strchrnul(list, by);
		if ((size_t)(end - list) == n && !memcmp(list, word, n))
			return true;
		list = *end ? end + 1 : NULL;
	}
	return false;
}

static struct option_use wrapper_options_use(enum option_list list, const char *attached, const char *next)
{
	return (struct option_use){list, attached ? attached : next, !attached && next ? 2 : 1};
}

struct option_use wrapper_option(const char *word, const char *next, const char *const lists[OPTION_LISTS])
{
	size_t n = strlen(word);
	const char *equals = memchr(word, '=', n);
	size_t name = equals ? (size_t)(equals - word) : n;
	for (enum option_list list = 0; list < OPTION_LISTS; list++)
		if (wrapper_listed(lists[list], word, name, ' '))
			return wrapper_options_use(list, equals ? equals + 1 : NULL, next);
	for (size_t i = 1; word[1] != '-' && i < n; i++) { /* -abc value, -abcVALUE */
		char option[2] = {word[0], word[i]};
		for (enum option_list list = 0; list < OPTION_LISTS; list++)
			if (wrapper_listed(lists[list], option, 2, ' '))
				return wrapper_options_use(list, word[i + 1] ? word + i + 1 : NULL, next);
	}
	return (struct option_use){OPTION_FLAG, NULL, 1};
}
