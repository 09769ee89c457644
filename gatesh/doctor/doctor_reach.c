/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_reach.c - checks for services that would act outside for a session, and for programs that the library can't
 * see into. */
#include "doctor/doctor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "util/program.h"

/* Is this a socket that the user may connect to? */
static bool doctor_reach_is_open_socket(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISSOCK(st.st_mode) && !access(path, W_OK);
}

static void doctor_reach_check_runtime_dir(struct doctor *d)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	struct stat st;
	if (!dir || !*dir)
		doctor_say(d, HEALTH_WARN, "XDG_RUNTIME_DIR", "log in through pam_systemd or elogind, or set it",
			   "not set: sessions use /run/user/%u or /tmp/gate-%u", getuid(), getuid());
	else if (stat(dir, &st) || !S_ISDIR(st.st_mode))
		doctor_say(d, HEALTH_WARN, "XDG_RUNTIME_DIR", NULL, "%s is not a directory: sessions use /tmp/gate-%u",
			   dir, getuid());
	else if (st.st_uid != getuid() || st.st_mode & 077)
		doctor_say(d, HEALTH_WARN, "XDG_RUNTIME_DIR", "make it yours, with mode 0700",
			   "%s: uid %u, mode %04o: others can access it", dir, st.st_uid, st.st_mode & 07777);
	else
		doctor_say(d, HEALTH_OK, "XDG_RUNTIME_DIR", NULL, "%s", dir);
}

static void doctor_reach_check_terminal(struct doctor *d)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		doctor_say(d, HEALTH_OK, "terminal", NULL, "gatesh can ask here");
	else
		doctor_say(d, HEALTH_WARN, "terminal",
			   "gatesh pending lists questions, gatesh allow and deny answer them",
			   "none here: questions need an answer from another terminal");
	if (fd >= 0)
		close(fd);
}

/* Does the directory have a socket that the user may connect to?  Puts its path into `found`. */
static bool doctor_reach_any_socket(const char *dir, char *found, size_t size)
{
	DIR *dp = opendir(dir);
	bool any = false;
	for (const struct dirent *e; dp && !any && (e = readdir(dp));)
		any = (size_t)snprintf(found, size, "%s/%s", dir, e->d_name) < size &&
		      doctor_reach_is_open_socket(found);
	if (dp)
		closedir(dp);
	return any;
}

static void doctor_reach_check_multiplexers(struct doctor *d)
{
	const char *tmpdir = getenv("TMUX_TMPDIR"), *user = getenv("USER"), *screens = getenv("SCREENDIR");
	char dir[PATH_MAX], found[PATH_MAX];
	static const char todo[] = "end it first, or run the agent under another uid";
	snprintf(dir, sizeof dir, "%s/tmux-%u", tmpdir && *tmpdir ? tmpdir : "/tmp", getuid());
	bool tmux = doctor_reach_any_socket(dir, found, sizeof found);
	if (tmux)
		doctor_say(d, HEALTH_OPEN, "tmux", todo, "its clients can type into any pane, even into a prompt (%s)",
			   found);
	if (screens && *screens)
		snprintf(dir, sizeof dir, "%s", screens);
	else
		snprintf(dir, sizeof dir, "/run/screen/S-%s", user ? user : "");
	bool screen = doctor_reach_any_socket(dir, found, sizeof found);
	if (screen)
		doctor_say(d, HEALTH_OPEN, "screen", todo,
			   "its clients can type into any window, even into a prompt (%s)", found);
	if (!tmux && !screen)
		doctor_say(d, HEALTH_OK, "tmux, screen", NULL, "no open socket");
}

static void doctor_reach_check_display(struct doctor *d)
{
	const char *display = getenv("DISPLAY");
	if (display && *display)
		doctor_say(d, HEALTH_OPEN, "X11", "unset DISPLAY for the session, or use Wayland",
			   "a client of display %s can type into any window, even into a prompt", display);
	else
		doctor_say(d, HEALTH_OK, "X11", NULL, "no DISPLAY");
}

/* Services that start programs for any client, outside the session and unwatched. */
static void doctor_reach_check_starters(struct doctor *d)
{
	const char *run = getenv("XDG_RUNTIME_DIR"), *bus = getenv("DBUS_SESSION_BUS_ADDRESS");
	static const struct {
		const char *check, *path, *what; /* path: relative to XDG_RUNTIME_DIR unless absolute */
	} sockets[] = {
		{"session bus", "bus", "it starts programs outside (systemd-run --user)"},
		{"systemd", "systemd/private", "it starts programs outside (systemd-run --user)"},
		{"docker", "/run/docker.sock", "its clients have root access here"},
		{"docker", "docker.sock", "it runs containers with your files, outside"},
		{"podman", "podman/podman.sock", "it runs containers with your files, outside"},
		{"podman", "/run/podman/podman.sock", "its clients have root access here"},
		{"containerd", "/run/containerd/containerd.sock", "its clients have root access here"},
	};
	unsigned open = 0;
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++) {
		bool absolute = *sockets[i].path == '/';
		if (!absolute && !(run && *run == '/'))
			continue;
		int n = snprintf(path, sizeof path, "%s%s%s", absolute ? "" : run, absolute ? "" : "/",
				 sockets[i].path);
		if (n < 0 || (size_t)n >= sizeof path || !doctor_reach_is_open_socket(path))
			continue;
		open++;
		doctor_say(d, HEALTH_OPEN, sockets[i].check, "run the agent under another uid",
			   "a session can reach %s: %s", path, sockets[i].what);
	}
	if (bus && !strncmp(bus, "unix:abstract=", 14) && !d->kernel.scopes) {
		open++;
		doctor_say(d, HEALTH_OPEN, "session bus", "Linux 6.12 or later",
			   "a session can reach its abstract socket");
	}
	if (!open)
		doctor_say(d, HEALTH_OK, "buses, docker", NULL, "no open socket to start programs outside");
}

void doctor_reach(struct doctor *d)
{
	doctor_reach_check_runtime_dir(d);
	doctor_reach_check_terminal(d);
	doctor_reach_check_multiplexers(d);
	doctor_reach_check_display(d);
	doctor_reach_check_starters(d);
}
