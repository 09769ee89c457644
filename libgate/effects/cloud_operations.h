/* SPDX-License-Identifier: BSD-2-Clause */
/* cloud_operations.h - what a request to an API of AWS or Kubernetes does, by the names that their own access rules use: "s3:DeleteBucket",
 * "k8s:delete:namespaces".  Pure. */
#ifndef GATE_EFFECTS_CLOUD_OPERATIONS_H
#define GATE_EFFECTS_CLOUD_OPERATIONS_H

#include "base/strbuf.h"

#pragma GCC visibility push(default)

/* A request.  Unknown parts are NULL. */
struct cloud_call {
	const char *host;    /* "ec2.eu-west-1.amazonaws.com" */
	const char *service; /* of AWS, where the signature says it: "s3" */
	const char *method, *target;
	const char *action; /* X-Amz-Target: "DynamoDB_20120810.DeleteTable" */
	const char *body;
	size_t len;
};

/* Append the operation and a newline; nothing if it is no such request.
 *   S3: by method, path and query, as https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html names them, but
 *     DeleteObjectVersion for a deletion that names a version;
 *   services that name an action: SERVICE:ACTION; others: SERVICE:METHOD;
 *   Kubernetes: k8s:VERB:RESOURCE[/SUBRESOURCE] of https://kubernetes.io/docs/reference/access-authn-authz/authorization/ */
void cloud_operation(const struct cloud_call *c, struct strbuf *out);

#pragma GCC visibility pop

#endif
