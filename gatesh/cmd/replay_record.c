/* SPDX-License-Identifier: BSD-2-Clause */
/* replay_record.c - rebuilds the event of an audit log line and judges it by the current rules. */
#include "cmd/replay_record.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "audit/audit_objects.h"
#include "audit/audit_write.h"
#include "base/strbuf.h"

/* The event of a line, with the memory that it points to. */
struct recorded {
	struct gate_event event;
	const json_t *content;
	const char **argv, **hosts;
	struct sockaddr_storage address;
};

const char *replay_name(enum replay_verdict v)
{
	static const char *const names[] = {"allow", "ask", "deny"};
	return names[v];
}

const char *replay_then(const json_t *line, enum replay_verdict *then)
{
	const char *verdict = audit_objects_text(line, "verdict"), *ret = audit_objects_text(line, "ret");
	const char *grantor = json_string_value(json_array_get(json_object_get(line, "grantors"), 0));
	bool rules = json_array_size(json_object_get(line, "rules")), allowed = verdict && !strcmp(verdict, "allow");
	if (!verdict || !ret)
		return "it has no verdict";
	if (!rules && strcmp(ret, "success"))
		return "refused for another reason than a rule";
	if (!rules || (allowed && grantor && !strcmp(grantor, "gate_rules")))
		*then = REPLAY_ALLOW; /* no rule matched, or it only logged */
	else if (!strcmp(ret, "deny") && !audit_objects_text(line, "by"))
		*then = REPLAY_DENY;
	else
		*then = REPLAY_ASK;
	return NULL;
}

/* gate_event.read: returns every recorded statement, whichever path is read. */
static int replay_read_content(const struct gate_event *event, const char *path, struct gate_content *out)
{
	const struct recorded *r = event->read_data;
	struct strbuf b = {0};
	size_t i;
	json_t *text;
	json_array_foreach(r->content, i, text) if (json_is_string(text))
		strbuf_printf(&b, "%s\n;\n", json_string_value(text)); /* the ; ends a statement */
	*out = (struct gate_content){.len = b.len, .state = b.len ? GATE_CONTENT_WHOLE : GATE_CONTENT_NONE};
	if (b.len)
		out->text = strbuf_take(&b);
	int err = b.err;
	strbuf_free(&b);
	return err;
}

/* Put the list's strings, borrowed, into *out (owned, NULL-terminated).  False: not a list of strings, or no memory. */
static bool replay_list_of(const json_t *list, const char ***out)
{
	size_t n = json_array_size(list);
	*out = json_is_array(list) ? calloc(n + 1, sizeof **out) : NULL;
	for (size_t i = 0; *out && i < n; i++)
		if (!((*out)[i] = json_string_value(json_array_get(list, i))))
			return false;
	return *out;
}

static unsigned replay_file_flags(const json_t *list)
{
	unsigned flags = 0;
	size_t i;
	json_t *name;
	json_array_foreach(list, i, name) for (unsigned bit = 0; audit_file_flag(bit) && json_is_string(name);
					       bit++) if (!strcmp(audit_file_flag(bit), json_string_value(name)))
		flags |= 1u << bit;
	return flags;
}

/* Fill in the destination.  Returns NULL, or what the line lacks. */
static const char *replay_connection_of(const json_t *line, struct recorded *r)
{
	const char *text = audit_objects_text(line, "address"), *protocol = audit_objects_text(line, "protocol");
	uint16_t port = htons((uint16_t)json_integer_value(json_object_get(line, "port")));
	struct sockaddr_in *in = (struct sockaddr_in *)&r->address;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&r->address;
	struct gate_event *ev = &r->event;
	if (ev->path) {
		r->address.ss_family = AF_UNIX;
		memcpy(((struct sockaddr_un *)&r->address)->sun_path, "/", 2); /* the path is the event's */
		ev->address_len = sizeof(struct sockaddr_un);
	} else if (text && inet_pton(AF_INET, text, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = port;
		ev->address_len = sizeof *in;
	} else if (text && inet_pton(AF_INET6, text, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = port;
		ev->address_len = sizeof *in6;
	} else {
		return "it has no address";
	}
	ev->address = (const struct sockaddr *)&r->address;
	ev->socket_type = !protocol                ? 0 :
			  !strcmp(protocol, "tcp") ? SOCK_STREAM :
			  !strcmp(protocol, "udp") ? SOCK_DGRAM :
						     0;
	if (json_object_get(line, "hosts") && !replay_list_of(json_object_get(line, "hosts"), &r->hosts))
		return "hosts is not a list of names";
	ev->hosts = r->hosts;
	return NULL;
}

/* Fill in what was said, and where if the line has an address.  Returns NULL, or what the line lacks. */
static const char *replay_said_of(const json_t *line, struct recorded *r)
{
	struct gate_event *ev = &r->event;
	const json_t *said = json_object_get(line, "said"), *rows = json_object_get(line, "rows");
	ev->engine = audit_objects_text(line, "engine");
	ev->database = audit_objects_text(line, "database");
	ev->method = audit_objects_text(line, "method");
	ev->target = audit_objects_text(line, "target");
	ev->text = json_string_value(said);
	ev->text_len = json_string_length(said);
	ev->rows = (uint64_t)json_integer_value(rows);
	ev->text_flags = (json_is_true(json_object_get(line, "part")) ? GATE_TEXT_PART : 0u) |
			 (json_is_integer(rows) ? GATE_TEXT_ROWS : 0u) |
			 (json_is_true(json_object_get(line, "estimate")) ? GATE_TEXT_ESTIMATE : 0u) |
			 (json_is_true(json_object_get(line, "own")) ? GATE_TEXT_OWN : 0u) |
			 (json_is_true(json_object_get(line, "operations")) ? GATE_TEXT_OPERATIONS : 0u);
	if (ev->type == GATE_EVENT_STATEMENT && (!ev->text || !ev->engine))
		return "it has no statement";
	if (ev->type == GATE_EVENT_REQUEST && (!ev->method || !ev->target))
		return "it has no request";
	return ev->path || audit_objects_text(line, "address") ? replay_connection_of(line, r) : NULL;
}

static int replay_event_type(const char *name)
{
	for (int i = 0; name && i < GATE_EVENT_VERDICT; i++)
		if (!strcmp(gate_event_name(i), name))
			return i;
	return -1;
}

/* Fill in *r, with strings borrowed from the line.  Returns NULL, or what the line lacks. */
static const char *replay_event_of(const json_t *line, struct recorded *r)
{
	int type = replay_event_type(audit_objects_text(line, "event"));
	if (type < 0)
		return "its event is unknown";
	if (!replay_list_of(json_object_get(line, "argv"), &r->argv))
		return "argv is not a list of words";
	json_int_t pid = json_integer_value(json_object_get(line, "pid"));
	r->content = json_object_get(line, "content");
	r->event = (struct gate_event){
		.struct_size = sizeof(struct gate_event),
		.type = (enum gate_event_type)type,
		.pid = pid > 0 ? (pid_t)pid : 1, /* a live process: the programs it started have lines of their own */
		.uid = (uid_t)json_integer_value(json_object_get(json_object_get(line, "principal"), "uid")),
		.exe = audit_objects_text(line, "exe"),
		.known = audit_objects_text(line, "known"),
		.argv = r->argv,
		.argc = json_array_size(json_object_get(line, "argv")),
		.cwd = audit_objects_text(line, "cwd"),
		.read = replay_read_content,
		.read_data = r,
		.path = audit_objects_text(line, "path"),
		.other = audit_objects_text(line, "other"),
		.unkept = audit_objects_text(line, "unkept"),
		.file = replay_file_flags(json_object_get(line, "file")),
	};
	if (type == GATE_EVENT_STATEMENT || type == GATE_EVENT_REQUEST)
		return replay_said_of(line, r);
	if (type == GATE_EVENT_CONNECT)
		return replay_connection_of(line, r);
	return type == GATE_EVENT_EXEC || r->event.path ? NULL : "it has no path";
}

const char *replay_now(gate_handle_t *h, const json_t *line, enum replay_verdict *now)
{
	struct recorded r = {0};
	const char *why = replay_event_of(line, &r);
	int ret = why ? 0 : gate_check(h, &r.event, GATE_CHECK_NO_ASK | GATE_CHECK_DRY_RUN);
	free(r.argv);
	free(r.hosts);
	if (ret >= GATE_SERVICE_ERR)
		return gate_strret(ret);
	*now = ret == GATE_SUCCESS ? REPLAY_ALLOW : ret == GATE_NO_AGENT ? REPLAY_ASK : REPLAY_DENY;
	return why;
}

void replay_event_free(const struct gate_event *ev)
{
	struct recorded *r = (struct recorded *)ev; /* its first member */
	free(r->argv);
	free(r->hosts);
	free(r);
}

bool replay_event(const json_t *line, const struct gate_event **ev)
{
	struct recorded *r = calloc(1, sizeof *r);
	bool said = r && !replay_event_of(line, r) &&
		    (r->event.type == GATE_EVENT_STATEMENT || r->event.type == GATE_EVENT_REQUEST);
	*ev = said ? &r->event : NULL;
	if (r && !said)
		replay_event_free(&r->event);
	return said;
}
