/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_install.c - checks that the installation is complete and gates a program.  See doctor.h. */
#include "doctor/doctor.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/paths.h"
#include "engine/engine.h"
#include "formats/image.h"
#include "formats/session_names.h"
#include "policy/module.h"
#include "policy/policy.h"
#include "seam/inside.h"
#include "util/conf.h"
#include "util/session_dir.h"
#include "util/spawn.h"
#include "util/state_dir.h"

/* The first complaint of a loader, as one line. */
struct complaint {
	char text[512];
};

static void doctor_install_keep(const char *text, struct complaint *c)
{
	if (!*c->text)
		snprintf(c->text, sizeof c->text, "%.*s", (int)strcspn(text, "\n"), text);
}

static void doctor_install_keep_diag(enum diag_level level, const char *text, void *data)
{
	if (level == DIAG_ERROR)
		doctor_install_keep(text, data);
}

static void doctor_install_keep_tell(enum gate_style style, const char *text, void *data)
{
	if (style == GATE_STYLE_ERROR)
		doctor_install_keep(text, data);
}

/* Run /bin/true under the interposer with the session directory `dir`.  Returns its exit status (-1: it did not exit
 * normally) and, in `said`, the first line of its stderr. */
static int doctor_install_run_true(const char *dir, char *said, size_t size)
{
	char name[] = "true", *argv[] = {name, NULL};
	int fds[2], status = -1;
	size_t n = 0;
	ssize_t r = 0;
	char **env = spawn_environment(dir, "");
	if (!env || pipe2(fds, O_CLOEXEC)) {
		free(env);
		return -1;
	}
	pid_t pid = fork();
	if (!pid) {
		dup2(fds[1], STDERR_FILENO);
		execve("/bin/true", argv, env);
		_exit(127);
	}
	close(fds[1]);
	while (pid > 0 && n + 1 < size && (r = read(fds[0], said + n, size - 1 - n)) > 0)
		n += (size_t)r;
	close(fds[0]);
	said[n] = '\0';
	said[strcspn(said, "\n")] = '\0';
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	free(env);
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Is this process itself in a session?  Then the library in it would put /bin/true into that session as well, whatever
 * environment it is given. */
static bool doctor_install_is_gated(void)
{
	return dlsym(RTLD_DEFAULT, "gate_preload_judged_target") && session_inside();
}

/* /bin/true must run with an image and be refused without one.  Both together show that the library loads, reads the
 * image and decides. */
static void doctor_install_check_library(struct doctor *d, const gate_handle_t *h)
{
	char dir[] = "/tmp/gate-doctor.XXXXXX", image[sizeof dir + sizeof GATE_IMAGE_NAME], said[512];
	const char *library = gate_path(GATE_PATH_PRELOAD);
	int err = 0, status = -1;
	if (doctor_install_is_gated()) {
		doctor_say(d, HEALTH_OK, "library", NULL,
			   "loaded here: this is inside a session; outside one, doctor also tests that it refuses");
		return;
	}
	if (access(library, R_OK)) {
		doctor_say(d, HEALTH_BROKEN, "library", "reinstall Gate", "%s: %s", library, strerror(errno));
		return;
	}
	if (!mkdtemp(dir)) {
		doctor_say(d, HEALTH_WARN, "library", NULL, "not tested: /tmp: %s", strerror(errno));
		return;
	}
	snprintf(image, sizeof image, "%s/%s", dir, GATE_IMAGE_NAME);
	int fd = open(image, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	err = fd < 0 ? -errno : gate_write_image(h, fd, &(struct gate_image_options){0});
	if (fd >= 0)
		close(fd);
	if (!err)
		status = doctor_install_run_true(dir, said, sizeof said);
	unlink(image);
	if (err)
		doctor_say(d, HEALTH_BROKEN, "image", NULL, "the policy image can't be written: %s", strerror(-err));
	else if (status || *said)
		doctor_say(d, HEALTH_BROKEN, "library", "run `LD_PRELOAD=LIBRARY /bin/true` to see more",
			   "/bin/true does not run with it: status %d, %s", status, said);
	else if ((status = doctor_install_run_true(dir, said, sizeof said)) != 126)
		doctor_say(d, HEALTH_BROKEN, "library", "is /bin/true a static program?",
			   "%s is not loaded: /bin/true ran without a policy (status %d)", library, status);
	else
		doctor_say(d, HEALTH_OK, "library", NULL, "loads, reads its policy, and refuses programs without one");
	rmdir(dir);
}

static void doctor_install_check_standin(struct doctor *d)
{
	const char *path = gate_path(GATE_PATH_STANDIN);
	if (access(path, X_OK))
		doctor_say(d, HEALTH_BROKEN, "gate-standin", "reinstall Gate", "%s: %s", path, strerror(errno));
	else
		doctor_say(d, HEALTH_OK, "gate-standin", NULL, "stands in for static and setuid programs");
}

/* Load every module as a service would, which checks the owner and mode of file and directory first. */
static void doctor_install_check_modules(struct doctor *d)
{
	const char *dir = gate_path(GATE_PATH_MODULES);
	unsigned good = 0, bad = 0;
	DIR *dp = opendir(dir);
	if (!dp) {
		doctor_say(d, HEALTH_BROKEN, "modules", "reinstall Gate", "%s: %s", dir, strerror(errno));
		return;
	}
	for (const struct dirent *e; (e = readdir(dp));) {
		cleanup_strbuf struct strbuf why = {0};
		struct module *m;
		size_t n = strlen(e->d_name);
		if (n < 4 || strcmp(e->d_name + n - 3, ".so"))
			continue;
		if (module_open(dir, e->d_name, &m, &why)) {
			bad++;
			doctor_say(d, HEALTH_WARN, "modules", NULL, "%s", why.s ? why.s : e->d_name);
			continue;
		}
		good++;
		module_close(m);
	}
	closedir(dp);
	if (good)
		doctor_say(d, bad ? HEALTH_WARN : HEALTH_OK, "modules", NULL,
			   "%u load; only root and you can write to them", good);
	else
		doctor_say(d, HEALTH_BROKEN, "modules", "reinstall Gate", "none in %s", dir);
}

/* Load the service that a session would use, with its packs.  The caller ends *h. */
static void doctor_install_check_service(struct doctor *d, const char *service, gate_handle_t **h)
{
	struct complaint c = {0};
	struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .tell = doctor_install_keep_tell, .data = &c};
	char cwd[PATH_MAX];
	int err = gate_start(service, getcwd(cwd, sizeof cwd), &conv, h);
	if (err) {
		doctor_say(d, HEALTH_BROKEN, "service", "gatesh lint lists every problem and its place", "%s: %s",
			   service, *c.text ? c.text : strerror(-err));
		return;
	}
	const struct policy *p = gate_handle_policy(*h);
	doctor_say(d, p->rules.n ? HEALTH_OK : HEALTH_WARN, "service", p->rules.n ? NULL : "install rule packs",
		   "%s: %zu rules in %zu packs, %zu stack%s", service, p->rules.n, p->rules.nfiles, p->nstacks,
		   p->nstacks == 1 ? "" : "s");
}

static void doctor_install_check_conf(struct doctor *d, struct gate_conf *conf)
{
	struct complaint c = {0};
	struct diag diag = {.emit = doctor_install_keep_diag, .data = &c};
	if (conf_load(conf, &diag))
		doctor_say(d, HEALTH_BROKEN, "gate.conf", "gatesh lint lists every problem and its place", "%s",
			   c.text);
	else if (conf->on_fault_allow)
		doctor_say(d, HEALTH_OPEN, "gate.conf", "on-fault: deny",
			   "on-fault: allow: a program runs unjudged on a fault");
	else
		doctor_say(d, HEALTH_OK, "gate.conf", NULL, "service %s; on a fault, Gate refuses", conf->service);
}

/* Which directories does the administrator write to?  A build for another prefix reads others than the usual ones. */
static void doctor_install_check_directories(struct doctor *d)
{
	char conf[PATH_MAX];
	snprintf(conf, sizeof conf, "%s", gate_path(GATE_PATH_CONF));
	*strrchr(conf, '/') = '\0';
	const char *services = gate_path(GATE_PATH_ETC_SERVICES);
	const struct {
		const char *usual, *own;
	} dirs[] = {{"/etc/gate", conf}, {"/etc/gate.d", services}};
	doctor_say(d, HEALTH_OK, "directories", NULL, "this build reads %s and %s", conf, services);
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		if (!strcmp(dirs[i].usual, dirs[i].own) || access(dirs[i].usual, F_OK))
			continue;
		char todo[PATH_MAX + 64];
		snprintf(todo, sizeof todo, "move its files to %s, or configure with --sysconfdir=/etc", dirs[i].own);
		doctor_say(d, HEALTH_WARN, "directories", todo, "this build does not read %s, which exists",
			   dirs[i].usual);
	}
}

/* A session runs as the user who starts it: it can replace any file that this user can write, for the next session. */
static void doctor_install_check_writers(struct doctor *d)
{
	static const enum gate_path mine[] = {GATE_PATH_PRELOAD, GATE_PATH_GATESH, GATE_PATH_LIB_RULES,
					      GATE_PATH_MODULES, GATE_PATH_LIB_SERVICES};
	if (!geteuid()) {
		doctor_say(d, HEALTH_OPEN, "user", "run agents as a user without privileges",
			   "you are root: a session has every privilege on this machine");
		return;
	}
	for (size_t i = 0; i < sizeof mine / sizeof *mine; i++) {
		if (access(gate_path(mine[i]), W_OK))
			continue;
		doctor_say(d, HEALTH_OPEN, "installation", "install Gate as root, in /usr",
			   "a session can change %s for the next session", gate_path(mine[i]));
		return;
	}
	doctor_say(d, HEALTH_OK, "installation", NULL, "a session can't change it");
}

static void doctor_install_check_audit(struct doctor *d)
{
	char path[PATH_MAX];
	int err = state_dir_file(path, sizeof path, STATE_DIR_AUDIT);
	size_t len;
	if (err)
		doctor_say(d, HEALTH_BROKEN, "audit log", STATE_DIR_ADVICE, "no directory for it");
	else if ((err = state_dir_check(path, &len)))
		doctor_say(d, HEALTH_BROKEN, "audit log", STATE_DIR_ADVICE, "%s: %.*s%s%s", path,
			   path[len] ? (int)len : 0, path, path[len] ? ": " : "", strerror(-err));
	else
		doctor_say(d, HEALTH_OK, "audit log", NULL, "%s", path);
}

void doctor_install(struct doctor *d)
{
	struct gate_conf conf;
	gate_handle_t *h = NULL;
	doctor_install_check_directories(d);
	doctor_install_check_conf(d, &conf);
	doctor_install_check_service(d, conf.service, &h);
	if (h)
		doctor_install_check_library(d, h);
	gate_end(h, GATE_SUCCESS);
	doctor_install_check_standin(d);
	doctor_install_check_modules(d);
	doctor_install_check_audit(d);
	doctor_install_check_writers(d);
}
