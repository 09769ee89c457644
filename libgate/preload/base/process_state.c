/* SPDX-License-Identifier: BSD-2-Clause */
/* process_state.c - enters the session: reads the head of its policy image, and maps the whole image on demand. */
#include "preload/base/process_state.h"

#include <errno.h>

#include "formats/session_names.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"

struct state state;

void state_path(const char *name, char buf[SESSION_PATH_MAX])
{
	struct text t = text_in(buf, SESSION_PATH_MAX);
	text_put(&t, state.session + sizeof VAR_SESSION - 1);
	text_put(&t, "/");
	text_put(&t, name);
}

int state_enter(const char *dir, const char **what)
{
	char path[SESSION_PATH_MAX];
	struct text t = text_in(state.session, sizeof state.session);
	text_put(&t, VAR_SESSION);
	text_put(&t, dir);
	*what = "GATE_SESSION";
	if (t.cut)
		return -ENAMETOOLONG;
	if (*dir != '/')
		return -ENOTDIR;
	*what = GATE_IMAGE_NAME;
	state_path(GATE_IMAGE_NAME, path);
	long fd = sys_open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return (int)fd;
	long n = sys_pread((int)fd, &state.head, sizeof state.head, 0);
	long size = sys_seek_end((int)fd);
	sys_close((int)fd);
	if (n < 0 || size < 0)
		return (int)(n < 0 ? n : size);
	return n < (long)sizeof state.head ? -EBADMSG : gate_image_check_head(&state.head, (size_t)size);
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

int state_map_image(const void **map)
{
	char path[SESSION_PATH_MAX];
	state_path(GATE_IMAGE_NAME, path);
	long fd = sys_open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return (int)fd;
	long size = sys_seek_end((int)fd);
	long addr = size == state.head.size ? sys_map((int)fd, (size_t)size) : -EBADMSG;
	sys_close((int)fd);
	if (addr < 0 && addr > -4096)
		return (int)addr;
	int err = gate_image_check((const void *)addr, (size_t)size);
	if (err)
		sys_unmap((const void *)addr, (size_t)size);
	else
		*map = (const void *)addr;
	return err;
}
