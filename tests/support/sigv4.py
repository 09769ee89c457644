# SPDX-License-Identifier: BSD-2-Clause
"""sigv4.py - AWS's signature, version 4, as a server checks it and as a client without a library makes it."""
import hashlib
import hmac
import re
import urllib.parse

EMPTY = hashlib.sha256(b'').hexdigest()


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def sha(data):
    return hashlib.sha256(data).hexdigest()


def signing_key(secret, scope):
    key = ('AWS4' + secret).encode()
    for part in scope.split('/'):
        key = mac(key, part)
    return key


def canonical(method, target, headers, names, payload, service, without=()):
    path, _, query = target.partition('?')
    pairs = sorted((a, b) for a, _, b in (p.partition('=') for p in query.split('&') if p) if a not in without)
    path = path if service == 's3' else urllib.parse.quote(path, safe='/~')
    fields = ''.join('%s:%s\n' % (n, re.sub(' +', ' ', headers.get(n, '').strip())) for n in names)
    return '\n'.join([method, path or '/', '&'.join('%s=%s' % p for p in pairs), fields, ';'.join(names), payload])


def sign(secret, scope, date, request):
    text = '\n'.join(['AWS4-HMAC-SHA256', date, scope, sha(request.encode())])
    return mac(signing_key(secret, scope), text).hex()


def chunk_signature(secret, scope, date, before, data):
    text = '\n'.join(['AWS4-HMAC-SHA256-PAYLOAD', date, scope, before, EMPTY, sha(data)])
    return mac(signing_key(secret, scope), text).hex()


def trailer_signature(secret, scope, date, before, trailer):
    text = '\n'.join(['AWS4-HMAC-SHA256-TRAILER', date, scope, before, sha(trailer)])
    return mac(signing_key(secret, scope), text).hex()


def chunked(secret, scope, date, before, parts, trailer=b''):
    """The body of `parts` in signed chunks, with a trailer "name:value" where there is one."""
    body = b''
    for data in list(parts) + [b'']:
        before = chunk_signature(secret, scope, date, before, data)
        body += b'%x;chunk-signature=%s\r\n' % (len(data), before.encode()) + data + (b'\r\n' if data else b'')
    if trailer:
        body += trailer + b'\r\nx-amz-trailer-signature:' + trailer_signature(secret, scope, date, before, trailer + b'\n').encode() + b'\r\n'
    return body + b'\r\n'


def check_chunks(secret, scope, date, before, body):
    """Returns what is wrong, and the data."""
    whole = b''
    while True:
        head, _, body = body.partition(b'\r\n')
        size, _, signature = head.decode().partition(';chunk-signature=')
        data, body = body[:int(size, 16)], body[int(size, 16):]
        before = chunk_signature(secret, scope, date, before, data)
        if signature != before:
            return 'bad chunk signature', whole
        whole += data
        if not data:
            break
        body = body[2:]
    lines = [line for line in body.split(b'\r\n') if line]
    sums = b''.join(line + b'\n' for line in lines if not line.startswith(b'x-amz-trailer-signature'))
    if sums and ('x-amz-trailer-signature:' + trailer_signature(secret, scope, date, before, sums)).encode() not in lines:
        return 'bad trailer signature', whole
    return '', whole


def check(keys, method, target, headers, body):
    """Returns what is wrong with a request, and how its body was covered.  `headers` has names in lower case."""
    query = dict(urllib.parse.parse_qsl(target.partition('?')[2], keep_blank_values=True))
    if 'X-Amz-Signature' in query:
        credential, names, date, signature = (query['X-Amz-' + n] for n in ('Credential', 'SignedHeaders', 'Date', 'Signature'))
    else:
        found = re.fullmatch(r'AWS4-HMAC-SHA256 Credential=(\S+), ?SignedHeaders=(\S+), ?Signature=(\w+)', headers.get('authorization', ''))
        if not found:
            return 'not signed', 'none'
        credential, names, signature = found.groups()
        date = headers['x-amz-date']
    key, _, scope = credential.partition('/')
    if key not in keys:
        return 'no such key ' + key, 'none'
    service = scope.split('/')[2]
    said = headers.get('x-amz-content-sha256')
    payload = said or ('UNSIGNED-PAYLOAD' if 'X-Amz-Signature' in query and service == 's3' else sha(body))
    request = canonical(method, target, headers, names.split(';'), payload, service, ('X-Amz-Signature',))
    way = 'presigned' if 'X-Amz-Signature' in query else payload if said and not re.fullmatch('[0-9a-f]{64}', said) else 'hash' if said else 'body'
    if sign(keys[key], scope, date, request) != signature:
        return 'bad signature', way
    if way == 'hash' and sha(body) != said:
        return 'bad hash', way
    if way.startswith('STREAMING-AWS4'):
        return check_chunks(keys[key], scope, date, signature, body)[0], way
    return '', way
