/* paths.h - where the installed parts are.  Found from where the engine (libgate.so, libgate-private.so) itself lies, so that a staged tree
 * (make install DESTDIR=...) works in place; no environment variable moves them.  Internal to Gate. */
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
	GATE_PATH_PRELOAD,      /* /usr/lib/libgate-preload.so */
	GATE_PATH_GATE_EXEC,    /* /usr/libexec/gate/gate-exec */
	GATE_PATH_GATE_NOTIFY,  /* /usr/libexec/gate/gate-notify, which may not have been built */
	GATE_PATH_GATESH,       /* /usr/bin/gatesh */
	GATE_PATH_COUNT
};

/* Absolute path, static storage, computed once (thread-safe). */
const char *gate_path(enum gate_path which);

enum { GATE_HOME_SIZE = 4096 };

/* The user's home, absolute: $HOME, or as the user database has it where a daemon or a cleaned environment tells none;
 * in buf (of GATE_HOME_SIZE) then.  NULL when neither tells. */
const char *gate_home(char *buf, unsigned long size);

/* The user's and a workspace's configuration directory into buf: $XDG_CONFIG_HOME/gate (~/.config/gate),
 * WORKSPACE/.gate.
 * 0, -ENOENT (no home), -ENAMETOOLONG. */
int gate_path_user(char *buf, unsigned long size, const char *name);

#pragma GCC visibility pop

#endif
