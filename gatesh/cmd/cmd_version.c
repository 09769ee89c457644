/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_version.c - gatesh --version: the version, what this build reads, and the libraries under it. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <jansson.h>
#include <limits.h>
#include <pcre2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <vterm.h>

/* readline's headers need stdio.h before them. */
#include <readline/readline.h>

#include <gate.h>

#include "base/paths.h"
#include "cmd/cmd.h"
#include "cmd/installed_places.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/table.h"

/* Add the versions that run here, which need not be those of the build.  libvterm can't be asked: its header's. */
static void cmd_version_put_libraries(struct table *t)
{
	char pcre2[64] = "unknown"; /* "10.42 2022-12-11" */
	pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	pcre2[strcspn(pcre2, " ")] = '\0';
	table_put(t, SGR_DIM, "libraries");
	table_printf(t, NULL, "pcre2 %s, jansson %s, libvterm %d.%d, readline %s", pcre2, jansson_version_str(),
		     VTERM_VERSION_MAJOR, VTERM_VERSION_MINOR, rl_library_version);
}

static void cmd_version_put_user(struct table *t)
{
	char path[PATH_MAX];
	bool none = gate_path_user(path, sizeof path, NULL);
	table_put(t, SGR_DIM, "your own");
	if (none)
		table_put(t, SGR_DIM, "no home directory");
	else
		table_printf(t, NULL, "%s%s", path, access(path, F_OK) ? "  (does not exist)" : "");
}

int version_print(void)
{
	struct table t = {.columns = 2};
	printf("gatesh %s\n", gate_version());
	installed_places_put(&t);
	cmd_version_put_user(&t);
	cmd_version_put_libraries(&t);
	table_put(&t, SGR_DIM, "built with");
	table_put(&t, NULL, "prefix " GATE_BUILD_PREFIX ", desktop notifications: " GATE_BUILD_NOTIFY);
	if (*GATE_BUILD_INSTRUMENTS) {
		table_put(&t, NULL, "");
		table_put(&t, NULL, GATE_BUILD_INSTRUMENTS);
	}
	return out_done(table_print(&t, stdout) ? EXIT_SOFTWARE : 0);
}
