/* SPDX-License-Identifier: BSD-2-Clause */
/* script_line.c - reads where bash is in its script, and names a variable that nothing sets.  See script_line.h. */
#include "ask/script_line.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/name.h"
#include "util/proc.h"

enum { SCRIPT_MAX = 256 << 10, SCRIPT_LINES_BACK = 200 };

static bool script_line_is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* --- variables ---------------------------------------------------------------------------------------------------- */

/* Does the script set the variable anywhere, or can that not be told?  An assignment, or a builtin that sets what it names. */
static bool script_line_sets(const char *script, const char *name)
{
	size_t n = strlen(name);
	for (const char *s = script; (s = strstr(s, name)); s += n) {
		char before = s == script ? '\n' : s[-1];
		if (script_line_is_name(before) || script_line_is_name(s[n]) || before == '$' || before == '{')
			continue;
		return true; /* NAME=, NAME+=, NAME[0]=, read NAME, for NAME in, local NAME: any mention without a dollar */
	}
	return false;
}

/* Text of other files, or text that is not there yet, may set anything. */
static bool script_line_reads_more(const char *script)
{
	for (const char *s = script; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		s += strspn(s, " \t");
		if (!strncmp(s, ". ", 2) || !strncmp(s, "source ", 7) || !strncmp(s, "eval ", 5))
			return true;
	}
	return strstr(script, "; . ") || strstr(script, "&& . ") || strstr(script, "; source ") ||
	       strstr(script, "&& source ") || strstr(script, "; eval ") || strstr(script, "&& eval ");
}

/* Variables that bash sets by itself. */
static bool script_line_is_builtin(const char *name)
{
	static const char *const names[] = {
		"HOME",    "PWD",     "OLDPWD",  "UID",      "EUID",  "PPID",         "IFS",      "RANDOM",
		"SRANDOM", "SECONDS", "LINENO",  "HOSTNAME", "PATH",  "HOSTTYPE",     "MACHTYPE", "OSTYPE",
		"SHLVL",   "OPTIND",  "TERM",    "OPTARG",   "REPLY", "PIPESTATUS",   "GROUPS",   "FUNCNAME",
		"_",       "SHELL",   "COLUMNS", "LINES",    "PS4",   "EPOCHSECONDS", NULL};
	size_t i = 0;
	while (names[i] && strcmp(names[i], name) != 0)
		i++;
	return names[i] || !strncmp(name, "BASH", 4) || isdigit((unsigned char)*name);
}

/* The next plain use of a variable, $NAME or ${NAME}, behind *at; a form with a default or an error of its own is none. */
static bool script_line_next_variable(const char **at, char *name, size_t size)
{
	for (const char *s = *at; (s = strchr(s, '$')); s++) {
		bool braced = s[1] == '{';
		const char *from = s + 1 + braced;
		size_t n = 0;
		while (script_line_is_name(from[n]))
			n++;
		if (!n || n >= size || (braced && from[n] != '}'))
			continue;
		memcpy(name, from, n);
		name[n] = '\0';
		*at = from + n;
		return true;
	}
	return false;
}

static void script_line_find_unset(pid_t pid, const char *script, struct script_line *out)
{
	const char *at = out->text;
	char name[sizeof out->unset];
	if (script_line_reads_more(script))
		return;
	while (script_line_next_variable(&at, name, sizeof name))
		if (!script_line_is_builtin(name) && !script_line_sets(script, name) &&
		    !proc_has_env(pid, name, NULL)) {
			memcpy(out->unset, name, sizeof name);
			return;
		}
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static const char *script_line_start(const char *script, const char *in)
{
	while (in > script && in[-1] != '\n')
		in--;
	return in;
}

/* Does the line that starts here have the word? */
static bool script_line_has(const char *line, const char *word)
{
	size_t n = strcspn(line, "\n"), w = strlen(word);
	for (const char *s = line; w && s + w <= line + n; s++)
		if (!memcmp(s, word, w) && !script_line_is_name(s[w]) && (s == line || !script_line_is_name(s[-1])))
			return true;
	return false;
}

/* Set line and text for a shell that has read `pos` bytes of the script. */
static void script_line_locate(const char *script, size_t pos, const char *word, struct script_line *out)
{
	const char *last = script_line_start(script, script + (pos ? pos - 1 : 0)), *line = last;
	for (int i = 0; i < SCRIPT_LINES_BACK && !script_line_has(line, word); i++) {
		if (line == script) {
			line = last;
			break;
		}
		line = script_line_start(script, line - 1);
	}
	out->line = 1;
	for (const char *s = script; s < line; s++)
		out->line += *s == '\n';
	line += strspn(line, " \t");
	snprintf(out->text, sizeof out->text, "%.*s", (int)strcspn(line, "\n"), line);
}

/* How far the shell has read: the offset of its descriptor; -1: not known. */
static long script_line_offset(pid_t pid)
{
	char path[64];
	long pos = -1;
	snprintf(path, sizeof path, "/proc/%d/fdinfo/255", (int)pid);
	FILE *f = fopen(path, "re");
	if (f && fscanf(f, "pos: %ld", &pos) != 1)
		pos = -1;
	if (f)
		fclose(f);
	return pos;
}

/* The script's text, allocated; NULL if it is too long or can't be read. */
static char *script_line_read(const char *path)
{
	char *text = malloc(SCRIPT_MAX + 1);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	ssize_t n = text && fd >= 0 ? pread(fd, text, SCRIPT_MAX + 1, 0) : -1;
	if (fd >= 0)
		close(fd);
	if (n < 0 || n > SCRIPT_MAX || memchr(text, '\0', (size_t)n)) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

bool script_line_find(pid_t pid, const char *word, struct script_line *out)
{
	char path[64], target[PATH_MAX];
	struct stat st;
	*out = (struct script_line){.line = 0};
	snprintf(path, sizeof path, "/proc/%d/fd/255", (int)pid);
	ssize_t n = readlink(path, target, sizeof target - 1);
	if (n <= 0 || stat(path, &st) || !S_ISREG(st.st_mode))
		return false;
	target[n] = '\0';
	snprintf(out->name, sizeof out->name, "%.63s", name_base(target));
	long pos = script_line_offset(pid);
	char *script = pos > 0 ? script_line_read(path) : NULL;
	if (script && (size_t)pos <= strlen(script)) {
		script_line_locate(script, (size_t)pos, word, out);
		script_line_find_unset(pid, script, out);
	}
	free(script);
	return true;
}
