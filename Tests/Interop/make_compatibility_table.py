# SPDX-License-Identifier: MIT
"""Makes Sources/PassoData/Resources/compatibility.txt from Python's Unicode data.

    python3 Tests/Interop/make_compatibility_table.py

The compatibility decompositions (NFKD) that the canonical ones (NFD) do not have, whole, of
Python's Unicode (printed); they never change once a character has one. Which characters are too
young for `tokenizers`, whose tables are those of Unicode 9, the program itself knows. A line is
a scalar and what it becomes, in hexadecimal; `A-B C` stands for a run that becomes a run.
"""

import pathlib
import unicodedata

FILE = pathlib.Path(__file__).parents[2] / "Sources/PassoData/Resources/compatibility.txt"


def main():
    entries = []
    for value in range(0x110000):
        scalar = chr(value)
        whole = unicodedata.normalize("NFKD", scalar)
        if 0xD800 <= value < 0xE000 or whole == unicodedata.normalize("NFD", scalar):
            continue
        entries.append((value, [ord(each) for each in whole]))
    lines = []
    while entries:
        value, whole = entries.pop(0)
        last = value
        while len(whole) == 1 and entries and entries[0] == (last + 1, [whole[0] + last + 1 - value]):
            last = entries.pop(0)[0]
        start = f"{value:X}" if last == value else f"{value:X}-{last:X}"
        lines.append(" ".join([start] + [f"{each:X}" for each in whole]))
    FILE.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(f"Unicode {unicodedata.unidata_version}: {len(lines)} lines, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
