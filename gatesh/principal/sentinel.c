/* SPDX-License-Identifier: BSD-2-Clause */
/* sentinel.c - makes sentinels: HMAC-SHA256 of the credential, spelled in letters of the same classes. */
#include "principal/sentinel.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "util/state_dir.h"

#define KEY_NAME "sentinel.key"

/* Bytes without end: HMAC(key, counter, secret), one block after the other. */
struct stream {
	crypto_hmac_fn *hmac;
	const unsigned char *key;
	const char *secret;
	size_t len;
	unsigned counter;
	unsigned char block[CRYPTO_MAC_SIZE];
	unsigned used, size;
};

static int sentinel_block(struct stream *s)
{
	cleanup_strbuf struct strbuf text = {0};
	strbuf_printf(&text, "%u:", s->counter++);
	strbuf_put(&text, s->secret, s->len);
	if (text.err)
		return text.err;
	s->used = 0;
	s->size = sizeof s->block;
	return s->hmac(s->key, text.s, text.len, s->block);
}

/* One of `n` letters, none likelier than another. */
static int sentinel_letter(struct stream *s, const char *letters, size_t n, char *out)
{
	unsigned char byte;
	do {
		int err = s->used == s->size ? sentinel_block(s) : 0;
		if (err)
			return err;
		byte = s->block[s->used++];
	} while (byte >= 256 - 256 % n);
	*out = letters[byte % n];
	return 0;
}

static int sentinel_char(struct stream *s, char from, char *to)
{
	static const char lower[] = "abcdefghijkmnpqrstuvwxyz", upper[] = "ABCDEFGHJKLMNPQRSTUVWXYZ",
			  digits[] = "23456789";
	unsigned char c = (unsigned char)from;
	*to = from;
	if (islower(c))
		return sentinel_letter(s, lower, sizeof lower - 1, to);
	if (isupper(c))
		return sentinel_letter(s, upper, sizeof upper - 1, to);
	return isdigit(c) ? sentinel_letter(s, digits, sizeof digits - 1, to) : 0;
}

int sentinel_put(const struct sentinels *s, const char *value, const struct credential *c, struct strbuf *out)
{
	struct stream stream = {.hmac = s->hmac,
				.key = c->strong ? s->person : s->session,
				.secret = value + c->from,
				.len = c->to - c->from};
	int err = 0;
	strbuf_put(out, value, c->from);
	for (size_t i = c->from; !err && i < c->to; i++) {
		char letter;
		err = sentinel_char(&stream, value[i], &letter);
		strbuf_put(out, &letter, !err);
	}
	explicit_bzero(stream.block, sizeof stream.block);
	strbuf_puts(out, value + c->to);
	return err ? err : out->err;
}

/* --- the keys ----------------------------------------------------------------------------------------------------- */

/* Make the key under another name first, so that no reader sees half of it; whoever links first wins. */
static int sentinel_make_key(char path[PATH_MAX])
{
	unsigned char key[SENTINEL_KEY_SIZE];
	char draft[PATH_MAX + 16];
	int err = state_dir_make(path);
	if (err)
		return err;
	if (getrandom(key, sizeof key, 0) != sizeof key)
		return -errno;
	snprintf(draft, sizeof draft, "%s.%d", path, (int)getpid());
	int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, key, sizeof key);
	err = n == sizeof key ? 0 : n < 0 ? -errno : -EIO;
	close(fd);
	if (!err && link(draft, path) && errno != EEXIST)
		err = -errno;
	unlink(draft);
	explicit_bzero(key, sizeof key);
	return err;
}

static int sentinel_read_key(const char *path, unsigned char key[SENTINEL_KEY_SIZE])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, key, SENTINEL_KEY_SIZE);
	int err = n == SENTINEL_KEY_SIZE ? 0 : n < 0 ? -errno : -EINVAL;
	close(fd);
	return err;
}

int sentinels_open(struct sentinels *s)
{
	char path[PATH_MAX];
	int err = state_dir_file(path, sizeof path, KEY_NAME);
	if (err)
		return err;
	const struct crypto *crypto = crypto_load();
	if (!crypto)
		return -ENOENT;
	s->hmac = crypto->hmac;
	if (getrandom(s->session, sizeof s->session, 0) != sizeof s->session)
		return -errno;
	err = sentinel_read_key(path, s->person);
	if (err == -ENOENT && !(err = sentinel_make_key(path)))
		err = sentinel_read_key(path, s->person);
	return err;
}
