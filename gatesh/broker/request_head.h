/* SPDX-License-Identifier: BSD-2-Clause */
/* request_head.h - the head of a request to the broker, and the one that goes to the server in its place.  Pure functions over
 * text of an unknown origin. */
#ifndef GATESH_BROKER_REQUEST_HEAD_H
#define GATESH_BROKER_REQUEST_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "principal/secret.h"

enum { REQUEST_HEAD_MAX = 65536 };

/* A parsed head.  Points into its text. */
struct request_head {
	const char *method, *target; /* not terminated */
	size_t method_len, target_len;
	const char *fields; /* the lines after the first, up to the empty line */
	size_t fields_len;
	uint64_t length; /* Content-Length; 0 if there is none */
	bool chunked;
};

/* A field line.  Points into the text. */
struct request_field {
	const char *name, *value;
	size_t name_len, value_len;
};

/* Take the next field line from *at.  1: there is one; 0: there are no more; -1: it is none. */
int request_head_next(const char **at, const char *end, struct request_field *f);

/* The bytes of the head with its empty line; 0: it has not come to its end. */
size_t request_head_size(const char *text, size_t len);

/* Parse a head of HTTP/1.x.  Returns NULL, or what is wrong with it (static storage): what two readers of a request could
 * understand differently is refused (RFC 9112, 6.3 and 11.2). */
const char *request_head_parse(const char *text, size_t len, struct request_head *out);

/* The value of the first field of this name (in lower case), *n bytes; NULL if there is none. */
const char *request_head_field(const struct request_head *h, const char *name, size_t *n);

/* Does the field stay behind: one between the client and the broker alone, or a credential of the client's? */
bool request_head_drops(const struct request_field *f, const struct secret *s);

/* Append "Basic " and the user with the password in base64 (RFC 7617). */
void request_head_put_basic(const char *user, const char *password, struct strbuf *out);

/* Append the head for the server: the target without its first `skip` bytes and behind the secret's path, the server as
 * Host, none of the client's credentials and hop-by-hop fields, `Connection: close`, and the credential (`value` NULL: none). */
void request_head_write(const struct request_head *h, const struct secret *s, const char *value, size_t skip,
			struct strbuf *out);

#endif
