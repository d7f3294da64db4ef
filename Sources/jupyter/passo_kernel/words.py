# SPDX-License-Identifier: MIT
"""What the kernel itself says, in the language of the person."""

from __future__ import annotations

from collections.abc import Mapping


def is_italian(environment: Mapping[str, str]) -> bool:
    """Return whether to speak Italian: as `passo` does, but `PASSO_LANG` counts first."""
    names = ("PASSO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    said = next((environment[name] for name in names if environment.get(name)), "")
    return said.lower()[:2] == "it"


def words(environment: Mapping[str, str], *, it: str, en: str) -> str:
    """Return a text in the language of the person."""
    return it if is_italian(environment) else en
