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
#include <time.h>
#include <unistd.h>

#include "engine/engine.h"
#include "policy/keep_terms.h"
#include "store/store_journal.h"
#include "store/store_records.h"
#include "util/size_text.h"

enum { LOOK_MS = 1000, IDLE_MS = 4000, AT_ONCE = 4 << 20 };

/* --- pruning ------------------------------------------------------------------------------------------------------ */

static void *store_keeper_prune(void *data)
{
	struct keeper *k = data;
	struct prune_result result = {.left = k->target};
	int64_t now = (int64_t)time(NULL);
	int64_t before = k->age < (uint64_t)now ? (now - (int64_t)k->age) * 1000 : INT64_MIN;
	store_prune(before, k->target, NULL, &result, NULL); /* on an error, the next prune tries again */
	k->left = result.left;
	mailbox_post(k->box, &k->mail);
	return NULL;
}

static void store_keeper_pruned(struct mail *m)
{
	struct keeper *k = (struct keeper *)((char *)m - offsetof(struct keeper, mail));
	pthread_join(k->thread, NULL);
	k->pruning = false;
	k->size = k->left + (k->size - k->before);
}

/* Prune until `target` bytes are left.  Bytes kept meanwhile may be counted twice. */
static void store_keeper_start_pruning(struct keeper *k, uint64_t target)
{
	if (k->pruning)
		return;
	k->target = target;
	k->before = k->size;
	k->mail.deliver = store_keeper_pruned;
	k->pruning = !pthread_create(&k->thread, NULL, store_keeper_prune, k);
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
	if (k->size > k->quota)
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
	static const enum gate_event_type events[] = {GATE_EVENT_UNLINK, GATE_EVENT_RENAME, GATE_EVENT_TRUNCATE};
	bool keeps = false;
	k->quota = k->age = UINT64_MAX;
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		struct keep_terms t = policy_keep(gate_handle_policy(h), events[i]);
		if (!gate_serves(h, events[i]) || t.word == EVENT_KEEP_PASS)
			continue;
		keeps = true;
		k->quota = t.quota < k->quota ? t.quota : k->quota;
		k->age = t.age < k->age ? t.age : k->age;
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

void keeper_tell_kept(const struct keeper *k)
{
	char size[SIZE_TEXT_MAX];
	struct kept_amount kept;
	if (!k->made)
		return;
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
	if (k->made && !store_remove_empty(&k->entry))
		keeper_tell_kept(k);
	if (k->made)
		store_entry_clear(&k->entry);
	*k = (struct keeper){0};
}
