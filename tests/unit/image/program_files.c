/* SPDX-License-Identifier: BSD-2-Clause */
/* program_files.c - files of PATH that rules know by a name: links and copies are found, a program of many names is not. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "image/build_id.h"
#include "image/image_build.h"
#include "image/program_files.h"

static char dir[] = "/tmp/gate-test.XXXXXX", path[64];

static const char rule[] =
	"rule: a.push\non: exec\nprogram: git kubectl pkill many tool\nkeyword: push\nseverity: danger\n"
	"reason: r\nmatch: .\nhit: x\nmiss: y\n";

/* A copy of this program, which has a build id, with `more` at its end. */
static void make(const char *name, const char *more)
{
	cleanup_strbuf struct strbuf command = {0};
	strbuf_printf(&command, "cp /proc/$PPID/exe %s/%s && printf '%s' >>%s/%s", dir, name, more, dir, name);
	assert_int_equal(system(command.s), 0);
}

static int set_up(void **state)
{
	cleanup_strbuf struct strbuf command = {0};
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/bin:relative::/no/such", dir);
	strbuf_printf(
		&command,
		"cd %s && mkdir bin && mv git kubectl pgrep tool many-names bin && cd bin && ln -s kubectl k && "
		"ln -s pgrep pkill && ln tool twin && for i in many a b c d e f g h; do ln -s many-names $i; done && "
		"cp git ../copy && ln -s bin/git ../link && cp many-names ../many-copy && cp tool ../tool-copy",
		dir);
	make("git", "1"), make("kubectl", "22"), make("pgrep", "333"), make("tool", "4444"),
		make("many-names", "55555");
	return system(command.s);
}

static int tear_down(void **state)
{
	cleanup_strbuf struct strbuf command = {0};
	strbuf_printf(&command, "rm -rf %s", dir);
	return system(command.s);
}

/* The name of the program that DIR/name is, or "-": by the list, and by the image. */
static const char *known(const struct program_files *files, const void *map, const char *name)
{
	struct gate_program_file f;
	char file[64];
	bool wants;
	snprintf(file, sizeof file, "%s/%s", dir, name);
	assert_int_equal(program_file_look(file, &f), 0);
	const char *found = program_files_of(files, &f, gate_program_name(file));
	const char *by_image = gate_image_program(map, &f, file, &wants);
	assert_string_equal(found ? found : "-", by_image ? by_image : "-");
	if (found) {
		assert_true(gate_image_may_be_program(map, &f));
		f.start = 0;
		by_image = gate_image_program(map, &f, file, &wants);
		assert_true(by_image || wants);
	}
	return found ? gate_program_name(found) : "-";
}

/* An image that passes its check is safe to read, whatever is in it. */
static void damage(const char *map, size_t size)
{
	struct gate_program_file f = {.size = 1};
	bool wants;
	const struct gate_image_head *head = (const void *)map;
	char *copy = malloc(size);
	for (size_t i = 0; i < size; i++) {
		if (i >= GATE_IMAGE_HEAD && i < head->programs.at) /* the head, and the tables of programs */
			i = head->programs.at;
		memcpy(copy, map, size);
		copy[i] = (char)0xff;
		if (gate_image_check(copy, size))
			continue;
		const struct gate_image_head *h = (const void *)copy;
		memset(((struct gate_image_head *)copy)->name_filter, 0xff, sizeof h->name_filter);
		for (uint32_t k = 0; k < h->programs.n; k++) {
			const struct gate_image_program *p = (const void *)(copy + h->programs.at);
			f = (struct gate_program_file){p[k].ino, p[k].size, 0, p[k].dev_major, p[k].dev_minor};
			const char *name = gate_image_program(copy, &f, "/x", &wants);
			assert_true(!name || strlen(name) < size);
		}
	}
	free(copy);
}

static void links_and_copies(void **state)
{
	struct ruleset rs = {0};
	struct diag d = {0};
	struct source src = {.name = "p", .text = rule, .len = sizeof rule - 1};
	struct program_files files = {0};
	int fd = memfd_create("image", MFD_CLOEXEC);
	assert_int_equal(ruleset_parse(&rs, &src, TRUST_SYSTEM, &d), 0);
	assert_int_equal(ruleset_finish(&rs, &d), 0);
	assert_int_equal(program_files_find(&rs, path, &files), 0);
	assert_int_equal(image_build(&rs, "/x", 0, NULL, path, fd), 0);
	size_t size = (size_t)lseek(fd, 0, SEEK_END);
	void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_int_equal(gate_image_check(map, size), 0);
	assert_string_equal(known(&files, map, "copy"), "git");
	assert_string_equal(known(&files, map, "link"), "git");
	assert_string_equal(known(&files, map, "tool-copy"), "tool");
	assert_string_equal(known(&files, map, "bin/git"), "-"); /* it is what it is called */
	assert_string_equal(known(&files, map, "bin/k"), "kubectl");
	assert_string_equal(known(&files, map, "bin/twin"), "-");  /* a hard link has a meaning of its own */
	assert_string_equal(known(&files, map, "bin/pgrep"), "-"); /* pkill is a name of it, and only that one kills */
	assert_string_equal(known(&files, map, "many-copy"), "-"); /* more than eight names */
	assert_true(gate_image_has_name(map, "/x/git"));
	assert_false(gate_image_has_name(map, "/x/gitk"));
	damage(map, size);
	munmap(map, size);
	close(fd);
	program_files_free(&files);
	ruleset_free(&rs);
}

static void a_build_id_tells_files_apart(void **state)
{
	char start[GATE_PROGRAM_START];
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	size_t n = (size_t)read(fd, start, sizeof start);
	close(fd);
	assert_true(build_id_is_in(start, n));
	for (size_t i = 0; i < n; i++) { /* the sanitizer sees what is read behind the end */
		char *cut = malloc(i ? i : 1);
		memcpy(cut, start, i);
		build_id_is_in(cut, i);
		free(cut);
	}
	start[1] = 'x';
	assert_false(build_id_is_in(start, n));
	assert_false(build_id_is_in("#!/bin/sh\n", 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_and_copies),
		cmocka_unit_test(a_build_id_tells_files_apart),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
