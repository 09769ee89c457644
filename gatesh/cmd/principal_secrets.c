/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_secrets.c - fetches each secret once, throws the value away, and says how it went. */
#include "cmd/principal_secrets.h"

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"

static int principal_secrets_row(struct table *t, const struct secret *s, const char *wrong)
{
	table_put(t, out_colour(stdout) ? SGR_BOLD : NULL, s->name);
	table_put(t, NULL, wrong ? "fails" : "answers");
	if (wrong)
		table_printf(t, NULL, "%s: %s", s->spelled, wrong);
	else
		table_put(t, NULL, s->spelled);
	return 0;
}

static int principal_secrets_line(const struct secret *s, const char *wrong)
{
	json_t *o = json_object();
	json_put(o, "secret", s->name);
	json_put(o, "source", s->spelled);
	json_object_set_new(o, "answers", json_boolean(!wrong));
	json_put(o, "reason", wrong);
	return json_line(o, stdout);
}

int principal_secrets_test(struct principal *p, struct table *t, bool json)
{
	int status = principal_take_secrets(p) ? EXIT_SOFTWARE : 0;
	for (size_t i = 0; i < p->nsecrets && status != EXIT_SOFTWARE; i++) {
		struct strbuf value = {0};
		const char *why = NULL;
		int err = secret_fetch(&p->secrets[i], &value, &why);
		if (value.s)
			explicit_bzero(value.s, value.cap);
		strbuf_free(&value);
		status = err ? EXIT_DENY : status;
		if (json ? principal_secrets_line(&p->secrets[i], err ? why : NULL) :
			   principal_secrets_row(t, &p->secrets[i], err ? why : NULL))
			status = EXIT_SOFTWARE;
	}
	for (size_t i = 0; i < p->nsecrets; i++)
		secret_end(&p->secrets[i]);
	return status;
}
