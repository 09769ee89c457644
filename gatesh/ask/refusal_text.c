/* SPDX-License-Identifier: BSD-2-Clause */
/* refusal_text.c - says in one line what was refused, by which rule, who refused it, and what to do instead. */
#include "ask/refusal_text.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"

/* Append at most `max` bytes of the escaped `text`, with an ellipsis if it was cut. */
static void refusal_put_some(struct strbuf *b, const char *text, size_t max)
{
	cleanup_strbuf struct strbuf safe = {0};
	escape_put(&safe, text, strlen(text));
	size_t n = safe.len;
	if (n > max)
		for (n = max; n && ((unsigned char)safe.s[n] >> 6) == 2; n--)
			;
	if (safe.s)
		strbuf_put(b, safe.s, n);
	if (n < safe.len)
		strbuf_puts(b, "…");
}

/* The policy's reason beyond "RULE: its reason", which is in the line already; NULL if there is none. */
static const char *refusal_beyond_rule(const gate_handle_t *h)
{
	size_t n, len;
	const char *reason = gate_get_item(h, GATE_ITEM_REASON);
	const struct gate_finding *f = gate_findings(h, &n);
	cleanup_strbuf struct strbuf known = {0};
	if (!reason || !n)
		return reason;
	strbuf_printf(&known, "%s: %s", f->rule, f->reason);
	len = known.len;
	if (known.err || strncmp(reason, known.s, len))
		return reason;
	return strncmp(reason + len, "; ", 2) ? NULL : reason + len + 2;
}

/* Put who said no, in words for an agent. */
static void refusal_put_verdict(struct strbuf *b, const gate_handle_t *h, int ret)
{
	const struct gate_answer *a = gate_answer(h);
	const char *reason = gate_get_item(h, GATE_ITEM_REASON);
	if (ret == GATE_DENY && a && a->text[0]) {
		strbuf_puts(b, " The person said: \"");
		refusal_put_some(b, a->text, 700);
		strbuf_puts(b, "\".");
	} else if (ret == GATE_DENY && a) {
		strbuf_puts(b, " The person said no.");
	} else if (ret == GATE_DENY || ret == GATE_FINDING) {
		const char *why = refusal_beyond_rule(h);
		strbuf_puts(b, why ? " The policy forbids it: " : " The policy forbids it");
		refusal_put_some(b, why ? why : "", 400);
		strbuf_puts(b, ".");
	} else if (ret == GATE_TIMEOUT) {
		strbuf_puts(b, " Nobody answered in time.");
	} else if (ret == GATE_NO_AGENT) {
		strbuf_puts(b, " Nobody is there to ask.");
	} else {
		strbuf_printf(b, " It could not be judged (%s)", gate_strret(ret));
		if (reason) {
			strbuf_puts(b, ": ");
			refusal_put_some(b, reason, 400);
		}
		strbuf_puts(b, ".");
	}
}

/* "git push --force: git.force-push (danger): rewrites the history other people already have." */
static void refusal_put_subject(struct strbuf *b, const gate_handle_t *h, const struct gate_event *ev)
{
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	const char *const *subjects = gate_subjects(h);
	const char *what = n && f->subject       ? f->subject :
			   subjects && *subjects ? *subjects :
			   ev->exe               ? ev->exe :
						   "this";
	refusal_put_some(b, what, 400);
	if (ev->known && ev->exe) {
		strbuf_puts(b, " (as ");
		refusal_put_some(b, ev->exe, 200);
		strbuf_printf(b, ", which is ");
		refusal_put_some(b, ev->known, 200);
		strbuf_putc(b, ')');
	}
	if (n) {
		strbuf_printf(b, ": %s (%s): ", f->rule, gate_severity_name(f->severity));
		refusal_put_some(b, f->reason, 200);
	}
	strbuf_putc(b, '.');
}

void refusal_line(const gate_handle_t *h, const struct gate_event *ev, int ret, char *line, size_t size)
{
	cleanup_strbuf struct strbuf b = {0};
	size_t n;
	const struct gate_finding *f = gate_findings(h, &n);
	strbuf_puts(&b, "gate: refused: ");
	refusal_put_subject(&b, h, ev);
	refusal_put_verdict(&b, h, ret);
	strbuf_puts(&b, " Do not work around this; ");
	if (n && f->instead) {
		strbuf_puts(&b, "use: ");
		refusal_put_some(&b, f->instead, 200);
	} else {
		strbuf_puts(&b, "ask the person");
	}
	strbuf_puts(&b, ".");
	snprintf(line, size, "%s", b.s ? b.s : "gate: refused.");
}

void refusal_come_back(const gate_handle_t *h, const struct gate_event *ev, char *line, size_t size)
{
	cleanup_strbuf struct strbuf b = {0};
	strbuf_puts(&b, "gate: refused for now: ");
	refusal_put_subject(&b, h, ev);
	strbuf_puts(&b, " A person is being asked; run it again later. Do not work around this.");
	snprintf(line, size, "%s", b.s ? b.s : "gate: refused.");
}

void refusal_frozen(const struct gate_event *ev, char *line, size_t size)
{
	cleanup_strbuf struct strbuf b = {0};
	strbuf_puts(&b, "gate: refused: ");
	refusal_put_some(&b, ev->argc ? ev->argv[0] : ev->exe ? ev->exe : "this", 400);
	strbuf_puts(&b,
		    ": the person has frozen this session; nothing runs until it is thawed. Do not work around this; "
		    "stop, and ask the person.");
	snprintf(line, size, "%s", b.s ? b.s : "gate: refused.");
}
