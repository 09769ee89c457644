/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_mysql.c - the hooks of the libraries of MySQL and MariaDB, for connections that the session's relay does not see: over TLS,
 * over a unix socket, to a server that is not turned to it.  A refused statement is replaced by one that the server refuses, as
 * in gatesh/relay/protocol_mysql.c. */
#include <stddef.h>

#include "preload/base/hooks.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/statements/library_call.h"
#include "preload/statements/refusal.h"
#include "preload/statements/server_place.h"
#include "preload/statements/statement_ask.h"

enum { WHY = 127 /* characters of MESSAGE_TEXT */, OWNERS = 256, HOST_MAX = 256 };

HOOK int mysql_hook_query(void *conn, const char *sql);
HOOK int mysql_hook_real_query(void *conn, const char *sql, unsigned long n);
HOOK int mysql_hook_send_query(void *conn, const char *sql, unsigned long n);
HOOK void *mysql_hook_stmt_init(void *conn);
HOOK int mysql_hook_stmt_prepare(void *statement, const char *sql, unsigned long n);

/* --- connections -------------------------------------------------------------------------------------------------- */

/* The connections of prepared statements, which no function tells: two words a statement, mapped at the first.  A statement that has
 * lost its place to another one is judged without its server. */
struct owner {
	void *statement, *conn;
};
static struct owner *owners;

static struct owner *mysql_owner(const void *statement)
{
	struct owner *v = __atomic_load_n(&owners, __ATOMIC_ACQUIRE), *none = NULL;
	if (!v) {
		long map = sys_map_anonymous(OWNERS * sizeof *v);
		if (sys_is_error(map))
			return NULL;
		v = (struct owner *)map;
		if (!__atomic_compare_exchange_n(&owners, &none, v, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
			sys_unmap(v, OWNERS * sizeof *v);
			v = none;
		}
	}
	return &v[((unsigned long)statement / 16 ^ (unsigned long)statement / 4096) % OWNERS];
}

/* The connection's socket.  MySQL's library has no function for it; the place is that of its `net.fd`, which DBD::mysql has read for
 * twenty years. */
static int mysql_socket(const void *function, void *conn)
{
	enum { NET_FD = 5 * sizeof(void *) };
	int (*socket_of)(void *) = library_sibling(function, "mysql_get_socket");
	return socket_of ? socket_of(conn) : *(const int *)((const char *)conn + NET_FD);
}

/* "db.example.com via TCP/IP" */
static const char *mysql_host(const void *function, void *conn, char host[HOST_MAX])
{
	const char *(*info_of)(void *) = library_sibling(function, "mysql_get_host_info");
	const char *info = info_of ? info_of(conn) : NULL;
	size_t n = 0;
	for (; info && info[n] && info[n] != ' ' && n < HOST_MAX - 1; n++)
		host[n] = info[n];
	host[n] = '\0';
	return n ? host : NULL;
}

/* --- statements --------------------------------------------------------------------------------------------------- */

/* May the statement be sent?  `conn` is NULL if it is unknown.  If not, `why` has the reason. */
static bool mysql_passes(void *conn, const struct library_call *c, const char *sql, size_t n, char why[WIRE_TEXT_MAX])
{
	char host[HOST_MAX];
	struct server_place place = {0};
	struct statement s = {.engine = "mysql", .text = sql, .n = n};
	if (!sql || c->inside || !statement_is_judged())
		return true;
	const char *(*cipher_of)(void *) = library_sibling(c->next, "mysql_get_ssl_cipher");
	bool hidden = conn && cipher_of && cipher_of(conn);
	if (conn && server_place_is_relayed(&place, mysql_socket(c->next, conn), hidden))
		return true;
	if (conn)
		server_place_put(&place, mysql_host(c->next, conn, host), &s);
	return statement_allowed(&s, why);
}

static void mysql_refusal(char out[REFUSAL_MAX], const char *why)
{
	refusal_put(out, "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '", why, WHY, "'");
}

int mysql_hook_query(void *conn, const char *sql)
{
	char why[WIRE_TEXT_MAX], refusal[REFUSAL_MAX];
	struct library_call c = library_call("mysql_query", __builtin_return_address(0));
	int (*next)(void *, const char *) = c.next;
	if (!next)
		return 1;
	if (mysql_passes(conn, &c, sql, sql ? text_length(sql) : 0, why))
		return next(conn, sql);
	mysql_refusal(refusal, why);
	return next(conn, refusal);
}

/* mysql_real_query and mysql_send_query. */
static int mysql_real(const struct library_call *c, void *conn, const char *sql, unsigned long n)
{
	char why[WIRE_TEXT_MAX], refusal[REFUSAL_MAX];
	int (*next)(void *, const char *, unsigned long) = c->next;
	if (!next)
		return 1;
	if (mysql_passes(conn, c, sql, n, why))
		return next(conn, sql, n);
	mysql_refusal(refusal, why);
	return next(conn, refusal, text_length(refusal));
}

int mysql_hook_real_query(void *conn, const char *sql, unsigned long n)
{
	struct library_call c = library_call("mysql_real_query", __builtin_return_address(0));
	return mysql_real(&c, conn, sql, n);
}

int mysql_hook_send_query(void *conn, const char *sql, unsigned long n)
{
	struct library_call c = library_call("mysql_send_query", __builtin_return_address(0));
	return mysql_real(&c, conn, sql, n);
}

void *mysql_hook_stmt_init(void *conn)
{
	struct library_call c = library_call("mysql_stmt_init", __builtin_return_address(0));
	void *(*next)(void *) = c.next;
	void *statement = next ? next(conn) : NULL;
	struct owner *o = statement ? mysql_owner(statement) : NULL;
	if (o) {
		__atomic_store_n(&o->statement, NULL, __ATOMIC_RELEASE);
		__atomic_store_n(&o->conn, conn, __ATOMIC_RELEASE);
		__atomic_store_n(&o->statement, statement, __ATOMIC_RELEASE);
	}
	return statement;
}

/* SIGNAL can't be prepared; a column that nobody has is found while the statement is prepared. */
int mysql_hook_stmt_prepare(void *statement, const char *sql, unsigned long n)
{
	char why[WIRE_TEXT_MAX], refusal[REFUSAL_MAX];
	struct library_call c = library_call("mysql_stmt_prepare", __builtin_return_address(0));
	int (*next)(void *, const char *, unsigned long) = c.next;
	const struct owner *o = statement ? mysql_owner(statement) : NULL;
	bool known = o && __atomic_load_n(&o->statement, __ATOMIC_ACQUIRE) == statement;
	if (!next)
		return 1;
	if (n == -1ul && sql) /* MariaDB's library takes it for "up to the NUL" */
		n = text_length(sql);
	if (mysql_passes(known ? o->conn : NULL, &c, sql, n, why))
		return next(statement, sql, n);
	refusal_put(refusal, "SELECT `", why, WHY, "`");
	return next(statement, refusal, text_length(refusal));
}

/* --- versions ----------------------------------------------------------------------------------------------------- */

/* clang's assembler allows a symbol one version. */
#define MYSQL_HOOK_IN(own, alias, name, version) \
	HOOK_ALIAS(own, alias);                  \
	LIBRARY_HOOK(alias, name, version)
#define MYSQL_HOOK(own, name)                                      \
	MYSQL_HOOK_IN(own, own##_18, name, "libmysqlclient_18");   \
	MYSQL_HOOK_IN(own, own##_mariadb, name, "libmariadb_3");   \
	MYSQL_HOOK_IN(own, own##_21, name, "libmysqlclient_21.0"); \
	MYSQL_HOOK_IN(own, own##_24, name, "libmysqlclient_24.0"); \
	LIBRARY_HOOK(own, name, LIBRARY_UNVERSIONED)
MYSQL_HOOK(mysql_hook_query, mysql_query);
MYSQL_HOOK(mysql_hook_real_query, mysql_real_query);
MYSQL_HOOK(mysql_hook_send_query, mysql_send_query);
MYSQL_HOOK(mysql_hook_stmt_init, mysql_stmt_init);
MYSQL_HOOK(mysql_hook_stmt_prepare, mysql_stmt_prepare);
