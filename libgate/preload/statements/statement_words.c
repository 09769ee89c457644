/* SPDX-License-Identifier: BSD-2-Clause */
/* statement_words.c - looks for the words without which a statement only reads or inserts. */
#include "preload/statements/statement_words.h"

#include <stdint.h>

/* The words of effects/sql_objects.c and sql_rows.c; '_' ends those that are only the beginning of one, '&' one that is no
 * word.  One string, because each pointer to a string would cost every program a relocation. */
static const char words[] =
	" alter change copy dblink_ delete do drop execute flush grant install kill lo_ load load_ merge pg_"
	" purge query_ reassign reset restore revoke set shutdown stop sys_ truncate u& uninstall update ";

static char words_fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool words_is_letter(char c)
{
	c = words_fold(c);
	return (c >= 'a' && c <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

/* The letters with which a word begins. */
static uint32_t words_first(void)
{
	uint32_t first = 0;
	for (const char *w = words; w[1]; w++)
		if (*w == ' ')
			first |= 1u << (w[1] - 'a');
	return first;
}

/* Does the text begin with the word at `w`, whole?  *end is set behind the word. */
static bool words_match(const char *w, const char *text, size_t n, const char **end)
{
	size_t i = 0;
	while (i < n && w[i] != ' ' && words_fold(text[i]) == w[i])
		i++;
	bool same = w[i] == ' ', open = same && (w[i - 1] == '_' || w[i - 1] == '&');
	while (w[i] != ' ')
		i++;
	*end = w + i;
	size_t length = (size_t)(*end - w);
	return same && (open || length == n ||
			!(words_is_letter(text[length]) || (text[length] >= '0' && text[length] <= '9')));
}

static bool words_begin(const char *text, size_t n)
{
	for (const char *w = words; w[1];)
		if (words_match(w + 1, text, n, &w))
			return true;
	return false;
}

bool statement_may_matter(const char *text, size_t n)
{
	const uint32_t first = words_first();
	for (size_t i = 0; i < n; i++) {
		unsigned letter = (unsigned)words_fold(text[i]) - 'a';
		if (letter < 26 && first >> letter & 1 && !(i && words_is_letter(text[i - 1])) &&
		    words_begin(text + i, n - i))
			return true;
	}
	return false;
}
