/* SPDX-License-Identifier: BSD-2-Clause */
/* image_programs.c - finds out from the policy image (image.h) which program a file is, whatever its name. */
#include "formats/image.h"

static const void *image_programs_table(const struct gate_image_head *head, struct gate_image_table t)
{
	return (const char *)head + t.at;
}

static uint32_t image_programs_hash(const char *execfn)
{
	uint32_t h = GATE_HASH_START;
	for (const char *c = gate_program_name(execfn); *c; c++)
		h = gate_hash_byte(h, (unsigned char)*c);
	return h;
}

bool gate_image_has_name(const void *map, const char *execfn)
{
	const struct gate_image_head *head = map;
	const struct gate_image_name *names = image_programs_table(head, head->names);
	uint32_t hash = image_programs_hash(execfn), n = head->names.n;
	for (uint32_t i = 0, slot = hash & (n - 1); i < n && names[slot].rules.n; i++, slot = (slot + 1) & (n - 1))
		if (names[slot].hash == hash)
			return true;
	return false;
}

/* Is it executed under a name that it was installed under, and by which such a program may tell what to do? */
static bool image_programs_is_own(const struct gate_image_head *head, const struct gate_image_program *p, uint32_t name)
{
	const uint32_t *own = image_programs_table(head, head->own);
	for (uint32_t i = p->own.first; i < p->own.first + p->own.n; i++)
		if (own[i] == name)
			return true;
	return false;
}

bool gate_image_may_be_program(const struct gate_image_head *head, const struct gate_program_file *f)
{
	return gate_filter_has(head->name_filter, GATE_FILTER_NAMES, gate_hash_number(f->ino)) ||
	       gate_filter_has(head->name_filter, GATE_FILTER_NAMES, gate_hash_number(f->size));
}

static bool image_programs_is_same(const struct gate_image_program *p, const struct gate_program_file *f)
{
	if (p->ino == f->ino && p->dev_major == f->dev_major && p->dev_minor == f->dev_minor)
		return true;
	return f->start && p->start == f->start && p->size == f->size;
}

const char *gate_image_program(const void *map, const struct gate_program_file *f, const char *execfn,
			       bool *wants_start)
{
	const struct gate_image_head *head = map;
	const struct gate_image_program *p = image_programs_table(head, head->programs);
	*wants_start = false;
	if (!gate_image_may_be_program(head, f))
		return NULL;
	for (uint32_t i = 0; i < head->programs.n; i++) {
		if (image_programs_is_same(&p[i], f)) {
			*wants_start = false;
			return image_programs_is_own(head, &p[i], image_programs_hash(execfn)) ?
				       NULL :
				       (const char *)map + p[i].path;
		}
		*wants_start |= !f->start && p[i].start && p[i].size == f->size;
	}
	return NULL;
}
