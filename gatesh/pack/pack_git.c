/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_git.c - runs git for gatesh pack.  See pack_git.h. */
#include "pack/pack_git.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/exit.h"
#include "util/out.h"

enum { WORDS_MAX = 32 };

static _Noreturn void pack_git_child(const char *dir, char *const *argv, int out, bool both)
{
	if (dup2(out, 1) < 0 || (both && dup2(out, 2) < 0))
		_exit(126);
	if (dir)
		setenv("GIT_DIR", dir, 1);
	else
		unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_INDEX_FILE");
	execvp("git", argv);
	_exit(127);
}

int pack_git(const char *dir, const char *const *args, bool both, struct strbuf *out)
{
	const char *argv[WORDS_MAX] = {
		"git", "-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "-c", "core.symlinks=false"};
	size_t n = 7;
	int ends[2], status;
	while (*args && n < WORDS_MAX - 1)
		argv[n++] = *args++;
	if (*args)
		return -E2BIG;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid_t pid = fork();
	if (!pid)
		pack_git_child(dir, (char *const *)argv, ends[1], both);
	close(ends[1]);
	char buf[4096];
	for (ssize_t got; pid > 0 && (got = read(ends[0], buf, sizeof buf)) != 0;)
		if (got > 0)
			strbuf_put(out, buf, (size_t)got);
		else if (errno != EINTR)
			break;
	close(ends[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return out->err ? out->err : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int pack_git_failed(int status, const char *what)
{
	if (status < 0)
		fprintf(stderr, "gatesh: pack: git: %s\n", strerror(-status));
	else if (status == 127)
		fputs("gatesh: pack: git is not installed\n", stderr);
	else
		fprintf(stderr, "gatesh: pack: %s\n", what);
	return EXIT_DENY;
}

/* Find the commit that `name` is in the repository. */
static bool pack_git_commit(const char *dir, const char *name, char commit[PACK_COMMIT_MAX])
{
	cleanup_strbuf struct strbuf out = {0}, peeled = {0};
	strbuf_printf(&peeled, "%s^{commit}", name);
	const char *const args[] = {"rev-parse", "-q", "--verify", "--end-of-options", peeled.s, NULL};
	if (peeled.err || pack_git(dir, args, true, &out) || out.len < 40 || out.len > PACK_COMMIT_MAX)
		return false;
	snprintf(commit, PACK_COMMIT_MAX, "%.*s", (int)strcspn(out.s, "\n"), out.s);
	return true;
}

int pack_git_fetch(const char *dir, const char *url, const char *rev, char commit[PACK_COMMIT_MAX])
{
	cleanup_strbuf struct strbuf out = {0}, branch = {0};
	const char *const args[] = {"clone", "--quiet", "--mirror", "--", url, dir, NULL};
	int status = pack_git(NULL, args, false, &out);
	if (status)
		return pack_git_failed(status, "the repository can't be fetched");
	strbuf_printf(&branch, "refs/heads/%s", rev);
	if (*rev ? pack_git_commit(dir, branch.s ? branch.s : rev, commit) || pack_git_commit(dir, rev, commit) :
		   pack_git_commit(dir, "HEAD", commit))
		return 0;
	return pack_git_failed(1, *rev ? "the repository has no such revision" : "the repository is empty");
}

/* Is a key that made a good signature, by what `git verify-commit --raw` says of it, one of those in the list? */
static bool pack_git_is_listed(const char *said, const char *keys)
{
	const char *valid = strstr(said, "[GNUPG:] VALIDSIG ");
	size_t line = valid ? strcspn(valid, "\n") : 0;
	for (const char *k = keys; line && *k; k += strcspn(k, " "), k += strspn(k, " ")) {
		size_t n = strcspn(k, " ");
		const char *at = memmem(valid, line, k, n);
		if (n >= PACK_KEY_MIN && at && at[-1] == ' ' && strchr(" \n", at[n]))
			return true;
	}
	return false;
}

int pack_git_verify(const char *dir, const char *commit, const struct conf_signers *signers, struct strbuf *by)
{
	cleanup_strbuf struct strbuf said = {0}, file = {0};
	if (!*signers->file && !*signers->keys) {
		strbuf_puts(by, "not checked: gate.conf has no pack-signers and no pack-keys");
		return 0;
	}
	strbuf_printf(&file, "gpg.ssh.allowedSignersFile=%s", *signers->file ? signers->file : "/dev/null");
	const char *const args[] = {"-c", file.s, "verify-commit", "--raw", commit, NULL};
	int status = file.err ? file.err : pack_git(dir, args, true, &said);
	const char *text = said.s ? said.s : "", *good = strstr(text, "Good \"git\" signature for ");
	bool gpg = strstr(text, "[GNUPG:]");
	if (!status && gpg && pack_git_is_listed(text, signers->keys))
		strbuf_puts(by, "good, by a key of gate.conf's pack-keys");
	else if (!status && !gpg && good && *signers->file)
		strbuf_put(by, good, strcspn(good, "\n"));
	else {
		fputs("gatesh: pack: the commit is not signed by anybody whom gate.conf names in pack-signers or pack-keys\n",
		      stderr);
		return EXIT_DENY;
	}
	return 0;
}

int pack_git_files(const char *dir, const char *commit, const char *to)
{
	cleanup_strbuf struct strbuf tree = {0}, out = {0}, work = {0};
	const char *const list[] = {"ls-tree", "-r", commit, NULL};
	int status = pack_git(dir, list, false, &tree);
	if (status)
		return pack_git_failed(status, "the commit can't be read");
	for (const char *s = tree.s; s && *s; s = strchr(s, '\n'), s += s != NULL)
		if (strncmp(s, "100", 3))
			return pack_git_failed(
				1, "the repository has a symbolic link or a submodule, which a pack may not have");
	strbuf_printf(&work, "--work-tree=%s", to);
	const char *const checkout[] = {work.s, "checkout", "--quiet", "--force", commit, "--", ".", NULL};
	status = work.err ? work.err : pack_git(dir, checkout, false, &out);
	return status ? pack_git_failed(status, "the files can't be written") : 0;
}
