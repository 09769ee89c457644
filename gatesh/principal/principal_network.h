/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_network.h - a principal's network-allow and deny, as a list and a rule that the engine reads. */
#ifndef GATESH_PRINCIPAL_PRINCIPAL_NETWORK_H
#define GATESH_PRINCIPAL_PRINCIPAL_NETWORK_H

#include "base/strbuf.h"
#include "principal/principal.h"

/* Append the line of gate_listfile(8) that one word of network-allow stands for: HOST, HOST:PORT[,PORT ...],
 * [IPV6]:PORT, an address block or a socket's path.  False if it stands for none. */
bool principal_network_line(const char *word, size_t n, struct strbuf *out);

/* Append the whole list.  Only loopback addresses and names that are on it are on it: a resolver or a proxy on this
 * machine needs its line. */
void principal_network_list(const struct principal *p, struct strbuf *out);

/* Append a pack with the rule that denies p->deny, and the one that denies the person's key agents, SSH_AUTH_SOCK among them. */
void principal_network_rules(const struct principal *p, struct strbuf *out);

#endif
