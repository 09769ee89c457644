/* SPDX-License-Identifier: BSD-2-Clause */
/* births.c - the calls that may have made a file, and the thread that looks a moment later. */
#include "supervise/births.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "preload/base/own_files.h"

enum {
	BIRTHS_MAX = 256,
	LOOKS = 3,         /* at a name where nothing has appeared */
	LOOK_NS = 2000000, /* from the call to the first; each further one comes after eight times as long */
	WAIT_NS = 20000000,
	SECOND = 1000000000,
	STACK = 64 << 10,
};

struct birth {
	bool used, busy; /* busy: the thread looks at it */
	unsigned looks;
	int parent;
	uint64_t since, due; /* due: nanoseconds of the monotonic clock */
	dev_t dev;           /* of the directory, with ino */
	ino_t ino;
	char name[NAME_MAX + 1];
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t some, looked;
	bool runs, hurry;
	unsigned n, rounds; /* rounds: of looks at all that was due */
	struct birth v[BIRTHS_MAX];
} births = {.lock = PTHREAD_MUTEX_INITIALIZER, .some = PTHREAD_COND_INITIALIZER, .looked = PTHREAD_COND_INITIALIZER};

static uint64_t births_clock(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

uint64_t births_now(void)
{
	return births_clock(CLOCK_REALTIME_COARSE); /* as the kernel dates files */
}

/* Is it there?  Enters it in the table if it was born since. */
static bool births_confirm(int parent, const char *name, uint64_t since)
{
	struct statx st;
	if (statx(parent, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &st))
		return false;
	if (S_ISREG(st.stx_mode) && st.stx_mask & STATX_BTIME &&
	    (uint64_t)st.stx_btime.tv_sec * SECOND + st.stx_btime.tv_nsec >= since)
		own_files_put(&st);
	return true;
}

/* With the lock. */
static void births_drop(struct birth *b)
{
	close(b->parent);
	b->used = false;
	births.n--;
}

/* Look at one, without the lock meanwhile: a file system may hang.  With the lock. */
static void births_look(struct birth *b)
{
	b->busy = true;
	pthread_mutex_unlock(&births.lock);
	bool there = births_confirm(b->parent, b->name, b->since);
	pthread_mutex_lock(&births.lock);
	b->busy = false;
	b->due += (uint64_t)LOOK_NS << 3 * ++b->looks;
	if (there || b->looks == LOOKS)
		births_drop(b);
}

/* Look at all that is due, or at all there is.  Returns when the next one is due.  With the lock. */
static uint64_t births_round(bool all)
{
	uint64_t now = births_clock(CLOCK_MONOTONIC), next = now + SECOND;
	for (struct birth *b = births.v; b < births.v + BIRTHS_MAX; b++) {
		if (b->used && (all || b->due <= now))
			births_look(b);
		if (b->used && b->due < next)
			next = b->due;
	}
	births.rounds++;
	pthread_cond_broadcast(&births.looked);
	return next;
}

static void births_sleep(uint64_t until)
{
	uint64_t now = births_clock(CLOCK_MONOTONIC), real = births_clock(CLOCK_REALTIME);
	real += until > now ? until - now : 0;
	struct timespec t = {(time_t)(real / SECOND), (long)(real % SECOND)};
	if (!births.hurry)
		pthread_cond_timedwait(&births.some, &births.lock, &t);
}

static void *births_work(void *data)
{
	pthread_mutex_lock(&births.lock);
	for (;;) {
		while (!births.n && !births.hurry)
			pthread_cond_wait(&births.some, &births.lock);
		bool all = births.hurry;
		births.hurry = false;
		uint64_t next = births_round(all);
		if (births.n)
			births_sleep(next);
	}
	return data;
}

/* With the lock. */
static bool births_start(void)
{
	pthread_t thread;
	pthread_attr_t attr;
	if (births.runs || pthread_attr_init(&attr))
		return births.runs;
	pthread_attr_setstacksize(&attr, STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	births.runs = !pthread_create(&thread, &attr, births_work, NULL);
	pthread_attr_destroy(&attr);
	return births.runs;
}

static struct birth *births_free_slot(void)
{
	for (struct birth *b = births.v; b < births.v + BIRTHS_MAX; b++)
		if (!b->used)
			return b;
	return NULL;
}

void births_expect(int parent, const char *name, uint64_t since)
{
	struct stat dir;
	bool known = !fstat(parent, &dir);
	pthread_mutex_lock(&births.lock);
	struct birth *b = known && births_start() ? births_free_slot() : NULL;
	if (b) {
		*b = (struct birth){
			.used = true, .parent = parent, .since = since, .dev = dir.st_dev, .ino = dir.st_ino};
		b->due = births_clock(CLOCK_MONOTONIC) + LOOK_NS;
		strcpy(b->name, name);
		if (!births.n++)
			pthread_cond_signal(&births.some);
	}
	pthread_mutex_unlock(&births.lock);
	if (!b)
		close(parent);
}

/* Take out the entry for the name.  One that the thread looks at stays.  With the lock. */
static bool births_take(const struct stat *dir, const char *name, uint64_t *since)
{
	bool found = false;
	for (struct birth *b = births.v; b < births.v + BIRTHS_MAX; b++) {
		if (!b->used || b->ino != dir->st_ino || b->dev != dir->st_dev || strcmp(b->name, name))
			continue;
		found = true;
		*since = b->since;
		if (!b->busy)
			births_drop(b);
	}
	return found;
}

void births_settle(int parent, const char *name)
{
	struct stat dir;
	uint64_t since = 0;
	if (!__atomic_load_n(&births.n, __ATOMIC_RELAXED) || fstat(parent, &dir))
		return;
	pthread_mutex_lock(&births.lock);
	bool found = births_take(&dir, name, &since);
	pthread_mutex_unlock(&births.lock);
	if (found)
		births_confirm(parent, name, since);
}

/* The next one of that name from *i on: its directory as a new descriptor, or -1. */
static int births_next(const char *name, size_t *i, uint64_t *since)
{
	int parent = -1;
	pthread_mutex_lock(&births.lock);
	for (; parent < 0 && *i < BIRTHS_MAX; ++*i) {
		const struct birth *b = &births.v[*i];
		if (!b->used || strcmp(b->name, name) != 0)
			continue;
		*since = b->since;
		parent = fcntl(b->parent, F_DUPFD_CLOEXEC, 3);
	}
	pthread_mutex_unlock(&births.lock);
	return parent;
}

void births_settle_open(int fd)
{
	char link[32], path[PATH_MAX];
	uint64_t since;
	if (!__atomic_load_n(&births.n, __ATOMIC_RELAXED))
		return;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	const char *name = strrchr(path, '/');
	size_t i = 0;
	for (int parent; name && (parent = births_next(name + 1, &i, &since)) >= 0; close(parent))
		births_confirm(parent, name + 1, since);
}

void births_wait(void)
{
	uint64_t until = births_clock(CLOCK_REALTIME) + WAIT_NS;
	struct timespec t = {(time_t)(until / SECOND), (long)(until % SECOND)};
	pthread_mutex_lock(&births.lock);
	unsigned round = births.rounds;
	bool waits = births.n;
	births.hurry |= waits;
	pthread_cond_signal(&births.some);
	while (waits && births.rounds == round)
		if (pthread_cond_timedwait(&births.looked, &births.lock, &t))
			break;
	pthread_mutex_unlock(&births.lock);
}
