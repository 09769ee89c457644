/* SPDX-License-Identifier: BSD-2-Clause */
/* session_names.h - the names by which the interposer and its session find each other: files in the session's directory
 * and environment variables. */
#ifndef GATE_FORMATS_SESSION_NAMES_H
#define GATE_FORMATS_SESSION_NAMES_H

#define GATE_IMAGE_NAME "policy.img" /* the policy image: image.h */
#define GATE_SOCKET_NAME "ask.sock"  /* questions: wire.h */

#define NAME_SESSION "GATE_SESSION" /* the session's directory */
#define NAME_TARGET "GATE_TARGET"   /* the program that gate-standin stands in for: a path, or fd:N[,cloexec] */

#endif
