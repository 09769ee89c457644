/* SPDX-License-Identifier: BSD-2-Clause */
/* relay.h - relays bytes between the person's terminal and the inner one, and lets a panel get in between. */
#ifndef GATESH_TERM_RELAY_H
#define GATESH_TERM_RELAY_H

#include "base/strbuf.h"
#include "term/pty.h"
#include "term/screen.h"
#include "util/loop.h"

enum { RELAY_CHUNK = 64 << 10, RELAY_SPOOL = 1 << 20, RELAY_TURN = 16, RELAY_IDLE_MS = 30 };

/* How long the session's start, and its end, wait for the terminal to report its cursor. */
enum { RELAY_CURSOR_MS = 300, RELAY_REPLY_MS = 1000 };

struct relay {
	struct loop *loop;
	struct tty *tty;
	struct screen screen;
	struct watch outer, inner; /* the person's terminal; the inner one's master */
	struct strbuf to_outer, to_inner;
	struct strbuf spool; /* the program's output while a panel is shown */
	struct timer idle;   /* feeds the model once output pauses */
	struct timer cursor_wait, lost;
	bool held;        /* a panel is drawn */
	bool interactive; /* the terminal is raw and its keys are passed on */
	bool inner_gone, outer_gone;
	/* At the start the relay queries the cursor position; it catches the reply among the keys. */
	bool cursor_asked; /* a reply may still come */
	uint64_t asked_at;
	char caught[16];
	size_t ncaught;
	/* Gets the keys while held. */
	void (*keys)(void *data, const char *bytes, size_t n);
	/* Called when the terminal is gone. */
	void (*closed)(void *data);
	void *data;
};

/* Start relaying between `tty` and `master`.  Returns 0 or a negative errno. */
int relay_init(struct relay *r, struct loop *l, struct tty *tty, int master);

/* Make the terminal raw and pass its keys on.  Harmless if that is so already.  Returns 0, -EAGAIN if this process is
 * in the background (call it again later), or another negative errno. */
int relay_go_interactive(struct relay *r);

/* Query the terminal's cursor position, before the program prints anything; see screen_start_at(). */
void relay_ask_cursor(struct relay *r);

/* Restore the terminal's modes, before this process stops.  relay_go_interactive() takes it again. */
void relay_suspend(struct relay *r);

/* Call before a panel is shown.  From now on the program's output is spooled and keys go to r->keys.  Keys typed so far
 * and not read yet go there at once, for the panel to drop.  Calls screen_sync(). */
void relay_hold(struct relay *r);
/* Call when the panel is gone and the screen restored.  Sends the spool to the terminal. */
void relay_release(struct relay *r);

/* Append bytes to the terminal's output. */
void relay_draw(struct relay *r, const struct strbuf *bytes);

/* Has everything drawn reached the terminal? */
bool relay_drawn(const struct relay *r);

/* Send bytes to the program as if typed. */
void relay_type(struct relay *r, const char *bytes, size_t n);

/* Call when the terminal's size has changed. */
void relay_resize(struct relay *r);

/* The person's terminal is gone, although it has not said so: as if it had hung up. */
void relay_hang_up(struct relay *r);

/* Call when the command has ended.  Sends its last output to the terminal, catches a reply of the terminal that is still on
 * its way, so that the next program does not read it, and frees the relay. */
void relay_finish(struct relay *r);

/* Likewise, but the inner terminal stays for the processes that still have it.  Returns its master, the caller's from then
 * on; -1 if it is gone. */
int relay_leave(struct relay *r);

#endif
