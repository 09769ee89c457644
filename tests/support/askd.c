/* SPDX-License-Identifier: BSD-2-Clause */
/* askd.c - replaces the session's end of ask.sock with a scripted verdict, to test the interposer on its own.
 *
 *   askd DIR GATE_EXEC VERDICT RULE...
 *
 * writes DIR/policy.img for the rules (PROGRAM[,PROGRAM][/KEYWORD[,KEYWORD]]..., no program: any; +allow sets on-fault:
 * allow; for file events +workspace=DIR +temporary=DIR +store=DIR +home=DIR +max=BYTES +keep=keep|pass|ask,
 * and rules +ask:GLOB +deny:GLOB +allow:GLOB +outside +allow-within-cache +allow-within-ignored; +covers=DIR: the
 * directory that every answer covers).  Then it listens on DIR/ask.sock, prints "ready", and prints a line for each
 * question: `exec`, exe, cwd, and every word, or `exec N words B bytes` for a huge one; `gone` if an asker leaves
 * before its answer.
 * VERDICT: allow | deny | deny=TEXT | hold (alive, no answer) | hold=MS (then allow) | mute (not even alive) | hangup |
 * torn | garbage | late (hangs up in mid-question) | foreign (another version) | flood (an answer over the limits). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <gate.h>

#include "formats/image.h"
#include "formats/session_names.h"
#include "formats/wire.h"
#include "image/image_build.h"

enum { ASKERS_MAX = 256, SHOWN_WORDS = 64, TICK_MS = 100 };

struct asker {
	int fd;
	char *msg;
	size_t n;
	long asked, alive; /* milliseconds: when the question was complete, and when the last sign of life was sent */
};

static struct asker askers[ASKERS_MAX];
static const char *verdict;

static void die(const char *what)
{
	fprintf(stderr, "askd: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The comma-separated words of text, NULL-terminated.  They live as long as this process. */
static char **words_of(char *text)
{
	char **v = calloc(strlen(text) + 2, sizeof *v);
	size_t n = 0;
	for (char *w = strtok(text, ","); v && w; w = strtok(NULL, ","))
		v[n++] = w;
	return v;
}

static struct rule *rule_of(char *text)
{
	struct rule *r = calloc(1, sizeof *r);
	struct any_of *keywords = calloc(strlen(text) + 1, sizeof *keywords);
	char *next, *programs = strsep(&text, "/");
	if (!r || !keywords)
		die("rule");
	r->events = 1u << GATE_EVENT_EXEC;
	r->keywords = keywords;
	while ((next = strsep(&text, "/")))
		keywords[r->nkeywords++].words = words_of(next);
	r->programs = words_of(programs);
	return r;
}

enum { LIST_MAX = 8 };
static const char *workspaces[LIST_MAX + 1], *temporary[LIST_MAX + 1], *stores[LIST_MAX + 1], *covers;
static struct gate_image_options options = {.temporary = temporary, .stores = stores};
static struct image_files files = {.options = &options,
				   .keep = {{.max = 256u << 20, .word = EVENT_KEEP_KEEP, .in_process = 1}}};

static void append(const char **list, const char *item)
{
	size_t n = 0;
	while (list[n])
		n++;
	if (n < LIST_MAX)
		list[n] = item;
}

/* Parse one "+NAME=VALUE" for file events.  False if it is not one. */
static bool file_option(const char *spec)
{
	static const char *const words[] = {"pass", "keep", "ask"};
	char name[16];
	int end = 0;
	if (sscanf(spec, "+%15[a-z]=%n", name, &end) != 1 || !end)
		return false;
	const char *value = spec + end;
	if (!strcmp(name, "workspace"))
		append(workspaces, value), options.workspaces = workspaces;
	else if (!strcmp(name, "temporary"))
		append(temporary, value);
	else if (!strcmp(name, "store"))
		append(stores, value);
	else if (!strcmp(name, "home"))
		options.home = value;
	else if (!strcmp(name, "max"))
		files.keep[0].max = strtoull(value, NULL, 10);
	else if (!strcmp(name, "covers"))
		covers = value;
	for (unsigned i = 0; !strcmp(name, "keep") && i < 3; i++)
		if (!strcmp(value, words[i]))
			files.keep[0].word = (enum event_keep)i;
	return true;
}

/* Parse "+ask:GLOB" or "+outside".  NULL if it is not a rule. */
static struct rule *file_rule(char *spec)
{
	static const struct {
		const char *prefix;
		enum gate_action action;
	} kinds[] = {{"+ask:", GATE_ACTION_ASK}, {"+deny:", GATE_ACTION_DENY}, {"+allow:", GATE_ACTION_ALLOW}};
	struct rule *r = calloc(1, sizeof *r);
	if (!r || !(r->paths = calloc(2, sizeof *r->paths)))
		die("rule");
	r->events = RULE_FILE_EVENTS;
	r->severity = GATE_SEVERITY_DANGER;
	if (!strcmp(spec, "+outside")) {
		r->outside = true;
		return r;
	}
	if (!strncmp(spec, "+allow-within-", 14)) {
		r->within = !strcmp(spec + 14, "cache")  ? GATE_FILE_CACHE :
			    !strcmp(spec + 14, "locked") ? GATE_FILE_LOCKED :
							   GATE_FILE_IGNORED;
		r->action = GATE_ACTION_ALLOW;
		return r;
	}
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (!strncmp(spec, kinds[i].prefix, strlen(kinds[i].prefix))) {
			r->action = kinds[i].action;
			r->paths[0] = spec + strlen(kinds[i].prefix);
			return r;
		}
	return NULL;
}

static void write_image(const char *dir, const char *standin, char **specs, size_t n)
{
	char path[200];
	struct rule *rules[n + 1], *r;
	unsigned flags = 0;
	struct ruleset rs = {.rules = rules};
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(specs[i], "+allow"))
			flags = GATE_IMAGE_ON_FAULT_ALLOW;
		else if (*specs[i] == '+' && file_option(specs[i]))
			continue;
		else if (*specs[i] == '+' && (r = file_rule(specs[i])))
			rules[rs.n++] = r;
		else
			rules[rs.n++] = rule_of(specs[i]);
	}
	files.events = RULE_FILE_EVENTS;
	for (int i = 1; i < EVENT_FILE_TYPES; i++)
		files.keep[i] = files.keep[0];
	clock_gettime(CLOCK_REALTIME, &options.since);
	snprintf(path, sizeof path, "%s/" GATE_IMAGE_NAME, dir);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		die(path);
	errno = -image_build(&rs, standin, flags, options.workspaces ? &files : NULL, getenv("PATH"), fd);
	if (errno)
		die("image");
	close(fd);
}

static int listen_on(const char *dir)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	snprintf(addr.sun_path, sizeof addr.sun_path, "%s/" GATE_SOCKET_NAME, dir);
	unlink(addr.sun_path);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof addr) || listen(fd, 64))
		die(addr.sun_path);
	return fd;
}

static void drop(struct asker *a)
{
	close(a->fd);
	free(a->msg);
	*a = (struct asker){.fd = -1};
}

static void show(const struct gate_event *ev, size_t bytes)
{
	if (ev->type != GATE_EVENT_EXEC) {
		printf("%s %s other=%s size=%llu flags=%u unkept=%s\n", gate_event_name(ev->type), ev->path,
		       ev->other ? ev->other : "-", (unsigned long long)ev->size, ev->file,
		       ev->unkept ? ev->unkept : "-");
		fflush(stdout);
		return;
	}
	if (ev->argc > SHOWN_WORDS || bytes > WIRE_PACKET) {
		printf("exec %zu words %zu bytes\n", ev->argc, bytes);
	} else {
		printf("exec %s %s", ev->exe ? ev->exe : "-", ev->cwd ? ev->cwd : "-");
		for (size_t i = 0; i < ev->argc; i++)
			printf(" [%s]", ev->argv[i]);
		putchar('\n');
	}
	fflush(stdout);
}

static void answer(struct asker *a, int ret, const char *text)
{
	char buf[WIRE_ANSWER_MAX];
	const struct wire_verdict v = {.ret = ret, .text = text, .covers = covers, .severity = GATE_SEVERITY_CRITICAL};
	size_t n = wire_encode_answer(buf, &v);
	send(a->fd, buf, n, MSG_NOSIGNAL);
	drop(a);
}

static void alive(struct asker *a)
{
	struct wire_head head = {WIRE_MAGIC, WIRE_VERSION, WIRE_ALIVE, sizeof head};
	send(a->fd, &head, sizeof head, MSG_NOSIGNAL | MSG_DONTWAIT);
	a->alive = now_ms();
}

/* Invalid answers. */
static bool misbehave(struct asker *a)
{
	char buf[2 * WIRE_ANSWER_MAX] = {0};
	size_t n = wire_encode_answer(buf, &(struct wire_verdict){.ret = GATE_SUCCESS, .text = "gate: fine"});
	struct wire_head *head = (struct wire_head *)buf;
	if (!strcmp(verdict, "torn"))
		n = sizeof(struct wire_head) + 2;
	else if (!strcmp(verdict, "garbage"))
		memset(buf, 'x', n);
	else if (!strcmp(verdict, "foreign"))
		head->version++;
	else if (!strcmp(verdict, "flood"))
		head->length = (uint32_t)(n = sizeof buf);
	else if (strcmp(verdict, "hangup"))
		return false;
	if (strcmp(verdict, "hangup"))
		send(a->fd, buf, n, MSG_NOSIGNAL);
	drop(a);
	return true;
}

static void decide(struct asker *a)
{
	struct gate_event ev;
	int err = wire_decode_event(a->msg, a->n, &ev);
	if (err) {
		printf("bad %d\n", err);
		drop(a);
		return;
	}
	show(&ev, a->n);
	free((void *)ev.argv);
	a->asked = now_ms();
	if (!strcmp(verdict, "allow"))
		answer(a, GATE_SUCCESS, NULL);
	else if (!strncmp(verdict, "deny", 4))
		answer(a, GATE_DENY, verdict[4] == '=' ? verdict + 5 : NULL);
	else if (!misbehave(a) && strcmp(verdict, "mute"))
		alive(a);
}

static void read_from(struct asker *a)
{
	static char packet[WIRE_PACKET];
	ssize_t n = recv(a->fd, packet, sizeof packet, 0);
	if (n <= 0) {
		puts("gone");
		fflush(stdout);
		drop(a);
		return;
	}
	a->msg = realloc(a->msg, a->n + (size_t)n);
	if (!a->msg)
		die("message");
	memcpy(a->msg + a->n, packet, (size_t)n);
	a->n += (size_t)n;
	long whole = wire_expect(a->msg, a->n);
	if (whole < 0 || !strcmp(verdict, "late"))
		drop(a);
	else if ((size_t)whole == a->n)
		decide(a);
}

static void accept_asker(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	for (size_t i = 0; fd >= 0 && i < ASKERS_MAX; i++)
		if (askers[i].fd < 0) {
			askers[i] = (struct asker){.fd = fd};
			return;
		}
	close(fd);
}

static void tick(struct asker *a)
{
	if (a->fd < 0 || !a->asked || !strcmp(verdict, "mute"))
		return;
	if (!strncmp(verdict, "hold=", 5) && now_ms() - a->asked >= atol(verdict + 5))
		answer(a, GATE_SUCCESS, NULL);
	else if (now_ms() - a->alive >= WIRE_ALIVE_MS)
		alive(a);
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return fputs("usage: askd DIR GATE_EXEC VERDICT RULE...\n", stderr), 2;
	verdict = argv[3];
	write_image(argv[1], argv[2], argv + 4, (size_t)argc - 4);
	int listener = listen_on(argv[1]);
	for (size_t i = 0; i < ASKERS_MAX; i++)
		askers[i].fd = -1;
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct pollfd p[ASKERS_MAX + 1] = {{.fd = listener, .events = POLLIN}};
		for (size_t i = 0; i < ASKERS_MAX; i++)
			p[i + 1] = (struct pollfd){.fd = askers[i].fd, .events = POLLIN};
		if (poll(p, ASKERS_MAX + 1, TICK_MS) < 0 && errno != EINTR)
			die("poll");
		for (size_t i = 0; i < ASKERS_MAX; i++) {
			if (p[i + 1].fd >= 0 && p[i + 1].revents)
				read_from(&askers[i]);
			tick(&askers[i]);
		}
		if (p[0].revents)
			accept_asker(listener);
	}
}
