/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_named.c - loads a principal by its name, or says which ones there are. */
#include "cmd/principal_named.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "util/exit.h"
#include "util/usage.h"

static int principal_unknown(const char *name)
{
	cleanup_strbuf struct strbuf shown = {0};
	char **names = principal_names();
	const char *near = names ? diag_nearest(name, (const char *const *)names) : NULL;
	escape_put(&shown, name, strlen(name));
	fprintf(stderr, "gate: the directories of gate.principal(5) have no principal '%s'%s%s%s\n",
		shown.s ? shown.s : "?", near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	principal_names_free(names);
	return EXIT_USAGE;
}

int principal_named(const char *name, struct principal *p)
{
	struct diag d = {.emit = usage_diag};
	int err = principal_load(name, &d, p);
	if (err == -ENOENT)
		return principal_unknown(name);
	if (err == -ENOMEM)
		fprintf(stderr, "gate: out of memory\n");
	return !err ? 0 : err == -EINVAL ? EXIT_CONFIG : EXIT_SOFTWARE;
}
