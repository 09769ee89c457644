/* SPDX-License-Identifier: BSD-2-Clause */
/* session_core.c - opens and closes the parts of a session. */
#include "session/session_core.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/paths.h"
#include "formats/image.h"
#include "keep/keep_list.h"
#include "session/presence.h"
#include "session/publish.h"
#include "session/session_principal.h"
#include "session/session_seam.h"
#include "session/tool_limit.h"
#include "supervise/file_limit.h"
#include "util/conf.h"
#include "util/debug_log.h"
#include "util/exit.h"
#include "util/proc.h"

enum {
	PREVIEWED = 4,   /* the first open questions, whose previews run */
	STUCK_MS = 1000, /* at the end: for threads that look at a file of the session */
};

void session_core_say(enum gate_style style, const char *text, void *data)
{
	struct session_core *v = data;
	if (v->tell)
		v->tell(style, text, v->data);
	else if (style != GATE_STYLE_DEBUG)
		fprintf(stderr, "%s\n", text);
}

static void core_say_diag(enum diag_level level, const char *text, void *data)
{
	fprintf(stderr, "%s\n", text);
}

/* The person that the agent runs for: the login uid's name, even if the uid has changed since; else the uid's. */
static const char *core_human(void)
{
	unsigned uid = (unsigned)-1;
	FILE *f = fopen("/proc/self/loginuid", "re");
	if (f && fscanf(f, "%u", &uid) != 1)
		uid = (unsigned)-1;
	if (f)
		fclose(f);
	struct passwd *pw = getpwuid(uid == (unsigned)-1 ? getuid() : uid);
	return pw ? pw->pw_name : NULL;
}

static int core_start_engine(struct session_core *v, const char *service, const struct gate_conv *conv)
{
	struct principal_files files;
	struct network_terms terms;
	int err = session_principal_terms(v, &terms, &files);
	if (err)
		return err;
	err = network_start(service, v->places.workspaces[0], &terms, conv, &v->handle);
	session_principal_forget(&terms, v);
	return err;
}

static int core_load_policy(struct session_core *v)
{
	struct diag d = {.emit = core_say_diag};
	struct gate_conf conf;
	struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .tell = session_core_say, .data = v};
	if (conf_load(&conf, &d))
		return EXIT_CONFIG;
	v->workers.on_fault_allow = conf.on_fault_allow;
	v->via_tmux = conf.via_tmux;
	v->workers.keep = conf.keep;
	const char *service = v->o->service ? v->o->service : conf.service;
	int err = core_start_engine(v, service, &conv);
	if (err && err != -EINVAL && err != -ENOENT)
		fprintf(stderr, "gate: the policy cannot be loaded: %s\n", strerror(-err));
	if (err)
		return err == -EINVAL || err == -ENOENT ? EXIT_CONFIG : EXIT_SOFTWARE;
	if (gate_set_item(v->handle, GATE_ITEM_AGENT, v->o->agent) ||
	    gate_set_item(v->handle, GATE_ITEM_HUMAN, core_human()) ||
	    gate_set_item(v->handle, GATE_ITEM_SESSION_ID, v->dir.id))
		return EXIT_SOFTWARE;
	return 0;
}

static int core_hold_interposer(struct session_core *v)
{
	v->interposer = spawn_hold_interposer();
	if (v->interposer >= 0)
		return 0;
	fprintf(stderr,
		"gate: %s and gate-standin cannot be used: %s; reinstall Gate, or try again if that is happening now\n",
		gate_path(GATE_PATH_PRELOAD), strerror(-v->interposer));
	return EXIT_SOFTWARE;
}

/* Remember an answer about a file, so that the session does not ask again about the next one.  A freeze and a
 * pause are not answers. */
static void core_remember(struct session_core *v, const struct question *q)
{
	static const struct gate_answer none;
	bool ordered = *v->questions.frozen || *v->questions.paused;
	if (q->askers->file && !q->askers->late && !ordered && (q->answer || q->ret == GATE_TIMEOUT))
		remembered_file(&v->covers, q->askers->file, q->ret, q->answer ? q->answer : &none);
}

static void core_revoked(void *data)
{
	struct session_core *v = data;
	remembered_forget_yes(&v->covers);
	late_forget_yes(&v->questions.late);
	connect_log_forget_yes(&v->supervisor.contacts);
}

static void core_question_changed(struct questions *qs, struct question *q, bool closed)
{
	struct session_core *v = qs->data;
	if (closed)
		core_remember(v, q);
	if (closed)
		preview_stop(&v->previews, q);
	front_server_changed(&v->answers, q, closed);
	if (v->changed)
		v->changed(q, closed, v->data);
	if (!closed)
		presence_say_waiting(v, q);
	/* Previews start after the prompt is drawn, and only for the first questions, which a person may look at. */
	unsigned n = 0;
	for (struct question *p = qs->first; p && n < PREVIEWED; p = p->next, n++)
		if (p->preview == PREVIEW_NOT_YET)
			preview_start(&v->previews, p);
}

static bool core_look_again(struct questions *qs, struct question *q)
{
	struct session_core *v = qs->data;
	return preview_start(&v->previews, q);
}

static void core_preview_ready(struct question *q, void *data)
{
	struct session_core *v = data;
	if (questions_previewed(q))
		return;
	front_server_changed(&v->answers, q, false);
	if (v->changed)
		v->changed(q, false, v->data);
}

/* The answer socket refused a process, perhaps one of a session that tried to answer: the person should know. */
static void core_answer_refused(void *data, pid_t pid)
{
	struct proc p = {.comm = "?"};
	char text[256];
	proc_read(pid, &p);
	cleanup_strbuf struct strbuf name = {0};
	escape_put(&name, p.comm, strlen(p.comm));
	snprintf(text, sizeof text, "gate: answer socket: %s(%d) tried to connect and was refused",
		 name.s ? name.s : "?", pid);
	session_core_say(GATE_STYLE_ERROR, text, data);
}

static int core_open_sockets(struct session_core *v)
{
	v->questions = (struct questions){
		.loop = v->loop, .changed = core_question_changed, .look_again = core_look_again, .data = v};
	v->workers.base = v->handle;
	v->workers.box = &v->box;
	v->workers.questions = &v->questions;
	v->workers.covers = &v->covers;
	v->workers.places = &v->places;
	v->workers.calls = &v->calls;
	v->workers.audit = &v->audit;
	v->workers.somebody = presence_somebody;
	v->workers.tell = session_core_say;
	v->workers.data = v;
	ask_server_open(&v->ask, v->loop, &v->workers);
	v->answers.refused = core_answer_refused;
	v->answers.revoked = core_revoked;
	v->answers.handle = v->handle;
	v->answers.passed = presence_desktop_left;
	v->answers.data = v;
	session_orders_open(v);
	int err = front_server_open(&v->answers, v->loop, &v->questions, &v->dir);
	v->quiet = v->workers;
	v->quiet.never_ask = true;
	v->quiet.calls = NULL;
	v->quiet.probes = NULL; /* a probe does not start another */
	presence_open(v);
	v->previews.ready = core_preview_ready;
	v->previews.data = v;
	probes_init(&v->probes, v->loop, &v->box, &v->previews);
	v->workers.probes = &v->probes;
	if (session_seam_is_used(v))
		v->previews.guard = session_seam_guard_preview;
	return err ? err : previews_open(&v->previews, v->loop, &v->quiet, &v->dir, session_seam_mark(v), &v->o->mask);
}

static int core_open_keeper(struct session_core *v)
{
	cleanup_strbuf struct strbuf command = {0};
	publish_command(v, &command);
	const struct keeper_session s = {.id = v->dir.id,
					 .agent = v->o->agent,
					 .command = command.s ? command.s : "", /* `gatesh run -- ''` */
					 .workspaces = v->places.options.workspaces};
	if (!command.err)
		keeper_open(&v->keeper, v->loop, &v->box, v->handle, &s);
	return command.err;
}

/* Remote things that rules kept go at the age of other kept things.  A session that did not start knows no age. */
static void core_prune_keeps(const struct session_core *v)
{
	if (!v->keeper.loop)
		return;
	int64_t now = (int64_t)time(NULL), age = v->keeper.age < (uint64_t)now ? (int64_t)v->keeper.age : now;
	keep_list_prune(NULL, (now - age) * 1000);
}

int session_core_open(struct session_core *v, struct loop *l, const struct live_options *o)
{
	v->loop = l;
	v->o = o;
	v->audit.fd = v->box.source.fd = v->answers.source.fd = -1;
	v->page.fd = v->tables.fd = -1;
	file_limit_raise();
	if (debug_log_start(o->debug))
		return EXIT_IO;
	debug_log_when_lost(session_core_say, v);
	int err = tool_limit_read(&v->workers.tool_limit_ms);
	if (err)
		return err;
	err = workspaces_find(&v->places, o->workspaces);
	if (err)
		return err == -ENOMEM ? EXIT_SOFTWARE : EXIT_USAGE;
	if (session_dir_create(&v->dir)) {
		workspaces_free(&v->places);
		return EXIT_SOFTWARE;
	}
	v->open = true;
	int status = core_hold_interposer(v);
	err = status ? 0 : session_seam_begin(v); /* before any thread */
	if (!status && err) {
		fprintf(stderr, "gate: the session cannot be started: %s\n", strerror(-err));
		status = EXIT_SOFTWARE;
	}
	if (!status)
		status = core_load_policy(v);
	v->audit.credentials = o->credentials;
	err = status ? 0 : audit_start(&v->audit);
	if (!status && !err) {
		err = mailbox_open(&v->box, l);
		if (!err)
			err = core_open_keeper(v);
		if (!err)
			err = session_seam_prepare(v);
		if (!err)
			err = core_open_sockets(v);
		if (!err)
			err = session_seam_open(v);
		if (!err)
			err = publish_info(v);
		if (err)
			fprintf(stderr, "gate: the session cannot be opened in %s: %s\n", v->dir.path, strerror(-err));
	}
	if (err)
		status = EXIT_SOFTWARE;
	debug_log("session", "%s %s: service %s, %s, pid %d", v->dir.id, status ? "failed" : "started",
		  v->handle ? gate_get_item(v->handle, GATE_ITEM_SERVICE) : "-", v->dir.path, (int)getpid());
	if (status)
		session_core_close(v);
	return status;
}

void session_core_close(struct session_core *v)
{
	if (!v->open)
		return;
	v->open = false;
	debug_log("session", "%s ends", v->dir.id);
	v->terminal = NULL;
	v->changed = NULL;
	timer_clear(v->loop, &v->grace);
	session_orders_close(v);
	relay_server_close(&v->relay);
	if (v->box.source.fd >= 0)
		mailbox_deliver(&v->box);
	ask_server_close(&v->ask);
	session_seam_end(v);
	probes_close(&v->probes);
	previews_close(&v->previews);
	front_server_close(&v->answers);
	timer_clear(v->loop, &v->look);
	keeper_stop(&v->keeper);
	int err = 0;
	uint64_t patience = loop_now() + STUCK_MS;
	while (!err && (v->workers.running || v->quiet.running || v->keeper.pruning ||
			(session_seam_is_busy(v) && loop_now() < patience))) {
		v->loop->stop =
			false; /* a signal or a timer may set it again, and then a step would not wait for workers */
		err = loop_step(v->loop);
	}
	relay_server_free(&v->relay);
	if (!session_seam_is_busy(v)) { /* else a thread hangs in a file system, and the process ends soon */
		session_seam_free(v);
		if (v->box.source.fd >= 0)
			mailbox_close(&v->box, v->loop);
	}
	audit_end(&v->audit);
	core_prune_keeps(v);
	keeper_close(&v->keeper);
	session_dir_remove(&v->dir);
	if (v->interposer >= 0)
		close(v->interposer);
	gate_end(v->handle, GATE_SUCCESS);
	v->handle = NULL;
	workspaces_free(&v->places);
	remembered_free(&v->covers);
	questions_free(&v->questions);
	debug_log_when_lost(NULL, NULL);
}

void session_core_reap(struct session_core *v, void (*each)(pid_t pid, int status, void *data), void *data)
{
	siginfo_t info = {0};
	int status;
	/* Handle it before reaping: while it is a zombie, its pid and process group can't be reused. */
	while (!waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid) {
		session_seam_holder_child(v, info.si_pid);
		preview_child(&v->previews, &info);
		probe_child(&v->probes, &info);
		if (waitpid(info.si_pid, &status, 0) == info.si_pid) {
			presence_notifier_child(v, info.si_pid, status);
			if (each)
				each(info.si_pid, status, data);
		}
		info.si_pid = 0;
	}
}
