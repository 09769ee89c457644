#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# hooks.t - hooks that are not about exec itself: dlopen keeps its caller and loses RTLD_DEEPBIND, syscall is libc's to
# the bit, a program that overwrites its environment stays in its session.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:?}/tests/support/lib.sh"
. "$GATE_SRC/tests/support/askd.sh"

mkdir -p "$T/bin" "$T/plugins"
cp "$GATE_BUILD/tests/support/probe" "$T/bin/probe"
askd 'deny=gate: refused by the test' probe/danger
compile() {
	"${CC:-cc}" -D_GNU_SOURCE "$@" 2>"$T/cc.log" && return
	diag "$(cat "$T/cc.log")"
	echo "Bail out! no compiler"
	exit 99
}

# A plugin bound to its own symbols first, found by the program's RUNPATH, loses the environment.
cat >"$T/plugin.c" <<'C'
#include <unistd.h>
void start(const char *path);
void start(const char *path)
{
	char *argv[] = {(char *)path, (char *)"danger", NULL}, *env[] = {NULL};
	execve(path, argv, env);
}
C
cat >"$T/host.c" <<'C'
#include <dlfcn.h>
#include <stdio.h>
int main(int argc, char **argv)
{
	void *plugin = dlopen("libplugin.so", RTLD_NOW | RTLD_DEEPBIND);
	void (*start)(const char *) = plugin ? (void (*)(const char *))dlsym(plugin, "start") : NULL;
	if (!start)
		return puts(dlerror()), 98;
	start(argv[1]);
	return 99;
}
C
compile -shared -fPIC -o "$T/plugins/libplugin.so" "$T/plugin.c" -lc
compile -o "$T/bin/host" "$T/host.c" -Wl,-rpath,'$ORIGIN/../plugins' -ldl
is "without Gate the plugin is found and starts it" "$("$T/bin/host" "$T/bin/probe" | head -1)" "errno 0 argc 2"
is "RTLD_DEEPBIND does not get a plugin past the hooks, and it is found" \
	"$(gated "$T/bin/host" "$T/bin/probe" 2>&1; echo $?)" \
	"gate: refused by the test
126"

# syscall(): six arguments, results, errno.
cat >"$T/syscall.c" <<'C'
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
	errno = 5;
	char *p = (char *)syscall(SYS_mmap, NULL, 8192L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
	printf("%d %d\n", p != (char *)-1 && (p[8191] = 1), errno);
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/exe", 0);
	char *q = (char *)syscall(SYS_mmap, NULL, 4096L, PROT_READ, MAP_PRIVATE, fd, 4096L);
	char buf[16];
	printf("%d %d\n", pread(fd, buf, 16, 4096) == 16 && !memcmp(buf, q, 16), errno);
	long ret = syscall(SYS_close, -1);
	printf("%ld %d\n", ret, errno);
	ret = syscall(SYS_getpid);
	printf("%d %d\n", ret == getpid(), errno);
	ret = syscall(SYS_execve, "/nothing", NULL, NULL);
	printf("%ld %d\n", ret, errno);
	ret = syscall(SYS_execveat, -1, "nothing", NULL, NULL, 0);
	printf("%ld %d\n", ret, errno);
	ret = syscall(100000L);
	printf("%ld %d\n", ret, errno);
	fflush(stdout);
	pid_t pid = (pid_t)syscall(SYS_clone, 17L, NULL, NULL, NULL, 0L);
	if (pid == 0)
		_exit(3);
	int status = 0;
	waitpid(pid, &status, 0);
	printf("%d\n", WEXITSTATUS(status));
	return 0;
}
C
sed -i 's/#include <errno.h>/#include <errno.h>\n#include <fcntl.h>/' "$T/syscall.c"
compile -o "$T/bin/syscall" "$T/syscall.c"
is "syscall() is libc's" "$(gated "$T/bin/syscall")" "$("$T/bin/syscall")"

# A program that writes over its environment, as setproctitle() does.
cat >"$T/title.c" <<'C'
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char *end = argv[0], path[4096], *words[] = {path, (char *)"danger", NULL}, *env[] = {NULL};
	strcpy(path, argv[1]);
	for (char **e = environ; *e; e++)
		end = *e + strlen(*e);
	memset(argv[0], 'x', (size_t)(end - argv[0]));
	execve(path, words, env);
	return 99;
}
C
compile -o "$T/bin/title" "$T/title.c"
is "writing over the environment does not leave the session" "$(gated "$T/bin/title" "$T/bin/probe" 2>&1; echo $?)" \
	"gate: refused by the test
126"

# AddressSanitizer wants to be the first library, and says so where it is not.
cat >"$T/asan.c" <<'C'
#include <stdlib.h>
#include <stdio.h>
int main(int argc, char **argv)
{
	char *p = malloc(1);
	puts("runs");
	fflush(stdout);
	p[argc] = 1;
	return 0;
}
C
if "${CC:-cc}" -fsanitize=address -o "$T/bin/asan" "$T/asan.c" 2>"$T/cc.log" &&
	"$T/bin/asan" 2>&1 | grep -q heap-buffer-overflow; then
	is "a program built with AddressSanitizer runs, and is watched" \
		"$(unset ASAN_OPTIONS; gated "$T/bin/asan" 2>&1 | grep -o -e ^runs -e heap-buffer-overflow | head -2)" \
		"runs
heap-buffer-overflow"
else
	skip "a program built with AddressSanitizer runs" "no AddressSanitizer here"
fi

# What the library itself is.
is "it needs libc alone" "$(readelf -dW "$PRELOAD" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')" "libc.so.6"
like "it is initialised first" "$(readelf -dW "$PRELOAD")" INITFIRST
is "it is mapped in two segments" "$(readelf -lW "$PRELOAD" | grep -c ' LOAD ')" 2
read -r address size < <(readelf -lW "$PRELOAD" | awk '$1 == "LOAD" && /RW/ { print $3, $6 }')
ok "its data is one page" test $((address % 4096 + size)) -le 4096
unlike "it is not instrumented" "$(nm -D "$PRELOAD")" '__asan_[^d]|__ubsan|__gcov|__stack_chk|_chk@'
done_testing
