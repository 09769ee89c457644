/* SPDX-License-Identifier: BSD-2-Clause */
/* installed_places.c - names what this build reads, for gatesh --version and gatesh show service. */
#include "cmd/installed_places.h"

#include <stdbool.h>
#include <unistd.h>

#include "base/paths.h"
#include "util/json.h"
#include "util/out.h"

static const struct {
	const char *name;
	enum gate_path path;
} places[] = {{"services", GATE_PATH_ETC_SERVICES}, {"services", GATE_PATH_LIB_SERVICES},
	      {"rules", GATE_PATH_ETC_RULES},       {"rules", GATE_PATH_LIB_RULES},
	      {"gate.conf", GATE_PATH_CONF},        {"modules", GATE_PATH_MODULES},
	      {"interposer", GATE_PATH_PRELOAD},    {"gate-standin", GATE_PATH_STANDIN}};

void installed_places_put(struct table *t)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const char *path = gate_path(places[i].path);
		bool there = !access(path, F_OK);
		table_put(t, SGR_DIM, places[i].name);
		table_printf(t, there ? NULL : SGR_DIM, "%s%s", path, there ? "" : "  (does not exist)");
	}
}

json_t *installed_places_json(void)
{
	json_t *list = json_array();
	for (size_t i = 0; list && i < sizeof places / sizeof *places; i++) {
		const char *path = gate_path(places[i].path);
		json_array_append_new(list, json_pack("{s:s, s:o, s:b}", "what", places[i].name, "path",
						      json_bytes(path), "there", !access(path, F_OK)));
	}
	return list;
}
