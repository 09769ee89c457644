/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper_content.c - finds the SQL in the arguments, files and standard input of a client, and the lines that any
 * program reads on standard input. */
#include "subject/wrappers/wrapper_content.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "base/strbuf.h"
#include "subject/code/sql.h"
#include "subject/code/sql_temp.h"

/* Option lists are as in struct wrapper. */
struct client {
	const char *names;
	enum sql_dialect dialect;
	const char *valued, *text, *file;
	const char *inert;   /* with these it changes nothing */
	const char *skipped; /* an option whose value is always attached, so that none of its letters is an option */
	size_t operands;     /* operands before the SQL operands; 0: no operand is SQL */
};

static const struct client clients[] = {
	{"psql", SQL_POSTGRES,
	 .valued =
		 "-d -F -h -L -o -p -P -R -T -U -v --dbname --field-separator --host --log-file --output --port --pset "
		 "--record-separator --set --table-attr --username --variable",
	 .text = "-c --command", .file = "-f --file", .inert = "-l -V -? --help --list --version"},
	{"mysql mariadb", SQL_MYSQL,
	 .valued =
		 "-D -h -P -S -u --database --defaults-extra-file --defaults-file --host --port --prompt --socket --user",
	 .text = "-e --execute --init-command", .inert = "-V -? --help --version", .skipped = "-p"},
	{"sqlite3", SQL_SQLITE, .valued = "-A -maxsize -mmap -newline -nullvalue -pagecache -separator -vfs",
	 .text = "-cmd --cmd", .file = "-init --init", .inert = "-help -readonly --readonly -version --help --version",
	 .operands = 1},
};

/* The engines of the dialects. */
static const enum effect_engine engines[] = {
	[SQL_POSTGRES] = EFFECT_POSTGRESQL, [SQL_MYSQL] = EFFECT_MYSQL, [SQL_SQLITE] = EFFECT_SQLITE};

const char *content_client(size_t i, enum effect_engine *engine)
{
	static const struct {
		const char *name;
		enum effect_engine engine;
	} names[] = {{"psql", EFFECT_POSTGRESQL},
		     {"mysql", EFFECT_MYSQL},
		     {"mariadb", EFFECT_MYSQL},
		     {"sqlite3", EFFECT_SQLITE}};
	if (i >= sizeof names / sizeof *names)
		return NULL;
	*engine = names[i].engine;
	return names[i].name;
}

static const struct client *wrapper_content_client_of(const char *program)
{
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
		if (wrapper_listed(clients[i].names, program, strlen(program), ' '))
			return &clients[i];
	return NULL;
}

/* A text being read for a client; without a client, by lines. */
struct reading {
	struct wrapper_walk *p;
	const struct client *client;
	const char *program;
	struct sql_temp *temp; /* one for everything that this client reads */
};

static int wrapper_content_put_subject(const struct reading *r, const char *text, const char *blanked, bool unknown)
{
	const struct subject_wish *wish = r->p->wish;
	struct subject s = {.content = r->client ? SUBJECT_SQL : SUBJECT_LINES,
			    .engine = r->client ? effect_engine_names[engines[r->client->dialect]] : NULL,
			    .unknown = unknown,
			    .elsewhere = r->p->elsewhere};
	int err = subject_of_text(&s, r->program, text, blanked);
	if (!err && wish->wants(&s, wish->data))
		return subjects_take(r->p->out, &s);
	subject_free(&s);
	return err;
}

static int wrapper_content_unknown(const struct reading *r)
{
	cleanup_strbuf struct strbuf text = {0};
	strbuf_printf(&text, "%s reads unknown content", r->program);
	return text.err ? text.err : wrapper_content_put_subject(r, text.s, text.s, true);
}

/* Read a file, or standard input if `path` is NULL.  Returns 0 with *out; 1 if there is nothing to judge; -EIO if
 * unknown; -ENOMEM. */
static int wrapper_content_read_content(struct wrapper_walk *p, const char *path, struct gate_content *out)
{
	*out = (struct gate_content){0};
	if (!p->event->read || *p->budget == 0)
		return *p->budget ? 1 : -EIO;
	--*p->budget;
	int r = p->event->read(p->event, path, out);
	if (r == -ENOMEM)
		return r;
	return r == -ENOENT || (!r && out->state == GATE_CONTENT_NONE) ? 1 : r ? -EIO : 0;
}

static int wrapper_content_read_file(struct reading *r, const char *path);

/* The server has no gate. */
static int wrapper_content_read_program(struct reading *r, const char *text)
{
	struct wrapper_walk away = *r->p;
	away.live = false;
	away.depth++;
	return wrapper_text(&away, text);
}

static int wrapper_content_each_part(const struct sql_part *part, void *data)
{
	struct reading *r = data;
	switch (part->kind) {
	case SQL_SHELL: /* the shell of a live client passes the gate itself */
		return r->p->live ? 0 : wrapper_text(r->p, part->text);
	case SQL_PROGRAM: return wrapper_content_read_program(r, part->text);
	case SQL_FILE: return wrapper_content_read_file(r, part->text);
	default:
		return sql_temp_statement(r->temp, part->blanked) ?
			       0 :
			       wrapper_content_put_subject(r, part->text, part->blanked, false);
	}
}

/* Judge each line, without trailing blanks and semicolons.  Empty lines are skipped. */
static int wrapper_content_read_lines(const struct reading *r, const char *text, size_t len)
{
	cleanup_strbuf struct strbuf line = {0};
	const char *end = text + len;
	int err = 0;
	for (const char *p = text, *next; !err && p < end; p = next + 1) {
		for (next = p; next < end && *next != '\n' && *next != '\0'; next++)
			;
		size_t n = (size_t)(next - p);
		while (n && strchr(" \t\r;", p[n - 1]))
			n--;
		line.len = 0;
		strbuf_put(&line, p, n);
		err = line.err ? line.err : n ? wrapper_content_put_subject(r, line.s, line.s, false) : 0;
	}
	return err;
}

static int wrapper_content_read_text(struct reading *r, const char *text, size_t len)
{
	return r->client ? sql_parts(r->client->dialect, text, len, wrapper_content_each_part, r) :
			   wrapper_content_read_lines(r, text, len);
}

static int wrapper_content_read_file(struct reading *r, const char *path)
{
	struct gate_content content;
	struct wrapper_walk inner = *r->p;
	struct reading deeper = {&inner, r->client, r->program, r->temp};
	if (inner.files++ >= CONTENT_DEPTH_MAX)
		return wrapper_content_unknown(r);
	int err = wrapper_content_read_content(&inner, path, &content);
	if (!err)
		err = wrapper_content_read_text(&deeper, content.text ? content.text : "", content.len);
	if (err == -EIO || (!err && content.state == GATE_CONTENT_PART))
		err = wrapper_content_unknown(r);
	free(content.text);
	return err > 0 ? 0 : err;
}

static int wrapper_content_read_stdin(struct reading *r)
{
	struct shell_input in = r->p->input;
	switch (in.kind) {
	case SHELL_INPUT_TEXT: return wrapper_content_read_text(r, in.text, in.len);
	case SHELL_INPUT_FILE: return wrapper_content_read_file(r, in.text);
	case SHELL_INPUT_LATER: r->p->reads = true; return 0;
	case SHELL_INPUT_UNKNOWN: return wrapper_content_unknown(r);
	default: return wrapper_content_read_file(r, NULL);
	}
}

/* Take one option.  Returns how many words it uses.  *given: it contains what is run. */
static int wrapper_content_take_option(struct reading *r, const char *const *words, size_t left, size_t *width,
				       bool *given)
{
	const struct client *c = r->client;
	const char *const lists[OPTION_LISTS] = {c->valued, c->text, c->file};
	*width = 1;
	if (c->skipped && !strncmp(words[0], c->skipped, strlen(c->skipped)))
		return 0;
	struct option_use use = wrapper_option(words[0], left > 1 ? words[1] : NULL, lists);
	*width = use.width;
	if (!use.value || (use.list != OPTION_TEXT && use.list != OPTION_FILE))
		return 0;
	*given = !c->operands; /* sqlite3's -cmd and -init run before its other input */
	if (use.list == OPTION_TEXT)
		return wrapper_content_read_text(r, use.value, strlen(use.value));
	return strcmp(use.value, "-") ? wrapper_content_read_file(r, use.value) : wrapper_content_read_stdin(r);
}

/* Does a rule need this content of this program? */
static bool wrapper_content_wanted(const struct wrapper_walk *p, const char *program, enum subject_content content)
{
	struct subject any = {.program = (char *)program, .content = content};
	return p->wish && p->wish->wants(&any, p->wish->data);
}

static int wrapper_content_statements_of_command(struct wrapper_walk *p, const char *const *words, size_t n)
{
	struct sql_temp temp = {0};
	struct reading r = {.p = p, .program = name_program(words[0]), .temp = &temp};
	r.client = wrapper_content_client_of(r.program);
	if (!r.client || !wrapper_content_wanted(p, r.program, SUBJECT_SQL))
		return 0;
	for (size_t i = 1; i < n; i++)
		if (wrapper_listed(r.client->inert, words[i], strlen(words[i]), ' '))
			return 0;
	bool given = false, options = true;
	size_t operands = 0, width = 1;
	int err = 0;
	for (size_t i = 1; !err && i < n; i += width) {
		width = 1;
		if (options && words[i][0] == '-' && words[i][1]) {
			options = strcmp(words[i], "--") != 0;
			if (options)
				err = wrapper_content_take_option(&r, words + i, n - i, &width, &given);
		} else if (r.client->operands && operands++ >= r.client->operands) {
			given = true;
			err = wrapper_content_read_text(&r, words[i], strlen(words[i]));
		}
	}
	if (!err && !given)
		err = wrapper_content_read_stdin(&r);
	strbuf_free(&temp.names);
	return err;
}

int content_of_command(struct wrapper_walk *p, const char *const *words, size_t n)
{
	struct reading lines = {.p = p, .program = name_program(words[0])};
	int err = wrapper_content_wanted(p, lines.program, SUBJECT_LINES) ? wrapper_content_read_stdin(&lines) : 0;
	return err ? err : wrapper_content_statements_of_command(p, words, n);
}

int content_of_script(struct wrapper_walk *p, const char *path)
{
	struct gate_content content;
	struct wrapper_walk inner = *p;
	if (!p->event || p->event->pid || inner.files++ >= CONTENT_DEPTH_MAX)
		return 0;
	int r = wrapper_content_read_content(&inner, path, &content);
	if (!r && content.text && strlen(content.text) == content.len)
		r = wrapper_text(&inner, content.text);
	free(content.text);
	return r == -EIO || r > 0 ? 0 : r;
}
