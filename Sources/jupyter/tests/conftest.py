# SPDX-License-Identifier: MIT
"""Tests need the program: $PASSO, or `passo` on PATH. Nothing is kept of what they do."""

from __future__ import annotations

import os
import tempfile

# Before any kernel starts: no lesson of a person's is gone on with here.
STATE = tempfile.TemporaryDirectory(prefix="passo-kernel-")
os.environ["XDG_STATE_HOME"] = STATE.name
os.environ.pop("PASSO_LANG", None)
os.environ["LANG"] = os.environ["LC_ALL"] = "C.UTF-8"
