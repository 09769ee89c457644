/* SPDX-License-Identifier: BSD-2-Clause */
/* store_journal.c - parses and appends the records of a store.  A journal is not trusted: a line must match the format
 * exactly to be a record, and whoever uses a record checks its claims against the disk. */
#include "store/store_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIELDS = 17, JOURNAL_MAX = 1 << 30 };

void journal_encode(struct strbuf *out, const char *bytes)
{
	if (!*bytes)
		strbuf_putc(out, '%');
	for (const unsigned char *p = (const unsigned char *)bytes; *p; p++) {
		if (*p <= 0x20 || *p == '%' || *p >= 0x7f)
			strbuf_printf(out, "%%%02X", *p);
		else
			strbuf_putc(out, (char)*p);
	}
}

static int store_journal_hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool journal_decode(char *text)
{
	char *to = text;
	if (!strcmp(text, "%")) {
		*text = '\0';
		return true;
	}
	for (const char *p = text; *p; p++) {
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
			return false;
		if (*p != '%') {
			*to++ = *p;
			continue;
		}
		int high = store_journal_hex(p[1]), low = high >= 0 ? store_journal_hex(p[2]) : -1;
		if (low < 0 || !(high | low))
			return false;
		*to++ = (char)(high << 4 | low);
		p += 2;
	}
	*to = '\0';
	return true;
}

bool journal_is_path(const char *path)
{
	const char *start = path;
	if (!strcmp(path, "/"))
		return true;
	while (*path == '/') {
		size_t n = strcspn(++path, "/");
		if (!n || n > NAME_MAX || (path[0] == '.' && (n == 1 || (n == 2 && path[1] == '.'))))
			return false;
		path += n;
	}
	return !*path && path > start;
}

static bool store_journal_number(const char *s, int base, uint64_t max, uint64_t *out)
{
	char *end;
	errno = 0;
	if (*s < '0' || *s > '9')
		return false;
	unsigned long long v = strtoull(s, &end, base);
	*out = v;
	return !*end && !errno && v <= max;
}

/* Parse "SECONDS.NANOSECONDS" with nine digits after the point; a time before 1970 has a minus. */
static bool store_journal_instant(char *s, struct timespec *out)
{
	bool before = *s == '-';
	char *point = strchr(s, '.');
	uint64_t sec, nsec;
	if (!point || strlen(point) != 10)
		return false;
	*point = '\0';
	if (!store_journal_number(s + before, 10, INT64_MAX, &sec) ||
	    !store_journal_number(point + 1, 10, 999999999, &nsec))
		return false;
	*out = (struct timespec){.tv_sec = before ? -(time_t)sec : (time_t)sec, .tv_nsec = (long)nsec};
	return true;
}

static bool store_journal_is_id(const char *s)
{
	size_t n = strlen(s);
	return n && n <= STORE_ID_MAX && strspn(s, "0123456789abcdef-") == n;
}

/* Parse a record's numeric fields, in their order. */
static bool store_journal_numbers(struct store_put_record *r, char **f)
{
	uint64_t pid, pgid, uid, gid, mode, size, nlink, dev, ino;
	if (!store_journal_instant(f[3], &r->time) || !store_journal_number(f[4], 10, INT32_MAX, &pid) ||
	    !store_journal_number(f[5], 10, INT32_MAX, &pgid) || !store_journal_number(f[7], 10, UINT32_MAX, &uid) ||
	    !store_journal_number(f[8], 10, UINT32_MAX, &gid) || !store_journal_number(f[9], 8, 0177777, &mode) ||
	    !store_journal_number(f[10], 10, INT64_MAX, &size) || !store_journal_instant(f[11], &r->mtime) ||
	    !store_journal_number(f[12], 10, UINT32_MAX, &nlink) ||
	    !store_journal_number(f[13], 10, UINT64_MAX, &dev) || !store_journal_number(f[14], 10, UINT64_MAX, &ino))
		return false;
	r->pid = (pid_t)pid;
	r->pgid = (pid_t)pgid;
	r->uid = (uid_t)uid;
	r->gid = (gid_t)gid;
	r->mode = (mode_t)mode;
	r->size = (long long)size;
	r->nlink = (unsigned)nlink;
	r->dev = dev;
	r->ino = ino;
	return true;
}

static bool store_journal_names(struct store_put_record *r, char **f)
{
	bool object = strcmp(f[2], "-"), other = strcmp(f[16], "-");
	if ((object && !store_journal_is_id(f[2])) || !journal_decode(f[6]) || !journal_decode(f[15]) ||
	    !journal_is_path(f[15]))
		return false;
	if (other && (!journal_decode(f[16]) || !journal_is_path(f[16])))
		return false;
	r->id = object ? f[2] : NULL;
	r->comm = f[6];
	r->path = f[15];
	r->other = other ? f[16] : NULL;
	return true;
}

/* Is there an operation with this letter that has an object, or has none, as `object` says? */
static bool store_journal_known(char op, bool object)
{
	static const char with[] = {STORE_OP_UNLINKED, STORE_OP_COPIED_AWAY, STORE_OP_REPLACED,   STORE_OP_OVERWRITTEN,
				    STORE_OP_WRITTEN,  STORE_OP_GUARDED,     STORE_OP_ATTRIBUTES, 0};
	static const char without[] = {STORE_OP_NAME,   STORE_OP_DIRECTORY,  STORE_OP_MOVED,
				       STORE_OP_PLACED, STORE_OP_EXCHANGED,  STORE_OP_RESTORED,
				       STORE_OP_UNKEPT, STORE_OP_ATTRIBUTES, 0};
	return op && strchr(object ? with : without, op);
}

enum verdict { LINE_RECORD, LINE_BAD, LINE_LATER };

/* Parse one NUL-terminated line; cuts it into its fields. */
static enum verdict store_journal_parse(struct store_put_record *r, char *line)
{
	char *f[FIELDS + 1], *rest = line;
	size_t n = 0;
	uint64_t version;
	while (rest && n <= FIELDS)
		f[n++] = strsep(&rest, " ");
	if (!store_journal_number(f[0], 10, UINT32_MAX, &version) || !version)
		return LINE_BAD;
	if (version != 1)
		return LINE_LATER;
	if (n != FIELDS || strlen(f[1]) != 1 || f[1][0] < 'A' || f[1][0] > 'Z')
		return LINE_BAD;
	if (!store_journal_known(f[1][0], true) && !store_journal_known(f[1][0], false))
		return LINE_LATER;
	r->op = (enum store_op)f[1][0];
	return store_journal_known(f[1][0], strcmp(f[2], "-")) && store_journal_numbers(r, f) &&
			       store_journal_names(r, f) ?
		       LINE_RECORD :
		       LINE_BAD;
}

static int store_journal_append(struct journal *j, const struct store_put_record *r)
{
	if (j->n == j->room) {
		size_t room = j->room ? j->room * 2 : 256;
		struct store_put_record *v = reallocarray(j->v, room, sizeof *v);
		if (!v)
			return -ENOMEM;
		j->v = v;
		j->room = room;
	}
	j->v[j->n++] = *r;
	return 0;
}

/* Move a record's string to *to, which is before it, and *to behind that. */
static void store_journal_pack_one(char **to, char **s)
{
	size_t n = *s ? strlen(*s) + 1 : 0;
	if (n)
		*s = memmove(*to, *s, n);
	*to += n;
}

/* The strings of a record are less than half of its line.  A program's name is that of the record before, most of the time. */
static void store_journal_pack(const struct journal *j, struct store_put_record *r, char **to)
{
	const struct store_put_record *last = j->n ? &j->v[j->n - 1] : NULL;
	store_journal_pack_one(to, &r->id);
	if (last && !strcmp(last->comm, r->comm))
		r->comm = last->comm;
	else
		store_journal_pack_one(to, &r->comm);
	store_journal_pack_one(to, &r->path);
	store_journal_pack_one(to, &r->other);
}

/* Keep the first n bytes of the text alone, which have all strings. */
static int store_journal_shrink(struct journal *j, size_t n)
{
	char *text = malloc(n + 1);
	if (!text)
		return -ENOMEM;
	memcpy(text, j->text, n);
	for (size_t i = 0; i < j->n; i++) {
		char **strings[] = {&j->v[i].id, &j->v[i].comm, &j->v[i].path, &j->v[i].other};
		for (size_t k = 0; k < sizeof strings / sizeof *strings; k++)
			if (*strings[k])
				*strings[k] = text + (*strings[k] - j->text);
	}
	free(j->text);
	j->text = text;
	return 0;
}

int journal_parse(struct journal *j, char *text, size_t len)
{
	int err = 0;
	char *to = text;
	*j = (struct journal){.text = text};
	for (size_t at = 0; at < len && !err;) {
		char *line = text + at, *end = memchr(line, '\n', len - at);
		size_t n = end ? (size_t)(end - line) : len - at;
		struct store_put_record r = {0};
		at += n + 1;
		if (!n)
			continue;
		enum verdict verdict = LINE_BAD;
		if (end && n <= STORE_RECORD_MAX && !memchr(line, '\0', n)) {
			*end = '\0';
			verdict = store_journal_parse(&r, line);
		}
		if (verdict == LINE_RECORD) {
			store_journal_pack(j, &r, &to);
			err = store_journal_append(j, &r);
		}
		j->bad += verdict == LINE_BAD;
		j->later += verdict == LINE_LATER;
	}
	return err ? err : store_journal_shrink(j, (size_t)(to - text));
}

int journal_read(struct journal *j, int dir)
{
	struct stat st;
	*j = (struct journal){0};
	int fd = openat(dir, STORE_JOURNAL_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ELOOP ? -EINVAL : -errno;
	int err = fstat(fd, &st) ? -errno : !S_ISREG(st.st_mode) || st.st_uid != geteuid() ? -EINVAL : 0;
	if (!err && st.st_size > JOURNAL_MAX)
		err = -EFBIG;
	char *text = err ? NULL : malloc((size_t)st.st_size + 1);
	if (!err && !text)
		err = -ENOMEM;
	size_t len = 0;
	while (!err && len < (size_t)st.st_size) {
		ssize_t n = read(fd, text + len, (size_t)st.st_size - len);
		if (n < 0 && errno != EINTR)
			err = -errno;
		if (!n)
			break;
		len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	if (err)
		free(text);
	return err ? err : journal_parse(j, text, len);
}

void journal_free(struct journal *j)
{
	free(j->text);
	free(j->v);
	*j = (struct journal){0};
}

static void store_journal_put_instant(struct strbuf *b, struct timespec t)
{
	strbuf_printf(b, " %lld.%09ld", (long long)t.tv_sec, t.tv_nsec);
}

int journal_append(int fd, const struct store_put_record *r)
{
	cleanup_strbuf struct strbuf b = {0};
	strbuf_printf(&b, "\n1 %c %s", r->op, r->id ? r->id : "-");
	store_journal_put_instant(&b, r->time);
	strbuf_printf(&b, " %d %d ", r->pid, r->pgid);
	journal_encode(&b, r->comm);
	strbuf_printf(&b, " %u %u %o %lld", r->uid, r->gid, r->mode, r->size);
	store_journal_put_instant(&b, r->mtime);
	strbuf_printf(&b, " %u %llu %llu ", r->nlink, (unsigned long long)r->dev, (unsigned long long)r->ino);
	journal_encode(&b, r->path);
	strbuf_putc(&b, ' ');
	size_t before = b.len;
	journal_encode(&b, r->other ? r->other : "-");
	if (b.len >= STORE_RECORD_MAX && r->other) {
		b.len = before;
		strbuf_putc(&b, '-');
	}
	strbuf_putc(&b, '\n');
	if (b.err)
		return b.err;
	ssize_t n = b.len > STORE_RECORD_MAX ? 0 : write(fd, b.s, b.len);
	return n == (ssize_t)b.len ? 0 : n < 0 ? -errno : b.len > STORE_RECORD_MAX ? -ENAMETOOLONG : -ENOSPC;
}
