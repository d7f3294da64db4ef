#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds models of any knobs against PyTorch: logits, loss, and the gradient of every parameter.

    pip install torch transformers safetensors numpy
    swift build -c release
    python3 Tests/Interop/compare_knobs.py [--passo .build/release/passo] [--models 60] [--seed 1]

Each model is made here from random knobs and trained for two steps; PyTorch computes it anew from
the file of its weights, in f64. Values must agree within 1e-9, gradients within 1e-9 of the largest.
Models that transformers has a place for must open there with equal logits (1e-4, f32); others it
must refuse. Ends with status 1 if anything differs.
"""
import argparse, json, math, pathlib, random, subprocess, sys, tempfile

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForCausalLM

CHOICES = {
    "layers": [1, 2, 3], "heads": [1, 2, 4], "kv-heads": [None, 1, 2], "width": [8, 12, 16],
    "mlp": ["usual", "none", 7], "norm": ["layer", "rms", "none"],
    "positions": ["learned", "sinusoidal", "rotary", "none"], "position-scale": [1, 0.5],
    "activation": ["gelu", "relu", "swiglu"], "attention-scale": ["head", "width", "none"],
    "tied": [True, False], "biases": [True, False], "dropout": [0, 0.2], "init": [0.3, "zero-head"],
}


def draw(rng):
    """Knobs that go together."""
    while True:
        k = {name: rng.choice(values) for name, values in CHOICES.items()}
        heads, kv = k["heads"], k["kv-heads"] or k["heads"]
        if k["width"] % heads or heads % kv or (k["tied"] and k["init"] == "zero-head"): continue
        if k["positions"] == "rotary" and k["width"] // heads % 2: continue
        return k


def options(k):
    words = []
    for name, value in k.items():
        if value is None: continue
        if isinstance(value, bool): words.append(f"--{name}" if value else f"--no-{name}")
        else: words += [f"--{name}", str(value)]
    return words


class Model:
    """The transformer that the knobs describe, from weights under the names of the house plan."""

    def __init__(self, k, weights):
        self.k, self.w = k, weights

    def bias(self, name):
        return self.w.get(name, 0)

    def norm(self, name, x):
        if self.k["norm"] == "none": return x
        eps, gain = 1e-5, self.w[name + ".gain"]
        if self.k["norm"] == "rms": return gain * x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps)
        centred = x - x.mean(-1, keepdim=True)
        return gain * centred / torch.sqrt((centred ** 2).mean(-1, keepdim=True) + eps) + self.bias(name + ".bias")

    def waves(self, length):
        d = self.k["width"]
        t = torch.arange(length, dtype=torch.float64)[:, None]
        i = torch.arange(d, dtype=torch.float64)
        angle = t / 10000 ** ((i - i % 2) / d)
        return self.k["position-scale"] * torch.where(i % 2 == 0, angle.sin(), angle.cos())

    def rotate(self, x):
        if self.k["positions"] != "rotary": return x
        half = x.shape[-1] // 2
        speed = 10000.0 ** (-torch.arange(half, dtype=torch.float64) / half)
        angle = torch.arange(x.shape[1], dtype=torch.float64)[:, None] * speed
        cos, sin = angle.cos()[None, :, None], angle.sin()[None, :, None]
        a, b = x[..., :half], x[..., half:]
        return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)

    def attention(self, p, x):
        q, k, v = (torch.einsum("btd,dhe->bthe", x, self.w[f"{p}.W_{n}"]) + self.bias(f"{p}.b_{n}") for n in "QKV")
        q, k = self.rotate(q), self.rotate(k)
        group = q.shape[2] // k.shape[2]
        k, v = k.repeat_interleave(group, 2), v.repeat_interleave(group, 2)
        divisor = {"head": math.sqrt(q.shape[3]), "width": math.sqrt(self.k["width"]), "none": 1}[self.k["attention-scale"]]
        scores = torch.einsum("bqhe,bkhe->bhqk", q, k) / divisor
        scores = scores.masked_fill(torch.ones_like(scores[0, 0]).triu(1).bool(), -math.inf)
        z = torch.einsum("bhqk,bkhe->bqhe", scores.softmax(-1), v)
        return torch.einsum("bqhe,hed->bqd", z, self.w[f"{p}.W_O"]) + self.bias(f"{p}.b_O")

    def mlp(self, p, x):
        if self.k["activation"] == "swiglu":
            return (F.silu(x @ self.w[f"{p}.W_gate"]) * (x @ self.w[f"{p}.W_up"])) @ self.w[f"{p}.W_down"]
        pre = x @ self.w[f"{p}.W_in"] + self.bias(f"{p}.b_in")
        post = F.relu(pre) if self.k["activation"] == "relu" else F.gelu(pre, approximate="tanh")
        return post @ self.w[f"{p}.W_out"] + self.bias(f"{p}.b_out")

    def __call__(self, tokens):
        x = self.w["W_E"][tokens]
        if self.k["positions"] == "learned": x = x + self.w["W_pos"][:tokens.shape[1]]
        if self.k["positions"] == "sinusoidal": x = x + self.waves(tokens.shape[1])
        for n in range(self.k["layers"]):
            x = x + self.attention(f"blocks.{n}.attn", self.norm(f"blocks.{n}.ln1", x))
            if self.k["mlp"] != "none": x = x + self.mlp(f"blocks.{n}.mlp", self.norm(f"blocks.{n}.ln2", x))
        return self.norm("ln_final", x) @ (self.w["W_E"].T if self.k["tied"] else self.w["W_U"])


def weights_of(folder, config, k):
    """The tensors of a folder under the names of the house plan, in f64."""
    file = {name: tensor.double() for name, tensor in load_file(folder / "model.safetensors").items()}
    if config["model_type"] == "passo": return file
    d, heads, kv = k["width"], k["heads"], k["kv-heads"] or k["heads"]
    ours, isGPT2 = {}, config["model_type"] == "gpt2"
    def put(name, theirs, *shape, turned=False):
        if theirs not in file: return
        tensor = file[theirs].T if turned else file[theirs]
        ours[name] = tensor.reshape(shape or tensor.shape)
    put("W_U", "lm_head.weight", turned=True)
    if isGPT2:
        put("W_E", "transformer.wte.weight"), put("W_pos", "transformer.wpe.weight")
        put("ln_final.gain", "transformer.ln_f.weight"), put("ln_final.bias", "transformer.ln_f.bias")
    else: put("W_E", "model.embed_tokens.weight"), put("ln_final.gain", "model.norm.weight")
    for n in range(k["layers"]):
        b, t = f"blocks.{n}", f"transformer.h.{n}" if isGPT2 else f"model.layers.{n}"
        if isGPT2:
            for place, letter in enumerate("QKV"):
                columns = slice(place * d, (place + 1) * d)
                ours[f"{b}.attn.W_{letter}"] = file[f"{t}.attn.c_attn.weight"][:, columns].reshape(d, heads, d // heads)
                ours[f"{b}.attn.b_{letter}"] = file[f"{t}.attn.c_attn.bias"][columns].reshape(heads, d // heads)
            put(f"{b}.attn.W_O", f"{t}.attn.c_proj.weight", heads, d // heads, d)
            put(f"{b}.attn.b_O", f"{t}.attn.c_proj.bias")
            for norm, theirs in (("ln1", "ln_1"), ("ln2", "ln_2")):
                put(f"{b}.{norm}.gain", f"{t}.{theirs}.weight"), put(f"{b}.{norm}.bias", f"{t}.{theirs}.bias")
            for end, theirs in (("in", "c_fc"), ("out", "c_proj")):
                put(f"{b}.mlp.W_{end}", f"{t}.mlp.{theirs}.weight"), put(f"{b}.mlp.b_{end}", f"{t}.mlp.{theirs}.bias")
        else:
            for letter, count in (("Q", heads), ("K", kv), ("V", kv)):
                theirs = f"{t}.self_attn.{letter.lower()}_proj"
                put(f"{b}.attn.W_{letter}", theirs + ".weight", d, count, d // heads, turned=True)
                put(f"{b}.attn.b_{letter}", theirs + ".bias", count, d // heads)
            put(f"{b}.attn.W_O", f"{t}.self_attn.o_proj.weight", heads, d // heads, d, turned=True)
            put(f"{b}.attn.b_O", f"{t}.self_attn.o_proj.bias")
            put(f"{b}.ln1.gain", f"{t}.input_layernorm.weight"), put(f"{b}.ln2.gain", f"{t}.post_attention_layernorm.weight")
            for part in ("gate", "up", "down"): put(f"{b}.mlp.W_{part}", f"{t}.mlp.{part}_proj.weight", turned=True)
    return ours


class Comparison:
    def __init__(self, passo, folder):
        self.passo, self.folder, self.failures, self.counts = passo, folder, 0, {}

    def run(self, *arguments):
        done = subprocess.run([str(self.passo), *map(str, arguments)], capture_output=True, text=True)
        if done.returncode: sys.exit(f"passo {' '.join(map(str, arguments))}: {done.stderr.strip()}")

    def check(self, what, knobs, value, limit):
        self.counts[what] = max(self.counts.get(what, 0), value)
        if not value <= limit:
            self.failures += 1
            print(f"DIFFERS {what} by {value:.2e}: {' '.join(options(knobs))}")

    def model(self, number, k):
        out, trace, rows = (self.folder / f"{number}{s}" for s in ("", ".safetensors", ".json"))
        generator = torch.Generator().manual_seed(number)
        ids = torch.randint(0, 11, (3, 7), generator=generator)
        inputs, targets = ids[:, :-1], ids[:, 1:].clone()
        targets[1, 4:] = -100
        rows.write_text(json.dumps({"inputs": inputs.tolist(), "targets": targets.tolist()}))
        self.run("train", *options(k), "--tokens", rows, "--steps", 2, "--out", out, "--seed", number)
        self.run("trace", "--model", out, "--tokens", rows, "--out", trace, "--precision", "f64")
        config, values = json.loads((out / "config.json").read_text()), load_file(trace)
        weights = {name: w.clone().requires_grad_() for name, w in weights_of(out, config, k).items()}
        logits = Model(k, weights)(inputs)
        loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1), ignore_index=-100)
        loss.backward()
        self.check("logits", k, (logits - values["logits"]).abs().max().item(), 1e-9)
        self.check("loss", k, abs(loss.item() - values["loss"].item()), 1e-9)
        for name, weight in weights.items():
            if weight.grad is None: continue
            scale = max(1, weight.grad.abs().max().item())
            self.check("gradients", k, (weight.grad - values[f"grad.{name}"]).abs().max().item() / scale, 1e-9)
        if config["model_type"] == "passo":
            try:
                AutoConfig.from_pretrained(out)
                self.check("opened though it has no place", k, math.inf, 0)
            except ValueError: self.check("opened though it has no place", k, 0, 0)
        else:
            theirs = AutoModelForCausalLM.from_pretrained(out, attn_implementation="eager").eval()
            with torch.no_grad(): difference = (theirs(inputs).logits.double() - logits).abs().max().item()
            self.check("logits of transformers", k, difference, 1e-4)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--passo", default=".build/release/passo")
    parser.add_argument("--models", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_default_dtype(torch.float64)
    rng = random.Random(arguments.seed)
    # Models of the two families come up by chance too rarely.
    gpt2 = {"norm": "layer", "positions": "learned", "biases": True, "mlp": 7, "kv-heads": None, "attention-scale": "head"}
    llama = {"norm": "rms", "positions": "rotary", "activation": "swiglu", "mlp": 9, "attention-scale": "head"}
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(pathlib.Path(arguments.passo).resolve(), pathlib.Path(folder))
        for number in range(arguments.models):
            knobs = draw(rng)
            if number % 6 == 0: knobs |= gpt2 | {"activation": rng.choice(["gelu", "relu"])}
            if number % 6 == 1 and knobs["width"] // knobs["heads"] % 2 == 0: knobs |= llama
            comparison.model(number, knobs)
    for what, value in comparison.counts.items(): print(f"{what:32s} at most {value:.1e}")
    print(f"{arguments.models} models, {comparison.failures} differences")
    sys.exit(comparison.failures > 0)


main()
