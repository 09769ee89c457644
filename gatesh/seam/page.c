/* SPDX-License-Identifier: BSD-2-Clause */
/* page.c - makes the session's page and seals it. */
#include "seam/page.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "formats/seam.h"

#ifndef F_SEAL_FUTURE_WRITE /* Linux 5.1: the mapping made before it stays writable */
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

/* A cookie of which neither half is zero: a register that was never set must not look like one. */
static int page_new_cookie(uint64_t *cookie)
{
	do
		if (getrandom(cookie, sizeof *cookie, 0) != sizeof *cookie)
			return -errno;
	while (!(*cookie >> 32) || !(uint32_t)*cookie);
	return 0;
}

/* Map the page, fill in its head and seal it. */
static int page_seal(struct page *p)
{
	struct stat st;
	if (fstat(p->fd, &st))
		return -errno;
	p->size = (size_t)st.st_size;
	void *map = mmap(NULL, p->size, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	p->map = map;
	*p->map = (struct seam_page){
		.magic = SEAM_MAGIC, .version = SEAM_VERSION, .cookie = p->cookie, .size = (uint32_t)p->size};
	return fcntl(p->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) ? -errno : 0;
}

int page_make(struct page *p, int (*write_image)(int fd, void *data), void *data)
{
	*p = (struct page){.fd = memfd_create("gate-page", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
	int err = p->fd < 0 ? -errno : page_new_cookie(&p->cookie);
	if (!err && lseek(p->fd, SEAM_IMAGE_AT, SEEK_SET) != SEAM_IMAGE_AT)
		err = -errno;
	if (!err)
		err = write_image(p->fd, data);
	if (!err)
		err = page_seal(p);
	if (err)
		page_free(p);
	return err;
}

const struct gate_image_head *page_image(const struct page *p)
{
	return p->map ? (const void *)((const char *)p->map + SEAM_IMAGE_AT) : NULL;
}

void page_set_flags(struct page *p, uint32_t flags, int on)
{
	struct gate_image_head *head = (void *)((char *)p->map + SEAM_IMAGE_AT);
	if (!p->map)
		return;
	if (on)
		__atomic_fetch_or(&head->flags, flags, __ATOMIC_SEQ_CST);
	else
		__atomic_fetch_and(&head->flags, ~flags, __ATOMIC_SEQ_CST);
}

void page_free(struct page *p)
{
	if (p->map)
		munmap(p->map, p->size);
	if (p->fd >= 0)
		close(p->fd);
	*p = (struct page){.fd = -1};
}
