/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor.c - runs the checks, and prints the line of each or collects it for --json. */
#include "doctor/doctor.h"

#include <stdarg.h>
#include <stdio.h>

#include "util/json.h"
#include "util/out.h"

static const char *const names[HEALTH_N] = {"ok", "warn", "open", "broken"};
static const char *const colours[HEALTH_N] = {SGR_GREEN, SGR_YELLOW, SGR_YELLOW, SGR_RED};

void doctor_say(struct doctor *d, enum health health, const char *check, const char *todo, const char *fmt, ...)
{
	char why[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	d->count[health]++;
	if (d->list) {
		json_t *o =
			json_pack("{s:s, s:s, s:o}", "check", check, "status", names[health], "why", json_bytes(why));
		json_put(o, "todo", todo);
		json_array_append_new(d->list, o);
		return;
	}
	table_put(&d->table, colours[health], names[health]);
	table_put(&d->table, SGR_BOLD, check);
	table_put(&d->table, NULL, why);
	if (!todo)
		return;
	table_put(&d->table, NULL, "");
	table_put(&d->table, NULL, "");
	table_printf(&d->table, SGR_DIM, "-> %s", todo);
}

void doctor_check(struct doctor *d)
{
	harden_probe(&d->kernel);
	doctor_install(d);
	doctor_place(d);
	doctor_kernel(d);
	doctor_files(d);
	doctor_seam(d);
	doctor_reach(d);
	doctor_agents(d);
}
