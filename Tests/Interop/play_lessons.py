#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every lesson at a real terminal: by who knows, by who errs everywhere, by who writes lines of their own.

    swift build -c release
    python3 Tests/Interop/play_lessons.py [--lessons 03 06] [--languages it en] [--screens color plain]
        [--persons wrong right own teacher] [--kills 10] [--seed 1] [--program .build/release/passo]

A person is a script at a pseudo terminal of 80 x 24 that reads the screen and types: `right` answers
rightly, asks nothing and constructs by the solution; `wrong` gives every wrong option and number first,
asks for all hints and gives up on exercises; `own` is `right` with lines of its own wherever a lesson
invites one, and with trials, an `:undo` and a typing error between. What counts is what `passo grade`
makes of the record: all points for `right` and `own`, none for `wrong`. With `--kills N` the program
of a `right` play is killed N times (SIGKILL), up to three of them in exercises and one at the last
line, and gone on with: no line of the record is lost. `teacher` shows the lesson to a class (`--teacher`): every note is
shown, and the time and what comes next; blocks are listed and gone to, hands are counted; while the
program is left, somebody takes the lesson at the same computer and finds nothing of the class's.
Nothing may be said to be an error unless it was provoked. `right` and `own` know numbers from `wrong`.
The exit status is 0 if all of this holds. Only the standard library.
"""

import argparse
import csv
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

from play_person import Own, Person, Wrong
from play_teacher import Teacher
from play_terminal import Stuck
from play_text import Lesson

PERSONS = [Wrong, Person, Own, Teacher]


class Plays:
    def __init__(self, options, room):
        self.options, self.room = options, room
        self.program = str(pathlib.Path(options.program).resolve())
        self.plays, self.kills, self.faults = 0, 0, 0

    def random(self, *what):
        return random.Random(" ".join([str(self.options.seed)] + [getattr(it, "name", it) for it in what]))

    def state(self):
        """An empty folder for what the program keeps."""
        return pathlib.Path(tempfile.mkdtemp(prefix="play-", dir=self.room))

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
                    self.take(lesson, screen, truths)
        print(f"{self.plays} plays, {self.kills} kills, {self.faults} faults")
        return 1 if self.faults else 0

    def take(self, lesson, screen, truths):
        """A lesson by everybody at one kind of screen."""
        for kind in PERSONS:
            if kind.kind not in self.options.persons:
                continue
            places = [14] if kind is Teacher else []
            person = self.one(kind(self, lesson, screen, truths, places), screen)
            if kind is Person and self.options.kills:
                places = self.places_of_kills(person)
                self.one(Person(self, lesson, screen, truths, places), screen)

    def places_of_kills(self, person):
        """Where to kill who does what a person did: at the last line, in exercises, anywhere."""
        chance, last = self.random(person.lesson, "kills"), person.answered - 1
        places = [last] + chance.sample(person.in_exercise, min(3, len(person.in_exercise)))
        others = [place for place in range(1, last) if place not in places]
        count = self.options.kills - len(set(places))
        return places + chance.sample(others, min(max(0, count), len(others)))

    def one(self, person, screen):
        lesson, planned = person.lesson, len(person.places)
        start = time.monotonic()
        try:
            person.take()
            what = self.judge(person, planned)
        except Stuck as stuck:
            what = f"FAILED {stuck}"
        except Exception as fault:  # The next play is not to suffer from it.
            what = f"FAILED {type(fault).__name__} {fault}"
        person.close()
        self.plays, self.kills = self.plays + 1, self.kills + person.kills
        if what.startswith("FAILED"):
            self.faults += 1
            log = self.room / f"{lesson.name}-{lesson.language}-{person.kind}-{screen}-{planned}.txt"
            log.write_text("\n".join(person.transcript))
        else:
            shutil.rmtree(person.state)
        print(f"{lesson.name} {lesson.language} {person.kind:7} {screen:5} {person.answered:3} lines,"
              f" {person.kills} kills, {person.own_lines} own, {time.monotonic() - start:4.1f} s: {what}",
              flush=True)
        return person

    def judge(self, person, planned):
        """What came of a play, with FAILED before it if it is not what should."""
        if person.kind == "teacher":
            wrong = self.apartness(person)
            return f"FAILED {wrong}" if wrong else "notes, time, blocks, hands, a record apart"
        if person.kills < planned:
            return f"FAILED {person.kills} kills of {planned}"
        if person.kind == "own" and (person.own_lines, person.trials) != (len(person.lesson.own), 2):
            return f"FAILED {person.own_lines} own lines of {len(person.lesson.own)}, {person.trials} trials"
        return self.grade(person)

    @staticmethod
    def results(person, folder):
        return sorted(person.state.glob(f"passo/{folder}/{person.lesson.name}-*.passo"))

    def apartness(self, person):
        """What is wrong with the record of a class; nothing if it is apart from a person's."""
        name = person.lesson.name
        begun = [line for line in (person.state / f"passo/lessons/{name}.passo").read_text().split("\n")
                 if line and not line.startswith("#")]
        if begun != [f":lesson {name}"]:
            return f"the record of a person has lines of the class: {begun}"
        files = [str(file.relative_to(person.state / "passo")) for file in person.state.glob("passo/**/*")
                 if file.is_file()]
        others = [file for file in files if file not in ("history", "order", f"lessons/{name}.passo")
                  and not file.startswith(f"classes/{name}-")]
        if len(self.results(person, "classes")) != 1 or others:
            return f"one result of a class expected, and no more: {files}"
        return ""

    def grade(self, person):
        files = self.results(person, "lessons")
        if len(files) != 1:
            names = [file.name for file in person.state.glob("passo/lessons/*")]
            return f"FAILED one result expected: {names}"
        table = person.state / "grade.csv"
        done = subprocess.run([self.program, "grade", str(files[0]), "--csv", str(table), "--lang", "en"],
                              capture_output=True, text=True)
        if done.returncode != 0 or not table.exists():
            return f"FAILED grade: {' '.join(done.stdout.split())} {done.stderr}"
        row = next(csv.DictReader(table.open()))
        exercises = re.findall(r"(\d+)/(\d+)", row["exercises"])
        points, worth = (sum(int(pair[i]) for pair in exercises) for i in (0, 1))
        right, asked = int(row["right"]), int(row["asked"])
        expected = (0, 0) if person.kind == "wrong" else (asked, worth)
        is_right = (right, points) == expected and asked > 0 and worth > 0
        return ("" if is_right else "FAILED ") + f"{right}/{asked} questions, {points}/{worth} points"


def main():
    kinds = [kind.kind for kind in PERSONS]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/passo")
    parser.add_argument("--lessons", nargs="*", default=[])
    parser.add_argument("--languages", nargs="*", default=["it", "en"])
    parser.add_argument("--screens", nargs="*", default=["color", "plain"])
    parser.add_argument("--persons", nargs="*", default=kinds, choices=kinds)
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
