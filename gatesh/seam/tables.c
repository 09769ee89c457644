/* SPDX-License-Identifier: BSD-2-Clause */
/* tables.c - makes the memory of the session's tables of files, and seals its size. */
#include "seam/tables.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats/made_table.h"
#include "formats/seam.h"

static int tables_fill(struct seam_tables *t)
{
	size_t made = made_table_size(MADE_SLOTS), settled = made_table_size(SEAM_SETTLED_SLOTS);
	t->size = made + settled + ALLOWANCE_SIZE;
	if (ftruncate(t->fd, (off_t)t->size))
		return -errno;
	t->map = mmap(NULL, t->size, PROT_READ | PROT_WRITE, MAP_SHARED, t->fd, 0);
	if (t->map == MAP_FAILED) {
		t->map = NULL;
		return -errno;
	}
	made_table_init(t->map, MADE_SLOTS);
	made_table_init((char *)t->map + made, SEAM_SETTLED_SLOTS);
	t->allowances = (struct allowances *)((char *)t->map + made + settled);
	allowance_set(&t->allowances->quota, 0, UINT64_MAX);
	for (size_t i = 0; i < STORE_COUNT_MAX; i++)
		allowance_set(&t->allowances->disk[i], 0, UINT64_MAX);
	return fcntl(t->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) ? -errno : 0;
}

int seam_tables_make(struct seam_tables *t)
{
	*t = (struct seam_tables){.fd = memfd_create("gate-tables", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
	int err = t->fd < 0 ? -errno : tables_fill(t);
	if (err) {
		if (t->map)
			munmap(t->map, t->size);
		seam_tables_close(t);
		t->map = NULL;
		t->allowances = NULL;
	}
	return err;
}

void seam_tables_close(struct seam_tables *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}
