# SPDX-License-Identifier: MIT
"""What Passo shows, as the messages of Jupyter."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from .process import Event

Send = Callable[[str, dict[str, Any]], None]

MIME_TYPES = {"text": "text/plain", "html": "text/html", "svg": "image/svg+xml"}


def bundle(event: Event) -> dict[str, str]:
    """Return a figure in every form that it has, by MIME type."""
    return {mime: event[form].rstrip("\n") for form, mime in MIME_TYPES.items() if event.get(form)}


def traceback(event: Event) -> list[str]:
    """Return the lines of a problem: where it is, what it is, what to do."""
    lines = event["text"].split("\n")
    return [f"\x1b[31m{line}\x1b[0m" if is_sentence(line) else line for line in lines]


def is_sentence(line: str) -> bool:
    """Tell the sentence of a problem from what was typed and what underlines it."""
    return "error: " in line or "errore: " in line


class Outputs:
    """The outputs of one cell."""

    def __init__(self, send: Send, execution_count: int) -> None:
        """Send messages by their type and content."""
        self._send = send
        self._count = execution_count
        self._held: Event | None = None
        self._progress: str | None = None
        self._is_expression = False
        self.problem: Event | None = None

    def take(self, event: Event) -> None:
        """Send what an event is for a notebook."""
        match event["event"]:
            case "line":
                self._release()
                self._is_expression = not event["text"].lstrip().startswith(":")
            case "figure":
                self._release()
                self._figure(event)
            case "stream":
                self._release()
                self._stream("stdout", event["text"])
            case "stderr":
                self._release()
                self._stream("stderr", event["text"])
            case "progress":
                self._release()
                self._show_progress(event["text"] or "")
            case "problem":
                self._release()
                self.problem = event

    def end(self) -> None:
        """Send what was held: the result of the last line, if that is an expression."""
        if self._held is not None:
            data = {"data": bundle(self._held), "metadata": {}, "execution_count": self._count}
            self._send("execute_result", data)
            self._held = None
        if self.problem is not None:
            self._send("error", self.error())

    def error(self) -> dict[str, Any]:
        """Return what an error message says of the problem."""
        assert self.problem is not None
        return {
            "ename": "Passo",
            "evalue": self.problem["message"],
            "traceback": traceback(self.problem),
        }

    def _figure(self, event: Event) -> None:
        if self._is_expression:
            self._held = event
        elif not event.get("html") and not event.get("svg"):
            self._stream("stdout", event["text"])
        else:
            self._send("display_data", {"data": bundle(event), "metadata": {}})

    def _release(self) -> None:
        """Send the figure that turned out not to be the last."""
        if self._held is not None:
            self._send("display_data", {"data": bundle(self._held), "metadata": {}})
            self._held = None

    def _stream(self, name: str, text: str) -> None:
        self._send("stream", {"name": name, "text": text})

    def _show_progress(self, text: str) -> None:
        """Write over what said how far something is."""
        kind = "update_display_data" if self._progress else "display_data"
        self._progress = self._progress or uuid.uuid4().hex
        transient = {"display_id": self._progress}
        data = {"data": {"text/plain": text}, "metadata": {}, "transient": transient}
        self._send(kind, data)
