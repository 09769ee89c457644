/* SPDX-License-Identifier: BSD-2-Clause */
/* process_state.c - enters the session: reads the head of its policy image, or gets image and cookie on demand. */
#include "preload/base/process_state.h"

#include <errno.h>

#include "formats/session_names.h"
#include "preload/base/cookie.h"
#include "preload/base/message.h"
#include "preload/base/seam_client.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"

struct state state;
uint64_t seam_cookie;

void state_path(const char *name, char buf[SESSION_PATH_MAX])
{
	struct text t = text_in(buf, SESSION_PATH_MAX);
	text_put(&t, state.session + sizeof VAR_SESSION - 1);
	text_put(&t, "/");
	text_put(&t, name);
}

/* Only what this user or root made is the session's: anybody may have put a directory where the variable points. */
static bool process_state_is_trusted(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == (uid_t)SYS(geteuid, 0, 0, 0, 0, 0, 0);
}

/* Open the image in the session's directory.  Returns the descriptor with *size set, or a negative errno. */
static long process_state_open_image(size_t *size)
{
	char path[SESSION_PATH_MAX];
	struct stat st;
	state_path(GATE_IMAGE_NAME, path);
	long fd = sys_open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fd;
	long err = sys_fstat((int)fd, &st);
	if (!err && !process_state_is_trusted(&st))
		err = -EPERM;
	*size = (size_t)st.st_size;
	if (!err)
		return fd;
	sys_close((int)fd);
	return err;
}

static int process_state_read_head(void)
{
	size_t size;
	long fd = process_state_open_image(&size);
	if (fd < 0)
		return (int)fd;
	long n = sys_pread((int)fd, &state.head, sizeof state.head, 0);
	sys_close((int)fd);
	if (n < 0)
		return (int)n;
	if (n < (long)sizeof state.head)
		return -EBADMSG;
	state.reads_any = state.head.flags & GATE_IMAGE_READ_ANY;
	return gate_image_check_head(&state.head, size);
}

int state_enter(const char *dir, size_t n, const char **what)
{
	bool seam = n > 1 && dir[n - 1] == *SEAM_MARK;
	struct text t = text_in(state.session, sizeof state.session);
	text_put(&t, VAR_SESSION);
	*what = "GATE_SESSION";
	if (*dir != '/')
		return -ENOTDIR;
	if (t.n + n >= sizeof state.session)
		return -ENAMETOOLONG;
	__builtin_memcpy(state.session + t.n, dir, n);
	t.n += n;
	t.s[t.n] = '\0';
	state.seam = seam;
	state.reads_any = seam && n > 2 && dir[n - 2] == *SEAM_MARK_READS;
	*what = GATE_IMAGE_NAME;
	return seam ? 0 : process_state_read_head();
}

void state_enter_mapped(const void *image)
{
	state.image = image;
	state.active = true;
}

const char *state_find_library(const char *value, size_t *n)
{
	while (*value) {
		const char *item = value, *base = value;
		for (; *value && *value != ':' && *value != ' '; value++)
			if (*value == '/')
				base = value + 1;
		const char *rest = text_after(base, LIBRARY_NAME);
		if (rest == value) {
			*n = (size_t)(value - item);
			return item;
		}
		value += *value != '\0';
	}
	return NULL;
}

/* Map the image in the session's directory and check it. */
static int process_state_map_file(const void **map)
{
	size_t size;
	long fd = process_state_open_image(&size);
	if (fd < 0)
		return (int)fd;
	long addr = size <= GATE_IMAGE_MAX ? sys_map((int)fd, size) : -EBADMSG;
	sys_close((int)fd);
	if (sys_is_error(addr))
		return (int)addr;
	int err = gate_image_check((const void *)addr, size);
	if (err)
		sys_unmap((const void *)addr, size);
	else
		*map = (const void *)addr;
	return err;
}

/* The first of several threads sets it; the others drop theirs. */
static void process_state_set_image(const void *map, const void *image, size_t size)
{
	const void *none = NULL;
	if (!__atomic_compare_exchange_n(&state.image, &none, image, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		sys_unmap(map, size);
}

static int process_state_load_seam(void)
{
	const struct seam_page *page;
	int err = seam_map_page(&page);
	if (err)
		return err;
	if (!__atomic_load_n(&state.leaves, __ATOMIC_RELAXED))
		__atomic_store_n(&seam_cookie, page->cookie, __ATOMIC_RELAXED);
	process_state_set_image(page, (const char *)page + SEAM_IMAGE_AT, page->size);
	return 0;
}

void state_leave(void)
{
	if (!state.active || !state.seam)
		return;
	__atomic_store_n(&state.leaves, true, __ATOMIC_RELAXED);
	__atomic_store_n(&seam_cookie, 0, __ATOMIC_RELAXED);
}

int state_load(void)
{
	const void *map = NULL;
	if (__atomic_load_n(&state.image, __ATOMIC_ACQUIRE))
		return 0;
	int err = state.seam ? process_state_load_seam() : -ENOENT;
	if (err != -ENOENT)
		return err;
	/* Outside of the session, where its variables were copied: the pathname socket and the file are left. */
	state.seam = false;
	err = process_state_map_file(&map);
	if (!err)
		process_state_set_image(map, map, ((const struct gate_image_head *)map)->size);
	return err;
}

bool state_load_or_tell(void)
{
	static unsigned char told;
	int err = state_load();
	if (err == -ENOSYS && !__atomic_exchange_n(&told, 1, __ATOMIC_RELAXED))
		message_put("refused: the session has ended, and nobody can judge what this program does");
	return !err;
}
