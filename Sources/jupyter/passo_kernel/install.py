# SPDX-License-Identifier: MIT
"""Kernel specifications for Jupyter, where the wheel has not put them already."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

KERNELS = Path(__file__).parent / "kernels"


def specification(name: str) -> dict[str, Any]:
    """Return what `kernel.json` of a kernel holds, for the Python that runs now."""
    spec: dict[str, Any] = json.loads((KERNELS / name / "kernel.json").read_text())
    spec["argv"][0] = sys.executable
    return spec


def install(arguments: Sequence[str]) -> None:
    """Write all specifications, and say where."""
    parser = argparse.ArgumentParser(prog="python -m passo_kernel install", description=__doc__)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help="for this user (the default)")
    where.add_argument("--sys-prefix", action="store_true", help="for this environment of Python")
    where.add_argument("--prefix", help="below this folder")
    options = parser.parse_args(arguments)
    prefix = sys.prefix if options.sys_prefix else options.prefix
    for name in sorted(path.name for path in KERNELS.iterdir()):
        spec = specification(name)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "kernel.json").write_text(json.dumps(spec, indent=1))
            place = KernelSpecManager().install_kernel_spec(
                folder, name, user=prefix is None, prefix=prefix
            )
        print(f"{spec['display_name']}: {place}")
