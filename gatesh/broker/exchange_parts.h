/* SPDX-License-Identifier: BSD-2-Clause */
/* exchange_parts.h - a request on its way, for the files exchange*.c alone. */
#ifndef GATESH_BROKER_EXCHANGE_PARTS_H
#define GATESH_BROKER_EXCHANGE_PARTS_H

#include "broker/aws_request.h"
#include "broker/body.h"
#include "broker/broker.h"
#include "broker/git_request.h"

enum { EXCHANGE_HEAD_MS = 30000, EXCHANGE_PART = 65536 };

/* Bytes on their way in one direction. */
struct lane {
	char *bytes;
	size_t from, to;
	bool over; /* no more will come */
};

struct exchange {
	struct broker *b;
	int fd;
	char text[REQUEST_HEAD_MAX]; /* the head, and what came with it */
	size_t len, head_size;
	struct request_head head;
	const struct secret *secret; /* the one that the target names */
	const struct secret
		*used;    /* the one whose credential goes to the server: this one, or the stronger of its name */
	const char *host; /* the server's */
	size_t skip;      /* bytes of the target that name the secret */
	struct body body;
	struct strbuf early;      /* what was taken of the body before the request was judged, as the client sent it */
	struct strbuf plain;      /* ... without the framing of its chunks */
	bool whole;               /* `plain` is all of the body, and the server gets it so (tool=aws) */
	struct strbuf operations; /* what Gate has read of what the request does, a line each */
	enum git_kind git;
	struct aws_request aws; /* with tool=aws */
	struct upstream up;
	void *settings; /* of its TLS, where the secret has its own; else NULL */
	struct lane there, back;
	char *there_part, *back_part; /* EXCHANGE_PART bytes for each */
	struct strbuf answer;         /* the head of the server's answer, until it is complete */
	bool answered;                /* ... which it is */
};

/* Answer instead of the server.  Programs print the text. */
void exchange_answer(struct exchange *x, const char *status, const char *why);

/* ... with another type of body. */
void exchange_answer_typed(struct exchange *x, const char *status, const char *type, const char *body, size_t n);

/* Find out what the request does, have it judged, and choose the credential.  False: it was refused, and answered.
 * exchange_judge.c. */
bool exchange_judge(struct exchange *x);

/* Send the body on and bring the answer back.  exchange_pump.c. */
void exchange_pump(struct exchange *x);

/* The head of the server's answer as the client gets it: a Location at the server becomes one at `address`, of which it is the
 * same place.  exchange_answer_head.c. */
void exchange_put_answer_head(const char *head, size_t n, const struct secret *s, const char *address,
			      struct strbuf *out);

/* The status of an answer's head; 0: it has none. */
unsigned exchange_answer_status(const char *head, size_t n);

#endif
