/* relay.h - the bytes between the person's terminal and the inner one, and the place where a panel gets in between. */
#ifndef GATESH_TERM_RELAY_H
#define GATESH_TERM_RELAY_H

#include "base/strbuf.h"
#include "term/pty.h"
#include "term/screen.h"
#include "util/loop.h"

enum { RELAY_CHUNK = 64 << 10, RELAY_SPOOL = 1 << 20, RELAY_TURN = 16, RELAY_IDLE_MS = 30, RELAY_CURSOR_MS = 300 };

struct relay {
	struct loop *loop;
	struct tty *tty;
	struct screen screen;
	struct watch outer, inner; /* the person's terminal; the inner one's master */
	struct strbuf to_outer, to_inner;
	struct strbuf spool; /* what the program printed while a panel was there */
	struct timer idle;   /* time to feed the model */
	struct timer cursor_wait, lost;
	bool held;        /* a panel is drawn */
	bool interactive; /* the terminal is raw and its keys go in */
	bool inner_gone, outer_gone;
	/* The cursor's place was asked for at the start; the answer is caught among the keys. */
	bool cursor_asked; /* an answer may still come */
	char caught[16];
	size_t ncaught;
	/* While held, keys go here. */
	void (*keys)(void *data, const char *bytes, size_t n);
	/* The terminal is gone. */
	void (*closed)(void *data);
	void *data;
};

/* Start with `master`.  0 or a negative errno. */
int relay_init(struct relay *r, struct loop *l, struct tty *tty, int master);

/* Make the terminal raw and pass its keys on.  Harmless when it is so already, or when this process is in the
 * background (then it is to be called again).  0, -EAGAIN (background) or a negative errno. */
int relay_go_interactive(struct relay *r);

/* Ask the terminal where its cursor is, before the program prints anything; see screen_start_at(). */
void relay_ask_cursor(struct relay *r);

/* Give the terminal back as it was (before being stopped), and take it again. */
void relay_suspend(struct relay *r);

/* A panel comes: from now on the program's output is spooled and keys go to r->keys.  What was typed so far is thrown
 * away.  screen_sync() is done. */
void relay_hold(struct relay *r);
/* The panel is gone (what restores the screen was drawn): the spool is let out. */
void relay_release(struct relay *r);

/* Append to what goes to the terminal. */
void relay_draw(struct relay *r, const struct strbuf *bytes);

/* Has everything drawn reached the terminal? */
bool relay_drawn(const struct relay *r);

/* Bytes for the program, as if typed. */
void relay_type(struct relay *r, const char *bytes, size_t n);

/* The terminal's size changed. */
void relay_resize(struct relay *r);

/* The command has ended: let out what it printed, then restore the terminal. */
void relay_finish(struct relay *r);

#endif
