/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper_text.c - finds the commands of a shell text, each with its environment, the files it opens for writing, and
 * the commands whose output it reads. */
#include "subject/wrappers/wrapper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "base/strbuf.h"
#include "subject/wrappers/wrapper_content.h"

/* NAME=VALUE COMMAND as `env` would receive it, for rules about the environment. */
static int wrapper_text_add_assigned(struct wrapper_walk *p, const struct shell_command *command)
{
	size_t n = 0;
	while (command->assigned && command->assigned[n])
		n++;
	const char **words = n ? calloc(n + command->n + 1, sizeof *words) : NULL;
	if (!words)
		return n ? -ENOMEM : 0;
	words[0] = "env";
	memcpy(words + 1, command->assigned, n * sizeof *words);
	memcpy(words + 1 + n, command->words, command->n * sizeof *words);
	int r = subjects_add(p->out, words, n + 1 + command->n, p->elsewhere);
	free(words);
	return r;
}

/* Add `> FILE` and `>> FILE` as subjects of their own. */
static int wrapper_text_add_outputs(struct wrapper_walk *p, const struct shell_command *command)
{
	int r = 0;
	for (size_t i = 0; !r && command->outputs && command->outputs[i]; i += 2)
		r = subjects_add(p->out, command->outputs + i, 2, p->elsewhere);
	return r;
}

int wrapper_pipeline(struct wrapper_walk *p, const char *writer, const char *const *words, size_t n)
{
	cleanup_strbuf struct strbuf text = {0};
	strbuf_puts(&text, writer);
	strbuf_puts(&text, " | ");
	subject_put_words(&text, words, n);
	cleanup_strbuf struct strbuf program = {0};
	strbuf_put(&program, writer, strcspn(writer, " "));
	if (text.err || program.err)
		return -ENOMEM;
	struct subject s = {.elsewhere = p->elsewhere};
	int r = subject_of_text(&s, program.s, text.s, text.s);
	if (!r)
		return subjects_take(p->out, &s);
	subject_free(&s);
	return r;
}

/* Judge the commands of a crontab: the text after five fields, or after @daily. */
static int wrapper_text_peel_crontab(struct wrapper_walk *p, const char *text)
{
	int r = 0;
	for (const char *line = text; !r && *line;) {
		size_t len = strcspn(line, "\n");
		char *copy = strndup(line, len), *command = copy;
		if (!copy)
			return -ENOMEM;
		for (int fields = *copy == '@' ? 1 : 5; fields; fields--) {
			command += strcspn(command, " \t");
			command += strspn(command, " \t");
		}
		if (*copy != '#')
			r = wrapper_text(p, command);
		free(copy);
		line += len + (line[len] == '\n');
	}
	return r;
}

/* A function whose body starts it twice, in a pipe: f() { f | f & }.  The subject is `function f | f`. */
static int wrapper_text_add_fork_bomb(struct wrapper_walk *p, const struct shell_command *command)
{
	const char *name = command->words[0];
	cleanup_strbuf struct strbuf function = {0};
	if (!p->vars || strcmp(command->writers[0], name) || !shell_is_function(p->vars, name))
		return 0;
	strbuf_printf(&function, "function %s", name);
	return function.err ? -ENOMEM : wrapper_pipeline(p, function.s, command->words, 1);
}

/* crontab -l | sed ... | crontab -: the jobs of before go back, edited.  The pipeline is the subject, not `crontab -` alone. */
static int wrapper_text_add_edited_crontab(struct wrapper_walk *p, const struct shell_command *command, bool *edited)
{
	static const char list[] = "crontab -l | ";
	*edited = command->n == 2 && !strcmp(name_program(command->words[0]), "crontab") &&
		  !strcmp(command->words[1], "-") && command->writers &&
		  !strncmp(command->writers[0], list, sizeof list - 1) && !command->writers[1];
	return *edited ? wrapper_pipeline(p, command->writers[0], command->words, 2) : 0;
}

/* Judge what a shell, crontab or another interpreter reads.  Returns SHELL_READS_INPUT if that follows. */
static int wrapper_text_peel_input(struct wrapper_walk *p, const struct wrapper_walk *inner,
				   enum shell_input_kind given)
{
	struct wrapper_walk script = *p;
	bool code = inner->codes && !inner->reads;
	script.depth++;
	script.input = (struct shell_input){SHELL_INPUT_UNKNOWN, "", 0};
	if (inner->input.kind == SHELL_INPUT_LATER)
		return SHELL_READS_INPUT;
	if (inner->input.kind == SHELL_INPUT_TEXT)
		return code           ? wrapper_code(&script, inner->codes, inner->input.text) :
		       inner->crontab ? wrapper_text_peel_crontab(&script, inner->input.text) :
					wrapper_text(&script, inner->input.text);
	if (inner->crontab || code)
		return 0;
	if (inner->input.kind == SHELL_INPUT_UNKNOWN && inner->input.len)
		return wrapper_text(&script, inner->input.text);
	if (given == SHELL_INPUT_FILE)
		return content_of_script(&script, inner->input.text);
	p->reads |= given == SHELL_INPUT_INHERITED;
	return 0;
}

/* "$W", where W is `git clean -f`: one word with blanks, which no program is called.  Whoever wrote it meant its words. */
static int wrapper_text_peel_quoted(struct wrapper_walk *p, const char *word)
{
	size_t n = strcspn(word, " \t\n");
	struct wrapper_walk script = *p;
	script.depth++;
	return n && word[n] && !memchr(word, '/', n) && script.depth < WRAPPER_DEPTH_MAX ? wrapper_text(&script, word) :
											   0;
}

/* Judge a command with the standard input that the text gives it. */
static int wrapper_text_each_command(const struct shell_command *command, void *data)
{
	struct wrapper_walk *p = data;
	struct wrapper_walk inner = *p;
	inner.reads = inner.crontab = false;
	inner.codes = NULL;
	if (command->input.kind != SHELL_INPUT_INHERITED)
		inner.input = command->input;
	int r = command->n ? wrapper_text_add_assigned(p, command) : 0;
	if (!r)
		r = wrapper_environment(&inner, command->assigned);
	if (!r)
		r = wrapper_text_add_outputs(p, command);
	bool edited = false;
	if (!r)
		r = wrapper_text_add_edited_crontab(p, command, &edited);
	if (!r && command->n && !edited)
		r = wrapper_command(&inner, command->words, command->n);
	if (!r && command->n == 1)
		r = wrapper_text_peel_quoted(p, command->words[0]);
	bool runs = inner.reads || inner.codes;
	for (const char *const *w = command->writers; !r && runs && w && *w; w++)
		r = wrapper_pipeline(p, *w, command->words, command->n);
	if (!r && command->n)
		r = wrapper_download(p, command);
	if (!r && command->n == 1 && command->writers)
		r = wrapper_text_add_fork_bomb(p, command);
	return r || !runs ? r : wrapper_text_peel_input(p, &inner, command->input.kind);
}

int wrapper_text(struct wrapper_walk *p, const char *text)
{
	size_t len;
	const char *body = shell_here_whole(text, &len);
	if (body)
		return shell_commands(body, len, p->vars, wrapper_text_each_command, p);
	return shell_commands(text, strlen(text), p->vars, wrapper_text_each_command, p);
}

/* Are the words a shell with -c TEXT, where the text has blanks? */
static bool wrapper_text_is_shell(const char *const *words, size_t n)
{
	for (size_t i = 1; i + 1 < n; i++) {
		size_t len = strlen(words[i]);
		if (len > 1 && words[i][0] == '-' && words[i][len - 1] == 'c' && strpbrk(words[i + 1], " \t\n"))
			return true;
	}
	return false;
}

int wrapper_joined(struct wrapper_walk *p, const char *const *words, size_t n)
{
	cleanup_strbuf struct strbuf text = {0};
	for (size_t i = 0; i < n; i++) {
		if (i)
			strbuf_putc(&text, ' ');
		strbuf_puts(&text, words[i]);
	}
	if (text.err)
		return text.err;
	int r = text.s ? wrapper_text(p, text.s) : 0;
	/* watch sh -c 'git clean': joined, it is `sh -c git clean`, but whoever wrote it meant the words as they are */
	return !r && wrapper_text_is_shell(words, n) ? wrapper_command(p, words, n) : r;
}
