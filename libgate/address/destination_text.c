/* SPDX-License-Identifier: BSD-2-Clause */
/* destination_text.c - reads a destination as people write it in the examples of rules: "NAME ... ADDRESS:PORT". */
#include "address/destination.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The address of a name that is given without one: TEST-NET-1. */
#define EXAMPLE_ADDRESS "192.0.2.1"
enum { EXAMPLE_PORT = 443 };

/* Cut the port and its ':' off the word.  Returns the port, or -1 when it is not valid. */
static long destination_text_cut_port(char *word)
{
	char *bracket = strchr(word, ']'), *colon = strrchr(bracket ? bracket : word, ':'), *end;
	bool one = colon && (bracket || strchr(word, ':') == colon); /* a bare IPv6 address has no port */
	if (!one)
		return EXAMPLE_PORT;
	*colon = '\0';
	long port = strtol(colon + 1, &end, 10);
	return colon[1] < '0' || colon[1] > '9' || *end || port > UINT16_MAX ? -1 : port;
}

static bool destination_text_set_address(struct destination *d, char *word)
{
	size_t n = strlen(word);
	if (*word == '[' && n && word[n - 1] == ']') {
		word[n - 1] = '\0';
		word++;
	}
	memset(d->dest.ip, 0, sizeof d->dest.ip);
	if (inet_pton(AF_INET, word, d->dest.ip + 12) == 1) {
		d->dest.ip[10] = d->dest.ip[11] = 0xff;
		d->dest.family = AF_INET;
	} else if (inet_pton(AF_INET6, word, d->dest.ip) == 1) {
		d->dest.family = AF_INET6;
	} else {
		return false;
	}
	return inet_ntop(d->dest.family, d->dest.ip + (d->dest.family == AF_INET ? 12 : 0), d->address,
			 sizeof d->address);
}

static int destination_text_add_name(struct destination *d, const char *word)
{
	struct word_fault f;
	char(*grown)[GATE_HOST_MAX] = reallocarray(d->names, d->n + 1, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	d->names = grown;
	return destination_host(word, strlen(word), d->names[d->n++], &f);
}

static int destination_text_read_words(struct destination *d, char *text)
{
	char address[] = EXAMPLE_ADDRESS, *rest;
	long port = EXAMPLE_PORT;
	bool there = false;
	int err = 0;
	for (char *w = strtok_r(text, " ", &rest); w && !err; w = strtok_r(NULL, " ", &rest)) {
		if (there || port < 0)
			return -EINVAL; /* the address must come last */
		port = destination_text_cut_port(w);
		there = destination_text_set_address(d, w);
		err = there ? 0 : destination_text_add_name(d, w);
	}
	if (!there)
		destination_text_set_address(d, address);
	d->dest.port = (uint16_t)port;
	return err ? err : port < 0 || (!there && !d->n) ? -EINVAL : 0;
}

int destination_parse(const char *text, struct destination *d)
{
	*d = (struct destination){.protocol = "tcp"};
	if (*text == '/' || *text == '@') {
		d->dest.family = AF_UNIX;
		d->path = text;
		d->protocol = "unix";
		return 0;
	}
	char *copy = strdup(text);
	int err = copy ? destination_text_read_words(d, copy) : -ENOMEM;
	free(copy);
	return err;
}
