/* SPDX-License-Identifier: BSD-2-Clause */
/* crypto_load.c - loads gate-crypto.so, which lies beside libgate-private. */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "crypto/crypto.h"

const struct crypto *crypto_load(void)
{
	static const struct crypto *loaded;
	char path[PATH_MAX];
	const char *modules = gate_path(GATE_PATH_MODULES), *slash = strrchr(modules, '/');
	if (loaded)
		return loaded;
	snprintf(path, sizeof path, "%.*s/gate-crypto.so", (int)(slash - modules), modules);
	void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	loaded = module ? dlsym(module, "gate_crypto") : NULL;
	if (!loaded)
		fprintf(stderr, "gate: %s cannot be loaded: %s\n", path, dlerror());
	return loaded;
}
