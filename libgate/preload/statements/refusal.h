/* SPDX-License-Identifier: BSD-2-Clause */
/* refusal.h - statements that a server refuses by itself, with Gate's reason.  The program's library then reports an error of the
 * server's, and the state of the transaction stays true. */
#ifndef GATE_PRELOAD_STATEMENTS_REFUSAL_H
#define GATE_PRELOAD_STATEMENTS_REFUSAL_H

enum { REFUSAL_MAX = 1024 };

/* Put `before`, the reason without what a server with other settings reads in another way, and `after` into `out`.  At most
 * `max` bytes of the reason. */
void refusal_put(char out[REFUSAL_MAX], const char *before, const char *why, unsigned max, const char *after);

#endif
