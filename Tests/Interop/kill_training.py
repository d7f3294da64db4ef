#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trainings that are killed at random moments end as if nothing had happened.

    swift build -c release
    python3 Tests/Interop/kill_training.py --kills 300 [--seed 1] [--program .build/release/passo]

Each training is begun, stopped by SIGKILL, SIGTERM, SIGHUP or SIGINT after a random time, and gone on
with by `--resume --out DIR` alone, until it is done. Then its checkpoint, its model and its log are held
against those of the same training without a stop. Moreover: a checkpoint is never behind the one before;
a signal that can be answered ends with its own status; nothing unfinished stays in the folder. The exit
status is 0 if all of this holds. A script of the standard library; about a second a kill.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time

KINDS = {
    "f64": ["--preset", "gatto", "--precision", "f64"],
    "f32, accumulated, cosine": ["--preset", "gatto-2", "--precision", "f32", "--accumulate", "2",
                                 "--schedule", "cosine", "--warmup", "20"],
    "masked, momentum": ["--preset", "gatto", "--objective", "masked", "--optimizer", "momentum"],
    "span, characters": ["--preset", "gatto-llama", "--objective", "span", "--tokenizer", "chars"],
    "byte pairs": ["--preset", "gatto", "--tokenizer", "bpe", "--vocab-size", "280"],
}
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT]


def fail(message):
    print(f"FAILED: {message}")
    sys.exit(1)


def steps(folder):
    """The number of steps in a checkpoint; -1 without one. Its header is that of safetensors."""
    try:
        with open(folder / "checkpoint.safetensors", "rb") as file:
            length = struct.unpack("<Q", file.read(8))[0]
            return int(json.loads(file.read(length))["__metadata__"]["steps"])
    except FileNotFoundError:
        return -1


def log(path):
    """The lines of a log without the speed, which differs from run to run."""
    return re.sub(r',"tokens_per_s":[0-9.e+-]+', "", path.read_text())


class Trainings:
    def __init__(self, options, room):
        self.program = str(pathlib.Path(options.program).resolve())
        self.random = random.Random(options.seed)
        self.room = room
        self.steps = options.steps
        self.seen = collections.Counter()
        self.environment = dict(os.environ, XDG_CACHE_HOME=str(room / "cache"), LANG="C.UTF-8")
        nouns = ["il gatto", "la nonna", "il cane", "la volpe", "il bambino"]
        verbs = ["dorme", "corre", "guarda la luna", "mangia"]
        lines = [f"{nouns[i % 5]} {verbs[i // 5 % 4]} {i % 7}." for i in range(400)]
        (room / "text.txt").write_text("\n".join(lines))

    def start(self, words):
        return subprocess.Popen([self.program, "train", "--plain", *words], env=self.environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def beginning(self, kind, name):
        return [*KINDS[kind], "--text", str(self.room / "text.txt"), "--steps", str(self.steps),
                "--out", str(self.room / name), "--log", str(self.room / f"{name}.jsonl")]

    def whole(self, kind, name):
        """Runs a training without a stop, and gives the seconds that it took."""
        started = time.monotonic()
        process = self.start(self.beginning(kind, name))
        errors = process.communicate()[1].decode()
        if process.returncode != 0:
            fail(f"{kind}: without a stop it ends with {process.returncode}: {errors}")
        return time.monotonic() - started

    def stopped(self, kind, name, seconds, kills):
        """Runs a training with so many stops at most, then to its end; gives how many there were."""
        folder, done, count = self.room / name, -1, 0
        while True:
            is_begun = (folder / "training.json").exists()
            words = ["--resume", "--out", str(folder)] if is_begun else self.beginning(kind, name)
            if not is_begun:
                # Before the first save only an empty log can be there.
                (self.room / f"{name}.jsonl").unlink(missing_ok=True)
            process = self.start(words)
            number = None
            if count < kills:
                number = self.random.choice(SIGNALS)
                try:
                    process.wait(self.random.uniform(0, seconds))
                except subprocess.TimeoutExpired:
                    process.send_signal(number)
                    count += 1
            errors = process.communicate()[1].decode()
            self.check(kind, process.returncode, number, errors)
            if steps(folder) < done:
                fail(f"{kind}: the checkpoint went back from step {done} to {steps(folder)}")
            done = steps(folder)
            if process.returncode == 0:
                return count

    def check(self, kind, status, number, errors):
        """A signal ends with its status; in the first moments, before it is watched, by itself."""
        allowed = {0} if number is None else {0, -number, 128 + number}
        if status not in allowed:
            fail(f"{kind}: status {status} after signal {number}: {errors}")
        self.seen["done" if status == 0 else f"signal {number.name}: status {status}"] += 1

    def compare(self, kind, left, right):
        for file in ["checkpoint.safetensors", "model.safetensors", "config.json", "tokenizer.json"]:
            if (self.room / left / file).read_bytes() != (self.room / right / file).read_bytes():
                fail(f"{kind}: {file} is another one")
        if log(self.room / f"{left}.jsonl") != log(self.room / f"{right}.jsonl"):
            fail(f"{kind}: the log is another one")
        rest = [name for name in os.listdir(self.room / right) if name.startswith(".")]
        if rest:
            fail(f"{kind}: {rest} stayed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--program", default=".build/release/passo")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        trainings = Trainings(options, pathlib.Path(room))
        names = list(KINDS)
        seconds = {kind: trainings.whole(kind, f"whole-{i}") for i, kind in enumerate(names)}
        kills = number = 0
        while kills < options.kills:
            kind = names[number % len(names)]
            name = f"stopped-{number}"
            most = min(options.kills - kills, trainings.random.randint(1, 12))
            kills += trainings.stopped(kind, name, seconds[kind], most)
            trainings.compare(kind, f"whole-{names.index(kind)}", name)
            number += 1
        print(f"{kills} kills, {number} trainings, all as if never stopped")
        for what, count in sorted(trainings.seen.items()):
            print(f"  {what}: {count}")


main()
