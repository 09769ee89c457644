/* SPDX-License-Identifier: BSD-2-Clause */
/* oneliner.c - finds the commands in an interpreter's one-liner: literals passed to calls that start programs. */
#include "subject/code/oneliner_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How a call interprets its arguments. */
enum form {
	FORM_NONE,
	FORM_TEXT,          /* the first is shell text or a list of words */
	FORM_WORDS,         /* one string is shell text; several (or a list) are words */
	FORM_ARGV,          /* the file comes first, then the words with argv[0] */
	FORM_REMOVES,       /* files, as for rm ... */
	FORM_REMOVES_TREES, /* ... or rm -rf */
};

static const struct {
	enum oneliner_language language;
	enum form form;
	const char *names; /* separated by blanks */
} calls[] = {
	{ONELINER_PYTHON, FORM_TEXT,
	 "system popen run call check_call check_output Popen getoutput getstatusoutput spawn "
	 "create_subprocess_shell"},
	{ONELINER_PYTHON, FORM_WORDS, "create_subprocess_exec"},
	{ONELINER_PYTHON, FORM_ARGV,
	 "execl execle execlp execlpe execv execve execvp execvpe spawnl spawnle spawnlp "
	 "spawnlpe spawnv spawnve spawnvp spawnvpe posix_spawn posix_spawnp"},
	{ONELINER_PYTHON, FORM_REMOVES_TREES, "rmtree removedirs"},
	{ONELINER_PYTHON, FORM_REMOVES, "remove unlink rmdir"},
	{ONELINER_NODE, FORM_REMOVES_TREES, "rm rmSync rmdirSync rimraf rimrafSync removeSync emptyDir emptyDirSync"},
	{ONELINER_NODE, FORM_REMOVES, "unlink unlinkSync"},
	{ONELINER_PERL, FORM_REMOVES_TREES, "rmtree remove_tree"},
	{ONELINER_PERL, FORM_REMOVES, "unlink rmdir"},
	{ONELINER_RUBY, FORM_REMOVES_TREES, "rm_rf rm_r rmtree remove_dir remove_entry remove_entry_secure"},
	{ONELINER_RUBY, FORM_REMOVES, "rm rm_f unlink"},
	{ONELINER_PHP, FORM_REMOVES, "unlink rmdir"},
	{ONELINER_LUA, FORM_TEXT, "execute popen"},
	{ONELINER_LUA, FORM_REMOVES, "remove"},
	{ONELINER_R, FORM_TEXT, "system shell"},
	{ONELINER_R, FORM_REMOVES_TREES, "unlink dir_delete"},
	{ONELINER_R, FORM_REMOVES, "remove"},
	{ONELINER_NODE, FORM_TEXT, "exec execSync $"},
	{ONELINER_NODE, FORM_WORDS, "spawn spawnSync execFile execFileSync"},
	{ONELINER_PERL, FORM_WORDS, "system exec"},
	{ONELINER_RUBY, FORM_WORDS,
	 "system exec spawn popen capture2 capture2e capture3 popen2 popen2e popen3 pipeline"},
	{ONELINER_PHP, FORM_TEXT, "system exec shell_exec passthru popen proc_open"},
	{ONELINER_AWK, FORM_TEXT, "system"},
};

enum { WORDS_MAX = 256 };

/* The arguments of a call that are literals. */
struct arguments {
	char *words[WORDS_MAX]; /* owned */
	size_t n;
	bool list;    /* some of them are a list, */
	size_t first; /* beginning with this one */
	int err;
};

static void oneliner_arguments_free(struct arguments *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->words[i]);
}

static bool oneliner_in_name(char c)
{
	return c == '_' || c == '$' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static enum form oneliner_form_of(enum oneliner_language language, const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		const char *known = calls[i].names, *p = known;
		if (calls[i].language != language)
			continue;
		while (p && *p) {
			size_t len = strcspn(p, " ");
			if (len == n && !memcmp(p, name, n))
				return calls[i].form;
			p += len + (p[len] == ' ');
		}
	}
	return FORM_NONE;
}

/* Append literals joined into one string: "a" "b", "a" + x, 'a' . 'b'.  Returns false if there is no literal. */
static bool oneliner_read_joined(struct scan *s, struct strbuf *out)
{
	if (!oneliner_string(s, out, NULL))
		return false;
	for (;;) {
		oneliner_skip(s);
		bool joined = *s->at && strchr("+.", *s->at) && s->at[1] != '=';
		struct scan ahead = *s;
		if (joined)
			ahead.at++;
		oneliner_skip(&ahead);
		const char *before = ahead.at;
		if (oneliner_string(&ahead, out, NULL)) {
			s->at = ahead.at;
		} else if (joined && (*s->at == '+' ? oneliner_in_name(*before) : *before == '$')) {
			strbuf_puts(out, "$computed");
			s->at = before;
			while (oneliner_in_name(*s->at))
				s->at++;
		} else {
			return true;
		}
	}
}

/* Skip the rest of an argument: up to a comma or to the end of the call, or without parentheses to the end of the
 * line. */
static void oneliner_skip_argument(struct scan *s, char close)
{
	const char *ends = close ? ",;)]}" : ",;)]}\n";
	for (size_t depth = 0; *s->at;) {
		char c = *s->at;
		if (oneliner_string(s, NULL, NULL))
			continue;
		if (!depth && strchr(ends, c))
			return;
		depth += strchr("([{", c) ? 1 : strchr(")]}", c) ? -1ul : 0;
		s->at++;
	}
}

static void oneliner_add_word(struct arguments *a, struct strbuf *word)
{
	char *text = word->err ? NULL : word->s ? strbuf_take(word) : strdup("");
	if (text && a->n < WORDS_MAX)
		a->words[a->n++] = text;
	else
		free(text);
	if (!text)
		a->err = -ENOMEM;
}

/* Read the arguments of a list or a call up to `close` (NUL: the end of the statement).  An argument that is not a
 * literal is left out of a call; in a list it becomes $computed. */
static void oneliner_read_arguments(struct scan *s, struct arguments *a, char close, bool list)
{
	for (bool more = true; more;) {
		static const char keyword[] = "args=";
		cleanup_strbuf struct strbuf word = {0};
		oneliner_skip(s);
		if (!*s->at || (close && *s->at == close))
			break;
		if (!strncmp(s->at, keyword, sizeof keyword - 1)) /* Python's own name for the first argument */
			s->at += sizeof keyword - 1;
		if (oneliner_read_joined(s, &word)) {
			oneliner_add_word(a, &word);
		} else if (*s->at == '[' && !list) {
			s->at++;
			a->list = true;
			a->first = a->n;
			oneliner_read_arguments(s, a, ']', true);
			s->at += *s->at == ']';
		} else if (list) {
			strbuf_puts(&word, "$computed");
			oneliner_add_word(a, &word);
		}
		oneliner_skip_argument(s, close);
		more = *s->at == ',';
		s->at += more;
	}
}

/* Report rm [-rf] FILES; a computed file appears as $computed. */
static int oneliner_tell_removed(const struct scan *s, const struct arguments *a, bool trees)
{
	const char *words[WORDS_MAX + 3] = {"rm", "-rf"};
	size_t n = trees ? 2 : 1;
	for (size_t i = 0; i < a->n; i++)
		words[n++] = a->words[i];
	if (!a->n)
		words[n++] = "$computed";
	struct oneliner_call call = {.words = words, .n = n};
	return a->err ? a->err : s->each(&call, s->data);
}

static int oneliner_tell(const struct scan *s, const struct arguments *a, enum form form)
{
	if (form == FORM_REMOVES || form == FORM_REMOVES_TREES)
		return oneliner_tell_removed(s, a, form == FORM_REMOVES_TREES);
	const char *const *words = (const char *const *)a->words;
	struct oneliner_call call = {.words = words, .n = a->n};
	if (a->err || !a->n)
		return a->err;
	if (form == FORM_TEXT ? !a->list : form == FORM_WORDS && a->n == 1 && !a->list)
		call = (struct oneliner_call){.shell = words[0]};
	if (form == FORM_ARGV) { /* argv is the list, or the arguments after the file */
		size_t skip = a->list ? a->first : 1;
		call.words += skip;
		call.n -= skip;
	}
	return call.shell || call.n ? s->each(&call, s->data) : 0;
}

/* Read a call's arguments, with or without parentheses. */
static int oneliner_read_call(struct scan *s, enum form form)
{
	struct arguments a = {0};
	bool bare = s->language == ONELINER_PERL || s->language == ONELINER_RUBY;
	while (*s->at == ' ' || *s->at == '\t')
		s->at++;
	if (*s->at == '(') {
		s->at++;
		oneliner_read_arguments(s, &a, ')', false);
	} else if (bare || *s->at == '`') { /* $`...` in zx */
		oneliner_read_arguments(s, &a, '\0', false);
	} else { /* a name without a call */
		return 0;
	}
	int r = oneliner_tell(s, &a, form);
	oneliner_arguments_free(&a);
	return r;
}

/* Is this awk's `"command" | getline` or `print | "command"`? */
static bool oneliner_is_pipe(const struct scan *s, const char *before)
{
	const char *after = s->at + strspn(s->at, " \t");
	while (before > s->begin && (before[-1] == ' ' || before[-1] == '\t' || before[-1] == '&'))
		before--;
	if (s->language != ONELINER_AWK)
		return false;
	bool from = after[0] == '|' && after[1] != '|' && !strncmp(after + 1 + strspn(after + 1, " \t&"), "getline", 7);
	return from || (before > s->begin && before[-1] == '|' && (before - 1 == s->begin || before[-2] != '|'));
}

static int oneliner_read_literal(struct scan *s, bool *found)
{
	cleanup_strbuf struct strbuf text = {0};
	const char *before = s->at;
	bool commands;
	*found = oneliner_string(s, &text, &commands);
	if (!*found || !text.s || !(commands || oneliner_is_pipe(s, before)))
		return text.err;
	struct oneliner_call call = {.shell = text.s};
	return text.err ? text.err : s->each(&call, s->data);
}

int oneliner_commands(enum oneliner_language language, const char *text, oneliner_fn *each, void *data)
{
	struct scan s = {.language = language, .begin = text, .at = text, .each = each, .data = data};
	int r = 0;
	while (!r) {
		oneliner_skip(&s);
		if (!*s.at)
			break;
		bool literal;
		r = oneliner_read_literal(&s, &literal);
		if (literal || r)
			continue;
		const char *name = s.at;
		while (oneliner_in_name(*s.at))
			s.at++;
		enum form form = oneliner_form_of(language, name, (size_t)(s.at - name));
		if (form)
			r = oneliner_read_call(&s, form);
		s.at += s.at == name;
	}
	return r;
}
