/* SPDX-License-Identifier: BSD-2-Clause */
/* sigv4.c - AWS's published examples: what gatesh signs in place of a client's signature by another key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "broker/sigv4.h"

static const struct crypto crypto = {.mac = crypto_mac, .sha256 = crypto_sha256};

/* The keys of the two sets of examples. */
static const struct sigv4_key suite = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", NULL},
			      s3 = {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL};

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define NONE "Signature=0000000000000000000000000000000000000000000000000000000000000000"
#define SUITE "Authorization: AWS4-HMAC-SHA256 Credential=GATESENTINEL/20150830/us-east-1/service/aws4_request, "
#define S3 "Authorization: AWS4-HMAC-SHA256 Credential=GATESENTINEL/20130524/us-east-1/s3/aws4_request,"

/* A request as the client sends it to gatesh, and the signature for the server.  Sources: the "Signature Version 4 test suite" that
 * AWS published (aws-sig-v4-test-suite), and "Signature Calculations for the Authorization Header" and "Authenticating Requests:
 * Using Query Parameters" of the Amazon S3 API Reference. */
static const struct {
	const char *line, *host, *fields, *body, *signature;
	const struct sigv4_key *key;
} rows[] = {
	{"GET /", "example.amazonaws.com",
	 "X-Amz-Date: 20150830T123600Z\r\n" SUITE "SignedHeaders=host;x-amz-date, " NONE, "",
	 "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", &suite},
	{"GET /?Param2=value2&Param1=value1", "example.amazonaws.com",
	 "X-Amz-Date: 20150830T123600Z\r\n" SUITE "SignedHeaders=host;x-amz-date, " NONE, "",
	 "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500", &suite},
	{"GET /", "example.amazonaws.com",
	 "My-Header1:  value1\r\nMy-Header2: \"a   b   c\"\r\nX-Amz-Date: 20150830T123600Z\r\n" SUITE
	 "SignedHeaders=host;my-header1;my-header2;x-amz-date, " NONE,
	 "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", &suite},
	{"POST /", "example.amazonaws.com",
	 "Content-Type: application/x-www-form-urlencoded\r\nX-Amz-Date: 20150830T123600Z\r\n" SUITE
	 "SignedHeaders=content-type;host;x-amz-date, " NONE,
	 "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", &suite},
	{"GET /test.txt", "examplebucket.s3.amazonaws.com",
	 "Range: bytes=0-9\r\nx-amz-content-sha256: " EMPTY "\r\nx-amz-date: 20130524T000000Z\r\n" S3
	 "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," NONE,
	 "", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41", &s3},
	{"PUT /test%24file.text", "examplebucket.s3.amazonaws.com",
	 "Date: Fri, 24 May 2013 00:00:00 GMT\r\nx-amz-content-sha256: "
	 "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072\r\nx-amz-date: 20130524T000000Z\r\n"
	 "x-amz-storage-class: REDUCED_REDUNDANCY\r\n" S3
	 "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class," NONE,
	 "", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd", &s3},
	{"GET /?lifecycle", "examplebucket.s3.amazonaws.com",
	 "x-amz-content-sha256: " EMPTY "\r\nx-amz-date: 20130524T000000Z\r\n" S3
	 "SignedHeaders=host;x-amz-content-sha256;x-amz-date," NONE,
	 "", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543", &s3},
	{"GET /?max-keys=2&prefix=J", "examplebucket.s3.amazonaws.com",
	 "x-amz-content-sha256: " EMPTY "\r\nx-amz-date: 20130524T000000Z\r\n" S3
	 "SignedHeaders=host;x-amz-content-sha256;x-amz-date," NONE,
	 "", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7", &s3},
	{"GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=GATESENTINEL%2F20130524%2Fus-east-1%2Fs3%2F"
	 "aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=00",
	 "examplebucket.s3.amazonaws.com", "", "", "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
	 &s3},
};

/* Sign the request anew.  Returns the head for the server. */
static char *signed_head(const char *line, const char *host, const char *fields, const char *body,
			 const struct sigv4_key *key, struct sigv4 *v, char signature[SIGV4_HEX + 1])
{
	static char text[4096];
	struct request_head h;
	struct strbuf out = {0};
	char hash[SIGV4_HEX + 1];
	snprintf(text, sizeof text, "%s HTTP/1.1\r\nHost: 127.0.0.1:1\r\n%s%s\r\n", line, fields,
		 *fields ? "\r\n" : "");
	const char *wrong = request_head_parse(text, strlen(text), &h);
	wrong = wrong ? wrong : sigv4_read(&h, 0, v);
	if (wrong)
		fail_msg("%s: %s", line, wrong);
	const char *mark = memchr(h.target, '?', h.target_len), *end = h.target + h.target_len;
	const struct sigv4_target t = {host,
				       {h.target, (size_t)((mark ? mark : end) - h.target)},
				       {mark ? mark + 1 : end, mark ? (size_t)(end - mark) - 1 : 0}};
	assert_int_equal(sigv4_hash(&crypto, body, strlen(body), hash), 0);
	assert_int_equal(sigv4_write(v, &h, &t, key, &crypto, hash, &out, signature), 0);
	return strbuf_take(&out);
}

static void published_examples(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sigv4 v;
		char signature[SIGV4_HEX + 1];
		char *head = signed_head(rows[i].line, rows[i].host, rows[i].fields, rows[i].body, rows[i].key, &v,
					 signature);
		if (strcmp(signature, rows[i].signature))
			fail_msg("%s %s: %s, not %s", rows[i].line, rows[i].host, signature, rows[i].signature);
		assert_non_null(strstr(head, signature));
		assert_non_null(strstr(head, rows[i].key->id));
		assert_null(strstr(head, "GATESENTINEL"));
		assert_null(strstr(head, "127.0.0.1"));
		free(head);
	}
}

/* A temporary key's token is sent and signed, in place of the client's. */
static void tokens_of_temporary_keys(void **state)
{
	const struct sigv4_key key = {"ASIAREAL", "secret", "real token/+"};
	struct sigv4 v;
	char signature[SIGV4_HEX + 1];
	char *head =
		signed_head("GET /", "s3.eu-west-1.amazonaws.com",
			    "x-amz-security-token: sentinel\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD\r\nx-amz-date: "
			    "20130524T000000Z\r\n" S3
			    "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token," NONE,
			    "", &key, &v, signature);
	assert_non_null(strstr(head, "x-amz-security-token: real token/+\r\n"));
	assert_null(strstr(head, "sentinel"));
	assert_non_null(strstr(head, "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, "));
	free(head);
	head = signed_head(
		"GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=X%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&"
		"X-Amz-Date=20130524T000000Z&X-Amz-SignedHeaders=host&X-Amz-Security-Token=sentinel",
		"s3.us-east-1.amazonaws.com", "", "", &key, &v, signature);
	assert_non_null(strstr(head, "X-Amz-Security-Token=real%20token%2F%2B&"));
	assert_null(strstr(head, "sentinel"));
	free(head);
}

/* "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks", and the same "Including Trailing
 * Headers": 65 KiB of the letter a in two chunks. */
static char *chunked(const char *const signatures[3], const char *trailer, size_t *n)
{
	static const size_t sizes[] = {65536, 1024, 0};
	struct strbuf b = {0};
	for (size_t i = 0; i < 3; i++) {
		strbuf_printf(&b, "%zx;chunk-signature=%s\r\n", sizes[i], signatures[i]);
		for (size_t k = 0; k < sizes[i]; k++)
			strbuf_putc(&b, 'a');
		strbuf_puts(&b, sizes[i] || !*trailer ? "\r\n" : "");
	}
	strbuf_puts(&b, trailer);
	*n = b.len;
	return strbuf_take(&b);
}

static void check_chunks(const char *fields, const char *seed, const char *const expected[3], const char *trailer)
{
	static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
	const char *const none[] = {zeros, zeros, zeros};
	char signature[SIGV4_HEX + 1], unsigned_trailer[512];
	struct sigv4 v;
	size_t n, m;
	char *head =
		signed_head("PUT /examplebucket/chunkObject.txt", "s3.amazonaws.com", fields, "", &s3, &v, signature);
	assert_string_equal(signature, seed);
	snprintf(unsigned_trailer, sizeof unsigned_trailer, "%s", trailer);
	char *last = strrchr(unsigned_trailer, ':');
	if (last)
		memcpy(last + 1, zeros, SIGV4_HEX);
	char *body = chunked(none, unsigned_trailer, &n), *want = chunked(expected, trailer, &m);
	assert_int_equal(n, m);
	assert_null(sigv4_sign_chunks(&v, &s3, &crypto, body, n, signature));
	assert_memory_equal(body, want, n);
	assert_non_null(sigv4_sign_chunks(&v, &s3, &crypto, body, 65600, signature));
	free(head);
	free(body);
	free(want);
}

static void published_chunks(void **state)
{
	const char *const plain[] = {"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
				     "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
				     "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"};
	const char *const trailing[] = {"b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
					"1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
					"2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"};
	check_chunks(
		"Content-Encoding: aws-chunked\r\nContent-Length: 66824\r\nx-amz-storage-class: REDUCED_REDUNDANCY\r\n"
		"x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\r\nx-amz-date: 20130524T000000Z\r\n"
		"x-amz-decoded-content-length: 66560\r\n" S3
		"SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
		"x-amz-decoded-content-length;x-amz-storage-class," NONE,
		"4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", plain, "");
	check_chunks(
		"Content-Encoding: aws-chunked\r\nx-amz-trailer: x-amz-checksum-crc32c\r\n"
		"x-amz-storage-class: REDUCED_REDUNDANCY\r\n"
		"x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER\r\nx-amz-date: 20130524T000000Z\r\n"
		"x-amz-decoded-content-length: 66560\r\n" S3
		"SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
		"x-amz-storage-class;x-amz-trailer," NONE,
		"106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e", trailing,
		"x-amz-checksum-crc32c:sOO8/Q==\r\n"
		"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n");
}

static void what_is_no_signature(void **state)
{
	static const struct {
		const char *fields, *wrong;
	} bad[] = {
		{"", "no signature of AWS's version 4"},
		{"Authorization: Bearer x", "not a signature of AWS's version 4"},
		{"Authorization: AWS4-ECDSA-P256-SHA256 Credential=A/20130524/s3/aws4_request, SignedHeaders=host, " NONE,
		 "not a signature of AWS's version 4"},
		{"Authorization: AWS4-HMAC-SHA256 Credential=A/20130524/us.evil/s3/aws4_request, SignedHeaders=host, " NONE,
		 "a region or service that is none"},
		{"Authorization: AWS4-HMAC-SHA256 Credential=A/2013/us/s3/aws4_request, SignedHeaders=host, " NONE,
		 "a signature without a"},
		{S3 "SignedHeaders=host, " NONE, "a signature without its time"},
		{"x-amz-date: 20130524T000000Z\r\n" S3 "SignedHeaders=host\x01, " NONE, "a signature without names"},
		{"Transfer-Encoding: chunked\r\nx-amz-date: 20130524T000000Z\r\n" S3 "SignedHeaders=host, " NONE,
		 "a signed body in HTTP's chunks"},
		{"x-amz-content-sha256: STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD\r\nx-amz-date: 20130524T000000Z\r\n" S3
		 "SignedHeaders=host, " NONE,
		 "a body whose chunks"},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char text[1024];
		struct request_head h;
		struct sigv4 v;
		snprintf(text, sizeof text, "GET / HTTP/1.1\r\n%s%s\r\n", bad[i].fields, *bad[i].fields ? "\r\n" : "");
		assert_null(request_head_parse(text, strlen(text), &h));
		const char *wrong = sigv4_read(&h, 0, &v);
		if (!wrong || strncmp(wrong, bad[i].wrong, strlen(bad[i].wrong)))
			fail_msg("%s: %s", bad[i].fields, wrong ? wrong : "taken");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_examples),
		cmocka_unit_test(tokens_of_temporary_keys),
		cmocka_unit_test(published_chunks),
		cmocka_unit_test(what_is_no_signature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
