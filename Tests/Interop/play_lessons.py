#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every lesson at a real terminal: by who knows, by who errs everywhere, by who writes lines of their own.

    swift build -c release
    python3 Tests/Interop/play_lessons.py [--lessons 03 06] [--languages it en] [--screens color plain]
        [--kills 10] [--seed 1] [--program .build/release/passo]

A person is a script at a pseudo terminal of 80 x 24 that reads the screen and types: `right` answers
rightly, asks nothing and constructs by the solution; `wrong` gives every wrong option and number first,
asks for all hints and gives up on exercises; `own` is `right` with lines of its own wherever a lesson
invites one, and with a trial, an `:undo` and a typing error between. What counts is what `passo grade`
makes of the record: all points for `right` and `own`, none for `wrong`. With `--kills N` the program
of a `right` play is killed N times in the middle (SIGKILL) and gone on with. Nothing may be said to be
an error unless it was provoked. The exit status is 0 if all of this holds. Only the standard library.
"""

import argparse
import csv
import fcntl
import os
import pathlib
import pty
import random
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

OWN_TEXT = {"it": "Mia nonna ama i gatti grigi", "en": "My old aunt loves gray cats"}
WRONG_NUMBER = "-12345"
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][A-Z0-9])")


class Stuck(Exception):
    pass


def visible(text):
    """What a person can read, one space between words: prose is wrapped on the screen."""
    return re.sub(r"\s+", " ", re.sub(r"[«»']", "", ESCAPES.sub("", text).replace("\r", "")))


def last_line(screen):
    return ESCAPES.sub("", screen).replace("\r", "").rsplit("\n", 1)[-1]


def prose(text):
    """Text of a lesson as it stands on the screen: without the marks of Markdown."""
    return re.sub(r"\s+", " ", re.sub(r"[*`«»']", "", text)).strip()


# What a lesson asks, read from its file.


class Item:
    """A quiz, a prediction or an exercise."""

    def __init__(self, kind, header, body):
        self.kind = kind
        self.id = re.search(r"id=(\S+)", header).group(1)
        self.type = (re.search(r"type=(\S+)", header) or [None, kind])[1]
        self.is_faded = kind == "exercise" and "fade" in header.split()
        lines = body.split("\n")
        keys = re.compile(r"- \[|(start|check|forbid|mistake|hint|solution|line|with \d|answer|hides|wrong): ")
        start = next((i for i, line in enumerate(lines) if keys.match(line)), len(lines))
        self.text = prose(" ".join(lines[:start]))
        options = re.findall(r"^- \[(.)\] (\w)  ?((?:.|\n  (?!- ))*)", body, re.M)
        self.options = [(prose(text), mark == "x") for mark, _, text in options]
        self.values = {key: re.findall(rf"^{key}: (.*)$", body, re.M)
                       for key in ["solution", "wrong", "hint", "line"]}

    @property
    def signs(self):
        wrong = [sign for sign in self.values["wrong"] if sign in ("+", "-", "0")]
        return wrong, next(sign for sign in "+-0" if sign not in wrong)


class Lesson:
    def __init__(self, folder, language):
        text = (folder / f"lesson.{language}.md").read_text()
        blocks = re.findall(r"^```passo-(\w+)(.*)\n((?:.|\n)*?)^```$", text, re.M)
        self.folder, self.name, self.language = folder, folder.name, language
        self.items = [Item(kind, head, body) for kind, head, body in blocks
                      if kind in ("quiz", "predict", "exercise")]
        self.own = [body.split("\n")[0] for kind, head, body in blocks
                    if kind == "run" and "yours" in head.split()]


# A person at a terminal.


class Terminal:
    def __init__(self, arguments, environment, screen):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.environ.clear()
            os.environ.update(environment)
            os.execv(arguments[0], arguments)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.plain = screen == "plain"
        self.text = ""

    def read(self, most=60.0):
        """Reads until the program waits for a key, and turns the pages of a pager."""
        seen, end = "", time.monotonic() + most
        while time.monotonic() < end:
            ready = select.select([self.file], [], [], 0.03)[0]
            if ready:
                try:
                    data = os.read(self.file, 1 << 16)
                except OSError:
                    data = b""
                if not data:
                    self.text += seen
                    return seen, False
                seen += data.decode(errors="replace")
            elif last_line(seen).startswith("-- "):
                seen = seen[:seen.rfind("-- ", 0, seen.rfind("--"))]
                os.write(self.file, b" ")
            elif self.waits(seen):
                self.text += seen
                return seen, True
        raise Stuck(f"no prompt within {most} s: {visible(seen)[-300:]}")

    def waits(self, seen):
        return "\x1b[?2004h" in seen if not self.plain else bool(re.search(r"\S> ?", last_line(seen)))

    def type(self, line):
        os.write(self.file, (line + "\r").encode())
        return self.read()

    def kill(self):
        """Ends the program at once."""
        if self.pid is None:
            return
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.file)
        self.pid = None


class Person:
    """Takes one lesson once."""

    def __init__(self, play, lesson, kind, screen, truths, kills=0):
        self.play, self.lesson, self.kind, self.screen = play, lesson, kind, screen
        self.truths, self.kills = truths, kills
        self.random = random.Random(f"{play.options.seed} {lesson.name} {kind} {screen}")
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="play-", dir=play.room))
        self.tried, self.hints, self.acts, self.has_tried = {}, 0, 0, False
        self.own_lines = 0
        self.transcript = []

    def open(self):
        play = self.play
        arguments = [play.program, "lesson", str(self.lesson.folder), "--lang", self.lesson.language]
        environment = dict(TERM="xterm-256color", XDG_STATE_HOME=str(self.state), LANG="C.UTF-8",
                           HOME=str(self.state))
        if self.screen == "plain":
            arguments.append("--plain")
        self.terminal = Terminal(arguments, environment, self.screen)
        return self.terminal.read()

    def take(self):
        screen, _ = self.open()
        places = set(self.random.sample(range(2, 60), self.kills)) if self.kills else set()
        killed = 0
        while True:
            line = self.next_line(screen)
            if line is None:
                break
            self.acts += 1
            if self.acts > 600:
                raise Stuck("600 lines and no end")
            # Who comes back to half a solution would have to know which half.
            is_solving = line.startswith("\x01") and self.kind == "right"
            if is_solving and self.acts in places:
                places.add(self.acts + 1)
            elif self.acts in places:
                killed += 1
                # Sometimes before the line is read, sometimes while it is carried out.
                os.write(self.terminal.file, (line + "\r").encode())
                time.sleep(self.random.choice([0, 0.002, 0.02, 0.2]))
                self.terminal.kill()
                screen, _ = self.open()
                continue
            before = line
            screen, lives = self.terminal.type(line)
            self.transcript.append(f"[{before}]\n{ESCAPES.sub('', screen)}")
            if re.search(r"^(errore|error): ", ESCAPES.sub("", screen).replace("\r", ""), re.M) \
                    and before != ":unknown":
                raise Stuck(f"after '{before}': {visible(screen)[-400:]}")
            self.note_truth(before, screen)
            if not lives:
                break
        return killed

    # What to type.

    def next_line(self, screen):
        """The next line for what stands on the screen; None at the end of the lesson."""
        last = last_line(screen)
        match = re.match(r"(\S*)(?: \S+)*?> ?(.*)$", last)
        if match is None:
            raise Stuck(f"no prompt: {last!r}")
        if self.lesson.name not in last:
            return None
        prepared = match.group(2).strip()
        shown = visible(screen)
        if re.search(r"(quanto sei sicuro|how sure)", last_lines(screen)):
            return "" if prepared else "2"
        item, line = self.open_item(shown)
        if prepared == ":check" or (self.screen == "plain" and item and item.kind == "exercise"
                                    and not item.is_faded and not prepared):
            return self.exercise(item or self.exercises()[-1])
        if prepared:
            return self.prepared(prepared)
        if item is None:
            return ""
        return self.answer(item, line, screen)

    def exercises(self):
        return [item for item in self.lesson.items if item.kind == "exercise" and not item.is_faded]

    def open_item(self, shown):
        """The item whose text stands last on the screen, and the line of a faded one."""
        best, place, line = None, -1, None
        for item in self.lesson.items:
            at = shown.rfind(item.text[:60]) if item.text else -1
            if at > place:
                best, place, line = item, at, None
            for whole in item.values["line"]:
                for blank in (re.sub(r"⟦.*?⟧", "⟦ ⟧", whole), re.sub(r"⟦.*?⟧", "⟦ ⟧", whole, count=1)
                              .replace("⟦ ⟧", "\0", 1).replace("⟦", "").replace("⟧", "")
                              .replace("\0", "⟦ ⟧")):
                    at = shown.rfind(visible(blank))
                    if "⟦" in whole and at > place:
                        best, place, line = item, at, whole
        if best is None and self.screen == "plain":
            # No prepared line stands in the prompt: Enter goes on, or asks again.
            last = getattr(self, "last_item", None)
            is_under_way = last in self.exercises() and not re.search(r"\d (su|of|out of) \d+ p", shown)
            self.last_item = last if is_under_way else None
            return self.last_item, None
        if best is None:
            return getattr(self, "last_item", None), getattr(self, "last_line", None)
        self.last_item, self.last_line = best, line
        return best, line

    def prepared(self, prepared):
        if self.kind != "own":
            return ""
        if not self.has_tried:
            self.has_tried = True
            return clear(prepared) + "1 + 1"
        own = [line for line in self.lesson.own if prose(line) == prose(prepared)]
        if own and prepared.startswith(":text"):
            self.own_lines += 1
            return clear(prepared) + f':text "{OWN_TEXT[self.lesson.language]}"'
        return ""

    def answer(self, item, line, screen):
        if item.kind == "quiz":
            return self.quiz(item, screen)
        if item.kind == "exercise":
            if self.kind == "wrong":
                return ":skip"
            return re.sub(r"[⟦⟧]", "", line) if line else ""
        if item.type == "choice":
            return self.letter(item, screen, self.kind != "wrong")
        if item.type == "sign":
            wrong, right = item.signs
            return wrong[0] if self.kind == "wrong" else right
        if self.kind == "wrong":
            return WRONG_NUMBER
        return self.truths.get(item.id, "0")

    def quiz(self, item, screen):
        wrong = [text for text, right in item.options if not right]
        tried = self.tried.setdefault(item.id, [])
        if self.kind == "wrong" and len(tried) < len(wrong):
            tried.append(wrong[len(tried)])
            return self.letter_of(item, tried[-1], screen)
        return self.letter(item, screen, True)

    def letter(self, item, screen, is_right):
        return self.letter_of(item, next(t for t, right in item.options if right == is_right), screen)

    def letter_of(self, item, text, screen):
        """The letter before an option, on all that was shown: options can have another order."""
        shown = visible(self.terminal.text)
        found = re.findall(rf" ([a-e]) {re.escape(text)}", shown)
        if not found:
            raise Stuck(f"option not shown: {text} in {shown[-600:]}")
        return found[-1]

    def exercise(self, item):
        if self.kind == "wrong":
            self.hints += 1
            if self.hints == 1:
                return ":check"
            return ":hint" if self.hints <= 1 + len(item.values["hint"]) else ":solution"
        done = self.tried.setdefault(item.id, [])
        if len(done) < len(item.values["solution"]):
            done.append(None)
            return clear(":check") + item.values["solution"][len(done) - 1]
        return ""

    def note_truth(self, typed, screen):
        """Learns the right number from what is said of the wrong one."""
        if self.kind != "wrong":
            return
        for item in self.lesson.items:
            if item.kind == "predict" and item.type == "number" and item.id not in self.truths:
                match = re.search(rf"✗[^\n]*{WRONG_NUMBER[1:]}[^\n]*?(-?−?\d[\d.,e+-]*)[^\d]*$",
                                  ESCAPES.sub("", screen).replace("\r", ""), re.M)
                if match:
                    self.truths[item.id] = match.group(1).replace("−", "-").rstrip(".,")
                return


def last_lines(screen, count=3):
    return "\n".join(ESCAPES.sub("", screen).replace("\r", "").rstrip().split("\n")[-count:])


def clear(prepared):
    """Keys that take out a prepared line."""
    return "\x01\x0b" if prepared else ""


# All plays.


class Plays:
    def __init__(self, options, room):
        self.options, self.room = options, room
        self.program = str(pathlib.Path(options.program).resolve())
        self.faults = 0

    def lessons(self, language):
        folders = sorted(pathlib.Path("lessons").resolve().glob("[0-9][0-9]-*"))
        chosen = self.options.lessons
        return [Lesson(folder, language) for folder in folders
                if not chosen or any(folder.name.startswith(name) for name in chosen)]

    def run(self):
        for language in self.options.languages:
            for lesson in self.lessons(language):
                truths = {}
                for screen in self.options.screens:
                    for kind in ["wrong", "right", "own"]:
                        self.one(lesson, kind, screen, truths, 0)
                    if self.options.kills:
                        self.one(lesson, "right", screen, truths, self.options.kills)
        print(f"{self.faults} faults")
        return 1 if self.faults else 0

    def one(self, lesson, kind, screen, truths, kills):
        person = Person(self, lesson, kind, screen, truths, kills)
        start = time.monotonic()
        try:
            killed = person.take()
            what = self.grade(person)
        except Stuck as stuck:
            killed, what = 0, f"FAILED {stuck}"
        except Exception as fault:  # The next play is not to suffer from it.
            killed, what = 0, f"FAILED {type(fault).__name__} {fault}"
        person.terminal.kill()
        if what.startswith("FAILED"):
            self.faults += 1
            log = self.room / f"{lesson.name}-{lesson.language}-{kind}-{screen}-{kills}.txt"
            log.write_text("\n".join(person.transcript))
        else:
            shutil.rmtree(person.state)
        print(f"{lesson.name} {lesson.language} {kind:5} {screen:5} {person.acts:3} lines, "
              f"{killed} kills, {person.own_lines} own, {time.monotonic() - start:4.1f} s: {what}",
              flush=True)

    def grade(self, person):
        files = sorted(person.state.glob(f"passo/lessons/{person.lesson.name}-*.passo"))
        if len(files) != 1:
            names = [file.name for file in person.state.glob("passo/lessons/*")]
            return f"FAILED one result expected: {names}"
        table = person.state / "grade.csv"
        done = subprocess.run([self.program, "grade", str(files[0]), "--csv", str(table), "--lang", "en"],
                              capture_output=True, text=True)
        row = next(csv.DictReader(table.open())) if table.exists() else {}
        said = " ".join(done.stdout.split())
        if done.returncode != 0:
            return f"FAILED grade: {said} {done.stderr}"
        return self.judge(person, row, said)

    def judge(self, person, row, said):
        exercises = re.findall(r"(\d+)/(\d+)", row["exercises"])
        points, worth = (sum(int(pair[i]) for pair in exercises) for i in (0, 1))
        right, asked = int(row["right"]), int(row["asked"])
        expected = (0, 0) if person.kind == "wrong" else (asked, worth)
        is_right = (right, points) == expected and asked > 0 and worth > 0
        return ("" if is_right else "FAILED ") + f"{right}/{asked} questions, {points}/{worth} points"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/passo")
    parser.add_argument("--lessons", nargs="*", default=[])
    parser.add_argument("--languages", nargs="*", default=["it", "en"])
    parser.add_argument("--screens", nargs="*", default=["color", "plain"])
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", help="where transcripts of what failed stay")
    options = parser.parse_args()
    room = pathlib.Path(options.room or tempfile.mkdtemp(prefix="play-lessons-"))
    room.mkdir(exist_ok=True, parents=True)
    print(f"transcripts of faults: {room}")
    sys.exit(Plays(options, room).run())


if __name__ == "__main__":
    main()
