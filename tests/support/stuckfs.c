/* SPDX-License-Identifier: BSD-2-Clause */
/* stuckfs.c - mounts a FUSE file system on DIR that never answers when a name in it is looked up, as a server that has
 * gone away.  Its root directory itself can be seen and entered.  Needs root; exits with 77 where it can't mount.  It
 * prints a line when it is mounted, and unmounts when it is terminated: then every caller gets an error. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *dir;

static void leave(int sig)
{
	umount2(dir, MNT_DETACH | MNT_FORCE);
	_exit(sig != SIGTERM);
}

static void reply(int fd, uint64_t unique, int err, void *data, size_t n)
{
	struct fuse_out_header head = {.len = (uint32_t)(sizeof head + n), .error = err, .unique = unique};
	struct iovec v[] = {{&head, sizeof head}, {data, n}};
	if (writev(fd, v, 2) < 0 && errno != ENOENT)
		leave(0);
}

static void serve(int fd, const struct fuse_in_header *in)
{
	struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096};
	struct fuse_attr_out attr = {.attr_valid = 60, .attr = {.ino = 1, .mode = S_IFDIR | 0777, .nlink = 2}};
	struct fuse_open_out open = {0};
	switch (in->opcode) {
	case FUSE_INIT: reply(fd, in->unique, 0, &init, sizeof init); break;
	case FUSE_GETATTR: reply(fd, in->unique, 0, &attr, sizeof attr); break;
	case FUSE_OPENDIR: reply(fd, in->unique, 0, &open, sizeof open); break;
	case FUSE_LOOKUP:
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT: break; /* nobody answers */
	default: reply(fd, in->unique, -ENOSYS, NULL, 0); break;
	}
}

int main(int argc, char **argv)
{
	static char buf[1 << 16], options[128];
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	dir = argc > 1 ? argv[1] : "";
	snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd);
	if (fd < 0 || mount("stuckfs", dir, "fuse", 0, options)) {
		perror("stuckfs");
		return 77;
	}
	signal(SIGTERM, leave);
	puts("mounted");
	fflush(stdout);
	for (ssize_t n; (n = read(fd, buf, sizeof buf)) > 0 || errno == EINTR || errno == ENOENT;)
		if (n >= (ssize_t)sizeof(struct fuse_in_header))
			serve(fd, (const struct fuse_in_header *)buf);
	leave(SIGTERM);
}
