/* json.h - what jansson does not do for us: bytes that are not UTF-8, and lines safe to show on a terminal. */
#ifndef GATESH_UTIL_JSON_H
#define GATESH_UTIL_JSON_H

#include <jansson.h>
#include <stdio.h>

/* A string of bytes from outside (NULL: JSON null): as it is when it is UTF-8, else as escape_put() shows it. */
json_t *json_bytes(const char *bytes);

/* Set a member unless `value` is NULL; numbers and lists are made by the caller.  0 or -1 (out of memory). */
int json_put(json_t *object, const char *key, const char *value);

/* The text of gate_subjects() and friends: a NULL-terminated list. */
json_t *json_list(const char *const *list);

/* Print one line, ASCII only (so nothing in it moves a cursor), and drop the reference.  0 or -1. */
int json_line(json_t *value, FILE *out);

#endif
