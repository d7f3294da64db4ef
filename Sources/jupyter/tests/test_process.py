# SPDX-License-Identifier: MIT
"""The program behind the kernel, without Jupyter."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from passo_kernel.history import History
from passo_kernel.install import KERNELS, install, specification
from passo_kernel.outputs import Outputs
from passo_kernel.process import PassoMissing, PassoProcess, find_program, language_options


def answer(passo: PassoProcess, do: str, text: str, cursor: int | None = None) -> list[dict]:
    return list(passo.ask(do, text, cursor))


@pytest.fixture
def passo():
    process = PassoProcess()
    yield process
    process.close()


def test_lines_and_their_figures(passo) -> None:
    events = answer(passo, "execute", ":pairs\n# a comment\n1 + 2")
    assert [event["event"] for event in events] == ["line", "figure", "line", "figure", "done"]
    assert events[2]["number"] == 3
    assert events[1]["html"].startswith('<div class="passo"')
    assert events[-1]["outcome"] == "done" and events[-1]["position"] == "0:0"


def test_cursors_count_characters_outside_the_basic_plane(passo) -> None:
    text = ':text "\U0001f408"\n:pair'
    found = answer(passo, "complete", text, len(text))[-1]
    assert (found["start"], found["end"], found["matches"]) == (
        len(text) - 5,
        len(text),
        [":pairs"],
    )


def test_an_interrupt_keeps_what_was_learned(passo) -> None:
    events = []
    for event in passo.ask("execute", ":train 1000000\n:pairs", None):
        # Something has been learned by then.
        if event["event"] == "progress" and not any(e["event"] == "progress" for e in events):
            passo.interrupt()
        events.append(event)
    assert events[-1]["outcome"] == "interrupted"
    assert int(events[-1]["position"].split(":")[0]) > 0
    assert answer(passo, "execute", "1 + 2")[-1]["outcome"] == "done"


def test_leaving(passo) -> None:
    assert answer(passo, "execute", ":quit")[-1]["outcome"] == "finished"
    passo.close()
    assert passo.status == 0
    assert answer(passo, "execute", ":step") == [{"event": "gone"}]


def test_the_program_is_found(tmp_path: Path) -> None:
    program = tmp_path / "passo"
    with pytest.raises(PassoMissing, match="which is no program"):
        find_program({"PASSO": str(program)})
    program.write_text('#!/bin/sh\necho \'{"event": "hello", "protocol": 99}\'\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert find_program({"PASSO": str(program)}) == str(program)
    assert find_program({"PATH": str(tmp_path)}) == str(program)
    with pytest.raises(PassoMissing, match="does not speak protocol 1"):
        PassoProcess({**os.environ, "PASSO": str(program)})


def test_what_the_kernel_says_is_in_the_language_of_the_person(tmp_path: Path) -> None:
    with pytest.raises(PassoMissing, match="non lo trova"):
        find_program({"PATH": str(tmp_path), "PASSO_LANG": "it"})
    with pytest.raises(PassoMissing, match="non è un programma"):
        find_program({"PASSO": "/nowhere", "LANG": "it_IT.UTF-8"})
    with pytest.raises(PassoMissing, match="which is no program"):
        find_program({"PASSO": "/nowhere", "PASSO_LANG": "en", "LANG": "it_IT.UTF-8"})


def test_languages() -> None:
    assert language_options({"PASSO_LANG": "it_IT.UTF-8"}) == ["--lang", "it"]
    assert language_options({"PASSO_LANG": "fr"}) == []
    assert language_options({}) == []


def test_specifications_are_installed(tmp_path: Path, capsys) -> None:
    install(["--prefix", str(tmp_path)])
    written = sorted(tmp_path.rglob("kernel.json"))
    assert [path.parent.name for path in written] == ["passo", "passo_it"]
    assert specification("passo_it")["env"] == {"PASSO_LANG": "it"}
    assert (KERNELS / "passo" / "kernel.json").is_file()
    assert "Passo (italiano)" in capsys.readouterr().out


def test_the_last_expression_is_the_result() -> None:
    sent = []
    outputs = Outputs(lambda kind, content: sent.append((kind, content)), 7)
    figure = {"event": "figure", "text": "= 3\n", "html": "<p>= 3</p>"}
    for event in [{"event": "line", "text": "1 + 2"}, figure] * 2:
        outputs.take(event)
    outputs.take({"event": "progress", "text": "1/2"})
    outputs.take({"event": "progress", "text": None})
    outputs.end()
    kinds = [kind for kind, _ in sent]
    assert kinds == ["display_data", "display_data", "display_data", "update_display_data"]
    outputs.take(figure)
    outputs.end()
    assert sent[-1] == (
        "execute_result",
        {
            "data": {"text/plain": "= 3", "text/html": "<p>= 3</p>"},
            "metadata": {},
            "execution_count": 7,
        },
    )


def test_history() -> None:
    history = History()
    for code in ["a", "b", "a"]:
        history.add(code, code.upper())
    assert history.find("tail", n=2) == [(1, 2, "b"), (1, 3, "a")]
    assert history.find("range", output=True, start=1, stop=2) == [(1, 1, ("a", "A"))]
    assert history.find("search", pattern="a", unique=True) == [(1, 3, "a")]
