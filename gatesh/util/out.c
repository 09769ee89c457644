/* SPDX-License-Identifier: BSD-2-Clause */
/* out.c - prints escaped text, measures it, and flushes stdout at the end of a command. */
#include "util/out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/escape.h"
#include "util/exit.h"

bool out_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	return !(no && *no) && term && strcmp(term, "dumb") && isatty(fileno(out));
}

size_t out_columns(FILE *out)
{
	struct winsize size;
	return isatty(fileno(out)) && !ioctl(fileno(out), TIOCGWINSZ, &size) ? size.ws_col : 0;
}

void out_text(FILE *out, const char *text)
{
	cleanup_strbuf struct strbuf b = {0};
	if (!text)
		return;
	escape_put(&b, text, strlen(text));
	fputs(b.err ? "(out of memory)" : b.s ? b.s : "", out);
}

int out_done(int status)
{
	bool lost = ferror(stdout);
	if (!fflush(stdout) && !lost)
		return status;
	if (errno != EPIPE)
		fprintf(stderr, "gatesh: stdout: can't be written: %s\n", strerror(errno));
	return EXIT_IO;
}

size_t out_width(const char *s)
{
	size_t w = 0, left = strlen(s);
	mbstate_t state = {0};
	while (left) {
		wchar_t c;
		size_t n = mbrtowc(&c, s, left, &state);
		bool known = n && n <= left;
		int cols = known ? wcwidth(c) : 1;
		w += cols > 0 ? (size_t)cols : known ? 0 : 1;
		n = known ? n : 1;
		if (!known)
			state = (mbstate_t){0};
		s += n;
		left -= n;
	}
	return w;
}
