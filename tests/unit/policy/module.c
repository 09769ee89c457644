/* SPDX-License-Identifier: BSD-2-Clause */
/* module.c - who may have written a module, what it must export, and what the stock modules do. */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "policy/module.h"
#include "support/fixture.h"

static struct fixture fx;

static int open_fixture(void **state)
{
	fixture_open(&fx);
	return 0;
}

static int close_fixture(void **state)
{
	fixture_close(&fx);
	return 0;
}

/* --- loading ------------------------------------------------------------------------------------------------------ */

static void refused(const char *dir, const char *name, const char *why)
{
	struct strbuf b = {0};
	struct module *m = (struct module *)1;
	assert_true(module_open(dir, name, &m, &b) < 0);
	assert_null(m);
	if (!b.s || !strstr(b.s, why))
		fail_msg("%s says: %s\nnot: %s", name, b.s ? b.s : "nothing", why);
	strbuf_free(&b);
}

static void loads(const char *name)
{
	struct strbuf b = {0};
	struct module *m;
	if (module_open(fx.modules, name, &m, &b))
		fail_msg("%s", b.s);
	module_close(m);
}

static void path_of(char path[256], const char *name)
{
	fixture_path(path, 256, fx.modules, name);
}

static void test_names(void **state)
{
	loads("gate_permit");
	loads("gate_permit.so");
	refused(fx.modules, "gate_permit.so.so", "is not a module's name");
	refused(fx.modules, "gate_", "is not a module's name");
	refused(fx.modules, "", "is not a module's name");
	refused(fx.modules, "permit", "is not a module's name");
	refused(fx.modules, "gate_..", "is not a module's name");
	refused(fx.modules, "gate_x/../gate_permit", "name, not a path");
	refused(fx.modules, "gate_permti", "did you mean 'gate_permit'?");
	refused("/nonexistent", "gate_permit", "cannot open the module directory /nonexistent");
}

static void test_owner_and_mode(void **state)
{
	char path[256], other[256];
	path_of(path, "gate_permit.so");
	path_of(other, "gate_link.so");
	assert_int_equal(chmod(path, 0664), 0);
	refused(fx.modules, "gate_permit", "is writable by others (mode 0664)");
	assert_int_equal(chmod(path, 0646), 0);
	refused(fx.modules, "gate_permit", "is writable by others");
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(chmod(fx.modules, 0775), 0);
	refused(fx.modules, "gate_permit", "is writable by others (mode 0775)");
	assert_int_equal(chmod(fx.modules, 0755), 0);
	assert_int_equal(symlink(path, other), 0); /* what it points to lies where nobody looked */
	refused(fx.modules, "gate_link", "no module 'gate_link'");
	assert_int_equal(unlink(other), 0);
	assert_int_equal(mkdir(other, 0755), 0);
	refused(fx.modules, "gate_link", "is not a regular file");
	assert_int_equal(rmdir(other), 0);
	assert_int_equal(mkfifo(other, 0644), 0);
	refused(fx.modules, "gate_link", "is not a regular file");
	assert_int_equal(unlink(other), 0);
	if (geteuid()) {
		print_message("not root: files of another owner can't be made here\n");
		return;
	}
	assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
	refused(fx.modules, "gate_permit", "belongs to uid 12345, neither root nor the caller");
	assert_int_equal(chown(path, 0, (gid_t)-1), 0);
	assert_int_equal(chown(fx.modules, 12345, (gid_t)-1), 0);
	refused(fx.modules, "gate_permit", "belongs to uid 12345");
	assert_int_equal(chown(fx.modules, 0, (gid_t)-1), 0);
	loads("gate_permit");
}

/* Compile a module of these lines into the module directory. */
static void compile(const char *name, const char *source)
{
	char command[1024], file[32];
	const char *cc = getenv("CC"), *src = getenv("GATE_SRC");
	snprintf(file, sizeof file, "%s.c", name);
	fixture_write(fx.dir, file, source);
	snprintf(
		command, sizeof command,
		"%s -Wall -Wextra -Werror -Wno-unused-parameter -Wno-unused-function -Wno-missing-field-initializers -shared "
		"-fPIC -I'%s/libgate' -o '%s/%s.so' '%s/%s' && chmod 644 '%s/%s.so'",
		cc ? cc : "cc", src ? src : ".", fx.modules, name, fx.dir, file, fx.modules, name);
	assert_int_equal(system(command), 0);
}

#define HEAD                         \
	"#include <gate_module.h>\n" \
	"static int f(gate_handle_t *h, const struct gate_event *e, int c, const char *const *v) { return 0; }\n"
/* A struct gate_module with these members. */
#define EXPORT(name, members)                                                                             \
	"const struct gate_module gate_module = {.api_version = GATE_MODULE_API_VERSION, .name = \"" name \
	"\", " members "};\n"
#define DECIDES ".events = 1, .decide = f, "

static void test_exports(void **state)
{
	static const struct {
		const char *source, *why;
	} table[] = {
		{HEAD, "gate_test exports no gate_module"},
		{HEAD "const struct gate_module gate_module = {99, \"gate_test\", .decide = f, .events = 1};\n",
		 "it was built for another version of gate_module.h"},
		{HEAD EXPORT("gate_other", DECIDES), "its gate_module has another name"},
		{HEAD EXPORT("gate_test", ""), "it has neither decide() nor verdict()"},
		{HEAD EXPORT("gate_test", ".decide = f"), "it has decide() but serves no event"},
		{HEAD EXPORT("gate_test", ".events = 1u << 20, .decide = f"), "it serves an unknown event"},
		{HEAD EXPORT("gate_test", ".events = 1u << GATE_EVENT_VERDICT, .verdict = f"),
		 "it serves an unknown event"},
		{HEAD EXPORT("gate_test", ".events = 1"), "it has no decide() for the events it serves"},
		{HEAD "static const struct gate_option o[] = {{\"a\", (enum gate_option_type)99}, {0}};\n" EXPORT(
			 "gate_test", DECIDES ".options = o"),
		 "an option has an unknown type"},
		{HEAD "static const struct gate_option o[] = {{\"a\", GATE_OPT_CHOICE}, {0}};\n" EXPORT(
			 "gate_test", DECIDES ".options = o"),
		 "an option has no choices"},
		{HEAD "static const struct gate_option o[] = {{\"rest\", GATE_OPT_REST}, {0}};\n" EXPORT(
			 "gate_test", DECIDES ".options = o"),
		 "'--' is reserved for GATE_OPT_REST"},
		{HEAD "static const struct gate_option o[] = {{\"a b\", GATE_OPT_FLAG}, {0}};\n" EXPORT(
			 "gate_test", DECIDES ".options = o"),
		 "an option has an invalid name"},
		{"int missing(void);\nint call(void) {return missing();}\n" HEAD EXPORT("gate_test", DECIDES),
		 "undefined symbol: missing"},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		compile("gate_test", table[i].source);
		refused(fx.modules, "gate_test", table[i].why);
	}
	compile("gate_test", HEAD EXPORT("gate_test", DECIDES));
	loads("gate_test");
	compile("gate_test", HEAD EXPORT("gate_test", ".verdict = f"));
	loads("gate_test");
	char path[256];
	path_of(path, "gate_test.so");
	fixture_write(fx.modules, "gate_test.so", "not an ELF file at all");
	refused(fx.modules, "gate_test", "cannot load");
}

/* --- the stock modules -------------------------------------------------------------------------------------------- */

static char told[1024];

static void keep_text(enum gate_style style, const char *text, void *data)
{
	snprintf(told, sizeof told, "%s", text);
}

/* The program's environment and behaviour for gate_exec. */
static const char program[] =
	"#!/bin/sh\n"
	"case $1 in\n"
	"env) { env | grep ^GATE_ | sort; readlink /proc/self/fd/0; ls /proc/self/fd | wc -l; pwd; } >\"$2\";;\n"
	"say) echo 'because of this' >&2; echo 'and more' >&2; exit \"$2\";;\n"
	"flood) head -c 300000 /dev/zero | tr '\\0' x >&2; exit 1;;\n"
	"signal) kill -9 $$;;\n"
	"sleep) sleep 5 & echo $! >\"$2\"; wait;;\n"
	"orphan) sleep 5 >&2 & exit 0;;\n"
	"esac\n";

static int exec_with(const char *arguments, const char *reason)
{
	static const char *const words[] = {"git", "push", "a b", NULL};
	static const struct gate_event event = {.struct_size = sizeof(struct gate_event),
						.exe = "/usr/bin/git",
						.argv = words,
						.argc = 3,
						.cwd = "/srv",
						.pid = 4242};
	const struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .tell = keep_text};
	char text[512];
	gate_handle_t *h;
	snprintf(text, sizeof text, "exec required gate_exec %s\n", arguments);
	fixture_write(fx.etc, "agent", text);
	assert_int_equal(gate_start_with("agent", &fx.dirs, &conv, &h), 0);
	assert_int_equal(gate_set_item(h, GATE_ITEM_SESSION_ID, "s1"), 0);
	int ret = gate_check(h, &event, 0);
	const char *why = gate_get_item(h, GATE_ITEM_REASON);
	if (reason && (!why || !strstr(why, reason)))
		fail_msg("%s: %s, not %s", arguments, why ? why : "no reason", reason);
	gate_end(h, ret);
	return ret;
}

static int exec_program(const char *before, const char *what, const char *more, const char *reason)
{
	char arguments[384];
	snprintf(arguments, sizeof arguments, "%s -- %s/program %s %s", before, fx.dir, what, more);
	return exec_with(arguments, reason);
}

static void write_program(void)
{
	char path[256];
	fixture_write(fx.dir, "program", program);
	fixture_path(path, sizeof path, fx.dir, "program");
	assert_int_equal(chmod(path, 0755), 0);
}

static void read_back(const char *name, char *buf, size_t size)
{
	char path[256];
	fixture_path(path, sizeof path, fx.dir, name);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	size_t n = fread(buf, 1, size - 1, f);
	buf[n] = '\0';
	fclose(f);
}

static void test_exec_environment(void **state)
{
	char out[128], got[1024];
	write_program();
	fixture_write(fx.packs, "g.rules",
		      "rule: g.push\non: exec\nprogram: git\nmatch: push\nseverity: danger\n"
		      "reason: why\nhit: git push\nmiss: git log\n");
	fixture_path(out, sizeof out, fx.dir, "out");
	assert_int_equal(exec_program("", "env", out, NULL), GATE_SUCCESS);
	read_back("out", got, sizeof got);
	assert_string_equal(got,
			    "GATE_ARGC=3\nGATE_CWD=/srv\nGATE_EVENT=exec\nGATE_EXE=/usr/bin/git\nGATE_PID=4242\n"
			    "GATE_RULES=g.push\nGATE_SESSION_ID=s1\nGATE_SEVERITY=danger\n"
			    "GATE_SUBJECT=git push 'a b'\n/dev/null\n4\n/\n");
}

static void test_exec_results(void **state)
{
	write_program();
	assert_int_equal(exec_program("", "say", "0", NULL), GATE_SUCCESS);
	assert_int_equal(exec_program("", "say", "1", "because of this"), GATE_DENY);
	assert_int_equal(exec_program("", "say", "2", "because of this"), GATE_FINDING);
	assert_int_equal(exec_program("", "say", "3", "exited with 3: because of this"), GATE_SERVICE_ERR);
	assert_int_equal(exec_program("", "signal", "", "exited with 137"), GATE_SERVICE_ERR);
	assert_int_equal(exec_program("", "flood", "", NULL), GATE_DENY);
	assert_int_equal(exec_with("-- /nonexistent", "/nonexistent exited with 127: No such file"), GATE_SERVICE_ERR);
	assert_int_equal(exec_with("-- true", "'true' is not an absolute path"), GATE_SERVICE_ERR);
}

static long long now_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* A slow program is killed, and what it started with it; one that leaves a child behind is not waited for. */
static void test_exec_time(void **state)
{
	char out[128], pid[32], proc[64];
	write_program();
	fixture_path(out, sizeof out, fx.dir, "pid");
	long long start = now_ms();
	assert_int_equal(exec_program("timeout=300ms", "sleep", out, "no answer in time"), GATE_SERVICE_ERR);
	assert_int_equal(exec_program("", "orphan", "", NULL), GATE_SUCCESS);
	assert_true(now_ms() - start < 3000);
	read_back("pid", pid, sizeof pid);
	snprintf(proc, sizeof proc, "/proc/%d/exe", atoi(pid));
	char target[64];
	for (int i = 0; i < 100 && readlink(proc, target, sizeof target) > 0; i++)
		usleep(10000);
	assert_true(readlink(proc, target, sizeof target) < 0);
}

static bool reaping;

static void *reap_all(void *unused)
{
	while (__atomic_load_n(&reaping, __ATOMIC_RELAXED))
		if (waitpid(-1, NULL, WNOHANG) <= 0)
			usleep(100);
	return NULL;
}

/* A host that reaps every child it can see takes no answer away. */
static void test_exec_reaper(void **state)
{
	pthread_t thread;
	write_program();
	reaping = true;
	assert_int_equal(pthread_create(&thread, NULL, reap_all, NULL), 0);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(exec_program("", "say", "0", NULL), GATE_SUCCESS);
		assert_int_equal(exec_program("", "say", "1", "because of this"), GATE_DENY);
	}
	__atomic_store_n(&reaping, false, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(exec_program("", "say", "1", "because of this"), GATE_DENY);
	signal(SIGCHLD, SIG_DFL);
}

static struct {
	unsigned lines;
	int priority;
	char text[512];
} logged;

/* In place of libc's: the module's call comes here. */
__attribute__((visibility("default"))) void syslog(int priority, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	logged.lines++;
	logged.priority = priority;
	vsnprintf(logged.text, sizeof logged.text, fmt, ap);
	va_end(ap);
}

static void check_true(const char *text)
{
	static const char *const words[] = {"tool", "a\033[2J\nb", NULL};
	static const struct gate_event event = {.struct_size = sizeof(struct gate_event),
						.exe = "/bin/tool",
						.argv = words,
						.argc = 2,
						.cwd = "/",
						.pid = 7,
						.uid = 1000};
	const struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .tell = keep_text};
	gate_handle_t *h;
	memset(&logged, 0, sizeof logged);
	fixture_write(fx.etc, "agent", text);
	assert_int_equal(gate_start_with("agent", &fx.dirs, &conv, &h), 0);
	gate_set_item(h, GATE_ITEM_AGENT, "claude");
	gate_check(h, &event, 0);
	gate_end(h, 0);
}

static void test_syslog(void **state)
{
	check_true("exec required gate_rules\nverdict optional gate_syslog facility=local3\n");
	assert_int_equal(logged.lines, 1);
	assert_int_equal(logged.priority, LOG_LOCAL3 | LOG_INFO);
	assert_string_equal(logged.text,
			    "gate: exec success service=agent session=- agent=claude human=- uid=1000 pid=7 rule=- "
			    "by=- subject=tool 'a\\e[2J\\nb'");
	check_true("exec required gate_deny [reason=not today]\nverdict optional gate_syslog\n");
	assert_int_equal(logged.priority, LOG_AUTHPRIV | LOG_NOTICE);
	assert_non_null(strstr(logged.text, "gate: exec deny "));
	check_true("exec required gate_permit\nverdict optional gate_syslog refused\n");
	assert_int_equal(logged.lines, 0);
}

static void test_debug(void **state)
{
	check_true("exec required gate_debug return=deny exec=success\n");
	assert_string_equal(told, "gate: gate_debug: exec returns success");
	check_true("exec required gate_deny\nverdict required gate_debug quiet\n");
	assert_string_equal(told, "gate: gate_debug: the verdict on exec is deny");
}

/* Decide a connection to `host` by one line of gate_listfile; what the reason says is left in `told`. */
static int listed(const char *arguments, const char *host)
{
	const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(443), .sin_addr = {htonl(0xc0000201)}};
	const char *const hosts[] = {host, NULL};
	const struct gate_event event = {.struct_size = sizeof event,
					 .type = GATE_EVENT_CONNECT,
					 .exe = "/usr/bin/curl",
					 .address = (const struct sockaddr *)&to,
					 .address_len = sizeof to,
					 .hosts = hosts};
	const struct gate_conv conv = {.struct_size = sizeof conv, .tell = keep_text};
	char text[512];
	gate_handle_t *h;
	snprintf(text, sizeof text, "connect required gate_listfile item=host %s\n", arguments);
	fixture_write(fx.etc, "agent", text);
	assert_int_equal(gate_start_with("agent", &fx.dirs, &conv, &h), 0);
	int ret = gate_check(h, &event, GATE_CHECK_NO_ASK);
	const char *reason = gate_get_item(h, GATE_ITEM_REASON);
	snprintf(told, sizeof told, "%s", reason ? reason : "");
	gate_end(h, ret);
	return ret;
}

static void test_listfile(void **state)
{
	char arguments[256];
	fixture_write(fx.dir, "list", "*.example.org\n198.51.100.0/24\n");
	snprintf(arguments, sizeof arguments, "file=%s/list", fx.dir);
	assert_int_equal(listed(arguments, "www.example.org"), GATE_SUCCESS);
	assert_int_equal(listed(arguments, "www.example.com"), GATE_FINDING);
	assert_non_null(strstr(told, "is not on the list"));
	assert_int_equal(listed("", "www.example.org"), GATE_FINDING);
	assert_non_null(strstr(told, "nobody has allowed this destination yet"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),        cmocka_unit_test(test_owner_and_mode),
		cmocka_unit_test(test_exports),      cmocka_unit_test(test_exec_environment),
		cmocka_unit_test(test_exec_results), cmocka_unit_test(test_exec_time),
		cmocka_unit_test(test_exec_reaper),  cmocka_unit_test(test_syslog),
		cmocka_unit_test(test_debug),        cmocka_unit_test(test_listfile),
	};
	return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
