/* fuzz_image.c - whatever stands in policy.img is refused, or read without leaving it.  The input is an image, and
 * behind it a command: the file that is executed and its words. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "image.h"
#include "image_build.h"

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
	}
	free(image);
	free(text);
	return 0;
}

/* Start over from a real image now and then, and keep its size true: nothing else gets past the first check. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	static const char *const words[] = {"push", "--force", NULL};
	static char *programs[] = {(char *)"git", (char *)"mkfs*", NULL};
	struct any_of keywords = {(char **)words};
	struct rule rule = {.events = 1u << GATE_EV_EXEC, .programs = programs, .keywords = &keywords, .nkeywords = 1};
	struct rule *rules[] = {&rule};
	struct ruleset rs = {.rules = rules, .n = 1};
	if (size < GATE_IMAGE_HEAD || seed % 64 == 0) {
		int fd = memfd_create("image", MFD_CLOEXEC);
		size_t n = fd < 0 || image_build(&rs, "/x", 0, NULL, fd) ? 0 : (size_t)lseek(fd, 0, SEEK_END);
		if (n + 32 < max && pread(fd, data, n, 0) == (ssize_t)n) {
			memcpy(data + n, "/bin/ssh\0git\0push", 18);
			size = n + 18;
		}
		close(fd);
	}
	return LLVMFuzzerMutate(data, size, max);
}
