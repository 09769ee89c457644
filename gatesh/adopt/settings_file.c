/* SPDX-License-Identifier: BSD-2-Clause */
/* settings_file.c - gatesh's part of a settings file.  See settings_file.h. */
#include "adopt/settings_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adopt/hook_entries.h"
#include "adopt/shim.h"
#include "base/paths.h"

static const char begin[] = "# >>> gatesh install >>>\n", end[] = "# <<< gatesh install <<<\n";
static const char own_mark[] = "Written by gatesh install";

/* "GATESH hook claude" for a shell. */
static char *settings_hook_command(const struct agent *a, const char *options)
{
	cleanup_strbuf struct strbuf b = {0};
	shim_put_word(&b, gate_path(GATE_PATH_GATESH));
	strbuf_printf(&b, " hook %s%s", a->name, options);
	return b.err ? NULL : strbuf_take(&b);
}

int settings_of_hooks(struct settings_file *f, const struct agent *a, const char *options)
{
	*f = (struct settings_file){.kind = a->own ? SETTINGS_OWN : SETTINGS_ENTRIES, .agent = a, .mode = 0600};
	int err = agent_file(a, f->path, sizeof f->path);
	char *command = settings_hook_command(a, options);
	if (a->own && command) {
		f->text = agent_own_file(a, command);
		free(command);
	} else {
		f->text = command;
	}
	return err ? err : f->text ? 0 : -ENOMEM;
}

int settings_of_shim(struct settings_file *f, const struct agent *a)
{
	*f = (struct settings_file){.kind = SETTINGS_OWN, .agent = a, .mode = 0755};
	int err = shim_path(f->path, sizeof f->path, a->program);
	f->text = shim_text(a->program);
	return err ? err : f->text ? 0 : -ENOMEM;
}

/* Where a shell of a person's terminal starts: bash and zsh in the home, or zsh where ZDOTDIR says; fish below the configuration. */
static int settings_shell_path(const char *shell, char *buf, size_t size)
{
	char room[GATE_HOME_SIZE];
	const char *home = gate_home(room, sizeof room), *dir = NULL;
	bool zsh = !strcmp(shell, "zsh"), fish = !strcmp(shell, "fish");
	if (!zsh && !fish && strcmp(shell, "bash"))
		return -EINVAL;
	if (zsh || fish)
		dir = getenv(zsh ? "ZDOTDIR" : "XDG_CONFIG_HOME");
	bool given = dir && *dir == '/';
	if (!given && !home)
		return -ENOENT;
	int n = snprintf(buf, size, "%s%s/%s", given ? dir : home, fish && !given ? "/.config" : "",
			 fish ? "fish/conf.d/gate.fish" :
			 zsh  ? ".zshrc" :
				".bashrc");
	return n < (int)size ? 0 : -ENAMETOOLONG;
}

/* The lines that put the directory of shims first in PATH, for bash and zsh or for fish. */
static void settings_put_path(struct strbuf *b, bool fish)
{
	char dir[PATH_MAX];
	cleanup_strbuf struct strbuf word = {0};
	if (shim_path(dir, sizeof dir, NULL))
		return;
	shim_put_word(&word, dir);
	const char *w = word.s ? word.s : "";
	if (fish)
		strbuf_printf(b, "contains %s $PATH; or set -gx PATH %s $PATH\n", w, w);
	else
		strbuf_printf(b, "case :$PATH: in *:%s:*) ;; *) PATH=%s:$PATH ;; esac\n", w, w);
}

int settings_of_shell(struct settings_file *f, const char *shell, bool asks)
{
	bool fish = !strcmp(shell, "fish");
	cleanup_strbuf struct strbuf b = {0}, gatesh = {0};
	*f = (struct settings_file){.kind = fish ? SETTINGS_OWN : SETTINGS_BLOCK, .mode = 0644};
	int err = settings_shell_path(shell, f->path, sizeof f->path);
	if (err)
		return err;
	shim_put_word(&gatesh, gate_path(GATE_PATH_GATESH));
	const char *g = gatesh.s ? gatesh.s : "";
	if (fish)
		strbuf_printf(&b, "# %s; gatesh uninstall removes it.\n", own_mark);
	settings_put_path(&b, fish);
	if (asks && fish)
		strbuf_printf(&b, "test -x %s; and %s shell-init fish | source\n", g, g);
	else if (asks)
		strbuf_printf(&b, "[ ! -x %s ] || eval \"$(%s shell-init %s)\"\n", g, g, shell);
	f->text = strbuf_take(&b);
	return f->text && !gatesh.err ? 0 : -ENOMEM;
}

void settings_free(struct settings_file *f)
{
	free(f->text);
	f->text = NULL;
}

/* Find the block, with its marks and the newline that was put before it.  Returns whether there is one. */
static bool settings_find_block(const char *text, size_t len, size_t *from, size_t *to)
{
	const char *a = memmem(text, len, begin, sizeof begin - 1);
	const char *b = a ? memmem(a, len - (size_t)(a - text), end, sizeof end - 1) : NULL;
	if (!b || (a > text && a[-1] != '\n'))
		return false;
	*from = (size_t)(a - text);
	*to = (size_t)(b - text) + sizeof end - 1;
	return true;
}

static bool settings_block_is(const struct settings_file *f, const char *text, size_t from, size_t to)
{
	size_t at = from + sizeof begin - 1, n = to - (sizeof end - 1) - at;
	return n == strlen(f->text) && !memcmp(text + at, f->text, n);
}

/* The mark of a file of gatesh's own.  JSON has no comments: there its command is the mark. */
static bool settings_is_own(const struct settings_file *f, const char *text, size_t len)
{
	return memmem(text, len, own_mark, sizeof own_mark - 1) ||
	       (f->agent && memmem(text, len, " hook copilot", 13) && memmem(text, len, "gatesh", 6));
}

int settings_has(const struct settings_file *f, const char *text, size_t len, bool *current)
{
	size_t from, to, events = 0;
	*current = false;
	switch (f->kind) {
	case SETTINGS_OWN: *current = len == strlen(f->text) && !memcmp(text, f->text, len); return len > 0;
	case SETTINGS_BLOCK:
		if (!settings_find_block(text, len, &from, &to))
			return 0;
		*current = settings_block_is(f, text, from, to);
		return 1;
	case SETTINGS_ENTRIES: break;
	}
	int n = hook_entries_count(f->agent, f->text, text, len, current);
	while (f->agent->events[events].name)
		events++;
	*current = *current && n == (int)events;
	return n < 0 ? n : n > 0;
}

int settings_put(const struct settings_file *f, const char *text, size_t len, struct strbuf *out)
{
	if (f->kind == SETTINGS_ENTRIES)
		return hook_entries_add(f->agent, f->text, text, len, out);
	if (f->kind == SETTINGS_OWN) {
		if (len)
			return -EINVAL;
		strbuf_puts(out, f->text);
		return out->err;
	}
	strbuf_put(out, text, len);
	if (len && text[len - 1] != '\n')
		strbuf_putc(out, '\n');
	strbuf_printf(out, "%s%s%s", begin, f->text, end);
	return out->err;
}

int settings_take(const struct settings_file *f, const char *text, size_t len, struct strbuf *out, bool *nothing)
{
	size_t from = len, to = len;
	int got = 0;
	switch (f->kind) {
	case SETTINGS_OWN:
		if (len && !settings_is_own(f, text, len))
			return -EINVAL;
		break;
	case SETTINGS_BLOCK:
		settings_find_block(text, len, &from, &to);
		strbuf_put(out, text, from);
		strbuf_put(out, text + to, len - to);
		break;
	case SETTINGS_ENTRIES: got = hook_entries_remove(f->agent, text, len, out); break;
	}
	*nothing = !out->len || (got > 0 && out->len <= 3 && !memcmp(out->s, "{}", 2));
	return got < 0 ? got : out->err;
}
