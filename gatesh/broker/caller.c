/* SPDX-License-Identifier: BSD-2-Clause */
/* caller.c - finds the process behind a connection, by the inode of its socket. */
#include "broker/caller.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PROCESSES_MAX = 4096 };

/* The socket whose local port is the one that our socket is connected to; 0: it is not in this network namespace. */
static unsigned long caller_inode(int fd)
{
	struct sockaddr_in own, peer;
	socklen_t n = sizeof own, m = sizeof peer;
	char line[512];
	unsigned long found = 0, inode;
	unsigned from, from_port, to, to_port;
	if (getsockname(fd, (struct sockaddr *)&own, &n) || getpeername(fd, (struct sockaddr *)&peer, &m))
		return 0;
	FILE *f = fopen("/proc/net/tcp", "re");
	while (f && !found && fgets(line, sizeof line, f))
		if (sscanf(line, " %*u: %8X:%4X %8X:%4X %*X %*X:%*X %*X:%*X %*X %*u %*u %lu", &from, &from_port, &to,
			   &to_port, &inode) == 5 &&
		    from == peer.sin_addr.s_addr && from_port == ntohs(peer.sin_port) && to == own.sin_addr.s_addr &&
		    to_port == ntohs(own.sin_port))
			found = inode;
	if (f)
		fclose(f);
	return found;
}

static int caller_has(pid_t pid, const char *socket)
{
	char path[64], target[64];
	int found = 0;
	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	DIR *dir = opendir(path);
	for (struct dirent *e; dir && !found && (e = readdir(dir));) {
		ssize_t n = readlinkat(dirfd(dir), e->d_name, target, sizeof target - 1);
		target[n > 0 ? n : 0] = '\0';
		found = !strcmp(target, socket);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Append the children of each of the process's threads. */
static size_t caller_add_children(pid_t pid, pid_t *list, size_t n)
{
	char path[64];
	int child;
	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *dir = opendir(path);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		if (*e->d_name == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%d/task/%.16s/children", (int)pid, e->d_name);
		FILE *f = fopen(path, "re");
		while (f && n < PROCESSES_MAX && fscanf(f, "%d", &child) == 1)
			list[n++] = child;
		if (f)
			fclose(f);
	}
	if (dir)
		closedir(dir);
	return n;
}

pid_t caller_find(int fd)
{
	char socket[64];
	unsigned long inode = caller_inode(fd);
	pid_t *list = inode ? malloc(PROCESSES_MAX * sizeof *list) : NULL, found = 0;
	snprintf(socket, sizeof socket, "socket:[%lu]", inode);
	if (!list)
		return 0;
	list[0] = getpid();
	size_t n = caller_add_children(list[0], list, 1);
	for (size_t i = 1; i < n && !found; i++) {
		if (caller_has(list[i], socket))
			found = list[i];
		n = caller_add_children(list[i], list, n);
	}
	free(list);
	return found;
}
