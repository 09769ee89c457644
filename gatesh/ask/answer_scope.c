/* SPDX-License-Identifier: BSD-2-Clause */
/* answer_scope.c - finds an answer's process tree in /proc and its directory in the command's operands. */
#include "ask/answer_scope.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "formats/image.h"

enum { OPERANDS_MAX = 4096, LONG_LIVED = 60 /* seconds */ };

bool reach_same(const struct answer_scope *a, const struct answer_scope *b)
{
	bool same = a->program && b->program ? !strcmp(a->program, b->program) :
					       a->root.pid == b->root.pid && a->root.start_time == b->root.start_time;
	return same && a->operands == b->operands && !strcmp(a->dir, b->dir);
}

void reach_narrow(struct answer_scope *r)
{
	free(r->program);
	r->program = NULL;
}

void reach_clear(struct answer_scope *r)
{
	free(r->dir);
	free(r->top);
	free(r->exe);
	free(r->program);
	proc_argv_free(r->argv);
	*r = (struct answer_scope){0};
}

/* --- the processes ------------------------------------------------------------------------------------------------ */

static bool scope_is_one_of(const char *name, const char *const *names)
{
	while (*names && strcmp(name, *names))
		names++;
	return *names;
}

/* Does this shell run a text or a script?  An interactive shell is not a command of its own. */
static bool scope_has_script(pid_t pid)
{
	size_t n;
	char **argv = proc_argv(pid, &n);
	bool found = false;
	for (size_t i = 1; i < n && !found; i++) {
		const char *w = argv[i];
		found = *w != '-' || (w[1] != '-' && strchr(w, 'c'));
	}
	proc_argv_free(argv);
	return found;
}

/* Does this process only start others? */
static bool scope_is_starter(const struct proc *p)
{
	static const char *const starters[] = {"find",  "xargs", "parallel", "make",    "gmake",
					       "ninja", "env",   "nice",     "timeout", "time",
					       "sudo",  "doas",  "flock",    "busybox", NULL};
	static const char *const shells[] = {"sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", NULL};
	return scope_is_one_of(p->comm, starters) || (scope_is_one_of(p->comm, shells) && scope_has_script(p->pid));
}

/* Does it run programs that the person never sees?  Names end in a version, as python3.11 does; Node may call itself
 * MainThread. */
static bool scope_is_interpreter(const struct proc *p)
{
	static const char *const names[] = {"python",     "node",  "bun",    "deno",  "ruby",   "perl",
					    "php",        "java",  "claude", "codex", "gemini", "opencode",
					    "MainThread", "goose", "aider",  NULL};
	for (const char *const *n = names; *n; n++)
		if (!strncmp(p->comm, *n, strlen(*n)))
			return true;
	return false;
}

/* Has it run for long enough that the next act need not belong to this one? */
static bool scope_is_long_lived(const struct proc *p)
{
	struct timespec now;
	uint64_t tick = (uint64_t)sysconf(_SC_CLK_TCK);
	return !clock_gettime(CLOCK_BOOTTIME, &now) && tick && (uint64_t)now.tv_sec > p->start_time / tick + LONG_LIVED;
}

/* The session's first process, or a long-lived interpreter: an agent, whose next act has nothing to do with this one. */
static bool scope_is_agent(const struct proc *chain, int n, const struct proc *root)
{
	int i = 0;
	while (i < n && chain[i].pid != root->pid)
		i++;
	bool first = i < n;
	for (i++; i < n; i++)
		first = first && !strcmp(chain[i].comm, "gatesh");
	return first || (scope_is_interpreter(root) && scope_is_long_lived(root));
}

/* The first of the processes above that run the same program: of a server's, the one that was started. */
static struct proc scope_server_of(const struct proc *chain, int n)
{
	int i = 0;
	while (i + 1 < n && !strcmp(chain[i + 1].comm, chain->comm))
		i++;
	return chain[i];
}

static struct proc scope_root_of(const struct proc *chain, int n)
{
	int i = 0;
	while (i + 1 < n && scope_is_starter(&chain[i + 1]))
		i++;
	return chain[i];
}

/* --- the directory ------------------------------------------------------------------------------------------------ */

/* Resolve an operand to the directory or the file that it names.  Returns false if that is impossible. */
static bool scope_resolve(const char *word, const char *cwd, char out[PATH_MAX], bool *is_directory)
{
	char path[2 * PATH_MAX];
	struct stat st;
	bool absolute = *word == '/';
	int len = snprintf(path, sizeof path, "%s%s%s", absolute ? "" : cwd, absolute ? "" : "/", word);
	if (len < 0 || len >= (int)sizeof path)
		return false;
	*is_directory = !lstat(path, &st) && S_ISDIR(st.st_mode);
	if (*is_directory)
		return realpath(path, out);
	char *slash = strrchr(path, '/');
	char name[PATH_MAX];
	if (!slash[1] || strlen(slash + 1) >= sizeof name)
		return false;
	strcpy(name, slash + 1);
	slash[slash == path] = '\0';
	if (!realpath(path, out))
		return false;
	size_t n = strlen(out);
	return snprintf(out + n, PATH_MAX - n, "%s%s", n > 1 ? "/" : "", name) < (int)(PATH_MAX - n);
}

/* Could the operand hold the path?  Only if its last component occurs in the path. */
static bool scope_worth_a_look(const char *word, const char *path)
{
	size_t n = strlen(word);
	while (n && word[n - 1] == '/')
		n--;
	size_t from = n;
	while (from && word[from - 1] != '/')
		from--;
	if (!n || (word[from] == '.' && (n - from == 1 || (n - from == 2 && word[from + 1] == '.'))))
		return *word; /* "/", ".", ".." */
	for (const char *s = path; (s = strchr(s, '/')); s++)
		if (!strncmp(s + 1, word + from, n - from) && (s[1 + n - from] == '/' || !s[1 + n - from]))
			return true;
	return false;
}

/* Find the longest operand that holds the path, and write it to `best`.  Returns false if there is none. */
static bool scope_find_operand(const struct answer_scope *r, const char *path, const char *cwd, char best[PATH_MAX],
			       bool *is_directory)
{
	char one[PATH_MAX];
	size_t longest = 0;
	for (size_t i = 1; i < r->argc && i < OPERANDS_MAX; i++) {
		const char *w = r->argv[i], *equals = *w == '-' ? strchr(w, '=') : NULL;
		bool dir;
		w = equals ? equals + 1 : w;
		if (*w == '-' || !scope_worth_a_look(w, path) || !scope_resolve(w, cwd, one, &dir) ||
		    !gate_path_is_under(path, one))
			continue;
		if (strlen(one) > longest) {
			longest = strlen(one);
			memcpy(best, one, longest + 1);
			*is_directory = dir || strcmp(one, path);
		}
	}
	return longest;
}

/* The path cut after `depth` components below `top`; the whole path if it has no more. */
static char *scope_components(const char *path, const char *top, int depth)
{
	const char *end = path + strlen(top);
	while (depth-- > 0) {
		end = strchr(end + 1, '/');
		if (!end)
			return strdup(path);
	}
	return strndup(path, (size_t)(end - path));
}

/* The directory to use if no operand holds the path. */
static char *scope_first_below(const char *path, const struct workspaces *p)
{
	const char *top = "";
	for (char *const *w = p->workspaces; *w; w++)
		if (gate_path_is_under(path, *w) && strlen(*w) > strlen(top))
			top = *w;
	if (p->home && gate_path_is_under(path, p->home) && strlen(p->home) > strlen(top))
		top = p->home;
	return scope_components(path, top, *top ? 1 : 2);
}

static char *scope_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* A server works in its own directory.  One that holds a workspace or the home is nobody's own. */
static bool scope_is_own_directory(const char *dir, const char *path, const struct workspaces *places)
{
	bool wide = !gate_path_is_under(path, dir) || (places->home && gate_path_is_under(places->home, dir));
	for (char *const *w = places->workspaces; *w && !wide; w++)
		wide = gate_path_is_under(*w, dir);
	return !wide;
}

/* `operand` is the one that holds the file, or NULL. */
static void scope_of_write(struct answer_scope *r, const struct gate_event *ev, const struct workspaces *places,
			   const char *operand, const char *cwd)
{
	r->program = proc_link(ev->pid, "exe");
	if (operand)
		r->dir = strdup(operand);
	else if (scope_is_own_directory(cwd, ev->path, places))
		r->dir = strdup(cwd);
	else
		r->dir = scope_directory_of(ev->path);
}

static void scope_of_name(struct answer_scope *r, const char *path, const struct workspaces *places, bool agent)
{
	r->top = scope_first_below(path, places);
	r->dir = strdup(agent || !r->top ? path : r->top);
}

static void scope_of_operand(struct answer_scope *r, const char *operand, bool is_directory)
{
	r->operands = !is_directory;
	r->dir = is_directory ? strdup(operand) : scope_directory_of(operand);
}

static void scope_read_process(struct answer_scope *r, const struct gate_event *ev, char cwd[PATH_MAX])
{
	r->argv = proc_argv(ev->pid, &r->argc);
	r->exe = ev->exe ? NULL : proc_link(ev->pid, "exe");
	char *at = proc_link(ev->pid, "cwd");
	strncpy(cwd, at ? at : ev->cwd ? ev->cwd : "/", PATH_MAX - 1);
	cwd[PATH_MAX - 1] = '\0';
	free(at);
}

int reach_find(struct answer_scope *r, const struct gate_event *ev, const struct workspaces *places,
	       const struct proc *chain, int n)
{
	char best[PATH_MAX], cwd[PATH_MAX];
	bool is_directory = false, writes = ev->type == GATE_EVENT_WRITE && ev->unkept;
	*r = (struct answer_scope){.root = {.pid = ev->pid, .start_time = ev->start_time}};
	if (n)
		r->root = writes ? scope_server_of(chain, n) : scope_root_of(chain, n);
	scope_read_process(r, ev, cwd);
	bool operand = scope_find_operand(r, ev->path, cwd, best, &is_directory);
	if (writes)
		scope_of_write(r, ev, places, operand && is_directory ? best : NULL, cwd);
	else if (operand)
		scope_of_operand(r, best, is_directory);
	else
		scope_of_name(r, ev->path, places, scope_is_agent(chain, n, &r->root));
	if (r->dir)
		return 0;
	reach_clear(r);
	return -ENOMEM;
}
