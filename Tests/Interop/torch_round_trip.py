#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A training goes to PyTorch and comes back, and nothing of it is lost.

    pip install torch transformers tokenizers safetensors numpy
    swift build -c release
    python3 Tests/Interop/torch_round_trip.py [--program .build/release/passo] [--case NAME]

Each case trains 20 steps in Passo, hands the training over by `passo export --torch`, has `torchrun`
go on to step 40 on one, two or four processes (gloo), with DDP or FSDP, and Passo on to step 60 by
`--resume`. The losses, gradient norms and learning rates are held against those of 60 steps in
Passo alone (1e-4 relative; the norm 1e-3), and so are the weights at the end. One case is stopped
by SIGTERM in PyTorch and goes on there; one has a number of processes that does not divide the rows.
The folder between has to open in transformers. The case "chat model" fine-tunes one that transformers
and tokenizers have made: its chat template, special tokens and way to generate have to be the same
on all the way. A minute a case.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (AutoModelForCausalLM, AutoTokenizer, GenerationConfig, LlamaConfig,
                          LlamaForCausalLM, PreTrainedTokenizerFast)

TEXT = pathlib.Path(__file__).resolve().parents[2] / "README.md"
COMMON = ["--batch", "8", "--context", "32", "--lr", "1e-3"]
COSINE = ["--schedule", "cosine", "--decay-steps", "60", "--warmup", "5", "--min-lr", "1e-4"]
# What is trained, how many processes, and what train.py is told.
CASES = {
    "gpt2 chars cosine": (["--preset", "piccolo", "--tokenizer", "chars", *COSINE], 2, []),
    "gpt2 words accumulate": (["--preset", "gatto-2", "--tokenizer", "words", "--accumulate", "4",
                               "--schedule", "linear", "--decay-steps", "60"], 4, []),
    "llama bpe trapezoid": (["--preset", "gatto-llama", "--tokenizer", "bpe", "--vocab-size", "300",
                             "--schedule", "trapezoid", "--decay-steps", "60"], 2, []),
    "llama fsdp": (["--preset", "gatto-llama", "--tokenizer", "chars", *COSINE], 2, ["--fsdp"]),
    "gpt2 fsdp accumulate": (["--preset", "piccolo", "--tokenizer", "bpe", "--vocab-size", "400",
                              "--accumulate", "4", "--clip", "0.5"], 2, ["--fsdp"]),
    "tied, one process": (["--preset", "gatto-tied", "--tokenizer", "chars", "--clip", "0",
                           "--weight-decay", "0"], 1, []),
    "middle": (["--preset", "gatto-2", "--tokenizer", "words", "--objective", "middle"], 2, []),
    "ahead, f64": (["--preset", "gatto-2", "--tokenizer", "chars", "--objective", "ahead 2",
                    "--precision", "f64"], 4, []),
    "language": (["--corpus", "gatto-1", "--decay-steps", "60"], 2, []),
    "task": (["--corpus", "eco"], 2, ["--fsdp"]),
    "chat model": (["--model", "CHAT", "--warmup", "2"], 2, []),
}
CHAT = [{"role": "user", "content": "Chi sei?"}, {"role": "assistant", "content": "Un gatto."}]
TEMPLATE = ("{% for m in messages %}<|im_start|>{{ m.role }}: {{ m.content | trim }}<|im_end|>{% endfor %}"
            "{{ '<|im_start|>assistant: ' if add_generation_prompt }}")


def make_chat_model(folder):
    """A small Llama with all that a chat model has beside its weights."""
    tokens = Tokenizer(models.BPE())
    tokens.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokens.decoder = decoders.ByteLevel()
    tokens.train([str(TEXT)], trainers.BpeTrainer(
        vocab_size=400, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<pad>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"]))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=tokens, bos_token="<s>", eos_token="<|im_end|>", pad_token="<pad>",
        additional_special_tokens=["<|im_start|>"])
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(0)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64,
        bos_token_id=1, eos_token_id=4, pad_token_id=0))
    # Other ends than config.json says, as many chat models have them.
    model.generation_config = GenerationConfig(
        bos_token_id=1, eos_token_id=[4, 2], pad_token_id=0, do_sample=True, top_p=0.9)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def chat_words(folder):
    """What transformers makes of the files beside the weights."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    generation = GenerationConfig.from_pretrained(folder).to_dict()
    generation.pop("transformers_version", None)
    shown = [tokenizer.apply_chat_template(CHAT, add_generation_prompt=more, tokenize=False)
             for more in (False, True)]
    return shown, tokenizer(shown[0])["input_ids"], tokenizer.special_tokens_map, generation


class Trip:
    """One case, in a folder of its own."""

    def __init__(self, name, program, root):
        words, self.processes, self.told = CASES[name]
        self.words = [str(root / "chat") if word == "CHAT" else word for word in words]
        self.name, self.program, self.root = name, program, root
        self.data = [] if "--corpus" in self.words else ["--text", str(TEXT), *COMMON]

    def passo(self, *words):
        done = subprocess.run([self.program, *words, "--lang", "en"], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{self.name}: passo {' '.join(words)}: {done.stderr}")
        return done.stdout

    def train(self, out, steps):
        log = ["--log", str(self.root / f"{out}.jsonl")]
        self.passo("train", *self.words, *self.data, "--steps", str(steps), *log,
                   "--sample-every", "0", "--out", str(self.root / out))

    def torchrun(self, processes=None):
        count = processes or self.processes
        words = [sys.executable, "-m", "torch.distributed.run", f"--nproc_per_node={count}",
                 "--master_port", str(29500 + os.getpid() % 400), str(self.root / "torch/train.py")]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        return subprocess.Popen(words + self.told, env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, process):
        output, errors = process.communicate()
        if process.returncode:
            sys.exit(f"{self.name}: torchrun: {errors[-2000:]}")
        return output

    def stop_midway(self):
        """Sends SIGTERM to PyTorch as soon as some steps are in the log, and goes on later."""
        process = self.torchrun()
        log = self.root / "torch/log.jsonl"
        while len(log.read_text().splitlines()) < 24 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        process.communicate()
        return len(log.read_text().splitlines())

    def run(self, stops=False):
        if self.name == "chat model":
            make_chat_model(self.root / "chat")
        self.train("whole", 60)
        self.train("run", 20)
        self.passo("export", "--torch", str(self.root / "torch"), "--model", str(self.root / "run"),
                   "--steps", "40")
        stopped = self.stop_midway() if stops else None
        self.finish(self.torchrun())
        self.opens()
        self.passo("train", "--resume", "--out", str(self.root / "torch"), "--steps", "60",
                   "--sample-every", "0")
        if self.name == "chat model":
            before = chat_words(self.root / "chat")
            assert all(chat_words(self.root / name) == before for name in ("run", "torch"))
        gaps = self.gaps() | {"weights": self.weights()}
        bad = gaps["loss"] > 1e-4 or gaps["grad_norm"] > 1e-3 or gaps["lr"] > 1e-6
        bad = bad or gaps["weights"] > 1e-3
        print(f"{'FAILED' if bad else 'ok':7}{self.name}: {self.processes} processes",
              *self.told, " ".join(f"{key} {gap:.1e}" for key, gap in gaps.items()),
              f"stopped at {stopped}" if stops else "", flush=True)
        return not bad

    def opens(self):
        """The folder between opens in transformers."""
        folder = self.root / "torch"
        AutoTokenizer.from_pretrained(folder)
        model, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
        assert not info["missing_keys"] and not info["unexpected_keys"], info
        ids = torch.arange(6)[None]
        assert torch.isfinite(model(input_ids=ids).logits).all()

    def gaps(self):
        """The greatest relative differences to the log of Passo alone, step by step."""
        logs = [[json.loads(line) for line in open(path)]
                for path in (self.root / "whole.jsonl", self.root / "torch/log.jsonl")]
        assert [line["step"] for line in logs[1]] == list(range(1, 61)), self.name
        kernels = [line.get("kernels") for line in logs[1]]
        assert kernels[20:40] == ["pytorch"] * 20 and "pytorch" not in kernels[:20] + kernels[40:]
        return {key: max(abs(a[key] - b[key]) / max(abs(a[key]), 1e-12) for a, b in zip(*logs))
                for key in ("loss", "grad_norm", "lr")}

    def weights(self):
        """How far the weights after 60 steps are apart, to their length.

        All together: AdamW makes a step of rounding alone where a gradient is 0, as that of the
        bias of keys, so that single weights may differ.
        """
        one, other = (load_file(self.root / out / "model.safetensors") for out in ("whole", "torch"))
        assert one.keys() == other.keys()
        length = sum(one[key].square().sum() for key in one).sqrt()
        return (sum((one[key] - other[key]).square().sum() for key in one).sqrt() / length).item()

    def indivisible(self):
        """A number of processes that does not divide the rows is refused in a sentence."""
        process = self.torchrun(processes=3)
        _, errors = process.communicate()
        said = "as many processes as divide 8 rows, got 3"
        assert process.returncode and said in errors, errors
        print("ok     three processes: refused", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/passo")
    parser.add_argument("--case", choices=[*CASES, "indivisible"])
    chosen = parser.parse_args()
    results = []
    for number, name in enumerate([chosen.case] if chosen.case in CASES else CASES):
        with tempfile.TemporaryDirectory() as root:
            trip = Trip(name, chosen.program, pathlib.Path(root))
            results.append(trip.run(stops=number == 0))
            if number == 0:
                trip.passo("export", "--torch", f"{root}/three", "--model", f"{root}/run",
                           "--steps", "40")
                (pathlib.Path(root) / "torch").rename(pathlib.Path(root) / "old")
                (pathlib.Path(root) / "three").rename(pathlib.Path(root) / "torch")
                trip.indivisible()
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
