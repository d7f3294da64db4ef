#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lets transformers write a config.json and nothing else, and Passo begin a model with it.

    pip install torch transformers safetensors numpy
    swift build -c release
    python3 Tests/Interop/begin_from_config.py [--passo .build/release/passo]

`GPT2Config(...).save_pretrained(folder)` and those of Llama and Qwen2 write a folder without weights.
`passo train --model folder` has to train a new model of those sizes, which transformers must open with
the same sizes and equal logits (1e-4 relative to the largest); a file with a wrong or a missing size
must be refused as it is with weights beside it. Ends with status 1 if anything is otherwise.
"""
import argparse, json, os, pathlib, subprocess, sys, tempfile

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig, Qwen2Config

LLAMA = dict(vocab_size=53, hidden_size=24, intermediate_size=36, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=24)
CONFIGS = [
    ("gpt2", GPT2Config(vocab_size=61, n_positions=20, n_embd=24, n_layer=2, n_head=3)),
    ("gpt2, an MLP of its own, untied", GPT2Config(vocab_size=40, n_positions=16, n_embd=16, n_layer=1, n_head=2, n_inner=40,
                                                 tie_word_embeddings=False)),
    ("llama", LlamaConfig(**LLAMA)), ("llama, head_dim", LlamaConfig(**LLAMA, head_dim=10, attention_bias=True)),
    ("qwen2", Qwen2Config(**LLAMA)),
]
SIZES = ["vocab_size", "n_positions", "n_embd", "n_layer", "n_head", "hidden_size", "intermediate_size", "num_hidden_layers",
         "num_attention_heads", "num_key_value_heads", "max_position_embeddings", "head_dim"]
WRONG = [
    ("a missing size", lambda c: c.pop("n_layer"), "n_layer"), ("a negative size", lambda c: c.update(n_embd=-4), "n_embd"),
    ("heads that do not divide", lambda c: c.update(n_head=5), "n_head"),
    ("another activation", lambda c: c.update(activation_function="mish"), "activation_function"),
]


class Check:
    def __init__(self, passo, root):
        self.passo, self.root, self.failures = passo, root, 0
        self.text = root / "text.txt"
        self.text.write_text("Il gatto dorme sul divano.\nLa gatta mangia il topo.\nIl topo corre.\n" * 40)

    def say(self, name, problems):
        self.failures += bool(problems)
        print(f"{name:34s} {'; '.join(problems) or 'ok'}")

    def train(self, folder, out):
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.root / "cache")}
        return subprocess.run([str(self.passo), "train", "--model", str(folder), "--text", str(self.text), "--tokenizer", "words",
                               "--steps", "3", "--batch", "2", "--lang", "en", "--out", str(out)],
                              capture_output=True, text=True, env=environment)

    def begins(self, number, name, config):
        folder, out = self.root / f"config{number}", self.root / f"model{number}"
        config.save_pretrained(folder)
        done = self.train(folder, out)
        if done.returncode:
            return self.say(name, [done.stderr.strip() or done.stdout.strip()])
        problems = [] if "holds no weights" in done.stdout + done.stderr else ["nothing is said of it"]
        model = AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32, attn_implementation="eager").eval()
        problems += [f"{size} {getattr(model.config, size)}" for size in SIZES
                     if getattr(config, size, None) not in (None, getattr(model.config, size, None))]
        ids = torch.randint(0, config.vocab_size, (2, 9))
        (self.root / "tokens.json").write_text(json.dumps({"inputs": ids.tolist()}))
        trace = self.root / "trace.safetensors"
        subprocess.run([str(self.passo), "trace", "--model", str(out), "--tokens", str(self.root / "tokens.json"), "--out", str(trace)],
                       check=True, capture_output=True)
        with torch.no_grad():
            theirs = model(ids).logits.double()
        difference = ((load_file(trace)["logits"].double() - theirs).abs().max() / theirs.abs().max()).item()
        problems += [f"logits differ by {difference:.1e}"] if difference > 1e-4 else []
        # A model that has made three steps has left its beginning, but not far.
        spread = next(p for n, p in model.named_parameters() if n.endswith(("wte.weight", "embed_tokens.weight"))).std().item()
        problems += [f"embeddings of {spread:.3f}"] if not 0.015 < spread < 0.03 else []
        self.say(name, problems)

    def refuses(self, number, name, spoil, key):
        folder = self.root / f"wrong{number}"
        CONFIGS[0][1].save_pretrained(folder)
        config = json.loads((folder / "config.json").read_text())
        spoil(config)
        (folder / "config.json").write_text(json.dumps(config))
        out = self.root / f"never{number}"
        done = self.train(folder, out)
        problems = [] if done.returncode == 1 and key in done.stderr else [f"status {done.returncode}: {done.stderr.strip()}"]
        self.say(name, problems + (["a folder is left"] if out.exists() else []))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passo", type=pathlib.Path, default=pathlib.Path(".build/release/passo"))
    passo = parser.parse_args().passo.resolve()
    torch.manual_seed(5)
    with tempfile.TemporaryDirectory() as folder:
        check = Check(passo, pathlib.Path(folder))
        for number, (name, config) in enumerate(CONFIGS):
            check.begins(number, name, config)
        for number, (name, spoil, key) in enumerate(WRONG):
            check.refuses(number, name, spoil, key)
    if check.failures:
        sys.exit(f"{check.failures} of {len(CONFIGS) + len(WRONG)} are otherwise")
    print("all begin, and all wrong ones are refused")


if __name__ == "__main__":
    main()
