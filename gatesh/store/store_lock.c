/* SPDX-License-Identifier: BSD-2-Clause */
/* store_lock.c - the lock that an undo holds while it changes files and stores. */
#include "store/store_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/store_internal.h"
#include "util/proc.h"

#define LOCK_NAME ".lock"

enum { TRIES = 100, PAUSE_NS = 10000000 };

static int store_lock_own = -1; /* the lock that this process has taken */

static int store_lock_open(void)
{
	char base[PATH_MAX];
	int registry = registry_open(base, false);
	if (registry < 0)
		return registry;
	int fd = openat(registry, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd < 0)
		fd = -errno;
	close(registry);
	return fd;
}

/* Read who holds the lock; pid 0 if that process has ended. */
static struct store_holder store_lock_holder(int fd)
{
	char text[96];
	int pid;
	unsigned long long start;
	long long since;
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "%d %llu %lld\n", &pid, &start, &since) != 3 || pid <= 0 || !proc_alive(pid, start))
		return (struct store_holder){0};
	return (struct store_holder){.pid = pid, .since = (time_t)since};
}

/* Best effort: the lock holds without its text. */
static void store_lock_sign(int fd)
{
	char text[96];
	struct proc self;
	unsigned long long start = proc_read(getpid(), &self) ? 0 : self.start_time;
	int n = snprintf(text, sizeof text, "%d %llu %lld\n", getpid(), start, (long long)time(NULL));
	if (!ftruncate(fd, 0))
		n -= (int)pwrite(fd, text, (size_t)n, 0);
}

int store_lock_take(struct store_holder *who)
{
	int fd = store_lock_open();
	*who = (struct store_holder){0};
	for (int i = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB); i++) {
		int err = -errno;
		if (err == -EWOULDBLOCK)
			*who = store_lock_holder(fd);
		if (err == -EINTR || (err == -EWOULDBLOCK && !who->pid && i < TRIES)) {
			nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
			continue;
		}
		close(fd);
		return err == -EWOULDBLOCK ? -EBUSY : err;
	}
	if (fd >= 0)
		store_lock_sign(fd);
	store_lock_own = fd >= 0 ? fd : -1;
	return fd;
}

int store_lock_try(void)
{
	if (store_lock_own >= 0) { /* flock(2): a duplicate is the same lock, which stays until both are closed */
		int own = fcntl(store_lock_own, F_DUPFD_CLOEXEC, 0);
		return own < 0 ? -errno : own;
	}
	int fd = store_lock_open();
	if (fd < 0 || !flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	int err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	close(fd);
	return err;
}

void store_lock_drop(int fd)
{
	if (fd == store_lock_own) {
		store_lock_own = -1;
		if (ftruncate(fd, 0))
			errno = 0; /* a text that stays is not believed once this process has ended */
	}
	close(fd);
}
