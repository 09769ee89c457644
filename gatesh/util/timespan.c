/* SPDX-License-Identifier: BSD-2-Clause */
/* timespan.c - parses ISO 8601 times and spans back from now. */
#include "util/timespan.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Returns the milliseconds of a fraction such as ".123", and moves *s past it. */
static long long timespan_fraction(const char **s)
{
	long long ms = 0;
	int scale = 100;
	if (**s != '.')
		return 0;
	for (++*s; isdigit((unsigned char)**s); ++*s, scale /= 10)
		ms += (**s - '0') * scale;
	return ms;
}

int timespan_parse_iso(const char *text, long long *ms)
{
	struct tm tm = {.tm_isdst = -1};
	long long part = 0;
	const char *s = text ? strptime(text, "%Y-%m-%d", &tm) : NULL;
	if (s && (*s == 'T' || *s == ' ')) {
		s = strptime(s + 1, "%H:%M", &tm);
		if (s && *s == ':')
			s = strptime(s, ":%S", &tm);
		if (s)
			part = timespan_fraction(&s);
	}
	if (!s || (*s && strcmp(s, "Z")))
		return -EINVAL;
	errno = 0;
	time_t t = *s ? timegm(&tm) : mktime(&tm);
	if (t == -1 && errno)
		return -EINVAL;
	*ms = (long long)t * 1000 + part;
	return 0;
}

int timespan_parse_since(const char *text, long long *ms)
{
	static const char units[] = "smhd";
	static const long seconds[] = {1, 60, 3600, 86400};
	struct timespec now;
	char *end;
	errno = 0;
	long n = isdigit((unsigned char)*text) ? strtol(text, &end, 10) : -1;
	const char *unit = n >= 0 && !errno && *end && !end[1] ? strchr(units, *end) : NULL;
	if (!unit)
		return timespan_parse_iso(text, ms);
	if (n > 100000000 || clock_gettime(CLOCK_REALTIME, &now))
		return -EINVAL;
	*ms = ((long long)now.tv_sec - (long long)n * seconds[unit - units]) * 1000 + now.tv_nsec / 1000000;
	return 0;
}

unsigned timespan_parse_seconds(const char *text, unsigned max)
{
	static const char units[] = "smh";
	static const unsigned seconds[] = {1, 60, 3600};
	char *end;
	unsigned long n = isdigit((unsigned char)*text) ? strtoul(text, &end, 10) : 0;
	const char *unit = n && *end && !end[1] ? strchr(units, *end) : NULL;
	return unit && n <= max / seconds[unit - units] ? (unsigned)n * seconds[unit - units] : 0;
}
