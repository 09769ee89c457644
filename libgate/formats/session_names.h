/* SPDX-License-Identifier: BSD-2-Clause */
/* session_names.h - the names by which the interposer and its session find each other: files of the session's directory
 * and variables of the environment. */
#ifndef GATE_FORMATS_SESSION_NAMES_H
#define GATE_FORMATS_SESSION_NAMES_H

#define GATE_IMAGE_NAME "policy.img"      /* the policy image: image.h */
#define GATE_SOCKET_NAME "ask.sock"       /* questions: wire.h */
#define SUPERVISE_SOCKET "supervise.sock" /* programs that can't load the interposer */

#define NAME_SESSION "GATE_SESSION" /* the session's directory */
#define NAME_TARGET "GATE_TARGET"   /* what gate-standin stands in for: a path, or fd:N[,cloexec] */

#endif
