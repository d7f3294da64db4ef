# SPDX-License-Identifier: MIT
"""For play_lessons.py: a program at a pseudo terminal of 80 x 24."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from play_text import Screen, last_line, visible


class Stuck(Exception):
    """The program does not do what it should, or waits for nothing."""


class Terminal:
    def __init__(self, arguments, environment, is_plain):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.environ.clear()
            os.environ.update(environment)
            os.execv(arguments[0], arguments)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.is_plain = is_plain
        self.text = ""

    def read(self, most=300.0):
        """Reads until the program waits for a line or has ended, and turns the pages of a pager."""
        seen, end = "", time.monotonic() + most
        while time.monotonic() < end:
            if select.select([self.file], [], [], 0.03)[0]:
                try:
                    data = os.read(self.file, 1 << 16)
                except OSError:
                    data = b""
                if not data:
                    self.text += seen
                    return Screen(seen, False)
                seen += data.decode(errors="replace")
            elif last_line(seen).startswith("-- "):
                seen = seen[:seen.rfind("-- ", 0, seen.rfind("--"))]
                os.write(self.file, b" ")
            elif self.waits(seen):
                self.text += seen
                return Screen(seen, True)
        raise Stuck(f"no prompt within {most} s: {visible(seen)[-300:]}")

    def waits(self, seen):
        if self.is_plain:
            return re.search(r"\d> ?$", last_line(seen)) is not None
        return "\x1b[?2004h" in seen

    def send(self, line):
        os.write(self.file, (line + "\r").encode())

    def kill(self):
        """Ends the program at once."""
        if self.pid is None:
            return
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.file)
        self.pid = None
