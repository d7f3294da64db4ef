# SPDX-License-Identifier: MIT
"""Chat templates: the text that Passo makes, against `transformers` (jinja2 in its sandbox).

    python3 Tests/Interop/compare_templates.py --passo .build/release/passo [--fuzz 1500] [--seed 1]

Templates of the usual shapes (chat_shapes.py), each with several chats; then templates put together
at random from what the language has. Of the random ones Passo may refuse what it does not read, by name; how many
is printed. Folders given by `--folder` are compared too. Exit status 1 if any text differs.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from chat_shapes import CHATS, SHAPES
from transformers.utils.chat_template_utils import _compile_jinja_template

TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}


def theirs(template, chat, tokens):
    messages, tools = (chat, None) if isinstance(chat, list) else (chat["messages"], chat["tools"])
    try:
        text = _compile_jinja_template(template).render(
            messages=messages, tools=tools, documents=None, add_generation_prompt=True, **tokens
        )
        return "text", text
    except Exception as problem:
        return "error", f"{type(problem).__name__}: {problem}"


def mine(passo, folder, chat):
    answer = subprocess.run(
        [passo, "tokenizer", "chat", "--model", folder, "--lang", "en"],
        input=json.dumps(chat) + "\n", capture_output=True, text=True, timeout=60,
    )
    if answer.returncode == 0:
        return "text", json.loads(answer.stdout)
    if answer.returncode != 1:
        return "crash", f"{answer.returncode} {answer.stderr[-300:]}"
    return "error", answer.stderr.strip().replace("\n", " ")


def write(folder, template, tokens):
    folder.mkdir(exist_ok=True)
    settings = {"chat_template": template} | tokens
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


# MARK: Random templates


class Fuzz:
    """Templates at random; `s`, `i`, `l`, `d`, `m` are a text, a number, a list, a mapping, messages."""

    def __init__(self, source):
        self.source = source
        self.names = ["s", "i", "l", "d"]

    def pick(self, *choices):
        return self.source.choice(choices)

    def text(self, depth):
        if depth <= 0:
            return self.pick("'a b'", "\"it's\"", "s", "messages[0].role", "'\\n\\tx '", "'Città'", "''", "bos_token",
                             "messages[0]['content']", "d.k", "s[1:]", "'x' 'y'", "'a,b,,c'", "nothing")
        t = lambda: self.text(depth - 1)
        i = lambda: self.number(depth - 1)
        return self.pick(
            f"{t()} + {t()}", f"{t()} ~ {i()}", f"{t()}|trim", f"{t()}|upper", f"({t()})|lower", f"({t()}).strip()",
            f"({t()}).strip('a ')", f"({t()}).lstrip()", f"({t()}).rstrip('x\\n')", f"({t()}).replace('a', {t()})",
            f"({t()})|replace('b', 'c')", f"({t()})[{i()}]", f"({t()})[{i()}:{i()}]", f"({t()})[::-1]",
            f"({t()} if {self.test(depth - 1)} else {t()})", f"({t()} if {self.test(depth - 1)})",
            f"({t()})|default('z')", f"({t()})|default('q', true)", f"({self.list(depth - 1)})|join({t()})",
            f"({self.list(depth - 1)})|tojson", f"({t()})|tojson", f"({t()})|capitalize", f"({t()})|title",
            f"({t()}).title()", f"({t()}).split(',')[-1]", f"({t()}) * 2", f"({t()})|first", f"({t()})|string",
            f"({self.list(depth - 1)})|first", f"({self.list(depth - 1)})|last", f"({t()})|indent(2)", f"({i()})|string",
            f"', '.join({self.list(depth - 1)})", f"({t()})|reverse", "d|tojson(indent=2)", f"({t()}).capitalize()",
            f"d.get('k', {t()})", "d['n']", f"({t()}).removeprefix('a')", f"({t()}).rsplit(' ', 1)[0]",
        )

    def number(self, depth):
        if depth <= 0:
            return self.pick("1", "0", "2", "-1", "i", "3", "7", "1.5", "true", "d.n")
        i = lambda: self.number(depth - 1)
        return self.pick(
            f"{i()} + {i()}", f"({i()} - {i()})", f"({i()}) * {i()}", f"({i()}) // {i()}", f"({i()}) % {i()}",
            f"({i()}) / {i()}", f"({self.text(depth - 1)})|length", f"({self.list(depth - 1)})|length",
            f"({self.text(depth - 1)}).find('a')", f"({self.text(depth - 1)})|int", f"-({i()})", f"({i()})|abs",
            f"({self.text(depth - 1)}).count('a')", f"({i()})|int", f"({i()})|float", "loop.index",
        )

    def list(self, depth):
        if depth <= 0:
            return self.pick("l", "[1, 'a', 2]", "range(3)", "messages", "[]", "['b', 'A', 'a']", "s", "d", "(1, 2)", "['x', none]")
        l = lambda: self.list(depth - 1)
        return self.pick(
            f"[{self.text(depth - 1)}, {self.number(depth - 1)}]", f"({l()})[1:]", f"({l()})[::-1]", f"({l()})|list",
            f"({l()})|reverse|list", f"({self.text(depth - 1)}).split()", f"({self.text(depth - 1)}).split('a', 1)",
            "messages|map(attribute='role')|list", f"({l()})|select|list", f"({l()})|select('string')|list",
            f"({l()})|reject('string')|list", "messages|selectattr('role', 'equalto', 'user')|list", "d.items()|list",
            "d|dictsort", f"({l()})|unique|list", f"({l()})|map('string')|list", f"({l()})|map('upper')|list",
            f"({l()}) + ({l()})", f"({l()})|sort", f"({self.text(depth - 1)}).splitlines()", "d.values()|list",
            "messages|rejectattr('content')|list", f"({l()})[-2:]", "d.keys()|list",
        )

    def test(self, depth):
        if depth <= 0:
            return self.pick("true", "false", "s", "nothing", "i", "nothing is defined", "s is string", "none", "l", "tools")
        t, i = self.text(depth - 1), self.number(depth - 1)
        return self.pick(
            f"{t} == {self.text(depth - 1)}", f"({i}) > {self.number(depth - 1)}", f"'a' in {t}", f"not ({self.test(depth - 1)})",
            f"({t}) is string", f"({i}) is number", f"({i}) is odd", f"({i}) is divisibleby(3)", "d is mapping",
            f"({self.list(depth - 1)}) is iterable", f"({t}) is not none", f"({self.test(depth - 1)}) and ({self.test(depth - 1)})",
            f"({self.test(depth - 1)}) or ({self.test(depth - 1)})", f"({t}).startswith('a')", f"({t}).endswith(('a', 'x'))",
            f"1 < ({i}) <= 3", f"{t} != {i}", f"({i}) in {self.list(depth - 1)}", "'k' not in d", f"({t}) is defined and true",
            f"({i}) is sameas 1" if self.source.random() < 0.05 else f"({i}) is integer", f"({i}) == ({i})",
            f"({self.list(depth - 1)}) == ({self.list(depth - 1)})", f"({t}).isdigit()", f"({t}) is lower", f"({t}) < ({self.text(depth - 1)})",
        )

    def value(self, depth):
        return self.pick(self.text, self.text, self.text, self.number, self.list, self.test)(depth)

    def space(self):
        return self.pick("", "", " ", "\n", "  \n", "\n  ", "x", "\n\n", "\t")

    def tag(self, inside):
        return self.pick("{%", "{%", "{%-", "{%+") + " " + inside + " " + self.pick("%}", "%}", "-%}", "+%}")

    def block(self, depth):
        if depth <= 0:
            return self.space() + self.pick("{{", "{{-") + " " + self.value(self.source.randrange(3)) + " " + self.pick("}}", "-}}")
        kind = self.source.randrange(9)
        inner = lambda: "".join(self.block(depth - 1 - self.source.randrange(2)) for _ in range(self.source.randrange(1, 3)))
        if kind < 2:
            parts = [self.tag(f"if {self.test(1)}"), inner()]
            if self.source.random() < 0.3:
                parts += [self.tag(f"elif {self.test(1)}"), inner()]
            if self.source.random() < 0.5:
                parts += [self.tag("else"), inner()]
            return self.space() + "".join(parts) + self.tag("endif")
        if kind < 4:
            target = self.pick("s", "x", "m")
            sequence = self.list(self.source.randrange(2))
            test = f" if {self.test(0)}" if self.source.random() < 0.2 else ""
            other = self.tag("else") + inner() if self.source.random() < 0.2 else ""
            leave = self.tag("if loop.index > 2") + self.tag(self.pick("break", "continue")) + self.tag("endif") if self.source.random() < 0.2 else ""
            body = self.pick("{{ loop.index }}", "{{ loop.last }}", f"{{{{ {target} }}}}", "{{ loop.revindex0 }}", "{{ loop.previtem }}", "{{ loop.cycle('a', 'b') }}") + leave + inner()
            return self.space() + self.tag(f"for {target} in {sequence}{test}") + body + other + self.tag("endfor")
        if kind == 4:
            return self.space() + self.tag(f"set {self.pick('s', 'i', 'l', 'y')} = {self.value(1)}")
        if kind == 5:
            return self.space() + self.tag("set ns = namespace(a=1, b='x')") + self.tag(f"for x in {self.list(0)}") + self.tag("set ns.a = ns.a + 1") + self.tag("endfor") + "{{ ns.a }}{{ ns.b }}"
        if kind == 6:
            return self.space() + self.tag(f"macro f(p, q={self.text(0)})") + "{{ p }}" + inner() + "{{ q }}" + self.tag("endmacro") + "{{ f(" + self.value(1) + ") }}" + self.pick("", "{{ f(1, q=2)|trim }}")
        if kind == 7:
            return self.space() + self.pick("{#", "{#-") + " note " + self.pick("#}", "-#}") + self.space()
        return self.space() + self.tag("set z") + inner() + self.tag("endset") + "{{ z|length }}"

    def template(self):
        head = "{% set s = 'a Bàc' %}{% set i = 3 %}{% set l = ['q', 'a', 3] %}{% set d = {'k': 'v', 'n': 2, 'e': [1, none]} %}"
        return head + "".join(self.block(self.source.randrange(4)) for _ in range(self.source.randrange(1, 5))) + self.space()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--passo", default=".build/release/passo")
    parser.add_argument("--fuzz", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", action="append", default=[])
    options = parser.parse_args()
    passo = str(pathlib.Path(options.passo).resolve())
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        named = {name: (template, TOKENS, scratch / name) for name, template in SHAPES.items()}
        for path in options.folder:
            config = json.loads((pathlib.Path(path) / "tokenizer_config.json").read_text(encoding="utf-8"))
            tokens = {key: config[key] for key in TOKENS if isinstance(config.get(key), str)}
            named[path] = (config["chat_template"], tokens, pathlib.Path(path))
        for name, (template, tokens, folder) in named.items():
            if folder.parent == scratch:
                write(folder, template, tokens)
            equal, refused = 0, 0
            for number, chat in enumerate(CHATS):
                one, other = theirs(template, chat, tokens), mine(passo, folder, chat)
                if one == other:
                    equal += 1
                elif one[0] == other[0] == "error":
                    refused += 1
                else:
                    bad += 1
                    print(f"{name}, chat {number}:", repr(one)[:600], repr(other)[:600], sep="\n    ")
            print(f"{name:12} {len(CHATS)} chats: {equal} texts equal, {refused} refused by both")
        source = random.Random(options.seed)
        counts, reasons = collections.Counter(), collections.Counter()
        for number in range(options.fuzz):
            template = Fuzz(source).template()
            folder = scratch / "fuzz"
            write(folder, template, TOKENS)
            chat = source.choice(CHATS)
            one, other = theirs(template, chat, TOKENS), mine(passo, folder, chat)
            if one == other:
                counts["equal"] += 1
            elif one[0] == other[0] == "error":
                counts["refused by both"] += 1
            elif other[0] == "error" and "which Passo does not read" in other[1]:
                counts["not read"] += 1
                reasons[other[1].split("uses ")[-1].split(",")[0]] += 1
            else:
                counts["DIFFERENT"] += 1
                bad += 1
                if counts["DIFFERENT"] <= 12:
                    print(repr(template), repr(one)[:500], repr(other)[:500], sep="\n    ")
        print(f"random       {options.fuzz} templates: {dict(counts)}; not read: {dict(reasons)}")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
