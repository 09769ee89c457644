/* SPDX-License-Identifier: BSD-2-Clause */
/* ask_file.c - asks the session about a file, and remembers which directory its answer covers.  See act_host.h. */
#include "preload/files/act_host.h"

#include <errno.h>

#include "preload/base/message.h"
#include "preload/base/process_state.h"
#include "preload/base/session_client.h"
#include "preload/base/sys.h"

/* Does the fault come from limits of this process, such as its descriptors, its root or its sandbox?  The session has none
 * of them. */
static bool ask_file_is_own_fault(int err)
{
	switch (-err) {
	case EMFILE:
	case ENFILE:
	case ENOMEM:
	case EPERM:
	case EACCES:
	case ENOENT:
	case ENOTDIR:
	case EROFS: return true;
	default: return false;
	}
}

int ask_file_fault(const char *what, int err)
{
	static unsigned char told;
	if (state.seam && ask_file_is_own_fault(err))
		return VICTIM_LEAVE;
	bool go_on = state_head()->flags & GATE_IMAGE_ON_FAULT_ALLOW;
	if (!__atomic_exchange_n(&told, 1, __ATOMIC_RELAXED))
		go_on = message_call_fault(what, err);
	return go_on ? VICTIM_GO : -EPERM;
}

/* words: the path, the other one, and why it can't be kept, "" if it can */
static int ask_file_put_question(const struct victim *v, const char *const *words, struct ask_room *room)
{
	const struct session_ask a = {.event = victim_event(v), .exe = state.exe, .words = words};
	struct ask_answer answer = {0};
	const char *what;
	int ret = session_ask_whole(&a, room, &answer, &what);
	if (ret < 0)
		return ask_file_fault(what, ret);
	if (ret && answer.text && *answer.text) /* no text: these processes have already read the reason */
		message_line(answer.text);
	if (answer.covers)
		memory_cover(v->m, &(struct memory_answer){v->event, answer.severity, *words[2], !ret}, answer.covers);
	return ret ? -EPERM : VICTIM_GO;
}

/* An earlier yes never covers a file that a rule denies.  While the session is frozen no yes counts, and no no while it is
 * paused: the session knows which. */
static bool ask_file_outranks(const struct victim *v, bool allowed)
{
	const struct gate_image_head *head = v->m->image;
	return (allowed && v->class.class == GATE_CLASS_DENY) || head->flags & GATE_IMAGE_ASK_ALL;
}

int __attribute__((noinline)) ask_file(const struct victim *v, const char *unkept)
{
	char buf[PATH_MAX];
	struct memory_answer known = {.event = v->event, .severity = v->class.severity, .unkept = unkept};
	if (memory_covered(v->m, &known, v->path) && !ask_file_outranks(v, known.allowed))
		return known.allowed ? VICTIM_GO : -EPERM;
	const char *other = victim_other(v, buf);
	/* A rename has two places: "/" replaces an unknown second one. */
	const char *const words[] = {v->path, other ? other : v->other ? "/" : "", unkept ? unkept : "", NULL};
	long room = sys_map_anonymous(sizeof(struct ask_room));
	if (sys_is_error(room))
		return ask_file_fault("the question can't be sent", (int)room);
	int fate = ask_file_put_question(v, words, (struct ask_room *)room);
	sys_unmap((const void *)room, sizeof(struct ask_room));
	return fate;
}
