# SPDX-License-Identifier: MIT
"""What was run in this kernel, for front ends that ask."""

from __future__ import annotations

import fnmatch
from typing import Any


class History:
    """The cells of one session, with what came of them where that is text."""

    SESSION = 1

    def __init__(self) -> None:
        """Begin with nothing."""
        self._cells: list[tuple[str, str]] = []

    def add(self, code: str, result: str) -> None:
        """Keep a cell."""
        self._cells.append((code, result))

    def find(
        self,
        hist_access_type: str,
        output: bool = False,
        n: int | None = None,
        start: int = 0,
        stop: int | None = None,
        pattern: str | None = None,
        unique: bool = False,
    ) -> list[tuple[int, int, Any]]:
        """Return entries as (session, number, code), or (…, (code, result))."""
        entries = list(enumerate(self._cells, start=1))
        if hist_access_type == "range":
            end = len(entries) + 1 if stop is None else stop
            entries = [entry for entry in entries if start <= entry[0] < end]
        if hist_access_type == "search":
            wanted = pattern or "*"
            entries = [entry for entry in entries if fnmatch.fnmatchcase(entry[1][0], wanted)]
            if unique:
                entries = sorted({cell[0]: (number, cell) for number, cell in entries}.values())
        if n is not None and hist_access_type in ("tail", "search"):
            entries = entries[-n:] if n > 0 else []
        return [(self.SESSION, number, cell if output else cell[0]) for number, cell in entries]
