/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_output.c - the text that a command of a shell text writes, where its words tell: echo, printf, find, base64 -d. */
#include <string.h>

#include "base/name.h"
#include "subject/shell/shell_internal.h"

bool shell_is_program(const struct shell_list *l, const char *name)
{
	return l->n && !strcmp(name_program(l->words[0]), name);
}

/* Append the escape after a backslash in the words of printf and echo -e. */
static const char *shell_output_put_escape(const char *p, struct strbuf *out)
{
	static const char letters[] = "abefnrtv", meanings[] = "\a\b\033\f\n\r\t\v";
	const char *letter = *p ? strchr(letters, *p) : NULL;
	if (*p >= '0' && *p <= '7') {
		unsigned v = 0;
		for (int i = 0; i < 4 && *p >= '0' && *p <= '7'; i++)
			v = v * 8 + (unsigned)(*p++ - '0');
		strbuf_putc(out, (char)v);
		return p;
	}
	if (!letter && *p != '\\')
		strbuf_putc(out, '\\');
	if (*p)
		strbuf_putc(out, letter ? meanings[letter - letters] : *p);
	return p + (*p != '\0');
}

static void shell_output_put_escaped(const char *p, struct strbuf *out)
{
	while (*p)
		if (*p == '\\')
			p = shell_output_put_escape(p + 1, out);
		else
			strbuf_putc(out, *p++);
}

static void shell_output_write_echo(const struct shell_list *l, struct strbuf *out)
{
	bool escapes = false, newline = true;
	size_t i = 1;
	for (; i < l->n && l->words[i][0] == '-' && l->words[i][1] && !l->words[i][1 + strspn(l->words[i] + 1, "neE")];
	     i++) {
		escapes |= strchr(l->words[i], 'e') != NULL;
		newline &= strchr(l->words[i], 'n') == NULL;
	}
	for (size_t first = i; i < l->n; i++) {
		if (i > first)
			strbuf_putc(out, ' ');
		if (escapes)
			shell_output_put_escaped(l->words[i], out);
		else
			strbuf_puts(out, l->words[i]);
	}
	if (newline)
		strbuf_putc(out, '\n');
}

/* Write the format once; *arg is the next argument.  Every conversion except %b writes its argument unchanged. */
static void shell_output_write_format(const struct shell_list *l, const char *p, size_t *arg, struct strbuf *out)
{
	while (*p) {
		if (*p == '\\') {
			p = shell_output_put_escape(p + 1, out);
		} else if (*p == '%' && p[1] != '%') {
			p += 1 + strspn(p + 1, "-+ #0123456789.*");
			const char *text = *arg < l->n ? l->words[(*arg)++] : "";
			if (*p == 'b')
				shell_output_put_escaped(text, out);
			else
				strbuf_puts(out, text);
			p += *p != '\0';
		} else {
			p += *p == '%';
			strbuf_putc(out, *p++);
		}
	}
}

static void shell_output_write_printf(const struct shell_list *l, struct strbuf *out)
{
	size_t format = 1 + (l->n > 1 && !strcmp(l->words[1], "--")), arg = format + 1, before;
	if (format >= l->n)
		return;
	do {
		before = arg;
		shell_output_write_format(l, l->words[format], &arg, out);
	} while (arg > before && arg < l->n);
}

/* A find without tests writes its starting points, among other paths. */
static bool shell_output_write_find(const struct shell_list *l, struct strbuf *out)
{
	static const char *const harmless[] = {"-print", "-print0", "-depth", "-d", "-xdev", "-mount", NULL};
	size_t roots = 1;
	char end = '\n';
	while (roots < l->n && l->words[roots][0] != '-' && !strchr("(!", l->words[roots][0]))
		roots++;
	for (size_t i = roots; i < l->n; i++) {
		const char *const *h = harmless;
		while (*h && strcmp(*h, l->words[i]))
			h++;
		if (!*h)
			return false;
		end = strcmp(*h, "-print0") ? end : '\0';
	}
	for (size_t i = 1; i < roots; i++) {
		strbuf_puts(out, l->words[i]);
		strbuf_putc(out, end);
	}
	return roots > 1;
}

/* base64 -d, base64 --decode, openssl base64 -d. */
static bool shell_output_decodes(const struct shell_list *l)
{
	size_t i = shell_is_program(l, "openssl") && l->n > 1 && !strcmp(l->words[1], "base64") ? 2 : 1;
	bool decodes = false;
	if (i == 1 && !shell_is_program(l, "base64"))
		return false;
	for (; i < l->n; i++) {
		const char *word = l->words[i];
		if (*word != '-')
			return false; /* a file */
		decodes |= !strcmp(word, "--decode") || (word[1] != '-' && strpbrk(word, "dD"));
	}
	return decodes;
}

/* Decode what the command reads.  Bytes that are not of the alphabet are skipped, as by -i. */
static void shell_output_write_decoded(const struct shell_list *l, struct strbuf *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned long bits = 0;
	unsigned n = 0;
	for (size_t i = 0; i < l->text.len && l->text.s[i] != '='; i++) {
		const char *at = l->text.s[i] ? strchr(alphabet, l->text.s[i]) : NULL;
		if (!at)
			continue;
		bits = (bits << 6 | (unsigned long)(at - alphabet)) & 0xffffff;
		if ((n += 6) < 8)
			continue;
		n -= 8;
		char c = (char)(bits >> n & 0xff);
		if (c) /* no command of a shell has a NUL */
			strbuf_putc(out, c);
	}
}

bool shell_output_of(const struct shell_list *l, struct strbuf *out)
{
	if (shell_is_program(l, "echo"))
		shell_output_write_echo(l, out);
	else if (shell_is_program(l, "printf"))
		shell_output_write_printf(l, out);
	else if (shell_is_program(l, "find"))
		return shell_output_write_find(l, out);
	else if (l->input == SHELL_INPUT_TEXT && shell_output_decodes(l))
		shell_output_write_decoded(l, out);
	else if (l->input == SHELL_INPUT_TEXT && shell_hands_on(l))
		strbuf_put(out, l->text.s ? l->text.s : "", l->text.len);
	else
		return false;
	return true;
}

bool shell_is_silent(const struct shell_list *l)
{
	static const char *const names[] = {":",     "[",     "cd",   "exit",  "export", "local", "mkdir", "set",
					    "shopt", "sleep", "test", "touch", "true",   "umask", "unset", "wait"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (shell_is_program(l, names[i]))
			return true;
	return false;
}
