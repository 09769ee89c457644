/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_command.h - programs that print a secret: command: and keyring: sources.  They run outside of the session, with the
 * environment that the person had when it started. */
#ifndef GATESH_PRINCIPAL_SECRET_COMMAND_H
#define GATESH_PRINCIPAL_SECRET_COMMAND_H

struct secret_program;

/* Find the program and remember which file it is, and copy this process's environment.  Before the environment is scrubbed.
 * A program that is not there is a failure of the secret's use and not of this.  Returns 0 or -ENOMEM. */
int secret_program_take(struct secret_program *p);
void secret_program_lock(const struct secret_program *p);
void secret_program_free(struct secret_program *p);

#endif
