/* SPDX-License-Identifier: BSD-2-Clause */
/* session_core.c - opens and closes the parts of a session, and decides whether anybody is there to ask. */
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
#include "formats/seam.h"
#include "formats/session_names.h"
#include "session/publish.h"
#include "supervise/seam_guard.h"
#include "util/conf.h"
#include "util/debug_log.h"
#include "util/exit.h"
#include "util/proc.h"

enum {
	PREVIEWED = 4,   /* the first open questions, whose previews run */
	STUCK_MS = 1000, /* at the end: for threads that look at a file of the session */
};

static void core_say(enum gate_style style, const char *text, void *data)
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

static int core_load_policy(struct session_core *v)
{
	struct diag d = {.emit = core_say_diag};
	struct gate_conf conf;
	struct gate_conv conv = {.struct_size = sizeof(struct gate_conv), .tell = core_say, .data = v};
	if (conf_load(&conf, &d))
		return EXIT_CONFIG;
	v->workers.on_fault_allow = conf.on_fault_allow;
	v->via_tmux = conf.via_tmux;
	const char *service = v->o->service ? v->o->service : conf.service;
	int err = network_start(service, v->places.workspaces[0], v->o->network, v->o->allow_list, &conv, &v->handle);
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

static bool core_supervises(const struct session_core *v)
{
	return v->o->supervise && supervisor_possible();
}

/* Does somebody see a question now, or soon?  `desktop`: the desktop counts. */
static bool core_present(const struct session_core *v, bool desktop)
{
	return (desktop && (v->notifier.pid || v->look.at)) || v->o->wait_for_answer || v->answers.subscribers ||
	       (v->terminal && v->terminal(v->data));
}

/* Is somebody there to ask a new question?  The first question for the desktop starts the notifier, after the prompt is
 * drawn.  During the grace time the answer is yes, so that a front end can find this new session. */
static bool core_somebody(const struct gate_question *q, void *data)
{
	struct session_core *v = data;
	bool desktop = q->flags & GATE_QUESTION_DESKTOP;
	if (desktop && !v->notifier.pid && notifier_possible(&v->notifier))
		timer_set(v->loop, &v->look, 0);
	return v->grace.at || core_present(v, desktop);
}

/* Refuse the questions that nobody sees; with `flags`, only those that have one of them. */
static void core_refuse_unattended(struct session_core *v, unsigned flags)
{
	for (struct question *q = v->questions.first, *next; q; q = next) {
		bool desktop = q->q->flags & GATE_QUESTION_DESKTOP;
		next = q->next;
		if ((!flags || q->q->flags & flags) && !core_present(v, desktop && !q->passed))
			question_finish(q, GATE_NO_AGENT, NULL);
	}
}

/* The desktop will not answer: refuse its questions that nobody else sees. */
static void core_desktop_left(void *data)
{
	struct session_core *v = data;
	if (!v->grace.at)
		core_refuse_unattended(v, GATE_QUESTION_DESKTOP);
}

static void core_grace_over(struct timer *t)
{
	core_refuse_unattended(t->data, 0);
}

void session_core_unattended(struct session_core *v)
{
	timer_set(v->loop, &v->grace, SESSION_GRACE_MS);
}

static void core_look_for_desktop(struct timer *t)
{
	struct session_core *v = t->data;
	char text[128];
	int err = notifier_start(&v->notifier);
	if (!err)
		return;
	snprintf(text, sizeof text, "gate: desktop: gate-notify cannot be started: %s", strerror(-err));
	core_say(GATE_STYLE_INFO, text, v);
	core_desktop_left(v);
}

static void core_holder_child(struct session_core *v, pid_t pid)
{
	if (pid != v->holder.pid)
		return;
	v->holder.pid = 0;
	core_say(GATE_STYLE_ERROR,
		 "gate: the seam's holder was killed; if gatesh is killed as well, judged programs go on alone", v);
}

static void core_notifier_child(struct session_core *v, pid_t pid, int status)
{
	if (pid != v->notifier.pid)
		return;
	v->notifier.pid = 0;
	if (WIFSIGNALED(status))
		core_say(GATE_STYLE_INFO, "gate: desktop: gate-notify died; answer its questions elsewhere", v);
	core_desktop_left(v);
}

/* Remember an answer about a file, so that the session does not ask again about the next one.  A refusal by a freeze is
 * not an answer. */
static void core_remember(struct session_core *v, const struct question *q)
{
	static const struct gate_answer none;
	if (q->askers->file && !*v->questions.frozen && (q->answer || q->ret == GATE_TIMEOUT))
		remembered_file(&v->covers, q->askers->file, q->ret, q->answer ? q->answer : &none);
}

static void core_revoked(void *data)
{
	struct session_core *v = data;
	remembered_forget_yes(&v->covers);
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
	/* Previews start after the prompt is drawn, and only for the first questions, which a person may look at. */
	unsigned n = 0;
	for (struct question *p = qs->first; p && n < PREVIEWED; p = p->next, n++)
		if (p->preview == PREVIEW_NOT_YET)
			preview_start(&v->previews, p);
}

static void core_preview_ready(struct question *q, void *data)
{
	struct session_core *v = data;
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
	core_say(GATE_STYLE_ERROR, text, data);
}

/* Refuse everything from now on, open questions included; or end that. */
static int core_freeze(void *data, const char *by, bool on)
{
	struct session_core *v = data;
	struct gate_answer no = {.choice = GATE_ANSWER_NO};
	snprintf(v->questions.frozen, sizeof v->questions.frozen, "%s", on ? by : "");
	snprintf(no.by, sizeof no.by, "%s", by);
	while (on && v->questions.first)
		question_finish(v->questions.first, GATE_SUCCESS, &no);
	front_server_frozen(&v->answers, by, on);
	return publish_freeze(v, on);
}

static struct exec_guard *core_guard_preview(void *data, int *err)
{
	struct session_core *v = data;
	return seam_guard_make(&v->preview_supervisor, NULL, NULL, err);
}

static int core_open_sockets(struct session_core *v)
{
	v->questions = (struct questions){.loop = v->loop, .changed = core_question_changed, .data = v};
	v->workers.base = v->handle;
	v->workers.box = &v->box;
	v->workers.questions = &v->questions;
	v->workers.covers = &v->covers;
	v->workers.places = &v->places;
	v->workers.audit = &v->audit;
	v->workers.somebody = core_somebody;
	v->workers.tell = core_say;
	v->workers.data = v;
	ask_server_open(&v->ask, v->loop, &v->workers);
	v->answers.refused = core_answer_refused;
	v->answers.freeze = core_freeze;
	v->answers.revoked = core_revoked;
	v->answers.handle = v->handle;
	v->answers.passed = core_desktop_left;
	v->answers.data = v;
	v->look = (struct timer){.expired = core_look_for_desktop, .data = v};
	v->notifier = (struct notifier){.answers = &v->answers, .mask = &v->o->mask};
	int err = front_server_open(&v->answers, v->loop, &v->questions, &v->dir);
	v->quiet = v->workers;
	v->quiet.never_ask = true;
	v->quiet.probes = NULL; /* a probe does not start another */
	v->grace = (struct timer){.expired = core_grace_over, .data = v};
	timer_set(v->loop, &v->grace, SESSION_GRACE_MS);
	v->previews.ready = core_preview_ready;
	v->previews.data = v;
	probes_init(&v->probes, v->loop, &v->box, &v->previews);
	v->workers.probes = &v->probes;
	if (core_supervises(v))
		v->previews.guard = core_guard_preview;
	return err ? err : previews_open(&v->previews, v->loop, &v->quiet, &v->dir, session_core_mark(v), &v->o->mask);
}

static int core_open_supervisors(struct session_core *v)
{
	if (!session_dir_file(&v->dir, "preview", v->preview_path, sizeof v->preview_path))
		return -ENAMETOOLONG;
	v->supervisor = v->preview_supervisor = (struct supervisor){
		.loop = v->loop, .workers = &v->workers, .ask = &v->ask, .page = &v->page, .tables = &v->tables};
	v->supervisor.holder = v->preview_supervisor.holder = &v->holder;
	v->supervisor.session = v->dir.path;
	v->preview_supervisor.session = v->preview_path;
	v->preview_supervisor.workers = &v->quiet;
	v->preview_supervisor.ask = &v->previews.ask;
	int err = supervisor_open(&v->supervisor);
	return err ? err : supervisor_open(&v->preview_supervisor);
}

/* A session without the seam: its processes find the policy and the sockets in its directory.  In a session with the seam
 * nobody reads them, so they are not there: whoever could replace them would have no use of it. */
static int core_publish_files(struct session_core *v)
{
	char path[SESSION_DIR_PATH_MAX + 32];
	if (!session_dir_file(&v->dir, GATE_SOCKET_NAME, path, sizeof path))
		return -ENAMETOOLONG;
	int err = publish_image(v);
	if (!err)
		err = ask_server_listen(&v->ask, path);
	return err ? err : previews_publish(&v->previews, &v->dir);
}

/* Somebody else's listener is there already (a container's, or of a tool that traces system calls). */
static void core_seam_refused(int err, void *data)
{
	char text[192];
	snprintf(text, sizeof text,
		 "gate: the kernel's seam is not available: %s; programs that can't load the interposer run ungated",
		 err == -EBUSY ? "another program already watches the system calls here" : strerror(-err));
	core_say(GATE_STYLE_ERROR, text, data);
	err = core_publish_files(data);
	if (err) /* then every program is refused */
		core_say(GATE_STYLE_ERROR, "gate: the policy image and the sockets cannot be made", data);
}

struct exec_guard *session_core_guard(struct session_core *v, int *err)
{
	*err = 0;
	return core_supervises(v) ? seam_guard_make(&v->supervisor, core_seam_refused, v, err) : NULL;
}

const char *session_core_mark(const struct session_core *v)
{
	return core_supervises(v) ? SEAM_MARK : "";
}

static int core_open_keeper(struct session_core *v)
{
	cleanup_strbuf struct strbuf command = {0};
	publish_command(v, &command);
	const struct keeper_session s = {.id = v->dir.id,
					 .agent = v->o->agent,
					 .command = command.s,
					 .workspaces = v->places.options.workspaces};
	if (!command.err)
		keeper_open(&v->keeper, v->loop, &v->box, v->handle, &s);
	return command.err;
}

int session_core_open(struct session_core *v, struct loop *l, const struct live_options *o)
{
	v->loop = l;
	v->o = o;
	v->audit.fd = v->box.source.fd = v->answers.source.fd = -1;
	v->page.fd = v->tables.fd = -1;
	if (debug_log_start(o->debug))
		return EXIT_IO;
	debug_log_when_lost(core_say, v);
	int err = workspaces_find(&v->places, o->workspaces);
	if (err)
		return err == -ENOMEM ? EXIT_SOFTWARE : EXIT_USAGE;
	if (session_dir_create(&v->dir)) {
		workspaces_free(&v->places);
		return EXIT_SOFTWARE;
	}
	v->open = true;
	int status = core_hold_interposer(v);
	err = !status && core_supervises(v) ? holder_start(&v->holder) : 0; /* before any thread */
	if (!status && err) {
		fprintf(stderr, "gate: the session cannot be started: %s\n", strerror(-err));
		status = EXIT_SOFTWARE;
	}
	if (!status)
		status = core_load_policy(v);
	err = status ? 0 : audit_start(&v->audit);
	if (!status && !err) {
		err = mailbox_open(&v->box, l);
		if (!err)
			err = core_open_keeper(v);
		if (!err && core_supervises(v))
			err = publish_page(v);
		if (!err && core_supervises(v))
			err = seam_tables_make(&v->tables);
		if (!err)
			err = core_open_sockets(v);
		if (!err)
			err = core_supervises(v) ? core_open_supervisors(v) : core_publish_files(v);
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

static bool core_is_supervising(const struct session_core *v)
{
	return supervisor_busy(&v->supervisor) || supervisor_busy(&v->preview_supervisor);
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
	if (v->box.source.fd >= 0)
		mailbox_deliver(&v->box);
	ask_server_close(&v->ask);
	supervisor_close(&v->supervisor);
	supervisor_close(&v->preview_supervisor);
	probes_close(&v->probes);
	previews_close(&v->previews);
	front_server_close(&v->answers);
	timer_clear(v->loop, &v->look);
	keeper_stop(&v->keeper);
	int err = 0;
	uint64_t patience = loop_now() + STUCK_MS;
	while (!err && (v->workers.running || v->quiet.running || v->keeper.pruning ||
			(core_is_supervising(v) && loop_now() < patience))) {
		v->loop->stop =
			false; /* a signal or a timer may set it again, and then a step would not wait for workers */
		err = loop_step(v->loop);
	}
	if (!core_is_supervising(v)) { /* else a thread hangs in a file system, and the process ends soon */
		supervisor_free(&v->supervisor);
		supervisor_free(&v->preview_supervisor);
		page_free(&v->page);
		holder_end(&v->holder);
		seam_tables_close(&v->tables);
		if (v->box.source.fd >= 0)
			mailbox_close(&v->box, v->loop);
	}
	audit_end(&v->audit);
	keeper_close(&v->keeper);
	session_dir_remove(&v->dir);
	if (v->interposer >= 0)
		close(v->interposer);
	gate_end(v->handle, GATE_SUCCESS);
	v->handle = NULL;
	workspaces_free(&v->places);
	remembered_free(&v->covers);
	debug_log_when_lost(NULL, NULL);
}

void session_core_reap(struct session_core *v, void (*each)(pid_t pid, int status, void *data), void *data)
{
	siginfo_t info = {0};
	int status;
	/* Handle it before reaping: while it is a zombie, its pid and process group can't be reused. */
	while (!waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid) {
		core_holder_child(v, info.si_pid);
		preview_child(&v->previews, info.si_pid);
		probe_child(&v->probes, &info);
		if (waitpid(info.si_pid, &status, 0) == info.si_pid) {
			core_notifier_child(v, info.si_pid, status);
			if (each)
				each(info.si_pid, status, data);
		}
		info.si_pid = 0;
	}
}
