/* SPDX-License-Identifier: BSD-2-Clause */
/* adoption.c - the settings files of agents and shells, and what stands in them.  See adoption.h. */
#include "adopt/adoption.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adopt/backup.h"
#include "adopt/shim.h"
#include "base/name.h"
#include "base/read_file.h"

enum { ADOPTION_READ_MAX = 4 << 20 };

static struct settings_file *adoption_next(struct adoption *a)
{
	return a->n < ADOPTION_FILES_MAX ? &a->files[a->n++] : NULL;
}

static int adoption_add_agent(struct adoption *a, const struct agent *g)
{
	struct settings_file *f;
	int err = 0;
	if (a->ways & ADOPTION_SHIM)
		err = (f = adoption_next(a)) ? settings_of_shim(f, g) : -ENOSPC;
	if (!err && a->ways & ADOPTION_HOOKS)
		err = (f = adoption_next(a)) ? settings_of_hooks(f, g, a->allow_tools ? " --allow-tools" : "") :
					       -ENOSPC;
	return err;
}

int adoption_add(struct adoption *a, const char *name)
{
	const struct agent *g = agent_find(name);
	struct settings_file *f;
	if (g)
		return adoption_add_agent(a, g);
	if (strcmp(name, "bash") && strcmp(name, "zsh") && strcmp(name, "fish"))
		return -EINVAL;
	return (f = adoption_next(a)) ? settings_of_shell(f, name, true) : -ENOSPC;
}

/* Read a settings file.  Returns whether there is one. */
static bool adoption_read(const struct settings_file *f, struct strbuf *text)
{
	return !read_file(f->path, ADOPTION_READ_MAX, text, NULL) && text->s;
}

/* Does the file have gatesh's part? */
static bool adoption_has(const struct settings_file *f, bool *current)
{
	cleanup_strbuf struct strbuf text = {0};
	*current = false;
	return adoption_read(f, &text) && settings_has(f, text.s, text.len, current) > 0;
}

/* Is a shim of any agent installed, but for those that `a` is about? */
static bool adoption_has_other_shims(const struct adoption *a)
{
	for (const struct agent *g = agents; g->name; g++) {
		char path[PATH_MAX];
		bool named = false;
		if (shim_path(path, sizeof path, g->program) || access(path, F_OK))
			continue;
		for (size_t i = 0; i < a->n; i++)
			named = named || !strcmp(a->files[i].path, path);
		if (!named)
			return true;
	}
	return false;
}

int adoption_add_path(struct adoption *a)
{
	const char *shell = getenv("SHELL");
	struct settings_file *f = shell && a->ways & ADOPTION_SHIM ? adoption_next(a) : NULL;
	bool current;
	if (!f)
		return 0;
	int err = settings_of_shell(f, name_base(shell), false);
	bool has = !err && adoption_has(f, &current);
	bool wanted = a->uninstalls ? has && current && !adoption_has_other_shims(a) : !err && !has;
	for (size_t i = 0; i + 1 < a->n; i++)
		wanted = wanted && strcmp(a->files[i].path, f->path) != 0;
	if (!wanted) {
		settings_free(f);
		a->n--;
	}
	return err == -EINVAL ? 0 : err;
}

void adoption_free(struct adoption *a)
{
	for (size_t i = 0; i < a->n; i++)
		settings_free(&a->files[i]);
	a->n = 0;
}

void adoption_look(const struct agent *g, struct adoption_state *s)
{
	struct settings_file f;
	cleanup_strbuf struct strbuf text = {0};
	bool shim_current = true, current = true, allows;
	*s = (struct adoption_state){.here = agent_is_here(g)};
	agent_version(g, s->version, sizeof s->version);
	if (!settings_of_shim(&f, g) && (s->shim = adoption_has(&f, &shim_current)))
		backup_version(f.path, s->since, sizeof s->since);
	settings_free(&f);
	s->shim_first = s->shim && shim_is_first(g->program);
	if (!settings_of_hooks(&f, g, "") && adoption_read(&f, &text))
		s->hooks = settings_has(&f, text.s, text.len, &current) > 0;
	if (s->hooks && !*s->since)
		backup_version(f.path, s->since, sizeof s->since);
	snprintf(s->settings, sizeof s->settings, "%s", f.path);
	settings_free(&f);
	if (s->hooks && !current && !settings_of_hooks(&f, g, " --allow-tools")) {
		settings_has(&f, text.s, text.len, &allows);
		current = allows;
		settings_free(&f);
	}
	s->stale = (s->hooks && !current) || (s->shim && !shim_current);
}

/* " (shim and hooks, since Gate 0.1.0; version 2.1.197)", as far as it is known. */
static void adoption_put_way(const struct adoption_state *s, struct strbuf *out)
{
	const char *way = s->shim && s->hooks ? "shim and hooks" : s->shim ? "shim" : "hooks";
	bool installed = s->shim || s->hooks;
	if (!installed && !*s->version)
		return;
	strbuf_puts(out, " (");
	if (installed)
		strbuf_puts(out, way);
	if (installed && *s->since)
		strbuf_printf(out, ", since Gate %s", s->since);
	if (*s->version)
		strbuf_printf(out, "%sversion %s", installed ? "; " : "", s->version);
	strbuf_putc(out, ')');
}

void adoption_describe(const struct adoption_state *s, char *text, size_t size)
{
	const char *start = s->shim_first ? "starts in a session" :
			    s->shim       ? "has a shim that PATH does not lead to" :
					    "",
		   *join = *start && s->hooks ? ", " : "", *hooks = s->hooks ? "tells Gate of each tool call" : "";
	cleanup_strbuf struct strbuf way = {0};
	adoption_put_way(s, &way);
	snprintf(text, size, "%s%s%s%s%s", *start || *hooks ? start : "not gated", join, hooks,
		 s->stale ? ", by another installation of Gate" : "", way.s ? way.s : "");
}
