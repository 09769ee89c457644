/* SPDX-License-Identifier: BSD-2-Clause */
/* said_example.c - reads the hits and misses of rules on statement and request. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules_internal.h"

static const char no_statement[] = "is not a statement: \"postgresql [host=NAME] [database=NAME] [rows=N]: STATEMENT\"";
static const char no_request[] = "is not a request: \"DELETE api.example.com/v1/users/3 [BODY]\"";

/* The connection goes to an address for documentation (RFC 5737). */
static void said_example_connect(struct said_example *e, const char *host, unsigned port)
{
	e->hosts[0] = host;
	e->address = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(0xc0000201)};
	e->event.address = (const struct sockaddr *)&e->address;
	e->event.address_len = sizeof e->address;
	e->event.hosts = host ? e->hosts : NULL;
	e->event.socket_type = SOCK_STREAM;
}

/* One word before the colon.  Returns false if it is not one. */
static bool said_example_term(struct said_example *e, char *word, const char **host, unsigned *port)
{
	char *value = strchr(word, '='), *end;
	if (!value)
		return false;
	*value++ = '\0';
	if (!strcmp(word, "host"))
		*host = value;
	else if (!strcmp(word, "database"))
		e->event.database = value;
	else if (!strcmp(word, "program"))
		e->event.exe = value;
	else if (!strcmp(word, "port"))
		*port = (unsigned)strtoul(value, &end, 10);
	else if (!strcmp(word, "rows"))
		e->event.rows = strtoull(value, &end, 10), e->event.text_flags |= GATE_TEXT_ROWS;
	else
		return false;
	return true;
}

static const char *said_example_statement(struct said_example *e)
{
	static const unsigned ports[] = {5432, 3306, 0, 6379, 27017};
	char *colon = strstr(e->copy, ": "), *rest = e->copy;
	const char *host = NULL;
	if (!colon)
		return no_statement;
	*colon = '\0';
	e->event.engine = strsep(&rest, " ");
	int engine = effect_engine_of(e->event.engine);
	unsigned port = engine < 0 ? 0 : ports[engine];
	if (engine < 0)
		return no_statement;
	for (char *word; (word = strsep(&rest, " "));)
		if (!said_example_term(e, word, &host, &port))
			return no_statement;
	e->event.text = colon + 2;
	e->event.text_len = strlen(colon + 2);
	if (port)
		said_example_connect(e, host, port);
	return NULL;
}

/* A request of git's is known by its operations. */
static bool said_example_is_git(const char *target)
{
	size_t n = strlen(target), tail = sizeof "/git-receive-pack" - 1;
	return n > tail &&
	       (!strcmp(target + n - tail, "/git-receive-pack") || !strcmp(target + n - tail + 1, "/git-upload-pack"));
}

static const char *said_example_request(struct said_example *e, size_t size)
{
	char *rest = e->copy, *program = strstr(rest, ": "), *end;
	if (program && program < rest + strcspn(rest, " ")) {
		*program = '\0';
		e->event.exe = rest;
		rest = program + 2;
	}
	e->event.method = strsep(&rest, " ");
	char *url = strsep(&rest, " "), *slash = url ? strchr(url, '/') : NULL;
	if (!slash || slash == url)
		return no_request;
	e->event.target = strcpy(e->copy + size, slash); /* behind the text */
	*slash = '\0';
	char *colon = strchr(url, ':');
	unsigned port = colon ? (unsigned)strtoul(colon + 1, &end, 10) : 443;
	if (colon)
		*colon = '\0';
	e->event.text = rest;
	e->event.text_len = rest ? strlen(rest) : 0;
	e->event.text_flags = said_example_is_git(e->event.target) ? GATE_TEXT_OPERATIONS : 0;
	said_example_connect(e, url, port);
	return NULL;
}

const char *said_example_read(struct said_example *e, enum gate_event_type type, const char *text)
{
	*e = (struct said_example){.event = {.struct_size = sizeof(struct gate_event), .type = type}};
	size_t n = strlen(text) + 1;
	e->copy = calloc(2, n);
	if (!e->copy)
		return "needs more memory than there is";
	memcpy(e->copy, text, n);
	return type == GATE_EVENT_REQUEST ? said_example_request(e, n) : said_example_statement(e);
}

void said_example_free(struct said_example *e)
{
	free(e->copy);
	e->copy = NULL;
}
