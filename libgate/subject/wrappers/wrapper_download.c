/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper_download.c - a file that one command of a shell text downloads and another one runs: curl -o f URL && sh f.
 *
 * The text's table of variables remembers the files, under names that no variable has: "<" and the base name, since the text
 * may change the directory in between. */
#include <errno.h>
#include <string.h>

#include "base/name.h"
#include "base/strbuf.h"
#include "subject/shell/shell_var_table.h"
#include "subject/wrappers/wrapper.h"

/* The options of each program that name the file (`file`), or that take it from the URL (`url`; "": it always does). */
static const struct {
	const char *name, *valued, *file, *url;
} downloaders[] = {
	{"curl", "-A -b -c -d -e -E -F -H -K -m -T -u -U -w -x -X -y -Y -z", "-o --output", "-O --remote-name"},
	{"wget", "-a -B -e -i -l -o -P -t -T -U -w", "-O --output-document", ""},
	{"wget2", "-a -B -e -i -l -o -P -t -T -U -w", "-O --output-document", ""},
	{"aria2c", "-d -i -j -s -x", "-o --out", ""},
	{"fetch", "-B -i -S -T -w", "-o --output", ""},
	{"http", "-a -A -p -s", "-o --output", NULL},
	{"https", "-a -A -p -s", "-o --output", NULL},
};

/* "<" and the base name of a file or URL.  Returns its length, 0 if there is none. */
static size_t wrapper_download_key(const char *file, char *key, size_t size)
{
	const char *end = file + strcspn(file, "?#"), *name = end;
	while (name > file && name[-1] != '/')
		name--;
	size_t len = (size_t)(end - name);
	if (!len || len + 2 > size)
		return 0;
	key[0] = '<';
	memcpy(key + 1, name, len);
	key[len + 1] = '\0';
	return len + 1;
}

static int wrapper_download_remember(struct wrapper_walk *p, const char *file, const char *command)
{
	char key[256];
	size_t len = wrapper_download_key(file, key, sizeof key);
	return len ? shell_vars_set(p->vars, key, len, command) : 0;
}

/* The file that the words of a downloader name, or NULL. */
static const char *wrapper_download_file(const char *const *words, size_t n)
{
	const char *program = name_program(words[0]), *url = NULL, *file = NULL;
	bool from_url = false;
	size_t k = 0;
	while (k < sizeof downloaders / sizeof *downloaders && strcmp(downloaders[k].name, program))
		k++;
	if (k == sizeof downloaders / sizeof *downloaders)
		return NULL;
	const char *const lists[OPTION_LISTS] = {downloaders[k].valued, downloaders[k].file, NULL};
	from_url = downloaders[k].url && !*downloaders[k].url;
	for (size_t i = 1; i < n;) {
		const char *word = words[i];
		struct option_use use = {.list = OPTION_FLAG, .width = 1};
		if (*word == '-')
			use = wrapper_option(word, i + 1 < n ? words[i + 1] : NULL, lists);
		else
			url = word;
		if (use.list == OPTION_TEXT)
			file = use.value;
		if (downloaders[k].url && use.list != OPTION_VALUED && *word == '-')
			from_url |= wrapper_listed(downloaders[k].url, word, strlen(word), ' ') ||
				    (word[1] != '-' && *downloaders[k].url && strchr(word, downloaders[k].url[1]));
		i += use.width;
	}
	return file ? file : from_url ? url : NULL;
}

/* Remember what a downloader writes by its options or its redirections. */
static int wrapper_download_note(struct wrapper_walk *p, const struct shell_command *command)
{
	const char *file = wrapper_download_file(command->words, command->n);
	cleanup_strbuf struct strbuf text = {0};
	subject_put_words(&text, command->words, command->n);
	int r = text.err;
	if (!r && file)
		r = wrapper_download_remember(p, file, text.s);
	for (size_t k = 0; !r && k < sizeof downloaders / sizeof *downloaders; k++)
		for (size_t i = 0; !r && !strcmp(downloaders[k].name, name_program(command->words[0])) &&
				   command->outputs && command->outputs[i];
		     i += 2)
			r = wrapper_download_remember(p, command->outputs[i + 1], text.s);
	return r;
}

/* The file that a command runs: a shell's or interpreter's first operand, or the command itself. */
static const char *wrapper_download_run(const char *const *words, size_t n)
{
	const char *program = name_program(words[0]);
	bool sources = !strcmp(program, "source") || !strcmp(program, ".");
	if (!sources && !wrapper_interpreter(program))
		return strchr(words[0], '/') ? words[0] : NULL;
	for (size_t i = 1; i < n; i++)
		if (*words[i] != '-')
			return words[i];
	return NULL;
}

int wrapper_download(struct wrapper_walk *p, const struct shell_command *command)
{
	if (!p->vars || !command->n)
		return 0;
	const char *const *words = command->words;
	size_t n = command->n;
	if (n > 1 && wrapper_listed("sudo doas", name_program(*words), strlen(name_program(*words)), ' ')) {
		words++;
		n--;
	}
	const char *run = wrapper_download_run(words, n);
	char key[256];
	size_t len = run ? wrapper_download_key(run, key, sizeof key) : 0;
	const char *writer = len ? shell_vars_get(p->vars, key, len) : NULL;
	return writer ? wrapper_pipeline(p, writer, words, n) : wrapper_download_note(p, command);
}
