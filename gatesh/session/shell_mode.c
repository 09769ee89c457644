/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_mode.c - recognizes a call as a shell, finds the real shell and runs it in a session. */
#include "session/shell_mode.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "seam/inside.h"
#include "session/run_session.h"
#include "util/conf.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/session_dir.h"
#include "util/spawn.h"
#include "util/usage.h"

/* Is this path the running program? */
static bool shell_mode_is_gatesh(const char *path)
{
	struct stat a, b;
	return path && !stat(path, &a) && !stat("/proc/self/exe", &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool shell_mode_is_login_name(const char *name)
{
	return name && name[0] == '-';
}

bool shell_mode_wanted(int argc, char **argv)
{
	if (shell_mode_is_login_name(argv[0]))
		return true;
	if (argc < 2)
		return session_inside() || shell_mode_is_gatesh(getenv("SHELL"));
	const char *word = argv[1];
	if ((word[0] == '-' || word[0] == '+') && word[1] != '-')
		return true;
	return !strcmp(word, "--login") || (word[0] != '-' && (strchr(word, '/') || !access(word, F_OK)));
}

/* Will the shell consider itself a login shell or interactive? */
static bool shell_mode_is_interactive(int argc, char **argv)
{
	bool login = shell_mode_is_login_name(argv[0]), typed = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
	int i = 1;
	for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1]; i++) {
		const char *word = argv[i];
		if (!strcmp(word, "--"))
			break;
		if (!strcmp(word, "--login"))
			login = true;
		if (word[0] != '-' || word[1] == '-')
			continue;
		if (strpbrk(word, "li"))
			login = true;
		if (strchr(word, 'c'))
			return login;
		if (strchr("oO", word[strlen(word) - 1]))
			i++; /* the option's name */
	}
	return login || (i >= argc && typed);
}

/* Put the real shell's path into conf->shell.  Returns 0, or an exit status after a message on stderr. */
static int shell_mode_find_shell(struct gate_conf *conf)
{
	struct diag d = {.emit = usage_diag};
	if (conf_load(conf, &d))
		return EXIT_CONFIG;
	if (!conf->shell[0])
		strcpy(conf->shell, access("/bin/bash", X_OK) ? "/bin/sh" : "/bin/bash");
	if (!shell_mode_is_gatesh(conf->shell))
		return 0;
	fprintf(stderr, "gate: gate.conf: 'shell' names gatesh itself; it must name the shell to start\n");
	return EXIT_CONFIG;
}

/* Build the shell's argv: its path, then gatesh's own arguments. */
static char **shell_words(const char *shell, int argc, char **argv, bool login)
{
	char **words = calloc((size_t)argc + 2, sizeof *words);
	size_t n = 0;
	if (!words)
		return NULL;
	words[n++] = (char *)shell;
	if (login)
		words[n++] = (char *)"-l"; /* a name with a dash would not survive gate-standin */
	for (int i = 1; i < argc; i++)
		words[n++] = argv[i];
	return words;
}

/* Run the shell in the session that this process is in. */
static int shell_mode_join(char **words)
{
	char **envp = spawn_environment(getenv("GATE_SESSION"), "");
	if (envp)
		execve(words[0], words, envp);
	int err = envp ? errno : ENOMEM;
	fprintf(stderr, "gate: %s: %s\n", words[0], strerror(err));
	free(envp);
	return err == ENOENT ? EXIT_NOT_FOUND : EXIT_REFUSED;
}

int shell_mode_run(int argc, char **argv)
{
	struct gate_conf conf;
	int status = shell_mode_find_shell(&conf);
	if (status)
		return status;
	char **words = shell_words(conf.shell, argc, argv, shell_mode_is_login_name(argv[0]));
	if (!words) {
		fprintf(stderr, "gate: out of memory\n");
		return EXIT_SOFTWARE;
	}
	struct session_options o = {
		.service = shell_mode_is_interactive(argc, argv) ? "shell" : NULL, .command = words, .same_end = true};
	status = session_inside() ? shell_mode_join(words) : session_run(&o);
	free(words);
	return status;
}
