/* SPDX-License-Identifier: BSD-2-Clause */
/* place.c - knows containers and WSL by their marks, and says what each changes. */
#include "doctor/place.h"

#include <stdio.h>
#include <string.h>

enum place_container { PLACE_NONE, PLACE_DOCKER, PLACE_PODMAN, PLACE_LXC, PLACE_NSPAWN, PLACE_KUBERNETES, PLACE_OTHER };

static const struct place_words {
	const char *name, *text;
} containers[] = {
	[PLACE_DOCKER] = {"Docker",
			  "what Gate keeps and logs goes with the container unless HOME is on a volume; "
			  "`docker exec -it CONTAINER gatesh answer` answers from outside"},
	[PLACE_PODMAN] = {"Podman",
			  "what Gate keeps and logs goes with the container unless HOME is on a volume; "
			  "`podman exec -it CONTAINER gatesh answer` answers from outside"},
	[PLACE_LXC] = {"LXC",
		       "the container's manager may listen to its system calls already, see seam; "
		       "`lxc-attach -n NAME -- gatesh answer` answers from outside"},
	[PLACE_NSPAWN] = {"systemd-nspawn", "`machinectl shell NAME` leads to a terminal that can answer"},
	[PLACE_KUBERNETES] = {"a Kubernetes pod",
			      "what Gate keeps and logs goes with the pod unless HOME is on a volume; "
			      "`kubectl exec -it POD -- gatesh answer` answers from outside"},
	[PLACE_OTHER] = {"a container", "what Gate keeps and logs goes with it unless HOME is outside of it"},
};

static bool place_has(const char *text, const char *word)
{
	return text && strstr(text, word);
}

static bool place_is(const char *text, const char *word)
{
	return text && !strcmp(text, word);
}

/* The name that the container gives itself goes before the files: a container in a container sees the outer one's. */
static enum place_container place_container(const struct place_clues *c)
{
	if (c->container && !place_is(c->container, "wsl")) {
		if (place_is(c->container, "docker"))
			return PLACE_DOCKER;
		if (place_is(c->container, "podman") || place_is(c->container, "oci"))
			return PLACE_PODMAN;
		if (!strncmp(c->container, "lxc", 3))
			return PLACE_LXC;
		if (place_is(c->container, "systemd-nspawn"))
			return PLACE_NSPAWN;
		return *c->container ? PLACE_OTHER : PLACE_NONE;
	}
	if (place_has(c->cgroups, "/kubepods"))
		return PLACE_KUBERNETES;
	if ((c->containerenv && !c->machines_pids) || place_has(c->cgroups, "/libpod-"))
		return PLACE_PODMAN;
	if ((c->dockerenv && !c->machines_pids) || place_has(c->cgroups, "/docker/") ||
	    place_has(c->cgroups, "/docker-"))
		return PLACE_DOCKER;
	if (place_has(c->cgroups, "/lxc/") || place_has(c->cgroups, "/lxc.payload"))
		return PLACE_LXC;
	return PLACE_NONE;
}

/* WSL 1 translates system calls and calls itself "Microsoft"; WSL 2 is a kernel, "microsoft-standard-WSL2". */
static void place_wsl(const struct place_clues *c, struct place_line *l)
{
	if (place_has(c->version, "Microsoft"))
		*l = (struct place_line){HEALTH_WARN, "place", "wsl --set-version DISTRIBUTION 2",
					 "WSL 1: not a Linux kernel, so there may be no seam"};
	else
		*l = (struct place_line){
			HEALTH_OPEN, "place", "[interop] enabled=false in /etc/wsl.conf",
			"WSL 2: a Windows program that a session starts is judged by its command line, "
			"and then runs outside, unseen"};
}

size_t place_of_machine(const struct place_clues *c, struct place_line out[PLACE_LINES])
{
	enum place_container in = place_container(c);
	size_t n = 0;
	if (in != PLACE_NONE) {
		out[n] = (struct place_line){.health = HEALTH_OK, .check = "place"};
		snprintf(out[n].text, sizeof out[n].text, "%s: %s", containers[in].name, containers[in].text);
		n++;
	}
	if (place_has(c->version, "microsoft") || place_has(c->version, "Microsoft"))
		place_wsl(c, &out[n++]);
	if (n)
		return n;
	out[0] = (struct place_line){.health = HEALTH_OK, .check = "place", .text = "no mark of a container or of WSL"};
	return 1;
}
