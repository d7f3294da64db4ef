#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds every family of models that Passo reads against transformers, on random small models.

    pip install torch transformers safetensors
    swift build -c release
    python3 Tests/Interop/compare_families.py [--passo .build/release/passo] [--rounds 4] [--seed 1] [FAMILY...]

For each family some models of random sizes and settings are made there: grouped heads, a width of
heads apart, tied or not, biases, every kind of rotary angles, windows shorter than the text, all
activations. Compared are logits (f32 within 1e-4 of what is largest, f64 closer), gradients of all
tensors, greedy tokens over 64 tokens with a cache, losses and gradient norms of three steps of
AdamW, and what was trained here and opened there as the same family. `--seed` makes others.
Ends with status 1 if anything differs.
"""
import argparse, collections, json, logging, pathlib, random, subprocess, sys, tempfile, warnings

import torch
import transformers
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

CURVES = ["gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "quick_gelu", "relu", "relu2", "silu", "swish"]
CONTEXT = 96
NONE = dict(bos_token_id=None, eos_token_id=None, pad_token_id=None)


def rope(dice, head, kinds=("default", "linear", "dynamic", "llama3", "yarn")):
    """Parameters of rotary angles; those for longer texts begin where the texts here are longer."""
    kind, base = dice.choice(kinds), dice.choice([100.0, 10000.0, 500000.0])
    found = {"rope_type": kind, "rope_theta": base}
    if kind != "default":
        found["factor"] = dice.choice([2.0, 4.0, 8.0])
    if kind == "llama3":
        found |= dict(low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=dice.choice([16, 32, 64]))
    if kind == "yarn":
        found |= dict(original_max_position_embeddings=dice.choice([16, 24, 48]))
        if dice.random() < 0.5: found |= dict(beta_fast=dice.choice([8.0, 32.0]), beta_slow=dice.choice([1.0, 2.0]))
        if dice.random() < 0.3: found |= dict(attention_factor=1.25)
        elif dice.random() < 0.3: found |= dict(mscale=1.0, mscale_all_dim=0.7)
        if dice.random() < 0.3: found |= dict(truncate=False)
    return found


def sizes(dice, apart=True):
    """Sizes that all of Llama's relatives have; the width of a head may be a number of its own."""
    keys, group, head = dice.choice([1, 2]), dice.choice([1, 2, 3]), dice.choice([4, 8, 10])
    heads = keys * group
    found = dict(vocab_size=dice.randint(40, 97), num_hidden_layers=dice.randint(2, 5), num_attention_heads=heads,
                 num_key_value_heads=keys, intermediate_size=dice.randint(20, 70), max_position_embeddings=CONTEXT,
                 tie_word_embeddings=dice.random() < 0.5, hidden_act=dice.choice(["silu"] * 4 + CURVES),
                 hidden_size=heads * head)
    if apart and dice.random() < 0.5:
        # The library asks that the width is a multiple of the heads.
        found |= dict(hidden_size=heads * dice.randint(4, 14), head_dim=head)
    return found, found.get("head_dim", head)


def llama(dice):
    found, head = sizes(dice)
    return transformers.LlamaConfig(**found, rope_parameters=rope(dice, head), attention_bias=dice.random() < 0.5,
                                    mlp_bias=dice.random() < 0.5, **NONE)


def mistral(dice):
    found, head = sizes(dice)
    return transformers.MistralConfig(**found, rope_parameters=rope(dice, head),
                                      sliding_window=dice.choice([None, 5, 17, 40]), **NONE)


def windows(dice, layers):
    used = dice.random() < 0.7
    return dict(use_sliding_window=used, sliding_window=dice.choice([5, 17, 40]),
                **(dict(layer_types=[dice.choice(["full_attention", "sliding_attention"]) for _ in range(layers)])
                   if used and dice.random() < 0.5 else dict(max_window_layers=dice.randint(0, layers))))


def qwen2(dice):
    found, head = sizes(dice, apart=False)
    return transformers.Qwen2Config(**found, rope_parameters=rope(dice, head), **windows(dice, found["num_hidden_layers"]), **NONE)


def qwen3(dice):
    found, head = sizes(dice)
    return transformers.Qwen3Config(**(found | dict(head_dim=head)), rope_parameters=rope(dice, head),
                                    attention_bias=dice.random() < 0.5, **windows(dice, found["num_hidden_layers"]), **NONE)


def phi3(dice):
    found, head = sizes(dice, apart=False)
    head = 12
    found["hidden_size"] = head * found["num_attention_heads"]
    parameters = rope(dice, head, ["default"]) | dict(partial_rotary_factor=dice.choice([1.0, 0.5, 0.7, 1 / 3]))
    return transformers.Phi3Config(**found, rope_parameters=parameters, sliding_window=dice.choice([None, 5, 17, 40]),
                                   original_max_position_embeddings=CONTEXT, **NONE)


def smollm3(dice):
    found, head = sizes(dice, apart=False)
    layers = found["num_hidden_layers"]
    chosen = dict(no_rope_layers=[dice.choice([0, 1]) for _ in range(layers)]) if dice.random() < 0.6 else \
        dict(no_rope_layer_interval=dice.randint(1, 3))
    if dice.random() < 0.5: chosen |= dict(use_sliding_window=True, sliding_window=dice.choice([5, 17, 40]))
    return transformers.SmolLM3Config(**found, rope_parameters=rope(dice, head), attention_bias=dice.random() < 0.5,
                                      mlp_bias=dice.random() < 0.5, **chosen, **NONE)


def olmo2(dice):
    found, head = sizes(dice, apart=False)
    return transformers.Olmo2Config(**found, rope_parameters=rope(dice, head), attention_bias=dice.random() < 0.5, **NONE)


def granite(dice):
    found, head = sizes(dice, apart=False)
    return transformers.GraniteConfig(**found, rope_parameters=rope(dice, head), attention_bias=dice.random() < 0.5,
                                      mlp_bias=dice.random() < 0.5, embedding_multiplier=dice.choice([1.0, 12.0, 3.5]),
                                      logits_scaling=dice.choice([1.0, 8.0, 0.7]), residual_multiplier=dice.choice([1.0, 0.22]),
                                      attention_multiplier=dice.choice([1.0, 0.0078125, 0.3]), **NONE)


def gemma(dice):
    found, head = sizes(dice)
    found |= dict(head_dim=head, hidden_act=dice.choice(["gelu_pytorch_tanh", "gelu_pytorch_tanh", "gelu", "silu"]))
    return transformers.GemmaConfig(**found, rope_parameters=rope(dice, head), attention_bias=dice.random() < 0.3, **NONE)


def with_hidden_activation(dice, found, head):
    del found["hidden_act"]
    return found | dict(head_dim=head, hidden_activation=dice.choice(["gelu_pytorch_tanh"] * 3 + CURVES),
                        query_pre_attn_scalar=dice.choice([16, 7, 256]), sliding_window=dice.choice([5, 17, 40]))


def gemma2(dice):
    found, head = sizes(dice)
    found = with_hidden_activation(dice, found, head)
    if dice.random() < 0.5:
        found["layer_types"] = [dice.choice(["full_attention", "sliding_attention"]) for _ in range(found["num_hidden_layers"])]
    return transformers.Gemma2Config(**found, rope_parameters=rope(dice, head), attn_logit_softcapping=None,
                                     final_logit_softcapping=None, attention_bias=dice.random() < 0.3, **NONE)


def gemma3_text(dice):
    found, head = sizes(dice)
    found = with_hidden_activation(dice, found, head)
    if dice.random() < 0.5:
        found["layer_types"] = [dice.choice(["full_attention", "sliding_attention"]) for _ in range(found["num_hidden_layers"])]
    else:
        found["sliding_window_pattern"] = dice.randint(2, 4)
    kinds = ("default", "linear", "llama3")
    parameters = {"full_attention": rope(dice, head, kinds), "sliding_attention": rope(dice, head, kinds)}
    return transformers.Gemma3TextConfig(**found, rope_parameters=parameters, attention_bias=dice.random() < 0.3, **NONE)


def gpt_neo(dice):
    heads, layers = dice.choice([1, 2, 3]), dice.choice([2, 4])
    kinds = [[["global", "local"], layers // 2]] if dice.random() < 0.5 else \
        [[[dice.choice(["global", "local"])], 1] for _ in range(layers)]
    return transformers.GPTNeoConfig(
        vocab_size=dice.randint(40, 97), hidden_size=heads * dice.choice([5, 8, 12]), num_layers=layers, num_heads=heads,
        attention_types=kinds, intermediate_size=dice.choice([None, 37]), window_size=dice.choice([3, 17, 40]),
        max_position_embeddings=CONTEXT, activation_function=dice.choice(["gelu_new"] * 3 + CURVES),
        tie_word_embeddings=dice.random() < 0.7, **NONE)


def gpt_neox(dice):
    # Of a quarter an even number.
    heads, head = dice.choice([1, 2, 3]), dice.choice([8, 16, 24])
    parameters = rope(dice, head) | dict(partial_rotary_factor=dice.choice([0.25, 0.5, 1.0]))
    return transformers.GPTNeoXConfig(
        vocab_size=dice.randint(40, 97), hidden_size=heads * head, num_hidden_layers=dice.randint(2, 4),
        num_attention_heads=heads, intermediate_size=dice.randint(20, 70), max_position_embeddings=CONTEXT,
        hidden_act=dice.choice(["gelu"] * 3 + CURVES), use_parallel_residual=dice.random() < 0.6,
        attention_bias=dice.random() < 0.7, tie_word_embeddings=dice.random() < 0.4, rope_parameters=parameters, **NONE)


def gpt2(dice):
    heads = dice.choice([1, 2, 3])
    return transformers.GPT2Config(
        vocab_size=dice.randint(40, 97), n_positions=CONTEXT, n_embd=heads * dice.choice([5, 8]), n_layer=dice.randint(1, 3),
        n_head=heads, n_inner=dice.choice([None, 37]), activation_function=dice.choice(CURVES),
        tie_word_embeddings=dice.random() < 0.7, scale_attn_weights=dice.random() < 0.7, resid_pdrop=0.0, embd_pdrop=0.0,
        attn_pdrop=0.0, **NONE)


FAMILIES = {make.__name__: make for make in (
    gpt2, llama, mistral, qwen2, qwen3, phi3, smollm3, olmo2, granite, gemma, gemma2, gemma3_text, gpt_neo, gpt_neox)}


class Comparison:
    def __init__(self, passo, folder, verbose):
        self.passo, self.folder, self.verbose = passo, folder, verbose
        self.failures, self.worst = 0, collections.defaultdict(float)

    def run(self, *arguments):
        done = subprocess.run([str(self.passo), *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"passo {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout

    def check(self, name, what, value, limit):
        self.worst[what] = max(self.worst[what], value)
        differs = not value <= limit
        self.failures += differs
        if differs or self.verbose:
            print(f"  {name:16s} {what:34s} {value:.2e} (limit {limit:.0e}) {'DIFFERS' if differs else 'ok'}")

    def family(self, name, make, rounds, seed):
        self.worst.clear()
        for turn in range(rounds):
            dice = random.Random(f"{name} {seed} {turn}")
            torch.manual_seed(seed * 1000 + turn)
            config = make(dice)
            try:
                self.model(f"{name}-{turn}", config, dice)
            except RuntimeError as error:
                self.failures += 1
                print(f"  {name}-{turn}: {error}\n  {json.dumps(config.to_diff_dict(), default=str)}")
        print(f"{name:12s} " + ", ".join(f"{what} {value:.1e}" for what, value in self.worst.items()), flush=True)

    def model(self, name, config, dice):
        model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
        with torch.no_grad():
            for key, weight in model.named_parameters():
                is_norm = "norm" in key or "ln_" in key
                is_gain = is_norm and key.endswith("weight") and not config.model_type.startswith("gemma")
                weight.normal_(1.0 if is_gain else 0.0, 0.1 if is_norm or key.endswith("bias") else 0.2)
        folder = self.folder / name
        model.save_pretrained(folder)
        vocabulary = config.vocab_size
        inputs, targets = (torch.randint(0, vocabulary, (2, CONTEXT)) for _ in range(2))
        self.trace(name, model, folder, inputs, targets)
        self.greedy(name, model, folder, torch.randint(0, vocabulary, (dice.choice([1, 20, 30]),)).tolist())
        self.train(name, model, folder, inputs[:, :50], targets[:, :50])

    def trace(self, name, model, folder, inputs, targets):
        (self.folder / "t.json").write_text(json.dumps({"inputs": inputs.tolist(), "targets": targets.tolist()}))
        for precision, dtype, limit in [("f32", torch.float32, 1e-4), ("f64", torch.float64, 2e-5)]:
            out = self.folder / "t.safetensors"
            self.run("trace", "--model", folder, "--tokens", self.folder / "t.json", "--out", out, "--precision", precision)
            ours, model = load_file(out), model.to(dtype)
            model.zero_grad()
            logits = model(inputs).logits
            torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten()).backward()
            scale = max(1.0, logits.abs().max().item())
            self.check(name, f"logits {precision}", (ours["logits"].double() - logits.double()).abs().max().item() / scale, limit)
            gradients = {key: p.grad.double() for key, p in model.named_parameters()}
            for key, p in list(gradients.items()):
                if "head" in key and f"param_grad.{key}" not in ours: gradients["embed_out.weight"] = gradients.pop(key)
            missing = [key for key in gradients if f"param_grad.{key}" not in ours]
            self.check(name, "gradients that are missing", len(missing), 0)
            largest = max(g.abs().max().item() for g in gradients.values())
            worst = max((ours[f"param_grad.{key}"].double() - g).abs().max().item() / max(g.abs().max().item(), 1e-3 * largest)
                        for key, g in gradients.items() if key not in missing)
            self.check(name, f"gradients {precision}", worst, 5e-3 if precision == "f32" else 5e-4)
        model.float()

    def greedy(self, name, model, folder, prompt):
        made = json.loads(self.run("generate", "--model", folder, "--tokens", json.dumps(prompt),
                                   "--max-new-tokens", 64, "--temperature", "0", "--json"))["tokens"]
        ids = torch.tensor([prompt])
        with torch.no_grad():
            for _ in range(64):
                ids = torch.cat([ids, model(ids).logits[:, -1].argmax(-1, keepdim=True)], 1)
        theirs = ids[0, len(prompt):].tolist()
        self.check(name, "greedy tokens that differ", sum(a != b for a, b in zip(made, theirs)) + abs(len(made) - 64), 0)

    def train(self, name, model, folder, inputs, targets):
        """Three steps of AdamW with clipping on one batch, here and there; then the result there."""
        (self.folder / "b.json").write_text(json.dumps({"inputs": inputs.tolist(), "targets": targets.tolist()}))
        log, out = self.folder / f"{name}.jsonl", self.folder / f"{name}-out"
        self.run("train", "--model", folder, "--tokens", self.folder / "b.json", "--steps", 3, "--lr", 0.001, "--warmup", 0,
                 "--schedule", "constant", "--weight-decay", 0.1, "--clip", 1.0, "--out", out, "--log", log)
        model = model.train()
        groups = [{"params": [p for p in model.parameters() if p.dim() >= 2], "weight_decay": 0.1},
                  {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0}]
        optimizer = torch.optim.AdamW(groups, lr=0.001, betas=(0.9, 0.95), eps=1e-8)
        worst = 0.0
        for line in log.read_text().splitlines():
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(inputs).logits.flatten(0, 1), targets.flatten())
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item()
            ours = json.loads(line)
            worst = max(worst, abs(ours["loss"] - loss.item()) / loss.item(), abs(ours["grad_norm"] - norm) / norm)
            optimizer.step()
        self.check(name, "losses and norms of 3 steps", worst, 1e-3)
        again = AutoModelForCausalLM.from_pretrained(out, attn_implementation="eager").eval()
        if again.config.model_type != model.config.model_type:
            raise RuntimeError(f"opens there as {again.config.model_type}")
        with torch.no_grad():
            theirs = again(inputs).logits.double()
            scale = max(1.0, theirs.abs().max().item())
            # AdamW blows up the rounding of gradients near zero, as those of key biases.
            self.check(name, "logits after training", (theirs - model.eval()(inputs).logits.double()).abs().max().item() / scale, 2e-2)
        (self.folder / "t.json").write_text(json.dumps({"inputs": inputs.tolist()}))
        self.run("trace", "--model", out, "--tokens", self.folder / "t.json", "--out", self.folder / "t.safetensors")
        ours = load_file(self.folder / "t.safetensors")["logits"].double()
        self.check(name, "what was trained, opened again", (ours - theirs).abs().max().item() / scale, 1e-4)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passo", type=pathlib.Path, default=pathlib.Path(".build/release/passo"))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("families", nargs="*", choices=[[], *FAMILIES], default=[])
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        c = Comparison(options.passo.resolve(), pathlib.Path(folder), options.verbose)
        for name in options.families or FAMILIES:
            c.family(name, FAMILIES[name], options.rounds, options.seed)
    if c.failures:
        sys.exit(f"{c.failures} comparisons differ")
    print("everything agrees")


if __name__ == "__main__":
    main()
