# SPDX-License-Identifier: MIT
"""The kernel: cells are lines of Passo, and what Passo shows is their output."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any, ClassVar

from ipykernel.kernelbase import Kernel

from . import __version__
from .history import History
from .outputs import Outputs, bundle
from .process import Event, PassoMissing, PassoProcess
from .words import words


class PassoKernel(Kernel):
    """Passo behind the messages of Jupyter."""

    implementation = "passo_kernel"
    implementation_version = __version__
    language_info: ClassVar[dict[str, Any]] = {
        "name": "passo",
        "mimetype": "text/x-passo",
        "file_extension": ".passo",
        "pygments_lexer": "text",
    }
    help_links: ClassVar[list[dict[str, str]]] = []

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401
        """Begin without the program: what is missing is said where a person reads it."""
        super().__init__(**kwargs)
        self._passo: PassoProcess | None = None
        self._history = History()

    @property
    def banner(self) -> str:
        """What a console shows first."""
        return words(
            os.environ,
            it=f"Passo {__version__}: un modello linguistico impara, un passo alla volta. :help",
            en=f"Passo {__version__}: a language model learns, one step at a time. :help",
        )

    # What is asked of the program

    def _program(self) -> PassoProcess:
        if self._passo is None or not self._passo.is_running:
            self._passo = PassoProcess()
        return self._passo

    def _answer(self, do: str, text: str, cursor: int) -> Event | None:
        """Return the last event of a short request; None if nothing can be said."""
        try:
            events = list(self._program().ask(do, text, cursor))
        except PassoMissing:
            return None
        return events[-1] if events[-1]["event"] != "gone" else None

    @contextlib.contextmanager
    def _passing_on_interrupts(self, passo: PassoProcess) -> Iterator[None]:
        """Stop what the program does, and not this kernel, when the person interrupts."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, lambda *_: passo.interrupt())
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    # Cells

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: dict[str, str] | None = None,
        allow_stdin: bool = False,
        **_: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """Carry out the lines of a cell."""
        texts: list[str] = []

        def send(kind: str, content: dict[str, Any]) -> None:
            if "data" in content:
                texts.append(content["data"].get("text/plain", ""))
            if not silent:
                self.send_response(self.iopub_socket, kind, content)

        outputs = Outputs(send, self.execution_count)
        last = self._run(code, outputs)
        outputs.end()
        if store_history and not silent:
            self._history.add(code, "\n".join(texts))
        return self._reply(last, outputs)

    def _run(self, code: str, outputs: Outputs) -> Event:
        """Send a cell to the program; return its last event."""
        last: Event = {"event": "gone"}
        try:
            passo = self._program()
            with self._passing_on_interrupts(passo):
                for event in passo.ask("execute", code):
                    outputs.take(event)
                    last = event
        except PassoMissing as problem:
            return self._fail(outputs, str(problem))
        if last["event"] == "gone":
            message = words(
                os.environ,
                it=f"Passo è finito (stato {passo.status}), e ricomincia con la prossima cella",
                en=f"Passo has ended (status {passo.status}), and begins anew with the next cell",
            )
            return self._fail(outputs, message)
        return last

    @staticmethod
    def _fail(outputs: Outputs, message: str) -> Event:
        text = words(os.environ, it=f"errore: {message}", en=f"error: {message}")
        outputs.take({"event": "problem", "message": message, "text": text})
        return {"event": "done", "outcome": "failed"}

    def _reply(self, last: Event, outputs: Outputs) -> dict[str, Any]:
        reply = {"execution_count": self.execution_count}
        match last["outcome"]:
            case "failed" if outputs.problem is not None:
                return reply | {"status": "error"} | outputs.error()
            case "interrupted":
                # No error is shown: what was done is kept. But the cells that wait must not run.
                message = words(
                    os.environ,
                    it="interrotto: niente va perso",
                    en="interrupted: nothing is lost",
                )
                return reply | {
                    "status": "error",
                    "ename": "KeyboardInterrupt",
                    "evalue": message,
                    "traceback": [message],
                }
        return reply | {"status": "ok", "user_expressions": {}, "payload": self._payload(last)}

    @staticmethod
    def _payload(last: Event) -> list[dict[str, Any]]:
        """Return what the front end may do: a cell with the line that a lesson has prepared."""
        if last["outcome"] == "finished":
            return [{"source": "ask_exit", "keepkernel": False}]
        if last.get("prepared"):
            return [{"source": "set_next_input", "text": last["prepared"], "replace": False}]
        return []

    # Help while typing

    async def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:
        """Say what can stand at the cursor."""
        found = self._answer("complete", code, cursor_pos) or {}
        return {
            "status": "ok",
            "matches": found.get("matches", []),
            "cursor_start": found.get("start", cursor_pos),
            "cursor_end": found.get("end", cursor_pos),
            "metadata": {},
        }

    async def do_inspect(
        self,
        code: str,
        cursor_pos: int,
        detail_level: int = 0,
        omit_sections: object = (),
    ) -> dict[str, Any]:
        """Explain the value or the command at the cursor."""
        found = self._answer("inspect", code, cursor_pos) or {"found": False}
        data = bundle(found) if found["found"] else {}
        return {"status": "ok", "found": found["found"], "data": data, "metadata": {}}

    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Say whether a cell can be run: every line stands for itself."""
        found = self._answer("check", code, len(code)) or {"complete": True}
        return {"status": "complete" if found["complete"] else "invalid"}

    async def do_history(
        self,
        hist_access_type: str,
        output: bool,
        raw: bool,
        session: int | None = None,
        start: int | None = None,
        stop: int | None = None,
        n: int | None = None,
        pattern: str | None = None,
        unique: bool = False,
    ) -> dict[str, Any]:
        """Return what was run."""
        entries = self._history.find(hist_access_type, output, n, start or 0, stop, pattern, unique)
        return {"status": "ok", "history": entries}

    async def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """End the program."""
        if self._passo is not None:
            self._passo.close()
            self._passo = None
        return {"status": "ok", "restart": restart}
