/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_network.c - writes a principal's network fields as lines of gate_listfile(8) and a rule of gate.rules(5). */
#include "principal/principal_network.h"

#include <stdlib.h>
#include <string.h>

#include "address/dest_list.h"
#include "base/paths.h"

static void network_ignore(enum diag_level level, const char *text, void *data)
{
}

/* Where the ports begin, or n: after the last colon of a name, or after "]:". */
static size_t network_host_end(const char *s, size_t n)
{
	const char *bracket = *s == '[' ? memchr(s, ']', n) : NULL;
	if (bracket)
		return (size_t)(bracket + 1 - s);
	const char *colon = memchr(s, ':', n);
	bool one = colon && !memchr(colon + 1, ':', n - (size_t)(colon + 1 - s));
	return one && *s != '/' && *s != '@' ? (size_t)(colon - s) : n;
}

bool principal_network_line(const char *word, size_t n, struct strbuf *out)
{
	cleanup_strbuf struct strbuf line = {0};
	struct diag d = {.emit = network_ignore};
	struct dest_list *list = NULL;
	size_t host = network_host_end(word, n);
	bool bracket = *word == '[' && host > 2 && word[host - 1] == ']';
	if (host < n && (word[host] != ':' || host + 1 == n))
		return false;
	strbuf_put(&line, word + bracket, host - 2 * bracket);
	for (size_t i = host; i < n; i++)
		strbuf_putc(&line, word[i] == ':' || word[i] == ',' ? ' ' : word[i]);
	strbuf_putc(&line, '\n');
	struct source src = {.name = "network-allow", .text = line.s ? line.s : "", .len = line.len};
	bool good = !line.err && !dest_list_parse(&src, &d, &list) && !d.errors;
	dest_list_free(list);
	if (good)
		strbuf_put(out, line.s, line.len);
	return good;
}

void principal_network_list(const struct principal *p, struct strbuf *out)
{
	strbuf_printf(out, "# network-allow of the principal %s\n", p->name);
	for (size_t i = 0; p->allow && p->allow[i]; i++)
		principal_network_line(p->allow[i], strlen(p->allow[i]), out);
}

/* A name that the glob matches: the pack's `hit`. */
static void network_put_example(const char *glob, struct strbuf *out)
{
	for (; *glob; glob++)
		if (*glob == '*')
			strbuf_puts(out, "any");
		else
			strbuf_putc(out, *glob);
}

/* Is it the path of a socket, without anything that a glob or a field would take for something else? */
static bool network_is_path(const char *s)
{
	return s && *s == '/' && !s[strcspn(s, " \t\r\n*?[]\\")];
}

/* The agents that sign in the person's name, and the connections that the person's ssh shares: with one, nobody signs again. */
static void network_put_agents(const struct principal *p, struct strbuf *out)
{
	char buf[GATE_HOME_SIZE];
	const char *mine = getenv("SSH_AUTH_SOCK"), *home = gate_home(buf, sizeof buf);
	strbuf_puts(out,
		    "\nrule: principal.key-agents\non: connect\n"
		    "socket: /tmp/ssh-*/agent.* /run/user/*/keyring/** /run/user/*/gcr/** /run/user/*/ssh-agent*\n"
		    "socket: /run/user/*/openssh_agent /run/user/*/gnupg/** S.gpg-agent* agent.sock\n");
	if (network_is_path(mine))
		strbuf_printf(out, "socket: %s\n", mine);
	if (network_is_path(home))
		strbuf_printf(out, "socket: %s/.ssh/\n", home);
	strbuf_printf(out,
		      "action: deny\nseverity: critical\n"
		      "reason: signs in the name of the person; the principal %s has its own keys\n"
		      "hit: /run/user/1000/gnupg/S.gpg-agent\n"
		      "miss: /run/user/1000/bus\n",
		      p->name);
}

static void network_put_hosts(const struct principal *p, struct strbuf *out)
{
	strbuf_puts(out, "rule: principal.deny\non: connect\n");
	for (size_t i = 0; p->deny[i]; i++)
		strbuf_printf(out, "host: %s\n", p->deny[i]);
	strbuf_printf(out, "action: deny\nseverity: critical\nreason: the principal %s may not connect there\n",
		      p->name);
	for (size_t i = 0; p->deny[i]; i++) {
		strbuf_puts(out, "hit: ");
		network_put_example(p->deny[i], out);
		strbuf_puts(out, ":443\n");
	}
	strbuf_puts(out, "miss: 192.0.2.1:443\n"); /* TEST-NET-1, RFC 5737: nobody's */
}

void principal_network_rules(const struct principal *p, struct strbuf *out)
{
	if (p->deny)
		network_put_hosts(p, out);
	network_put_agents(p, out);
}
