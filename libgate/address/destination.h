/* destination.h - a connection as rules, lists and people see it: the address read, its names in one form, and the
 * words of rules and list files about them.  Internal to libgate and gatesh. */
#ifndef GATE_ADDRESS_DESTINATION_H
#define GATE_ADDRESS_DESTINATION_H

#include <gate.h>

#include "formats/address.h"

#pragma GCC visibility push(default)

struct destination {
	struct gate_dest dest;
	const char *path;             /* unix: borrowed from the event; else NULL */
	const char *program;          /* base name of the one who acts, borrowed; NULL: not known */
	char (*names)[GATE_HOST_MAX]; /* n of them, as destination_host() leaves a name; owned */
	size_t n;
	char address[64];     /* "10.0.0.5", "fe80::1"; "" of a unix socket */
	const char *protocol; /* "tcp", "udp", "unix", ...; static storage */
};

/* Read a connect event.  0, -EINVAL (no address that can be judged), -ENOMEM; destination_free() in all cases. */
int destination_of(const struct gate_event *ev, struct destination *out);
void destination_free(struct destination *d);

/* Read "NAME ... ADDRESS:PORT" (names, address and port are each optional: 192.0.2.1, 443), "[::1]:80", or a unix
 * socket's path, which is borrowed.  0, -EINVAL, -ENOMEM; destination_free() in all cases.  destination_text.c. */
int destination_parse(const char *text, struct destination *d);

struct strbuf;

/* "db.example.com:5432 (10.0.0.5, tcp)", "[::1]:80 (name unknown, tcp)", "/run/x.sock (unix)".  Not escaped. */
void destination_put(struct strbuf *b, const struct destination *d);

/* Its names, or the address, "[::1]", or the path. */
void destination_put_host(struct strbuf *b, const struct destination *d);

/* What is wrong with a word, and where in it. */
struct word_fault {
	const char *what; /* static storage */
	size_t at;
};

/* Bring a host name, or a glob of one, into the form that is compared: lower case, no dot at its end, labels that are
 * not ASCII in punycode.  0 or -EINVAL. */
int destination_host(const char *s, size_t n, char out[GATE_HOST_MAX], struct word_fault *f);

/* Read one word, with or without its '!', and append what it stands for.  0, -EINVAL (*f filled), -ENOMEM. */
int destination_add_net(const char *s, size_t n, struct gate_net **v, size_t *nv, struct word_fault *f);
int destination_add_ports(const char *s, size_t n, struct gate_ports **v, size_t *nv, struct word_fault *f);

#pragma GCC visibility pop

#endif
