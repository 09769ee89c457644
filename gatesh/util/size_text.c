/* SPDX-License-Identifier: BSD-2-Clause */
/* size_text.c - formats a number of bytes in binary units. */
#include "util/size_text.h"

#include <stdio.h>

void size_text(long long bytes, char buf[SIZE_TEXT_MAX])
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
	double v = (double)bytes / 1024;
	size_t u = 0;
	for (; v >= 1023.95 && u + 1 < sizeof units / sizeof *units; u++)
		v /= 1024;
	if (bytes < 1024)
		snprintf(buf, SIZE_TEXT_MAX, "%lld B", bytes);
	else
		snprintf(buf, SIZE_TEXT_MAX, "%.1f %s", v, units[u]);
}
