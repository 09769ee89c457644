/* ask_file.h - the question of a file event. */
#ifndef GATE_PRELOAD_FILES_ASK_FILE_H
#define GATE_PRELOAD_FILES_ASK_FILE_H

#include "preload/files/file_judge.h"

/* Ask a person.  `unkept`: why it can't be kept; NULL: it can.  VICTIM_GO or -EPERM, and that has been said.  What an
 * answer covers is not asked again by this process and its forks. */
int ask_file(const struct victim *v, const char *unkept);

/* Nobody can decide: VICTIM_GO or -EPERM, by the image's on-fault; said once a process. */
int ask_file_fault(const char *what, int err);

#endif
