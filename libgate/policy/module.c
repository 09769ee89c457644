/* SPDX-License-Identifier: BSD-2-Clause */
/* module.c - loads a decider module by name, after checking who could have written the file. */
#include "policy/module.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "policy/module_options.h"

enum { NAME_LEN_MAX = 64, NEAR_MAX = 64, PREFIX = 5 /* "gate_" */ };

/* Reduce "gate_x.so" or "gate_x" to "gate_x" in `stem`; false if `name` is not a module's name. */
static bool module_stem_of(const char *name, char stem[NAME_LEN_MAX])
{
	size_t n = strlen(name);
	if (n > 3 && !strcmp(name + n - 3, ".so"))
		n -= 3;
	if (n >= NAME_LEN_MAX || n <= PREFIX || strncmp(name, "gate_", PREFIX))
		return false;
	memcpy(stem, name, n);
	stem[n] = '\0';
	return strspn(stem, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

/* Only root and the effective user may be able to change the file or directory. */
static int module_check_owner(int fd, const char *what, mode_t type, struct strbuf *why)
{
	struct stat st;
	if (fstat(fd, &st)) {
		strbuf_printf(why, "%s: %s", what, strerror(errno));
		return -errno;
	}
	if ((st.st_mode & S_IFMT) != type)
		strbuf_printf(why, "%s is not a %s", what, type == S_IFDIR ? "directory" : "regular file");
	else if (st.st_uid && st.st_uid != geteuid())
		strbuf_printf(why, "%s belongs to uid %u, neither root nor the caller", what, (unsigned)st.st_uid);
	else if (st.st_mode & (S_IWGRP | S_IWOTH))
		strbuf_printf(why, "%s is writable by others (mode %04o)", what, (unsigned)st.st_mode & 07777);
	else
		return 0;
	return -EPERM;
}

/* Suggest the module in the directory whose name is closest to `stem`. */
static void module_suggest(int dirfd, const char *stem, struct strbuf *why)
{
	char *names[NEAR_MAX + 1] = {NULL};
	size_t n = 0;
	int fd = dup(dirfd);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d) {
		if (fd >= 0)
			close(fd);
		return;
	}
	char found[NAME_LEN_MAX];
	for (const struct dirent *e; n < NEAR_MAX && (e = readdir(d));)
		if (strstr(e->d_name, ".so") && module_stem_of(e->d_name, found) && (names[n] = strdup(found + PREFIX)))
			n++;
	closedir(d);
	const char *near = diag_nearest(stem + PREFIX, (const char *const *)names);
	if (near)
		strbuf_printf(why, "; did you mean 'gate_%s'?", near);
	while (n)
		free(names[--n]);
}

/* Is the exported gate_module complete, and built for this engine? */
static int module_check_info(struct module *m, const char *stem, struct strbuf *why)
{
	const struct gate_module *info = m->info = dlsym(m->dl, "gate_module");
	if (!info) {
		strbuf_printf(why, "%s exports no gate_module", stem);
		return -ENOEXEC;
	}
	const char *fault = NULL;
	if (info->api_version != GATE_MODULE_API_VERSION)
		fault = "it was built for another version of gate_module.h";
	else if (!info->name || strcmp(info->name, stem))
		fault = "its gate_module has another name";
	else if (info->events & ~(unsigned)GATE_EVENTS_ALL)
		fault = "it serves an unknown event";
	else if (!info->events != !info->decide)
		fault = info->decide ? "it has decide() but serves no event" :
				       "it has no decide() for the events it serves";
	else if (!info->decide && !info->verdict)
		fault = "it has neither decide() nor verdict()";
	else
		fault = module_options_fault(info->options);
	if (!fault)
		return 0;
	strbuf_printf(why, "cannot use %s: %s", stem, fault);
	return -ENOEXEC;
}

gate_module_fn *module_serves(const struct module *m, enum gate_event_type event)
{
	if (event == GATE_EVENT_VERDICT)
		return m->info->verdict;
	return m->info->events & 1u << event ? m->info->decide : NULL;
}

/* Load the checked file.  The path goes through the descriptor of the checked directory, so that dlopen(3) gets the
 * same file even if a parent of the directory is renamed meanwhile. */
static int module_load(int dirfd, const char *dir, const char *stem, struct module *m, struct strbuf *why)
{
	char file[NAME_LEN_MAX + 8], path[sizeof file + 40], shown[PATH_MAX];
	snprintf(file, sizeof file, "%s.so", stem);
	snprintf(path, sizeof path, "/proc/self/fd/%d/%s", dirfd, file);
	snprintf(shown, sizeof shown, "%s/%s", dir, file);
	int fd = openat(dirfd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		int err = -errno;
		strbuf_printf(why, "no module '%s' in %s: %s", stem, dir, strerror(-err));
		if (err == -ENOENT)
			module_suggest(dirfd, stem, why);
		return err;
	}
	int err = module_check_owner(fd, shown, S_IFREG, why);
	close(fd);
	if (err)
		return err;
	m->dl = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!m->dl) {
		const char *says = dlerror();
		strbuf_printf(why, "cannot load %s: %s", shown, says ? says : "unknown error");
		return -ENOEXEC;
	}
	return module_check_info(m, stem, why);
}

int module_open(const char *dir, const char *name, struct module **out, struct strbuf *why)
{
	char stem[NAME_LEN_MAX];
	*out = NULL;
	if (strchr(name, '/')) {
		strbuf_printf(why, "give a module's name, not a path: modules are loaded from %s only", dir);
		return -EINVAL;
	}
	if (!module_stem_of(name, stem)) {
		strbuf_printf(why, "'%s' is not a module's name (gate_NAME or gate_NAME.so)", name);
		return -EINVAL;
	}
	int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0) {
		int err = -errno;
		strbuf_printf(why, "cannot open the module directory %s: %s", dir, strerror(-err));
		return err;
	}
	int err = module_check_owner(dirfd, dir, S_IFDIR, why);
	struct module *m = err ? NULL : calloc(1, sizeof *m);
	if (!err && !m) {
		strbuf_puts(why, "out of memory");
		err = -ENOMEM;
	}
	if (!err)
		err = module_load(dirfd, dir, stem, m, why);
	close(dirfd);
	if (err)
		module_close(m);
	else
		*out = m;
	return err;
}

void module_close(struct module *m)
{
	if (m && m->dl)
		dlclose(m->dl);
	free(m);
}
