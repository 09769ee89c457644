/* SPDX-License-Identifier: BSD-2-Clause */
/* image_check.c - checks that a policy image (image.h) is complete and valid, before anything else reads it. */
#include "formats/image.h"

#include <errno.h>

static bool image_check_table_fits(const struct gate_image_head *head, struct gate_image_table t, size_t entry)
{
	return t.at % 4 == 0 && t.at >= GATE_IMAGE_HEAD && t.at <= head->size && t.n <= (head->size - t.at) / entry;
}

static bool image_check_span_fits(struct gate_image_span s, uint32_t n)
{
	return s.first <= n && s.n <= n - s.first;
}

int gate_image_check_head(const struct gate_image_head *head, size_t size)
{
	static const char magic[sizeof head->magic] = GATE_IMAGE_MAGIC;
	if (size < GATE_IMAGE_HEAD)
		return -EBADMSG;
	for (size_t i = 0; i < sizeof magic; i++)
		if (head->magic[i] != magic[i])
			return -EINVAL;
	if (head->version != GATE_IMAGE_VERSION || head->size > GATE_IMAGE_MAX)
		return -EINVAL;
	return head->size == size ? 0 : -EBADMSG;
}

static const void *image_check_table(const struct gate_image_head *head, struct gate_image_table t)
{
	return (const char *)head + t.at;
}

static bool image_check_indices_fit(const struct gate_image_head *head, struct gate_image_table t, uint32_t limit)
{
	const uint32_t *v = image_check_table(head, t);
	for (uint32_t i = 0; i < t.n; i++)
		if (v[i] >= limit)
			return false;
	return true;
}

static bool image_check_spans_fit(const struct gate_image_head *head, struct gate_image_table t, uint32_t limit)
{
	const struct gate_image_span *v = image_check_table(head, t);
	for (uint32_t i = 0; i < t.n; i++)
		if (!image_check_span_fits(v[i], limit))
			return false;
	return true;
}

static bool image_check_connect_fits(const struct gate_image_head *head)
{
	if (!image_check_table_fits(head, head->connect, sizeof(struct gate_image_connect)) ||
	    !image_check_table_fits(head, head->nets, sizeof(struct gate_net)) ||
	    !image_check_table_fits(head, head->ports, sizeof(struct gate_ports)))
		return false;
	const struct gate_image_connect *rules = image_check_table(head, head->connect);
	for (uint32_t i = 0; i < head->connect.n; i++)
		if (!image_check_span_fits(rules[i].hosts, head->words.n) ||
		    !image_check_span_fits(rules[i].sockets, head->words.n) ||
		    !image_check_span_fits(rules[i].nets, head->nets.n) ||
		    !image_check_span_fits(rules[i].ports, head->ports.n))
			return false;
	const struct gate_net *nets = image_check_table(head, head->nets);
	for (uint32_t i = 0; i < head->nets.n; i++)
		if (nets[i].bits > 8 * sizeof nets[i].ip)
			return false;
	return true;
}

static bool image_check_name_table_fits(const struct gate_image_head *head, struct gate_image_table t, uint32_t limit)
{
	if (!image_check_table_fits(head, t, sizeof(struct gate_image_name)) || t.n & (t.n - 1))
		return false;
	const struct gate_image_name *v = image_check_table(head, t);
	for (uint32_t i = 0; i < t.n; i++)
		if (!image_check_span_fits(v[i].rules, limit))
			return false;
	return true;
}

static bool image_check_file_rules_fit(const struct gate_image_head *head, const struct gate_image_files *f)
{
	const struct gate_image_file_rule *r = image_check_table(head, f->rules);
	for (uint32_t i = 0; i < f->rules.n; i++)
		if (r[i].class > GATE_CLASS_DENY || r[i].severity > GATE_IMAGE_SEVERITY_MAX ||
		    !image_check_span_fits(r[i].excepts, f->words.n) ||
		    !image_check_span_fits(r[i].programs, f->words.n))
			return false;
	const struct gate_image_glob *g = image_check_table(head, f->globs);
	for (uint32_t i = 0; i < f->globs.n; i++)
		if (g[i].text >= head->size || g[i].rule >= f->rules.n)
			return false;
	const struct gate_image_store *s = image_check_table(head, f->stores);
	for (uint32_t i = 0; i < f->stores.n; i++)
		if (s[i].path >= head->size)
			return false;
	return true;
}

static bool image_check_files_fit(const struct gate_image_head *head)
{
	if (!head->files)
		return !head->file_events;
	const struct gate_image_table one = {head->files, 1};
	if (!image_check_table_fits(head, one, sizeof(struct gate_image_files)) || head->files % 8)
		return false;
	const struct gate_image_files *f = gate_image_files(head);
	return image_check_table_fits(head, f->workspaces, 4) &&
	       image_check_indices_fit(head, f->workspaces, head->size) &&
	       image_check_table_fits(head, f->temporary, 4) &&
	       image_check_indices_fit(head, f->temporary, head->size) && image_check_table_fits(head, f->words, 4) &&
	       image_check_indices_fit(head, f->words, head->size) && f->home < head->size &&
	       image_check_table_fits(head, f->stores, sizeof(struct gate_image_store)) &&
	       image_check_table_fits(head, f->rules, sizeof(struct gate_image_file_rule)) &&
	       image_check_table_fits(head, f->globs, sizeof(struct gate_image_glob)) &&
	       image_check_span_fits(f->any, f->globs.n) && image_check_file_rules_fit(head, f) &&
	       image_check_name_table_fits(head, f->keys, f->globs.n);
}

static bool image_check_programs_fit(const struct gate_image_head *head)
{
	if (!image_check_table_fits(head, head->own, sizeof(uint32_t)) || head->programs.at % 8 ||
	    !image_check_table_fits(head, head->programs, sizeof(struct gate_image_program)))
		return false;
	const struct gate_image_program *p = image_check_table(head, head->programs);
	for (uint32_t i = 0; i < head->programs.n; i++)
		if (p[i].path >= head->size || !image_check_span_fits(p[i].own, head->own.n))
			return false;
	return true;
}

int gate_image_check(const void *map, size_t len)
{
	const struct gate_image_head *head = map;
	int err = gate_image_check_head(head, len);
	if (err)
		return err;
	if (!image_check_table_fits(head, head->lists, 4) ||
	    !image_check_name_table_fits(head, head->names, head->lists.n) ||
	    !image_check_table_fits(head, head->any, 4) || !image_check_table_fits(head, head->words, 4) ||
	    !image_check_table_fits(head, head->rules, sizeof(struct gate_image_span)) ||
	    !image_check_table_fits(head, head->groups, sizeof(struct gate_image_span)))
		return -EBADMSG;
	if (!image_check_indices_fit(head, head->lists, head->rules.n) ||
	    !image_check_indices_fit(head, head->any, head->rules.n) ||
	    !image_check_spans_fit(head, head->rules, head->groups.n) ||
	    !image_check_spans_fit(head, head->groups, head->words.n) ||
	    !image_check_indices_fit(head, head->words, head->size) || head->standin < GATE_IMAGE_HEAD ||
	    head->standin >= head->size)
		return -EBADMSG;
	if (!image_check_connect_fits(head) || !image_check_files_fit(head) || !image_check_programs_fit(head))
		return -EBADMSG;
	/* The image ends in a NUL, so every string in it ends. */
	return ((const char *)map)[head->size - 1] == '\0' ? 0 : -EBADMSG;
}
