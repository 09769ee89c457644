/* SPDX-License-Identifier: BSD-2-Clause */
/* match_bench.c - measures what judging one command costs with very many rules: copies of the packs under other names,
 * against real command lines.  Also measures what the prefilter costs a command that no rule concerns. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/read_file.h"
#include "base/strbuf.h"
#include "bench.h"
#include "formats/image.h"
#include "image/image_build.h"
#include "rules/ruleset.h"
#include "subject/shell/shell.h"

enum { COMMANDS_MAX = 4096, ROUNDS = 9 };

/* A command line in the form that a process has. */
struct command {
	const char **argv;
	size_t argc;
	double us;
};

struct commands {
	struct command v[COMMANDS_MAX];
	size_t n;
};

static void emit(enum diag_level level, const char *text, void *data)
{
	fprintf(stderr, "%s\n", text);
}

/* --- the rules ---------------------------------------------------------------------------------------------------- */

/* The difference between the copies of the packs, besides the names of their rules. */
enum variant { NAMES, PATTERNS, PROGRAMS };

/* Return the end of the stanza. */
static const char *stanza_end(const char *line)
{
	const char *blank = strstr(line, "\n\n");
	return blank ? blank + 1 : line + strlen(line);
}

/* A pack's text with its rules renamed.  Its programs already have their command stanzas. */
static void rename_rules(const char *text, unsigned copy, enum variant variant, struct strbuf *out)
{
	for (const char *line = text, *end; *line; line = end) {
		size_t n = strcspn(line, "\n");
		end = line + n + !!line[n];
		if (!strncmp(line, "command: ", 9))
			end = stanza_end(line);
		else if (!strncmp(line, "rule: ", 6))
			strbuf_printf(out, "rule: copy%u.%.*s\n", copy, (int)n - 6, line + 6);
		else if (variant == PATTERNS && (!strncmp(line, "match: ", 7) || !strncmp(line, "unless: ", 8)))
			strbuf_printf(out, "%.*s(?#%u)%.*s\n", *line == 'm' ? 7 : 8, line, copy,
				      (int)n - (*line == 'm' ? 7 : 8), line + (*line == 'm' ? 7 : 8));
		else if (variant == PROGRAMS && !strncmp(line, "program: ", 9))
			for (const char *word = line + 9; word < line + n; word += strcspn(word, " \n") + 1)
				strbuf_printf(out, "program: copy%u-%.*s\n", copy, (int)strcspn(word, " \n"), word);
		else
			strbuf_printf(out, "%.*s\n", (int)n, line);
	}
}

static void load(struct ruleset *rs, char **packs, size_t wanted, enum variant variant)
{
	struct diag d = {.emit = emit};
	for (unsigned copy = 0; !copy || rs->n < wanted; copy++) {
		for (char **pack = packs; *pack && (!copy || rs->n < wanted); pack++) {
			cleanup_strbuf struct strbuf text = {0}, renamed = {0};
			errno = -read_file(*pack, 64 << 20, &text, NULL);
			if (errno)
				bench_die(*pack);
			if (copy)
				rename_rules(text.s, copy, variant, &renamed);
			const char *use = copy ? renamed.s : text.s;
			struct source src = {.name = *pack, .text = use, .len = strlen(use)};
			errno = -ruleset_parse(rs, &src, TRUST_SYSTEM, &d);
			if (errno)
				bench_die(*pack);
		}
	}
	errno = -ruleset_finish(rs, &d);
	if (errno)
		bench_die("finish");
}

static void compile_jit(const struct ruleset *rs)
{
	for (size_t i = 0; i < rs->n; i++) {
		const struct rule *r = rs->rules[i];
		for (size_t k = 0; k < r->nmatch + r->nunless; k++)
			pcre2_jit_compile(pattern_code(k < r->nmatch ? &r->match[k] : &r->unless[k - r->nmatch]),
					  PCRE2_JIT_COMPLETE);
	}
}

/* --- the commands ---------------------------------------------------------------------------------------------- */

static int take(const struct shell_command *c, void *data)
{
	struct commands *all = data;
	struct command *new = &all->v[all->n];
	if (all->n == COMMANDS_MAX)
		return 0;
	new->argv = calloc(c->n + 1, sizeof *new->argv);
	for (size_t i = 0; new->argv &&i < c->n; i++)
		if (!(new->argv[i] = strdup(c->words[i])))
			bench_die("memory");
	new->argc = c->n;
	all->n++;
	return 0;
}

static void read_commands(const char *file, struct commands *all)
{
	cleanup_strbuf struct strbuf text = {0};
	errno = -read_file(file, 16 << 20, &text, NULL);
	if (errno)
		bench_die(file);
	for (char *line = strtok(text.s, "\n"); line; line = strtok(NULL, "\n"))
		if (*line != '#')
			shell_commands(line, strlen(line), NULL, take, all);
}

/* Take every nth example of the first copy, so that `wanted` commands come together. */
static void take_examples(const struct ruleset *rs, size_t wanted, struct commands *all)
{
	size_t n = 0, k = 0;
	for (size_t i = 0; i < rs->n && strncmp(rs->rules[i]->id, "copy1.", 6); i++)
		n += rs->rules[i]->nhits + rs->rules[i]->nmisses;
	size_t step = wanted > all->n && n > wanted - all->n ? n / (wanted - all->n) : 1;
	for (size_t i = 0; i < rs->n && all->n < wanted && strncmp(rs->rules[i]->id, "copy1.", 6); i++) {
		const struct rule *r = rs->rules[i];
		for (size_t e = 0; e < r->nhits + r->nmisses && all->n < wanted; e++, k++) {
			const char *text = e < r->nhits ? r->hits[e].text : r->misses[e - r->nhits].text;
			if (k % step == 0 && !(r->events & RULE_FILE_EVENTS))
				shell_commands(text, strlen(text), NULL, take, all);
		}
	}
	if (all->n > wanted)
		all->n = wanted;
}

/* --- measuring ------------------------------------------------------------------------------------------------- */

static int found(const struct rule *r, const struct subject *s, int how, void *data)
{
	++*(size_t *)data;
	return 0;
}

/* Judge one command as a session does when it starts.  Returns the number of rules that matched. */
static size_t judge(const struct ruleset *rs, const struct command *c)
{
	struct subjects subjects = {0};
	struct gate_event ev = {.struct_size = sizeof(struct gate_event),
				.type = GATE_EVENT_EXEC,
				.pid = 1,
				.argv = c->argv,
				.argc = c->argc,
				.cwd = "/"};
	size_t hits = 0;
	int err = ruleset_subjects(rs, &ev, &subjects);
	if (!err)
		err = ruleset_match(rs, GATE_EVENT_EXEC, &subjects, found, &hits);
	if (err && err != -E2BIG)
		bench_die("match");
	subjects_free(&subjects);
	return hits;
}

static int by_us(const void *a, const void *b)
{
	const struct command *x = a, *y = b;
	return x->us < y->us ? -1 : x->us > y->us;
}

/* Take each command's median over some rounds.  Prints the mean over all commands, and the slow end. */
static void measure(const char *what, const struct ruleset *rs, struct commands *all, size_t from, size_t to)
{
	size_t n = to - from, hits = 0;
	double sum = 0;
	struct command *v = calloc(n + 1, sizeof *v);
	if (!v)
		bench_die("memory");
	memcpy(v, &all->v[from], n * sizeof *v);
	for (size_t i = 0; i < n; i++) {
		double us[ROUNDS];
		for (int r = 0; r < ROUNDS; r++) {
			double start = bench_now_us();
			size_t matched = judge(rs, &v[i]);
			us[r] = bench_now_us() - start;
			hits += !r && matched;
		}
		v[i].us = bench_median(us, ROUNDS);
		sum += v[i].us;
	}
	qsort(v, n, sizeof *v, by_us);
	printf("%-44s %7zu %8zu %9.2f %9.2f %9.2f %9.2f\n", what, n, hits, n ? sum / (double)n : 0, n ? v[n / 2].us : 0,
	       n ? v[n * 99 / 100].us : 0, n ? v[n - 1].us : 0);
	free(v);
}

static void measure_prefilter(const struct ruleset *rs, const struct commands *all)
{
	int fd = memfd_create("policy", MFD_CLOEXEC);
	errno = fd < 0 ? errno : -image_build(rs, "/usr/libexec/gate/gate-standin", 0, NULL, NULL, fd);
	off_t size = errno ? 0 : lseek(fd, 0, SEEK_END);
	void *map = errno ? MAP_FAILED : mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		bench_die("image");
	size_t n = 0, passed = 0;
	double us[ROUNDS];
	for (int r = 0; r < ROUNDS; r++) {
		double start = bench_now_us();
		n = 0;
		for (size_t i = 0; i < all->n; i++) {
			const char *const *argv = all->v[i].argv;
			if (gate_image_may_concern(map, argv[0], argv) && gate_image_concerns(map, argv[0], argv))
				passed++;
			else
				n++;
		}
		us[r] = bench_now_us() - start;
	}
	printf("%-44s %7zu %8s %9.3f\n", "prefilter, over all of them", all->n, "",
	       bench_median(us, ROUNDS) / (double)all->n);
	struct commands *none = calloc(1, sizeof *none);
	for (size_t i = 0; none && i < all->n; i++)
		if (!gate_image_concerns(map, all->v[i].argv[0], all->v[i].argv))
			none->v[none->n++] = all->v[i];
	for (int r = 0; none && r < ROUNDS; r++) {
		double start = bench_now_us();
		for (size_t i = 0; i < none->n; i++) {
			const char *const *argv = none->v[i].argv;
			passed += gate_image_may_concern(map, argv[0], argv) && gate_image_concerns(map, argv[0], argv);
		}
		us[r] = bench_now_us() - start;
	}
	if (none && none->n)
		printf("%-44s %7zu %8s %9.3f\n", "prefilter, commands that no rule concerns", none->n, "",
		       bench_median(us, ROUNDS) / (double)none->n);
	free(none);
	munmap(map, (size_t)size);
	close(fd);
}

int main(int argc, char **argv)
{
	static struct commands all;
	struct ruleset rs = {0};
	static const char *const options[] = {"--names", "--patterns", "--programs", "--jit"};
	static const char *const told[] = {"copies differ in their names", "copies have patterns of their own",
					   "copies are about other programs",
					   "patterns of their own, with PCRE2's JIT"};
	unsigned option = 0;
	while (option < 4 && argc > 1 && strcmp(argv[1], options[option]))
		option++;
	argv++;
	argc--;
	if (argc < 5 || option == 4)
		return fputs("usage: match_bench --names|--patterns|--programs|--jit RULES COMMANDS FILE PACK...\n",
			     stderr),
		       2;
	load(&rs, argv + 4, strtoul(argv[1], NULL, 10), option == 3 ? PATTERNS : (enum variant)option);
	if (option == 3)
		compile_jit(&rs);
	read_commands(argv[3], &all);
	size_t everyday = all.n;
	take_examples(&rs, strtoul(argv[2], NULL, 10), &all);
	printf("%zu rules; %s\n", rs.n, told[option]);
	printf("%-44s %7s %8s %9s %9s %9s %9s\n", "", "number", "matched", "mean us", "median", "99 %", "worst");
	measure("all commands", &rs, &all, 0, all.n);
	measure("everyday commands", &rs, &all, 0, everyday);
	measure("examples of the packs", &rs, &all, everyday, all.n);
	if (option != 3)
		measure_prefilter(&rs, &all);
	ruleset_free(&rs);
	return 0;
}
