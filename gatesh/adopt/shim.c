/* SPDX-License-Identifier: BSD-2-Clause */
/* shim.c - the programs that stand before agents in PATH.  See shim.h. */
#include "adopt/shim.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/strbuf.h"

int shim_path(char *buf, size_t size, const char *name)
{
	char room[GATE_HOME_SIZE];
	const char *data = getenv("XDG_DATA_HOME"), *home = gate_home(room, sizeof room);
	bool given = data && *data == '/';
	if (!given && !home)
		return -ENOENT;
	int n = snprintf(buf, size, "%s%s/gate/bin%s%s", given ? data : home, given ? "" : "/.local/share",
			 name ? "/" : "", name ? name : "");
	return n < (int)size ? 0 : -ENAMETOOLONG;
}

static bool shim_is_program(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

/* The first program of this name in PATH, and whether its directory is the shims'. */
static bool shim_look(const char *name, bool shims_too, char *buf, size_t size, bool *is_shim)
{
	char dir[PATH_MAX];
	struct stat own = {0}, st;
	const char *path = getenv("PATH");
	bool have = !shim_path(dir, sizeof dir, NULL) && !stat(dir, &own);
	for (const char *s = path ? path : "/usr/local/bin:/usr/bin:/bin"; s;
	     s = strchr(s, ':') ? strchr(s, ':') + 1 : NULL) {
		int n = (int)strcspn(s, ":");
		if (snprintf(dir, sizeof dir, "%.*s", n ? n : 1, n ? s : ".") >= (int)sizeof dir || stat(dir, &st))
			continue;
		*is_shim = have && st.st_dev == own.st_dev && st.st_ino == own.st_ino;
		if (*is_shim && !shims_too)
			continue;
		if (snprintf(buf, size, "%s/%s", dir, name) < (int)size && shim_is_program(buf))
			return true;
	}
	return false;
}

bool shim_find_program(const char *name, char *buf, size_t size)
{
	bool is_shim;
	return shim_look(name, false, buf, size, &is_shim);
}

bool shim_is_first(const char *name)
{
	char path[PATH_MAX];
	bool is_shim;
	return shim_look(name, true, path, sizeof path, &is_shim) && is_shim;
}

bool shim_is_in_path(void)
{
	char dir[PATH_MAX];
	const char *path = getenv("PATH");
	size_t n = shim_path(dir, sizeof dir, NULL) ? 0 : strlen(dir);
	for (const char *s = path; n && s; s = strchr(s, ':') ? strchr(s, ':') + 1 : NULL)
		if (strcspn(s, ":") == n && !memcmp(s, dir, n))
			return true;
	return false;
}

void shim_put_word(struct strbuf *b, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%";
	if (*word && !word[strspn(word, plain)]) {
		strbuf_puts(b, word);
		return;
	}
	strbuf_putc(b, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			strbuf_puts(b, "'\\''");
		else
			strbuf_putc(b, *word);
	}
	strbuf_putc(b, '\'');
}

/* The program that is missing is said to be: an agent that ran ungated because Gate was removed would surprise. */
char *shim_text(const char *program)
{
	cleanup_strbuf struct strbuf b = {0}, gatesh = {0};
	shim_put_word(&gatesh, gate_path(GATE_PATH_GATESH));
	strbuf_printf(&b,
		      "#!/bin/sh\n"
		      "# Written by gatesh install; gatesh uninstall removes it.  Starts %s in a session of Gate.\n"
		      "gatesh=%s own=${0%%/*} rest= IFS=:\n"
		      "set -f\n"
		      "for dir in $PATH; do [ \"${dir:-.}\" -ef \"$own\" ] || rest=$rest${rest:+:}${dir:-.}; done\n"
		      "if [ ! -x \"$gatesh\" ]; then\n"
		      "\techo \"gate: %s: $gatesh is gone; remove $0 to start %s without Gate\" >&2\n"
		      "\texit 127\n"
		      "fi\n"
		      "PATH=$rest exec \"$gatesh\" run -- %s \"$@\"\n",
		      program, gatesh.s ? gatesh.s : "", program, program, program);
	return b.err || gatesh.err ? NULL : strbuf_take(&b);
}
