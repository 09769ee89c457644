/* SPDX-License-Identifier: BSD-2-Clause */
/* store_sum.c - reads and writes the sum of a store, and adds up what is held. */
#include "store/store_sum.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"
#include "store/store_internal.h"
#include "store/store_records.h"

#define SUM_NAME "sum"
#define SUM_NEW "sum.new"

enum {
	SETTLED_SECONDS = 3, /* no file system counts in longer steps than 2 s */
	SUM_MAX = 256,
};

static int64_t store_sum_ns(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool store_sum_state(struct store_sum *s, int dir)
{
	struct stat journal, objects;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (dir < 0 || fstatat(dir, STORE_JOURNAL_NAME, &journal, AT_SYMLINK_NOFOLLOW) ||
	    fstatat(dir, STORE_OBJECTS_NAME, &objects, AT_SYMLINK_NOFOLLOW) || !S_ISREG(journal.st_mode))
		return false;
	*s = (struct store_sum){.journal = journal.st_size,
				.changed = store_sum_ns(objects.st_mtim),
				.settled = objects.st_mtim.tv_sec + SETTLED_SECONDS < now.tv_sec,
				.dev = objects.st_dev,
				.oldest = INT64_MAX,
				.newest = INT64_MIN};
	return true;
}

static bool store_sum_parse(struct store_sum *s, const char *text)
{
	struct store_sum said = *s;
	int ended, at = 0;
	if (sscanf(text, "gate-sum 1 %lld %" SCNd64 " %d %" SCNu64 " %" SCNd64 " %" SCNd64 "\n%n", &said.journal,
		   &said.changed, &ended, &said.bytes, &said.oldest, &said.newest, &at) != 6 ||
	    !at || text[at - 1] != '\n' || said.journal != s->journal || said.changed != s->changed)
		return false;
	*s = said;
	s->ended = ended;
	return true;
}

static bool store_sum_read_at(struct store_sum *s, int dir)
{
	char text[SUM_MAX];
	struct stat st;
	int fd = dir < 0 ? -1 : openat(dir, SUM_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) ? read(fd, text, sizeof text - 1) : -1;
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return store_sum_state(s, dir) && store_sum_parse(s, text);
}

bool store_sum_begin(struct store_sum *s, const char *store)
{
	int dir = store_open(store);
	bool known = store_sum_state(s, dir);
	if (dir >= 0)
		close(dir);
	return known;
}

bool store_sum_read(struct store_sum *s, const char *store)
{
	int dir = store_open(store);
	bool read = store_sum_read_at(s, dir);
	if (dir >= 0)
		close(dir);
	return read;
}

void store_sum_write(const struct store_sum *s, const char *store)
{
	char text[SUM_MAX];
	struct store_sum now;
	int dir = store_open(store);
	bool same = s->settled && store_sum_state(&now, dir) && now.journal == s->journal && now.changed == s->changed;
	int n = snprintf(text, sizeof text, "gate-sum 1 %lld %" PRId64 " %d %" PRIu64 " %" PRId64 " %" PRId64 "\n",
			 s->journal, s->changed, s->ended, s->bytes, s->oldest, s->newest);
	if (same)
		unlinkat(dir, SUM_NEW, 0); /* left by a writer that was killed */
	int fd = same ? openat(dir, SUM_NEW, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	if (fd >= 0) {
		bool whole = write(fd, text, (size_t)n) == n;
		close(fd);
		if (!whole || renameat(dir, SUM_NEW, dir, SUM_NAME))
			unlinkat(dir, SUM_NEW, 0);
	}
	if (dir >= 0)
		close(dir);
}

/* Count the objects that got their names at `from_ms` or later.  Their records have the exact times, but a look at the
 * directory takes a third of that. */
static uint64_t store_sum_of_objects(const char *store, int64_t from_ms)
{
	uint64_t bytes = 0;
	struct stat st;
	int objects = records_objects(store);
	DIR *d = objects < 0 ? NULL : fdopendir(objects);
	for (struct dirent *e; d && (e = readdir(d));)
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") &&
		    !fstatat(objects, e->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		    store_sum_ns(st.st_ctim) / 1000000 >= from_ms)
			bytes += (uint64_t)st.st_blocks * 512;
	if (d)
		closedir(d);
	else if (objects >= 0)
		close(objects);
	return bytes;
}

uint64_t store_sum_held(const char *but, int64_t held_ms)
{
	struct store_entry *entries;
	uint64_t bytes = 0;
	int n = store_list(&entries, NULL, NULL);
	for (int i = 0; i < n; i++) {
		int64_t from = entries[i].alive ? INT64_MIN : held_ms;
		for (char **s = entries[i].stores; *s && strcmp(entries[i].name, but); s++) {
			struct store_sum sum;
			if (!store_sum_read(&sum, *s))
				bytes += store_sum_of_objects(*s, from);
			else if (entries[i].alive || sum.newest >= from)
				bytes += sum.bytes;
		}
	}
	store_free(entries, n > 0 ? n : 0);
	return bytes;
}
