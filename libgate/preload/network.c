/* network.c - see network.h. */
#include "network.h"

#include <errno.h>
#include <linux/limits.h>

#include "ask.h"
#include "say.h"
#include "state.h"
#include "sys.h"
#include "text.h"

static struct network *own;
static const void *image;

struct network *network_if_any(void)
{
	return __atomic_load_n(&own, __ATOMIC_ACQUIRE);
}

struct network *network(void)
{
	struct network *n = network_if_any();
	if (n)
		return n;
	long addr = SYS(mmap, 0, sizeof *n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (addr < 0 && addr > -4096)
		return NULL;
	if (__atomic_compare_exchange_n(&own, &n, (struct network *)addr, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return (struct network *)addr;
	sys_unmap((const void *)addr, sizeof *n); /* another thread was first */
	return n;
}

bool network_judges(void)
{
	return state.active && state.head.flags & GATE_IMAGE_CONNECT;
}

/* The image, mapped once for good. */
static int map_image(const struct gate_image_head **head)
{
	const void *map = __atomic_load_n(&image, __ATOMIC_ACQUIRE), *none = NULL;
	int err = map ? 0 : state_map_image(&map);
	if (!err && !__atomic_load_n(&image, __ATOMIC_ACQUIRE) &&
	    !__atomic_compare_exchange_n(&image, &none, map, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		sys_unmap(map, state.head.size);
		map = none;
	}
	*head = map;
	return err;
}

/* One call being judged. */
struct going {
	int fd;
	const void *address;
	size_t len;
	struct gate_dest dest;
	uint64_t hash;
	struct seen_slot what; /* the socket and the address, for the report at the end */
	unsigned nnames;
	union {
		char names[NAMES_WAYS][GATE_HOST_MAX];
		char path[PATH_MAX]; /* of a unix socket: resolved */
	};
};

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	for (const unsigned char *p = bytes; n--; p++)
		h = (h ^ *p) * 0x100000001b3u;
	return h;
}

/* The destination and its names: with another name it is another. */
static uint64_t hash_of(const struct network *n, const struct gate_dest *d, const char *path, unsigned type)
{
	uint64_t h = mix(0xcbf29ce484222325u, &d->family, sizeof d->family), names;
	h = mix(h, &type, sizeof type);
	if (d->family == AF_UNIX)
		return mix(h, path, text_length(path));
	names = names_hash(&n->names, d->ip);
	h = mix(mix(h, d->ip, sizeof d->ip), &d->port, sizeof d->port);
	h = mix(h, &names, sizeof names);
	return h ^ h >> 29;
}

/* Where a unix socket's file really is: the path's symbolic links and the working directory resolved.  What can't be is
 * taken as it stands; an abstract name is no file. */
static void resolve(const struct gate_dest *d, char out[PATH_MAX])
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

static int socket_option(int fd, int option)
{
	int value = 0, size = sizeof value;
	return SYS(getsockopt, fd, SOL_SOCKET, option, &value, &size, 0) || value < 0 || value > 255 ? 0 : value;
}

static long now_s(void)
{
	return sys_now_ms() / 1000;
}

/* The event about it.  `words` takes its names. */
static struct ask event_of(struct going *g, const char *words[NAMES_WAYS + 1], const char *exe)
{
	unsigned n = 0;
	if (g->dest.family == AF_UNIX)
		words[n++] = g->path;
	for (unsigned i = 0; i < g->nnames; i++)
		words[n++] = g->names[i];
	words[n] = NULL;
	return (struct ask){
		.event = {.event = WIRE_CONNECT, .size = 1, .address_len = (uint32_t)g->len, .socket_type = g->what.type,
			  .socket_protocol = g->what.protocol},
		.exe = exe, .address = g->address, .words = words};
}

/* The program, as the session may come too late to see it. */
static const char *own_program(char buf[PATH_MAX])
{
	long n = sys_readlink("/proc/self/exe", buf, PATH_MAX - 1);
	buf[n > 0 ? n : 0] = '\0';
	return n > 0 ? buf : NULL;
}

/* Apart, for the stack of those who only ask the table. */
static bool __attribute__((noinline)) ask_session(struct network *n, struct going *g, bool keep)
{
	char line[ASK_LINE], exe[PATH_MAX];
	const char *words[NAMES_WAYS + 1], *text;
	struct ask a = event_of(g, words, own_program(exe));
	int ret = ask(&a, line, &text);
	if (ret < 0)
		return say_call_fault(text, ret);
	if (keep)
		seen_put(&n->seen, g->hash, ret ? SEEN_REFUSED : SEEN_PASSED, &g->what);
	if (ret && (!keep || seen_first_told(&n->seen, g->hash)))
		say_line(text ? text : "gate: refused; no connection was made");
	return !ret;
}

/* Nothing asks about it: it is told, and not waited for. */
static bool __attribute__((noinline)) report(struct network *n, struct going *g)
{
	char exe[PATH_MAX];
	const char *words[NAMES_WAYS + 1], *what;
	struct ask a = event_of(g, words, own_program(exe));
	a.event.flags = WIRE_REPORT;
	int err = ask_report(&a, &what);
	if (err)
		return say_call_fault(what, err);
	seen_put(&n->seen, g->hash, SEEN_PASSED, &g->what);
	return true;
}

/* A destination that this process has not dealt with. */
static bool __attribute__((noinline)) judge(struct network *n, const struct gate_image_head *head, struct going *g)
{
	bool frozen = head->flags & GATE_IMAGE_ASK_ALL;
	g->what = (struct seen_slot){.reported = (uint32_t)now_s(), .length = (uint16_t)g->len,
				     .type = (uint8_t)socket_option(g->fd, SO_TYPE),
				     .protocol = (uint8_t)socket_option(g->fd, SO_PROTOCOL)};
	if (g->len <= SEEN_ADDRESS)
		__builtin_memcpy(g->what.address, g->address, g->len);
	if (g->dest.family != AF_UNIX)
		g->nnames = names_find(&n->names, g->dest.ip, g->names);
	bool pass = head->flags & GATE_IMAGE_CONNECT_PASS && !frozen &&
		    !gate_image_concerns_connect(head, &g->dest, g->path, g->names, g->nnames);
	return pass ? report(n, g) : ask_session(n, g, !frozen);
}

bool network_allows(int fd, const void *address, size_t len, int type)
{
	struct going g;
	const struct gate_image_head *head;
	enum seen_verdict v;
	if (!network_judges() || !gate_dest_of(address, len, &g.dest))
		return true;
	struct network *n = network();
	int err = n ? map_image(&head) : -ENOMEM;
	if (err)
		return say_call_fault(n ? GATE_IMAGE_NAME : "no memory for the destinations", err);
	g.fd = fd, g.address = address, g.len = len, g.nnames = 0;
	if (g.dest.family == AF_UNIX)
		resolve(&g.dest, g.path);
	g.hash = hash_of(n, &g.dest, g.path, (unsigned)(type ? type : socket_option(fd, SO_TYPE)));
	struct seen_slot *slot = seen_find(&n->seen, g.hash, &v);
	if (v == SEEN_NEVER || head->flags & GATE_IMAGE_ASK_ALL)
		return judge(n, head, &g);
	__atomic_fetch_add(&slot->attempts, 1, __ATOMIC_RELAXED);
	return v == SEEN_PASSED;
}
