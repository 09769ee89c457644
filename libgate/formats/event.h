/* SPDX-License-Identifier: BSD-2-Clause */
/* event.h - the enumerations of an event, defined once for the interposer, the engine and the session.
 *
 * The installed gate.h has public names for those that modules see; engine/versions.c asserts that the two agree. */
#ifndef GATE_FORMATS_EVENT_H
#define GATE_FORMATS_EVENT_H

#include <stdbool.h>

enum event_type {
	EVENT_EXEC = 0,
	EVENT_UNLINK,
	EVENT_RENAME,
	EVENT_TRUNCATE,
	EVENT_WRITE,
	EVENT_READ,
	EVENT_CONNECT,
	EVENT_STATEMENT,
	EVENT_REQUEST,
	EVENT_TYPE_COUNT
};

/* The file events are contiguous: tables of them are indexed from EVENT_UNLINK. */
enum { EVENT_FILE_TYPES = EVENT_READ - EVENT_UNLINK + 1 };

/* Is it an event of a file?  The path of another event is that of a unix socket. */
static inline bool event_is_of_file(unsigned type)
{
	return type >= EVENT_UNLINK && type <= EVENT_READ;
}

/* Is it said over a connection, or the connection itself? */
static inline bool event_has_destination(unsigned type)
{
	return type >= EVENT_CONNECT && type <= EVENT_REQUEST;
}

/* Properties of the file of an event. */
enum event_file_flag {
	EVENT_FILE_OUTSIDE = 1, /* outside every workspace */
	EVENT_FILE_DIRECTORY = 2,
	EVENT_FILE_MOVED = 4,     /* a rename out of the workspace */
	EVENT_FILE_CACHE = 8,     /* below a directory with a CACHEDIR.TAG */
	EVENT_FILE_IGNORED = 16,  /* git ignores a directory above it */
	EVENT_FILE_LOCKED = 32,   /* a lock file of a JavaScript package manager in a directory above it */
	EVENT_FILE_STRANGER = 64, /* read: the program's file may have been given its name in this session */
};

/* The policy for files that no rule matches: the words of gate_keep(8), mildest first. */
enum event_keep { EVENT_KEEP_PASS = 0, EVENT_KEEP_KEEP, EVENT_KEEP_ASK, EVENT_KEEP_DENY };

enum event_severity {
	EVENT_SEVERITY_NOTICE = 0,
	EVENT_SEVERITY_WARNING,
	EVENT_SEVERITY_DANGER,
	EVENT_SEVERITY_CRITICAL
};

#endif
