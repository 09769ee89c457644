/* rule_list.h - rules as listings show them, for people and for programs. */
#ifndef GATESH_CMD_RULE_LIST_H
#define GATESH_CMD_RULE_LIST_H

#include <jansson.h>

#include "base/strbuf.h"
#include "rules/ruleset.h"

/* "system", "user", "project". */
const char *rule_list_trust(enum ruleset_trust trust);

/* A rule in full; NULL when memory is out. */
json_t *rule_list_json(const struct rule *r);

/* What r->adjusted[i] did: "severity danger -> critical, by FILE:LINE", "disabled, by FILE:LINE". */
void rule_list_put_adjusted(struct strbuf *b, const struct rule *r, size_t i);

/* The programs in a column: the first few and how many more there are; "*" for any. */
void rule_list_put_programs(struct strbuf *b, const struct rule *r);

/* "192.0.2.0/24", "!::1/128"; "443", "8000-8999". */
void rule_list_put_net(struct strbuf *b, const struct gate_net *n);
void rule_list_put_ports(struct strbuf *b, const struct gate_ports *p);

/* The value of `within`, or NULL. */
const char *rule_list_within(const struct rule *r);

/* The colour of a severity; NULL: none. */
const char *rule_list_colour(enum gate_severity severity);

/* A table, a line each: id, severity, action (or "disabled"), programs, reason.  0 or -ENOMEM. */
int rule_list_print(struct rule *const *rules, size_t n);

#endif
