/* SPDX-License-Identifier: BSD-2-Clause */
/* report_text.h - the text of gatesh bugreport: facts without secrets.  No environment, no argument, no file's content; the
 * home is written as ~. */
#ifndef GATESH_CMD_REPORT_TEXT_H
#define GATESH_CMD_REPORT_TEXT_H

#include "base/strbuf.h"

/* Append the report.  `trace`: a debug trace, whose last lines are shown without commands and paths, those of any other
 * file as their lengths alone; NULL: none.  Loads the policy and runs doctor's checks.  out->err is set when memory ran
 * out. */
void report_text(struct strbuf *out, const char *trace);

#endif
