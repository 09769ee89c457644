/* SPDX-License-Identifier: BSD-2-Clause */
/* glob.c - matches path globs of file rules (image.h).  Runs in hooks and in the engine: no allocation, no libc, no
 * recursion. */
#include "formats/image.h"

/* Match c against a [...] class; *end points past it.  A class that does not end is a plain '['. */
static bool glob_in_class(const char *p, char c, const char **end)
{
	const char *s = p + 1;
	bool negated = *s == '!' || *s == '^', found = false;
	s += negated;
	for (const char *first = s; *s && (*s != ']' || s == first); s++) {
		char from = *s, to = from;
		if (s[1] == '-' && s[2] && s[2] != ']') {
			to = s[2];
			s += 2;
		}
		found |= c >= from && c <= to;
	}
	*end = s + 1;
	if (!*s) {
		*end = p + 1;
		return c == '[';
	}
	return found != negated;
}

/* Match c against one pattern element: '?', a class, or a literal character. */
static bool glob_one(const char *p, char c, const char **end)
{
	*end = p + 1;
	if (c == '/' || !c)
		return *p == c && c;
	return *p == '?' || (*p == '[' ? glob_in_class(p, c, end) : *p == c);
}

/* Where to resume if the pattern after a star does not match: the star then takes one more character. */
struct retry {
	const char *p, *s; /* p NULL: there is no star */
};

/* Match the pattern p against all of s.  A pattern that ends in '/' also matches everything below that directory. */
static bool glob_matches(const char *p, const char *s)
{
	struct retry star = {0}, stars = {0}; /* the last '*', the last "**" */
	for (;;) {
		const char *next;
		if (!*p && !*s)
			return true;
		if (*p == '/' && !p[1] && (!*s || *s == '/'))
			return true;
		if (*p == '*' && p[1] == '*') {
			p += 2;
			/* "**" with its slash also matches no directory at all. */
			stars = (struct retry){*p == '/' ? p + 1 : p, s};
			star.p = NULL;
			p = stars.p;
		} else if (*p == '*') {
			star = (struct retry){++p, s};
		} else if (*s && glob_one(p, *s, &next)) {
			p = next;
			s++;
		} else if (star.p && *star.s && *star.s != '/') {
			p = star.p;
			s = ++star.s;
		} else if (stars.p && *stars.s) {
			star.p = NULL;
			p = stars.p;
			/* After "**" and its slash, resume only behind a slash. */
			for (stars.s++; stars.p[-1] == '/' && *stars.s && stars.s[-1] != '/'; stars.s++)
				;
			s = stars.s;
		} else {
			return false;
		}
	}
}

bool gate_glob(const char *pattern, const char *path, const char *home)
{
	if (*pattern == '~' && (!pattern[1] || pattern[1] == '/')) {
		const char *h = home;
		if (!home || !*home)
			return false;
		while (*h && *h == *path)
			h++, path++;
		if (!*h && h[-1] == '/') /* `home` has a trailing slash, or is the root */
			path--;
		return !*h && (!*path || *path == '/') && glob_matches(pattern + 1, path);
	}
	if (*pattern == '/')
		return glob_matches(pattern, path);
	/* A relative pattern may begin at any component. */
	for (const char *s = path; *s; s++)
		if ((s == path || s[-1] == '/') && *s != '/' && glob_matches(pattern, s))
			return true;
	return false;
}
