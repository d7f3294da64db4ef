# SPDX-License-Identifier: MIT
"""For play_lessons.py: what a lesson asks, read from its file, and what stands on a screen."""

import re

ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][A-Z0-9])")


def bare(text):
    """Text as it came, without what only the terminal reads."""
    return ESCAPES.sub("", text).replace("\r", "")


def last_line(text):
    return bare(text).rsplit("\n", 1)[-1]


def visible(text):
    """What a person can read, one space between words: prose is wrapped on the screen."""
    return re.sub(r"\s+", " ", re.sub(r"[«»']", "", bare(text)))


def prose(text):
    """Text of a lesson as it stands on the screen: without the marks of Markdown."""
    return re.sub(r"\s+", " ", re.sub(r"[*`«»']", "", text)).strip()


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
        """The signs of which the lesson says why they are wrong, and the right one."""
        wrong = [sign for sign in self.values["wrong"] if sign in ("+", "-", "0")]
        return wrong, next(sign for sign in "+-0" if sign not in wrong)


class Lesson:
    def __init__(self, folder, language):
        text = (folder / f"lesson.{language}.md").read_text()
        blocks = re.findall(r"^```passo-([\w-]+)(.*)\n((?:.|\n)*?)^```$", text, re.M)
        self.folder, self.name, self.language = folder, folder.name, language
        self.items = [Item(kind, head, body) for kind, head, body in blocks
                      if kind in ("quiz", "predict", "exercise")]
        # The lines that are run, in order, and whether one's own may take their place: the first
        # of a block may.
        self.lines = [(prose(line), number == 0 and "yours" in head.split())
                      for kind, head, body in blocks if kind == "run"
                      for number, line in enumerate(body.strip().split("\n"))]
        self.own = [line for line, is_own in self.lines if is_own]
        # Those for which a text can be too short.
        self.own_of_length = [prose(body.split("\n")[0]) for kind, head, body in blocks
                              if kind == "run" and re.search(r"\bleast=", head)]
        self.places = [re.search(r"id=(\S+)", head).group(1) for kind, head, _ in blocks
                       if kind in ("run", "quiz", "predict", "exercise")]
        self.notes = [prose(body) for kind, _, body in blocks if kind == "note"]


class Screen:
    """What came since the last line was typed."""

    def __init__(self, text, lives):
        self.text, self.lives = bare(text), lives
        self.shown = visible(text)
        prompt = re.match(r"(?:([^\s·]+)(?:·(\S+))? )?(\d+:\d+)> ?(.*)$", last_line(text))
        self.has_prompt = prompt is not None
        self.lesson, self.mark, self.position, rest = prompt.groups() if prompt else [None] * 4
        # What Enter would do stands dimly in the prompt, or in plain text above it.
        self.in_prompt = (rest or "").strip()
        above = re.search(r"(?:Invio esegue|Enter runs|^prova|^try)  +(.*)\s*$", "\n".join(self.tail(1)))
        self.above = above.group(1).strip() if above else ""

    def tail(self, count):
        """The last lines with something in them above the prompt."""
        lines = [line for line in self.text.split("\n")[:-1] if line.strip()]
        return lines[len(lines) - count:]

    @property
    def is_trial(self):
        return self.mark in ("prova", "trial")

    @property
    def is_exercise(self):
        return self.mark in ("esercizio", "exercise")

    @property
    def asks_confidence(self):
        return re.search("quanto sei sicuro|how sure are you", "\n".join(self.tail(2))) is not None

    @property
    def is_gone_on(self):
        return "riprendi da" in self.shown or "you go on at" in self.shown

    @property
    def has_result(self):
        return "il risultato è in" in self.shown or "the result is in" in self.shown

    @property
    def is_error(self):
        return re.search(r"^(errore|error): ", self.text, re.M) is not None

    @property
    def clock(self):
        """What stands above the prompt of whoever teaches: the time, and what comes next."""
        times = re.compile(r"(?:parte|part|lezione|lesson)(?: \d+)?: \d+:\d\d (?:di|of) \d+:\d\d"
                           r" (?:previsti|planned)")
        found = list(times.finditer(self.shown))
        return self.shown[found[-1].start():] if found else None
