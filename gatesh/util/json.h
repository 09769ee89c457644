/* SPDX-License-Identifier: BSD-2-Clause */
/* json.h - adds to jansson: strings from bytes that are not UTF-8, and output lines that are safe on a terminal. */
#ifndef GATESH_UTIL_JSON_H
#define GATESH_UTIL_JSON_H

#include <jansson.h>
#include <stdio.h>

/* Make a string from outside bytes (NULL: JSON null): unchanged if they are UTF-8, otherwise as escape_put() writes
 * them. */
json_t *json_bytes(const char *bytes);

/* Set a string member unless `value` is NULL.  Returns 0 or -1 (out of memory). */
int json_put(json_t *object, const char *key, const char *value);

/* Make an array from a NULL-terminated list, such as gate_subjects() returns. */
json_t *json_list(const char *const *list);

/* Print one line, ASCII only so that nothing in it moves a cursor, and drop the reference.  Returns 0 or -1. */
int json_line(json_t *value, FILE *out);

#endif
