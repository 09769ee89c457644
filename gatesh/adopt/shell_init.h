/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_init.h - what a person's own shell evaluates, so that destructive commands that are typed there ask first. */
#ifndef GATESH_ADOPT_SHELL_INIT_H
#define GATESH_ADOPT_SHELL_INIT_H

/* The text for bash, zsh or fish, allocated; NULL for another shell or if memory is out. */
char *shell_init_text(const char *shell);

#endif
