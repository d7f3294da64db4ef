# SPDX-License-Identifier: MIT
"""The Jupyter kernel of Passo: it speaks to the program over `passo --protocol json`."""

__version__ = "0.1.0"
