/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_doctor.c - gatesh doctor: tests whether the gate works on this machine, and lists the open ways around it. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "doctor/doctor.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh doctor [-j|--json]\n"
	"\n"
	"Test whether the gate works on this machine, and list which ways around it are open: one line per\n"
	"check.\n"
	"\n"
	"  ok      as it should be\n"
	"  warn    works, but not as it should\n"
	"  open    a way around the gate is open here; the next line, if any, says what closes it\n"
	"  broken  the gate does not work\n"
	"\n"
	"Exit status: 0 the gate works (open ways are not a failure), 1 it does not, 64 usage.\n";

static int cmd_doctor_report(struct doctor *d)
{
	bool works = !d->count[HEALTH_BROKEN];
	char sum[128];
	int err;
	if (d->list) {
		json_t *all = json_pack("{s:b, s:i, s:i, s:O}", "works", works, "open", (int)d->count[HEALTH_OPEN],
					"warnings", (int)d->count[HEALTH_WARN], "checks", d->list);
		err = json_line(all, stdout);
	} else {
		err = table_print(&d->table, stdout);
		if (works)
			snprintf(sum, sizeof sum, "the gate works here: ");
		else
			snprintf(sum, sizeof sum, "the gate does not work here: %u broken, ", d->count[HEALTH_BROKEN]);
		size_t n = strlen(sum);
		snprintf(sum + n, sizeof sum - n, "%u open, %u warning%s; SECURITY.md explains them",
			 d->count[HEALTH_OPEN], d->count[HEALTH_WARN], d->count[HEALTH_WARN] == 1 ? "" : "s");
		putchar('\n');
		err |= table_text(sum, stdout);
	}
	return err ? EXIT_SOFTWARE : works ? 0 : 1;
}

int cmd_doctor(int argc, char **argv)
{
	struct doctor d = {.table = {.columns = 3}};
	bool json = false;
	int status = usage_json_options(argc, argv, help, &json);
	if (status >= 0)
		return status;
	if (optind < argc)
		return usage_error("doctor", "takes no arguments");
	if (json && !(d.list = json_array()))
		return EXIT_SOFTWARE;
	doctor_check(&d);
	status = cmd_doctor_report(&d);
	json_decref(d.list);
	return out_done(status);
}
