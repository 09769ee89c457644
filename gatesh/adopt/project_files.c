/* SPDX-License-Identifier: BSD-2-Clause */
/* project_files.c - the texts of a project's .gate/.  See project.h.  Each passes gatesh lint as it is written. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adopt/project.h"

/* Call put with each word of a list. */
static void project_files_each(const struct strbuf *list, struct strbuf *text,
			       void (*put)(struct strbuf *text, const char *word, size_t n))
{
	for (const char *s = list->s; s && *(s += strspn(s, " \t"));) {
		size_t n = strcspn(s, " \t");
		put(text, s, n);
		s += n;
	}
}

static void project_files_put_word(struct strbuf *text, const char *word, size_t n)
{
	strbuf_putc(text, ' ');
	strbuf_put(text, word, n);
}

static void project_files_put_line(struct strbuf *text, const char *word, size_t n)
{
	strbuf_put(text, word, n);
	strbuf_putc(text, '\n');
}

static void project_files_put_hit(struct strbuf *text, const char *word, size_t n)
{
	strbuf_printf(text, "hit: ./%.*s now\n", (int)n, word);
}

/* Whoever prints the script does not run it. */
static void project_files_put_miss(struct strbuf *text, const char *word, size_t n)
{
	bool is_cat = n == 3 && !memcmp(word, "cat", 3);
	strbuf_printf(text, "miss: %s %.*s\n", is_cat ? "ls" : "cat", (int)n, word);
}

static void project_files_put_pack(const struct project *p, struct strbuf *text)
{
	strbuf_printf(
		text,
		"# %s - what Gate asks about in this project, besides what its own packs ask about.  gate.rules(5) has the fields;\n"
		"# gatesh lint runs the hits and misses.  A project's pack can only tighten.\n"
		"pack: %s\n"
		"version: 1.0\n"
		"\n"
		"# A push that rewrites the branches of this project takes a typed word, each time.\n"
		"override: git.force-push\n"
		"severity: critical\n",
		p->name, p->name);
	if (!p->commands.len)
		return;
	strbuf_printf(text, "\nrule: %s.commands\non: exec\nprogram:", p->name);
	project_files_each(&p->commands, text, project_files_put_word);
	strbuf_puts(text, "\nseverity: warning\nreason: acts on more than the files of this project\n");
	project_files_each(&p->commands, text, project_files_put_hit);
	project_files_each(&p->commands, text, project_files_put_miss);
}

static void project_files_put_principal(const struct project *p, struct strbuf *text)
{
	strbuf_printf(
		text,
		"# %s.principal - who an agent in this project is: gate.principal(5).  No session reads it here, because no repository\n"
		"# may decide what an agent reaches: copy it to ~/.config/gate/, then gatesh run --principal %s.\n"
		"name: %s\n"
		"#git-author: Agent <agent@example.org>\n"
		"network-allow: 127.0.0.0/8 ::1\n",
		p->name, p->name, p->name);
	if (!p->hosts.len)
		return;
	strbuf_puts(text, "network-allow:");
	project_files_each(&p->hosts, text, project_files_put_word);
	strbuf_putc(text, '\n');
}

static void project_files_put_list(const struct project *p, struct strbuf *text)
{
	strbuf_puts(
		text,
		"# The hosts that an agent in this project needs: gatesh run --network allow-listed --allow-list .gate/network.list.\n"
		"# `gatesh net --allow-list` prints those that a session connected to.\n"
		"127.0.0.0/8\n"
		"::1\n");
	project_files_each(&p->hosts, text, project_files_put_line);
}

const struct project_file project_files[] = {{"rules", "rules", true, project_files_put_pack},
					     {"", "principal", true, project_files_put_principal},
					     {"", "network.list", false, project_files_put_list},
					     {NULL, NULL, false, NULL}};

int project_file_path(const struct project_file *f, const struct project *p, char *buf, size_t size)
{
	int n = snprintf(buf, size, "%s%s%s%s%s", f->dir, *f->dir ? "/" : "", f->named ? p->name : "",
			 f->named ? "." : "", f->tail);
	return n >= 0 && (size_t)n < size ? 0 : -ENAMETOOLONG;
}
