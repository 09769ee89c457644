/* SPDX-License-Identifier: BSD-2-Clause */
/* read_content.c - reads files, pipes and sockets of a blocked process without consuming anything. */
#include "ask/read_content.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long content_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int content_allocate(struct gate_content *out, size_t max)
{
	out->text = malloc(max + 1);
	return out->text ? 0 : -ENOMEM;
}

/* Read a regular file from `offset` on. */
static int read_regular(int fd, off_t offset, struct gate_content *out)
{
	int err = content_allocate(out, CONTENT_FILE_MAX + 1);
	while (!err && out->len <= CONTENT_FILE_MAX) {
		ssize_t n = pread(fd, out->text + out->len, CONTENT_FILE_MAX + 1 - out->len, offset + (off_t)out->len);
		if (n < 0 && errno != EINTR)
			err = -errno;
		if (!n)
			break;
		out->len += n > 0 ? (size_t)n : 0;
	}
	out->state = out->len > CONTENT_FILE_MAX ? GATE_CONTENT_PART : GATE_CONTENT_WHOLE;
	if (out->len > CONTENT_FILE_MAX)
		out->len = CONTENT_FILE_MAX;
	return err;
}

/* Copy the current content of a pipe, from its beginning, into our own pipe, so that reading consumes nothing of it. */
static int content_copy_pipe(int fd, int ours[2], struct gate_content *out)
{
	out->len = 0;
	ssize_t n = tee(fd, ours[1], CONTENT_PIPE_MAX, SPLICE_F_NONBLOCK);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	while (out->len < (size_t)n) {
		ssize_t got = read(ours[0], out->text + out->len, (size_t)n - out->len);
		if (got <= 0)
			return got < 0 ? -errno : -EPIPE;
		out->len += (size_t)got;
	}
	return 0;
}

/* Wait until the pipe's writers are gone, all the bytes to judge have arrived, or the time is over. */
static int read_pipe(int fd, struct gate_content *out)
{
	int ours[2], err = content_allocate(out, CONTENT_PIPE_MAX);
	long end = content_now_ms() + CONTENT_WAIT_MS;
	if (err)
		return err;
	if (pipe2(ours, O_CLOEXEC))
		return -errno;
	for (long left = CONTENT_WAIT_MS; left >= 0; left = end - content_now_ms()) {
		struct pollfd p = {.fd = fd}; /* POLLHUP only, because it may be readable all the time */
		int room = 0;
		poll(&p, 1, left < 5 ? (int)left : 5);
		if (p.revents & (POLLHUP | POLLERR)) {
			out->state = GATE_CONTENT_WHOLE;
			break;
		}
		if (!ioctl(fd, FIONREAD, &room) && room >= CONTENT_PIPE_MAX)
			break;
	}
	int held = 0;
	err = content_copy_pipe(fd, ours, out);
	if (out->state != GATE_CONTENT_WHOLE || ioctl(fd, FIONREAD, &held) || (size_t)held > out->len)
		out->state = GATE_CONTENT_PART;
	close(ours[0]);
	close(ours[1]);
	return err;
}

/* A socket can't be opened through /proc, so borrow its descriptor if the system permits that. */
static int read_socket(pid_t pid, struct gate_content *out)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	int fd = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, 0, 0);
	int err = fd < 0 ? -errno : content_allocate(out, CONTENT_PIPE_MAX);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	if (!err && poll(&p, 1, CONTENT_WAIT_MS) < 0)
		err = -errno;
	ssize_t n = err ? 0 : recv(fd, out->text, CONTENT_PIPE_MAX, MSG_PEEK | MSG_DONTWAIT);
	out->len = n > 0 ? (size_t)n : 0;
	out->state = GATE_CONTENT_PART; /* more may follow */
	if (fd >= 0)
		close(fd);
	if (process >= 0)
		close(process);
	return err;
}

/* Get the offset of the process's own standard input; our description of it is a new one. */
static int content_offset_of(pid_t pid, off_t *offset)
{
	char path[64];
	long long pos;
	snprintf(path, sizeof path, "/proc/%d/fdinfo/0", pid);
	FILE *f = fopen(path, "re");
	if (!f)
		return -errno;
	int n = fscanf(f, "pos: %lld", &pos);
	fclose(f);
	*offset = (off_t)pos;
	return n == 1 ? 0 : -EPROTO;
}

static int read_stdin(pid_t pid, struct gate_content *out)
{
	char path[64];
	struct stat st;
	off_t offset = 0;
	snprintf(path, sizeof path, "/proc/%d/fd/0", pid);
	if (stat(path, &st))
		return errno == ENOENT ? 0 : -errno; /* closed: no input */
	if (S_ISCHR(st.st_mode))
		return 0; /* a terminal or /dev/null */
	if (S_ISSOCK(st.st_mode))
		return read_socket(pid, out);
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return -EINVAL;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int err = S_ISFIFO(st.st_mode) ? read_pipe(fd, out) : content_offset_of(pid, &offset);
	if (!err && S_ISREG(st.st_mode))
		err = read_regular(fd, offset, out);
	close(fd);
	return err;
}

/* Open the path as the process would: in its root, from its current directory. */
static int content_open_for(const struct gate_event *ev, const char *path)
{
	char full[PATH_MAX];
	int n = ev->pid ? snprintf(full, sizeof full, "/proc/%d/%s%s", ev->pid, *path == '/' ? "root" : "cwd/", path) :
			  snprintf(full, sizeof full, "%s%s%s",
				   *path == '/' ? "" :
				   ev->cwd      ? ev->cwd :
						  ".",
				   *path == '/' ? "" : "/", path);
	if (n < 0 || (size_t)n >= sizeof full)
		return -ENAMETOOLONG;
	int fd = open(full, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int content_read_file(const struct gate_event *ev, const char *path, struct gate_content *out)
{
	struct stat st;
	int fd = content_open_for(ev, path);
	if (fd < 0)
		return fd == -ENOTDIR ? -ENOENT : fd;
	int err = fstat(fd, &st) ? -errno : S_ISREG(st.st_mode) ? read_regular(fd, 0, out) : -EINVAL;
	close(fd);
	return err;
}

int read_content(const struct gate_event *event, const char *path, struct gate_content *out)
{
	*out = (struct gate_content){0};
	int err = path ? content_read_file(event, path, out) : event->pid ? read_stdin(event->pid, out) : 0;
	if (err) {
		free(out->text);
		*out = (struct gate_content){0};
	}
	if (out->text)
		out->text[out->len] = '\0';
	return err;
}
