/* SPDX-License-Identifier: BSD-2-Clause */
/* tool_calls.c - remembers the open tool calls of agents.  See tool_calls.h. */
#include "ask/tool_calls.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/strbuf.h"

/* Is this the shell that an agent starts its hook with: sh -c "gatesh hook claude"? */
static bool tool_calls_is_shell(const struct proc *p)
{
	size_t n;
	char **argv = proc_argv(p->pid, &n);
	bool is = argv && n >= 3 && argv[1][0] == '-' && strstr(argv[n - 1], " hook ");
	proc_argv_free(argv);
	return is;
}

/* The agent of a hook: its parent, or behind the shell between them. */
static const struct proc *tool_calls_agent(const struct proc *chain, int n)
{
	int at = n > 2 && tool_calls_is_shell(&chain[1]) ? 2 : 1;
	return at < n ? &chain[at] : NULL;
}

static bool tool_calls_is_of(const struct tool_call *c, const struct proc *p)
{
	return c->pid && c->pid == p->pid && c->start_time == p->start_time;
}

/* The call of this agent with this id: its newest, if it gives no id. */
static struct tool_call *tool_calls_known(struct tool_calls *t, const struct proc *agent, const char *id)
{
	struct tool_call *found = NULL;
	for (struct tool_call *c = t->v; c < t->v + TOOL_CALLS_MAX; c++)
		if (tool_calls_is_of(c, agent) && (!id || !strncmp(c->id, id, sizeof c->id - 1)) &&
		    (!found || c->number > found->number))
			found = c;
	return found;
}

static struct tool_call *tool_calls_room(struct tool_calls *t)
{
	struct tool_call *oldest = t->v;
	for (struct tool_call *c = t->v; c < t->v + TOOL_CALLS_MAX; c++) {
		if (!c->pid || !proc_alive(c->pid, c->start_time))
			return c;
		if (c->number < oldest->number)
			oldest = c;
	}
	return oldest;
}

static void tool_calls_begin(struct tool_calls *t, const struct wire_told *told, const struct proc *agent)
{
	struct timespec now, up;
	struct tool_call *c = told->id ? tool_calls_known(t, agent, told->id) : NULL;
	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	uint64_t hz = (uint64_t)sysconf(_SC_CLK_TCK);
	if (!c)
		c = tool_calls_room(t);
	*c = (struct tool_call){.pid = agent->pid, .start_time = agent->start_time, .number = ++t->last};
	c->began_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	c->began_ticks = (uint64_t)up.tv_sec * hz + (uint64_t)up.tv_nsec * hz / 1000000000;
	c->limit_ms = told->limit_ms;
	snprintf(c->agent, sizeof c->agent, "%s", told->agent ? told->agent : "agent");
	snprintf(c->id, sizeof c->id, "%s", told->id ? told->id : "");
	snprintf(c->says, sizeof c->says, "%s", told->says ? told->says : "");
	snprintf(c->text, sizeof c->text, "%s", told->text ? told->text : "");
}

void tool_calls_take(struct tool_calls *t, const struct wire_told *told, const struct proc *chain, int n, char *text,
		     size_t size)
{
	const struct proc *agent = tool_calls_agent(chain, n);
	*text = '\0';
	if (!agent)
		return;
	if (!told->ends) {
		tool_calls_begin(t, told, agent);
		return;
	}
	struct tool_call *c = tool_calls_known(t, agent, told->id);
	if (!c)
		return;
	snprintf(text, size, "%lld\n%s", (long long)c->began_ms, c->refusals);
	*c = (struct tool_call){0};
}

/* Append the text without the characters by which shells quote: agents hand a command to their shell in quotes of their own. */
static void tool_calls_put_bare(struct strbuf *b, const char *text)
{
	for (; *text; text++)
		if (!strchr("'\"\\", *text))
			strbuf_putc(b, *text);
}

/* Was one of these processes, below the agent, started with the command of the call? */
static bool tool_calls_runs(const struct tool_call *c, const struct proc *chain, int below)
{
	cleanup_strbuf struct strbuf text = {0}, words = {0};
	tool_calls_put_bare(&text, c->text);
	for (int i = 0; i < below; i++) {
		size_t n;
		char **argv = proc_argv(chain[i].pid, &n);
		for (size_t j = 0; argv && j < n; j++) {
			tool_calls_put_bare(&words, argv[j]);
			strbuf_putc(&words, j + 1 < n ? ' ' : '\n');
		}
		proc_argv_free(argv);
	}
	return text.s && words.s && strstr(words.s, text.s);
}

/* The newest call of the agent that has no command. */
static struct tool_call *tool_calls_own(struct tool_calls *t, const struct proc *agent)
{
	struct tool_call *found = NULL;
	for (struct tool_call *c = t->v; c < t->v + TOOL_CALLS_MAX; c++)
		if (tool_calls_is_of(c, agent) && !*c->text && (!found || c->number > found->number))
			found = c;
	return found;
}

/* The newest call of the agent chain[at] that the processes below it act for. */
static struct tool_call *tool_calls_below(struct tool_calls *t, const struct proc *chain, int at)
{
	struct tool_call *found = NULL;
	for (struct tool_call *c = t->v; c < t->v + TOOL_CALLS_MAX; c++)
		if (tool_calls_is_of(c, &chain[at]) && *c->text && chain[at - 1].start_time >= c->began_ticks &&
		    (!found || c->number > found->number) && tool_calls_runs(c, chain, at))
			found = c;
	return found;
}

struct tool_call *tool_calls_find(struct tool_calls *t, const struct proc *chain, int n)
{
	for (int i = 0; i < n && t->last; i++)
		for (struct tool_call *c = t->v; c < t->v + TOOL_CALLS_MAX; c++)
			if (tool_calls_is_of(c, &chain[i]))
				return i ? tool_calls_below(t, chain, i) : tool_calls_own(t, &chain[i]);
	return NULL;
}

unsigned tool_call_margin(unsigned limit_ms)
{
	enum { LEAST_MS = 500, MOST_MS = 5000 };
	unsigned margin = limit_ms / 10;
	margin = margin < LEAST_MS ? LEAST_MS : margin > MOST_MS ? MOST_MS : margin;
	return margin < limit_ms / 2 ? margin : limit_ms / 2;
}

unsigned tool_call_patience(const struct tool_call *c, const struct proc *chain, int n)
{
	struct timespec up;
	int at = 0;
	while (at < n && !tool_calls_is_of(c, &chain[at]))
		at++;
	if (!c->limit_ms || !at || at == n)
		return 0;
	clock_gettime(CLOCK_BOOTTIME, &up);
	uint64_t hz = (uint64_t)sysconf(_SC_CLK_TCK);
	uint64_t now = (uint64_t)up.tv_sec * 1000 + (uint64_t)up.tv_nsec / 1000000;
	uint64_t end = chain[at - 1].start_time * 1000 / hz + c->limit_ms - tool_call_margin(c->limit_ms);
	return end > now ? (unsigned)(end - now) : 1;
}

void tool_call_describe(const struct tool_call *c, char *text, size_t size)
{
	*text = '\0';
	if (c && *c->says)
		snprintf(text, size, "%s says: \"%s\"", c->agent, c->says);
}

void tool_call_refused(struct tool_call *c, const char *line)
{
	size_t n = strlen(c->refusals), add = strlen(line);
	if (!strstr(c->refusals, line) && n + add + 2 <= sizeof c->refusals)
		snprintf(c->refusals + n, sizeof c->refusals - n, "%s%s", n ? "\n" : "", line);
}
