/* SPDX-License-Identifier: BSD-2-Clause */
/* publish.c - writes the policy image and info.json into the session's directory, and freezes or thaws the image. */
#include "session/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "engine/engine.h"
#include "formats/image.h"
#include "formats/session_names.h"
#include "util/proc.h"

static struct gate_image_options publish_options(const struct session_core *v)
{
	struct gate_image_options o = v->places.options;
	o.on_fault_allow = v->workers.on_fault_allow;
	o.path = getenv("PATH");
	o.stores = keeper_stores(&v->keeper);
	return o;
}

static int publish_write_image(int fd, void *data)
{
	const struct session_core *v = data;
	struct gate_image_options o = publish_options(v);
	return gate_write_image(v->handle, fd, &o);
}

int publish_page(struct session_core *v)
{
	return page_make(&v->page, publish_write_image, v);
}

int publish_image(struct session_core *v)
{
	char path[SESSION_DIR_PATH_MAX + 32], tmp[sizeof path];
	if (!session_dir_file(&v->dir, GATE_IMAGE_NAME, path, sizeof path) ||
	    !session_dir_file(&v->dir, GATE_IMAGE_NAME ".new", tmp, sizeof tmp))
		return -ENAMETOOLONG;
	int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	int err = publish_write_image(fd, v);
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(tmp, path))
		err = -errno;
	return err;
}

void publish_command(const struct session_core *v, struct strbuf *out)
{
	for (char *const *w = v->o->command; *w; w++) {
		if (out->len)
			strbuf_putc(out, ' ');
		escape_put(out, *w, strlen(*w));
	}
}

int publish_info(struct session_core *v)
{
	char cwd[PATH_MAX], started[32];
	time_t now = time(NULL);
	struct tm tm;
	struct proc self;
	cleanup_strbuf struct strbuf command = {0};
	strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	publish_command(v, &command);
	int err = proc_read(getpid(), &self);
	if (err || command.err)
		return err ? err : command.err;
	struct session_info info = {
		.pid = getpid(),
		.start_time = self.start_time,
		.agent = (char *)v->o->agent,
		.service = (char *)gate_get_item(v->handle, GATE_ITEM_SERVICE),
		.command = command.s,
		.cwd = getcwd(cwd, sizeof cwd) ? cwd : (char *)"",
		.started = started,
	};
	return session_dir_announce(&v->dir, &info);
}

int publish_freeze(struct session_core *v, bool on)
{
	char path[SESSION_DIR_PATH_MAX + 32];
	uint32_t flags;
	page_set_flags(&v->page, GATE_IMAGE_ASK_ALL, on);
	if (v->ask.source.fd < 0) /* nothing is published */
		return 0;
	const off_t at = offsetof(struct gate_image_head, flags);
	int fd = session_dir_file(&v->dir, GATE_IMAGE_NAME, path, sizeof path) ?
			 open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW) :
			 -1;
	if (fd < 0)
		return -errno;
	bool done = pread(fd, &flags, sizeof flags, at) == sizeof flags;
	flags = on ? flags | GATE_IMAGE_ASK_ALL : flags & ~(uint32_t)GATE_IMAGE_ASK_ALL;
	done = done && pwrite(fd, &flags, sizeof flags, at) == sizeof flags;
	return close(fd) || !done ? -EIO : 0;
}
