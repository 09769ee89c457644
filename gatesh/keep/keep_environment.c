/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_environment.c - records and applies the variables that chose an act's target. */
#include "keep/keep_environment.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "rules/target.h"
#include "util/json.h"

/* May the value be written to a file?  "postgres://ada:hush@db/shop" may not. */
static bool keep_environment_is_open(const char *name, size_t len, const char *value)
{
	const char *user = strstr(value, "://"), *at = user ? strchr(user, '@') : NULL;
	return !target_variable_is_secret(name, len) && !(at && memchr(user + 3, ':', (size_t)(at - user - 3)));
}

int keep_environment_put(json_t *record, const char *block, size_t len)
{
	json_t *open = json_object(), *secrets = json_array();
	int err = open && secrets ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < len; i += strlen(block + i) + 1) {
		cleanup_strbuf struct strbuf name = {0};
		size_t n = strcspn(block + i, "=");
		strbuf_put(&name, block + i, n);
		if (name.err || !name.s)
			err = -ENOMEM;
		else if (keep_environment_is_open(name.s, n, block + i + n + 1))
			err = json_put(open, name.s, block + i + n + 1) ? -ENOMEM : 0;
		else
			err = json_array_append_new(secrets, json_string(name.s)) ? -ENOMEM : 0;
	}
	if (json_object_set_new(record, "environment", open) || json_object_set_new(record, "secrets", secrets))
		err = -ENOMEM;
	return err;
}

/* Unset a variable that the act did not have. */
static void keep_environment_unset(const char *name, size_t len, void *data)
{
	const json_t *record = data;
	cleanup_strbuf struct strbuf b = {0};
	const char *text;
	size_t i;
	json_t *secret;
	strbuf_put(&b, name, len);
	if (b.err || !b.s || json_object_get(json_object_get(record, "environment"), b.s))
		return;
	json_array_foreach(json_object_get(record, "secrets"), i,
			   secret) if ((text = json_string_value(secret)) && !strcmp(text, b.s)) return;
	if (!target_variable_is_secret(name, len))
		unsetenv(b.s);
}

int keep_environment_apply(const json_t *record)
{
	const char *name;
	json_t *value;
	if (!json_is_object(json_object_get(record, "environment")))
		return 0; /* it is not known */
	target_variables(keep_environment_unset, (void *)record);
	json_object_foreach(json_object_get(record, "environment"), name,
			    value) if (json_is_string(value) && target_is_variable(name, strlen(name)) &&
				       setenv(name, json_string_value(value), 1)) return -ENOMEM;
	return 0;
}
