# SPDX-License-Identifier: MIT
"""For play_lessons.py: whoever shows a lesson to a class."""

import re

from play_person import Person
from play_terminal import Stuck, Terminal
from play_text import visible


class Teacher(Person):
    """Who shows the lesson to a class: goes to other places, counts hands, leaves and comes back."""

    kind = "teacher"
    folder = "classes"
    provoked = [":poll 1"]
    # The note that a line brings would be lost with it.
    typing_when_killed = 0

    def __init__(self, *arguments):
        super().__init__(*arguments)
        first, middle = self.lesson.places[0], self.lesson.places[len(self.lesson.places) // 2]
        self.errands = [":lesson goto", f":lesson goto {middle}", f":lesson goto {first}"]
        # The questions on which the class has voted, by how one answers, and what it must be told.
        self.voted, self.expected = {}, None

    def arguments(self):
        return super().arguments() + ["--teacher"]

    def next_line(self, screen):
        if screen.asks_confidence:
            raise Stuck("a class is asked how sure it is")
        return self.errands.pop(0) if self.errands else super().next_line(screen)

    def answer(self, item, line):
        way = item.type if item.type in ("sign", "number") else "choice"
        if item.kind == "exercise" or way in self.voted:
            return super().answer(item, line)
        self.voted[way] = item.id
        answers = self.answers(item, way)
        votes = [[12, 5, 3, 2, 1][:len(answers)], [16, 3, 1, 1, 1][:len(answers)]]
        self.errands = [":poll 1", ":poll"] + [
            ":poll " + " ".join(f"{answer} {hands}" for answer, hands in zip(answers, vote))
            for vote in votes]
        # Who does not know the number is not told that the hands for it were right.
        is_known = way != "number" or item.id in self.truths
        right = answers.index(super().answer(item, line))
        self.expected = ", (poi|then) ".join(
            rf"{vote[right] if is_known else '[0-9]+'} (su|of) {sum(vote)}\b" for vote in votes)
        return self.errands.pop(0)

    def answers(self, item, way):
        if way == "sign":
            return ["+", "-", "0"]
        if way == "choice":
            return [self.letter_of(text) for text, _ in item.options]
        right = self.number(item)
        return [right, "987654"] if right != "987654" else [right, "1"]

    def look(self, screen, typed):
        super().look(screen, typed)
        if typed.startswith((":poll", ":lesson goto")):
            return self.look_at_errand(screen, typed)
        if self.expected and re.search(r"(aveva ragione la classe|the class was right): "
                                       + self.expected, screen.shown):
            self.expected = None
        if screen.lesson and self.prepared != ":check":
            waits = visible(self.prepared)
            if screen.clock is None or waits not in screen.clock:
                raise Stuck(f"no time, or not what comes next ({waits}): {screen.shown[-300:]}")

    def look_at_errand(self, screen, typed):
        words = typed.split()
        hands = sum(int(word) for word in words[2::2]) if words[0] == ":poll" else 0
        if typed == ":lesson goto":
            wanted = ".*".join(rf"\b{place}\b" for place in self.lesson.places)
        elif words[0] == ":lesson":
            wanted = rf"(riprendi da|you go on at) {words[2]}\b"
        elif typed in (":poll", ":poll 1"):
            wanted = r"(voto 1:|vote 1:|:poll)"
        elif self.errands:
            wanted = rf"(la classe ha votato|the class has voted): {hands} (mani|hands)"
        else:
            wanted = rf"(i due voti|both votes): \d+ (mani|hands), {hands} (mani|hands)"
        if not re.search(wanted, screen.shown):
            raise Stuck(f"after '{typed}' not '{wanted}': {screen.shown}")

    def was_not_read(self, line):
        if line.startswith((":poll", ":lesson goto")):
            self.errands.insert(0, line)

    def meanwhile(self):
        """Somebody takes the lesson at the same computer: from its beginning, without notes."""
        terminal = Terminal(super().arguments(), self.environment, self.is_plain)
        screen = terminal.read()
        terminal.kill()
        if screen.is_gone_on or screen.clock or any(note in screen.shown for note in self.lesson.notes):
            raise Stuck(f"who takes a lesson goes on with a class: {screen.shown}")

    def check_end(self, screen):
        missing = [note for note in self.lesson.notes if note not in self.seen]
        if missing:
            raise Stuck(f"notes not shown: {missing}")
        if self.expected or screen.clock is None:
            raise Stuck(f"hands ({self.expected}) or time at the end not said: {screen.shown}")
