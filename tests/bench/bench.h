/* SPDX-License-Identifier: BSD-2-Clause */
/* bench.h - the functions that the benchmarks share: clocks, medians, and a command on a pseudo-terminal. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Print what failed (with errno) and exit with 1. */
_Noreturn void bench_die(const char *what);

/* Microseconds of CLOCK_MONOTONIC, which all processes share, and of the CPU time of a process without its children. */
double bench_now_us(void);
double bench_cpu_us(pid_t pid);

/* The median.  Sorts v. */
double bench_median(double *v, size_t n);

/* Start a command on a terminal of 80 columns by 24 rows, in an environment with TERM set.  *master becomes its master
 * end. */
pid_t bench_start(char *const *argv, int *master);

/* Read the command's output until it ends with `end` (at most 15 bytes).  Returns the number of bytes read. */
size_t bench_read_until(int master, const char *end);

/* Discard the command's output until it has been silent for `ms`. */
void bench_drain(int master, int ms);

/* Wait for the command to end.  Exits if its status is not 0. */
void bench_finish(pid_t pid, int master);

#endif
