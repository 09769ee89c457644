/* SPDX-License-Identifier: BSD-2-Clause */
/* address.h - the destination of a connection, and the words of rules that match it.  The engine and the interposer
 * share this code, so that both read an address and a rule the same way.  It needs libc headers only, is
 * async-signal-safe and allocates nothing.  formats/address.c. */
#ifndef GATE_FORMATS_ADDRESS_H
#define GATE_FORMATS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum { GATE_DEST_PATH = 128, GATE_HOST_MAX = 256 };

/* The word of a `host` line for an address that the process got without looking up a name. */
#define GATE_HOST_UNKNOWN "unknown"

struct gate_dest {
	uint16_t family;           /* AF_INET (also for ::ffff:a.b.c.d), AF_INET6, AF_UNIX */
	uint16_t port;             /* host byte order; 0 for a unix socket */
	unsigned char ip[16];      /* IPv4 as ::ffff:a.b.c.d; address 0 as loopback, where the kernel connects it */
	char path[GATE_DEST_PATH]; /* unix: as given; "@name" if abstract, with '@' for each NUL */
};

/* A block of addresses in a `net` line. */
struct gate_net {
	unsigned char ip[16];
	uint8_t bits;    /* prefix length, out of 128 */
	uint8_t negated; /* '!' precedes it in the line: no address of this block matches */
	uint8_t pad[2];
};

/* A range in a `port` line, both ends included. */
struct gate_ports {
	uint16_t from, to;
};

/* The state of matching one text against a list of words.  A word after '!' must not match.  If there are other words,
 * one of them must match.  Zero-initialise. */
struct gate_choosing {
	bool wanted, found, refused;
};

/* Read an address as passed to connect(2).  Returns false if it belongs to another family, is unnamed, or is too short
 * for its family; the kernel judges such an address. */
bool gate_dest_of(const void *address, size_t len, struct gate_dest *d);

/* Does the address or port match the list?  An empty list matches everything. */
bool gate_nets_match(const struct gate_net *v, size_t n, const unsigned char ip[16]);
bool gate_ports_match(const struct gate_ports *v, size_t n, uint16_t port);

/* Match one more word of a `host` line against a folded name (NULL: unknown), or of a `socket` line against a path. */
void gate_choose_host(struct gate_choosing *c, const char *word, const char *name);
void gate_choose_path(struct gate_choosing *c, const char *word, const char *path);

static inline bool gate_chosen(const struct gate_choosing *c)
{
	return (!c->wanted || c->found) && !c->refused;
}

/* Copy a name with ASCII letters in lower case and without a trailing dot.  Returns false if it does not fit or is
 * empty. */
bool gate_host_fold(char out[GATE_HOST_MAX], const char *name);

/* Would getaddrinfo(3) and inet_aton(3) read the text as an address, not a name: 127.1, 0x7f.1, ::1? */
bool gate_host_is_address(const char *name);

#pragma GCC visibility pop

#endif
