/* SPDX-License-Identifier: BSD-2-Clause */
/* program_file.c - looks at the file of an exec, and asks the image which program it is. */
#include "preload/base/program_file.h"

#include "preload/base/str.h"
#include "preload/base/sys.h"

enum { PIECE = 1024 }; /* a vfork child runs on its parent's stack */

static bool program_file_look(struct gate_program_file *f, int dir, const char *path, int flags)
{
	struct statx st;
	if (sys_statx(dir, path, flags & (AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW), &st) || !S_ISREG(st.stx_mode))
		return false;
	*f = (struct gate_program_file){
		.ino = st.stx_ino, .size = st.stx_size, .dev_major = st.stx_dev_major, .dev_minor = st.stx_dev_minor};
	return true;
}

static long program_file_open(int dir, const char *path, int flags)
{
	char link[64];
	if (*path)
		return sys_openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct text t = text_in(link, sizeof link);
	text_put(&t, "/proc/self/fd/");
	text_put_number(&t, (unsigned)dir);
	return sys_open(link, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* it may be O_PATH */
}

/* Read the start of the file into f->start; 0 if it can't be read. */
static void __attribute__((noinline))
program_file_read(struct gate_program_file *f, int dir, const char *path, int flags)
{
	char bytes[PIECE];
	long fd = program_file_open(dir, path, flags), n = -1;
	f->start = GATE_HASH_START_64;
	for (size_t at = 0; fd >= 0 && at < GATE_PROGRAM_START; at += (size_t)n) {
		n = sys_pread((int)fd, bytes, sizeof bytes, at);
		if (n <= 0)
			break;
		f->start = gate_hash_start(f->start, bytes, (size_t)n);
	}
	if (fd < 0 || n < 0)
		f->start = 0;
	if (fd >= 0)
		sys_close((int)fd);
}

const char *program_file_known(const void *image, int dir, const char *path, int flags, const char *name)
{
	const struct gate_image_head *head = image;
	struct gate_program_file f;
	bool wants_start;
	if (!head->programs.n || gate_image_has_name(image, name) || !program_file_look(&f, dir, path, flags))
		return NULL;
	const char *known = gate_image_program(image, &f, name, &wants_start);
	if (known || !wants_start)
		return known;
	program_file_read(&f, dir, path, flags);
	return f.start ? gate_image_program(image, &f, name, &wants_start) : NULL;
}

bool program_file_may_be_known(const struct gate_image_head *head, int dir, const char *path, int flags)
{
	struct gate_program_file f;
	return head->programs.n && program_file_look(&f, dir, path, flags) && gate_image_may_be_program(head, &f);
}
