/* SPDX-License-Identifier: BSD-2-Clause */
/* module_data.c - stores one pointer per module in a handle and cleans it up once. */
#include <errno.h>
#include <stdlib.h>

#include "engine/handle.h"
#include "policy/module.h"

struct module_data {
	struct module_data *next;
	const struct gate_module *module;
	void *data;
	void (*cleanup)(void *data, int status);
};

/* Return the module whose function is running, or NULL. */
static const struct gate_module *module_data_running(const gate_handle_t *h)
{
	return h->check.running && h->check.line && h->check.line->module ? h->check.line->module->info : NULL;
}

static struct module_data *module_data_find(const gate_handle_t *h, const struct gate_module *module)
{
	struct module_data *d = module ? h->data : NULL;
	while (d && d->module != module)
		d = d->next;
	return d;
}

static void module_data_drop(struct module_data *d, int status)
{
	if (d->cleanup && d->data)
		d->cleanup(d->data, status);
}

int gate_set_data(gate_handle_t *h, void *data, void (*cleanup)(void *data, int status))
{
	const struct gate_module *module = module_data_running(h);
	struct module_data *d = module_data_find(h, module);
	if (!module)
		return -EINVAL;
	if (!d) {
		d = calloc(1, sizeof *d);
		if (!d)
			return -ENOMEM;
		d->module = module;
		d->next = h->data;
		h->data = d;
	} else if (d->data != data) {
		module_data_drop(d, GATE_SUCCESS);
	}
	d->data = data;
	d->cleanup = cleanup;
	return 0;
}

void *gate_get_data(const gate_handle_t *h)
{
	const struct module_data *d = module_data_find(h, module_data_running(h));
	return d ? d->data : NULL;
}

void module_data_end(gate_handle_t *h, int status)
{
	for (struct module_data *d; (d = h->data);) {
		h->data = d->next;
		module_data_drop(d, status);
		free(d);
	}
}
