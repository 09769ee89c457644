/* shell_mode.h - gatesh in the place of a shell: the person's real shell, in a session. */
#ifndef GATESH_SESSION_SHELL_MODE_H
#define GATESH_SESSION_SHELL_MODE_H

#include <stdbool.h>

/* Is gatesh to be a shell? By its name (-gatesh), by its arguments (-c TEXT and the other options of a shell, or a
 * script, which is what has a slash or is a file here), or, without arguments, because it is $SHELL, or because
 * nobody could answer from here anyway: inside a session. */
bool shell_mode_wanted(int argc, char **argv);

/* Start the real shell with these arguments: in the session that this process is in, else in one of its own. Its
 * exit status; it ends by the signal that ended the shell. EXIT_CONFIG when gate.conf is bad or names gatesh itself. */
int shell_mode_run(int argc, char **argv);

#endif
