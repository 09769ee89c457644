/* SPDX-License-Identifier: BSD-2-Clause */
/* said_subjects.c - builds the subjects of a statement or a request: what is shown, and what rules judge. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address/destination.h"
#include "base/name.h"
#include "base/strbuf.h"
#include "rules/rules_internal.h"
#include "subject/code/sql.h"
#include "subject/code/sql_temp.h"

/* A text being split. */
struct splitting {
	const struct gate_event *event;
	struct subjects *out;
	enum effect_engine engine;
	struct sql_temp temp;
};

static int said_subjects_put(struct splitting *p, const char *text, const char *plain, bool unknown)
{
	const char *exe = p->event->exe;
	struct subject s = {.content = SUBJECT_SQL, .engine = effect_engine_names[p->engine], .unknown = unknown};
	int err = subject_of_text(&s, exe ? name_program(exe) : "", text, plain);
	if (!err)
		return subjects_take(p->out, &s);
	subject_free(&s);
	return err;
}

enum { RECREATED_WITHIN = 64 }; /* subjects behind the drop: a dump has thousands */

/* Does the statement drop this object? */
static bool said_subjects_drops(const struct splitting *p, const char *statement, const struct effect *made)
{
	struct effects e = {0};
	bool drops = false;
	effects_of_statement(p->engine, statement, &e);
	for (size_t i = 0; i < e.n; i++)
		drops |= e.v[i].kind == EFFECT_DROP && !strcmp(e.v[i].of, made->of) &&
			 !strcmp(e.v[i].object, made->object);
	effects_free(&e);
	return drops;
}

/* A script that drops a table and creates it anew looks harmless at its end; the rows are gone.  The subject of the drop, which questions
 * and refusals show, says so. */
static int said_subjects_recreate(struct splitting *p, const char *blanked)
{
	struct effect made = {0};
	bool temporary = false;
	int err = 0;
	if (!effect_creates(p->engine, blanked, &made, &temporary))
		return 0;
	for (size_t i = p->out->n; !err && !temporary && i-- > 0 && i + RECREATED_WITHIN >= p->out->n;) {
		struct subject *s = &p->out->v[i];
		char *text = NULL;
		if (!s->plain || !said_subjects_drops(p, s->plain, &made))
			continue;
		if (asprintf(&text, "%s (and creates it anew, empty)", s->text) < 0) {
			err = -ENOMEM;
			break;
		}
		free(s->text);
		s->text = text;
		break;
	}
	free(made.object);
	return err;
}

/* The statements of a text that have an effect become subjects; so does the first, to have one to show. */
static int said_subjects_each(const struct sql_part *part, void *data)
{
	struct splitting *p = data;
	struct effects e = {0};
	if (part->kind != SQL_STATEMENT)
		return 0;
	bool temporary = sql_temp_statement(&p->temp, part->blanked);
	int err = temporary ? 0 : effects_of_statement(p->engine, part->blanked, &e);
	bool wanted = e.n || !p->out->n;
	effects_free(&e);
	err = err ? err : said_subjects_recreate(p, part->blanked);
	return err || !wanted ? err : said_subjects_put(p, part->text, temporary ? "" : part->blanked, false);
}

/* A Redis command a line. */
static int said_subjects_lines(struct splitting *p, const char *text, size_t len)
{
	int err = 0;
	for (size_t from = 0, end; !err && from < len; from = end + 1) {
		cleanup_strbuf struct strbuf line = {0};
		const char *nl = memchr(text + from, '\n', len - from);
		struct effects e = {0};
		end = nl ? (size_t)(nl - text) : len;
		for (size_t i = from; i < end; i++)
			strbuf_putc(&line, text[i] ? text[i] : ' ');
		if (!line.len)
			continue;
		err = line.err ? line.err : effects_of_statement(p->engine, line.s, &e);
		if (!err && (e.n || !p->out->n))
			err = said_subjects_put(p, line.s, line.s, false);
		effects_free(&e);
	}
	return err;
}

static int said_subjects_document(struct splitting *p, const char *text, size_t len)
{
	cleanup_strbuf struct strbuf whole = {0};
	for (size_t i = 0; i < len; i++)
		strbuf_putc(&whole, text[i] ? text[i] : ' ');
	return whole.err ? whole.err : said_subjects_put(p, whole.s ? whole.s : "", whole.s ? whole.s : "", false);
}

int subjects_of_statement(const struct gate_event *ev, struct subjects *out)
{
	static const enum sql_dialect dialects[] = {
		[EFFECT_POSTGRESQL] = SQL_POSTGRES, [EFFECT_MYSQL] = SQL_MYSQL, [EFFECT_SQLITE] = SQL_SQLITE};
	int engine = effect_engine_of(ev->engine), err = 0;
	struct splitting p = {.event = ev, .out = out, .engine = (enum effect_engine)engine};
	const char *text = ev->text ? ev->text : "";
	size_t len = ev->text ? ev->text_len : 0;
	if (engine < 0)
		return -EINVAL;
	if (engine == EFFECT_REDIS)
		err = said_subjects_lines(&p, text, len);
	else if (engine == EFFECT_MONGODB)
		err = said_subjects_document(&p, text, len);
	else
		err = sql_statements(dialects[engine], text, len, said_subjects_each, &p);
	strbuf_free(&p.temp.names);
	bool unknown = !ev->text || ev->text_flags & GATE_TEXT_PART;
	if (!err && unknown)
		err = said_subjects_put(&p, "a statement that Gate has not seen to its end", "", true);
	return err || out->n ? err : said_subjects_put(&p, "", "", false);
}

/* The port tells one server of this machine from another. */
static void said_subjects_put_host(struct strbuf *b, const struct destination *d)
{
	enum { HTTP = 80, HTTPS = 443 };
	destination_put_host(b, d);
	if (!d->path && d->dest.port != HTTP && d->dest.port != HTTPS)
		strbuf_printf(b, ":%u", d->dest.port);
}

/* "DELETE api.example.com/v1/users/3", with the body behind it. */
int subjects_of_request(const struct gate_event *ev, struct subjects *out)
{
	cleanup_strbuf struct strbuf b = {0};
	struct subject s = {0};
	struct destination d;
	int err = destination_of(ev, &d);
	strbuf_printf(&b, "%s ", ev->method ? ev->method : "?");
	if (!err)
		said_subjects_put_host(&b, &d);
	strbuf_printf(&b, "%s%s", ev->target ? ev->target : "", ev->text_len ? " " : "");
	for (size_t i = 0; ev->text && i < ev->text_len; i++)
		strbuf_putc(&b, ev->text[i] ? ev->text[i] : ' ');
	destination_free(&d);
	err = err == -ENOMEM ? err : b.err;
	if (!err)
		err = subject_of_text(&s, ev->exe ? name_program(ev->exe) : "", b.s, NULL);
	if (!err)
		return subjects_take(out, &s);
	subject_free(&s);
	return err;
}
