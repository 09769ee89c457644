/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_command.c - a command line and a grammar of any bytes: the first line is a command, the rest a command stanza of its
 * program.  Reads the command by the grammar, writes its canonical texts and parts, and spells it in other ways. */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "grammar/canonical.h"
#include "grammar/spellings.h"
#include "rules/ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(enum diag_level level, const char *text, void *unused)
{
}

/* A spelling of a short command is short. */
static int spelled(const char *const *words, size_t n, const char *kind, void *data)
{
	size_t *tries = data;
	for (size_t i = 0; i < n; i++)
		if (strlen(words[i]) > 1 << 20)
			abort();
	return ++*tries > 1000;
}

static void read_command(const struct grammar *g, const char *text)
{
	cleanup_strbuf struct strbuf part = {0};
	struct canonical c = {0};
	size_t tries = 0;
	if (!canonical_make(g, text, &c))
		for (size_t i = 0; i < c.n; i++)
			if (!c.readings[i].texts[CANONICAL_OPTIONS_FIRST])
				abort();
	canonical_free(&c);
	canonical_put_part(&part, g, text, "globals");
	canonical_put_part(&part, g, text, "--long");
	canonical_put_part(&part, g, text, "operands");
	spellings_of(g, text, spelled, &tries);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset rs = {0};
	struct diag d = {.emit = ignore};
	char *text = strndup((const char *)data, size < 4096 ? size : 4096);
	char *end = text ? strchr(text, '\n') : NULL;
	if (end) {
		*end = '\0';
		struct source src = {.name = "pack", .text = end + 1, .len = strlen(end + 1)};
		if (!ruleset_parse(&rs, &src, TRUST_USER, &d) && rs.commands && rs.commands->n)
			read_command(rs.commands->v[0], text);
		read_command(grammar_plain(), text);
	}
	ruleset_free(&rs);
	free(text);
	return 0;
}
