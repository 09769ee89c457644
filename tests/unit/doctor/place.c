/* SPDX-License-Identifier: BSD-2-Clause */
/* place.c - what gatesh doctor says about containers, WSL and file systems, from facts as real ones give them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "doctor/place.h"

#define MICROSOFT "Linux version 5.15.167.4-microsoft-standard-WSL2 (root@f9c826d3017f) (gcc (GCC) 11.2.0) #1 SMP"
#define WSL1 "Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc version 5.4.0) #1237-Microsoft"
#define DEBIAN "Linux version 6.1.0-37-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0)"

static void begins(const char *text, const char *with)
{
	if (strncmp(text, with, strlen(with)) != 0)
		fail_msg("\"%s\" does not begin with \"%s\"", text, with);
}

static void machine(const struct place_clues c, size_t lines, enum health health, const char *begin)
{
	struct place_line l[PLACE_LINES];
	assert_int_equal(place_of_machine(&c, l), lines);
	assert_string_equal(l[0].check, "place");
	assert_int_equal(l[0].health, health);
	begins(l[0].text, begin);
}

static void no_mark_is_said(void **state)
{
	machine((struct place_clues){0}, 1, HEALTH_OK, "no mark of a container");
	machine((struct place_clues){.cgroups = "0::/init.scope\n", .version = DEBIAN}, 1, HEALTH_OK, "no mark");
	machine((struct place_clues){.container = "", .cgroups = "0::/\n"}, 1, HEALTH_OK, "no mark");
}

static void containers_are_named(void **state)
{
	machine((struct place_clues){.dockerenv = true, .cgroups = "0::/\n", .version = DEBIAN}, 1, HEALTH_OK,
		"Docker: ");
	machine((struct place_clues){.cgroups = "11:pids:/docker/3f2ab0\n"}, 1, HEALTH_OK, "Docker: ");
	machine((struct place_clues){.containerenv = true, .container = "podman"}, 1, HEALTH_OK, "Podman: ");
	machine((struct place_clues){.container = "oci"}, 1, HEALTH_OK, "Podman: ");
	machine((struct place_clues){.container = "lxc", .cgroups = "0::/.lxc\n"}, 1, HEALTH_OK, "LXC: ");
	machine((struct place_clues){.cgroups = "4:cpu:/lxc/web\n"}, 1, HEALTH_OK, "LXC: ");
	machine((struct place_clues){.container = "systemd-nspawn"}, 1, HEALTH_OK, "systemd-nspawn: ");
	machine((struct place_clues){.dockerenv = true, .cgroups = "0::/kubepods/besteffort/pod1\n"}, 1, HEALTH_OK,
		"a Kubernetes pod: ");
	machine((struct place_clues){.container = "rkt"}, 1, HEALTH_OK, "a container: ");
}

/* A virtual machine's disk may have been made from a container's image. */
static void marks_in_an_image_are_none(void **state)
{
	machine((struct place_clues){.dockerenv = true, .containerenv = true, .machines_pids = true}, 1, HEALTH_OK,
		"no mark");
	machine((struct place_clues){.machines_pids = true, .cgroups = "1:cpu:/docker/3f2ab0\n"}, 1, HEALTH_OK,
		"Docker: ");
}

static void the_name_goes_before_the_files(void **state)
{
	machine((struct place_clues){.dockerenv = true, .container = "lxc"}, 1, HEALTH_OK, "LXC: ");
}

static void wsl_is_named(void **state)
{
	struct place_line l[PLACE_LINES];
	machine((struct place_clues){.version = MICROSOFT}, 1, HEALTH_OPEN, "WSL 2: ");
	machine((struct place_clues){.version = MICROSOFT, .container = "wsl"}, 1, HEALTH_OPEN, "WSL 2: ");
	machine((struct place_clues){.version = WSL1}, 1, HEALTH_WARN, "WSL 1: ");
	machine((struct place_clues){.version = MICROSOFT, .dockerenv = true}, 2, HEALTH_OK, "Docker: ");
	place_of_machine(&(struct place_clues){.version = MICROSOFT, .dockerenv = true}, l);
	begins(l[1].text, "WSL 2: ");
}

/* A file system that can do everything. */
static struct place_files whole(const char *type, const char *options)
{
	return (struct place_files){.type = type,
				    .options = options,
				    .births = true,
				    .store = true,
				    .same_mount = true,
				    .links = true,
				    .clones = true,
				    .temporary = true};
}

/* The line of a check, or NULL. */
static const struct place_line *line(const struct place_files f, const char *check)
{
	static struct place_line l[PLACE_LINES];
	size_t n = place_of_files(&f, l);
	assert_in_range(n, 1, PLACE_LINES);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(l[i].check, check))
			return &l[i];
	return NULL;
}

static void workspace(const char *type, const char *options, enum health health, const char *begin)
{
	const struct place_line *l = line(whole(type, options), "workspace");
	assert_int_equal(l->health, health);
	begins(l->text, begin);
}

static void file_systems_are_named(void **state)
{
	workspace("ext4", "rw,relatime,rw", HEALTH_OK, "on ext4");
	assert_string_equal(line(whole("btrfs", "rw"), "workspace")->text, "on btrfs");
	workspace("nfs4", "rw,vers=4.2", HEALTH_WARN, "on nfs4, a network file system: ");
	workspace("fuse.sshfs", "rw,user_id=0", HEALTH_WARN, "on fuse.sshfs, files of another machine: ");
	workspace("fuse.rclone", "rw", HEALTH_OK, "on fuse.rclone, a program serves these files");
	workspace("overlay", "rw,lowerdir=/l", HEALTH_OK, "on overlay, a file of a lower layer is copied");
	workspace("tmpfs", "rw", HEALTH_WARN, "on tmpfs, in memory: ");
	workspace("9p", "rw,trans=virtio", HEALTH_OK, "on 9p, files of the host: ");
	workspace("9p", "rw,aname=drvfs;path=C:\\", HEALTH_WARN, "on 9p, files of Windows: ");
	workspace("drvfs", NULL, HEALTH_WARN, "on drvfs, files of Windows: ");
	workspace(NULL, NULL, HEALTH_OK, "on a file system without a name");
	assert_non_null(
		strstr(line(whole("ext4", "rw,idmapped,rw"), "workspace")->text, "idmapped: undo restores owners"));
}

static void what_is_missing_is_said(void **state)
{
	struct place_files f = whole("vfat", "rw");
	assert_null(line(f, "links"));
	assert_null(line(f, "O_TMPFILE"));
	begins(line(f, "clones")->text, "Gate clones");
	begins(line(f, "birth times")->text, "a session may delete");
	f.links = f.clones = f.temporary = f.births = false;
	assert_int_equal(line(f, "links")->health, HEALTH_WARN);
	begins(line(f, "clones")->text, "not on this file system: Gate copies an overwritten file");
	begins(line(f, "O_TMPFILE")->text, "not on this file system");
	assert_int_equal(line(f, "birth times")->health, HEALTH_WARN);
}

static void the_store_is_beside_or_elsewhere(void **state)
{
	struct place_files f = whole("ext4", "rw");
	begins(line(f, "store")->text, "on the workspace's mount: a removed file is moved");
	f.same_mount = false, f.store_type = "xfs";
	begins(line(f, "store")->text, "on xfs, another mount than the workspace's: a removed file is copied");
	f.store = false;
	assert_null(line(f, "store"));
	assert_null(line(f, "clones")); /* nothing was tried */
	assert_non_null(line(f, "birth times"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_mark_is_said),
		cmocka_unit_test(containers_are_named),
		cmocka_unit_test(marks_in_an_image_are_none),
		cmocka_unit_test(the_name_goes_before_the_files),
		cmocka_unit_test(wsl_is_named),
		cmocka_unit_test(file_systems_are_named),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(the_store_is_beside_or_elsewhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
