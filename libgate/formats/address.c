/* SPDX-License-Identifier: BSD-2-Clause */
/* address.c - reads socket addresses and matches them against the words of connect rules. */
#include "formats/address.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "formats/image.h"

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool address_starts_with(const unsigned char *ip, const unsigned char *prefix, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ip[i] != prefix[i])
			return false;
	return true;
}

static void address_set_ipv4(struct gate_dest *d, const unsigned char a[4])
{
	static const unsigned char any[4] = {0}, loopback[4] = {127, 0, 0, 1};
	d->family = AF_INET;
	__builtin_memcpy(d->ip, mapped, sizeof mapped);
	__builtin_memcpy(d->ip + 12, address_starts_with(a, any, 4) ? loopback : a, 4);
}

static void address_set_ipv6(struct gate_dest *d, const unsigned char a[16])
{
	static const unsigned char any[16] = {0};
	if (address_starts_with(a, mapped, sizeof mapped)) {
		address_set_ipv4(d, a + 12);
		return;
	}
	d->family = AF_INET6;
	__builtin_memcpy(d->ip, a, 16);
	if (address_starts_with(a, any, 16))
		d->ip[15] = 1;
}

/* An abstract name consists of all its bytes; a path ends at its NUL or with the address. */
static bool address_set_unix(struct gate_dest *d, const char *path, size_t len)
{
	bool abstract = len && !*path;
	size_t n = 0;
	d->family = AF_UNIX;
	for (; n < len && n < sizeof d->path - 1 && (abstract || path[n]); n++)
		d->path[n] = path[n] ? path[n] : '@';
	d->path[n] = '\0';
	return n > abstract;
}

bool gate_dest_of(const void *address, size_t len, struct gate_dest *d)
{
	const char *bytes = address;
	sa_family_t family;
	uint16_t port;
	if (!address || len < sizeof family || len > sizeof(struct sockaddr_storage))
		return false;
	d->family = AF_UNSPEC;
	d->port = 0;
	d->path[0] = '\0';
	__builtin_memcpy(&family, bytes, sizeof family);
	if (family == AF_UNIX)
		return address_set_unix(d, bytes + sizeof family, len - sizeof family);
	bool four = family == AF_INET && len >= sizeof(struct sockaddr_in);
	/* Linux also accepts the struct of RFC 2133, which has no scope. */
	bool six = family == AF_INET6 && len >= offsetof(struct sockaddr_in6, sin6_scope_id);
	if (!four && !six)
		return false;
	__builtin_memcpy(&port, bytes + sizeof family, sizeof port); /* at the same offset in both */
	d->port = ntohs(port);
	if (four)
		address_set_ipv4(d, (const unsigned char *)bytes + offsetof(struct sockaddr_in, sin_addr));
	else
		address_set_ipv6(d, (const unsigned char *)bytes + offsetof(struct sockaddr_in6, sin6_addr));
	return true;
}

static bool address_in_net(const struct gate_net *net, const unsigned char ip[16])
{
	size_t whole = net->bits / 8;
	unsigned rest = net->bits % 8;
	return address_starts_with(ip, net->ip, whole) && (!rest || (ip[whole] ^ net->ip[whole]) >> (8 - rest) == 0);
}

bool gate_nets_match(const struct gate_net *v, size_t n, const unsigned char ip[16])
{
	struct gate_choosing c = {0};
	for (size_t i = 0; i < n; i++) {
		bool in = address_in_net(&v[i], ip);
		c.wanted |= !v[i].negated;
		c.found |= in && !v[i].negated;
		c.refused |= in && v[i].negated;
	}
	return gate_chosen(&c);
}

bool gate_ports_match(const struct gate_ports *v, size_t n, uint16_t port)
{
	for (size_t i = 0; i < n; i++)
		if (port >= v[i].from && port <= v[i].to)
			return true;
	return !n;
}

static bool address_same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static void address_choose(struct gate_choosing *c, bool negated, bool matches)
{
	c->wanted |= !negated;
	c->found |= matches && !negated;
	c->refused |= matches && negated;
}

void gate_choose_host(struct gate_choosing *c, const char *word, const char *name)
{
	bool negated = *word == '!', unknown = address_same(word + negated, GATE_HOST_UNKNOWN);
	address_choose(c, negated, name ? !unknown && gate_glob(word + negated, name, NULL) : unknown);
}

void gate_choose_path(struct gate_choosing *c, const char *word, const char *path)
{
	bool negated = *word == '!';
	address_choose(c, negated, gate_glob(word + negated, path, NULL));
}

bool gate_host_fold(char out[GATE_HOST_MAX], const char *name)
{
	size_t n = 0;
	for (; name[n]; n++) {
		if (n == GATE_HOST_MAX - 1)
			return false;
		out[n] = name[n] >= 'A' && name[n] <= 'Z' ? (char)(name[n] | 0x20) : name[n];
	}
	n -= n && out[n - 1] == '.';
	out[n] = '\0';
	return n;
}

static bool address_is_digit(char c, bool hex)
{
	return (c >= '0' && c <= '9') || (hex && ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'));
}

bool gate_host_is_address(const char *name)
{
	for (const char *s = name; *s; s++)
		if (*s == ':')
			return true;
	for (const char *s = name;; s++) { /* is it numbers joined by dots? */
		bool hex = *s == '0' && (s[1] | 0x20) == 'x';
		const char *from = s += hex ? 2 : 0;
		while (address_is_digit(*s, hex))
			s++;
		if (s == from || (*s && *s != '.'))
			return false;
		if (!*s)
			return true;
	}
}
