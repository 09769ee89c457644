/* SPDX-License-Identifier: BSD-2-Clause */
/* connect_judge.c - judges a destination: from the cache, by the rules of the image, or by asking the session. */
#include "preload/net/connect_judge.h"

#include <errno.h>
#include <linux/limits.h>
#include <time.h>

#include "formats/session_names.h"
#include "preload/base/message.h"
#include "preload/base/process_memory.h"
#include "preload/base/process_state.h"
#include "preload/base/session_client.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"

static struct connect_judge *own;

struct connect_judge *connect_judge_if_any(void)
{
	return __atomic_load_n(&own, __ATOMIC_ACQUIRE);
}

static void connect_judge_unmap(struct connect_judge *n)
{
	sys_unmap(n->counts, sizeof *n->counts);
	sys_unmap(n, sizeof *n);
}

/* A fork does not inherit the counts. */
static struct connect_judge *connect_judge_map(void)
{
	struct connect_judge *n;
	long at = sys_map_anonymous(sizeof *n), counts = sys_map_anonymous(sizeof *n->counts);
	if (!sys_is_error(counts))
		SYS(madvise, counts, sizeof *n->counts, MADV_WIPEONFORK, 0, 0, 0);
	if (!sys_is_error(at) && !sys_is_error(counts)) {
		n = (struct connect_judge *)at;
		n->counts = (struct seen_counts *)counts;
		return n;
	}
	if (!sys_is_error(at))
		sys_unmap((const void *)at, sizeof *n);
	if (!sys_is_error(counts))
		sys_unmap((const void *)counts, sizeof *n->counts);
	return NULL;
}

struct connect_judge *connect_judge_state(void)
{
	struct connect_judge *n = connect_judge_if_any(), *new = n ? NULL : connect_judge_map();
	if (!new)
		return n;
	if (__atomic_compare_exchange_n(&own, &n, new, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return new;
	connect_judge_unmap(new); /* another thread was faster */
	return n;
}

bool connect_judge_judges(void)
{
	return state_judges() && state_head()->flags & GATE_IMAGE_CONNECT;
}

/* One call being judged. */
struct going {
	int fd, type;
	const void *address;
	size_t len;
	struct gate_dest dest;
	uint64_t hash;
	struct seen_slot what; /* the socket and the address, for reports */
	unsigned nnames;
	union {
		char names[DNS_NAMES_WAYS][GATE_HOST_MAX];
		char path[PATH_MAX]; /* of a unix socket, resolved */
	};
};

static uint64_t connect_judge_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 32;
}

static uint64_t connect_judge_mix_text(uint64_t h, const char *s)
{
	while (*s)
		h = (h ^ (unsigned char)*s++) * 0x100000001b3u;
	return connect_judge_mix(h, 0);
}

/* Identify the file that a path leads to.  This takes one call; resolving its real path takes three. */
static uint64_t connect_judge_mix_file(uint64_t h, const char *path)
{
	struct stat st;
	if (*path == '@' || SYS(newfstatat, AT_FDCWD, path, &st, 0, 0, 0))
		return h;
	return connect_judge_mix(connect_judge_mix(h, st.st_dev), st.st_ino);
}

/* Hash the destination with its names: with another name, it is another destination. */
static uint64_t connect_judge_hash_of(const struct connect_judge *n, const struct gate_dest *d, unsigned type)
{
	uint64_t h = connect_judge_mix(d->family, (uint64_t)type << 16 | d->port), ip[2];
	if (d->family == AF_UNIX)
		return connect_judge_mix_file(connect_judge_mix_text(h, d->path), d->path);
	__builtin_memcpy(ip, d->ip, sizeof ip);
	return connect_judge_mix(connect_judge_mix(connect_judge_mix(h, ip[0]), ip[1]),
				 dns_names_hash(&n->names, d->ip));
}

/* Find the real path of a unix socket's file, with symbolic links and the working directory resolved.  A path that
 * can't be resolved stays as it is; an abstract name is not a file. */
static void connect_judge_resolve(const struct gate_dest *d, char out[PATH_MAX])
{
	char link[64];
	struct text t = text_in(out, PATH_MAX);
	text_put(&t, d->path);
	if (*d->path == '@')
		return;
	long fd = sys_open(d->path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return;
	t = text_in(link, sizeof link);
	text_put(&t, "/proc/self/fd/");
	text_put_number(&t, (unsigned long)fd);
	long n = sys_readlink(link, out, PATH_MAX - 1);
	sys_close((int)fd);
	if (n > 0) {
		out[n] = '\0';
		return;
	}
	t = text_in(out, PATH_MAX);
	text_put(&t, d->path);
}

static int connect_judge_socket_option(int fd, int option)
{
	int value = 0, size = sizeof value;
	return SYS(getsockopt, fd, SOL_SOCKET, option, &value, &size, 0) || value < 0 || value > 255 ? 0 : value;
}

/* libc's clock, which makes no system call. */
static uint32_t connect_judge_now_s(void)
{
	struct timespec t = {0};
	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (uint32_t)t.tv_sec;
}

/* The event for the destination.  `words` receives its names. */
static struct session_ask connect_judge_event_of(struct going *g, uint32_t attempts,
						 const char *words[DNS_NAMES_WAYS + 1], const char *exe)
{
	unsigned n = 0;
	if (g->dest.family == AF_UNIX)
		words[n++] = g->path;
	for (unsigned i = 0; i < g->nnames; i++)
		words[n++] = g->names[i];
	words[n] = NULL;
	return (struct session_ask){.event = {.event = EVENT_CONNECT,
					      .size = attempts,
					      .address_len = (uint32_t)g->len,
					      .socket_type = g->what.type,
					      .socket_protocol = g->what.protocol},
				    .exe = exe,
				    .address = g->address,
				    .words = words};
}

/* The program's path: the process may be gone before the session can look. */
static const char *connect_judge_own_program(char buf[PATH_MAX])
{
	long n = sys_readlink("/proc/self/exe", buf, PATH_MAX - 1);
	buf[n > 0 ? n : 0] = '\0';
	return n > 0 ? buf : NULL;
}

/* Collect what the session and the rules need to know about the destination. */
static void connect_judge_describe(const struct connect_judge *n, struct going *g)
{
	if (g->dest.family == AF_UNIX)
		connect_judge_resolve(&g->dest, g->path);
	else
		g->nnames = dns_names_find(&n->names, g->dest.ip, g->names);
}

static void connect_judge_describe_socket(const struct connect_judge *n, struct going *g)
{
	g->what = (struct seen_slot){.type = (uint8_t)connect_judge_socket_option(g->fd, SO_TYPE),
				     .protocol = (uint8_t)connect_judge_socket_option(g->fd, SO_PROTOCOL)};
	if (g->dest.family != AF_UNIX)
		g->what.names = dns_names_hash(&n->names, g->dest.ip);
	if (g->len > CONNECT_CACHE_ADDRESS)
		return;
	g->what.length = (uint16_t)g->len;
	__builtin_memcpy(g->what.address, g->address, g->len);
}

/* Remember a verdict that the session already knows. */
static void connect_judge_keep(struct connect_judge *n, const struct going *g, enum connect_cache_verdict v)
{
	const struct seen_slot *s = connect_cache_put(&n->seen, g->hash, v, &g->what);
	if (s)
		*connect_cache_count(&n->seen, n->counts, s) =
			(struct connect_cache_count){.reported = connect_judge_now_s(), .reports = 1};
}

/* A refusal by a freeze is not an answer: it is not kept, whether the freeze was there before the question or came
 * while it was open.  Apart, for the stack of those who only ask the table. */
static bool __attribute__((noinline))
connect_judge_ask_session(struct connect_judge *n, const struct gate_image_head *head, struct going *g)
{
	char line[ASK_LINE], exe[PATH_MAX];
	const char *words[DNS_NAMES_WAYS + 1], *text;
	struct session_ask a = connect_judge_event_of(g, 1, words, connect_judge_own_program(exe));
	bool frozen = head->flags & GATE_IMAGE_ASK_ALL;
	int ret = session_ask(&a, line, &text);
	bool keeps = !frozen && !(head->flags & GATE_IMAGE_ASK_ALL);
	if (ret < 0)
		return message_call_fault(text, ret);
	if (keeps)
		connect_judge_keep(n, g, ret ? CONNECT_CACHE_REFUSED : CONNECT_CACHE_PASSED);
	if (ret && (!text || *text) && (!keeps || connect_cache_first_told(&n->seen, g->hash)))
		message_line(text ? text : "gate: refused; no connection was made");
	return !ret;
}

/* Report to the session, which does not answer.  Returns 0, or a negative errno with *what saying what failed. */
static int __attribute__((noinline))
connect_judge_report(struct going *g, uint32_t attempts, unsigned flags, const char **what)
{
	char exe[PATH_MAX];
	const char *words[DNS_NAMES_WAYS + 1];
	struct session_ask a = connect_judge_event_of(g, attempts, words, connect_judge_own_program(exe));
	a.event.flags = (uint16_t)(WIRE_REPORT | flags);
	return session_ask_report(&a, what);
}

/* Judge a destination that is new to this process. */
static bool __attribute__((noinline))
connect_judge_judge(struct connect_judge *n, const struct gate_image_head *head, struct going *g)
{
	const char *what;
	connect_judge_describe_socket(n, g);
	connect_judge_describe(n, g);
	if (!(head->flags & GATE_IMAGE_CONNECT_PASS) || head->flags & GATE_IMAGE_ASK_ALL ||
	    gate_image_concerns_connect(head, &g->dest, g->path, g->names, g->nnames))
		return connect_judge_ask_session(n, head, g);
	int err = connect_judge_report(g, 1, 0, &what);
	if (err)
		return message_call_fault(what, err);
	connect_judge_keep(n, g, CONNECT_CACHE_PASSED);
	return true;
}

/* Count one more use of a known destination.  Reports come about once a second, and less often the more reports a
 * destination has had.  A count that can't be reported now goes with the next report, or at exit. */
static void __attribute__((noinline))
connect_judge_count(struct connect_judge *n, struct going *g, const struct seen_slot *s, enum connect_cache_verdict v)
{
	enum { REPORTS_MAX = 60, LOOK_EVERY = 64 };
	struct connect_cache_count *c = connect_cache_count(&n->seen, n->counts, s);
	const char *what;
	uint32_t attempts = __atomic_add_fetch(&c->attempts, 1, __ATOMIC_RELAXED), reports = c->reports;
	if (g->type == SOCK_DGRAM && attempts % LOOK_EVERY)
		return;
	uint32_t now = connect_judge_now_s(), last = c->reported, pause = reports < REPORTS_MAX ? reports : REPORTS_MAX;
	if (now - last < pause ||
	    !__atomic_compare_exchange_n(&c->reported, &last, now, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	attempts = __atomic_exchange_n(&c->attempts, 0, __ATOMIC_RELAXED);
	connect_judge_describe_socket(n, g);
	connect_judge_describe(n, g);
	__atomic_fetch_add(&c->reports, 1, __ATOMIC_RELAXED);
	if (connect_judge_report(g, attempts, v == CONNECT_CACHE_REFUSED ? WIRE_REFUSED : 0, &what))
		__atomic_fetch_add(&c->attempts, attempts, __ATOMIC_RELAXED);
}

bool connect_judge_allows(int fd, const void *address, size_t len, int type)
{
	struct going g;
	enum connect_cache_verdict v;
	int err = 0;
	if (!connect_judge_judges() || !gate_dest_of(address, len, &g.dest))
		return true;
	struct connect_judge *n = connect_judge_state();
	const struct memory *m = n ? memory_get(&err) : NULL;
	if (!m)
		return message_call_fault(n ? GATE_IMAGE_NAME : "the table of destinations can't be mapped",
					  n ? err : -ENOMEM);
	const struct gate_image_head *head = m->image;
	g.fd = fd, g.address = address, g.len = len, g.nnames = 0;
	g.type = type || g.dest.family == AF_UNIX ? type : connect_judge_socket_option(fd, SO_TYPE);
	g.hash = connect_judge_hash_of(n, &g.dest, (unsigned)g.type);
	const struct seen_slot *slot = connect_cache_find(&n->seen, g.hash, &v);
	if (!slot || head->flags & GATE_IMAGE_ASK_ALL)
		return connect_judge_judge(n, head, &g);
	connect_judge_count(n, &g, slot, v);
	return v == CONNECT_CACHE_PASSED;
}

/* Report the remaining counts at exit. */
static void __attribute__((destructor)) connect_judge_end(void)
{
	struct connect_judge *n = connect_judge_if_any();
	struct going g;
	const char *what;
	g.fd = -1;
	g.nnames = 0;
	for (size_t i = 0; n && !state.leaves && i < CONNECT_CACHE_SETS * CONNECT_CACHE_WAYS; i++) {
		const struct seen_slot *s = &n->seen.slots[0][0] + i;
		struct connect_cache_count *c = connect_cache_count(&n->seen, n->counts, s);
		uint32_t attempts = __atomic_exchange_n(&c->attempts, 0, __ATOMIC_RELAXED);
		if (!attempts || !connect_cache_read(s, &g.what) ||
		    !gate_dest_of(g.what.address, g.what.length, &g.dest))
			continue;
		g.address = g.what.address;
		g.len = g.what.length;
		g.nnames = 0;
		if (g.dest.family == AF_UNIX || g.what.names) /* names looked up after the verdict do not apply */
			connect_judge_describe(n, &g);
		if (connect_judge_report(&g, attempts, (g.what.key & 3) == CONNECT_CACHE_REFUSED ? WIRE_REFUSED : 0,
					 &what))
			return; /* the session is gone */
	}
}
