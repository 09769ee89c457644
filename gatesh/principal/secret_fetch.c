/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_fetch.c - gets a credential from its source. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/read_file.h"
#include "principal/secret.h"

static int secret_fail(int err, const char *says, const char **why)
{
	*why = says;
	return err;
}

/* The value of the line "KEY=VALUE", perhaps in quotes or behind `export`; NULL if there is none.  *n: its length. */
static const char *secret_find_key(const char *text, const char *key, size_t *n)
{
	size_t k = strlen(key);
	for (const char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		const char *end = next ? next++ : line + strlen(line);
		line += strspn(line, " \t");
		line += !strncmp(line, "export ", 7) ? 7 : 0;
		if (strncmp(line, key, k) || line[k + strspn(line + k, " \t")] != '=')
			continue;
		line = strchr(line, '=') + 1;
		line += strspn(line, " \t");
		while (end > line && strchr(" \t\r", end[-1]))
			end--;
		if (end - line > 1 && (*line == '"' || *line == '\'') && end[-1] == *line) {
			line++;
			end--;
		}
		*n = (size_t)(end - line);
		return line;
	}
	return NULL;
}

static int secret_read(const struct secret *s, struct strbuf *out, const char **why)
{
	cleanup_strbuf struct strbuf text = {0};
	struct stat st;
	int err = read_file(s->from, SECRET_VALUE_MAX, &text, &st);
	if (err)
		return secret_fail(err, strerrordesc_np(-err), why);
	const char *value = text.s ? text.s : "";
	size_t n = strlen(value);
	if (st.st_uid && st.st_uid != geteuid())
		err = secret_fail(-EPERM, "it belongs to somebody else", why);
	else if (st.st_mode & 077)
		err = secret_fail(-EPERM, "others can read it; chmod 600", why);
	else if (s->key && !(value = secret_find_key(value, s->key, &n)))
		err = secret_fail(-ENOENT, "it has no line with this key", why);
	while (!err && n && (value[n - 1] == '\n' || value[n - 1] == '\r'))
		n--;
	if (!err)
		strbuf_put(out, value, n);
	if (text.s)
		explicit_bzero(text.s, text.len);
	return err;
}

int secret_fetch(const struct secret *s, struct strbuf *out, const char **why)
{
	*why = "memory is out";
	if (s->source == SECRET_ENV && !s->value)
		return secret_fail(-ENOENT, "the variable is not set", why);
	if (s->source == SECRET_ENV)
		strbuf_puts(out, s->value);
	int err = s->source == SECRET_ENV ? out->err : secret_read(s, out, why);
	if (err || out->err)
		return err ? err : out->err;
	if (!out->len)
		return secret_fail(-ENODATA, "it is empty", why);
	for (size_t i = 0; i < out->len; i++)
		if ((unsigned char)out->s[i] < ' ' || out->s[i] == 0x7f)
			return secret_fail(-EINVAL, "it has control characters, which no header field can carry", why);
	return 0;
}
