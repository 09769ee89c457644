/* SPDX-License-Identifier: BSD-2-Clause */
/* ctor.c - the gate itself.  The constructor runs before any other code of a program, finds the session, and asks it if
 * a rule could match this exec.  With the seam it makes no system call unless the caller found that; without it, other
 * programs cost an open, an fstat, a pread and a close. */
#include <dlfcn.h>
#include <errno.h>
#include <linux/limits.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "formats/session_names.h"
#include "preload/base/cookie.h"
#include "preload/base/message.h"
#include "preload/base/process_state.h"
#include "preload/base/program_file.h"
#include "preload/base/session_client.h"
#include "preload/base/standin.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/exec/auto_session.h"
#include "preload/exec/entry.h"

/* The data that the kernel passed to the process. */
struct process {
	char **argv, **envp;
	char *session; /* values of the three variables, NULL if unset */
	const char *preload, *target;
};

extern const char *gnu_get_libc_version(void) __attribute__((weak));

/* musl's loader passes nothing to a constructor but has set environ.  argc and argv lie below it. */
static void ctor_find_arguments(struct process *p)
{
	char **end = environ - 1;
	long n = 0;
	while ((long)end[-n - 1] != n)
		n++;
	p->argv = end - n;
	p->envp = environ;
}

static void ctor_find_variables(struct process *p)
{
	for (char **e = p->envp; *e; e++) {
		const char *value;
		if (**e == 'G' && (value = text_after(*e, VAR_SESSION)) && !p->session)
			p->session = (char *)value;
		else if (**e == 'L' && (value = text_after(*e, VAR_PRELOAD)))
			p->preload = value; /* the loader uses the last one */
		else if (**e == 'G' && (value = text_after(*e, VAR_TARGET)) && !p->target)
			p->target = value;
	}
}

/* The file behind /dev/fd/N or fd:N[,cloexec], which fexecve and gate-standin use as names.  Returns `name` itself if the
 * file is unknown. */
static const char *ctor_behind_descriptor(const char *name, char buf[PATH_MAX])
{
	char link[64];
	const char *number = text_after(name, "/dev/fd/");
	if (!number)
		number = text_after(name, "fd:");
	if (!number)
		return name;
	struct text t = text_in(link, sizeof link);
	text_put(&t, "/proc/self/fd/");
	for (char c[2] = {0}; *number >= '0' && *number <= '9'; number++) {
		c[0] = *number;
		text_put(&t, c);
	}
	long n = sys_readlink(link, buf, PATH_MAX - 1);
	if (n < 0) /* the exec itself closed it */
		n = sys_readlink("/proc/self/exe", buf, PATH_MAX - 1);
	if (n < 0)
		return name;
	buf[n] = '\0';
	return buf;
}

/* Is this process gate-standin?  Anybody can set GATE_TARGET. */
static bool ctor_is_standin(const char *execfn)
{
	return execfn && text_equal(execfn, (const char *)state.image + state_head()->standin);
}

/* The arguments of a script's interpreter are not those that the caller gave: the kernel puts the interpreter, an option
 * of the script's first line and the script's path before them. */
static bool ctor_is_script(const char *execfn, const char *const *argv)
{
	for (int i = 1; execfn && argv[0] && i <= 2 && argv[i]; i++)
		if (text_equal(argv[i], execfn))
			return true;
	return false;
}

/* The program that the file is by another name, if a rule can match that; else NULL.  A file without a name (a memfd, a
 * deleted one) is this process's own executable. */
static const char *ctor_known(const char *name, const char *const *argv)
{
	if (!name)
		return NULL;
	const char *known = program_file_known(state.image, AT_FDCWD, name, 0, name);
	if (!known && !ctor_is_script(name, argv) && SYS(faccessat, AT_FDCWD, name, F_OK, 0, 0, 0))
		known = program_file_known(state.image, AT_FDCWD, "/proc/self/exe", 0, name);
	return known && gate_image_concerns(state.image, known, argv) ? known : NULL;
}

/* The same of a script's interpreter, which the kernel has put into argv[0]. */
static const char *ctor_known_interpreter(const char *name, const char *const *argv)
{
	if (!ctor_is_script(name, argv))
		return NULL;
	const char *known = program_file_known(state.image, AT_FDCWD, "/proc/self/exe", 0, argv[0]);
	return known && gate_image_concerns(state.image, known, argv) ? known : NULL;
}

static bool ctor_may_be_known(const char *name, const char *const *argv)
{
	return program_file_may_be_known(&state.head, AT_FDCWD, name ? name : "", 0) ||
	       (ctor_is_script(name, argv) && program_file_may_be_known(&state.head, AT_FDCWD, "/proc/self/exe", 0));
}

/* Was the loader executed with this program as its argument?  The kernel then has mapped no other one. */
static bool ctor_is_loaded_by_hand(void)
{
	return !getauxval(AT_BASE);
}

static void ctor_judge(const struct process *p)
{
	char buf[PATH_MAX];
	const char *execfn = (const char *)getauxval(AT_EXECFN);
	const char *const *argv = (const char *const *)p->argv;
	const char *name = execfn ? ctor_behind_descriptor(execfn, buf) : NULL;
	if (!p->target && !state.seam && !gate_image_may_concern(&state.head, name, argv) &&
	    !ctor_may_be_known(name, argv))
		return;
	int err = state_load();
	if (err) {
		message_fault(state.seam ? "the session can't be reached" : GATE_IMAGE_NAME, err);
		return;
	}
	if (p->target && ctor_is_standin(execfn)) {
		name = ctor_behind_descriptor(p->target, buf);
		message_program(name, argv[0]);
		state.judged_target = true;
	}
	const char *known = NULL;
	if (gate_image_concerns(state.image, name, argv) || (known = ctor_known(name, argv)))
		session_ask_exec(name, known, argv);
	else if ((known = ctor_known_interpreter(name, argv)))
		session_ask_exec(argv[0], known, argv);
}

/* Store the interposer's item of LD_PRELOAD as an absolute path, because children may run in another directory.
 * Returns 0, -ENOENT or -ENAMETOOLONG. */
static int ctor_find_library(const struct process *p)
{
	size_t n;
	const char *item = p->preload ? state_find_library(p->preload, &n) : NULL;
	if (!item)
		return -ENOENT;
	long cwd = 0;
	if (*item != '/' && n > sizeof LIBRARY_NAME - 1) {
		cwd = sys_getcwd(state.library, sizeof state.library);
		if (cwd <= 0)
			return -ENAMETOOLONG;
		state.library[cwd - 1] = '/';
	}
	if ((size_t)cwd + n >= sizeof state.library)
		return -ENAMETOOLONG;
	__builtin_memcpy(state.library + cwd, item, n);
	state.library[(size_t)cwd + n] = '\0';
	return 0;
}

/* Enter the session that the variable names.  Must this exec be judged here?  With the seam, the caller or gatesh has looked
 * already and says so by SEAM_MARK_ASK, which this program's children must not inherit. */
static bool ctor_enter(const struct process *p)
{
	const char *what;
	size_t n = text_length(p->session);
	bool asks = n > 2 && text_equal(p->session + n - 2, SEAM_MARK SEAM_MARK_ASK);
	if (asks)
		p->session[--n] = '\0';
	int err = state_enter(p->session, n, &what);
	if (err) {
		state.head.flags = 0; /* an unreadable image allows nothing */
		message_fault(what, err);
	}
	return asks || !state.seam;
}

static void __attribute__((constructor)) ctor_start(int argc, char **argv, char **envp)
{
	struct process p = {.argv = argv, .envp = envp};
	if (getauxval(AT_SECURE))
		return;
	if (!gnu_get_libc_version)
		ctor_find_arguments(&p);
	ctor_find_variables(&p);
	if (p.session ? !*p.session : !p.preload)
		return;
	int found = ctor_find_library(&p);
	if (found == -ENOENT && !p.session)
		return;
	message_program((const char *)getauxval(AT_EXECFN), p.argv[0]);
	if (found == -ENAMETOOLONG)
		message_fault(LIBRARY_NAME, found);
	if (!p.session)
		auto_session(p.argv, p.envp);
	bool asks = ctor_enter(&p);
	state.exe = (const char *)getauxval(AT_EXECFN);
	state.active = true;
	entry_dlopen_mask = ~RTLD_DEEPBIND;
	if (asks || p.target || ctor_is_loaded_by_hand() || ctor_is_script(state.exe, (const char *const *)p.argv))
		ctor_judge(&p);
}

bool gate_preload_judged_target(void)
{
	return state.judged_target;
}

/* A filter from before gate-standin may know execve alone. */
long gate_preload_execute_target(int dir, const char *path, char *const *argv, char *const *envp, int flags)
{
	if (!state.judged_target)
		return -EPERM;
	return flags ? COOKIE_CALL(execveat, dir, path, argv, envp, flags) :
		       COOKIE_CALL(execve, path, argv, envp, 0, 0);
}
