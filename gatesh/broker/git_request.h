/* SPDX-License-Identifier: BSD-2-Clause */
/* git_request.h - what a request of git's smart protocol does (gitprotocol-http(5), gitprotocol-pack(5)), read from the request
 * itself.  Pure functions over text of an unknown origin. */
#ifndef GATESH_BROKER_GIT_REQUEST_H
#define GATESH_BROKER_GIT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "broker/request_head.h"

enum git_kind {
	GIT_OTHER, /* not of the smart protocol, or not sure to be */
	GIT_FETCH, /* reads */
	GIT_LIST,  /* what a push asks first: the server's refs; reads, but servers want the right to push */
	GIT_PUSH,  /* its body begins with commands: git_push_next() */
};

/* By method and target.  A path that a server may decode to another one is GIT_OTHER. */
enum git_kind git_request_kind(const struct request_head *h);

/* The commands of a push: the text up to its flush packet. */
enum { GIT_ID_MAX = 64, GIT_COMMANDS_MAX = 1 << 20 };

/* The bytes that the commands take; 0: there are more of them; SIZE_MAX: these are no commands. */
size_t git_push_size(const char *text, size_t len);

struct git_update {
	char before[GIT_ID_MAX + 1],
		after[GIT_ID_MAX + 1]; /* lower-case hexadecimal; "": no such ref before, or after */
	const char *ref;               /* in the text, not terminated, without control characters */
	size_t ref_len;
};

/* Take the next command from text[*at..len), where `len` is git_push_size().  1: there is one; 0: there are no more; -1: it is
 * something else (a signed push). */
int git_push_next(const char *text, size_t len, size_t *at, struct git_update *u);

/* Does the client know this capability: "report-status", "side-band-64k"? */
bool git_push_can(const char *text, size_t len, const char *capability);

#endif
