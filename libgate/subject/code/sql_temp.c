/* SPDX-License-Identifier: BSD-2-Clause */
/* sql_temp.c - tracks the temporary tables that an SQL text creates and drops. */
#include "subject/code/sql_temp.h"

#include <ctype.h>
#include <string.h>

enum { NAME_MAX_BYTES = 128 };

/* Skip one of the words; false when none of them follows. */
static bool sql_temp_skip(const char **s, const char *words)
{
	size_t n = strcspn(*s, " (,;");
	for (const char *w = words; n && *w; w += strcspn(w, " "), w += *w == ' ') {
		if (strcspn(w, " ") == n && !strncasecmp(w, *s, n)) {
			*s += n;
			*s += strspn(*s, " ");
			return true;
		}
	}
	return false;
}

/* Read the table name at *s as "\nname\n", folded unless it is quoted.  Returns false if there is no name that can be
 * identified. */
static bool sql_temp_read_name(const char **s, char name[NAME_MAX_BYTES + 3])
{
	char quote = **s == '"' || **s == '`' ? **s : '\0';
	const char *from = *s + !!quote;
	size_t n = quote ? strcspn(from, quote == '"' ? "\"" : "`") : strcspn(from, " (,;.\"`");
	const char *end = from + n;
	if (!n || n > NAME_MAX_BYTES || (quote && *end != quote))
		return false;
	end += quote != '\0';
	if (*end && !strchr(" (,;", *end)) /* has a schema, or a doubled quote: not simply a temporary table */
		return false;
	name[0] = '\n';
	for (size_t i = 0; i < n; i++)
		name[i + 1] = quote ? from[i] : (char)tolower((unsigned char)from[i]);
	memcpy(name + n + 1, "\n", 2);
	*s = end + strspn(end, " ");
	return true;
}

/* Forget a name; false when it was not known. */
static bool sql_temp_forget(struct sql_temp *t, const char *name)
{
	char *at = t->names.len ? strstr(t->names.s, name) : NULL;
	if (!at)
		return false;
	size_t n = strlen(name) - 1; /* the newline after it also begins the next name */
	memmove(at, at + n, strlen(at + n) + 1);
	t->names.len -= n;
	return true;
}

static void sql_temp_created(struct sql_temp *t, const char *s)
{
	char name[NAME_MAX_BYTES + 3];
	sql_temp_skip(&s, "global local");
	if (!sql_temp_skip(&s, "temp temporary") || !sql_temp_skip(&s, "table"))
		return;
	if (sql_temp_skip(&s, "if"))
		while (sql_temp_skip(&s, "not exists"))
			;
	if (!sql_temp_read_name(&s, name))
		return;
	strbuf_puts(&t->names, t->names.len ? name + 1 : name);
}

static bool sql_temp_dropped(struct sql_temp *t, const char *s)
{
	char name[NAME_MAX_BYTES + 3];
	bool all = true;
	sql_temp_skip(&s, "temporary");
	if (!sql_temp_skip(&s, "table"))
		return false;
	if (sql_temp_skip(&s, "if"))
		sql_temp_skip(&s, "exists");
	do {
		if (!sql_temp_read_name(&s, name))
			return false;
		all &= sql_temp_forget(t, name);
	} while (*s == ',' && (s += 1 + strspn(s + 1, " ")));
	while (sql_temp_skip(&s, "cascade restrict"))
		;
	return all && !*s;
}

bool sql_temp_statement(struct sql_temp *t, const char *blanked)
{
	if (sql_temp_skip(&blanked, "create"))
		sql_temp_created(t, blanked);
	else if (sql_temp_skip(&blanked, "drop"))
		return sql_temp_dropped(t, blanked);
	return false;
}
