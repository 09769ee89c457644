#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""scripted_model.py - a model on loopback for real coding agents: it calls the tools of a script, one after the other, and notes what
it was given.

usage: scripted_model.py SCRIPT SAID    SCRIPT: a JSON array of [TOOL, INPUT]; SAID: what each request held, a JSON object a line.
Prints its port.  Speaks Anthropic's Messages (Claude Code) and Google's generateContent (Gemini CLI)."""
import http.server
import json
import sys

script, said = json.load(open(sys.argv[1])), sys.argv[2]


def texts(value):
    """All strings in a message, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [t for k, v in value.items() if k not in ("type", "id", "tool_use_id") for t in texts(v)]
    return [t for v in value for t in texts(v)] if isinstance(value, list) else []


class Model(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def reply(self, body, kind="application/json"):
        body = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self):
        self.reply("")

    do_GET = do_HEAD

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.path.startswith("/v1/messages") and "count_tokens" not in self.path:
            self.anthropic(body)
        elif "enerateContent" in self.path:
            self.gemini(body)
        else:
            self.reply('{"input_tokens": 1, "totalTokens": 1}')

    def step(self, results, tools, messages):
        """The next call, or None; a request without tools is about something else, such as a title."""
        with open(said, "a") as out:
            out.write(json.dumps({"results": results, "tools": bool(tools), "text": "\n".join(texts(messages))}) + "\n")
        return script[results] if tools and results < len(script) else None

    def anthropic(self, body):
        results = sum(c.get("type") == "tool_result" for m in body.get("messages", []) if isinstance(m["content"], list) for c in m["content"])
        step = self.step(results, body.get("tools"), body.get("messages"))
        block = {"type": "tool_use", "id": f"toolu_{results + 1}", "name": step[0], "input": {}} if step else {"type": "text", "text": ""}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(step[1])} if step else {"type": "text_delta", "text": "done"}
        message = {"id": f"msg_{results}", "type": "message", "role": "assistant", "model": body.get("model"), "content": [], "stop_reason": None,
                   "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}}
        events = [{"type": "message_start", "message": message}, {"type": "content_block_start", "index": 0, "content_block": block},
                  {"type": "content_block_delta", "index": 0, "delta": delta}, {"type": "content_block_stop", "index": 0},
                  {"type": "message_delta", "delta": {"stop_reason": "tool_use" if step else "end_turn", "stop_sequence": None}, "usage": {"output_tokens": 1}},
                  {"type": "message_stop"}]
        if body.get("stream"):
            self.reply("".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events), "text/event-stream")
        else:
            whole = dict(block, input=step[1]) if step else {"type": "text", "text": "done"}
            self.reply(json.dumps(dict(message, content=[whole], stop_reason="tool_use" if step else "end_turn")))

    def gemini(self, body):
        results = sum("functionResponse" in p for c in body.get("contents", []) for p in c.get("parts", []))
        step = self.step(results, body.get("tools"), body.get("contents"))
        part = {"functionCall": {"name": step[0], "args": step[1]}} if step else {"text": "done"}
        answer = {"candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
                  "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2}}
        if "stream" in self.path:
            self.reply("data: " + json.dumps(answer) + "\r\n\r\n", "text/event-stream")
        else:
            self.reply(json.dumps(answer))


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
print(server.server_port, flush=True)
server.serve_forever()
