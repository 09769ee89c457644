/* SPDX-License-Identifier: BSD-2-Clause */
/* paths.h - locates the installed parts of Gate.  All paths follow from the location of the engine itself (libgate.so,
 * libgate-private.so), so that a staged tree (make install DESTDIR=...) works in place.  No environment variable moves
 * them.  Internal to Gate. */
#ifndef GATE_BASE_PATHS_H
#define GATE_BASE_PATHS_H

#pragma GCC visibility push(default)

enum gate_path {
	GATE_PATH_ETC_SERVICES, /* /etc/gate.d */
	GATE_PATH_LIB_SERVICES, /* /usr/lib/gate.d */
	GATE_PATH_LIB_RULES,    /* /usr/share/gate/rules */
	GATE_PATH_ETC_RULES,    /* /etc/gate/rules.d */
	GATE_PATH_CONF,         /* /etc/gate/gate.conf */
	GATE_PATH_MODULES,      /* /usr/lib/gate/modules */
	GATE_PATH_PRELOAD, /* /usr/lib/gate/interposer/ID/libgate-preload.so, to which /usr/lib/libgate-preload.so led */
	GATE_PATH_STANDIN,     /* /usr/lib/gate/interposer/ID/gate-standin */
	GATE_PATH_GATE_NOTIFY, /* /usr/libexec/gate/gate-notify, which the build may have left out */
	GATE_PATH_GATESH,      /* /usr/bin/gatesh */
	GATE_PATH_COUNT
};

/* Return an absolute path in static storage.  Computed once; thread-safe. */
const char *gate_path(enum gate_path which);

enum { GATE_HOME_SIZE = 4096 };

/* Return the user's home directory, absolute: $HOME, or the user database's entry when a daemon or a cleaned
 * environment has no $HOME.  The entry is stored in buf, of GATE_HOME_SIZE bytes.  NULL when neither exists. */
const char *gate_home(char *buf, unsigned long size);

/* Put the user's configuration directory, or `name` in it, into buf: $XDG_CONFIG_HOME/gate or ~/.config/gate.  Returns
 * 0, -ENOENT (no home) or -ENAMETOOLONG. */
int gate_path_user(char *buf, unsigned long size, const char *name);

#pragma GCC visibility pop

#endif
