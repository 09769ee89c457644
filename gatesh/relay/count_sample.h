/* SPDX-License-Identifier: BSD-2-Clause */
/* count_sample.h - the first rows that a counted statement takes, as lines for its question.  Private to count*.c.
 *
 * They are the rows of somebody's table: the question shows them, and nothing else has them.  No log does. */
#ifndef GATESH_RELAY_COUNT_SAMPLE_H
#define GATESH_RELAY_COUNT_SAMPLE_H

#include "relay/count.h"

enum {
	COUNT_SAMPLE_VALUE = 40, /* bytes of a value */
	COUNT_SAMPLE_LINE = 240, /* bytes of a line, from which on no further column is shown */
};

/* RowDescription: the names of the columns. */
void count_sample_columns(struct count *c);

/* DataRow: a row behind them.  The values of columns whose name says that they are secret are not shown. */
void count_sample_row(struct count *c);

#endif
