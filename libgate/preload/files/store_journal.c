/* SPDX-License-Identifier: BSD-2-Clause */
/* store_journal.c - formats a record and appends it to the store's journal in one write. */
#include "preload/files/store_journal.h"

#include <errno.h>

#include "preload/base/judged_call.h"
#include "preload/base/message.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/locate.h"

enum {
	TIME_DIGITS = 16, /* of an object's name: nanoseconds in hex */
	HEAD_BYTES = 768, /* of a record, everything before PATH */
};

/* At least `width` digits of v, and at least one, in a base up to 16. */
static void store_journal_put_digits(struct text *t, unsigned long v, unsigned base, unsigned width)
{
	char digits[24], *p = digits + sizeof digits - 1;
	*p = '\0';
	for (unsigned n = 0; v || n < width || !n; v /= base, n++)
		*--p = "0123456789abcdef"[v % base];
	text_put(t, p);
}

static void store_journal_put_field(struct text *t, unsigned long v)
{
	text_put(t, " ");
	text_put_number(t, v);
}

static void store_journal_put_time(struct text *t, long sec, unsigned long nsec)
{
	text_put(t, sec < 0 ? " -" : " ");
	store_journal_put_digits(t, (unsigned long)(sec < 0 ? -sec : sec), 10, 1);
	text_put(t, ".");
	store_journal_put_digits(t, nsec, 10, 9);
}

static bool store_journal_is_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && c != '%';
}

/* Percent-encoded; "%" for an empty string. */
static void store_journal_put_encoded(struct text *t, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";
	if (!*s)
		text_put(t, "%");
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		char code[] = {'%', hex[c >> 4], hex[c & 15], '\0'}, plain[] = {*s, '\0'};
		text_put(t, store_journal_is_plain(c) ? plain : code);
	}
}

static bool store_journal_needs_encoding(const char *s)
{
	const char *p = s;
	while (store_journal_is_plain((unsigned char)*p))
		p++;
	return *p || p == s;
}

/* Uses libc's clock, which reads the kernel's page and makes no system call. */
static struct timespec store_journal_now(void)
{
	struct timespec t = {0};
	clock_gettime(CLOCK_REALTIME, &t);
	return t;
}

/* Everything before PATH. */
static void store_journal_put_head(struct text *t, const struct journal_record *r)
{
	const struct statx *st = r->st;
	struct timespec time = store_journal_now();
	char op[] = {(char)r->op, ' ', '\0'};
	unsigned long major = st->stx_dev_major, minor = st->stx_dev_minor;
	text_put(t, "\n1 ");
	text_put(t, op);
	text_put(t, r->id ? r->id : "-");
	store_journal_put_time(t, time.tv_sec, (unsigned long)time.tv_nsec);
	struct act_actor actor = act_actor();
	store_journal_put_field(t, (unsigned long)actor.pid);
	store_journal_put_field(t, (unsigned long)actor.group);
	text_put(t, " ");
	store_journal_put_encoded(t, message_program_name());
	store_journal_put_field(t, st->stx_uid);
	store_journal_put_field(t, st->stx_gid);
	text_put(t, " ");
	store_journal_put_digits(t, st->stx_mode, 8, 1);
	store_journal_put_field(t, st->stx_size);
	store_journal_put_time(t, st->stx_mtime.tv_sec, st->stx_mtime.tv_nsec);
	store_journal_put_field(t, st->stx_nlink);
	/* The layout of makedev(3). */
	store_journal_put_field(t, (major & ~0xffful) << 32 | (major & 0xffful) << 8 | (minor & ~0xfful) << 12 |
					   (minor & 0xff));
	store_journal_put_field(t, st->stx_ino);
	text_put(t, " ");
}

/* One write, so that records of several processes do not mix.  A torn record does not damage another. */
static int store_journal_append_text(const char *store, struct iovec *v, int n)
{
	char path[JOURNAL_PATH_MAX];
	struct text t = text_in(path, sizeof path);
	text_put(&t, store);
	text_put(&t, "/" STORE_JOURNAL_NAME);
	long total = 0;
	for (int i = 0; i < n; i++)
		total += (long)v[i].iov_len;
	if (t.cut)
		return -ENAMETOOLONG;
	long fd = sys_above_standard(
		judged_openat(AT_FDCWD, path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0));
	if (fd < 0)
		return (int)fd;
	long done = sys_writev((int)fd, v, n);
	sys_close((int)fd);
	return done < 0 ? (int)done : done < total ? -ENOSPC : 0;
}

/* A record with a name that needs encoding.  This is rare, so it maps its own memory. */
static int store_journal_append_encoded(const char *store, const struct text *head, const struct journal_record *r)
{
	long map = sys_map_anonymous(STORE_RECORD_MAX);
	if (sys_is_error(map))
		return (int)map;
	struct text t = text_in((char *)map, STORE_RECORD_MAX);
	text_put(&t, head->s);
	store_journal_put_encoded(&t, r->path);
	text_put(&t, " ");
	if (t.cut || t.n + 2 >= STORE_RECORD_MAX) {
		sys_unmap(t.s, STORE_RECORD_MAX);
		return -ENAMETOOLONG;
	}
	size_t path_end = t.n;
	if (r->other)
		store_journal_put_encoded(&t, r->other);
	if (!r->other || t.cut || t.n + 1 >= STORE_RECORD_MAX) {
		t.n = path_end;
		text_put(&t, "-");
	}
	text_put(&t, "\n");
	struct iovec v = {t.s, t.n};
	int err = store_journal_append_text(store, &v, 1);
	sys_unmap(t.s, STORE_RECORD_MAX);
	return err;
}

int journal_write(const char *store, const struct journal_record *r)
{
	char head[HEAD_BYTES];
	struct text t = text_in(head, sizeof head);
	store_journal_put_head(&t, r);
	if (t.cut)
		return -ENAMETOOLONG;
	const char *other = r->other ? r->other : "-";
	if (store_journal_needs_encoding(r->path) || store_journal_needs_encoding(other))
		return store_journal_append_encoded(store, &t, r);
	struct iovec v[] = {{head, t.n},
			    {(void *)r->path, text_length(r->path)},
			    {(void *)" ", 1},
			    {(void *)other, text_length(other)},
			    {(void *)"\n", 1}};
	return store_journal_append_text(store, v, sizeof v / sizeof *v);
}

void journal_new_id(struct memory *m, char id[STORE_ID_MAX])
{
	struct text t = text_in(id, STORE_ID_MAX);
	struct timespec time = store_journal_now();
	store_journal_put_digits(&t, (unsigned long)time.tv_sec * 1000000000u + (unsigned long)time.tv_nsec, 16,
				 TIME_DIGITS);
	text_put(&t, "-");
	store_journal_put_digits(&t, (unsigned long)SYS(getpid, 0, 0, 0, 0, 0, 0), 16, 1);
	text_put(&t, "-");
	store_journal_put_digits(&t, __atomic_fetch_add(&m->objects, 1, __ATOMIC_RELAXED), 16, 1);
}

void journal_inode_id(const struct statx *st, const char *suffix, char id[STORE_ID_MAX])
{
	struct text t = text_in(id, STORE_ID_MAX);
	store_journal_put_digits(&t, st->stx_ino, 16, TIME_DIGITS);
	text_put(&t, "-");
	store_journal_put_digits(&t, (unsigned long)st->stx_btime.tv_sec & 0xffffffffff, 16, 1);
	text_put(&t, "-");
	store_journal_put_digits(&t, st->stx_btime.tv_nsec, 16, 1);
	text_put(&t, suffix);
}

bool journal_is_own_name(const char *name)
{
	size_t n, i = 0;
	const char *last = locate_last(name, &n);
	const char *rest = text_after(last, STORE_JOURNAL_NAME);
	if (rest && n == sizeof STORE_JOURNAL_NAME - 1)
		return true;
	while (i < n && ((last[i] >= '0' && last[i] <= '9') || (last[i] >= 'a' && last[i] <= 'f')))
		i++;
	return i == TIME_DIGITS && last[i] == '-';
}
