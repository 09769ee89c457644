/* replay.c - see replay.h. */
#include "replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "auditlog.h"
#include "strbuf.h"

/* The event of a line, and what its program was given to read. */
struct recorded {
	struct gate_event event; /* first: read() gets its address */
	const json_t *content;
	const char **argv;
};

const char *replay_name(enum replay_verdict v)
{
	static const char *const names[] = {"allow", "ask", "deny"};
	return names[v];
}

const char *replay_then(const json_t *line, enum replay_verdict *then)
{
	const char *verdict = auditlog_text(line, "verdict"), *ret = auditlog_text(line, "ret");
	const char *grantor = json_string_value(json_array_get(json_object_get(line, "grantors"), 0));
	bool rules = json_array_size(json_object_get(line, "rules")), allowed = verdict && !strcmp(verdict, "allow");
	if (!verdict || !ret)
		return "no verdict in it";
	if (!rules && strcmp(ret, "success"))
		return "refused for another reason than a rule";
	if (!rules || (allowed && grantor && !strcmp(grantor, "gate_rules")))
		*then = REPLAY_ALLOW; /* of no concern, or only noted */
	else if (!strcmp(ret, "deny") && !auditlog_text(line, "by"))
		*then = REPLAY_DENY;
	else
		*then = REPLAY_ASK;
	return NULL;
}

/* gate_event.read: every statement that is known, whatever is opened. */
static int read_content(const struct gate_event *event, const char *path, struct gate_content *out)
{
	const struct recorded *r = (const struct recorded *)event;
	struct strbuf b = {0};
	size_t i;
	json_t *text;
	json_array_foreach(r->content, i, text)
		if (json_is_string(text))
			strbuf_printf(&b, "%s\n;\n", json_string_value(text)); /* ends a statement, and is a line */
	*out = (struct gate_content){.len = b.len, .state = b.len ? GATE_CONTENT_WHOLE : GATE_CONTENT_NONE};
	if (b.len)
		out->text = strbuf_take(&b);
	int err = b.err;
	strbuf_free(&b);
	return err;
}

/* Fill in *r; NULL, or what the line lacks.  Strings are borrowed from it. */
static const char *event_of(const json_t *line, struct recorded *r)
{
	const json_t *argv = json_object_get(line, "argv");
	const char *event = auditlog_text(line, "event");
	size_t n = json_array_size(argv);
	if (!event || strcmp(event, gate_event_name(GATE_EV_EXEC)))
		return "no exec event";
	if (!json_is_array(argv) || !(r->argv = calloc(n + 1, sizeof *r->argv)))
		return json_is_array(argv) ? strerror(ENOMEM) : "no argv in it";
	for (size_t i = 0; i < n; i++)
		if (!(r->argv[i] = json_string_value(json_array_get(argv, i))))
			return "argv is no list of words";
	json_int_t pid = json_integer_value(json_object_get(line, "pid"));
	r->content = json_object_get(line, "content");
	r->event = (struct gate_event){
		.type = GATE_EV_EXEC,
		.pid = pid > 0 ? (pid_t)pid : 1, /* a process then, so what it starts was judged by itself */
		.uid = (uid_t)json_integer_value(json_object_get(json_object_get(line, "principal"), "uid")),
		.exe = auditlog_text(line, "exe"),
		.argv = r->argv,
		.argc = n,
		.cwd = auditlog_text(line, "cwd"),
		.read = read_content,
	};
	return NULL;
}

const char *replay_now(gate_handle_t *h, const json_t *line, enum replay_verdict *now)
{
	struct recorded r = {0};
	const char *why = event_of(line, &r);
	int ret = why ? 0 : gate_check(h, &r.event, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN);
	free(r.argv);
	if (ret >= GATE_SERVICE_ERR)
		return gate_strret(ret);
	*now = ret == GATE_SUCCESS ? REPLAY_ALLOW : ret == GATE_NO_AGENT ? REPLAY_ASK : REPLAY_DENY;
	return why;
}
