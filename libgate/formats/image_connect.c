/* SPDX-License-Identifier: BSD-2-Clause */
/* image_connect.c - decides from the policy image (image.h) whether a rule could match a connection. */
#include "formats/image.h"

#include <sys/socket.h>

/* The connection to match. */
struct view {
	const struct gate_image_head *head;
	const struct gate_dest *d;
	const char *path;
	const char (*names)[GATE_HOST_MAX];
	size_t n;
};

static const void *image_connect_table(const struct gate_image_head *head, struct gate_image_table t)
{
	return (const char *)head + t.at;
}

static const char *image_connect_word(const struct gate_image_head *head, uint32_t i)
{
	return (const char *)head + ((const uint32_t *)image_connect_table(head, head->words))[i];
}

/* A name that is not ASCII has another form to compare, which only the engine computes. */
static bool image_connect_is_ascii(const char *name)
{
	while (*name && !(*name & 0x80))
		name++;
	return !*name;
}

static bool image_connect_host_matches(const struct view *v, struct gate_image_span hosts, const char *name)
{
	struct gate_choosing c = {0};
	if (name && !image_connect_is_ascii(name))
		return true;
	for (uint32_t i = hosts.first; i < hosts.first + hosts.n; i++)
		gate_choose_host(&c, image_connect_word(v->head, i), name);
	return gate_chosen(&c);
}

/* One of the names is enough. */
static bool image_connect_hosts_match(const struct view *v, struct gate_image_span hosts)
{
	if (!hosts.n || !v->n)
		return !hosts.n || image_connect_host_matches(v, hosts, NULL);
	for (size_t i = 0; i < v->n; i++)
		if (image_connect_host_matches(v, hosts, v->names[i]))
			return true;
	return false;
}

static bool image_connect_rule_matches(const struct view *v, const struct gate_image_connect *r)
{
	if (v->d->family == AF_UNIX) {
		struct gate_choosing c = {0};
		for (uint32_t i = r->sockets.first; i < r->sockets.first + r->sockets.n; i++)
			gate_choose_path(&c, image_connect_word(v->head, i), v->path);
		return !r->hosts.n && !r->nets.n && !r->ports.n && gate_chosen(&c);
	}
	const struct gate_net *nets = image_connect_table(v->head, v->head->nets);
	const struct gate_ports *ports = image_connect_table(v->head, v->head->ports);
	return !r->sockets.n && gate_nets_match(nets + r->nets.first, r->nets.n, v->d->ip) &&
	       gate_ports_match(ports + r->ports.first, r->ports.n, v->d->port) &&
	       image_connect_hosts_match(v, r->hosts);
}

bool gate_image_concerns_connect(const void *map, const struct gate_dest *d, const char *path,
				 const char names[][GATE_HOST_MAX], size_t n)
{
	const struct view v = {.head = map, .d = d, .path = path, .names = names, .n = n};
	const struct gate_image_connect *rules = image_connect_table(v.head, v.head->connect);
	for (uint32_t i = 0; i < v.head->connect.n; i++)
		if (image_connect_rule_matches(&v, &rules[i]))
			return true;
	return false;
}
