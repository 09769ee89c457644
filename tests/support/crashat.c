/* SPDX-License-Identifier: BSD-2-Clause */
/* crashat.c - crashat kill|full|short N COMMAND ...: runs a command and injects a failure at the Nth system call, over
 * all its processes, that changes a file system.  Between two such calls the disk looks the same.
 *     kill   the caller gets SIGKILL instead of the call
 *     full   this call and all later ones that need space fail with ENOSPC
 *     short  as full, but if the Nth call is a write, it still writes its first half
 * Exit status: the command's (128 + its signal); 99 if the command ended before the Nth call. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
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

/* Install the filter for this process and everything it starts: the kernel reports every call of the table to the tracer.
 * A session's own filter may be there already, and takes what it notifies first; its listener is the only one there can
 * be. */
static void be_traced(void)
{
	struct sock_filter f[NCALLS * 2 + 2] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	unsigned short n = 1;
	for (size_t i = 0; i < NCALLS; i++) {
		f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].nr, 0, 1);
		f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	}
	f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog prog = {.len = n, .filter = f};
	if (ptrace(PTRACE_TRACEME, 0, 0, 0) || raise(SIGSTOP) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0))
		die("seccomp");
}

/* A call that has been reported. */
struct stopped {
	pid_t pid;
	int nr;
	uint64_t args[6];
};

static bool is_file(pid_t pid, int fd)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
	return !stat(path, &st) && S_ISREG(st.st_mode);
}

static const struct call *find(const struct stopped *r)
{
	const struct call *c = calls;
	while (c < calls + NCALLS && c->nr != r->nr)
		c++;
	return c < calls + NCALLS ? c : NULL;
}

/* Does the call change a file system? */
static bool changes(const struct stopped *r, const struct call *c)
{
	const uint64_t *a = r->args;
	switch (c->kind) {
	case OPENS: return a[c->arg] & (O_CREAT | O_TRUNC);
	case WRITES: return is_file(r->pid, (int)a[0]);
	case CLONES: return a[1] == FICLONE;
	default: return true;
	}
}

/* Write the first half of a write for the caller.  Returns the number of bytes. */
static long half(const struct stopped *r)
{
	char buf[1 << 15];
	const uint64_t *a = r->args;
	struct iovec v = {(void *)(uintptr_t)a[1], a[2]}, first;
	int pidfd = pidfd_open(r->pid, 0), fd = pidfd < 0 ? -1 : pidfd_getfd(pidfd, (int)a[0], 0);
	long n = -1;
	if (r->nr == SYS_writev) {
		struct iovec remote = {(void *)(uintptr_t)a[1], sizeof first}, local = {&first, sizeof first};
		if (process_vm_readv(r->pid, &local, 1, &remote, 1, 0) == sizeof first)
			v = first;
	}
	v.iov_len = v.iov_len / 2 < sizeof buf ? v.iov_len / 2 : sizeof buf;
	struct iovec local = {buf, v.iov_len};
	if (fd >= 0 && process_vm_readv(r->pid, &local, 1, &v, 1, 0) == (ssize_t)v.iov_len)
		n = write(fd, buf, v.iov_len);
	close(fd);
	close(pidfd);
	return n;
}

/* Make the reported call return `value` instead. */
static void skip(pid_t pid, long value)
{
	struct user_regs_struct regs;
	struct iovec v = {&regs, sizeof regs};
	if (ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &v))
		return; /* killed meanwhile */
#if defined __x86_64__
	regs.orig_rax = (unsigned long long)-1;
	regs.rax = (unsigned long long)value;
#elif defined __aarch64__
	int none = -1;
	struct iovec nr = {&none, sizeof none};
	regs.regs[0] = (unsigned long long)value;
	ptrace(PTRACE_SETREGSET, pid, (void *)NT_ARM_SYSTEM_CALL, &nr);
#endif
	ptrace(PTRACE_SETREGSET, pid, (void *)NT_PRSTATUS, &v);
}

/* Returns false if the caller was killed instead. */
static bool answer(const struct stopped *r, const char *mode, long *left)
{
	const struct call *c = find(r);
	if (!c || !changes(r, c) || (*left)-- > 1)
		return true;
	bool now = *left == 0, room = c->kind == ROOM || c->kind == WRITES || c->kind == CLONES ||
				      (c->kind == OPENS && r->args[c->arg] & O_CREAT);
	if (*mode == 'k' && now)
		return kill(r->pid, SIGKILL) != 0;
	if (*mode == 's' && now && c->kind == WRITES && r->nr != SYS_pwrite64)
		skip(r->pid, half(r));
	else if (*mode != 'k' && room)
		skip(r->pid, -ENOSPC);
	return true;
}

static void reported(pid_t pid, const char *mode, long *left)
{
	struct __ptrace_syscall_info i;
	struct stopped r = {.pid = pid};
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof i, &i) <= 0 || i.op != PTRACE_SYSCALL_INFO_SECCOMP)
		return;
	r.nr = (int)i.seccomp.nr;
	for (int k = 0; k < 6; k++)
		r.args[k] = i.seccomp.args[k];
	if (answer(&r, mode, left))
		ptrace(PTRACE_CONT, pid, 0, 0);
}

/* Follow all processes until the last one has ended.  Returns the wait status of the first. */
static int follow(pid_t first, const char *mode, long *left)
{
	int status, result = 0;
	for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR;) {
		int event = status >> 16, sig = WSTOPSIG(status);
		if (pid < 0)
			continue;
		if (!WIFSTOPPED(status)) {
			if (pid == first)
				result = status;
			continue;
		}
		if (event == PTRACE_EVENT_SECCOMP)
			reported(pid, mode, left);
		else /* a new process begins with a SIGSTOP of its own */
			ptrace(PTRACE_CONT, pid, 0, event || sig == SIGSTOP || sig == SIGTRAP ? 0 : (long)sig);
	}
	return result;
}

int main(int argc, char **argv)
{
	int status;
	long left = argc > 3 ? strtol(argv[2], NULL, 10) : 0;
	if (left < 1)
		return 64;
	pid_t pid = fork();
	if (!pid) {
		be_traced();
		execvp(argv[3], argv + 3);
		die(argv[3]);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0,
		   PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
			   PTRACE_O_EXITKILL) ||
	    ptrace(PTRACE_CONT, pid, 0, 0))
		die("ptrace");
	status = follow(pid, argv[1], &left);
	if (left > 0)
		return 99;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
