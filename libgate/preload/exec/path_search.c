/* SPDX-License-Identifier: BSD-2-Clause */
/* path_search.c - the p in execvp: searches PATH, and runs a file of unknown format with /bin/sh, both as glibc
 * does. */
#include <errno.h>
#include <linux/limits.h>
#include <unistd.h>

#include "preload/base/str.h"
#include "preload/exec/exec.h"

#define DEFAULT_PATH "/bin:/usr/bin" /* confstr(_CS_PATH) */

/* One execvpe() in progress. */
struct search {
	char *const *argv, *const *envp;
};

/* PATH of this process, regardless of the target's environment. */
static const char *search_own_path(void)
{
	for (char **e = environ; e && *e; e++) {
		const char *value = text_after(*e, "PATH=");
		if (value)
			return value;
	}
	return DEFAULT_PATH;
}

static bool search_is_missing(long err)
{
	return err == -EACCES || err == -ENOENT || err == -ESTALE || err == -ENOTDIR || err == -ENODEV ||
	       err == -ETIMEDOUT;
}

/* Run the file as a script of /bin/sh.  Takes one pointer per word on the stack, as glibc does here. */
static long search_run_by_shell(const char *path, char *const *argv, char *const *envp)
{
	size_t argc = 0;
	while (argv && argv[argc])
		argc++;
	char **words = __builtin_alloca((argc + 3) * sizeof *words);
	words[0] = (char *)"/bin/sh";
	words[1] = (char *)path;
	for (size_t i = 1; i < argc; i++)
		words[i + 1] = argv[i];
	words[argc > 1 ? argc + 1 : 2] = NULL;
	return exec_var(VAR_TARGET "/bin/sh", words, envp);
}

long path_search_walk(const char *file, char *var, long (*try)(const char *var, void *data), void *data)
{
	const size_t prefix = sizeof VAR_TARGET - 1;
	bool denied = false;
	long err = -ENOENT;
	if (text_length(file) > NAME_MAX)
		return -ENAMETOOLONG;
	for (const char *p = search_own_path(), *end;; p = end + 1) {
		for (end = p; *end && *end != ':';)
			end++;
		if (end - p < PATH_MAX) { /* glibc skips a longer one */
			struct text t = text_in(var, EXEC_TARGET + NAME_MAX);
			text_put(&t, VAR_TARGET);
			__builtin_memcpy(var + prefix, p, (size_t)(end - p));
			t.n = prefix + (size_t)(end - p);
			text_put(&t, end > p ? "/" : "");
			text_put(&t, file);
			err = try(var, data);
			if (!search_is_missing(err))
				return err;
			denied |= err == -EACCES;
		}
		if (!*end)
			return denied ? -EACCES : err;
	}
}

static long search_try_candidate(const char *var, void *data)
{
	const struct search *s = data;
	long err = exec_var(var, s->argv, s->envp);
	return err == -ENOEXEC ? search_run_by_shell(var + sizeof VAR_TARGET - 1, s->argv, s->envp) : err;
}

/* Not inlined: path_search_exec() needs its stack on the other path. */
static long __attribute__((noinline)) search_walk(const char *file, char *const *argv, char *const *envp)
{
	char var[EXEC_TARGET + NAME_MAX];
	struct search s = {argv, envp};
	return path_search_walk(file, var, search_try_candidate, &s);
}

long path_search_exec(const char *file, char *const *argv, char *const *envp)
{
	if (!*file)
		return -ENOENT;
	if (!text_has_slash(file))
		return search_walk(file, argv, envp);
	long err = exec_target(file, argv, envp);
	return err == -ENOEXEC ? search_run_by_shell(file, argv, envp) : err;
}
