/* SPDX-License-Identifier: BSD-2-Clause */
/* timespan.h - parses times as people and the audit log write them, to milliseconds since 1970 (UTC). */
#ifndef GATESH_UTIL_TIMESPAN_H
#define GATESH_UTIL_TIMESPAN_H

/* Parse "2026-11-23", optionally followed by "T13:10" (or a blank for the T), ":05", ".123" and "Z"; without the Z it
 * is local time.  NULL is invalid.  Returns 0 or -EINVAL. */
int timespan_parse_iso(const char *text, long long *ms);

/* As above, or a span back from now: "30s", "10m", "2h", "7d".  Returns 0 or -EINVAL. */
int timespan_parse_since(const char *text, long long *ms);

/* Parse a span: "30s", "10m", "2h".  Returns its seconds; 0 if it is none, or 0 long, or longer than `max` seconds. */
unsigned timespan_parse_seconds(const char *text, unsigned max);

#endif
