/* SPDX-License-Identifier: BSD-2-Clause */
/* rule_list.h - formats rules for listings, as tables for people and JSON for programs. */
#ifndef GATESH_LISTING_RULE_LIST_H
#define GATESH_LISTING_RULE_LIST_H

#include <jansson.h>

#include "base/strbuf.h"
#include "rules/ruleset.h"

/* "system", "user", "project". */
const char *rule_list_trust(enum ruleset_trust trust);

/* All fields of a rule; NULL when memory is out. */
json_t *rule_list_json(const struct rule *r);

/* Append the effect of r->adjusted[i]: "severity danger -> critical, by FILE:LINE", "disabled, by FILE:LINE". */
void rule_list_put_adjusted(struct strbuf *b, const struct rule *r, size_t i);

/* Append the programs for a column: the first few and the number of others; "*" for any. */
void rule_list_put_programs(struct strbuf *b, const struct rule *r);

/* Append "192.0.2.0/24" or "!::1/128"; "443" or "8000-8999". */
void rule_list_put_net(struct strbuf *b, const struct gate_net *n);
void rule_list_put_ports(struct strbuf *b, const struct gate_ports *p);

/* The value of `within`, or NULL. */
const char *rule_list_within(const struct rule *r);

/* The colour of a severity; NULL: none. */
const char *rule_list_colour(enum gate_severity severity);

/* Print a table, one line per rule: id, severity, action (or "disabled"), programs, reason.  0 or -ENOMEM. */
int rule_list_print(struct rule *const *rules, size_t n);

#endif
