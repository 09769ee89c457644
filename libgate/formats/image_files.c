/* SPDX-License-Identifier: BSD-2-Clause */
/* image_files.c - classifies a path by the file rules of a policy image (image.h).  Runs in hooks and in the engine: no
 * allocation, no libc, no state. */
#include "formats/image.h"

/* The path to classify. */
struct path {
	const void *map;
	const struct gate_image_files *files;
	const char *text;
	const struct gate_file_query *query;
	struct gate_file_class found;
};

static const void *image_files_table(const struct path *p, struct gate_image_table t)
{
	return (const char *)p->map + t.at;
}

static const char *image_files_string(const struct path *p, uint32_t at)
{
	return (const char *)p->map + at;
}

bool gate_path_is_under(const char *path, const char *dir)
{
	const char *start = dir;
	while (*dir && *dir == *path)
		dir++, path++;
	return !*dir && (!*path || *path == '/' || (dir > start && dir[-1] == '/'));
}

static size_t image_files_length(const char *s)
{
	size_t n = 0;
	while (s[n])
		n++;
	return n;
}

/* Return the length of the longest of these directories that contains the path; 0: none does. */
static size_t image_files_longest(const struct path *p, struct gate_image_table dirs)
{
	const uint32_t *v = image_files_table(p, dirs);
	size_t best = 0;
	for (uint32_t i = 0; i < dirs.n; i++) {
		const char *dir = image_files_string(p, v[i]);
		if (!gate_path_is_under(p->text, dir))
			continue;
		size_t n = image_files_length(dir);
		best = n > best ? n : best;
	}
	return best;
}

/* Is the program one of the rule's?  A name that ends in '*' is a prefix. */
static bool image_files_program_matches(const struct path *p, struct gate_image_span programs)
{
	const uint32_t *words = image_files_table(p, p->files->words);
	for (uint32_t i = 0; i < programs.n; i++) {
		const char *name = image_files_string(p, words[programs.first + i]), *s = p->query->program;
		while (s && *name && *name == *s)
			name++, s++;
		if (s && ((!*name && !*s) || (*name == '*' && !name[1])))
			return true;
	}
	return !programs.n;
}

/* Would it allow a program by a name that it may have got in this session? */
static bool image_files_is_doubtful(const struct path *p, const struct gate_image_file_rule *r)
{
	return p->query->flags & EVENT_FILE_STRANGER && r->class == GATE_CLASS_PASS && r->programs.n;
}

static bool image_files_is_excepted(const struct path *p, struct gate_image_span excepts, const char *home)
{
	const uint32_t *words = image_files_table(p, p->files->words);
	for (uint32_t i = 0; i < excepts.n; i++)
		if (gate_glob(image_files_string(p, words[excepts.first + i]), p->text, home))
			return true;
	return false;
}

/* Could the rule change the result so far? */
static bool image_files_is_of_concern(const struct path *p, const struct gate_image_file_rule *r)
{
	bool worse = r->class > p->found.class || (r->class == GATE_CLASS_ASK && r->severity > p->found.severity);
	return worse && r->class >= p->query->least && r->events >> p->query->event & 1 &&
	       (!r->outside || p->found.outside);
}

static void image_files_consider(struct path *p, const struct gate_image_glob *g)
{
	const struct gate_image_file_rule *r =
		(const struct gate_image_file_rule *)image_files_table(p, p->files->rules) + g->rule;
	const char *home = p->files->home ? image_files_string(p, p->files->home) : NULL;
	if (!image_files_is_of_concern(p, r) || !image_files_program_matches(p, r->programs) ||
	    image_files_is_doubtful(p, r) || (g->text && !gate_glob(image_files_string(p, g->text), p->text, home)) ||
	    image_files_is_excepted(p, r->excepts, home))
		return;
	if (r->within & ~p->query->flags) {
		p->found.wants |= r->within;
		return;
	}
	if (r->class > p->found.class)
		p->found.class = (enum gate_class)r->class;
	if (r->class == GATE_CLASS_ASK && r->severity > p->found.severity)
		p->found.severity = r->severity;
}

static void image_files_consider_span(struct path *p, struct gate_image_span span)
{
	const struct gate_image_glob *globs = image_files_table(p, p->files->globs);
	for (uint32_t i = 0; i < span.n; i++)
		image_files_consider(p, &globs[span.first + i]);
}

static void image_files_consider_key(struct path *p, uint32_t hash)
{
	const struct gate_image_name *keys = image_files_table(p, p->files->keys);
	uint32_t n = p->files->keys.n;
	for (uint32_t i = 0, slot = hash & (n - 1); i < n && keys[slot].rules.n; i++, slot = (slot + 1) & (n - 1))
		if (keys[slot].hash == hash)
			image_files_consider_span(p, keys[slot].rules);
}

/* Consider the endings of the last component, from each of its dots. */
static void image_files_consider_endings(struct path *p, const char *name)
{
	for (; *name; name++) {
		if (*name != '.')
			continue;
		uint32_t h = gate_hash_byte(GATE_HASH_START, GATE_HASH_PREFIX_MARK);
		for (const char *s = name; *s; s++)
			h = gate_hash_byte(h, (unsigned char)*s);
		image_files_consider_key(p, h);
	}
}

static void image_files_consider_rules(struct path *p)
{
	const char *name = p->text;
	image_files_consider_span(p, p->files->any);
	for (const char *s = p->text; *s;) {
		uint32_t h = GATE_HASH_START;
		while (*s == '/')
			s++;
		for (name = s; *s && *s != '/'; s++)
			h = gate_hash_byte(h, (unsigned char)*s);
		image_files_consider_key(p, h);
	}
	image_files_consider_endings(p, name);
}

static bool image_files_is_in_store(const struct path *p)
{
	const struct gate_image_store *v = image_files_table(p, p->files->stores);
	for (uint32_t i = 0; i < p->files->stores.n; i++)
		if (gate_path_is_under(p->text, image_files_string(p, v[i].path)))
			return true;
	return false;
}

struct gate_file_class gate_image_classify(const void *map, const struct gate_file_query *q)
{
	struct path p = {.map = map, .files = gate_image_files(map), .text = q->path, .query = q};
	size_t workspace = image_files_longest(&p, p.files->workspaces),
	       temporary = image_files_longest(&p, p.files->temporary);
	p.found.outside = !workspace;
	if (q->event == EVENT_READ) /* nothing is lost, wherever it is */
		image_files_consider_rules(&p);
	else if (image_files_is_in_store(&p))
		p.found.class = GATE_CLASS_STORE;
	else if (temporary > workspace)
		p.found.class = GATE_CLASS_PASS;
	else
		image_files_consider_rules(&p);
	return p.found;
}
