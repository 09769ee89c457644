/* bench.h - what the benchmarks share: clocks, medians, and a command on a pseudo-terminal. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Say what failed (with errno) and exit 1. */
_Noreturn void bench_die(const char *what);

/* Microseconds of CLOCK_MONOTONIC, which all processes share; and of CPU that the process has used, without its
 * children. */
double bench_now_us(void);
double bench_cpu_us(pid_t pid);

/* The middle one; sorts v. */
double bench_median(double *v, size_t n);

/* Start a command on a terminal of 80 columns by 24 rows, in an environment with TERM set; its master in *master. */
pid_t bench_start(char *const *argv, int *master);

/* Read what the command prints until it ends with `end` (at most 15 bytes); the bytes read. */
size_t bench_read_until(int master, const char *end);

/* Throw away what the command prints until it has been silent for `ms`. */
void bench_drain(int master, int ms);

/* Wait for its end; exits when that is not 0. */
void bench_finish(pid_t pid, int master);

#endif
