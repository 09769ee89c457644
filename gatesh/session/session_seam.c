/* SPDX-License-Identifier: BSD-2-Clause */
/* session_seam.c - the kernel's seam of a session: its supervisors, its holder, and the files that stand in for it. */
#include "session/session_seam.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/engine.h"
#include "formats/seam.h"
#include "formats/session_names.h"
#include "session/publish.h"
#include "supervise/seam_guard.h"
#include "util/kernel_support.h"

bool session_seam_is_used(const struct session_core *v)
{
	return v->o->supervise && supervisor_possible();
}

int session_seam_begin(struct session_core *v)
{
	return session_seam_is_used(v) ? holder_start(&v->holder) : 0;
}

/* Without the relay, what programs say over connections is not judged: the connections are, as always. */
static void session_seam_open_relay(struct session_core *v)
{
	bool wanted = gate_serves(v->handle, GATE_EVENT_STATEMENT) || gate_serves(v->handle, GATE_EVENT_REQUEST);
	int err = wanted ? relay_server_open(&v->relay, &v->workers, page_image(&v->page)) : 0;
	char text[128];
	v->relay.past = v->o->broker_port;
	if (wanted && !err)
		v->supervisor.turning = (struct turning){.ports = relay_server_ports,
							 .take = relay_server_take,
							 .peer = relay_server_peer,
							 .relay = &v->relay};
	if (!err)
		return;
	snprintf(text, sizeof text, "gate: statements and requests are not judged: the relay cannot be opened: %s",
		 strerror(-err));
	session_core_say(GATE_STYLE_ERROR, text, v);
}

static int session_seam_open_supervisors(struct session_core *v)
{
	if (!session_dir_file(&v->dir, "preview", v->preview_path, sizeof v->preview_path))
		return -ENAMETOOLONG;
	v->supervisor = v->preview_supervisor = (struct supervisor){
		.loop = v->loop, .workers = &v->workers, .ask = &v->ask, .page = &v->page, .tables = &v->tables};
	v->supervisor.holder = v->preview_supervisor.holder = &v->holder;
	v->supervisor.session = v->dir.path;
	v->supervisor.agent = v->o->agent;
	v->supervisor.foreground = v->preview_supervisor.foreground = v->o->foreground;
	v->preview_supervisor.session = v->preview_path;
	v->preview_supervisor.workers = &v->quiet;
	v->preview_supervisor.ask = &v->previews.ask;
	session_seam_open_relay(v);
	int err = supervisor_open(&v->supervisor);
	return err ? err : supervisor_open(&v->preview_supervisor);
}

/* A session without the seam: its processes find the policy and the sockets in its directory.  In a session with the seam
 * nobody reads them, so they are not there: whoever could replace them would have no use of it. */
static int session_seam_publish_files(struct session_core *v)
{
	char path[SESSION_DIR_PATH_MAX + 32];
	if (!session_dir_file(&v->dir, GATE_SOCKET_NAME, path, sizeof path))
		return -ENAMETOOLONG;
	int err = publish_image(v);
	if (!err)
		err = ask_server_listen(&v->ask, path);
	return err ? err : previews_publish(&v->previews, &v->dir);
}

/* The page and the tables that ADDFD gives to the session's processes. */
static int session_seam_make_memory(struct session_core *v)
{
	int err = publish_page(v);
	if (!err)
		err = seam_tables_make(&v->tables);
	if (v->tables.allowances)
		keeper_share(&v->keeper, v->tables.allowances);
	return err;
}

int session_seam_prepare(struct session_core *v)
{
	return session_seam_is_used(v) ? session_seam_make_memory(v) : 0;
}

int session_seam_open(struct session_core *v)
{
	return session_seam_is_used(v) ? session_seam_open_supervisors(v) : session_seam_publish_files(v);
}

struct exec_guard *session_seam_guard_preview(void *data, int *err)
{
	struct session_core *v = data;
	return seam_guard_make(&v->preview_supervisor, NULL, NULL, err);
}

static void session_seam_say_missing(struct session_core *v, const char *why)
{
	char text[192];
	snprintf(text, sizeof text,
		 "gate: the kernel's seam is not available: %s; programs that can't load the interposer run ungated",
		 why);
	session_core_say(GATE_STYLE_ERROR, text, v);
}

/* Somebody else's listener is there already (a container's, or of a tool that traces system calls), or a sandbox forbids
 * one. */
static void session_seam_refused(int err, void *data)
{
	session_seam_say_missing(data, err == -EBUSY ? "another program already watches the system calls here" :
						       strerror(-err));
	err = session_seam_publish_files(data);
	if (err) /* then every program is refused */
		session_core_say(GATE_STYLE_ERROR, "gate: the policy image and the sockets cannot be made", data);
}

/* An older kernel than the newest that Gate uses: say what this session does without. */
static void session_seam_say_older(struct session_core *v)
{
	struct kernel_support s;
	cleanup_strbuf struct strbuf text = {0};
	kernel_support_probe(&s);
	kernel_support_say(&s, &text);
	if (text.len && !text.err)
		session_core_say(GATE_STYLE_INFO, text.s, v);
}

struct exec_guard *session_seam_guard(struct session_core *v, int *err)
{
	*err = 0;
	if (session_seam_is_used(v)) {
		session_seam_say_older(v);
		return seam_guard_make(&v->supervisor, session_seam_refused, v, err);
	}
	if (v->o->supervise)
		session_seam_say_missing(v, "this kernel does not report system calls to gatesh (Linux 5.14 does)");
	return NULL;
}

const char *session_seam_mark(const struct session_core *v)
{
	return !session_seam_is_used(v) ? "" : gate_reads_any(v->handle) ? SEAM_MARK_READS SEAM_MARK : SEAM_MARK;
}

void session_seam_holder_child(struct session_core *v, pid_t pid)
{
	if (pid != v->holder.pid)
		return;
	v->holder.pid = 0;
	session_core_say(GATE_STYLE_ERROR,
			 "gate: the seam's holder was killed; if gatesh is killed as well, judged programs go on alone",
			 v);
}

void session_seam_end(struct session_core *v)
{
	supervisor_close(&v->supervisor);
	supervisor_close(&v->preview_supervisor);
}

bool session_seam_is_busy(const struct session_core *v)
{
	return supervisor_busy(&v->supervisor) || supervisor_busy(&v->preview_supervisor);
}

void session_seam_free(struct session_core *v)
{
	supervisor_free(&v->supervisor);
	supervisor_free(&v->preview_supervisor);
	page_free(&v->page);
	holder_end(&v->holder);
	seam_tables_close(&v->tables);
}
