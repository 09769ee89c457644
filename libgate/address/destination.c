/* SPDX-License-Identifier: BSD-2-Clause */
/* destination.c - reads a connect event into a destination: address, names, protocol. */
#include "address/destination.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "base/strbuf.h"

static const char *destination_protocol_of(const struct gate_event *ev)
{
	switch (ev->socket_protocol) {
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6: return "icmp";
	case IPPROTO_SCTP: return "sctp";
	default: break;
	}
	return ev->socket_type == SOCK_STREAM ? "tcp" :
	       ev->socket_type == SOCK_DGRAM  ? "udp" :
	       ev->socket_type == SOCK_RAW    ? "raw" :
						"ip";
}

/* Read the names in the form that is compared.  A name that has no such form (too long, not a valid IDN) is kept as it
 * is: it can't evade a rule that its address alone would not evade. */
static int destination_read_names(struct destination *d, const char *const *hosts)
{
	size_t n = 0;
	struct word_fault f;
	while (hosts && hosts[n])
		n++;
	if (!n)
		return 0;
	d->names = calloc(n, sizeof *d->names);
	if (!d->names)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		char *name = d->names[d->n++];
		if (destination_host(hosts[i], strlen(hosts[i]), name, &f))
			strncpy(name, hosts[i], GATE_HOST_MAX - 1);
	}
	return 0;
}

int destination_of(const struct gate_event *ev, struct destination *d)
{
	struct sockaddr_storage copy;
	*d = (struct destination){.protocol = "unix", .program = ev->exe ? name_program(ev->exe) : NULL};
	if (!ev->address || ev->address_len > sizeof copy)
		return -EINVAL;
	memcpy(&copy, ev->address, ev->address_len);
	if (!gate_dest_of(&copy, ev->address_len, &d->dest))
		return -EINVAL;
	if (d->dest.family == AF_UNIX) {
		d->path = ev->path;
		return d->path ? 0 : -EINVAL;
	}
	bool four = d->dest.family == AF_INET;
	if (!inet_ntop(d->dest.family, d->dest.ip + (four ? 12 : 0), d->address, sizeof d->address))
		return -EINVAL;
	d->protocol = destination_protocol_of(ev);
	return destination_read_names(d, ev->hosts);
}

void destination_free(struct destination *d)
{
	free(d->names);
	d->names = NULL;
	d->n = 0;
}

void destination_put_host(struct strbuf *b, const struct destination *d)
{
	if (d->path)
		strbuf_puts(b, d->path);
	else if (!d->n)
		strbuf_printf(b, d->dest.family == AF_INET6 ? "[%s]" : "%s", d->address);
	for (size_t i = 0; i < d->n; i++)
		strbuf_printf(b, "%s%s", i ? "," : "", d->names[i]);
}

void destination_put(struct strbuf *b, const struct destination *d)
{
	destination_put_host(b, d);
	if (d->path)
		strbuf_puts(b, " (unix)");
	else
		strbuf_printf(b, ":%u (%s, %s)", d->dest.port, d->n ? d->address : "name unknown", d->protocol);
}
