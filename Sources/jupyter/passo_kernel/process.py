# SPDX-License-Identifier: MIT
"""The program behind the kernel, and the protocol: one JSON object a line, both ways.

The protocol is described in `Sources/passo/Protocol/ProtocolLoop.swift`.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from .words import words

PROTOCOL = 1

Event = dict[str, Any]


class PassoMissing(Exception):
    """The program cannot be found or started; the text says what to do, in one sentence."""


def find_program(environment: Mapping[str, str]) -> str:
    """Return the program: `$PASSO`, else on `PATH`, else beside the package."""
    chosen = environment.get("PASSO")
    if chosen:
        if shutil.which(chosen):
            return chosen
        raise PassoMissing(
            words(
                environment,
                it=f"$PASSO è {chosen!r}, che non è un programma che si possa eseguire",
                en=f"$PASSO is {chosen!r}, which is no program that can be run",
            )
        )
    found = shutil.which("passo", path=environment.get("PATH"))
    if found:
        return found
    # The folder of the sources, and what `swift build` leaves two folders above it.
    here = Path(__file__).resolve()
    for above in here.parents:
        for place in ("passo", ".build/release/passo"):
            if shutil.which(str(above / place)) and (above / place).is_file():
                return str(above / place)
    raise PassoMissing(
        words(
            environment,
            it="il kernel ha bisogno del programma passo e non lo trova: scrivi in PASSO dov'è, "
            "o mettilo nel PATH",
            en="the kernel needs the program passo, and found none: set PASSO to where it is, "
            "or put it on PATH",
        )
    )


def language_options(environment: Mapping[str, str]) -> list[str]:
    """Return `--lang` if `PASSO_LANG` says one; else `passo` looks at `LANG` itself."""
    language = environment.get("PASSO_LANG", "").lower()
    return ["--lang", language[:2]] if language[:2] in ("it", "en") else []


class PassoProcess:
    """One run of the program."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        """Start it.

        Raises:
            PassoMissing: There is none, or it does not speak this protocol.
        """
        environment = os.environ if environment is None else environment
        program = find_program(environment)
        try:
            self._process = subprocess.Popen(
                [program, "--protocol", "json", *language_options(environment)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
                # Ctrl-C is for the kernel, which passes it on only while something runs.
                start_new_session=True,
            )
        except OSError as problem:
            message = words(
                environment,
                it=f"{program} non si avvia: {problem.strerror}",
                en=f"{program} cannot be started: {problem.strerror}",
            )
            raise PassoMissing(message) from problem
        self._events: queue.Queue[Event | None] = queue.Queue()
        self._number = 0
        self._threads = [
            self._thread(self._read_events, self._process.stdout),
            self._thread(self._read_errors, self._process.stderr),
        ]
        hello = self._events.get()
        while hello is not None and hello["event"] == "stderr":
            hello = self._events.get()
        if hello is None or hello.get("protocol") != PROTOCOL:
            self.close()
            raise PassoMissing(
                words(
                    environment,
                    it=f"{program} non parla il protocollo {PROTOCOL}: serve la versione di questo "
                    "kernel",
                    en=f"{program} does not speak protocol {PROTOCOL}: it needs the same version "
                    "as this kernel",
                )
            )
        self.hello = hello

    @staticmethod
    def _thread(target: Any, stream: Any) -> threading.Thread:  # noqa: ANN401
        thread = threading.Thread(target=target, args=(stream,), daemon=True)
        thread.start()
        return thread

    def _read_events(self, stream: IO[bytes]) -> None:
        for line in stream:
            try:
                self._events.put(json.loads(line))
            except ValueError:
                self._events.put({"event": "stderr", "text": line.decode(errors="replace")})
        self._events.put(None)

    def _read_errors(self, stream: IO[bytes]) -> None:
        for line in stream:
            self._events.put({"event": "stderr", "text": line.decode(errors="replace")})

    @property
    def is_running(self) -> bool:
        """Whether the program is there."""
        return self._process.poll() is None

    @property
    def status(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._process.poll()

    def ask(self, do: str, text: str, cursor: int | None = None) -> Iterator[Event]:
        """Send a request and give its events; the last is the answer, or `gone`."""
        self._number += 1
        request: dict[str, Any] = {"id": self._number, "do": do, "text": text}
        if cursor is not None:
            request["cursor"] = cursor
        last = {"execute": "done", "complete": "completions", "inspect": "inspection"}.get(do, do)
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            yield {"event": "gone"}
            return
        while (event := self._events.get()) is not None:
            yield event
            if event.get("id") == self._number and event["event"] == last:
                return
        self._process.wait()
        yield {"event": "gone"}

    def interrupt(self) -> None:
        """Stop what it is doing, as Ctrl-C does."""
        if self.is_running:
            self._process.send_signal(signal.SIGINT)

    def close(self) -> None:
        """End it: the end of its input is the wish to leave."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(timeout=1)
