/* SPDX-License-Identifier: BSD-2-Clause */
/* address.h - where a connection goes, and the words of rules about it.  Shared by the engine and the interposer, so that
 * both read an address and a rule alike; needs libc headers only.  Everything here is async-signal-safe and allocates
 * nothing.  formats/address.c. */
#ifndef GATE_FORMATS_ADDRESS_H
#define GATE_FORMATS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum { GATE_DEST_PATH = 128, GATE_HOST_MAX = 256 };

/* The word of a `host` line for an address that nobody looked up. */
#define GATE_HOST_UNKNOWN "unknown"

struct gate_dest {
	uint16_t family;           /* AF_INET (also of ::ffff:a.b.c.d), AF_INET6, AF_UNIX */
	uint16_t port;             /* host order; 0 of a unix socket */
	unsigned char ip[16];      /* IPv4 as ::ffff:a.b.c.d; the address 0 as loopback, where the kernel takes it */
	char path[GATE_DEST_PATH]; /* unix: as given; "@name" when abstract, with '@' for each NUL in it */
};

/* A block of addresses of a `net` line. */
struct gate_net {
	unsigned char ip[16];
	uint8_t bits;    /* of the 128 */
	uint8_t negated; /* the line has it with a '!': none of these */
	uint8_t pad[2];
};

/* A range of a `port` line. */
struct gate_ports {
	uint16_t from, to;
};

/* Words of a list against one text: a word with '!' before it must not match, of the others one must if there are
 * any. */
struct gate_choosing {
	bool wanted, found, refused;
};

/* Read an address as connect(2) takes it.  False: of another family, unnamed, or shorter than its family: the kernel's
 * to judge. */
bool gate_dest_of(const void *address, size_t len, struct gate_dest *d);

bool gate_nets_match(const struct gate_net *v, size_t n, const unsigned char ip[16]);
bool gate_ports_match(const struct gate_ports *v, size_t n, uint16_t port);

/* One more word of a `host` line against a folded name (NULL: unknown); of a `socket` line against a path. */
void gate_choose_host(struct gate_choosing *c, const char *word, const char *name);
void gate_choose_path(struct gate_choosing *c, const char *word, const char *path);

static inline bool gate_chosen(const struct gate_choosing *c)
{
	return (!c->wanted || c->found) && !c->refused;
}

/* Copy a name with ASCII letters in lower case and without the dot at its end.  False when it does not fit or is
 * empty. */
bool gate_host_fold(char out[GATE_HOST_MAX], const char *name);

/* Is it an address and no name, as getaddrinfo(3) and inet_aton(3) read one: 127.1, 0x7f.1, ::1? */
bool gate_host_is_address(const char *name);

#pragma GCC visibility pop

#endif
