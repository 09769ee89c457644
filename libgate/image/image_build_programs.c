/* SPDX-License-Identifier: BSD-2-Clause */
/* image_build_programs.c - writes the image's table of the files that rules know by a name. */
#include <errno.h>
#include <string.h>

#include "image/image_internal.h"
#include "image/program_files.h"

static void build_programs_put(struct strbuf *programs, struct strbuf *own, struct gate_image_head *head,
			       const struct program_file *p, size_t path)
{
	struct gate_image_program entry = {.ino = p->file.ino,
					   .size = p->file.size,
					   .start = p->file.start,
					   .dev_major = p->file.dev_major,
					   .dev_minor = p->file.dev_minor,
					   .path = (uint32_t)path,
					   .own = {(uint32_t)(own->len / sizeof *p->own), (uint32_t)p->nown}};
	strbuf_put(own, (const char *)p->own, p->nown * sizeof *p->own);
	strbuf_put(programs, (const char *)&entry, sizeof entry);
	gate_filter_add(head->name_filter, GATE_FILTER_NAMES, gate_hash_number(p->file.ino));
	if (p->file.start)
		gate_filter_add(head->name_filter, GATE_FILTER_NAMES, gate_hash_number(p->file.size));
}

int image_programs_put(struct strbuf *out, struct gate_image_head *head, const struct ruleset *rs, const char *path)
{
	static const char zeros[8];
	cleanup_strbuf struct strbuf programs = {0};
	cleanup_strbuf struct strbuf own = {0};
	struct program_files files = {0};
	int err = path ? program_files_find(rs, path, &files) : 0;
	for (size_t i = 0; !err && i < files.n; i++) {
		build_programs_put(&programs, &own, head, &files.v[i], out->len);
		strbuf_put(out, files.v[i].path, strlen(files.v[i].path) + 1);
	}
	program_files_free(&files);
	strbuf_put(out, zeros, -out->len % 8);
	head->programs = image_put_table(out, &programs, sizeof(struct gate_image_program));
	head->own = image_put_table(out, &own, sizeof(uint32_t));
	return err ? err : programs.err ? programs.err : own.err;
}
