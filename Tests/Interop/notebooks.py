#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every lesson as a Jupyter notebook, executed without a person.

    swift build -c release
    pip install 'Sources/jupyter[test]'
    python3 Tests/Interop/notebooks.py [--program .build/release/passo] [--lessons 03 06]
        [--languages it en] [--forms open solved backwards] [--html DIR]

Each lesson is exported in each language, with its questions open and with its answers filled in; both
files are valid (nbformat), and a second export has the same bytes. Then their cells are run by nbclient:
`open` as they are, where no cell may fail and every question asks for its answer; `solved` with the
answers, where every question has to be answered rightly, every exercise to be done, and every fact of
the lesson to hold; `backwards` the open one from its last cell to its first, where every run block has
to show what it shows in order. Afterwards nothing may have been noted of who took the lessons. `--html` keeps
what nbconvert makes of the solved notebooks. The exit status is 0 if all of this holds.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import nbclient
import nbformat

# What the program says, in both languages.
ASKS = ("type your answer in this cell", "scrivi la risposta in questa cella")
RIGHT = ("✓ right", "✓ giusto")
PREDICTED = ("✓ you predicted", "✓ previsto", "✓ as predicted", "✓ come previsto")
DONE = ("✓ exercise done", "✓ esercizio riuscito")
SURPRISE = ("here the lesson expected", "qui la lezione si aspettava")
END = ("end of the lesson", "fine della lezione")
BLANK = "⟦ ⟧"


def text(cell):
    """All that a cell has shown; what said how far something was has left an empty output."""
    parts = []
    for output in cell.outputs:
        shown = output.get("text") or output.get("data", {}).get("text/plain", "")
        parts += [shown] if shown.strip() else []
    return "\n".join(parts)


def has(words, shown):
    return any(word in shown for word in words)


class Notebooks:
    def __init__(self, options, room):
        self.options, self.room = options, room
        self.program = str(pathlib.Path(options.program).resolve())
        self.state = room / "state"
        self.cells, self.faults, self.runs = 0, 0, 0
        os.environ.update(PASSO=self.program, XDG_STATE_HOME=str(self.state))

    def fault(self, *what):
        self.faults += 1
        print("FAULT", *what, flush=True)

    def export(self, lesson, language, *more):
        out = pathlib.Path(tempfile.mkdtemp(dir=self.room), lesson + ".ipynb")
        command = [self.program, "export", "--notebook", "--lesson", lesson, "--lang", language]
        subprocess.run([*command, "--out", out, *more], check=True, stdout=subprocess.DEVNULL)
        return out.read_text()

    def notebook(self, lesson, language, *more):
        source = self.export(lesson, language, *more)
        if source != self.export(lesson, language, *more):
            self.fault(lesson, language, "a second export has other bytes")
        notebook = nbformat.reads(source, as_version=4)
        nbformat.validate(notebook)
        return notebook

    def execute(self, notebook):
        """Run all cells; what fails is kept, so that it can be told."""
        client = nbclient.NotebookClient(
            notebook, kernel_name="passo", timeout=600, allow_errors=True,
            resources={"metadata": {"path": str(self.room)}})
        client.execute()
        return [cell for cell in notebook.cells if cell.cell_type == "code"]

    def take(self, lesson, language):
        for form in self.options.forms:
            start = time.monotonic()
            notebook = self.notebook(lesson, language, *(["--solutions"] if form == "solved" else []))
            if form == "backwards":
                notebook.cells = [cell for cell in reversed(notebook.cells) if cell.cell_type == "code"]
            before = self.faults
            cells = self.execute(notebook)
            getattr(self, form)(cells, f"{lesson} {language} {form}")
            for cell in cells:
                self.check_any(cell, f"{lesson} {language} {form} {cell.id}")
            self.cells, self.runs = self.cells + len(cells), self.runs + 1
            seconds = time.monotonic() - start
            print(f"{lesson} {language} {form}: {len(cells)} cells, {seconds:.1f} s, "
                  f"{self.faults - before} faults", flush=True)
            if form == "solved" and self.options.html:
                self.convert(notebook, lesson, language)

    def check_any(self, cell, place):
        for output in cell.outputs:
            if output.output_type == "error":
                self.fault(place, "\n".join(output.traceback))
            if output.get("name") == "stderr":
                self.fault(place, output.text)
        if has(SURPRISE, text(cell)):
            self.fault(place, text(cell))

    def open(self, cells, place):
        kinds = {cell.id: cell.metadata.passo.kind for cell in cells}
        for cell in cells:
            kind, shown = kinds[cell.id], text(cell)
            if kind in ("quiz", "predict") and not has(ASKS, shown):
                self.fault(place, cell.id, "does not ask for its answer:", shown)
            if kind == "run" and not shown.strip():
                self.fault(place, cell.id, "shows nothing")
            if has(RIGHT + PREDICTED + DONE, shown):
                self.fault(place, cell.id, "nobody has answered:", shown)
        self.shown = {cell.id: self.comparable(cell) for cell in cells}

    def backwards(self, cells, place):
        for cell in cells:
            if cell.metadata.passo.kind == "run" and self.shown.get(cell.id) != self.comparable(cell):
                self.fault(place, cell.id, "shows", text(cell), "after the others", self.shown.get(cell.id))

    @staticmethod
    def comparable(cell):
        """What a cell shows, without what depends on the clock and on the end of the lesson."""
        lines = [line for line in text(cell).split("\n") if not has(END, line)]
        return re.sub(r"[\d.,]+ (s|ms|tokens/s)\b", "T", "\n".join(lines)).strip()

    def solved(self, cells, place):
        predictions = 0
        for cell in cells:
            kind, shown = cell.metadata.passo.kind, text(cell)
            predictions += sum(shown.count(word) for word in PREDICTED)
            if "✗" in shown or BLANK in cell.source:
                self.fault(place, cell.id, "is wrong:", shown)
            if kind == "quiz" and not has(RIGHT, shown):
                self.fault(place, cell.id, "is not answered rightly:", shown)
            if kind == "exercise" and not has(DONE, shown):
                self.fault(place, cell.id, "is not done:", shown)
            if kind == "fade" and cell.id.endswith("-3") and not has(DONE, shown):
                self.fault(place, cell.id, "is not done:", shown)
        asked = sum(cell.metadata.passo.kind == "predict" for cell in cells)
        if predictions != asked:
            self.fault(place, f"{predictions} right predictions of {asked}")
        if not has(END, "".join(map(text, cells))):
            self.fault(place, "the lesson has no end")

    def convert(self, notebook, lesson, language):
        import nbconvert

        folder = pathlib.Path(self.options.html)
        folder.mkdir(parents=True, exist_ok=True)
        page, _ = nbconvert.HTMLExporter(embed_images=True).from_notebook_node(notebook)
        (folder / f"{lesson}.{language}.html").write_text(page)

    def run(self):
        lessons = sorted(path.name for path in pathlib.Path("lessons").glob("[0-9][0-9]-*"))
        for lesson in lessons:
            if self.options.lessons and not any(map(lesson.startswith, self.options.lessons)):
                continue
            for language in self.options.languages:
                self.take(lesson, language)
        if any(self.state.rglob("*.passo")) or any(self.state.rglob("progress")):
            self.fault("something was noted of who took the lessons")
        print(f"{self.runs} notebooks, {self.cells} cells, {self.faults} faults")
        return 1 if self.faults else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/passo")
    parser.add_argument("--lessons", nargs="*", default=[])
    parser.add_argument("--languages", nargs="*", default=["it", "en"])
    parser.add_argument("--forms", nargs="*", default=["open", "solved", "backwards"])
    parser.add_argument("--html")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="passo-notebooks-") as room:
        return Notebooks(options, pathlib.Path(room)).run()


if __name__ == "__main__":
    sys.exit(main())
