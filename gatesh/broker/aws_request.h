/* SPDX-License-Identifier: BSD-2-Clause */
/* aws_request.h - a request of AWS's tools and libraries on its way: which server it is meant for, and its new signature. */
#ifndef GATESH_BROKER_AWS_REQUEST_H
#define GATESH_BROKER_AWS_REQUEST_H

#include "broker/sigv4.h"

struct aws_request {
	struct sigv4 v;
	char host[256];     /* to connect to */
	char field[272];    /* the field Host */
	struct strbuf path; /* at the server; owned */
	struct sigv4_span query;
	char action[128]; /* what X-Amz-Target names: "DynamoDB_20120810.DeleteTable"; or "" */
};

/* Read a request for the secret, whose host may be *.DOMAIN: the signature's scope then says which server of the domain it is for.
 * Returns NULL, or what is wrong (static storage).  Call aws_request_free() in all cases. */
const char *aws_request_read(const struct request_head *h, size_t skip, const struct secret *s,
			     struct aws_request *out);
void aws_request_free(struct aws_request *r);

/* Does the signature cover bytes of the body, so that all of it has to be there? */
bool aws_request_needs_body(const struct aws_request *r);

/* Append the head for the server, and sign the body's chunks in their places.  `value` is the secret: ID:SECRET[:TOKEN], or the JSON of
 * a credential_process.  Returns NULL, or what is wrong (static storage). */
const char *aws_request_sign(const struct aws_request *r, const struct request_head *h, const char *value,
			     const struct crypto *crypto, struct strbuf *body, struct strbuf *out);

#endif
