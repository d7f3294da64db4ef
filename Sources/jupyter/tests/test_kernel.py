# SPDX-License-Identifier: MIT
"""The kernel as front ends see it, by jupyter_kernel_test and a few questions more."""

from __future__ import annotations

import os
import time
from pathlib import Path

import jupyter_kernel_test
from jupyter_client.manager import start_new_kernel


class PassoKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "passo"
    language_name = "passo"
    file_extension = ".passo"

    code_hello_world = ':text "hello, world"\n:generate "hello, world" 1'
    code_generate_error = ":show atn"
    code_execute_result = [  # noqa: RUF012
        {"code": "1 + 2", "result": "1 + 2 = 3"},
        {"code": "let a = [1, 2]\nsum(a)", "result": "sum(a) = 3"},
        {"code": "softmax([0, 0])", "mime": "text/html"},
        {"code": "softmax([0, 0])", "mime": "image/svg+xml"},
    ]
    code_display_data = [  # noqa: RUF012
        {"code": ":pairs", "mime": "text/html"},
        {"code": ":show mask", "mime": "image/svg+xml"},
        {"code": ":train 3\n:show loss", "mime": "image/svg+xml"},
    ]
    completion_samples = [  # noqa: RUF012
        {"text": ":pair", "matches": [":pairs"]},
        {"text": ":step\n:show blocks.0.attn.pat", "matches": ["blocks.0.attn.pattern"]},
        {"text": "softm", "matches": ["softmax"]},
        {"text": "naught.such", "matches": []},
    ]
    complete_code_samples = [":step", "1 + 2", "", "# a comment"]  # noqa: RUF012
    invalid_code_samples = [':text "Il gatto']  # noqa: RUF012
    code_inspect_sample = ":show logits"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1 +*"

    def outputs(self, code: str) -> tuple[dict, list[dict]]:
        self.flush_channels()
        return self.execute_helper(code)

    def test_inspection_explains_values_and_commands(self) -> None:
        for code, words in [
            ("blocks.0.attn.pattern[0, 1]", ["softmax(blocks.0.attn.masked)"]),
            (":pairs", ["shows", "examples"]),
            ("softmax(logits)", ["softmax(x"]),
        ]:
            self.flush_channels()
            self.kc.inspect(code, 3)
            data = self.get_non_kernel_info_reply(timeout=15)["content"]["data"]
            for word in words:
                self.assertIn(word, data["text/plain"])
            self.assertIn("<div", data["text/html"])

    def test_errors_say_where_and_what_to_do(self) -> None:
        reply, outputs = self.outputs(":step\n:show atn\n:step")
        self.assertEqual(reply["content"]["ename"], "Passo")
        text = "\n".join(outputs[-1]["content"]["traceback"])
        self.assertIn("^^^", text)
        self.assertIn("hint: ", text)
        self.assertEqual(outputs[-1]["msg_type"], "error")

    def test_silence(self) -> None:
        self.flush_channels()
        _, outputs = self.execute_helper(":pairs", silent=True)
        self.assertEqual(outputs, [])


# The machinery of those tests, without the tests themselves.
ALL = {name: None for name in dir(jupyter_kernel_test.KernelTests) if name.startswith("test_")}
OwnTests: type = type("OwnTests", (jupyter_kernel_test.KernelTests,), ALL)


class InterruptTests(OwnTests):
    """Training pauses, and what was learned is kept; the cells that wait do not run."""

    kernel_name = "passo"

    def test_training_pauses(self) -> None:
        self.flush_channels()
        first = self.kc.execute(":train 1000000")
        later = self.kc.execute(":mark later")
        time.sleep(2)
        self.km.interrupt_kernel()
        replies = {}
        while len(replies) < 2:
            reply = self.get_non_kernel_info_reply(timeout=15)
            replies[reply["parent_header"]["msg_id"]] = reply["content"]
        self.assertEqual(replies[first]["ename"], "KeyboardInterrupt")
        self.assertEqual(replies[later]["status"], "aborted")
        self.flush_channels()
        reply, outputs = self.execute_helper(":where")
        self.assertEqual(reply["content"]["status"], "ok")
        text = outputs[0]["content"]["data"]["text/plain"]
        updates = int("".join(c for c in text.split(",")[0] if c.isdigit()))
        self.assertGreater(updates, 5)

    def test_restart_begins_anew(self) -> None:
        self.flush_channels()
        self.execute_helper(":train 2")
        self.km.restart_kernel(now=False)
        self.kc.wait_for_ready(timeout=30)
        self.flush_channels()
        _, outputs = self.execute_helper(":where")
        self.assertIn("update 0, ", outputs[0]["content"]["data"]["text/plain"])


class LessonTests(OwnTests):
    """A lesson that is typed: its questions and its lines are cells."""

    kernel_name = "passo"

    def text(self, code: str) -> tuple[dict, str]:
        self.flush_channels()
        reply, outputs = self.execute_helper(code)
        texts = [
            message["content"].get("text") or message["content"]["data"]["text/plain"]
            for message in outputs
        ]
        return reply["content"], "\n".join(texts)

    def test_a_lesson(self) -> None:
        reply, text = self.text(":lesson 1 restart" if self.has_record() else ":lesson 1")
        self.assertIn("How many hours", text)
        self.assertEqual(reply["payload"], [])
        reply, _ = self.text("1389")
        self.assertEqual(
            reply["payload"],
            [{"source": "set_next_input", "text": "1000000 * 5 / 3600", "replace": False}],
        )
        self.text(":continue")
        _, text = self.text(":continue")
        self.assertIn("you predicted 1389", text)

    @staticmethod
    def has_record() -> bool:
        return any(Path(os.environ["XDG_STATE_HOME"]).rglob("*.passo"))


def test_a_program_that_is_not_there_is_one_sentence(monkeypatch) -> None:
    monkeypatch.setenv("PASSO", "/nowhere/passo")
    manager, client = start_new_kernel(kernel_name="passo")
    try:
        reply = client.execute(":step", reply=True, timeout=15)["content"]
        assert reply["status"] == "error"
        assert reply["evalue"] == "$PASSO is '/nowhere/passo', which is no program that can be run"
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
