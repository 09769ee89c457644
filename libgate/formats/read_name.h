/* SPDX-License-Identifier: BSD-2-Clause */
/* read_name.h - the names under which tools store credentials, for the event `read`.
 *
 * Opening a file for reading is the most frequent call of all, and the interposer sees each one.  This test looks at nothing but
 * the name's last component, so that a process which opens no such file needs no policy.  It knows the names in
 * credentials.rules.  In a session whose rules name others, the interposer takes each name for one of them
 * (GATE_IMAGE_READ_ANY, SEAM_MARK_READS). */
#ifndef GATE_FORMATS_READ_NAME_H
#define GATE_FORMATS_READ_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define GATE_READ_BYTEWISE 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__SSE2__)
#define GATE_READ_BYTEWISE 1
#endif
#ifndef GATE_READ_BYTEWISE
#include <emmintrin.h>
#endif

#pragma GCC visibility push(default)

/* Is it one of the names?  The answer about names that gate_read_ends() rules out is never asked for. */
bool gate_read_is_listed(const char *name);

/* Could rules whose paths end in `glob`, the last component of a path glob, match a name that is not listed? */
bool gate_read_needs_any(const char *glob);

#pragma GCC visibility pop

/* Can a name that begins here, and whose last character is `last`, be listed? */
static inline bool gate_read_ends(const char *name, char last)
{
	switch (*name) {
	case '.': return last == 'c' || last == 's' || last == 'n';
	case 'a': return last == 'b' || last == 'n';
	case 'c': return last == 's' || last == 'l' || last == 'b' || last == 'n' || last == 'g';
	case 'h': return last == 'l';
	case 'i': return name[1] == 'd' && name[2] == '_';
	case 'm': return last == 'n';
	default: return false;
	}
}

#ifdef GATE_READ_BYTEWISE
/* The last component of a path, with the end of the path in *end. */
static inline const char *gate_read_last(const char *path, const char **end)
{
	const char *name = path, *s = path;
	for (; *s; s++)
		if (*s == '/')
			name = s + 1;
	*end = s;
	return name;
}
#else
/* The same, 16 bytes at a time.  What is read before and behind the path lies in the same 16 bytes, so in the same page. */
static inline const char *gate_read_last(const char *path, const char **end)
{
	const __m128i zeros = _mm_setzero_si128(), slashes = _mm_set1_epi8('/');
	const char *block = (const char *)((uintptr_t)path & ~(uintptr_t)15), *name = path;
	uint32_t from = ~0u << ((uintptr_t)path & 15);
	for (;; block += 16, from = ~0u) {
		__m128i bytes = _mm_load_si128((const __m128i *)(const void *)block);
		uint32_t nul = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, zeros)) & from;
		uint32_t slash = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, slashes)) & from;
		if (nul)
			slash &= (nul & -nul) - 1;
		if (slash)
			name = block + 32 - __builtin_clz(slash);
		if (!nul)
			continue;
		*end = block + __builtin_ctz(nul);
		return name;
	}
}
#endif

/* Can a rule of credentials.rules match this path?  Async-signal-safe. */
static inline bool gate_read_name(const char *path)
{
	const char *end, *name = gate_read_last(path, &end);
	return end > name && gate_read_ends(name, end[-1]) && gate_read_is_listed(name);
}

#endif
