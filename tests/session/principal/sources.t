#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# sources.t - where secrets come from: keys of files, commands, the keyring.
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 curl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
run() { setsid -w "$GATESH" run -p job -- "$@" </dev/null; }
mkdir -p "$XDG_CONFIG_HOME/gate" "$T/bin"; cd "$T" || exit 99

# A server that says which credential it got; 401 for the one in the file `expired`.
cat >server.py <<'END'
import http.server, os, socketserver
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args): pass
    def do_GET(self):
        key = self.headers['Authorization']
        old = os.path.exists('expired') and open('expired').read() in key
        self.send_response(401 if old else 200); self.end_headers(); self.wfile.write(('got %s\n' % key).encode())
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): daemon_threads = True
s = Server(('127.0.0.1', 0), Handler)
open('port', 'w').write(str(s.server_port)); s.serve_forever()
END
python3 server.py >/dev/null 2>&1 </dev/null & server=$!
test_cleanup() { kill "$server" 2>/dev/null; }
wait_for 10 test -s port
secret() { echo "secret: $1 from $2 for http://127.0.0.1:$(cat port) env=$3_KEY base=$3_URL"; }
principal() { { echo "name: job"; cat; } >"$XDG_CONFIG_HOME/gate/job.principal"; }
program() { cat >"bin/$1"; chmod 755 "bin/$1"; } # program NAME: from standard input
export PATH=$T/bin:$PATH

# --- files
echo '{"key": "json-top", "a.b": {"token": "json-deep"}, "n": 1}' >keys.json
printf '# a comment\nTOKEN=env-value\n\n[default]\nTOKEN = ini-default\n[prod.eu]\nTOKEN="ini prod"\n' >keys.ini
chmod 600 keys.json keys.ini
{ secret top "file:$T/keys.json#key" A; secret deep "file:$T/keys.json#a.b.token" B; secret line "file:$T/keys.ini#TOKEN" C
  secret section "file:$T/keys.ini#prod.eu.TOKEN" D; secret number "file:$T/keys.json#n" E; secret none "file:$T/keys.ini#prod.TOKEN" F; } | principal
cat >job <<'END'
for i in A B C D E F; do eval "curl -s \$${i}_URL" | sed "s/^/$i /"; done
END
out=$(run sh job 2>/dev/null)
like "a member of JSON" "$out" "A got Bearer json-top"
like "a member of a member whose name has a dot" "$out" "B got Bearer json-deep"
like "a line outside of sections" "$out" "C got Bearer env-value"
like "a line of a section, in quotes" "$out" "D got Bearer ini prod"
like "a number is no credential" "$out" "E gate: the secret number from .*: the key's value is not a string"
like "another section's line is not taken" "$out" "F gate: the secret none from .*: it has no line with this key"

# --- commands
program store <<'END'
#!/bin/sh
echo run >>"$T_COUNT"
[ -t 0 ] && echo terminal >>"$T_COUNT"
sh -c 'exec 3<>/dev/tty' 2>/dev/null && echo terminal >>"$T_COUNT"
[ "$1" = fail ] && exit 3
[ "$1" = sleep ] && { sleep 1000 & echo $! >"$T_COUNT.sleeper"; }
printf '%s,%s,%s,%s\n' "$STORE_TOKEN" "$1" "$2" "$PWD"
END
program secret-tool <<'END'
#!/bin/sh
printf 'ring:%s' "$*"
END
program changing <<'END'
#!/bin/sh
echo old
END
program silent <<<'#!/bin/true'
export T_COUNT=$T/count STORE_TOKEN=real-store-token
{ secret one "command:store read \"a for b\"" A; secret fails "command:store fail" B; secret ring "keyring:service=git user=me" C
  secret gone "command:no-such-program x" D; secret changed "command:changing" E; secret leaves "command:store sleep" F; secret empty "command:silent" G; } | principal
cat >job <<'END'
echo "store token $STORE_TOKEN"
for i in A A B C D F G; do eval "curl -s -w ' (%{http_code})\n' \$${i}_URL" | sed "s/^/$i /"; done
echo echo evil >>bin/changing
curl -s "$E_URL" | sed 's/^/E /'
curl -s -H 'Accept: application/json' "$B_URL" | sed 's/^/json /'
END
out=$(run sh job 2>/dev/null)
unlike "the session does not have what the command needs" "$out" "store token real"
like "the command runs with the person's environment, its words as they are quoted, in /" "$out" "A got Bearer real-store-token,read,a for b,/"
is "at the first use alone" "$(grep -c run "$T/count")" 4 # one, leaves, and fails twice
is "without a terminal" "$(grep -c terminal "$T/count")" 0
like "a command that fails: its status" "$out" "B gate: the secret fails from store: store failed with status 3"
like "the status is 502" "$out" "B +\(502\)"
like "the keyring is asked by libsecret's program" "$out" "C got Bearer ring:lookup service git user me"
like "a program that is not there" "$out" "D gate: the secret gone from no-such-program: there is no program no-such-program"
like "a process that the command left does not hold it up" "$out" "F got Bearer real-store-token,sleep"
like "no output is no credential" "$out" "G gate: the secret empty from silent: it is empty"
like "a program that the session has changed is not run" "$out" "E gate: the secret changed from changing: .*/changing has changed since"
like "a client of JSON gets JSON" "$out" 'json \{"error": ?\{.*"message": ?"gate: the secret fails from store: store failed with status 3"'
kill "$(cat "$T/count.sleeper")"

# --- what the server does not take any more is fetched anew
program counter <<'END'
#!/bin/sh
echo run >>"$T_COUNT"; printf 'token-%s' "$(grep -c run "$T_COUNT")"
END
rm "$T/count"
secret short command:counter A | principal
out=$(run sh -c 'curl -s $A_URL; printf token-1 >expired; curl -s $A_URL; curl -s $A_URL; curl -s $A_URL' 2>/dev/null)
is "a 401 of the server makes the next use ask the source" "$(tr '\n' ' ' <<<"$out")" "got Bearer token-1 got Bearer token-1 got Bearer token-2 got Bearer token-2 "

# --- gatesh principal test
{ secret one "command:store read x" A; secret fails "command:store fail" B; secret file "file:$T/keys.json#key" C; } | principal
out=$("$GATESH" principal test job); is "principal test: 1 if a source does not answer" $? 1
like "says which does" "$out" "one +answers +command:store read x"
like "and which does not, and why" "$out" "fails +fails +command:store fail: store failed with status 3"
is "and prints no value" "$("$GATESH" principal test --json job | grep -c 'real-store-token\|json-top')" 0
like "as JSON" "$("$GATESH" principal test --json job)" '"secret": ?"fails", ?"source": ?"command:store fail", ?"answers": ?false, ?"reason": ?"store failed'
done_testing
