/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_message.c - what the session's ssh agent takes for a sign-in, how it shows a key, and by which names it knows a host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sshagent/fingerprint.h"
#include "sshagent/known_hosts.h"

static void put_text(struct strbuf *b, const char *s, size_t n)
{
	const char size[4] = {0, 0, (char)(n >> 8), (char)n};
	strbuf_put(b, size, 4);
	strbuf_put(b, s, n);
}

#define PUT(b, text) put_text(b, text, sizeof(text) - 1)

/* A sign request over the data of a sign-in with this method, for the key "key". */
static void put_sign_in(struct strbuf *b, const char *method, const char *key, const char *host, const char *more)
{
	cleanup_strbuf struct strbuf data = {0};
	PUT(&data, "session");
	strbuf_putc(&data, 50);
	PUT(&data, "git");
	PUT(&data, "ssh-connection");
	put_text(&data, method, strlen(method));
	strbuf_putc(&data, 1);
	PUT(&data, "ssh-ed25519");
	put_text(&data, key, strlen(key));
	if (host)
		put_text(&data, host, strlen(host));
	strbuf_puts(&data, more);
	PUT(b, "key");
	put_text(b, data.s, data.len);
	strbuf_put(b, "\0\0\0\0", 4);
}

static enum agent_purpose purpose(const struct strbuf *b, struct agent_sign *s)
{
	assert_true(agent_read_sign((struct ssh_bytes){(const unsigned char *)b->s, b->len}, s));
	return s->purpose;
}

static void test_sign_in(void **state)
{
	static const struct {
		const char *method, *key, *host, *more;
		enum agent_purpose purpose;
	} rows[] = {{"publickey", "key", NULL, "", AGENT_TO_SIGN_IN},
		    {"publickey-hostbound-v00@openssh.com", "key", "host", "", AGENT_TO_SIGN_IN},
		    {"publickey-hostbound-v00@openssh.com", "key", NULL, "", AGENT_UNKNOWN},
		    {"publickey-hostbound-v00@openssh.com", "key", "", "", AGENT_UNKNOWN},
		    {"publickey", "another", NULL, "", AGENT_UNKNOWN},
		    {"publickey", "key", "host", "", AGENT_UNKNOWN},
		    {"publickey", "key", NULL, "x", AGENT_UNKNOWN},
		    {"hostbased", "key", NULL, "", AGENT_UNKNOWN}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strbuf struct strbuf b = {0};
		struct agent_sign s;
		put_sign_in(&b, rows[i].method, rows[i].key, rows[i].host, rows[i].more);
		assert_int_equal(purpose(&b, &s), rows[i].purpose);
		assert_true(ssh_bytes_are(s.key, "key"));
		assert_true(s.purpose == AGENT_UNKNOWN ||
			    (ssh_bytes_are(s.user, "git") && ssh_bytes_are(s.session, "session")));
		for (size_t cut = 0; cut < b.len; cut++) /* cut off anywhere, it is no request */
			assert_false(agent_read_sign((struct ssh_bytes){(const unsigned char *)b.s, cut}, &s));
	}
}

static void test_sshsig(void **state)
{
	cleanup_strbuf struct strbuf b = {0}, data = {0};
	struct agent_sign s;
	strbuf_puts(&data, "SSHSIG");
	PUT(&data, "gate-answer");
	PUT(&data, "");
	PUT(&data, "sha512");
	PUT(&data, "hash");
	PUT(&b, "key");
	put_text(&b, data.s, data.len);
	strbuf_put(&b, "\0\0\0\0", 4);
	assert_int_equal(purpose(&b, &s), AGENT_TO_SIGN);
	assert_true(ssh_bytes_are(s.name_space, "gate-answer"));
}

static void test_bind(void **state)
{
	cleanup_strbuf struct strbuf b = {0};
	struct agent_bind bind;
	PUT(&b, "session-bind@openssh.com");
	PUT(&b, "host");
	PUT(&b, "session");
	PUT(&b, "signature");
	strbuf_putc(&b, 1);
	assert_true(agent_read_bind((struct ssh_bytes){(const unsigned char *)b.s, b.len}, &bind));
	assert_true(ssh_bytes_are(bind.host_key, "host") && ssh_bytes_are(bind.session, "session") && bind.forwarding);
	for (size_t cut = 0; cut < b.len; cut++)
		assert_false(agent_read_bind((struct ssh_bytes){(const unsigned char *)b.s, cut}, &bind));
	strbuf_putc(&b, 0);
	assert_false(agent_read_bind((struct ssh_bytes){(const unsigned char *)b.s, b.len}, &bind));
}

/* The hashes of FIPS 180-4's examples and of its borders, in base64. */
static void test_fingerprint(void **state)
{
	static const struct {
		size_t n; /* of the letter a; 0: the text */
		const char *text, *print;
	} rows[] = {{0, "", "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"},
		    {0, "abc", "SHA256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0"},
		    {0, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		     "SHA256:JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE"},
		    {1000000, NULL, "SHA256:zcduXJkU+5KBocfihNc+Z/GAmkiklyAOBG05zMcRLNA"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char print[FINGERPRINT_SIZE], *text = rows[i].n ? malloc(rows[i].n) : strdup(rows[i].text);
		size_t n = rows[i].n ? rows[i].n : strlen(text);
		assert_non_null(text);
		if (rows[i].n)
			memset(text, 'a', n);
		fingerprint((struct ssh_bytes){(const unsigned char *)text, n}, print);
		assert_string_equal(print, rows[i].print);
		free(text);
	}
}

static void test_known_hosts(void **state)
{
	struct known_hosts k = {0};
	cleanup_strbuf struct strbuf names = {0}, none = {0};
	bool hashed;
	strbuf_puts(&k.text,
		    "# a comment\nother ssh-ed25519 AAAB\n@revoked bad ssh-ed25519 a2V5\n"
		    "git.example.org,[10.0.0.1]:22,*.example.org ssh-ed25519 a2V5 somebody\n|1|x=|y= ssh-ed25519 a2V5\n"
		    "second\tssh-ed25519\ta2V5\r\n");
	const struct ssh_bytes key = {(const unsigned char *)"key", 3}, strange = {(const unsigned char *)"x", 1};
	assert_true(known_hosts_names(&k, key, &names, &hashed));
	assert_true(hashed);
	assert_string_equal(names.s, "git.example.org, [10.0.0.1]:22, second");
	assert_false(known_hosts_names(&k, strange, &none, &hashed));
	assert_false(hashed);
	assert_true(known_hosts_has(&k, key, "[10.0.0.1]:22"));
	assert_false(known_hosts_has(&k, key, "www.example.org"));
	assert_false(known_hosts_has(&k, key, "bad"));
	assert_false(known_hosts_has(&k, strange, "second"));
	known_hosts_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_sign_in), cmocka_unit_test(test_sshsig),
					   cmocka_unit_test(test_bind), cmocka_unit_test(test_fingerprint),
					   cmocka_unit_test(test_known_hosts)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
