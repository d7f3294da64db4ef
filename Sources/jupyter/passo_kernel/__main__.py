# SPDX-License-Identifier: MIT
"""`python -m passo_kernel -f FILE` is the kernel, `… install` tells Jupyter that there is one."""

from __future__ import annotations

import sys


def main() -> None:
    """Do what the command line says."""
    if sys.argv[1:2] == ["install"]:
        from .install import install

        install(sys.argv[2:])
        return
    from ipykernel.kernelapp import IPKernelApp

    from .kernel import PassoKernel

    IPKernelApp.launch_instance(kernel_class=PassoKernel)


if __name__ == "__main__":
    main()
