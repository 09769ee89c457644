/* SPDX-License-Identifier: BSD-2-Clause */
/* destination.h - a connection as rules, lists and people see it: its address, its names in one form, and the words
 * that rules and list files use for them.  Internal to libgate and gatesh. */
#ifndef GATE_ADDRESS_DESTINATION_H
#define GATE_ADDRESS_DESTINATION_H

#include <gate.h>

#include "formats/address.h"

#pragma GCC visibility push(default)

struct destination {
	struct gate_dest dest;
	const char *path;             /* unix: the socket's path, borrowed from the event; else NULL */
	const char *program;          /* base name of the acting program, borrowed; NULL: unknown */
	char (*names)[GATE_HOST_MAX]; /* n names in the form of destination_host(); owned */
	size_t n;
	char address[64];     /* "10.0.0.5", "fe80::1"; "" for a unix socket */
	const char *protocol; /* "tcp", "udp", "unix", ...; static storage */
};

/* Read a connect event.  Returns 0, -EINVAL (the event has no address that can be judged) or -ENOMEM.  Call
 * destination_free() in all cases. */
int destination_of(const struct gate_event *ev, struct destination *out);
void destination_free(struct destination *d);

/* Read "NAME ... ADDRESS:PORT", "[::1]:80", or the path of a unix socket, which is borrowed.  Names, address and port
 * are each optional; the defaults are 192.0.2.1 and 443.  Returns 0, -EINVAL or -ENOMEM.  Call destination_free() in
 * all cases.  Defined in destination_text.c. */
int destination_parse(const char *text, struct destination *d);

struct strbuf;

/* Append "db.example.com:5432 (10.0.0.5, tcp)", "[::1]:80 (name unknown, tcp)" or "/run/x.sock (unix)".  Not
 * escaped. */
void destination_put(struct strbuf *b, const struct destination *d);

/* Append the names; without names, the address or "[::1]"; for a unix socket, the path.  Not escaped. */
void destination_put_host(struct strbuf *b, const struct destination *d);

/* The fault in a word, and its offset. */
struct word_fault {
	const char *what; /* static storage */
	size_t at;
};

/* Convert a host name or glob to the form that is compared: lower case, no trailing dot, non-ASCII labels in punycode.
 * Returns 0 or -EINVAL. */
int destination_host(const char *s, size_t n, char out[GATE_HOST_MAX], struct word_fault *f);

/* Read one word, with or without a leading '!', and append its value.  Returns 0, -EINVAL (with *f filled) or
 * -ENOMEM. */
int destination_add_net(const char *s, size_t n, struct gate_net **v, size_t *nv, struct word_fault *f);
int destination_add_ports(const char *s, size_t n, struct gate_ports **v, size_t *nv, struct word_fault *f);

#pragma GCC visibility pop

#endif
