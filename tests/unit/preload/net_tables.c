/* SPDX-License-Identifier: BSD-2-Clause */
/* network.c - what the interposer remembers of the network: names by address, verdicts by destination; and the words about
 * them that it shares with the engine. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include <cmocka.h>

#include "address/dest_list.h"
#include "address/destination.h"
#include "base/strbuf.h"
#include "preload/net/connect_cache.h"
#include "preload/net/dns_names.h"

static void ip_of(unsigned n, unsigned char ip[16])
{
	memset(ip, 0, 16);
	ip[10] = ip[11] = 0xff;
	ip[12] = 10;
	ip[13] = (unsigned char)(n >> 16);
	ip[14] = (unsigned char)(n >> 8);
	ip[15] = (unsigned char)n;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static void names_of_an_address(void **state)
{
	static struct dns_names t;
	char found[DNS_NAMES_WAYS][GATE_HOST_MAX];
	unsigned char ip[16], other[16];
	ip_of(1, ip);
	ip_of(2, other);
	assert_int_equal(dns_names_find(&t, ip, found), 0);
	assert_int_equal(dns_names_hash(&t, ip), 0);
	dns_names_add(&t, ip, "a.example");
	dns_names_add(&t, ip, "b.example");
	uint64_t both = dns_names_hash(&t, ip);
	dns_names_add(&t, ip, "a.example"); /* known */
	assert_int_equal(dns_names_hash(&t, ip), both);
	assert_int_equal(dns_names_find(&t, ip, found), 2);
	assert_string_equal(found[0], "a.example");
	assert_string_equal(found[1], "b.example");
	assert_int_equal(dns_names_find(&t, other, found), 0);
	dns_names_add(&t, ip, "c.example");
	assert_int_not_equal(dns_names_hash(&t, ip), both);
}

/* The table is as large as it is; what was looked up last is there. */
static void ten_thousand_names(void **state)
{
	struct dns_names *t = calloc(1, sizeof *t);
	char found[DNS_NAMES_WAYS][GATE_HOST_MAX], name[64];
	unsigned char ip[16];
	unsigned here = 0;
	assert_non_null(t);
	assert_true(sizeof *t < 512 << 10);
	for (unsigned i = 0; i < 10000; i++) {
		ip_of(i, ip);
		snprintf(name, sizeof name, "host%u.example", i);
		dns_names_add(t, ip, name);
		assert_int_equal(dns_names_find(t, ip, found), 1);
		assert_string_equal(found[0], name);
	}
	for (unsigned i = 0; i < 10000; i++) {
		ip_of(i, ip);
		here += dns_names_find(t, ip, found);
	}
	assert_in_range(here, DNS_NAMES_SETS * DNS_NAMES_WAYS * 9 / 10, DNS_NAMES_SETS * DNS_NAMES_WAYS);
	ip_of(9999, ip);
	assert_int_equal(dns_names_find(t, ip, found), 1);
	free(t);
}

static void many_names_of_one_address(void **state)
{
	static struct dns_names t;
	char found[DNS_NAMES_WAYS][GATE_HOST_MAX], name[64];
	unsigned char ip[16];
	ip_of(7, ip);
	for (unsigned i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "host%u.example", i);
		dns_names_add(&t, ip, name);
	}
	assert_int_equal(dns_names_find(&t, ip, found), DNS_NAMES_WAYS);
	for (unsigned i = 0; i < DNS_NAMES_WAYS; i++) /* the last ones */
		assert_in_range(atoi(found[i] + 4), 100 - DNS_NAMES_WAYS, 99);
}

/* --- verdicts ----------------------------------------------------------------------------------------------------- */

static void verdicts(void **state)
{
	static struct connect_cache t;
	static struct seen_counts counts;
	struct seen_slot what = {.length = 3, .type = 1}, read;
	enum connect_cache_verdict v;
	assert_null(connect_cache_find(&t, 0x123456789abcdef0, &v));
	assert_int_equal(v, CONNECT_CACHE_NEVER);
	memcpy(what.address, "abc", 3);
	struct seen_slot *s = connect_cache_put(&t, 0x123456789abcdef0, CONNECT_CACHE_REFUSED, &what);
	assert_ptr_equal(connect_cache_find(&t, 0x123456789abcdef0, &v), s);
	assert_int_equal(v, CONNECT_CACHE_REFUSED);
	assert_true(connect_cache_read(s, &read));
	assert_memory_equal(read.address, "abc", 3);
	assert_ptr_equal(connect_cache_put(&t, 0x123456789abcdef0, CONNECT_CACHE_PASSED, &what), s);
	connect_cache_find(&t, 0x123456789abcdef0, &v);
	assert_int_equal(v, CONNECT_CACHE_PASSED);
	assert_true(connect_cache_first_told(&t, 77));
	assert_false(connect_cache_first_told(&t, 77));
	assert_ptr_equal(connect_cache_count(&t, &counts, s), &counts.v[0][0] + (s - &t.slots[0][0]));
	for (uint64_t i = 1; i < 100000; i++)
		connect_cache_put(&t, i * 0x9e3779b97f4a7c15u, CONNECT_CACHE_PASSED, &what);
	assert_non_null(connect_cache_find(&t, 99999 * 0x9e3779b97f4a7c15u, &v));
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static bool reads(const void *address, size_t len)
{
	struct gate_dest d;
	void *copy = malloc(len ? len : 1); /* what is behind it is not read */
	memcpy(copy, address, len);
	bool is = gate_dest_of(copy, len, &d);
	free(copy);
	return is;
}

static void addresses(void **state)
{
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(80)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "/x"};
	struct gate_dest d;
	for (size_t n = 0; n < sizeof four; n++)
		assert_false(reads(&four, n));
	assert_true(gate_dest_of(&four, sizeof four, &d));
	assert_int_equal(d.port, 80);
	assert_int_equal(d.ip[12], 127); /* 0.0.0.0 */
	for (size_t n = 0; n < 24; n++)
		assert_false(reads(&six, n));
	assert_true(gate_dest_of(&six, sizeof six, &d));
	assert_int_equal(d.ip[15], 1);
	inet_pton(AF_INET6, "::ffff:10.1.2.3", &six.sin6_addr);
	assert_true(gate_dest_of(&six, sizeof six, &d));
	assert_int_equal(d.family, AF_INET);
	assert_false(reads(&local, 2)); /* unnamed */
	assert_true(gate_dest_of(&local, sizeof local, &d));
	assert_string_equal(d.path, "/x");
	assert_true(gate_dest_of(&local, offsetof(struct sockaddr_un, sun_path) + 2, &d)); /* no NUL */
	assert_string_equal(d.path, "/x");
	memcpy(local.sun_path, "\0a\0b", 4);
	assert_true(gate_dest_of(&local, offsetof(struct sockaddr_un, sun_path) + 4, &d));
	assert_string_equal(d.path, "@a@b");
	memset(local.sun_path, 'x', sizeof local.sun_path);
	assert_true(reads(&local, sizeof local));
	four.sin_family = 77;
	assert_false(reads(&four, sizeof four));
	assert_false(gate_dest_of(&four, 4096, &d));
}

static void names_that_are_addresses(void **state)
{
	static const char *const are[] = {"127.0.0.1", "127.1", "0x7f.1", "2130706433", "::1", "fe80::1%eth0", "010.1"};
	static const char *const no[] = {"a.example", "1fed.de", "10.example", "0x.de", "1.2.3.4x", ".", "example.1."};
	for (size_t i = 0; i < sizeof are / sizeof *are; i++)
		assert_true(gate_host_is_address(are[i]));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(gate_host_is_address(no[i]));
}

static void folded_names(void **state)
{
	char out[GATE_HOST_MAX], longest[300];
	assert_true(gate_host_fold(out, "A.ExAmple."));
	assert_string_equal(out, "a.example");
	assert_false(gate_host_fold(out, ""));
	assert_false(gate_host_fold(out, "."));
	memset(longest, 'a', sizeof longest);
	longest[299] = '\0';
	assert_false(gate_host_fold(out, longest));
}

static void host(const char *in, const char *expected)
{
	char out[GATE_HOST_MAX];
	struct word_fault f;
	int err = destination_host(in, strlen(in), out, &f);
	assert_int_equal(err, expected ? 0 : -EINVAL);
	if (expected)
		assert_string_equal(out, expected);
}

static void internationalised_names(void **state)
{
	host("bücher.Example.", "xn--bcher-kva.example");
	host("*.bücher.example", "*.xn--bcher-kva.example");
	host("XN--BCHER-KVA.example", "xn--bcher-kva.example");
	host("b*ücher.example", NULL);
	host("", NULL);
	host("\xff\xfe.example", NULL);
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

static void collect(enum diag_level level, const char *text, void *data)
{
	strbuf_printf(data, "%s\n", text);
}

static struct dest_list *list_of(const char *text, size_t len, struct strbuf *told)
{
	struct diag d = {.emit = collect, .data = told};
	struct source src = {.name = "l", .text = text, .len = len};
	struct dest_list *list;
	dest_list_parse(&src, &d, &list);
	return list;
}

static bool listed(const struct dest_list *list, const char *text)
{
	struct destination d;
	assert_int_equal(destination_parse(text, &d), 0);
	bool is = dest_list_has(list, &d);
	destination_free(&d);
	return is;
}

static void lists(void **state)
{
	static const char text[] =
		"# comment\n\n a.example 443 8000-8099\n*.b.example\n10.0.0.0/8 ssh\n::1\n"
		"/run/x/*.sock\n@abstract*\nprivate 9\n";
	cleanup_strbuf struct strbuf told = {0};
	struct dest_list *list = list_of(text, sizeof text - 1, &told);
	static const char *const on[] = {"a.example:443",
					 "a.example 203.0.113.1:8050",
					 "x.y.b.example:1",
					 "10.1.1.1:22",
					 "[::1]:5",
					 "/run/x/a.sock",
					 "@abstract-1",
					 "192.168.1.1:9",
					 "a.example x.b.example:443",
					 "other.example 10.0.0.1:22"};
	static const char *const off[] = {
		"a.example:80",   "b.example:1", "10.1.1.1:23", "/run/y.sock", "a.example c.example:443",
		"203.0.113.1:443"};
	assert_non_null(list);
	for (size_t i = 0; i < sizeof on / sizeof *on; i++)
		assert_true(listed(list, on[i]));
	for (size_t i = 0; i < sizeof off / sizeof *off; i++)
		assert_false(listed(list, off[i]));
	dest_list_free(list);
	list = list_of("unknown\n", 8, &told);
	assert_true(listed(list, "203.0.113.1:1"));
	assert_false(listed(list, "a.example:1"));
	dest_list_free(list);
}

static void bad_lists(void **state)
{
	static const struct {
		const char *text, *told;
	} cases[] = {
		{"10.0.0.0/40\n", "l:1:10: an IPv4 prefix length is 0 to 32"},
		{"a\n10.0.0.1/8\n", "l:2:1: the address has bits set beyond its prefix"},
		{"a 65536\n", "l:1:3: the highest port is 65535"},
		{"a  9-1\n", "l:1:6: the range ends before it begins"},
		{"/x 1\n", "l:1:4: a socket has no port"},
		{"!a\n", "l:1:1: a list entry cannot be negated"},
		{"a nosuchservice\n", "l:1:3: services(5) does not have this name"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cleanup_strbuf struct strbuf told = {0};
		assert_null(list_of(cases[i].text, strlen(cases[i].text), &told));
		assert_int_equal(strncmp(told.s, cases[i].told, strlen(cases[i].told)), 0);
	}
	cleanup_strbuf struct strbuf told = {0}, line = {0};
	assert_null(list_of("a\0b\n", 4, &told));
	assert_int_equal(strncmp(told.s, "l:1:2: NUL byte in the line", 17), 0);
	for (int i = 0; i < 1 << 20; i++)
		strbuf_putc(&line, 'a');
	told.len = 0;
	assert_null(list_of(line.s, line.len, &told));
	assert_int_equal(strncmp(told.s, "l:1:4097: the line is longer", 28), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_an_address),
		cmocka_unit_test(ten_thousand_names),
		cmocka_unit_test(many_names_of_one_address),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(addresses),
		cmocka_unit_test(names_that_are_addresses),
		cmocka_unit_test(folded_names),
		cmocka_unit_test(internationalised_names),
		cmocka_unit_test(lists),
		cmocka_unit_test(bad_lists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
