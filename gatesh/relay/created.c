/* SPDX-License-Identifier: BSD-2-Clause */
/* created.c - one connection's knowledge of what the session created: its beginning, its end, and who reads what. */
#include "relay/created.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

void created_open(struct created *k, struct created_list *session, const struct sockaddr *server)
{
	char address[INET6_ADDRSTRLEN] = "";
	const struct sockaddr_in *four = (const struct sockaddr_in *)server;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)server;
	bool is_six = server->sa_family == AF_INET6;
	inet_ntop(server->sa_family, is_six ? (const void *)&six->sin6_addr : (const void *)&four->sin_addr, address,
		  sizeof address);
	snprintf(k->place, sizeof k->place, "%s:%u", address, ntohs(is_six ? six->sin6_port : four->sin_port));
	k->session = session;
}

void created_close(struct created *k)
{
	created_list_free(&k->here);
	free(k->reply);
	k->reply = NULL;
}

void created_said(struct created *k, const struct protocol *p, const struct protocol_statement *s)
{
	k->hasty |= k->spoke && !k->heard;
	k->spoke = true;
	k->heard = false;
	if (s->kind == PROTOCOL_HTTP)
		created_http_said(k, s);
	else if (s->kind == PROTOCOL_POSTGRESQL || s->kind == PROTOCOL_MYSQL)
		created_sql_said(k, p, s);
}

void created_heard(struct created *k, const struct protocol *p, const void *bytes, size_t n)
{
	k->heard |= n > 0;
	if (!created_listens(k, p))
		return;
	if (p->kind == PROTOCOL_HTTP)
		created_http_heard(k, bytes, n);
	else if (p->kind == PROTOCOL_POSTGRESQL)
		created_reply_postgresql(k, bytes, n);
	else if (p->kind == PROTOCOL_MYSQL)
		created_reply_mysql(k, bytes, n);
}

bool created_listens(const struct created *k, const struct protocol *p)
{
	if (p->kind ==
	    PROTOCOL_POSTGRESQL) /* its messages are counted, once it has been told who wants which database */
		return p->answers && !k->lost;
	return k->wait != CREATED_NOTHING && !k->hasty;
}

bool created_is_own(struct created *k, const struct protocol *p, const struct protocol_statement *s)
{
	if (s->kind == PROTOCOL_HTTP)
		return created_http_is_own(k, s);
	return (s->kind == PROTOCOL_POSTGRESQL || s->kind == PROTOCOL_MYSQL) && created_sql_is_own(k, p, s);
}
