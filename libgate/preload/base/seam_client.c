/* SPDX-License-Identifier: BSD-2-Clause */
/* seam_client.c - requests a descriptor from the session by a system call that the kernel reports to it. */
#include "preload/base/seam_client.h"

#include <errno.h>

#include "formats/image.h"
#include "preload/base/sys.h"

/* A program's own filter may forbid one of the calls; unlinkat("") does nothing by itself either. */
long seam_request_of(enum seam_request what, long argument)
{
	long ret;
	do
		ret = SYS(openat, AT_FDCWD, "", O_WRONLY | O_CLOEXEC, argument, what, SEAM_REQUEST);
	while (ret == -EINTR);
	if (ret == -EPERM || ret == -EACCES || ret == -ENOSYS)
		ret = SYS(unlinkat, AT_FDCWD, "", 0, argument, what, SEAM_REQUEST);
	return ret;
}

long seam_request(enum seam_request what)
{
	return seam_request_of(what, 0);
}

int seam_map_page(const struct seam_page **page)
{
	long fd = seam_request(SEAM_PAGE);
	if (fd < 0)
		return (int)fd;
	long size = sys_seek_end((int)fd);
	long at = size > SEAM_IMAGE_AT && size <= GATE_IMAGE_MAX ? SYS(mmap, 0, size, PROT_READ, MAP_SHARED, fd, 0) :
								   -EBADMSG;
	sys_close((int)fd);
	if (sys_is_error(at))
		return (int)at;
	const struct seam_page *p = (const struct seam_page *)at;
	int err = p->magic != SEAM_MAGIC || p->size != (unsigned long)size ? -EBADMSG : 0;
	if (!err && p->version != SEAM_VERSION)
		err = -EPROTO;
	/* gatesh wrote the image, so the head is enough. */
	if (!err)
		err = gate_image_check_head((const void *)((const char *)p + SEAM_IMAGE_AT),
					    (size_t)size - SEAM_IMAGE_AT);
	if (err)
		sys_unmap(p, (size_t)size);
	else
		*page = p;
	return err;
}
