/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_image.c - any content of policy.img is refused, or read without leaving the file.  The input is an image
 * followed by a command: the executed file and its words. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats/image.h"
#include "image/image_build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

enum { WORDS = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *argv[WORDS + 1];
	size_t n = 0, head = 0;
	if (size >= GATE_IMAGE_HEAD)
		head = ((const struct gate_image_head *)data)->size;
	if (head > size)
		head = size;
	char *image = malloc(head + 1), *text = malloc(size - head + 1);
	memcpy(image, data, head);
	memcpy(text, data + head, size - head);
	text[size - head] = '\0';
	for (char *p = text; n < WORDS && p < text + (size - head); p += strlen(p) + 1)
		argv[n++] = p;
	argv[n] = NULL;
	if (!gate_image_check(image, head)) {
		gate_image_may_concern((struct gate_image_head *)image, n ? argv[0] : NULL, argv + (n > 1));
		gate_image_concerns(image, n ? argv[0] : NULL, argv + (n > 1));
		for (size_t i = 0; gate_image_files(image) && i < n; i++)
			gate_image_classify(image, &(struct gate_file_query){GATE_EVENT_UNLINK + i % EVENT_FILE_TYPES,
									     argv[0], argv[i], (unsigned)i});
	}
	free(image);
	free(text);
	return 0;
}

/* Start again from a real image now and then, and keep its size field true: nothing else gets past the first check. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	static const char *const words[] = {"push", "--force", NULL};
	static char *programs[] = {(char *)"git", (char *)"mkfs*", NULL};
	struct any_of keywords = {(char **)words};
	struct rule rule = {
		.events = 1u << GATE_EVENT_EXEC, .programs = programs, .keywords = &keywords, .nkeywords = 1};
	static char *globs[] = {(char *)"~/x/*.o", (char *)"**/b?/", (char *)"*.db", NULL};
	struct rule files = {.events = RULE_FILE_EVENTS, .paths = globs, .excepts = globs + 1, .outside = true};
	struct rule *rules[] = {&rule, &files};
	struct ruleset rs = {.rules = rules, .n = 2};
	static const char *const places[] = {"/w", "/tmp", NULL};
	const struct gate_image_options o = {
		.workspaces = places, .temporary = places + 1, .stores = places + 1, .home = "/h"};
	const struct image_files judged = {.options = &o, .events = RULE_FILE_EVENTS};
	if (size < GATE_IMAGE_HEAD || seed % 64 == 0) {
		int fd = memfd_create("image", MFD_CLOEXEC);
		size_t n = fd < 0 || image_build(&rs, "/x", 0, seed % 128 ? &judged : NULL, NULL, fd) ?
				   0 :
				   (size_t)lseek(fd, 0, SEEK_END);
		if (n + 64 < max && pread(fd, data, n, 0) == (ssize_t)n) {
			static const char words[] = "/bin/ssh\0git\0push\0/h/x/a.o\0/w/bx/y.db";
			memcpy(data + n, words, sizeof words);
			size = n + sizeof words;
		}
		close(fd);
	}
	return LLVMFuzzerMutate(data, size, max);
}
