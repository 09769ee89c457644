#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# aws.t - tool=aws: AWS's command line and libraries sign with a sentinel, gatesh signs anew, and the server knows the real key alone.
. "${GATE_SRC:?}/tests/support/lib.sh"
for p in python3 openssl; do command -v "$p" >/dev/null || { echo "1..0 # SKIP no $p"; exit 0; }; done
# A python of which HOME decides (pyenv's) is found here.
python=$(python3 -c 'import sys; print(sys.executable)')
run() { setsid -w "$GATESH" run -p job -- "$@" </dev/null; }
mkdir -p "$XDG_CONFIG_HOME/gate"; cd "$T" || exit 99
export PYTHONPATH=$GATE_SRC/tests/support PYTHONDONTWRITEBYTECODE=1
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null

# A server that checks signatures by the real keys; each request is a line of `requests`.
cat >server.py <<'END'
import http.server, json, socketserver, ssl, sigv4
keys = {'AKIAREALREALREALREAL': 'real/secret+real/secret+real/secret+1234', 'ASIATEMPORARYTEMPORA': 'temporary'}
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def serve(self):
        headers = {k.lower(): v for k, v in self.headers.items()}
        body = self.rfile.read(int(headers.get('content-length') or 0))
        wrong, way = sigv4.check(keys, self.command, self.path, headers, body)
        if headers.get('authorization', '').find('ASIA') > 0 and headers.get('x-amz-security-token') != 'real-token': wrong = 'no token'
        open('requests', 'a').write(json.dumps([self.command, self.path, way, wrong, len(body), headers.get('x-amz-target', '')]) + '\n')
        data, kind = b'<Error><Code>SignatureDoesNotMatch</Code></Error>', 'application/xml'
        if not wrong: data = b'<ListAllMyBucketsResult><Buckets><Bucket><Name>one</Name></Bucket></Buckets></ListAllMyBucketsResult>'
        if not wrong and b'GetCallerIdentity' in body: data = b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/real</Arn><UserId>x</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'
        if not wrong and 'x-amz-target' in headers: data, kind = b'{"TableNames":["t"]}', 'application/x-amz-json-1.0'
        if not wrong and self.path == '/object': data = b'content'
        self.send_response(403 if wrong else 200); self.send_header('Content-Type', kind); self.send_header('ETag', '"x"')
        self.send_header('Content-Length', str(len(data))); self.end_headers(); self.wfile.write(b'' if self.command == 'HEAD' else data)
    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = serve
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): daemon_threads = True
s = Server(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('cert.pem', 'key.pem')
s.socket = context.wrap_socket(s.socket, server_side=True)
open('port', 'w').write(str(s.server_port)); s.serve_forever()
END
"$python" server.py >/dev/null 2>&1 </dev/null & server=$!
test_cleanup() { kill "$server" 2>/dev/null; }
wait_for 10 test -s port
export SSL_CERT_FILE=$T/cert.pem
mkdir -p "$HOME/.aws"
printf '[default]\nregion = eu-west-1\n[profile work]\nregion = eu-central-1\n' >"$HOME/.aws/config"
printf '[default]\naws_access_key_id = AKIAREALREALREALREAL\naws_secret_access_key = real/secret+real/secret+real/secret+1234\n' >"$HOME/.aws/credentials"
chmod 600 "$HOME/.aws/credentials"
principal() { printf 'name: job\nsecret: cloud from %s for %s tool=aws\n' "$1" "${2:-https://localhost:$(cat port)}" >"$XDG_CONFIG_HOME/gate/job.principal"; } # principal SOURCE [URL]
principal "file:$HOME/.aws/credentials#default"

# --- what the session has
out=$(run env 2>/dev/null; run sh -c 'cat "$AWS_CONFIG_FILE" "$AWS_SHARED_CREDENTIALS_FILE"' 2>/dev/null)
like "an address in place of every endpoint" "$out" "AWS_ENDPOINT_URL=http://127.0.0.1:[0-9]+/[0-9a-f]{32}/cloud"
like "the region of the person's own profile" "$out" "region = eu-west-1"
unlike "and no real key" "$out" "AKIAREAL|real/secret"
like "another profile's region" "$(AWS_PROFILE=work run sh -c 'cat "$AWS_CONFIG_FILE"; echo "profile ${AWS_PROFILE-none}"' 2>/dev/null)" "region = eu-central-1.*profile none"
is "the files are gone with the session" "$(find "$XDG_RUNTIME_DIR" -name 'aws-*')" ""

# --- a client without a library: every way to sign
cat >client.py <<'END'
import datetime, http.client, os, sigv4, sys, urllib.parse
base = urllib.parse.urlsplit(os.environ['AWS_ENDPOINT_URL'])
key, secret = os.environ['AWS_ACCESS_KEY_ID'], os.environ['AWS_SECRET_ACCESS_KEY']
now = datetime.datetime.now(datetime.timezone.utc).strftime('%Y%m%dT%H%M%SZ')
def send(name, method, target, body=b'', payload=None, service='s3', fields={}, presigned=False, trailer=b''):
    target, scope = base.path + target, '%s/eu-west-1/%s/aws4_request' % (now[:8], service)
    headers = dict(fields, host=base.netloc)
    if presigned:
        target += ('&' if '?' in target else '?') + urllib.parse.urlencode({'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', 'X-Amz-Credential': key + '/' + scope, 'X-Amz-Date': now, 'X-Amz-Expires': 60, 'X-Amz-SignedHeaders': 'host'})
        target += '&X-Amz-Signature=' + sigv4.sign(secret, scope, now, sigv4.canonical(method, target, headers, ['host'], 'UNSIGNED-PAYLOAD', service))
    else:
        headers['x-amz-date'] = now
        if payload: headers['x-amz-content-sha256'] = payload
        names = sorted(headers)
        signature = sigv4.sign(secret, scope, now, sigv4.canonical(method, target, headers, names, payload or sigv4.sha(body), service))
        headers['authorization'] = 'AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s' % (key, scope, ';'.join(names), signature)
        if payload and payload.startswith('STREAMING-AWS4'): body = sigv4.chunked(secret, scope, now, signature, [body[i:i + 65536] for i in range(0, len(body), 65536)], trailer)
    c = http.client.HTTPConnection(base.netloc); headers.pop('host'); c.request(method, target, body, headers)
    answer = c.getresponse(); print(name, answer.status, answer.read()[:150].decode().strip())
send('header', 'GET', '/b/k%20x?list-type=2&prefix=a%2Fb', payload=sigv4.EMPTY)
send('hash', 'PUT', '/b/k', b'x' * 300000, sigv4.sha(b'x' * 300000))
send('unsigned', 'PUT', '/b/k', b'y' * 300000, 'UNSIGNED-PAYLOAD')
send('chunks', 'PUT', '/b/k', b'z' * 200000, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', fields={'x-amz-decoded-content-length': '200000'})
send('trailer', 'PUT', '/b/k', b'z' * 200000, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', fields={'x-amz-decoded-content-length': '200000', 'x-amz-trailer': 'x-amz-checksum-crc32c'}, trailer=b'x-amz-checksum-crc32c:sOO8/Q==')
send('presigned', 'GET', '/object', presigned=True)
send('body', 'POST', '/', b'Action=GetCallerIdentity&Version=2011-06-15', service='sts')
send('twice', 'PUT', '/2015-03-31/functions/arn%3Aaws%3Alambda', service='lambda')
c = http.client.HTTPConnection(base.netloc); c.request('GET', base.path + '/b/k'); answer = c.getresponse(); print('anonymous', answer.status, answer.read().decode().strip())
END
rm -f requests; out=$(run "$python" client.py 2>&1)
for way in header hash unsigned chunks trailer presigned body twice; do is "signed anew: $way" "$(grep -c "^$way 200 " <<<"$out")" 1; done
like "an unsigned request is not sent" "$out" "anonymous 400 gate: no signature of AWS's version 4"
is "nothing else reached the server" "$(wc -l <requests)" 8
like "the server saw each way" "$(cut -d'"' -f6 requests | sort -u | tr '\n' ' ')" "STREAMING-AWS4-HMAC-SHA256-PAYLOAD STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER UNSIGNED-PAYLOAD body hash presigned"
log=$("$GATESH" log --json | grep '"credential"')
like "the log has each use, with its operation" "$log" '"secret": ?"cloud", ?"request": ?"PUT localhost/b/k", ?"operation": ?"s3:PutObject"'
is "and no key" "$(grep -c 'AKIAREAL\|real/secret' <<<"$log")" 0

# --- what destroys: the signature names the service, and a field the action
{ sed '/^send(/,$d' client.py; cat <<'END'; } >destroy.py
send('bucket', 'DELETE', '/b', payload=sigv4.EMPTY)
send('table', 'POST', '/', b'{"TableName": "users"}', service='dynamodb', fields={'x-amz-target': 'DynamoDB_20120810.DeleteTable'})
END
rm -f requests; out=$(run "$python" destroy.py 2>&1)
like "a bucket at another server than AWS's" "$out" "bucket 403 gate: .*aws-api.bucket"
like "a table" "$out" "table 403 gate: .*aws-api.destroy"
ok "neither is sent" test ! -s requests
like "the log has the operation and the body" "$("$GATESH" log --json | grep DeleteTable)" '"said": ?"dynamodb:DeleteTable \{\\"TableName\\": \\"users\\"\}"'

# --- other sources, and temporary keys
export AWS_ACCESS_KEY_ID=AKIAREALREALREALREAL AWS_SECRET_ACCESS_KEY=real/secret+real/secret+real/secret+1234
principal env:AWS_SECRET_ACCESS_KEY
like "the three variables" "$(run "$python" client.py 2>&1)" "header 200"
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
echo '{"Version": 1, "AccessKeyId": "ASIATEMPORARYTEMPORA", "SecretAccessKey": "temporary", "SessionToken": "real-token"}' >process.json; chmod 600 process.json
principal "command:cat $T/process.json"
like "a credential_process, with the token of a temporary key" "$(run "$python" client.py 2>&1)" "trailer 200"
printf '#!/bin/sh\necho run >>%s/runs\ncat <<END\n{\n  "Credentials": {"AccessKeyId": "ASIATEMPORARYTEMPORA", "SecretAccessKey": "temporary", "SessionToken": "real-token",\n    "Expiration": "%%s"}\n}\nEND\n' "$T" >role.form
role() { sed "s/%s/$1/" role.form >role; chmod 755 role; rm -f runs; } # role EXPIRATION
role "$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)"
principal "command:$T/role assume"
like "what aws sts assume-role prints, in lines" "$(run "$python" client.py 2>&1)" "trailer 200"
is "is asked for once" "$(wc -l <runs)" 1
role "$(date -u -d '+1 minute' +%Y-%m-%dT%H:%M:%SZ)"
run "$python" client.py >/dev/null 2>&1
ok "until shortly before its end" test "$(wc -l <runs)" -gt 1
principal "file:$HOME/.aws/credentials#nobody"
like "a profile that is not there" "$(run "$python" client.py 2>&1)" "header 502 gate: the secret cloud from .*: its profile nobody has no key"
principal "file:$HOME/.aws/credentials#default" "https://*.invalid"
like "*.DOMAIN: the server of the signature's service and region" "$(run "$python" client.py 2>&1)" "s3.eu-west-1.invalid is not found"

like "and in the log" "$("$GATESH" log --json | grep credential\" | tail -1)" '"request": ?"[A-Z]+ lambda.eu-west-1.invalid/'

# --- the real clients, where they are
principal "file:$HOME/.aws/credentials#default"
if "$python" -c 'import boto3' 2>/dev/null; then
	cat >boto.py <<'END'
import boto3, io, urllib.request
def t(name, f):
    try: print(name, 'done', f())
    except Exception as e: print(name, 'failed', type(e).__name__, str(e)[:150])
s3 = boto3.client('s3')
t('list', lambda: s3.list_buckets()['Buckets'][0]['Name'])
t('bytes', lambda: s3.put_object(Bucket='b', Key='k x+ü/~(1)', Body=b'x' * 100)['ETag'])
t('stream', lambda: s3.put_object(Bucket='b', Key='k', Body=io.BytesIO(b'y' * 300000))['ETag'])
t('bucket', lambda: s3.create_bucket(Bucket='b')['ResponseMetadata']['HTTPStatusCode'])
t('url', lambda: urllib.request.urlopen(s3.generate_presigned_url('get_object', Params={'Bucket': 'b', 'Key': 'k ü'})).status)
t('sts', lambda: boto3.client('sts').get_caller_identity()['Arn'])
t('dynamodb', lambda: boto3.client('dynamodb').list_tables()['TableNames'])
t('lambda', lambda: boto3.client('lambda').tag_resource(Resource='arn:aws:lambda:eu-west-1:1:function:x', Tags={'a': 'b'})['ResponseMetadata']['HTTPStatusCode'])
END
	out=$(run "$python" boto.py 2>&1)
	for what in list bytes stream bucket url sts dynamodb lambda; do is "boto3: $what" "$(grep -c "^$what done " <<<"$out")" 1; done
else
	skip 8 "no boto3"
fi
if "$python" -m awscli --version >/dev/null 2>&1; then
	like "aws sts get-caller-identity" "$(run "$python" -m awscli sts get-caller-identity 2>&1)" "arn:aws:iam::1:user/real"
	echo text >upload
	like "aws s3 cp" "$(run "$python" -m awscli s3 cp upload s3://bucket/upload 2>&1)" "upload: ./upload to s3://bucket/upload"
else
	skip 2 "no aws command line"
fi
done_testing
