/* out.c - see out.h. */
#include "out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "escape.h"

bool out_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	return !(no && *no) && term && strcmp(term, "dumb") && isatty(fileno(out));
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
