/* SPDX-License-Identifier: BSD-2-Clause */
/* escape.c - escapes control, invisible and invalid bytes so that text is safe to show to a person. */
#include "base/escape.h"

#include <stdbool.h>
#include <stdint.h>

/* Decode one UTF-8 sequence at s.  Returns its length (1 to 4) and its code point, or 0 when it is invalid (overlong
 * forms and surrogates included). */
static size_t escape_decode(const unsigned char *s, size_t n, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
	if (!len || len > n)
		return 0;
	uint32_t c = len == 1 ? s[0] : s[0] & (0x7f >> len);
	for (size_t i = 1; i < len; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return len;
}

/* Unicode's Cf, Zl and Zp, variation selectors, and blanks that look like nothing: they hide or reorder adjacent text.
 * (Unicode 15, UnicodeData.txt and PropList.txt Default_Ignorable_Code_Point.) */
static bool escape_invisible(uint32_t c)
{
	static const uint32_t ranges[][2] = {
		{0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x0600, 0x0605},   {0x061c, 0x061c},   {0x06dd, 0x06dd},
		{0x070f, 0x070f},   {0x0890, 0x0891},   {0x08e2, 0x08e2},   {0x115f, 0x1160},   {0x17b4, 0x17b5},
		{0x180b, 0x180f},   {0x2000, 0x200f},   {0x2028, 0x202f},   {0x205f, 0x206f},   {0x2800, 0x2800},
		{0x3000, 0x3000},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
		{0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
		{0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return c == 0xa0;
}

void escape_put(struct strbuf *out, const char *bytes, size_t n)
{
	const unsigned char *s = (const unsigned char *)bytes, *end = s + n;
	while (s < end) {
		uint32_t c = 0;
		size_t len = escape_decode(s, (size_t)(end - s), &c);
		if (!len)
			strbuf_printf(out, "\\x%02X", *s++);
		else if (c == '\n')
			strbuf_puts(out, "\\n");
		else if (c == '\t')
			strbuf_puts(out, "\\t");
		else if (c == '\r')
			strbuf_puts(out, "\\r");
		else if (c == 0x1b)
			strbuf_puts(out, "\\e");
		else if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			strbuf_printf(out, "\\x%02X", c);
		else if (escape_invisible(c))
			strbuf_printf(out, "\\u{%04X}", c);
		else
			strbuf_put(out, (const char *)s, len);
		s += len;
	}
}
