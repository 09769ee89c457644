/* SPDX-License-Identifier: BSD-2-Clause */
/* store_keeper.c - opens a session's stores, counts the bytes kept in them, and prunes in a thread. */
#include "store/store_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "engine/engine.h"
#include "policy/keep_terms.h"
#include "store/store_carried.h"
#include "store/store_journal.h"
#include "store/store_records.h"
#include "store/store_sum.h"
#include "util/size_text.h"

enum {
	LOOK_MS = 1000,
	IDLE_MS = 4000,
	AT_ONCE = 4 << 20,
	NEARLY_FULL = 20, /* a disk with less than this fraction free */
	SHARE = 20,       /* a prune is worth it for this fraction of the quota */
};

/* --- disks -------------------------------------------------------------------------------------------------------- */

struct disk_space {
	dev_t dev;
	uint64_t free, total; /* bytes; total 0: the file system does not say */
};

static struct disk_space store_keeper_disk(const char *store)
{
	struct disk_space d = {0};
	struct statvfs fs;
	struct stat st;
	if (stat(store, &st) || statvfs(store, &fs))
		return d;
	d.dev = st.st_dev;
	d.free = (uint64_t)fs.f_bavail * fs.f_frsize;
	d.total = (uint64_t)fs.f_blocks * fs.f_frsize;
	return d;
}

/* How many bytes must go until the disk is no longer nearly full. */
static uint64_t store_keeper_wanted(const struct disk_space *d)
{
	uint64_t least = d->total / NEARLY_FULL;
	return d->free < least ? least - d->free : 0;
}

/* Limit what each store may take by its disk's free space, and note in *t what is missing there.  Is one of them nearly
 * full? */
static bool store_keeper_look_at_disks(struct keeper *k, struct prune_terms *t)
{
	bool low = false;
	t->ndisks = 0;
	for (size_t i = 0; k->entry.stores[i]; i++) {
		struct disk_space d = store_keeper_disk(k->entry.stores[i]);
		if (!d.total)
			continue;
		if (k->allowances)
			allowance_set(&k->allowances->disk[i], 0, d.free);
		t->disks[t->ndisks++] = (struct prune_disk){d.dev, store_keeper_wanted(&d)};
		low |= store_keeper_wanted(&d) > 0;
	}
	return low;
}

/* --- pruning ------------------------------------------------------------------------------------------------------ */

static void *store_keeper_prune(void *data)
{
	struct keeper *k = data;
	store_prune(&k->terms, &k->result, NULL); /* on an error, the next prune tries again */
	mailbox_post(k->box, &k->mail);
	return NULL;
}

static void store_keeper_pruned(struct mail *m)
{
	struct keeper *k = (struct keeper *)((char *)m - offsetof(struct keeper, mail));
	pthread_join(k->thread, NULL);
	k->pruning = false;
	k->size = k->result.left + (k->size - k->before);
	k->settled = k->size;
	k->gone += k->result.for_disks;
	k->gone_bytes += k->result.freed_on_disks;
	if (k->allowances)
		allowance_set(&k->allowances->quota, k->used,
			      k->quota > k->result.held ? k->quota - k->result.held : 0);
}

static int64_t store_keeper_ago(uint64_t seconds)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	int64_t now = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	return seconds < (uint64_t)now / 1000 ? now - (int64_t)seconds * 1000 : INT64_MIN;
}

/* Prune until `target` bytes are left.  Bytes kept meanwhile may be counted twice. */
static void store_keeper_start_pruning(struct keeper *k, uint64_t target)
{
	if (k->pruning)
		return;
	k->terms.before_ms = store_keeper_ago(k->age);
	k->terms.quota = target;
	k->terms.holds = true;
	k->terms.held_ms = store_keeper_ago(k->hold);
	k->low = store_keeper_look_at_disks(k, &k->terms);
	k->before = k->size;
	k->used = k->allowances ? __atomic_load_n(&k->allowances->quota.used, __ATOMIC_RELAXED) : 0;
	k->mail.deliver = store_keeper_pruned;
	k->pruning = !pthread_create(&k->thread, NULL, store_keeper_prune, k);
}

/* Has the session kept so much since the last prune, or a disk filled up so far, that another one is due?  What is held
 * may stay above the quota, and a prune after every file would not help. */
static bool store_keeper_prune_is_due(struct keeper *k)
{
	struct prune_terms looked;
	bool was_low = k->low;
	k->low = store_keeper_look_at_disks(k, &looked);
	return (k->low && !was_low) || (k->size > k->quota && k->size - k->settled > k->quota / SHARE);
}

/* --- the journals ------------------------------------------------------------------------------------------------- */

/* Count the bytes that records from offset `from` on say were kept.  Returns the offset reached; an incomplete record
 * is left for the next time. */
static long long store_keeper_count(struct keeper *k, int fd, long long from)
{
	struct stat st;
	if (fstat(fd, &st) || st.st_size <= from)
		return from;
	char *text = malloc(AT_ONCE);
	ssize_t n = text ? pread(fd, text, AT_ONCE, from) : -1;
	char *end = n > 0 ? memrchr(text, '\n', (size_t)n) : NULL;
	struct journal j = {0};
	if (!end) {
		free(text);
		return from;
	}
	size_t len = (size_t)(end - text) + 1;
	if (!journal_parse(&j, text, len))
		for (size_t i = 0; i < j.n; i++)
			k->size += j.v[i].id ? (uint64_t)j.v[i].size : 0;
	journal_free(&j);
	return from + (long long)len;
}

/* Count a store's new records.  Returns the journal offset reached. */
static long long store_keeper_count_store(struct keeper *k, size_t i)
{
	int dir = store_open(k->entry.stores[i]);
	int fd = dir < 0 ? -1 : openat(dir, STORE_JOURNAL_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	long long to = fd < 0 ? k->seen[i] : store_keeper_count(k, fd, k->seen[i]);
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	return to;
}

/* Poll the journals, less often while nothing comes.  inotify(7) would report at once, but one watch makes every open
 * and close on the whole file system slower (30 ns each of 1 us, Linux 6.18), and a write to a journal even more. */
static void store_keeper_look(struct timer *t)
{
	struct keeper *k = t->data;
	long long grown = 0;
	for (size_t i = 0; k->entry.stores[i]; i++) {
		long long to = store_keeper_count_store(k, i);
		if (to - k->seen[i] > grown)
			grown = to - k->seen[i];
		k->seen[i] = to;
	}
	if (store_keeper_prune_is_due(k))
		store_keeper_start_pruning(k, k->quota / 10 * 9); /* leave room for the next files */
	k->wait = grown ? LOOK_MS : k->wait * 2 > IDLE_MS ? IDLE_MS : k->wait * 2;
	timer_set(k->loop, &k->look, grown > AT_ONCE / 2 ? 0 : k->wait);
}

static void store_keeper_start_looking(struct keeper *k)
{
	k->look = (struct timer){.expired = store_keeper_look, .data = k};
	k->wait = LOOK_MS;
	timer_set(k->loop, &k->look, k->wait);
}

/* --- start and end ------------------------------------------------------------------------------------------------ */

/* Does the policy keep anything at all?  Reads the strictest limits of all file events. */
static bool store_keeper_read_terms(struct keeper *k, const gate_handle_t *h)
{
	static const enum gate_event_type events[] = {GATE_EVENT_UNLINK, GATE_EVENT_RENAME, GATE_EVENT_TRUNCATE,
						      GATE_EVENT_WRITE};
	bool keeps = false;
	k->quota = k->age = UINT64_MAX;
	k->hold = 0;
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		struct keep_terms t = policy_keep(gate_handle_policy(h), events[i]);
		if (!gate_serves(h, events[i]) || t.word == EVENT_KEEP_PASS)
			continue;
		keeps = true;
		k->quota = t.quota < k->quota ? t.quota : k->quota;
		k->age = t.age < k->age ? t.age : k->age;
		k->hold = t.hold > k->hold ? t.hold : k->hold;
	}
	return keeps && k->quota;
}

void keeper_open(struct keeper *k, struct loop *l, struct mailbox *box, gate_handle_t *h,
		 const struct keeper_session *s)
{
	cleanup_strbuf struct strbuf why = {0};
	*k = (struct keeper){.loop = l, .box = box};
	if (!store_keeper_read_terms(k, h) || !*s->workspaces)
		return;
	int err = store_create(&k->entry, s->id, STORE_SESSION, s->workspaces, s->agent, s->command, &why);
	k->made = !err;
	if (why.len)
		fprintf(stderr, "gate: undo: %s; Gate asks before it loses anything it can't keep\n", why.s);
	else if (err)
		fprintf(stderr, "gate: undo: nothing can be kept: %s; Gate asks instead\n", store_error(err));
	if (err)
		return;
	store_keeper_start_looking(k);
	store_keeper_start_pruning(k, k->quota);
}

void keeper_share(struct keeper *k, struct allowances *allowances)
{
	struct prune_terms looked;
	if (!k->made)
		return;
	k->allowances = allowances;
	/* Before the first act.  The first prune, which has begun, counts exactly. */
	uint64_t held = store_sum_held(k->entry.name, store_keeper_ago(k->hold));
	allowance_set(&allowances->quota, 0, k->quota > held ? k->quota - held : 0);
	store_keeper_look_at_disks(k, &looked);
}

const char *const *keeper_stores(const struct keeper *k)
{
	static const char *const none[] = {NULL};
	return k->made ? (const char *const *)k->entry.stores : none;
}

void keeper_stop(struct keeper *k)
{
	if (!k->loop)
		return;
	timer_clear(k->loop, &k->look);
}

/* Once: the session may report twice. */
static void store_keeper_tell_gone(struct keeper *k)
{
	char size[SIZE_TEXT_MAX];
	size_text((long long)k->gone_bytes, size);
	if (k->gone)
		fprintf(stderr, "gate: undo: deleted %zu old file%s of ended sessions (%s): the disk was nearly full\n",
			k->gone, k->gone == 1 ? "" : "s", size);
	k->gone = 0;
	k->gone_bytes = 0;
}

void keeper_tell_kept(struct keeper *k)
{
	char size[SIZE_TEXT_MAX];
	struct kept_amount kept;
	if (!k->made)
		return;
	store_keeper_tell_gone(k);
	int err = records_count(&k->entry, &kept);
	if (err)
		fprintf(stderr, "gate: undo: the session's store can't be read: %s\n", store_error(err));
	size_text(kept.bytes, size);
	if (!err && kept.files)
		fprintf(stderr, "gate: kept %zu file%s (%s) for undo: gatesh undo\n", kept.files,
			kept.files == 1 ? "" : "s", size);
}

void keeper_close(struct keeper *k)
{
	bool carried = k->made && store_carried_write(&k->entry);
	bool kept = k->made && (carried || !store_remove_empty(&k->entry));
	if (kept)
		keeper_tell_kept(k);
	else
		store_keeper_tell_gone(k);
	if (k->made)
		store_entry_clear(&k->entry);
	*k = (struct keeper){0};
}
