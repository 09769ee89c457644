/* sql_temp.c - see sql_temp.h. */
#include "subject/code/sql_temp.h"

#include <ctype.h>
#include <string.h>

enum { NAME_MAX_BYTES = 128 };

/* Step over one of the words; false when it is none of them. */
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

/* The table named at *s as "\nname\n", folded unless it is quoted; false when there is none that could be told. */
static bool sql_temp_read_name(const char **s, char name[NAME_MAX_BYTES + 3])
{
	char quote = **s == '"' || **s == '`' ? **s : '\0';
	const char *from = *s + !!quote;
	size_t n = quote ? strcspn(from, quote == '"' ? "\"" : "`") : strcspn(from, " (,;.\"`");
	const char *end = from + n;
	if (!n || n > NAME_MAX_BYTES || (quote && *end != quote))
		return false;
	end += quote != '\0';
	if (*end && !strchr(" (,;", *end)) /* in a schema, or with a doubled quote: not simply one of ours */
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
	size_t n = strlen(name) - 1; /* the newline after it is also the one before the next */
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
