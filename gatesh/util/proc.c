/* SPDX-License-Identifier: BSD-2-Clause */
/* proc.c - reads and parses the files of /proc/PID. */
#include "util/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "util/foreign_root.h"

/* Read at most size - 1 bytes of a file in /proc/PID, NUL-terminated.  Returns the length or a negative errno. */
static ssize_t proc_slurp(pid_t pid, const char *name, char *buf, size_t size)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	size_t len = 0;
	while (len < size - 1) {
		ssize_t n = read(fd, buf + len, size - 1 - len);
		if (n < 0) {
			int err = -errno;
			close(fd);
			return err;
		}
		if (!n)
			break;
		len += (size_t)n;
	}
	close(fd);
	buf[len] = '\0';
	return (ssize_t)len;
}

/* The comm in the stat line is in parentheses and may hold any byte, so fields are counted from the last ')'. */
static int proc_read_stat(pid_t pid, struct proc *out, char *state)
{
	char buf[1024];
	ssize_t n = proc_slurp(pid, "stat", buf, sizeof buf);
	if (n < 0)
		return n == -ENOENT ? -ESRCH : (int)n;
	char *open = strchr(buf, '('), *shut = strrchr(buf, ')');
	if (!open || !shut || shut < open)
		return -EPROTO;
	*out = (struct proc){.pid = pid};
	snprintf(out->comm, sizeof out->comm, "%.*s", (int)(shut - open - 1), open + 1);
	if (sscanf(shut + 1, " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" SCNu64,
		   state, &out->ppid, &out->pgid, &out->start_time) != 4)
		return -EPROTO;
	return 0;
}

int proc_read(pid_t pid, struct proc *out)
{
	char state;
	return proc_read_stat(pid, out, &state);
}

bool proc_alive(pid_t pid, uint64_t start_time)
{
	struct proc p;
	char state;
	return pid > 0 && !proc_read_stat(pid, &p, &state) && p.start_time == start_time && state != 'Z' &&
	       state != 'X';
}

int proc_filters(pid_t pid)
{
	char buf[4096];
	ssize_t n = proc_slurp(pid, "status", buf, sizeof buf);
	if (n < 0)
		return n == -ENOENT ? -ESRCH : (int)n;
	const char *filters = strstr(buf, "\nSeccomp_filters:"), *state = strstr(buf, "\nState:");
	if (state && strspn(state + sizeof "\nState:" - 1, "\t ZX") > 1)
		return -ESRCH;
	return filters ? atoi(filters + sizeof "\nSeccomp_filters:" - 1) : -ENODATA;
}

int proc_ancestry(pid_t pid, pid_t root, struct proc *out, bool *inside)
{
	int n = 0;
	bool reached = false;
	while (pid > 0 && n < PROC_DEPTH_MAX) {
		reached = pid == root;
		if (reached || proc_read(pid, &out[n]))
			break;
		pid = out[n++].ppid;
	}
	if (inside)
		*inside = reached;
	return n;
}

char *proc_describe(const struct proc *chain, int n)
{
	cleanup_strbuf struct strbuf b = {0};
	for (int i = n; i-- > 0;) {
		escape_put(&b, chain[i].comm, strlen(chain[i].comm));
		strbuf_printf(&b, "(%d)%s", chain[i].pid, i ? " > " : "");
	}
	return b.len ? strbuf_take(&b) : NULL;
}

char **proc_argv(pid_t pid, size_t *n)
{
	enum { ARGV_MAX = 1 << 20 }; /* a longer command line is cut here */
	char *buf = malloc(ARGV_MAX);
	ssize_t len = buf ? proc_slurp(pid, "cmdline", buf, ARGV_MAX) : -1;
	*n = 0;
	for (ssize_t i = 0; i < len; i += (ssize_t)strlen(buf + i) + 1)
		++*n;
	char **argv = *n ? malloc((*n + 1) * sizeof *argv + (size_t)len + 1) : NULL;
	if (argv) {
		char *text = memcpy(argv + *n + 1, buf, (size_t)len + 1);
		for (size_t i = 0; i < *n; i++, text += strlen(text) + 1)
			argv[i] = text;
		argv[*n] = NULL;
	}
	*n = argv ? *n : 0;
	free(buf);
	return argv;
}

void proc_argv_free(char **argv)
{
	free(argv); /* the words are in the same allocation */
}

char *proc_link(pid_t pid, const char *name)
{
	char path[64], target[PATH_MAX], above[PATH_MAX];
	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	ssize_t n = readlink(path, target, sizeof target - 1);
	if (n < 0)
		return NULL;
	target[n] = '\0';
	foreign_root_find(pid, above);
	foreign_root_cut(above, target);
	return strdup(target);
}

char *proc_environ(pid_t pid, size_t *len, int *err)
{
	enum { ENV_MAX = 4 << 20 }; /* execve(2) allows 6 MiB for all strings; a longer one counts as unreadable */
	char *buf = malloc(ENV_MAX);
	ssize_t n = buf ? proc_slurp(pid, "environ", buf, ENV_MAX) : -ENOMEM;
	*err = n < 0 ? (int)n : n == ENV_MAX - 1 ? -E2BIG : 0;
	*len = *err ? 0 : (size_t)n;
	if (*err) {
		free(buf);
		return NULL;
	}
	return buf;
}

int proc_has_env(pid_t pid, const char *name, const char *value)
{
	size_t n, len = strlen(name);
	int found;
	char *buf = proc_environ(pid, &n, &found);
	for (size_t i = 0; buf && !found && i < n; i += strlen(buf + i) + 1)
		if (!strncmp(buf + i, name, len) && buf[i + len] == '=' &&
		    (!value || !strcmp(buf + i + len + 1, value)))
			found = 1;
	free(buf);
	return found;
}
