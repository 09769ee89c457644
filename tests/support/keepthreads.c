/* SPDX-License-Identifier: BSD-2-Clause */
/* keepthreads.c - keeps files as gatesh does for several supervised programs at once, a thread for each of them.
 *
 *   keepthreads OUTSIDE N    thread T removes T-0 to T-(N-1), and each time asks for OUTSIDE/T, which nobody allows.
 *                            Prints each question that is not the thread's own. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload/base/acts.h"
#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "supervise/act_host_gatesh.h"

enum { THREADS = 8 };

static const char *outside;
static int files;

static void ask_for(struct act_host *me, int thread)
{
	char name[PATH_MAX];
	snprintf(name, sizeof name, "%s/%d", outside, thread);
	act_host_as(me);
	int err = act_before_unlink(AT_FDCWD, name, 0);
	if (err != -EPERM || !me->asks || strcmp(me->path, name))
		printf("thread %d: error %d, asks %d for %s\n", thread, err, me->asks, me->path);
}

static void *act(void *data)
{
	struct act_host *me = calloc(1, sizeof *me);
	int thread = (int)(intptr_t)data;
	char name[64];
	if (!me)
		abort();
	me->tid = gettid();
	snprintf(me->program, sizeof me->program, "thread%d", thread);
	for (int i = 0; i < files; i++) {
		ask_for(me, thread);
		snprintf(name, sizeof name, "%d-%d", thread, i);
		act_host_as(me);
		if (act_before_unlink(AT_FDCWD, name, 0) || SYS(unlinkat, AT_FDCWD, name, 0, 0, 0, 0))
			printf("thread %d: %s stays\n", thread, name);
	}
	free(me);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	const char *dir = getenv("GATE_SESSION");
	const char *what;
	size_t n = dir ? strlen(dir) : 0;
	while (n && dir[n - 1] == '/') /* without the mark of a seam, which this session could not have */
		n--;
	int err = argc == 3 && n ? state_enter(dir, n, &what) : -EINVAL;
	if (!err)
		err = state_load();
	if (!err)
		act_host_open(state.image);
	if (err)
		return fprintf(stderr, "keepthreads: %s\n", strerror(-err)), 99;
	outside = argv[1];
	files = atoi(argv[2]);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, act, (void *)(intptr_t)i))
			abort();
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
