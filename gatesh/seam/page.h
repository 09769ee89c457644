/* SPDX-License-Identifier: BSD-2-Clause */
/* page.h - the session's page (formats/seam.h): the cookie and the policy image in a memfd that nobody but gatesh can
 * change.  gatesh puts the descriptor into the processes that ask for it. */
#ifndef GATESH_SEAM_PAGE_H
#define GATESH_SEAM_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "formats/image.h"

struct page {
	int fd; /* -1: none */
	struct seam_page *map;
	size_t size;
	uint64_t cookie;
};

/* Make a page with a new cookie.  `write_image` writes the policy image to a descriptor, from its current offset on, and
 * returns 0 or a negative errno.  Returns 0 or a negative errno; then p->fd is -1. */
int page_make(struct page *p, int (*write_image)(int fd, void *data), void *data);

/* The image in the page. */
const struct gate_image_head *page_image(const struct page *p);

/* Set or clear flags of the image; every process sees it at its next look. */
void page_set_flags(struct page *p, uint32_t flags, int on);

void page_free(struct page *p);

#endif
