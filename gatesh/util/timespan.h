/* timespan.h - times as people and the audit log write them, in milliseconds since 1970 (UTC). */
#ifndef GATESH_UTIL_TIMESPAN_H
#define GATESH_UTIL_TIMESPAN_H

/* "2026-11-23", with "T13:10" (or a blank for the T), ":05", ".123" and "Z" behind it; local time without the Z.  NULL
 * is refused.  0 or -EINVAL. */
int timespan_parse_iso(const char *text, long long *ms);

/* As above, or a span back from now: "30s", "10m", "2h", "7d".  0 or -EINVAL. */
int timespan_parse_since(const char *text, long long *ms);

#endif
