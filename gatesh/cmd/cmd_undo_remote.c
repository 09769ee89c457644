/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_undo_remote.c - gatesh undo remote: lists, shows and brings back what rules kept of remote things. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/strbuf.h"
#include "cmd/cmd.h"
#include "cmd/undo_remote.h"
#include "keep/keep_list.h"
#include "keep/keep_perform.h"
#include "seam/inside.h"
#include "util/confirm.h"
#include "util/exit.h"
#include "util/json.h"
#include "util/out.h"
#include "util/size_text.h"
#include "util/table.h"
#include "util/usage.h"

static const char help[] =
	"usage: gatesh undo remote [--json]\n"
	"       gatesh undo remote ID [--show [--json]]\n"
	"       gatesh undo remote ID --forget\n"
	"\n"
	"List what rules kept before commands acted on remote things (gate.rules(5), keep), or bring ID back:\n"
	"its undo command acts on the same target, after a question on this terminal.\n"
	"\n"
	"      --show     print what was kept, where, and the command that brings it back\n"
	"      --forget   delete what was kept\n"
	"  -j, --json     print JSON objects\n"
	"  -h, --help     show this\n"
	"\n"
	"Exit status: 0, 1 if it could not be brought back or the answer was no, 64 usage, 126 inside a session.\n";

enum { REMOTE_SHOW = 256, REMOTE_FORGET };

struct remote_options {
	int act; /* 0: bring it back */
	bool json;
};

static void cmd_undo_remote_when(const struct keep_entry *e, const char *member, char text[32])
{
	time_t t = (time_t)(json_integer_value(json_object_get(e->record, member)) / 1000);
	struct tm tm;
	*text = '\0';
	if (t && localtime_r(&t, &tm))
		strftime(text, 32, "%F %H:%M", &tm);
}

static int cmd_undo_remote_json(const struct keep_entry *e)
{
	char data[PATH_MAX];
	json_t *o = json_copy(e->record);
	if (!o || json_put(o, "remote", e->id) ||
	    json_object_set_new(o, "size", json_integer((json_int_t)keep_size(e))) ||
	    (keep_path(e, "data", data, sizeof data) && json_put(o, "data", data))) {
		json_decref(o);
		return -1;
	}
	return json_line(o, stdout);
}

static void cmd_undo_remote_row(struct table *t, const struct keep_entry *e)
{
	char when[32], size[SIZE_TEXT_MAX];
	cmd_undo_remote_when(e, "time", when);
	size_text((long long)keep_size(e), size);
	table_put(t, SGR_BOLD, e->id);
	table_put(t, NULL, when);
	table_put(t, NULL, size);
	table_printf(t, NULL, "%s%s%s", keep_text(e, "kept"),
		     json_object_get(e->record, "undone") ? " (brought back)" : "",
		     *keep_text(e, "loses") ? "; some of it is not kept" : "");
	table_put(t, SGR_DIM, keep_text(e, "command"));
}

int undo_remote_list(bool json, const char *before)
{
	struct keep_list l;
	struct table t = {.columns = 5};
	int err = keep_list_read(&l, NULL);
	if (l.n && !json)
		fputs(before, stdout);
	for (size_t i = l.n; i-- > 0 && !err;)
		if (!json)
			cmd_undo_remote_row(&t, &l.v[i]);
		else if (cmd_undo_remote_json(&l.v[i]))
			err = -EIO;
	if (!json && table_print(&t, stdout))
		err = -ENOMEM;
	keep_list_free(&l);
	return err;
}

static void cmd_undo_remote_field(struct table *t, const char *name, const char *text)
{
	if (!*text)
		return;
	table_put(t, SGR_DIM, name);
	table_put(t, NULL, text);
}

/* Print the record for a person; it is also what the question shows. */
static int cmd_undo_remote_print(const struct keep_entry *e)
{
	struct table t = {.columns = 2};
	char data[PATH_MAX], when[32];
	cmd_undo_remote_when(e, "time", when);
	cmd_undo_remote_field(&t, "before", keep_text(e, "command"));
	cmd_undo_remote_field(&t, "in", keep_text(e, "cwd"));
	cmd_undo_remote_field(&t, "with", keep_text(e, "settings"));
	cmd_undo_remote_field(&t, "at", when);
	cmd_undo_remote_field(&t, "rule", keep_text(e, "rule"));
	cmd_undo_remote_field(&t, "kept", keep_text(e, "kept"));
	cmd_undo_remote_field(&t, "not kept", keep_text(e, "loses"));
	cmd_undo_remote_field(&t, "files", keep_path(e, "data", data, sizeof data) ? data : "");
	cmd_undo_remote_field(&t, "runs", keep_text(e, "undo"));
	cmd_undo_remote_when(e, "undone", when);
	cmd_undo_remote_field(&t, "back since", when);
	return table_print(&t, stdout) ? EXIT_SOFTWARE : 0;
}

static int cmd_undo_remote_perform(struct keep_entry *e)
{
	int status = cmd_undo_remote_print(e);
	if (!status)
		status = confirm_word("undo", "This acts on the target above, in your name.", "undo");
	if (status)
		return status;
	fflush(stdout);
	status = keep_perform(e);
	if (status < 0)
		fprintf(stderr, "gatesh: undo: %s: the undo command can't be started: %s\n", e->id, strerror(-status));
	else if (status)
		fprintf(stderr, "gatesh: undo: %s: the undo command failed (status %d); what was kept stays\n", e->id,
			status);
	else
		printf("%s is back. What was kept stays for now; gatesh undo remote %s --forget lets it go.\n", e->id,
		       e->id);
	return status ? EXIT_DENY : 0;
}

static int cmd_undo_remote_forget(struct keep_entry *e)
{
	int err = keep_drop(e);
	if (err)
		fprintf(stderr, "gatesh: undo: not everything could be deleted: %s\n", strerror(-err));
	return err ? EXIT_IO : 0;
}

static int cmd_undo_remote_one(const char *id, const struct remote_options *o)
{
	struct keep_list l;
	int err = keep_list_read(&l, NULL);
	struct keep_entry *e = err ? NULL : keep_list_find(&l, id);
	int status = EXIT_DENY;
	if (!e) {
		fputs("gatesh: undo: no such remote thing was kept: ", stderr);
		out_text(stderr, id);
		fputs("; gatesh undo remote lists them\n", stderr);
	} else if (o->act == REMOTE_SHOW && o->json) {
		status = cmd_undo_remote_json(e) ? EXIT_IO : 0;
	} else if (o->act == REMOTE_SHOW) {
		status = cmd_undo_remote_print(e);
	} else if (o->act == REMOTE_FORGET) {
		status = cmd_undo_remote_forget(e);
	} else {
		status = cmd_undo_remote_perform(e);
	}
	keep_list_free(&l);
	return status;
}

int undo_remote(int argc, char **argv)
{
	static const struct option options[] = {{"show", no_argument, NULL, REMOTE_SHOW},
						{"forget", no_argument, NULL, REMOTE_FORGET},
						{"json", no_argument, NULL, 'j'},
						{"help", no_argument, NULL, 'h'},
						{0}};
	struct remote_options o = {0};
	usage_command("undo remote");
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":jh", options, NULL)) != -1;) {
		switch (c) {
		case 'h': return usage_help(help);
		case 'j': o.json = true; break;
		case REMOTE_SHOW:
		case REMOTE_FORGET:
			if (o.act && o.act != c)
				return usage_error("undo", "--show and --forget exclude each other");
			o.act = c;
			break;
		default: return usage_bad_option(c, argv, options);
		}
	}
	const char *id = argv[optind];
	if (id ? argv[optind + 1] != NULL : o.act != 0)
		return usage_error("undo", "remote takes one ID, as gatesh undo remote lists it");
	if (id && o.json && o.act != REMOTE_SHOW)
		return usage_error("undo", "--json goes with the list or with --show");
	if (id && o.act != REMOTE_SHOW && session_inside()) {
		fputs("gatesh: undo: can't act inside a session: use another terminal\n", stderr);
		return EXIT_REFUSED;
	}
	if (id)
		return out_done(cmd_undo_remote_one(id, &o));
	return out_done(undo_remote_list(o.json, "") ? EXIT_IO : 0);
}
