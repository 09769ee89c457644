/* SPDX-License-Identifier: BSD-2-Clause */
/* place_files.c - says in plain words what a file system changes for Gate. */
#include <stdio.h>
#include <string.h>

#include "doctor/place.h"

/* File systems that change something, by the beginning of their name. */
static const struct place_kind {
	const char *type;
	enum health health;
	const char *text;
} kinds[] = {
	{"nfs", HEALTH_WARN, "a network file system: Gate does not see what other machines do to these files"},
	{"cifs", HEALTH_WARN, "a network file system: Gate does not see what other machines do to these files"},
	{"smb3", HEALTH_WARN, "a network file system: Gate does not see what other machines do to these files"},
	{"ceph", HEALTH_WARN, "a network file system: Gate does not see what other machines do to these files"},
	{"fuse.sshfs", HEALTH_WARN, "files of another machine: Gate does not see what happens to them there"},
	{"fuse", HEALTH_OK, "a program serves these files, and decides what is possible with them"},
	{"virtiofs", HEALTH_OK, "files of the host: Gate does not see what happens to them there"},
	{"9p", HEALTH_OK, "files of the host: Gate does not see what happens to them there"},
	{"overlay", HEALTH_OK, "a file of a lower layer is copied at its first change: Gate keeps it as an old file"},
	{"tmpfs", HEALTH_WARN, "in memory: these files, and what Gate keeps of them, are gone when it is unmounted"},
	{"ramfs", HEALTH_WARN, "in memory: these files, and what Gate keeps of them, are gone when it is unmounted"},
	{"vfat", HEALTH_WARN, "without owners and modes, which undo can't restore"},
	{"exfat", HEALTH_WARN, "without owners and modes, which undo can't restore"},
};

struct place_list {
	struct place_line *v;
	size_t n;
};

static struct place_line *place_files_add(struct place_list *l, enum health health, const char *check, const char *text)
{
	struct place_line *line = &l->v[l->n++];
	*line = (struct place_line){.health = health, .check = check};
	snprintf(line->text, sizeof line->text, "%s", text);
	return line;
}

/* drvfs shows itself as 9p in WSL 2. */
static bool place_files_are_windows(const struct place_files *f)
{
	return f->type && (!strcmp(f->type, "drvfs") ||
			   (!strcmp(f->type, "9p") && f->options && strstr(f->options, "aname=drvfs")));
}

static const struct place_kind *place_files_kind(const struct place_files *f)
{
	static const struct place_kind windows = {"", HEALTH_WARN,
						  "files of Windows: Gate does not see what programs do to them there"};
	if (place_files_are_windows(f))
		return &windows;
	for (size_t i = 0; f->type && i < sizeof kinds / sizeof *kinds; i++)
		if (!strncmp(f->type, kinds[i].type, strlen(kinds[i].type)))
			return &kinds[i];
	return NULL;
}

static void place_files_workspace(const struct place_files *f, struct place_list *l)
{
	const struct place_kind *kind = place_files_kind(f);
	struct place_line *line = place_files_add(l, kind ? kind->health : HEALTH_OK, "workspace", "");
	bool idmapped = f->options && strstr(f->options, "idmapped");
	snprintf(line->text, sizeof line->text, "on %s%s%s%s",
		 f->type ? f->type : "a file system without a name in /proc", kind ? ", " : "", kind ? kind->text : "",
		 idmapped ? "; idmapped: undo restores owners as this mount shows them" : "");
	if (place_files_are_windows(f))
		line->todo = "work in the distribution's own file system";
}

static void place_files_store(const struct place_files *f, struct place_list *l)
{
	if (f->same_mount)
		place_files_add(l, HEALTH_OK, "store", "on the workspace's mount: a removed file is moved there");
	else
		snprintf(place_files_add(l, HEALTH_WARN, "store", "")->text, sizeof l->v->text,
			 "on %s, another mount than the workspace's: a removed file is copied there",
			 f->store_type ? f->store_type : "another file system");
	if (!f->links)
		place_files_add(l, HEALTH_WARN, "links",
				"not on this file system: Gate copies a file before another one replaces it");
	if (f->clones)
		place_files_add(l, HEALTH_OK, "clones", "Gate clones an overwritten file, whatever its size");
	else
		place_files_add(l, HEALTH_OK, "clones",
				"not on this file system: Gate copies an overwritten file, up to max= of gate_keep");
	if (!f->temporary)
		place_files_add(l, HEALTH_OK, "O_TMPFILE",
				"not on this file system: a program's temporary file has a name, which it removes");
}

size_t place_of_files(const struct place_files *f, struct place_line out[PLACE_LINES])
{
	struct place_list l = {.v = out};
	place_files_workspace(f, &l);
	if (f->store)
		place_files_store(f, &l);
	if (f->births)
		place_files_add(&l, HEALTH_OK, "birth times", "a session may delete what it created, unasked");
	else
		place_files_add(
			&l, HEALTH_WARN, "birth times",
			"not on this file system: Gate keeps or asks about what a session created, like the rest");
	return l.n;
}
