/* keeper.c - see keeper.h. */
#include "keeper.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auditread.h"
#include "live.h"
#include "strbuf.h"

static int make_store(struct keeper *k, const char *session)
{
	char log[PATH_MAX];
	cleanup_strbuf struct strbuf path = {0};
	int err = audit_log_path(log, sizeof log);
	if (err)
		return err;
	strbuf_put(&path, log, (size_t)(strrchr(log, '/') - log));
	strbuf_printf(&path, "/undo/%s/o/", session);
	if (path.err)
		return path.err;
	err = audit_make_directories(path.s);
	path.s[path.len - 3] = '\0';
	k->store = err ? NULL : strbuf_take(&path);
	return err;
}

void keeper_open(struct keeper *k, struct live *v)
{
	int err = gate_serves(v->handle, GATE_EV_UNLINK) ? make_store(k, v->dir.id) : 0;
	if (err)
		fprintf(stderr, "gate: nothing can be kept for undo: %s\n", strerror(-err));
	k->stores[0] = k->store;
}

const char *const *keeper_stores(const struct keeper *k)
{
	return k->stores;
}

void keeper_close(struct keeper *k)
{
	free(k->store);
	*k = (struct keeper){0};
}
