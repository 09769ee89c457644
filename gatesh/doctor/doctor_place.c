/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_place.c - gatesh doctor: collects the marks of containers and of WSL. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "doctor/doctor.h"
#include "doctor/place.h"

enum { TEXT_MAX = 1 << 16 };

/* A file of /proc has no size, so read_file() does not do.  Returns b->s, or NULL if there is nothing. */
static const char *doctor_place_text(const char *path, struct strbuf *b)
{
	char part[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;
	while (fd >= 0 && b->len < TEXT_MAX && (n = read(fd, part, sizeof part)) > 0)
		strbuf_put(b, part, (size_t)n);
	if (fd >= 0)
		close(fd);
	return b->err || !b->len ? NULL : b->s;
}

/* The value of container= in the environment of process 1, or systemd's copy of it, which every user can read. */
static const char *doctor_place_container(struct strbuf *b)
{
	static const char name[] = "container=";
	const char *s = doctor_place_text("/proc/1/environ", b), *end = s ? s + b->len : NULL;
	for (; s && s < end; s += strlen(s) + 1)
		if (!strncmp(s, name, sizeof name - 1))
			return s + sizeof name - 1;
	strbuf_free(b);
	if (!doctor_place_text("/run/systemd/container", b))
		return NULL;
	b->s[strcspn(b->s, "\n")] = '\0';
	return b->s;
}

/* The inode of the first pid namespace has been PROC_PID_INIT_INO since Linux 3.8 (include/linux/proc_ns.h). */
static bool doctor_place_is_first(void)
{
	static const ino_t first = 0xEFFFFFFC;
	struct stat st;
	return !stat("/proc/self/ns/pid", &st) && st.st_ino == first;
}

void doctor_place(struct doctor *d)
{
	cleanup_strbuf struct strbuf container = {0}, cgroups = {0}, version = {0};
	struct place_line lines[PLACE_LINES];
	const struct place_clues c = {
		.dockerenv = !access("/.dockerenv", F_OK),
		.containerenv = !access("/run/.containerenv", F_OK),
		.machines_pids = doctor_place_is_first(),
		.container = doctor_place_container(&container),
		.cgroups = doctor_place_text("/proc/1/cgroup", &cgroups),
		.version = doctor_place_text("/proc/version", &version),
	};
	size_t n = place_of_machine(&c, lines);
	for (size_t i = 0; i < n; i++)
		doctor_say(d, lines[i].health, lines[i].check, lines[i].todo, "%s", lines[i].text);
}
