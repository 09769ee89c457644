/* SPDX-License-Identifier: BSD-2-Clause */
/* image_exec.c - decides from the policy image (image.h) whether a rule could concern an exec.  Runs in every process
 * before the program's own code, so it allocates nothing, calls no libc and writes nothing. */
#include "formats/image.h"

#include "formats/bigrams.h"

/* The work to spend on keywords before the answer is yes: the engine should read a huge argv, not every process. */
enum { WORK_MAX = 1 << 20 };
/* A longer word can't be the name of a program. */
enum { NAME_BYTES = 256 };

struct view {
	const struct gate_image_head *head;
	bool whole; /* stage 2: the tables are readable */
	const char *execfn;
	const char *const *argv;
	size_t work;
	int carrier;
	bool paired; /* `pairs` is filled, at the first search for a keyword */
	struct gate_pairs pairs;
};

static const void *image_exec_table(const struct gate_image_head *head, struct gate_image_table t)
{
	return (const char *)head + t.at;
}

static unsigned char image_exec_lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* The shell drops quotes, backslashes, and a newline after a backslash: a carrier's text may have g\it for git. */
static const char *image_exec_skip_quoting(const char *s)
{
	while (*s == '\'' || *s == '"' || *s == '\\')
		s += *s == '\\' && s[1] == '\n' ? 2 : 1;
	return s;
}

/* Does s, without its quoting, start with the lower-case keyword?  Spends v->work; true if that is used up. */
static bool image_exec_starts(struct view *v, const char *s, const char *keyword)
{
	for (; *keyword; s++, keyword++) {
		if (!v->work)
			return true;
		v->work--;
		s = image_exec_skip_quoting(s);
		if (image_exec_lower((unsigned char)*s) != (unsigned char)*keyword)
			return false;
	}
	return true;
}

/* Rules see a control character or an invalid byte as an escape, \n or \x1B.  Could the keyword begin inside the escape
 * before s? */
static bool image_exec_starts_in_escape(struct view *v, const char *s, const char *keyword)
{
	for (int i = 0; i < 3; i++)
		if (!*keyword++ || image_exec_starts(v, s, keyword))
			return true;
	return false;
}

/* Do rules see the byte as an escape, in which a keyword may begin? */
static bool image_exec_is_escaped(unsigned char c)
{
	return c < ' ' || c & 0x80 || c == 0x7f;
}

static bool image_exec_contains(struct view *v, const char *s, const char *keyword)
{
	for (s = image_exec_skip_quoting(s); *s; s = image_exec_skip_quoting(s + 1))
		if (image_exec_starts(v, s, keyword) ||
		    (image_exec_is_escaped((unsigned char)*s) && image_exec_starts_in_escape(v, s + 1, keyword)))
			return true;
	return false;
}

static size_t image_exec_length(const char *s)
{
	size_t n = 0;
	while (s[n])
		n++;
	return n;
}

/* Add the pairs of a word as image_exec_contains() reads it. */
static void image_exec_add_pairs(struct view *v, const char *s)
{
	s = image_exec_skip_quoting(s);
	for (const char *next; *s; s = next) {
		next = image_exec_skip_quoting(s + 1);
		if (image_exec_is_escaped((unsigned char)*s) || !v->work) { /* anything may be there */
			for (unsigned i = 0; i < GATE_PAIRS_BITS / 64; i++)
				v->pairs.bits[i] = UINT64_MAX;
			return;
		}
		v->work--;
		gate_pairs_add(&v->pairs, image_exec_lower((unsigned char)*s), image_exec_lower((unsigned char)*next));
	}
}

static void image_exec_find_pairs(struct view *v)
{
	v->paired = true;
	if (v->execfn)
		image_exec_add_pairs(v, gate_program_name(v->execfn));
	for (const char *const *a = v->argv; a && *a; a++)
		image_exec_add_pairs(v, a == v->argv ? gate_program_name(*a) : *a);
}

/* Is the keyword in the command as rules see it: the name without its directories, and the arguments? */
static bool image_exec_word_is_there(struct view *v, const char *keyword)
{
	if (!*keyword)
		return true;
	if (!v->paired)
		image_exec_find_pairs(v);
	if (!gate_pairs_may_have(&v->pairs, keyword))
		return false;
	if (v->execfn && image_exec_contains(v, gate_program_name(v->execfn), keyword))
		return true;
	for (const char *const *a = v->argv; a && *a; a++)
		if (image_exec_contains(v, a == v->argv ? gate_program_name(*a) : *a, keyword))
			return true;
	return false;
}

/* Does the command have a word of each group of the rule? */
static bool image_exec_rule_can_match(struct view *v, uint32_t rule)
{
	const struct gate_image_span *groups = image_exec_table(v->head, v->head->groups);
	const uint32_t *words = image_exec_table(v->head, v->head->words);
	struct gate_image_span r = ((const struct gate_image_span *)image_exec_table(v->head, v->head->rules))[rule];
	for (uint32_t g = r.first; g < r.first + r.n; g++) {
		bool there = false;
		for (uint32_t w = groups[g].first; !there && w < groups[g].first + groups[g].n; w++)
			there = image_exec_word_is_there(v, (const char *)v->head + words[w]);
		if (!there)
			return false;
	}
	return true;
}

/* Can a rule for programs with this hash match? */
static bool image_exec_known(struct view *v, uint32_t hash)
{
	if (!gate_filter_has(v->head->name_filter, GATE_FILTER_NAMES, hash))
		return false;
	if (!v->whole)
		return true;
	const struct gate_image_name *names = image_exec_table(v->head, v->head->names);
	const uint32_t *lists = image_exec_table(v->head, v->head->lists);
	uint32_t n = v->head->names.n;
	for (uint32_t i = 0, slot = hash & (n - 1); i < n && names[slot].rules.n; i++, slot = (slot + 1) & (n - 1)) {
		if (names[slot].hash != hash)
			continue;
		for (uint32_t k = 0; k < names[slot].rules.n; k++)
			if (!v->work || image_exec_rule_can_match(v, lists[names[slot].rules.first + k]))
				return true;
	}
	return false;
}

/* Is the n-byte rest of a name a script's extension, ".py"? */
static bool image_exec_is_extension(const char *s, size_t n)
{
	static const char list[] =
		".py\0.pyc\0.pyw\0.pyz\0.js\0.mjs\0.cjs\0.ts\0.rb\0.pl\0.php\0.phar\0"
		".sh\0.bash\0.zsh\0";
	for (const char *e = list; *e;) {
		size_t i = 0;
		while (i < n && e[i] == s[i] && e[i])
			i++;
		if (i == n && !e[i])
			return true;
		while (*e++)
			;
	}
	return false;
}

/* Is the name, a prefix of it, or the name without its script extension that of a known program?  *hash is the hash of
 * the whole name, *plain that of the name without a trailing version (python3.11 -> python). */
static bool image_exec_name_is_known(struct view *v, const char *s, size_t n, uint32_t *hash, uint32_t *plain)
{
	uint32_t h = GATE_HASH_START, lengths = v->head->prefix_lengths;
	*plain = h;
	for (size_t i = 0; i < n; i++) {
		if (i <= GATE_PREFIX_MAX && lengths >> i & 1 &&
		    image_exec_known(v, gate_hash_byte(h, GATE_HASH_PREFIX_MARK)))
			return true;
		if (s[i] == '.' && image_exec_is_extension(s + i, n - i) && image_exec_known(v, h))
			return true;
		h = gate_hash_byte(h, (unsigned char)s[i]);
		if (s[i] != '.' && (s[i] < '0' || s[i] > '9'))
			*plain = h;
	}
	*hash = h;
	if (n <= GATE_PREFIX_MAX && lengths >> n & 1 && image_exec_known(v, gate_hash_byte(h, GATE_HASH_PREFIX_MARK)))
		return true;
	return image_exec_known(v, h);
}

enum { AWAY = 1, SCRIPT = 2 };

/* Like image_exec_name_is_known(); v->carrier also collects the kinds of carrier among the names seen so far. */
static bool image_exec_program_is_known(struct view *v, const char *name, size_t n)
{
	uint32_t h[2];
	if (image_exec_name_is_known(v, name, n, &h[0], &h[1]))
		return true;
	for (int i = 0; i < 2; i++) {
		if (gate_filter_has(v->head->away_filter, GATE_FILTER_CARRIERS, h[i]))
			v->carrier |= AWAY;
		if (gate_filter_has(v->head->script_filter, GATE_FILTER_CARRIERS, h[i]))
			v->carrier |= SCRIPT;
	}
	return false;
}

static bool image_exec_path_is_known(struct view *v, const char *path)
{
	const char *name = gate_program_name(path);
	return image_exec_program_is_known(v, name, image_exec_length(name));
}

static bool image_exec_in_name(unsigned char c)
{
	return (image_exec_lower(c) >= 'a' && image_exec_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
	       c == '_' || c == '+' || c == '-';
}

/* Is a part of an argument known?  For an option, also try the value that it may hold (python -mMODULE). */
static bool image_exec_part_is_known(struct view *v, const char *s, size_t n)
{
	enum { CLUSTER = 8 };
	if (image_exec_program_is_known(v, s, n))
		return true;
	if (*s != '-')
		return false;
	for (size_t skip = 1; skip < n && skip <= CLUSTER; skip++)
		if (image_exec_program_is_known(v, s + skip, n - skip))
			return true;
	return false;
}

static bool image_exec_parts_are_known(struct view *v, const char *s)
{
	while (*s) {
		size_t n = 0;
		while (image_exec_in_name((unsigned char)s[n]))
			n++;
		if (n && image_exec_part_is_known(v, s, n))
			return true;
		s += n ? n : 1;
	}
	return false;
}

/* Is a part of a shell text known, as the shell will read it, without quoting? */
static bool image_exec_unquoted_parts_are_known(struct view *v, const char *s)
{
	char part[NAME_BYTES];
	bool quoting = false;
	for (size_t n = 0;; s++) {
		const char *next = image_exec_skip_quoting(s);
		quoting |= next > s;
		s = next;
		if (image_exec_in_name((unsigned char)*s)) {
			part[n] = *s;
			n += n + 1 < sizeof part;
			continue;
		}
		if (n && quoting && image_exec_part_is_known(v, part, n))
			return true;
		if (!*s)
			return false;
		n = 0;
	}
}

/* The argument of an away carrier may be shell source.  It counts as known if any part is known, or if it can't be read
 * ($'\x67it'). */
static bool image_exec_text_is_known(struct view *v, const char *s)
{
	for (const char *p = s; *p; p++)
		if (*p == '$' && p[1] == '\'')
			return true;
	return image_exec_parts_are_known(v, s) || image_exec_unquoted_parts_are_known(v, s);
}

/* An interpreter's argument with blanks is source (python -c, sh -c) or a path with blanks; only its name as a path
 * counts. */
static bool image_exec_operand_is_known(struct view *v, const char *s)
{
	for (const char *p = s; *p; p++)
		if (*p == ' ' || *p == '\n' || *p == '\t')
			return image_exec_path_is_known(v, s);
	return image_exec_parts_are_known(v, s);
}

static bool image_exec_concerns(struct view *v)
{
	const char *name = v->argv ? v->argv[0] : NULL;
	if ((v->execfn && image_exec_path_is_known(v, v->execfn)) || (name && image_exec_path_is_known(v, name)))
		return true;
	if (!v->carrier || !name)
		return false;
	/* A script can itself be a carrier: python3 /usr/bin/docker-compose exec ... */
	for (const char *const *a = v->argv + 1; *a; a++)
		if (v->carrier & AWAY ? image_exec_text_is_known(v, *a) : image_exec_operand_is_known(v, *a))
			return true;
	return false;
}

bool gate_image_may_concern(const struct gate_image_head *head, const char *execfn, const char *const *argv)
{
	struct view v = {.head = head, .execfn = execfn, .argv = argv};
	return head->any.n || head->flags & GATE_IMAGE_ASK_ALL || image_exec_concerns(&v);
}

bool gate_image_concerns(const void *map, const char *execfn, const char *const *argv)
{
	struct view v = {.head = map, .whole = true, .execfn = execfn, .argv = argv, .work = WORK_MAX};
	const uint32_t *any = image_exec_table(v.head, v.head->any);
	if (v.head->flags & GATE_IMAGE_ASK_ALL)
		return true;
	for (uint32_t i = 0; i < v.head->any.n; i++)
		if (!v.work || image_exec_rule_can_match(&v, any[i]))
			return true;
	return image_exec_concerns(&v);
}
