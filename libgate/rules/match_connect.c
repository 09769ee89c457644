/* SPDX-License-Identifier: BSD-2-Clause */
/* match_connect.c - connect rules: parses host, net, port and socket, and matches them against a destination. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules_internal.h"

#define ERROR(p, v, at, ...) PACK_ERROR(p, (v).line, (v).col + (unsigned)(at), __VA_ARGS__)

/* Report -EINVAL as an error at the word. */
static int match_connect_told(struct pack *p, struct value word, int err, const struct word_fault *f)
{
	if (err != -EINVAL)
		return err;
	ERROR(p, word, f->at, "%s", f->what);
	return 0;
}

int rules_set_host(struct pack *p, const struct field *f, struct value v)
{
	char name[GATE_HOST_MAX + 1] = "!";
	struct value word;
	struct word_fault fault;
	int r = 0;
	while (!r && value_word(&v, &word)) {
		bool negated = *word.s == '!';
		const char *bad = memchr(word.s, ':', word.n) ?: memchr(word.s, '/', word.n);
		if (bad) {
			ERROR(p, word, bad - word.s, "a host is a name or a glob: put addresses in net, ports in port");
			continue;
		}
		r = destination_host(word.s + negated, word.n - negated, name + 1, &fault);
		struct value kept = {name + !negated, strlen(name + !negated), word.line, word.col};
		r = r ? match_connect_told(p, word, r, &fault) : rules_append_word(&p->rule->hosts, kept, false);
	}
	return r;
}

int rules_set_net(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	struct word_fault fault;
	int r = 0;
	while (!r && value_word(&v, &word))
		r = match_connect_told(
			p, word, destination_add_net(word.s, word.n, &p->rule->nets, &p->rule->nnets, &fault), &fault);
	return r;
}

int rules_set_port(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	struct word_fault fault;
	int r = 0;
	while (!r && value_word(&v, &word))
		r = match_connect_told(p, word,
				       destination_add_ports(word.s, word.n, &p->rule->ports, &p->rule->nports, &fault),
				       &fault);
	return r;
}

int rules_set_socket(struct pack *p, const struct field *f, struct value v)
{
	struct value word;
	int r = 0;
	while (!r && value_word(&v, &word)) {
		bool negated = *word.s == '!';
		if (word.n > negated && word.s[negated] == '~')
			ERROR(p, word, negated,
			      "a socket is a path, \"@name\" if it is abstract, or a name in any directory");
		else
			r = rules_append_word(&p->rule->sockets, word, false);
	}
	return r;
}

static bool match_connect_host_matches(const struct rule *r, const char *name)
{
	struct gate_choosing c = {0};
	for (char **w = r->hosts; *w; w++)
		gate_choose_host(&c, *w, name);
	return gate_chosen(&c);
}

/* To ask or deny, one matching name is enough; to allow, every name must match. */
static bool match_connect_hosts_match(const struct rule *r, const struct destination *d)
{
	bool all = r->action == GATE_ACTION_ALLOW;
	if (!r->hosts || !d->n)
		return !r->hosts || match_connect_host_matches(r, NULL);
	for (size_t i = 0; i < d->n; i++)
		if (match_connect_host_matches(r, d->names[i]) != all)
			return !all;
	return all;
}

static bool match_connect_socket_matches(const struct rule *r, const char *path)
{
	struct gate_choosing c = {0};
	for (char **w = r->sockets; w && *w; w++)
		gate_choose_path(&c, *w, path);
	return !r->hosts && !r->nnets && !r->nports && gate_chosen(&c);
}

bool rule_matches_connect(const struct rule *r, const struct destination *d)
{
	if (!(r->events & 1u << GATE_EVENT_CONNECT))
		return false;
	if (r->programs && (!d->program || !rule_has_program(r, d->program)))
		return false;
	return rule_matches_destination(r, d);
}

bool rule_matches_destination(const struct rule *r, const struct destination *d)
{
	if (d->path)
		return match_connect_socket_matches(r, d->path);
	return !r->sockets && gate_nets_match(r->nets, r->nnets, d->dest.ip) &&
	       gate_ports_match(r->ports, r->nports, d->dest.port) && match_connect_hosts_match(r, d);
}

int ruleset_match_connect(const struct ruleset *rs, const struct destination *d,
			  int (*found)(const struct rule *r, void *data), void *data)
{
	int ret = 0;
	for (size_t i = 0; !ret && i < rs->n; i++)
		if (rule_matches_connect(rs->rules[i], d))
			ret = found(rs->rules[i], data);
	return ret;
}
