/* ask_file.c - see act_host.h. */
#include "preload/files/act_host.h"

#include <errno.h>

#include "preload/base/message.h"
#include "preload/base/process_state.h"
#include "preload/base/session_client.h"
#include "preload/base/sys.h"

int ask_file_fault(const char *what, int err)
{
	static unsigned char told;
	bool go_on = state.head.flags & GATE_IMAGE_ON_FAULT_ALLOW;
	if (!__atomic_exchange_n(&told, 1, __ATOMIC_RELAXED))
		go_on = message_call_fault(what, err);
	return go_on ? VICTIM_GO : -EPERM;
}

static int ask_file_put_question(const struct victim *v, const char *const *words, struct ask_room *room)
{
	const struct session_ask a = {.event = victim_event(v), .exe = state.exe, .words = words};
	struct ask_answer answer = {0};
	const char *what;
	int ret = session_ask_whole(&a, room, &answer, &what);
	if (ret < 0)
		return ask_file_fault(what, ret);
	if (ret && answer.text) /* none: these processes have been told why */
		message_line(answer.text);
	if (answer.covers)
		memory_cover(v->m, &(struct memory_answer){v->event, answer.severity, !ret}, answer.covers);
	return ret ? -EPERM : VICTIM_GO;
}

/* formats/remembered.h, the rules for every entry. */
static bool ask_file_outranks_yes(const struct victim *v)
{
	const struct gate_image_head *head = v->m->image;
	return v->class.class == GATE_CLASS_DENY || head->flags & GATE_IMAGE_ASK_ALL;
}

int __attribute__((noinline)) ask_file(const struct victim *v, const char *unkept)
{
	char buf[PATH_MAX];
	struct memory_answer known = {.event = v->event, .severity = v->class.severity};
	if (memory_covered(v->m, &known, v->path) && !(known.allowed && ask_file_outranks_yes(v)))
		return known.allowed ? VICTIM_GO : -EPERM;
	const char *other = victim_other(v, buf);
	/* A rename has two places. */
	const char *const words[] = {v->path, other ? other : v->other ? "/" : "", unkept ? unkept : "", NULL};
	long room = sys_map_anonymous(sizeof(struct ask_room));
	if (sys_is_error(room))
		return ask_file_fault("the question", (int)room);
	int fate = ask_file_put_question(v, words, (struct ask_room *)room);
	sys_unmap((const void *)room, sizeof(struct ask_room));
	return fate;
}
