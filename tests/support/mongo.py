# SPDX-License-Identifier: BSD-2-Clause
"""mongo.py serve DIR: a stand-in for a MongoDB server, which writes each command to DIR/mongo.seen as JSON; its port is in DIR/mongo.port.
mongo.py say PORT JSON...: a client that sends each command as OP_MSG, with "deletes", "updates" and "documents" in sections of their own, and
prints the answer's ok or error."""
import json, socket, struct, sys, threading

LISTS = ("deletes", "updates", "documents")


def text(s):
    return s.encode() + b"\0"


def bson(d):
    out = b""
    for key, v in d.items() if isinstance(d, dict) else enumerate(d):
        key = text(str(key))
        if isinstance(v, bool):
            out += b"\x08" + key + bytes([v])
        elif isinstance(v, int):
            out += b"\x10" + key + struct.pack("<i", v)
        elif isinstance(v, float):
            out += b"\x01" + key + struct.pack("<d", v)
        elif isinstance(v, str):
            out += b"\x02" + key + struct.pack("<i", len(text(v))) + text(v)
        elif isinstance(v, dict):
            out += b"\x03" + key + bson(v)
        else:
            out += b"\x04" + key + bson(v)
    return struct.pack("<i", len(out) + 5) + out + b"\0"


def read_bson(b, array=False):
    d, at = {}, 4
    while b[at]:
        kind, end = b[at], b.index(b"\0", at)
        key, at = b[at + 1 : end].decode(), end + 1
        n = {1: 8, 7: 12, 8: 1, 9: 8, 10: 0, 16: 4, 17: 8, 18: 8}.get(kind)
        if n is None:
            (n,) = struct.unpack_from("<i", b, at)
            n += {2: 4, 5: 5}.get(kind, 0)
        raw, at = b[at : at + n], at + n
        if kind == 2:
            d[key] = raw[4:-1].decode()
        elif kind in (3, 4):
            d[key] = read_bson(raw, kind == 4)
        elif kind == 8:
            d[key] = bool(raw[0])
        elif kind in (1, 16, 18):
            d[key] = struct.unpack({1: "<d", 16: "<i", 18: "<q"}[kind], raw)[0]
        else:
            d[key] = raw.hex()
    return list(d.values()) if array else d


def receive(s):
    head = s.recv(16, socket.MSG_WAITALL)
    if len(head) < 16:
        return None
    n, number, _, code = struct.unpack("<iiii", head)
    return number, code, s.recv(n - 16, socket.MSG_WAITALL)


def read_message(b):
    d, at = {}, 4
    while at < len(b):
        (n,) = struct.unpack_from("<i", b, at + 1)
        content, kind = b[at + 1 : at + 1 + n], b[at]
        if kind == 0:
            d = read_bson(content) | d
        else:
            end = content.index(b"\0", 4)
            key, rest = content[4:end].decode(), content[end + 1 :]
            d[key] = []
            while rest:
                (k,) = struct.unpack_from("<i", rest)
                d[key].append(read_bson(rest[:k]))
                rest = rest[k:]
        at += 1 + n
    return d


def send(s, number, to, d, lists={}):
    b = b"\0\0\0\0\0" + bson(d)
    for key, l in lists.items():
        c = text(key) + b"".join(map(bson, l))
        b += b"\1" + struct.pack("<i", len(c) + 4) + c
    s.sendall(struct.pack("<iiii", len(b) + 16, number, to, 2013) + b)


HELLO = {"ismaster": True, "helloOk": True, "maxBsonObjectSize": 16777216, "maxMessageSizeBytes": 48000000, "maxWriteBatchSize": 100000,
         "minWireVersion": 0, "maxWireVersion": 21, "readOnly": False, "ok": 1.0}
KNOWN = ("insert", "find", "delete", "update", "drop", "dropDatabase", "ping", "endSessions")


def answer(d):
    name = next(iter(d))
    if name.lower() in ("hello", "ismaster"):
        return HELLO
    if name not in KNOWN:
        return {"ok": 0.0, "errmsg": f"no such command: '{name}'", "code": 59, "codeName": "CommandNotFound"}
    if name == "find":
        return {"cursor": {"id": 0, "ns": "shop.users", "firstBatch": []}, "ok": 1.0}
    return {"n": 1, "ok": 1.0}


def serve_one(s, seen):
    while m := receive(s):
        number, code, b = m
        if code == 2004:
            d = bson(HELLO)
            s.sendall(struct.pack("<iiii", 36 + len(d), 1, number, 1) + struct.pack("<iqii", 8, 0, 0, 1) + d)
            continue
        d = read_message(b)
        if next(iter(d)) in KNOWN[:6]:
            print(json.dumps({k: v for k, v in d.items() if k not in ("lsid", "txnNumber")}), file=seen, flush=True)
        send(s, 1, number, answer(d))


def serve(folder):
    listener = socket.create_server(("127.0.0.1", 0))
    seen = open(folder + "/mongo.seen", "a")
    with open(folder + "/mongo.port", "w") as f:
        print(listener.getsockname()[1], file=f)
    while True:
        threading.Thread(target=serve_one, args=(listener.accept()[0], seen), daemon=True).start()


def say(port, commands):
    s = socket.create_connection(("127.0.0.1", int(port)))
    send(s, 1, 0, {"hello": 1, "$db": "admin"})
    receive(s)
    for i, c in enumerate(commands):
        d = json.loads(c)
        lists = {k: d.pop(k) for k in LISTS if k in d}
        send(s, i + 2, 0, d, lists)
        m = receive(s)
        back = m and read_message(m[2])
        print("the connection ends" if not m else "ok" if back["ok"] else f"{back['code']} {back['errmsg']}")
        if not m:
            break


if sys.argv[1] == "serve":
    serve(sys.argv[2])
else:
    say(sys.argv[2], sys.argv[3:])
