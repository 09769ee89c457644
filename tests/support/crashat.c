/* SPDX-License-Identifier: BSD-2-Clause */
/* crashat.c - crashat kill|full|short N COMMAND ...: runs a command and injects a failure at the Nth system call, over
 * all its processes, that changes a file system.  Between two such calls the disk looks the same.
 *     kill   the caller gets SIGKILL instead of the call
 *     full   this call and all later ones that need space fail with ENOSPC
 *     short  as full, but if the Nth call is a write, it still writes its first half
 * Exit status: the command's (128 + its signal); 99 if the command ended before the Nth call. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The effect of a call, and the argument that it depends on. */
enum kind { NAMES, ROOM, OPENS, WRITES, CLONES };

static const struct call {
	int nr;
	enum kind kind;
	int arg; /* OPENS: an argument of flags */
} calls[] = {
#ifdef SYS_open /* x86-64's old calls */
	{SYS_open, OPENS, 1},           {SYS_creat, ROOM, 0},     {SYS_unlink, NAMES, 0},   {SYS_rmdir, NAMES, 0},
	{SYS_rename, NAMES, 0},         {SYS_link, ROOM, 0},      {SYS_symlink, ROOM, 0},   {SYS_mkdir, ROOM, 0},
	{SYS_chmod, NAMES, 0},          {SYS_chown, NAMES, 0},    {SYS_lchown, NAMES, 0},
#endif
	{SYS_openat, OPENS, 2},         {SYS_unlinkat, NAMES, 0}, {SYS_renameat, NAMES, 0}, {SYS_renameat2, NAMES, 0},
	{SYS_linkat, ROOM, 0},          {SYS_symlinkat, ROOM, 0}, {SYS_mkdirat, ROOM, 0},   {SYS_truncate, NAMES, 0},
	{SYS_ftruncate, NAMES, 0},      {SYS_write, WRITES, 0},   {SYS_writev, WRITES, 0},  {SYS_pwrite64, WRITES, 0},
	{SYS_copy_file_range, ROOM, 0}, {SYS_sendfile, ROOM, 0},  {SYS_ioctl, CLONES, 0},   {SYS_fchmod, NAMES, 0},
	{SYS_fchmodat, NAMES, 0},       {SYS_fchown, NAMES, 0},   {SYS_fchownat, NAMES, 0}, {SYS_utimensat, NAMES, 0},
	{SYS_fsetxattr, ROOM, 0},       {SYS_fallocate, ROOM, 0},
};
enum { NCALLS = sizeof calls / sizeof *calls };

static void die(const char *what)
{
	perror(what);
	exit(98);
}

/* Install the filter for this process and everything it starts: the kernel reports every call of the table to the
 * listener. */
static int listen_to(void)
{
	struct sock_filter f[NCALLS * 2 + 2] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	unsigned short n = 1;
	for (size_t i = 0; i < NCALLS; i++) {
		f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].nr, 0, 1);
		f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	}
	f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog prog = {.len = n, .filter = f};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		die("no_new_privs");
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
}

/* Send a descriptor to the parent.  The filter is already on, but sendmsg is not in its table. */
static void hand_over(int sock, int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof fd)] = {0};
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	*c = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof fd)};
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	if (sendmsg(sock, &m, 0) != 1)
		die("sendmsg");
}

static int take_over(int sock)
{
	int fd;
	char byte, control[CMSG_SPACE(sizeof fd)];
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	if (recvmsg(sock, &m, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&m))
		die("recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
	return fd;
}

static bool is_file(pid_t pid, int fd)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
	return !stat(path, &st) && S_ISREG(st.st_mode);
}

static const struct call *find(const struct seccomp_notif *r)
{
	const struct call *c = calls;
	while (c < calls + NCALLS && c->nr != r->data.nr)
		c++;
	return c < calls + NCALLS ? c : NULL;
}

/* Does the call change a file system? */
static bool changes(const struct seccomp_notif *r, const struct call *c)
{
	const __u64 *a = r->data.args;
	switch (c->kind) {
	case OPENS: return a[c->arg] & (O_CREAT | O_TRUNC);
	case WRITES: return is_file((pid_t)r->pid, (int)a[0]);
	case CLONES: return a[1] == FICLONE;
	default: return true;
	}
}

/* Write the first half of a write for the caller.  Returns the number of bytes. */
static long half(const struct seccomp_notif *r)
{
	char buf[1 << 15];
	const __u64 *a = r->data.args;
	struct iovec v = {(void *)(uintptr_t)a[1], a[2]}, first;
	int pidfd = pidfd_open((pid_t)r->pid, 0), fd = pidfd < 0 ? -1 : pidfd_getfd(pidfd, (int)a[0], 0);
	long n = -1;
	if (r->data.nr == SYS_writev) {
		struct iovec remote = {(void *)(uintptr_t)a[1], sizeof first}, local = {&first, sizeof first};
		if (process_vm_readv((pid_t)r->pid, &local, 1, &remote, 1, 0) == sizeof first)
			v = first;
	}
	v.iov_len = v.iov_len / 2 < sizeof buf ? v.iov_len / 2 : sizeof buf;
	struct iovec local = {buf, v.iov_len};
	if (fd >= 0 && process_vm_readv((pid_t)r->pid, &local, 1, &v, 1, 0) == (ssize_t)v.iov_len)
		n = write(fd, buf, v.iov_len);
	close(fd);
	close(pidfd);
	return n;
}

static void answer(int listener, const struct seccomp_notif *r, const char *mode, long *left)
{
	const struct call *c = find(r);
	struct seccomp_notif_resp resp = {.id = r->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	if (c && changes(r, c) && (*left)-- <= 1) {
		bool now = *left == 0, room = c->kind == ROOM || c->kind == WRITES || c->kind == CLONES ||
					      (c->kind == OPENS && r->data.args[c->arg] & O_CREAT);
		if (*mode == 'k' && now) {
			kill((pid_t)r->pid, SIGKILL);
			return; /* after an answer, the kernel might still perform it */
		}
		if (*mode == 's' && now && c->kind == WRITES && r->data.nr != SYS_pwrite64) {
			resp.flags = 0;
			resp.val = half(r);
		} else if (*mode != 'k' && room) {
			resp.flags = 0;
			resp.error = -ENOSPC;
		}
	}
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp); /* the caller may be gone */
}

int main(int argc, char **argv)
{
	int pair[2], status;
	long left = argc > 3 ? strtol(argv[2], NULL, 10) : 0;
	if (left < 1 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return 64;
	pid_t pid = fork();
	if (!pid) {
		int listener = listen_to();
		if (listener < 0)
			die("seccomp");
		hand_over(pair[1], listener);
		close(listener);
		execvp(argv[3], argv + 3);
		die(argv[3]);
	}
	close(pair[1]);
	int listener = take_over(pair[0]);
	struct seccomp_notif r;
	for (struct pollfd p = {.fd = listener, .events = POLLIN}; poll(&p, 1, -1) >= 0 && !(p.revents & POLLHUP);) {
		memset(&r, 0, sizeof r);
		if (!ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &r))
			answer(listener, &r, argv[1], &left);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	if (left > 0)
		return 99;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
