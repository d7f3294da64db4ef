# SPDX-License-Identifier: MIT
"""Writes Tests/PassoTextTests/Reference/widths.txt with the Python package wcwidth.

    python3 -m pip install wcwidth
    python3 Tests/Interop/make_width_fixture.py

First ranges of code points with the columns that each of them takes, then texts with theirs. Code
points without a meaning of their own (unassigned, private, surrogates, controls) are left out.
"""

import pathlib
import random
import unicodedata

import wcwidth

FILE = pathlib.Path(__file__).parent.parent / "PassoTextTests" / "Reference" / "widths.txt"


def ranges():
    start = None
    for point in range(0x20, 0x110001):
        width = None
        if point < 0x110000 and unicodedata.category(chr(point)) not in ("Cn", "Co", "Cs", "Cc"):
            width = wcwidth.wcwidth(chr(point))
        if start and width != start[1]:
            yield start[0], point - 1, start[1]
            start = None
        if start is None and width is not None:
            start = (point, width)


def texts():
    pieces = [
        "gatto", "perché", "perche\u0301", "日本語", "한국어", "\u1112\u1161\u11ab", "ﾊﾝｶｸ", "Ｗｉｄｅ",
        "😀", "👨\u200d👩\u200d👧", "👍🏽", "🇮🇹", "🇮🇹🇫🇷", "❤\ufe0f", "☎", "ไทย", "שלום", "العربية",
        "a\u0308\u0323", "☕", "½", "→", "…", "█", "─", "×", "\u200b", "𝒳", "𠀀", "①",
    ]
    yield from pieces
    numbers = random.Random(4)
    for _ in range(200):
        yield "".join(numbers.choice(pieces) for _ in range(numbers.randrange(2, 6)))


def main():
    lines = [f"# wcwidth {wcwidth.__version__}, Unicode {unicodedata.unidata_version}"]
    lines += [f"{first:X} {last:X} {width}" for first, last, width in ranges()]
    lines += [f"{wcwidth.wcswidth(text)}\t{text}" for text in texts()]
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
