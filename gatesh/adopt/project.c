/* SPDX-License-Identifier: BSD-2-Clause */
/* project.c - guesses what a project's .gate/ should have.  See project.h. */
#include "adopt/project.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adopt/agents.h"

enum { PROJECT_CONFIG_MAX = 64 << 10 };

static bool project_has(int dirfd, const char *name)
{
	return !faccessat(dirfd, name, F_OK, 0);
}

static void project_add(struct strbuf *list, const char *word, size_t n)
{
	if (list->len)
		strbuf_putc(list, ' ');
	strbuf_put(list, word, n);
}

void project_set_name(struct project *p, const char *text)
{
	size_t n = 0;
	for (const char *s = text; *s && n + 1 < sizeof p->name; s++) {
		int c = tolower((unsigned char)*s);
		if ((c >= 'a' && c <= 'z') || isdigit(c))
			p->name[n++] = (char)c;
		else if (n && p->name[n - 1] != '-')
			p->name[n++] = '-';
	}
	while (n && p->name[n - 1] == '-')
		n--;
	p->name[n] = '\0';
	if (!n)
		snprintf(p->name, sizeof p->name, "project");
}

/* Add hosts that are not in the list yet. */
static void project_add_hosts(struct project *p, const char *hosts)
{
	if (!p->hosts.len || !strstr(p->hosts.s, hosts))
		project_add(&p->hosts, hosts, strlen(hosts));
}

/* The servers of the models, as the agents' manuals name them for a firewall. */
static void project_guess_models(struct project *p)
{
	static const struct {
		const char *agent, *hosts;
	} models[] = {{"claude", "api.anthropic.com"},
		      {"codex", "api.openai.com"},
		      {"gemini", "generativelanguage.googleapis.com"},
		      {"copilot", "api.githubcopilot.com"}};
	for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
		const struct agent *a = agent_find(models[i].agent);
		if (a && agent_is_here(a))
			project_add_hosts(p, models[i].hosts);
	}
}

/* The registries that a language's tool fetches from, as its manual names them. */
static void project_guess_registries(struct project *p, int dirfd)
{
	static const struct {
		const char *file, *hosts;
	} languages[] = {{"package.json", "registry.npmjs.org"},
			 {"pyproject.toml", "pypi.org files.pythonhosted.org"},
			 {"requirements.txt", "pypi.org files.pythonhosted.org"},
			 {"Cargo.toml", "index.crates.io static.crates.io"},
			 {"go.mod", "proxy.golang.org sum.golang.org"},
			 {"Gemfile", "rubygems.org index.rubygems.org"},
			 {"composer.json", "repo.packagist.org"}};
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
		if (project_has(dirfd, languages[i].file))
			project_add_hosts(p, languages[i].hosts);
}

/* Append the host of a remote's address, which is `scheme://[user@]host[:port]/path` or `[user@]host:path`.  A path has none, nor has a
 * helper's `name::address`. */
static void project_add_remote(struct project *p, const char *url)
{
	const char *scheme = strstr(url, "://"), *s = scheme ? scheme + 3 : url;
	size_t n = strcspn(s, "/");
	const char *at = memchr(s, '@', n);
	if (at) {
		n -= (size_t)(at + 1 - s);
		s = at + 1;
	}
	const char *colon = memchr(s, ':', n);
	size_t host = colon ? (size_t)(colon - s) : scheme ? n : 0, bad;
	char word[256];
	if (!host || host >= sizeof word || (colon && colon[1] == ':') || !strncmp(url, "file:", 5))
		return;
	memcpy(word, s, host);
	word[host] = '\0';
	if (!project_bad_host(word, &bad))
		project_add_hosts(p, word);
}

/* The host of `url = ...` in .git/config, the first that there is. */
static void project_guess_remote(struct project *p, int dirfd)
{
	char text[PROJECT_CONFIG_MAX];
	int fd = openat(dirfd, ".git/config", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, "\n \t");
		if (strncmp(line, "url", 3))
			continue;
		char *value = line + 3 + strspn(line + 3, " \t");
		if (*value++ != '=')
			continue;
		value += strspn(value, " \t");
		value[strcspn(value, "\r\n")] = '\0';
		project_add_remote(p, value);
		return;
	}
}

/* Is it a file that somebody may run? */
static bool project_is_program(int dirfd, const char *path)
{
	struct stat st;
	return !fstatat(dirfd, path, &st, 0) && S_ISREG(st.st_mode) && st.st_mode & 0111;
}

static void project_guess_commands(struct project *p, int dirfd)
{
	static const char *const places[] = {"", "bin/", "scripts/", "script/", "tools/"};
	static const char *const names[] = {"deploy", "deploy.sh", "release", "release.sh", "publish.sh", "migrate.sh"};
	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		bool found = false;
		for (size_t i = 0; i < sizeof places / sizeof *places && !found; i++) {
			char path[64];
			snprintf(path, sizeof path, "%s%s", places[i], names[n]);
			found = project_is_program(dirfd, path);
		}
		if (found)
			project_add(&p->commands, names[n], strlen(names[n]));
	}
}

int project_guess(struct project *p, int dirfd, const char *path)
{
	const char *slash = strrchr(path, '/');
	project_set_name(p, slash ? slash + 1 : path);
	project_guess_models(p);
	project_guess_registries(p, dirfd);
	project_guess_remote(p, dirfd);
	project_guess_commands(p, dirfd);
	return p->hosts.err ? p->hosts.err : p->commands.err;
}

/* The first word with a character that is neither a letter, a digit nor one of `more`, or that begins with one of `more` but *. */
static const char *project_bad_word(const char *list, const char *more, size_t *n)
{
	for (const char *s = list; s && *(s += strspn(s, " \t")); s += *n) {
		*n = strcspn(s, " \t");
		if (!isalnum((unsigned char)*s) && *s != '*')
			return s;
		for (size_t i = 0; i < *n; i++)
			if (!isalnum((unsigned char)s[i]) && !strchr(more, s[i]))
				return s;
	}
	return NULL;
}

const char *project_bad_host(const char *list, size_t *n)
{
	return project_bad_word(list, ".-*", n);
}

const char *project_bad_command(const char *list, size_t *n)
{
	return project_bad_word(list, ".-_+", n);
}

void project_free(struct project *p)
{
	strbuf_free(&p->hosts);
	strbuf_free(&p->commands);
}
