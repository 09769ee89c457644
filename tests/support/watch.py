#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""watch.py - prints the inotify(7) events that a command causes.

    watch.py PATH... -- COMMAND...

Watches every PATH (a directory with those in it; a file as one) and runs the command.  The kernel has queued the command's
events by the time that it ends, so nothing here waits.  Prints a line for each name, "PATH EVENT...", its events in
order; one that follows itself counts once, since the kernel merges the two only if nobody has read the first.  Reading
is no change: opens and closes after reading are not watched.  The exit status is the command's.
"""
import ctypes
import os
import struct
import subprocess
import sys

EVENTS = {
    0x2: "modify", 0x4: "attrib", 0x8: "close_write", 0x40: "moved_from", 0x80: "moved_to", 0x100: "create",
    0x200: "delete", 0x400: "delete_self", 0x800: "move_self",
}
MASK = sum(EVENTS)
libc = ctypes.CDLL(None, use_errno=True)


def watch(queue, path, paths):
    number = libc.inotify_add_watch(queue, os.fsencode(path), MASK)
    if number < 0:
        raise OSError(ctypes.get_errno(), path)
    paths[number] = path


def directories(top):
    yield top
    if os.path.isdir(top):
        for d, names, _ in os.walk(top):
            yield from (os.path.join(d, n) for n in names if not os.path.islink(os.path.join(d, n)))


def events(queue):
    """(watch, event, name) as the kernel has queued them"""
    while True:
        try:
            data = os.read(queue, 1 << 20)
        except BlockingIOError:
            return
        while data:
            number, mask, _, size = struct.unpack_from("iIII", data)
            name = data[16:16 + size].rstrip(b"\0")
            data = data[16 + size:]
            if mask & 0x4000:
                sys.exit("watch.py: the queue has overflowed")
            yield number, EVENTS.get(mask & MASK), os.fsdecode(name)


def main():
    split = sys.argv.index("--")
    queue = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    paths, seen = {}, {}
    for top in sys.argv[1:split]:
        for path in directories(top):
            watch(queue, path, paths)
    status = subprocess.run(sys.argv[split + 1:], stdin=subprocess.DEVNULL).returncode
    for number, event, name in events(queue):
        if event:
            one = seen.setdefault(os.path.join(paths[number], name) if name else paths[number], [])
            if one[-1:] != [event]:
                one.append(event)
    for path in sorted(seen):
        print(path, *seen[path])
    sys.exit(status)


main()
