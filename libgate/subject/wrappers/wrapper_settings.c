/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper_settings.c - finds the commands that settings name: git -c core.pager=TEXT, ssh -o ProxyCommand=TEXT,
 * EDITOR=TEXT. */
#include <string.h>

#include "base/name.h"
#include "subject/wrappers/wrapper.h"

/* Settings whose value is shell text.  A trailing '*' matches any name. */
static const struct {
	const char *programs; /* separated by blanks; NULL: environment variables */
	const char *option;
	const char *names;
} settings[] = {
	{"git", "-c",
	 "core.pager core.editor core.sshcommand core.fsmonitor core.askpass core.gitproxy sequence.editor "
	 "diff.external interactive.difffilter gpg.program credential.helper alias.* pager.* difftool.* mergetool.* filter.*"},
	{"ssh scp sftp autossh", "-o", "proxycommand localcommand knownhostscommand"},
	{NULL, NULL,
	 "git_pager git_editor git_sequence_editor git_ssh_command git_external_diff git_askpass git_proxy_command "
	 "pager manpager editor visual browser prompt_command"},
};

static bool wrapper_settings_is_named(const char *names, const char *name, size_t len)
{
	while (*names) {
		size_t n = strcspn(names, " ");
		bool prefix = names[n - 1] == '*';
		if (prefix ? len >= n - 1 && !strncasecmp(names, name, n - 1) :
			     len == n && !strncasecmp(names, name, n))
			return true;
		names += n + (names[n] == ' ');
	}
	return false;
}

/* NAME=TEXT.  A value that git does not pass to a shell (an alias without '!') is not shell text. */
static int wrapper_settings_peel_setting(struct wrapper_walk *p, const char *names, const char *word)
{
	const char *value = strchr(word, '=');
	if (!value || !wrapper_settings_is_named(names, word, (size_t)(value - word)))
		return 0;
	value++;
	bool plain = !strncasecmp(word, "alias.", 6) || !strncasecmp(word, "credential.", 11);
	return plain && *value != '!' ? 0 : wrapper_text(p, value + (*value == '!'));
}

int wrapper_settings(struct wrapper_walk *p, const char *const *words, size_t n)
{
	const char *program = name_program(words[0]);
	int r = 0;
	for (size_t k = 0; settings[k].programs; k++) {
		if (!wrapper_listed(settings[k].programs, program, strlen(program), ' '))
			continue;
		for (size_t i = 1; !r && i < n; i++) {
			bool here = !strncmp(words[i], settings[k].option, 2);
			const char *attached = here && words[i][2] ? words[i] + 2 : NULL;
			const char *word = attached ? attached : here && i + 1 < n ? words[i + 1] : NULL;
			if (word)
				r = wrapper_settings_peel_setting(p, settings[k].names, word);
		}
	}
	return r;
}

int wrapper_environment(struct wrapper_walk *p, const char *const *assigned)
{
	int r = 0;
	for (; !r && assigned && *assigned; assigned++)
		r = wrapper_settings_peel_setting(p, settings[sizeof settings / sizeof *settings - 1].names, *assigned);
	return r;
}
