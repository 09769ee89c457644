#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# mongodb.t - commands in MongoDB's OP_MSG, to a stand-in for a server: passed byte for byte, asked about where they delete all of a
# collection, and refused by the server's own error with Gate's reason.
# shellcheck disable=SC1091,SC2016
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
. "$GATE_SRC/tests/support/said.sh"
cd "$T" || exit 99
mongo=$GATE_SRC/tests/support/mongo.py
python3 "$mongo" serve "$T" &
said_pids+=($!)
wait_for 10 test -s mongo.port || exit 99
port=$(cat mongo.port)
say() { inside python3 "$mongo" say "$port" "$@"; }
refused='^59 no such command: .gate: refused: .*mongo.statement-delete'

same "reads, inserts, and changes of single documents" python3 "$mongo" say "$port" '{"ping":1,"$db":"admin"}' \
	'{"find":"users","filter":{},"$db":"shop"}' '{"insert":"users","documents":[{"a":1.5,"b":[true,"x\u001b"]}],"$db":"shop"}' \
	'{"delete":"users","deletes":[{"q":{"_id":5},"limit":1}],"$db":"shop"}' \
	'{"update":"users","updates":[{"q":{"_id":5},"u":{"$set":{"a":1}}}],"$db":"shop"}' '{"nothing":1,"$db":"shop"}'
is "... arrive unchanged" "$(sort mongo.seen | uniq -c | grep -vc '^ *2 ')" 0
big=$(python3 -c 'print("{\"insert\":\"users\",\"documents\":[" + ",".join(["{\"text\":\"" + "z" * 9000 + "\"}"] * 10) + "],\"$db\":\"shop\"}")')
is "an insert of more than the relay keeps" "$(say "$big")" ok
: >mongo.seen
like "every document" "$(say '{"delete":"users","deletes":[{"q":{},"limit":0}],"$db":"shop"}')" "$refused"
like "a collection" "$(say '{"drop":"users","$db":"shop"}')" "$refused"
like "a database" "$(say '{"dropDatabase":1,"$db":"shop"}')" "$refused"
like "an update of every document" "$(say '{"update":"users","updates":[{"q":{},"u":{"$set":{"a":1}},"multi":true}],"$db":"shop"}')" 'mongo.statement-update-all'
is "none of them reached the server" "$(cat mongo.seen)" ""
is "the connection goes on after a refusal" "$(say '{"drop":"users","$db":"shop"}' '{"ping":1,"$db":"admin"}' | tail -n 1)" ok
many=$(python3 -c 'print("{\"delete\":\"users\",\"deletes\":[" + ",".join(["{\"q\":{\"name\":\"" + "z" * 900 + "\"},\"limit\":1}"] * 90) + "],\"$db\":\"shop\"}")')
like "a delete whose end Gate has not seen: an answer in the server's place" "$(say "$many")" '^13 gate: refused: '
like "the log has the command and its database" "$("$GATESH" log --json --event statement | grep drop | head -n 1)" '"engine": ?"mongodb", ?"database": ?"shop"'
every='{"update":"users","updates":[{"q":{},"u":{"$set":{"a":7}},"multi":true}],"$db":"shop"}'
asking python3 "$mongo" say "$port" "$every"
wait_for 20 any_question
like "the question" "$("$GATESH" pending)" 'mongodb shop at .*\{"update":"users","\$db":"shop","updates":'
settle allow 1
is "a yes" "$got $(grep -c '"a": 7' mongo.seen)" "ok 1"
if python3 -c 'import pymongo' 2>/dev/null; then
	cat >driver.py <<END
import pymongo
shop = pymongo.MongoClient("127.0.0.1", $port, directConnection=True, serverSelectionTimeoutMS=5000).shop
shop.users.delete_one({"_id": 5})
for f in (lambda: shop.users.delete_many({}), lambda: shop.drop_collection("users"), lambda: shop.client.drop_database("shop")):
    try: print(f())
    except pymongo.errors.OperationFailure as e: print("refused" if "gate: refused" in str(e) else e)
END
	is "pymongo: its own error" "$(inside python3 driver.py)" $'refused\nrefused\nrefused'
else
	skip "pymongo" "not here"
fi
done_testing
