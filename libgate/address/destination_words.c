/* SPDX-License-Identifier: BSD-2-Clause */
/* destination_words.c - parses the words of `host`, `net` and `port` lines and of list files. */
#include "address/destination.h"

#include <arpa/inet.h>
#include <errno.h>
#include <idn2.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int words_fault(struct word_fault *f, size_t at, const char *what)
{
	*f = (struct word_fault){what, at};
	return -EINVAL;
}

static void *words_append(void *v, size_t *n, size_t size)
{
	void **array = v, *grown = reallocarray(*array, *n + 1, size);
	if (!grown)
		return NULL;
	*array = grown;
	return (char *)grown + (*n)++ * size;
}

/* --- host --------------------------------------------------------------------------------------------------------- */

/* Append one label, in ASCII, to `out`. */
static int words_put_label(const char *s, size_t n, char out[GATE_HOST_MAX], size_t *len, struct word_fault *f)
{
	char label[GATE_HOST_MAX];
	uint8_t *ascii = NULL;
	bool plain = true;
	for (size_t i = 0; i < n; i++)
		plain = plain && !(s[i] & 0x80);
	if (n >= sizeof label)
		return words_fault(f, 0, "the name is longer than 253 bytes");
	memcpy(label, s, n);
	label[n] = '\0';
	if (!plain && strpbrk(label, "*?[!"))
		return words_fault(f, 0, "a label with wildcards must be ASCII: write it as xn--...");
	if (!plain && idn2_lookup_u8((const uint8_t *)label, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return words_fault(f, 0, "not a valid internationalized name");
	const char *text = ascii ? (const char *)ascii : label;
	size_t need = strlen(text);
	bool fits = *len + need < GATE_HOST_MAX;
	for (size_t i = 0; fits && i < need; i++)
		out[(*len)++] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
	out[*len] = '\0';
	idn2_free(ascii);
	return fits ? 0 : words_fault(f, 0, "the name is longer than 253 bytes");
}

int destination_host(const char *s, size_t n, char out[GATE_HOST_MAX], struct word_fault *f)
{
	size_t len = 0;
	out[0] = '\0';
	n -= n && s[n - 1] == '.';
	if (!n)
		return words_fault(f, 0, "the name is empty");
	for (size_t from = 0; from <= n;) {
		const char *dot = memchr(s + from, '.', n - from);
		size_t to = dot ? (size_t)(dot - s) : n;
		int err = words_put_label(s + from, to - from, out, &len, f);
		if (err) {
			f->at += from;
			return err;
		}
		if (dot && len < GATE_HOST_MAX - 1)
			out[len++] = '.', out[len] = '\0';
		from = to + 1;
	}
	return 0;
}

/* --- net ---------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name, *blocks; /* separated by blanks */
} known_nets[] = {
	{"private", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7"},
	{"loopback", "127.0.0.0/8 ::1/128"},
	{"link-local", "169.254.0.0/16 fe80::/10"},
};

/* "ADDRESS[/BITS]" */
static int words_parse_block(const char *s, size_t n, struct gate_net *net, struct word_fault *f)
{
	char text[64], *slash, *end;
	*net = (struct gate_net){.bits = 128};
	if (n >= sizeof text)
		return words_fault(f, 0, "not an address or ADDRESS/BITS");
	memcpy(text, s, n);
	text[n] = '\0';
	slash = strchr(text, '/');
	if (slash)
		*slash = '\0';
	bool four = inet_pton(AF_INET, text, net->ip + 12) == 1;
	if (four)
		net->ip[10] = net->ip[11] = 0xff;
	else if (inet_pton(AF_INET6, text, net->ip) != 1)
		return words_fault(f, 0, "not an address, ADDRESS/BITS, private, loopback or link-local");
	if (!slash)
		return 0;
	size_t at = (size_t)(slash - text) + 1;
	unsigned long bits = strtoul(slash + 1, &end, 10);
	if (slash[1] < '0' || slash[1] > '9' || *end || bits > (four ? 32 : 128))
		return words_fault(f, at,
				   four ? "an IPv4 prefix length is 0 to 32" : "an IPv6 prefix length is 0 to 128");
	net->bits = (uint8_t)(bits + (four ? 96 : 0));
	for (unsigned i = net->bits; i < 128; i++)
		if (net->ip[i / 8] >> (7 - i % 8) & 1)
			return words_fault(f, 0, "the address has bits set beyond its prefix");
	return 0;
}

static int words_add_block(const char *s, size_t n, bool negated, struct gate_net **v, size_t *nv, struct word_fault *f)
{
	struct gate_net net;
	int err = words_parse_block(s, n, &net, f);
	if (err)
		return err;
	struct gate_net *slot = words_append(v, nv, sizeof *slot);
	if (!slot)
		return -ENOMEM;
	net.negated = negated;
	*slot = net;
	return 0;
}

int destination_add_net(const char *s, size_t n, struct gate_net **v, size_t *nv, struct word_fault *f)
{
	bool negated = n && *s == '!';
	int err = 0;
	s += negated, n -= negated;
	for (size_t i = 0; i < sizeof known_nets / sizeof *known_nets; i++) {
		if (strlen(known_nets[i].name) != n || memcmp(known_nets[i].name, s, n))
			continue;
		for (const char *p = known_nets[i].blocks; !err && *p; p += strspn(p, " ")) {
			size_t len = strcspn(p, " ");
			err = words_add_block(p, len, negated, v, nv, f);
			p += len;
		}
		return err;
	}
	err = words_add_block(s, n, negated, v, nv, f);
	f->at += err == -EINVAL && negated;
	return err;
}

/* --- port --------------------------------------------------------------------------------------------------------- */

static int words_port_number(const char *s, size_t n, uint16_t *out, size_t at, struct word_fault *f)
{
	unsigned long v = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return words_fault(f, at + i, "a port is a number, FROM-TO or a service name");
		v = v < 100000 ? v * 10 + (unsigned long)(s[i] - '0') : v;
	}
	if (!n || v > UINT16_MAX)
		return words_fault(f, at, n ? "the highest port is 65535" : "a port is missing");
	*out = (uint16_t)v;
	return 0;
}

/* Look the name up in services(5), for any protocol. */
static bool words_service_port(const char *name, uint16_t *out)
{
	struct servent space, *found = NULL;
	char buf[1024];
	if (getservbyname_r(name, NULL, &space, buf, sizeof buf, &found) || !found)
		return false;
	*out = ntohs((uint16_t)found->s_port);
	return true;
}

int destination_add_ports(const char *s, size_t n, struct gate_ports **v, size_t *nv, struct word_fault *f)
{
	struct gate_ports p;
	char name[64];
	const char *dash = memchr(s, '-', n);
	size_t first = dash ? (size_t)(dash - s) : n;
	int err = 0;
	bool digits = n && *s >= '0' && *s <= '9';
	if (!digits && n < sizeof name) {
		memcpy(name, s, n);
		name[n] = '\0';
		if (!words_service_port(name, &p.from))
			return words_fault(f, 0, "services(5) does not have this name");
		p.to = p.from;
	} else {
		err = words_port_number(s, first, &p.from, 0, f);
		p.to = p.from;
		if (!err && dash)
			err = words_port_number(dash + 1, n - first - 1, &p.to, first + 1, f);
		if (!err && p.to < p.from)
			err = words_fault(f, first + 1, "the range ends before it begins");
	}
	if (err)
		return err;
	struct gate_ports *slot = words_append(v, nv, sizeof *slot);
	if (!slot)
		return -ENOMEM;
	*slot = p;
	return 0;
}
