#!/usr/bin/env python3
"""Runs a full-screen program in a pseudo-terminal: it must show its first screen in time, end on SIGTERM and put
the terminal back.    smoke.py PROGRAM ..."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

FIRST_SCREEN = 3.0  # seconds to the first screen
ENDING = 6.0  # seconds to end after SIGTERM
WANTED = re.compile(rb"[Bb]adge")  # the sign-in screen asks for it
ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


def read_until(terminal, wanted, seconds, seen=b""):
    """Reads until `wanted` is found; `None` waits for the end of the output."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 0.05)
        if not ready:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return seen, wanted is None
        if not piece:
            return seen, wanted is None
        seen += piece
        if wanted is not None and wanted.search(ESCAPES.sub(b"", seen)):
            return seen, True
    return seen, False


def main():
    started = time.monotonic()
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp(sys.argv[1], sys.argv[1:])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.kill(child, signal.SIGWINCH)
    seen, shown = read_until(terminal, WANTED, FIRST_SCREEN)
    took = time.monotonic() - started
    if not shown:
        os.kill(child, signal.SIGKILL)
        sys.exit("no first screen after %.1f s; seen: %r" % (took, ESCAPES.sub(b" ", seen)[-2000:]))
    os.kill(child, signal.SIGTERM)
    seen, ended = read_until(terminal, None, ENDING, seen)
    if not ended:
        os.kill(child, signal.SIGKILL)
        sys.exit("the program did not end on SIGTERM")
    _, status = os.waitpid(child, 0)
    status = os.waitstatus_to_exitcode(status)
    if status != 128 + signal.SIGTERM:
        sys.exit("exit status %d after SIGTERM, %d expected" % (status, 128 + signal.SIGTERM))
    if not (b"\x1b[?1049l" in seen and b"\x1b[?25h" in seen):
        sys.exit("the terminal was not put back")
    print("first screen after %.2f s, ended on SIGTERM, terminal put back" % took)


main()
