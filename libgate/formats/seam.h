/* SPDX-License-Identifier: BSD-2-Clause */
/* seam.h - the interface between the interposer and the session that holds the kernel's seam: one seccomp filter for
 * all of the session's processes, whose listener gatesh holds (gatesh/seam/filter.h).
 *
 * The kernel ignores the argument registers that a system call does not use, but a filter can read them.  A call that
 * the interposer has judged carries the session's cookie in its sixth argument, and the filter lets it pass.  The same
 * call without the cookie goes to gatesh.  The cookie protects from accidents, not from attacks: every process of the
 * session can get it.
 *
 * The interposer gets the cookie and the policy image from gatesh alone, never from a file or an inherited
 * descriptor.  It asks by a call that the filter notifies and that does nothing by itself, openat(AT_FDCWD, "",
 * O_WRONLY): gatesh answers with a descriptor, and without gatesh the kernel answers ENOENT.  A program's own filter
 * that allows it to open a file for writing also allows the request.  Needs libc headers only. */
#ifndef GATE_FORMATS_SEAM_H
#define GATE_FORMATS_SEAM_H

#include <stdint.h>

/* The sixth argument of a request; the fifth is one of enum seam_request. */
#define SEAM_REQUEST 0x67617465736b3f01ull

enum seam_request {
	SEAM_PAGE = 1, /* the session's page: a sealed memfd, to be mapped read-only */
	SEAM_CHANNEL,  /* a SOCK_SEQPACKET connection for one question: wire.h */
	/* These two have no descriptor for an answer, only 0: this thread looks a name up, and libc connects by itself. */
	SEAM_LOOKUP_BEGINS,
	SEAM_LOOKUP_ENDS,
	SEAM_TABLES, /* the session's two tables of files, and its accounts: a memfd, to be mapped shared and writable */
	SEAM_BIRTHS, /* no descriptor: -EALREADY when the tables have all files that others have just made */
	/* The session's relay: turned.h.  The first and the last have no descriptor for an answer, but a number. */
	SEAM_RELAY_PORTS, /* where it listens; 0: there is none */
	SEAM_RELAY,       /* a SOCK_SEQPACKET connection for one registration */
	SEAM_RELAY_PEER,  /* the real server's port, by the local port in the fourth argument */
};

enum { SEAM_MAGIC = 0x4d414553 /* "SEAM" */, SEAM_VERSION = 1, SEAM_IMAGE_AT = 4096 };

/* The start of the session's page.  The policy image (image.h) begins at SEAM_IMAGE_AT. */
struct seam_page {
	uint32_t magic, version;
	uint64_t cookie;
	uint32_t size; /* of the whole, bytes */
};

/* The tables (made_table.h), one after the other: the files that the session made, in MADE_SLOTS slots; and those whose
 * content needs no more keeping before they are written in place, since it has been kept, or since a person said yes to
 * losing it.  A page of accounts follows (allowance.h). */
enum { SEAM_SETTLED_SLOTS = 65536 };

/* How the value of GATE_SESSION ends in a session that holds the seam.  It still names the session's directory. */
#define SEAM_MARK "/"       /* gatesh sees what is not judged in the process */
#define SEAM_MARK_READS "/" /* before it: rules on read concern names that read_name.h does not list */
#define SEAM_MARK_ASK "." /* after it: the caller found that a rule may concern this exec, so the program has to ask */

#endif
