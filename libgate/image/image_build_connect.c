/* SPDX-License-Identifier: BSD-2-Clause */
/* image_build_connect.c - puts the connect rules that ask or deny into the policy image, for every program. */
#include <string.h>

#include "base/strbuf.h"
#include "formats/image.h"
#include "image/image_build.h"

static struct gate_image_span build_connect_put_words(struct image_connect *c, char *const *list)
{
	struct gate_image_span span = {(uint32_t)(c->words->len / sizeof(uint32_t)), 0};
	for (; list && *list; list++, span.n++) {
		uint32_t at = (uint32_t)c->text->len; /* relocated with all the others */
		strbuf_put(c->words, (const char *)&at, sizeof at);
		strbuf_put(c->text, *list, strlen(*list) + 1);
	}
	return span;
}

static struct gate_image_span build_connect_put_entries(struct strbuf *b, const void *v, size_t n, size_t size)
{
	struct gate_image_span span = {(uint32_t)(b->len / size), (uint32_t)n};
	if (n)
		strbuf_put(b, v, n * size);
	return span;
}

void image_connect_add(struct image_connect *c, const struct rule *r)
{
	if (!(r->events & 1u << GATE_EVENT_CONNECT) || (r->action != GATE_ACTION_ASK && r->action != GATE_ACTION_DENY))
		return;
	const struct gate_image_connect entry = {
		.hosts = build_connect_put_words(c, r->hosts),
		.sockets = build_connect_put_words(c, r->sockets),
		.nets = build_connect_put_entries(&c->nets, r->nets, r->nnets, sizeof *r->nets),
		.ports = build_connect_put_entries(&c->ports, r->ports, r->nports, sizeof *r->ports),
	};
	strbuf_put(&c->rules, (const char *)&entry, sizeof entry);
}

int image_connect_end(struct image_connect *c)
{
	int err = c->rules.err ? c->rules.err : c->nets.err ? c->nets.err : c->ports.err;
	strbuf_free(&c->rules);
	strbuf_free(&c->nets);
	strbuf_free(&c->ports);
	return err;
}
