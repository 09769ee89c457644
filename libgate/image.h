/* image.h - the policy image: what the interposer's prefilter reads.  Position-independent, little-endian as the
 * machine, mapped read-only.  For each event it holds the program names and keywords without which no rule can match;
 * a process that the image does not concern goes on without asking anybody.
 *
 * Shared by the engine (builder: image_build.c) and the interposer (reader: preload/image_read.c); needs libc headers only.
 * The reader trusts nothing: every offset is checked against the size before use, and a bad image is a fault. */
#ifndef GATE_IMAGE_H
#define GATE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATE_IMAGE_MAGIC "GATEIMG\1"
enum { GATE_IMAGE_VERSION = 1, GATE_IMAGE_MAX = 64 << 20 };

#define GATE_IMAGE_NAME "policy.img" /* in the session's directory */
#define GATE_SOCKET_NAME "ask.sock"  /* likewise */

enum gate_image_flag {
	GATE_IMAGE_ON_FAULT_ALLOW = 1, /* gate.conf on-fault: allow */
};

struct gate_image_head {
	char magic[8];
	uint32_t version;
	uint32_t size; /* of the whole image, bytes */
	uint32_t flags;
	uint32_t gate_exec; /* offset of the NUL-terminated path of gate-exec */
	/* tables: offsets from the image's start and entry counts; laid out by image_build.c */
	uint32_t names, nnames;     /* open-addressing hash of program names, a power of two */
	uint32_t globs, nglobs;     /* names with a trailing '*' */
	uint32_t rules, nrules;     /* one entry a rule: its keyword groups */
	uint32_t any, nany;         /* rules for any program */
	uint32_t words, nwords;     /* keyword groups and strings */
};

/* Is this a whole image of this version?  0, -EINVAL (foreign), -EBADMSG (truncated or an offset out of range). */
int gate_image_check(const void *map, size_t len);

/* Could a rule concern this exec?  False only when none can (a checked image is assumed).  execfn may be NULL; argv is
 * NULL-terminated and may be empty.  No allocation, no errno, at most 1 KiB of stack; async-signal-safe. */
bool gate_image_concerns(const void *map, const char *execfn, const char *const *argv);

#endif
