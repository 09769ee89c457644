/* SPDX-License-Identifier: BSD-2-Clause */
/* session_principal.c - applies a principal to a session. */
#include "session/session_principal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "principal/principal_files.h"
#include "principal/principal_network.h"
#include "principal/scrub.h"
#include "sshagent/agent_server.h"
#include "util/exit.h"

/* A root session reads the environment of every process, from which the credentials were taken here: since Linux 6.8
 * CAP_PERFMON, and with it CAP_SYS_ADMIN, goes before Landlock (may_access_mm() in kernel/fork.c).  Programs that are executed
 * from now on do not have them; gatesh itself does. */
static int principal_give_up_reading(void)
{
	if (geteuid())
		return 0;
	if (prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, 0, 0) || prctl(PR_CAPBSET_DROP, CAP_PERFMON, 0, 0, 0))
		return -errno;
	fputs("gate: the session can't read other processes' environments (no CAP_SYS_ADMIN, no CAP_PERFMON); mount, "
	      "unshare and container daemons fail in it\n",
	      stderr);
	return 0;
}

int session_principal_enter(const struct session_options *o)
{
	struct scrub scrubbed = {0};
	int err = o->scrub ? scrub_environment(o->principal ? o->principal->keep : NULL, &scrubbed) : 0;
	if (!err && o->principal)
		err = principal_identify(o->principal);
	if (!err && o->scrub)
		err = principal_give_up_reading();
	if (err)
		fprintf(stderr,
			"gate: the credentials can't be taken out of the environment: %s; the session is not started\n",
			strerror(-err));
	else
		scrub_tell(&scrubbed);
	scrub_free(&scrubbed);
	return err ? EXIT_SOFTWARE : 0;
}

const char *session_principal_credentials(const struct session_options *o)
{
	return o->scrub ? "taken out of the environment" : "the person's own";
}

/* Write a file of the session's directory.  Nothing runs in the session yet. */
static int principal_write(const struct session_core *v, const char *name, const struct strbuf *text,
			   char path[PATH_MAX])
{
	if (text->err || !session_dir_file(&v->dir, name, path, PATH_MAX))
		return text->err ? text->err : -ENAMETOOLONG;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, text->s, text->len);
	int err = n == (ssize_t)text->len ? 0 : n < 0 ? -errno : -ENOSPC;
	close(fd);
	if (err)
		unlink(path);
	return err;
}

int session_principal_terms(const struct session_core *v, struct network_terms *terms, struct principal_files *f)
{
	cleanup_strbuf struct strbuf hosts = {0}, pack = {0};
	const struct principal *p = v->o->principal;
	*terms = (struct network_terms){.mode = v->o->network, .list = v->o->allow_list};
	if (!p)
		return 0;
	terms->refuse_reads = true;
	principal_network_list(p, &hosts);
	if (v->o->broker_port)
		strbuf_printf(&hosts, "127.0.0.1 %u\n", v->o->broker_port);
	if (p->nssh_keys)
		strbuf_printf(&hosts, "%s/" AGENT_SOCKET "\n", v->dir.path);
	principal_network_rules(p, &pack);
	principal_files_rule(p, &pack);
	snprintf(f->label, sizeof f->label, "network-allow in %s", p->file);
	int err = p->allow ? principal_write(v, "principal.list", &hosts, f->list) : 0;
	if (!err && p->allow) {
		terms->mode = NETWORK_ALLOW_LISTED;
		terms->list = f->list;
		terms->label = f->label;
	}
	if (!err && pack.len && !(err = principal_write(v, "principal.rules", &pack, f->rules)))
		terms->rules = f->rules;
	if (err)
		session_principal_forget(terms, v);
	return err;
}

void session_principal_forget(const struct network_terms *terms, const struct session_core *v)
{
	if (terms->rules)
		unlink(terms->rules);
	if (v->o->principal && v->o->principal->allow && terms->list)
		unlink(terms->list);
}
