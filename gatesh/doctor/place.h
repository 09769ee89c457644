/* SPDX-License-Identifier: BSD-2-Clause */
/* place.h - the place that Gate runs in, from facts to lines for people.  Pure: reads no file and makes no system call.
 * doctor_place.c and doctor_files.c collect the facts. */
#ifndef GATESH_DOCTOR_PLACE_H
#define GATESH_DOCTOR_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "doctor/doctor.h"

/* The machine's own words about itself.  A text is NULL where it is absent or can't be read. */
struct place_clues {
	bool dockerenv;        /* /.dockerenv is there: Docker makes it */
	bool containerenv;     /* /run/.containerenv is there: Podman makes it */
	bool machines_pids;    /* the machine's own pid namespace: these two files were left in an image */
	const char *container; /* container= of process 1, or /run/systemd/container: systemd's CONTAINER_INTERFACE */
	const char *cgroups;   /* /proc/1/cgroup */
	const char *version;   /* /proc/version */
};

/* The workspace's file system: its own words about itself, and its abilities. */
struct place_files {
	const char *type;    /* as /proc/self/mountinfo has it: ext4, nfs4, fuse.sshfs; NULL: unknown */
	const char *options; /* of the mount, then those of the file system; NULL: unknown */
	bool births;
	const char *store_type;        /* the store's file system; NULL: unknown */
	bool store;                    /* there is a store; the rest was tried in it */
	bool same_mount;               /* it is on the workspace's mount */
	bool links, clones, temporary; /* link(2), FICLONE, O_TMPFILE */
};

struct place_line {
	enum health health;
	const char *check; /* static storage */
	const char *todo;  /* static storage, or NULL */
	char text[512];
};

enum { PLACE_LINES = 8 };

/* Where does this run: on a machine of its own, in a container, in WSL?  A container in WSL has two lines.  Returns their
 * number, at least 1.  place.c. */
size_t place_of_machine(const struct place_clues *c, struct place_line out[PLACE_LINES]);

/* The workspace's file system, then what it and the store can do that changes something for Gate.  Returns the number of
 * lines, at least 1.  place_files.c. */
size_t place_of_files(const struct place_files *f, struct place_line out[PLACE_LINES]);

#endif
