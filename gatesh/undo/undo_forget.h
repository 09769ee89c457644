/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_forget.h - gatesh undo forget: deletes every kept version of a file at once. */
#ifndef GATESH_UNDO_UNDO_FORGET_H
#define GATESH_UNDO_UNDO_FORGET_H

int undo_forget(int argc, char **argv);

#endif
