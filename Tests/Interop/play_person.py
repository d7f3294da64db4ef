# SPDX-License-Identifier: MIT
"""For play_lessons.py: persons who take a lesson at a terminal."""

import re
import time

from play_terminal import Stuck, Terminal
from play_text import last_line, prose, visible

MOST_LINES = 600
WRONG_NUMBER = "-12345"
OWN_TEXT = {"it": '"Mia nonna ama i gatti grigi"', "en": '"My old aunt loves gray cats"'}
# Lines in the place of those that a lesson leaves to its reader, by their command.
OWN_LINES = {
    ":text": ":text {text}",
    ":compare-tokenizers": ":compare-tokenizers {text}",
    ":near": ":near gatto 3",
    ":oracle": ":oracle La volpe dei",
    ":generate": ':generate "Il cane" temperature 1 seed 5',
    ":grammar": ":grammar Il gatto dorme",
    ":predict": ':predict "La gatta del" 3',
}
# Keys that take out what stands in the prompt.
CLEAR = "\x01\x0b"


class Person:
    """Who answers rightly, asks nothing and constructs by the solution."""

    kind = "right"
    folder = "lessons"
    # What is typed to be told that it is wrong.
    provoked = []
    # How often a line was on its way to a program that is killed.
    typing_when_killed = 0.8

    def __init__(self, play, lesson, screen, truths, places=()):
        self.play, self.lesson, self.is_plain = play, lesson, screen == "plain"
        self.truths, self.places = truths, set(places)
        self.random = play.random(lesson, self.kind, screen)
        self.state = play.state()
        self.terminal, self.transcript, self.seen = None, [], ""
        # Lines that were carried out, those of them in an exercise, and how often it was killed.
        self.answered, self.in_exercise, self.kills = 0, [], 0
        # What a person remembers of what was on the screen.
        self.prepared, self.item, self.line, self.done, self.own_lines = "", None, None, {}, 0

    # The program.

    def arguments(self):
        lesson = self.lesson
        more = ["--plain"] if self.is_plain else []
        return [self.play.program, "lesson", str(lesson.folder), "--lang", lesson.language] + more

    @property
    def environment(self):
        return dict(TERM="xterm-256color", XDG_STATE_HOME=str(self.state), LANG="C.UTF-8",
                    HOME=str(self.state))

    def open(self):
        return Terminal(self.arguments(), self.environment, self.is_plain)

    def begin(self):
        self.terminal = self.open()
        screen = self.terminal.read()
        self.look(screen, "")
        return screen

    def type(self, line):
        self.terminal.send(line)
        screen = self.terminal.read()
        self.look(screen, line.removeprefix(CLEAR))
        return screen

    def look(self, screen, typed):
        """Reads what came after a line."""
        self.seen += screen.shown + " "
        self.transcript.append(f"[{typed}]\n{screen.text}")
        if screen.is_error != (typed in self.provoked) or not screen.lives:
            raise Stuck(f"after '{typed}': {screen.shown[-400:]}")
        if not screen.has_prompt:
            raise Stuck(f"no prompt: {last_line(screen.text)!r}")
        self.remember(screen)
        if self.prepared == ":check" and not screen.is_exercise:
            raise Stuck(f"an exercise that the prompt does not speak of: {last_line(screen.text)}")

    def close(self):
        if self.terminal:
            self.terminal.kill()

    # The lesson.

    def take(self):
        screen = self.begin()
        while screen and screen.lesson == self.lesson.name:
            line = self.next_line(screen)
            if self.prepared == ":check":
                self.in_exercise.append(self.answered)
            if self.answered in self.places:
                self.places.remove(self.answered)
                screen = self.kill_and_go_on(line)
                continue
            self.answered += 1
            if self.answered > MOST_LINES:
                raise Stuck(f"{MOST_LINES} lines and no end")
            screen = self.type(line)
        self.check_end(screen)

    def check_end(self, screen):
        """What must hold when the lesson is over."""
        if any(note in self.seen for note in self.lesson.notes):
            raise Stuck("notes for whoever teaches were shown")

    def kill_and_go_on(self, line):
        """Kills the program before a line is read, while it is carried out, or behind it; gives
        what stands there when one comes back, None if that was the last line of the lesson."""
        before = self.kept()
        if self.random.random() < self.typing_when_killed:
            self.terminal.send(line)
            time.sleep(self.random.choice([0, 0.002, 0.02, 0.2]))
        self.kill()
        after = self.kept()
        if after is None:
            return None
        if after[:len(before)] != before:
            raise Stuck(f"killed at '{line}', and the record has lost lines: {before} {after}")
        if len(after) > len(before):
            self.answered += 1
        else:
            self.was_not_read(line)
        self.meanwhile()
        self.prepared, self.item, self.line, self.done = "", None, None, {}
        screen = self.begin()
        if screen.has_result and len(after) > len(before):
            return None
        if not screen.is_gone_on:
            raise Stuck(f"killed at '{line}', and not gone on: {screen.shown[:400]}")
        return screen

    def was_not_read(self, line):
        """A line came to nothing, because the program was killed."""

    def meanwhile(self):
        """What is done between a kill and coming back: sometimes it is killed in coming back."""
        if self.random.random() < 0.25:
            self.terminal = self.open()
            time.sleep(self.random.choice([0.01, 0.05, 0.2]))
            self.kill()

    def kill(self):
        self.terminal.kill()
        self.transcript.append("[killed]")
        self.kills += 1

    def kept(self):
        """The lines in the record of the lesson; None if it has become a result."""
        folder = self.state / "passo" / self.folder
        file = folder / f"{self.lesson.name}.passo"
        if not file.exists() and list(folder.glob(f"{self.lesson.name}-*.passo")):
            return None
        return [line for line in file.read_text().split("\n")[:-1] if not line.startswith("#")]

    def remember(self, screen):
        """What a person keeps in mind of a screen: what is asked, and the line that waits."""
        self.find_item(screen)
        if not self.is_plain:
            if not screen.is_trial and not screen.asks_confidence:
                self.prepared = screen.in_prompt
        elif screen.above:
            self.prepared = screen.above
        elif screen.is_exercise and self.item and not self.item.is_faded:
            self.prepared = ":check"
        elif not self.is_aside:
            # In plain text a line that waits is said once, and waits until something else comes.
            self.prepared = ""

    # Whether the last line has left the lesson where it was.
    is_aside = False

    def find_item(self, screen):
        """The item whose text stands last on the screen, and the line of a faded one."""
        place = -1
        for item in self.lesson.items:
            at = screen.shown.rfind(item.text[:60]) if item.text else -1
            if at > place:
                self.item, place, self.line = item, at, None
            for whole in item.values["line"]:
                for blank in self.blanks(whole):
                    at = screen.shown.rfind(visible(blank))
                    if "⟦" in whole and at > place:
                        self.item, place, self.line = item, at, whole

    @staticmethod
    def blanks(whole):
        """A line with all blanks, and with the first one."""
        one = re.sub(r"⟦.*?⟧", "\0", whole, count=1).replace("⟦", "").replace("⟧", "")
        return re.sub(r"⟦.*?⟧", "⟦ ⟧", whole), one.replace("\0", "⟦ ⟧")

    # What to type.

    def keys(self):
        """Before a line: a key takes the place of what stands in the prompt, or changes it."""
        return CLEAR if not self.is_plain and self.random.random() < 0.5 else ""

    def next_line(self, screen):
        """The next line for what stands on the screen."""
        if screen.asks_confidence:
            return self.random.choice(["", "1", "2", "3"])
        if screen.is_trial:
            return self.in_trial(screen)
        if self.prepared == ":check":
            return self.exercise(self.open_exercise())
        if self.prepared:
            return self.go_on(self.prepared)
        if self.item is None:
            return ""
        return self.answer(self.item, self.line)

    def in_trial(self, screen):
        raise Stuck(f"a trial that nobody began: {last_line(screen.text)}")

    def open_exercise(self):
        if self.item and self.item.kind == "exercise" and not self.item.is_faded:
            return self.item
        raise Stuck(f":check without the text of an exercise: {self.seen[-600:]}")

    def go_on(self, prepared):
        return ""

    def answer(self, item, line):
        if item.kind == "quiz":
            return self.quiz(item)
        if item.kind == "exercise":
            return self.fill(line)
        if item.type == "choice":
            return self.letter(item, True)
        return self.sign(*item.signs) if item.type == "sign" else self.number(item)

    def quiz(self, item):
        return self.letter(item, True)

    def fill(self, line):
        return re.sub(r"[⟦⟧]", "", line) if line else ""

    def sign(self, wrong, right):
        return right

    def number(self, item):
        return self.truths.get(item.id, "0")

    def letter(self, item, is_right):
        return self.letter_of(next(text for text, right in item.options if right == is_right))

    def letter_of(self, text):
        """The letter before an option, on all that was shown: options can have another order."""
        shown = visible(self.terminal.text)
        found = re.findall(rf" ([a-e]) {re.escape(text)}", shown)
        if not found:
            raise Stuck(f"option not shown: {text} in {shown[-600:]}")
        return found[-1]

    def exercise(self, item):
        solution = item.values["solution"]
        done = self.done.setdefault(item.id, self.solved(solution) if self.kills else 0)
        if done < len(solution):
            self.done[item.id] = done + 1
            return self.keys() + solution[done]
        return ""

    def solved(self, solution):
        """How much of a solution the record ends with: who comes back has to know."""
        kept = self.kept()
        return next(count for count in range(len(solution), -1, -1)
                    if kept[len(kept) - count:] == solution[:count])


class Wrong(Person):
    """Who gives every wrong option and number first, asks for all hints and gives up."""

    kind = "wrong"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.tried, self.hints = {}, {}

    def look(self, screen, typed):
        super().look(screen, typed)
        for item in self.lesson.items:
            if item.kind == "predict" and item.type == "number" and item.id not in self.truths:
                return self.learn(item, screen)

    def learn(self, item, screen):
        """Learns the right number from what is said of the wrong one."""
        match = re.search(rf"✗[^\n]*{WRONG_NUMBER[1:]}[^\n]*?(-?−?\d[\d.,e+-]*)[^\d]*$", screen.text, re.M)
        if match:
            self.truths[item.id] = match.group(1).replace("−", "-").rstrip(".,")

    def asks_hint(self, item):
        asked = self.hints.get(item.id, 0)
        self.hints[item.id] = asked + 1
        return asked < len(item.values["hint"])

    def answer(self, item, line):
        if item.kind != "exercise" and self.asks_hint(item):
            return ":hint"
        return super().answer(item, line)

    def in_trial(self, screen):
        """After the experiment that a wrong answer has suggested: back first, or on at once."""
        return "" if self.random.random() < 0.5 else self.answer(self.item, self.line)

    def quiz(self, item):
        wrong = [text for text, right in item.options if not right]
        tried = self.tried.setdefault(item.id, [])
        if len(tried) == len(wrong):
            return self.letter(item, True)
        tried.append(wrong[len(tried)])
        return self.letter_of(tried[-1])

    def letter(self, item, is_right):
        return super().letter(item, is_right and item.kind == "quiz")

    def sign(self, wrong, right):
        return wrong[0]

    def number(self, item):
        return WRONG_NUMBER

    def fill(self, line):
        return ":skip"

    def exercise(self, item):
        if item.id not in self.hints:
            self.hints[item.id] = 0
            return ":check"
        return ":hint" if self.asks_hint(item) else ":solution"


class Own(Person):
    """Who is right, with lines of their own wherever a lesson invites one, and beside it too."""

    kind = "own"
    too_short = ':text "Gatto"'
    provoked = [":unknown", too_short]

    def __init__(self, *arguments):
        super().__init__(*arguments)
        # What is tried at lines that wait: a sum; a trial and an `:undo`; a typing error; a trial.
        self.asides = ["1 + 1", ":step 2", ":unknown", ":step 2"]
        # How often one came back, and the number of the line of the lesson that waits.
        self.trials, self.at = 0, 0
        self.lengths = list(self.lesson.own_of_length)

    def next_line(self, screen):
        self.is_aside = False
        return super().next_line(screen)

    def go_on(self, prepared):
        at = next((at for at, (line, _) in enumerate(self.lesson.lines)
                   if at >= self.at and line == prose(prepared)), None)
        if at is None:  # A line of an exercise.
            return ""
        self.at = at
        if self.lesson.lines[at][1]:
            if self.lengths and self.lengths[0] == prose(prepared):
                self.lengths.pop(0)
                self.is_aside = True
                return self.keys() + self.too_short
            self.own_lines += 1
            self.at += 1
            line = OWN_LINES[prepared.split()[0]]
            return self.keys() + line.format(text=OWN_TEXT[self.lesson.language])
        if not self.asides:
            self.at += 1
            return ""
        self.is_aside = True
        return self.keys() + self.asides.pop(0)

    def in_trial(self, screen):
        self.trials += 1
        self.is_aside = self.trials == 1
        self.at += 0 if self.is_aside else 1
        return ":undo" if self.is_aside else ""

    def look(self, screen, typed):
        waiting = self.prepared
        super().look(screen, typed)
        is_trial = typed == ":step 2"
        if is_trial != screen.is_trial:
            raise Stuck(f"after '{typed}': {last_line(screen.text)}")
        if self.is_aside and self.prepared != waiting:
            raise Stuck(f"after '{typed}' '{self.prepared}' waits, before '{waiting}'")
        wanted = {"1 + 1": "= 2", ":undo": ": :step 2"}.get(typed, "")
        if wanted not in screen.text:
            raise Stuck(f"after '{typed}': {screen.shown}")
