#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds Passo's model folders against PyTorch, transformers and tokenizers, in both directions.

    pip install torch transformers tokenizers safetensors numpy
    swift build -c release
    python3 Tests/Interop/compare_with_transformers.py [--passo .build/release/passo]

For each family: a model is trained for a few steps here and opened there, and a model with random
weights made there is opened, trained and continued here. Logits must agree within 1e-4, losses of
training within 1e-4 relative, greedy tokens exactly, ids of the tokenizer exactly. Ends with status
1 if anything differs.
"""
import argparse, json, pathlib, subprocess, sys, tempfile

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import (AutoModelForCausalLM, AutoTokenizer, GPT2Config, GPT2LMHeadModel,
                          LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM)

SENTENCES = [
    "Il gatto dorme sul divano.", "La nonna guarda il gatto, che dorme.",
    "Perché l'aquila vola? Perché sì!", "Un caffè costa 1,20 €: è (quasi) gratis…",
    "Il cane corre\tnel giardino; il gatto no.", "«Ciao» — disse la volpe.",
]


class Comparison:
    def __init__(self, passo, folder):
        self.passo, self.folder, self.failures = passo, folder, 0

    def run(self, *arguments):
        done = subprocess.run([str(self.passo), *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"passo {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout

    def check(self, what, value, limit):
        verdict = "ok" if value <= limit else "DIFFERS"
        self.failures += value > limit
        print(f"{what:58s} {value:.2e} (limit {limit:.0e}) {verdict}")

    def logits(self, model, name, folder, ids, precision):
        """Our logits for a model folder, against those of a transformers model."""
        tokens, out = self.folder / "tokens.json", self.folder / "trace.safetensors"
        tokens.write_text(json.dumps({"inputs": ids.tolist()}))
        self.run("trace", "--model", folder, "--tokens", tokens, "--out", out, "--precision", precision)
        with torch.no_grad():
            theirs = model(ids).logits.double()
        self.check(f"{name}: logits in {precision}", (load_file(out)["logits"].double() - theirs).abs().max().item(), 1e-4)

    def greedy(self, model, name, folder, prompt, count):
        made = json.loads(self.run("generate", "--model", folder, "--tokens", json.dumps(prompt),
                                   "--max-new-tokens", count, "--temperature", "0", "--json"))["tokens"]
        ids = torch.tensor([prompt])
        with torch.no_grad():
            for _ in made:
                ids = torch.cat([ids, model(ids).logits[:, -1].argmax(-1, keepdim=True)], 1)
        self.check(f"{name}: greedy tokens that differ", sum(a != b for a, b in zip(made, ids[0, len(prompt):].tolist())), 0)


def ours_there(c, preset):
    """Trained here, opened there."""
    text, out = c.folder / "text.txt", c.folder / f"{preset}-trained"
    text.write_text("\n".join(SENTENCES) + "\n")
    c.run("train", "--preset", preset, "--text", text, "--context", "8", "--steps", "5", "--out", out, "--seed", "3")
    model = AutoModelForCausalLM.from_pretrained(out, attn_implementation="eager").eval()
    ids = torch.randint(0, model.config.vocab_size, (2, 8))
    c.logits(model, f"{preset}, trained here", out, ids, "f32")
    c.greedy(model, f"{preset}, trained here", out, [0, 1], 6)
    fast, auto = Tokenizer.from_file(str(out / "tokenizer.json")), AutoTokenizer.from_pretrained(out)
    start, stream = fast.token_to_id("<start>"), []
    made = subprocess.run([str(c.passo), "tokenizer", "encode", "--tokenizer", str(out / "tokenizer.json"), "--json"],
                          input="".join(json.dumps(s) + "\n" for s in SENTENCES), capture_output=True, text=True)
    ours = [json.loads(line) for line in made.stdout.splitlines()]
    theirs = [fast.encode(s).ids for s in SENTENCES]
    c.check(f"{preset}: tokenizer, sentences that differ", sum(a != b for a, b in zip(ours, theirs, strict=True)), 0)
    c.check(f"{preset}: AutoTokenizer, sentences that differ", sum(a != auto.encode(s) for a, s in zip(ours, SENTENCES)), 0)
    for ids in ours: stream += [start] + ids
    stream.append(start)
    # What training read: one row of the whole text, its loss by our tokens and by theirs.
    rows = {"inputs": [stream[:8]], "targets": [stream[1:9]]}
    (c.folder / "row.json").write_text(json.dumps(rows))
    log = c.folder / f"{preset}-row.jsonl"
    c.run("train", "--model", out, "--tokens", c.folder / "row.json", "--steps", 1, "--out", c.folder / f"{preset}-row", "--log", log)
    with torch.no_grad():
        loss = torch.nn.functional.cross_entropy(model(torch.tensor(rows["inputs"])).logits[0].double(),
                                                 torch.tensor(rows["targets"][0])).item()
    c.check(f"{preset}: loss of a row of text", abs(json.loads(log.read_text())["loss"] - loss) / loss, 1e-4)


def theirs_here(c, name, model, shards=None):
    """Made there, opened, trained and continued here."""
    model = model.eval()
    with torch.no_grad():
        for key, weight in model.named_parameters():
            norm = "ln" in key or "norm" in key
            weight.normal_(1.0 if norm and key.endswith("weight") else 0.0, 0.1 if norm or key.endswith("bias") else 0.25)
    folder = c.folder / name
    model.save_pretrained(folder, **({"max_shard_size": shards} if shards else {}))
    vocabulary = model.config.vocab_size
    room = getattr(model.config, "max_position_embeddings", None) or model.config.n_positions
    for batch, length in [(1, 1), (3, 5), (2, room)]:
        ids = torch.randint(0, vocabulary, (batch, length))
        c.logits(model, f"{name}, {batch} × {length}", folder, ids, "f32")
    # Beyond its positions there is nothing to compare: Passo slides the window, transformers stops.
    c.greedy(model, name, folder, [1, 2, 3], room - 3)
    train_both(c, name, model, folder, vocabulary)


def train_both(c, name, model, folder, vocabulary):
    """Four steps of AdamW with clipping on one batch, here and there."""
    inputs, targets = torch.randint(0, vocabulary, (2, 7)), torch.randint(0, vocabulary, (2, 7))
    (c.folder / "batch.json").write_text(json.dumps({"inputs": inputs.tolist(), "targets": targets.tolist()}))
    log, out = c.folder / f"{name}.jsonl", c.folder / f"{name}-out"
    c.run("train", "--model", folder, "--tokens", c.folder / "batch.json", "--steps", 4, "--lr", 0.003,
          "--weight-decay", 0.1, "--clip", 1.0, "--warmup", 0, "--schedule", "constant",
          "--out", out, "--log", log)
    model = model.double().train()
    groups = [{"params": [p for p in model.parameters() if p.dim() >= 2], "weight_decay": 0.1},
              {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=0.003, betas=(0.9, 0.95), eps=1e-8)
    worst = 0.0
    for line in log.read_text().splitlines():
        optimizer.zero_grad()
        logits = model(inputs).logits.double()
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, vocabulary), targets.reshape(-1))
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item()
        ours = json.loads(line)
        worst = max(worst, abs(ours["loss"] - loss.item()) / loss.item(), abs(ours["grad_norm"] - norm) / norm)
        optimizer.step()
    c.check(f"{name}: losses and gradient norms of 4 steps", worst, 1e-4)
    again = AutoModelForCausalLM.from_pretrained(out, attn_implementation="eager").eval()
    ids = torch.randint(0, vocabulary, (2, 6))
    with torch.no_grad():
        difference = (again(ids).logits.double() - model.eval()(ids).logits.double()).abs().max().item()
    # AdamW blows up the rounding of gradients near zero, as those of key biases.
    c.check(f"{name}: logits after training, ours opened there", difference, 1e-4)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passo", type=pathlib.Path, default=pathlib.Path(".build/release/passo"))
    passo = parser.parse_args().passo.resolve()
    torch.manual_seed(5)
    with tempfile.TemporaryDirectory() as folder:
        c = Comparison(passo, pathlib.Path(folder))
        for preset in ("gatto", "gatto-tied", "gatto-llama"):
            ours_there(c, preset)
        eager = dict(attn_implementation="eager", bos_token_id=0, eos_token_id=0)
        theirs_here(c, "gpt2", GPT2LMHeadModel(GPT2Config(
            vocab_size=61, n_positions=20, n_embd=36, n_layer=3, n_head=3, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, **eager)))
        theirs_here(c, "gpt2-sharded", GPT2LMHeadModel(GPT2Config(
            vocab_size=61, n_positions=20, n_embd=36, n_layer=3, n_head=3, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, **eager)),
            shards="60KB")
        sizes = dict(vocab_size=53, hidden_size=32, intermediate_size=44, num_hidden_layers=2, num_attention_heads=4,
                     max_position_embeddings=24)
        theirs_here(c, "llama-mqa", LlamaForCausalLM(LlamaConfig(**sizes, num_key_value_heads=1, tie_word_embeddings=True, **eager)))
        theirs_here(c, "llama-bias", LlamaForCausalLM(LlamaConfig(
            **sizes, num_key_value_heads=2, head_dim=6, attention_bias=True, rope_parameters={"rope_type": "default", "rope_theta": 500000.0}, **eager)))
        theirs_here(c, "qwen2", Qwen2ForCausalLM(Qwen2Config(**sizes, num_key_value_heads=2, **eager)))
        if c.failures:
            sys.exit(f"{c.failures} comparisons differ")
        print("everything agrees")


if __name__ == "__main__":
    main()
