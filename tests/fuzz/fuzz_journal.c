/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_journal.c - for any content of a journal, every record is whole, its path has no "..", and its object is in the
 * store. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal j;
	char *text = malloc(size + 1);
	assert(text);
	memcpy(text, data, size);
	if (journal_parse(&j, text, size)) {
		journal_free(&j);
		return 0;
	}
	for (size_t i = 0; i < j.n; i++) {
		const struct store_put_record *r = &j.v[i];
		assert(r->path[0] == '/' && journal_is_path(r->path) && !strstr(r->path, "/../") &&
		       strlen(r->comm) < size);
		assert(!r->other || journal_is_path(r->other));
		assert(!r->id ||
		       (*r->id && strlen(r->id) <= STORE_ID_MAX && !strchr(r->id, '/') && !strchr(r->id, '.')));
		assert(r->time.tv_nsec >= 0 && r->time.tv_nsec < 1000000000);
		cleanup_strbuf struct strbuf b = {0};
		journal_encode(&b, r->path);
		assert(!b.err && journal_decode(b.s) && !strcmp(b.s, r->path));
	}
	journal_free(&j);
	return 0;
}
