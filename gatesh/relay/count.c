/* SPDX-License-Identifier: BSD-2-Clause */
/* count.c - the steps of a count, and what each of them tells the server. */
#include "relay/count.h"

#include <errno.h>
#include <string.h>

#include "relay/count_message.h"
#include "relay/count_sample.h"

#define NAME "gate_count"
enum { LENGTH = 4 };

/* A name in double quotes; `twice` are the characters that are written twice: of a string, the backslash and the quote as well. */
static void count_put_quoted(struct strbuf *out, const char *name, const char *twice)
{
	strbuf_putc(out, '"');
	for (; *name; name++) {
		if (*name == '.') {
			strbuf_puts(out, "\".\"");
			continue;
		}
		if (strchr(twice, *name))
			strbuf_putc(out, *name);
		strbuf_putc(out, *name);
	}
	strbuf_putc(out, '"');
}

/* The tables that act by themselves: the table, its children, and those whose rows go with its rows.  One row: is there such a table, and
 * does none of them do more than keep rows; the columns that are unique in it; may the role read all of the table itself. */
static void count_put_facts(struct strbuf *out, const char *table)
{
	cleanup_strbuf struct strbuf name = {0};
	count_put_quoted(&name, table, "\"'\\");
	const char *quoted = name.s ? name.s : "";
	strbuf_printf(
		out,
		"WITH RECURSIVE t(o) AS (SELECT pg_catalog.to_regclass(E'%s')::pg_catalog.oid UNION SELECT x.o FROM t, LATERAL ("
		"SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = t.o UNION ALL "
		"SELECT conrelid FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid = t.o "
		"AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd'))) AS x(o)) "
		"SELECT pg_catalog.bool_and(c.relkind IN ('r', 'p') AND NOT c.relhasrules AND NOT EXISTS ("
		"SELECT FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal)) "
		"AND NOT pg_catalog.pg_is_in_recovery(), "
		"(SELECT pg_catalog.string_agg(a.attname, E'\\n') FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a "
		"ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = pg_catalog.to_regclass(E'%s') "
		"AND i.indisunique AND i.indisvalid AND i.indnatts = 1 AND i.indpred IS NULL AND i.indexprs IS NULL), "
		"(SELECT pg_catalog.has_table_privilege(r.oid, 'SELECT') AND NOT r.relrowsecurity FROM pg_catalog.pg_class r "
		"WHERE r.oid = pg_catalog.to_regclass(E'%s')) "
		"FROM t JOIN pg_catalog.pg_class c ON c.oid = t.o",
		quoted, quoted, quoted);
	out->err = out->err ? out->err : name.err;
}

static void count_put_open(struct count *c, struct strbuf *out)
{
	size_t at = count_message_begin(out, 'Q');
	strbuf_printf(out, "%s; SET LOCAL lock_timeout = %d; SET LOCAL statement_timeout = %d; ",
		      c->subject.state == 'I' ? "BEGIN" : "SAVEPOINT " NAME, COUNT_LOCK_MS, COUNT_STATEMENT_MS);
	count_put_facts(out, c->subject.table);
	strbuf_putc(out, '\0');
	count_message_end(out, at);
	c->awaits = 1;
}

/* Forget the last statement and its rows; the server does so even where a transaction has failed. */
static void count_put_forget(struct strbuf *out)
{
	for (const char *kind = "PS"; *kind; kind++) {
		size_t at = count_message_begin(out, 'C');
		strbuf_putc(out, *kind);
		strbuf_put(out, NAME, sizeof NAME);
		count_message_end(out, at);
	}
}

/* Have the server describe what the command returns, and return so many rows; 0: all. */
static void count_put_execute(unsigned char rows, struct strbuf *out)
{
	size_t at = count_message_begin(out, rows ? 'D' : 'E');
	if (rows) {
		strbuf_putc(out, 'P');
		strbuf_put(out, NAME, sizeof NAME);
		count_message_end(out, at);
		at = count_message_begin(out, 'E');
	}
	strbuf_put(out, NAME, sizeof NAME);
	strbuf_put(out, (const char[]){0, 0, 0, (char)rows}, LENGTH);
	count_message_end(out, at);
}

/* Execute one command with the client's parameters: Close, Parse, Bind, Execute, Sync.  With `returns`, it returns the rows that it takes. */
static void count_put_command(struct count *c, const char *before, struct protocol_text text, bool returns,
			      struct strbuf *out)
{
	static const char none[LENGTH]; /* no formats and no values */
	const struct count_subject *s = &c->subject;
	count_put_forget(out);
	size_t at = count_message_begin(out, 'P');
	strbuf_put(out, NAME, sizeof NAME);
	strbuf_puts(out, before);
	strbuf_put(out, text.at, text.n);
	strbuf_puts(out, returns ? " RETURNING *" : "");
	strbuf_putc(out, '\0');
	strbuf_put(out, s->types.n ? s->types.at : none, s->types.n ? s->types.n : 2);
	count_message_end(out, at);
	at = count_message_begin(out, 'B');
	strbuf_put(out, NAME, sizeof NAME);
	strbuf_put(out, NAME, sizeof NAME);
	strbuf_put(out, s->values.n ? s->values.at : none, s->values.n ? s->values.n : sizeof none);
	strbuf_put(out, none, 2); /* results as text */
	count_message_end(out, at);
	count_put_execute(returns ? COUNT_SAMPLES : 0, out);
	count_message_end(out, count_message_begin(out, 'S'));
	c->awaits = 1;
}

static void count_put_try(struct count *c, struct strbuf *out)
{
	bool returns = c->subject.returns && c->readable && c->planned <= COUNT_SAMPLED_MAX;
	count_put_command(c, "", c->subject.text, returns, out);
}

/* The server has executed all of it, and moves behind the rows that it has not sent. */
static void count_put_rest(struct count *c, struct strbuf *out)
{
	size_t at = count_message_begin(out, 'Q');
	strbuf_put(out, "MOVE ALL IN " NAME, sizeof "MOVE ALL IN " NAME);
	count_message_end(out, at);
	c->awaits = 1;
}

static void count_put_plan(struct count *c, struct strbuf *out)
{
	cleanup_strbuf struct strbuf whole = {0};
	struct protocol_text text = c->subject.text;
	if (c->subject.way == EFFECT_COUNT_NONE) {
		strbuf_puts(&whole, "SELECT FROM ");
		count_put_quoted(&whole, c->subject.table, "\"");
		text = (struct protocol_text){whole.s ? whole.s : "", whole.len};
		c->subject.types = c->subject.values = (struct protocol_text){0};
	}
	count_put_command(c, "EXPLAIN (COSTS true) ", text, false, out);
	out->err = out->err ? out->err : whole.err;
}

static void count_put_close(struct count *c, struct strbuf *out)
{
	count_put_forget(out);
	count_message_end(out, count_message_begin(out, 'S'));
	size_t at = count_message_begin(out, 'Q');
	const char *back =
		c->subject.state == 'I' ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT " NAME "; RELEASE SAVEPOINT " NAME;
	strbuf_put(out, back, strlen(back) + 1);
	count_message_end(out, at);
	c->awaits = 2;
}

void count_begin(struct count *c, const struct count_subject *s, struct strbuf *out)
{
	*c = (struct count){.subject = *s};
	count_put_open(c, out);
}

bool count_waits(const struct count *c)
{
	return !c->awaits;
}

int count_next(struct count *c, bool enough, struct strbuf *out)
{
	bool inside = c->state == 'T' && !c->failed; /* or the server would execute it for good */
	bool tries = c->plain && c->subject.way == EFFECT_COUNT_TRY && c->has_plan && c->planned <= COUNT_ROWS_MAX;
	if (c->phase == COUNT_CLOSES && c->state != c->subject.state)
		return -EPROTO;
	if (c->phase == COUNT_CLOSES) {
		c->phase = COUNT_DONE;
	} else if (c->phase == COUNT_OPENS && inside && !enough) {
		c->phase = COUNT_PLANS;
		count_put_plan(c, out);
	} else if (c->phase == COUNT_PLANS && inside && !enough && tries) {
		c->phase = COUNT_TRIES;
		count_put_try(c, out);
	} else if (c->phase == COUNT_TRIES && inside && c->suspended) {
		c->phase = COUNT_RESTS;
		count_put_rest(c, out);
	} else {
		c->phase = COUNT_CLOSES;
		count_put_close(c, out);
	}
	return 0;
}

void count_free(struct count *c)
{
	strbuf_free(&c->message);
	strbuf_free(&c->columns);
	strbuf_free(&c->samples);
}
