#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds 200 greedy tokens on each of ten prompts against those of transformers.

    pip install torch transformers
    python3 Tests/Interop/greedy_tokens.py MODEL [--passo .build/release/passo] [--count 200]

MODEL is a folder in the layout of Hugging Face with its tokenizer. Prompts go in as text and as a
chat, and are encoded on both sides. Where tokens differ, the place is said, and how far apart the
two largest logits are there: below 1e-3 rounding decides. Ends with status 1 if any differ.
"""
import argparse, json, subprocess, sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = [
    "The capital of France is", "def fibonacci(n):", "Gravity is", "Once upon a time, in a wood,",
    "The three laws of motion are", "Dear Sir or Madam,", "1, 2, 3, 4, 5,", "Il gatto dorme sul",
    "Q: Why is the sky blue?\nA:", "import numpy as np\n",
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--passo", default=".build/release/passo")
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32).eval()
    differing = 0
    for prompt in PROMPTS:
        ids = tokenizer(prompt, return_tensors="pt").input_ids
        with torch.no_grad():
            theirs = model.generate(ids, max_new_tokens=options.count, do_sample=False,
                                    attention_mask=torch.ones_like(ids))[0, ids.shape[1]:].tolist()
        answer = subprocess.run(
            [options.passo, "generate", "--model", options.model, "--prompt", prompt, "--json",
             "--max-new-tokens", str(options.count), "--temperature", "0"],
            capture_output=True, text=True, check=True)
        ours = json.loads(answer.stdout)["tokens"]
        stop = [t for t in (tokenizer.eos_token_id,) if t is not None]
        if theirs and theirs[-1] in stop and len(ours) == len(theirs) - 1:
            theirs = theirs[:-1]
        if ours == theirs:
            print(f"{len(ours):4} tokens equal   {prompt!r}")
            continue
        differing += 1
        place = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b),
                     min(len(ours), len(theirs)))
        before = torch.cat([ids, torch.tensor([theirs[:place]], dtype=torch.long)], dim=1)
        with torch.no_grad():
            best = model(before).logits[0, -1].topk(2).values
        print(f"differ at {place} of {len(theirs)}, {float(best[0] - best[1]):.2g} apart: {prompt!r}")
    print(f"{len(PROMPTS) - differing} of {len(PROMPTS)} prompts equal")
    sys.exit(1 if differing else 0)


main()
