#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds Passo's logits against those of transformers for every kind of config.json that is read.

    pip install torch transformers safetensors numpy
    swift build -c release
    python3 Tests/Interop/compare_configs.py [--passo .build/release/passo]

Small random folders, one for each value of each key that matters, in both families: heads that are
tied, stored and missing, names with and without prefixes, types of storage, shards. Logits of `passo
trace` must agree within 1e-4 relative to the largest; ends with status 1 if any does not. Settings
that would change the numbers must be refused.
"""
import argparse, json, pathlib, subprocess, sys, tempfile

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig, MistralConfig, Qwen2Config

GPT2 = dict(model_type="gpt2", vocab_size=61, n_positions=20, n_embd=24, n_layer=2, n_head=3)
LLAMA = dict(model_type="llama", vocab_size=53, hidden_size=24, intermediate_size=36, num_hidden_layers=2,
             num_attention_heads=4, num_key_value_heads=4, max_position_embeddings=24)
QWEN2, MISTRAL = dict(LLAMA, model_type="qwen2"), dict(LLAMA, model_type="mistral")
CLASSES = {"gpt2": GPT2Config, "llama": LlamaConfig, "qwen2": Qwen2Config, "mistral": MistralConfig}

# Name, the base, what is added to config.json.
SETTINGS = [
    *[(f"gpt2 {name}", GPT2, {"activation_function": name}) for name in
      ("gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate", "gelu_python_tanh")],
    ("gpt2 inner", GPT2, {"n_inner": 40}), ("gpt2 inner null", GPT2, {"n_inner": None}),
    ("gpt2 epsilon", GPT2, {"layer_norm_epsilon": 1e-3}),
    ("gpt2 upcast", GPT2, {"reorder_and_upcast_attn": True}),
    ("gpt2 one scaled block", GPT2, {"n_layer": 1, "scale_attn_by_inverse_layer_idx": True}),
    ("gpt2 n_ctx, unknown keys", GPT2, {"n_ctx": 20, "torch_dtype": "float32", "some_key": [1, {"a": 2}]}),
    ("llama swish", LLAMA, {"hidden_act": "swish"}), ("llama epsilon", LLAMA, {"rms_norm_eps": 1e-3}),
    ("llama grouped", LLAMA, {"num_key_value_heads": 2}), ("llama one key head", LLAMA, {"num_key_value_heads": 1}),
    ("llama head_dim", LLAMA, {"head_dim": 10}), ("llama head_dim null", LLAMA, {"head_dim": None}),
    ("llama attention_bias", LLAMA, {"attention_bias": True}), ("llama pretraining_tp", LLAMA, {"pretraining_tp": 2}),
    ("llama theta", LLAMA, {"rope_theta": 500000}),
    ("llama parameters", LLAMA, {"rope_parameters": {"rope_type": "default", "rope_theta": 1234.5}}),
    ("llama both thetas", LLAMA, {"rope_theta": 77, "rope_parameters": {"rope_type": "default", "rope_theta": 1234.5}}),
    ("llama linear 1", LLAMA, {"rope_scaling": {"type": "linear", "factor": 1.0}}),
    ("llama dynamic", LLAMA, {"rope_scaling": {"rope_type": "dynamic", "factor": 4.0}}),
    ("llama yarn 1", LLAMA, {"rope_scaling": {"rope_type": "yarn", "factor": 1.0, "original_max_position_embeddings": 24}}),
    ("llama llama3 of short waves", LLAMA, {"rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                                            "high_freq_factor": 4.0, "original_max_position_embeddings": 65536}}),
    ("llama scaling null", LLAMA, {"rope_scaling": None, "quantization_config": None}),
    ("llama ignores windows", LLAMA, {"sliding_window": 3, "use_sliding_window": True}),
    ("qwen2", QWEN2, {}), ("qwen2 grouped", QWEN2, {"num_key_value_heads": 2}),
    ("qwen2 unused window", QWEN2, {"sliding_window": 3, "use_sliding_window": False}),
    ("qwen2 window of later blocks", QWEN2, {"sliding_window": 3, "use_sliding_window": True, "max_window_layers": 28}),
    ("qwen2 used window", QWEN2, {"sliding_window": 9, "use_sliding_window": True, "max_window_layers": 1}),
    ("mistral", MISTRAL, {}), ("mistral no window", MISTRAL, {"sliding_window": None}),
    ("mistral wide window", MISTRAL, {"sliding_window": 24}), ("mistral narrow window", MISTRAL, {"sliding_window": 9}),
    ("mistral attention_bias", MISTRAL, {"attention_bias": True}),
]
REFUSED = [
    ("gpt2 gelu", GPT2, {"activation_function": "gelu"}), ("gpt2 relu", GPT2, {"activation_function": "relu"}),
    ("gpt2 unscaled", GPT2, {"scale_attn_weights": False}),
    ("gpt2 scaled blocks", GPT2, {"scale_attn_by_inverse_layer_idx": True}),
    ("llama gelu", LLAMA, {"hidden_act": "gelu"}), ("llama mlp_bias", LLAMA, {"mlp_bias": True}),
    ("llama linear 2", LLAMA, {"rope_scaling": {"type": "linear", "factor": 2.0}}),
    ("llama llama3", LLAMA, {"rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                             "high_freq_factor": 4.0, "original_max_position_embeddings": 24}}),
    ("llama quantized", LLAMA, {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}}),
    ("qwen3", dict(LLAMA, model_type="qwen3"), {}),
]


def weights(base, settings):
    """Random weights under the names of transformers, the head stored apart."""
    known = {k: v for k, v in {**base, **settings}.items() if k != "model_type"}
    model = AutoModelForCausalLM.from_config(CLASSES[base["model_type"]](**known, tie_word_embeddings=False))
    tensors = {}
    for name, tensor in model.state_dict().items():
        norm = "ln_" in name or "norm" in name
        mean, spread = (1.0 if norm and name.endswith("weight") else 0.0), (0.1 if norm or name.endswith("bias") else 0.25)
        tensors[name] = torch.randn(tensor.shape) * spread + mean
    return tensors


def write(folder, base, settings, tensors):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({**base, **settings}))
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "model.safetensors", metadata={"format": "pt"})


def heads():
    """All ways in which a head can be tied and stored."""
    for base, embedding in ((GPT2, "transformer.wte.weight"), (LLAMA, "model.embed_tokens.weight")):
        for tie in (None, True, False):
            for stored in ("none", "equal", "different", "alone"):
                for bare in (False, True):
                    settings = {} if tie is None else {"tie_word_embeddings": tie}
                    is_tied = base is GPT2 if tie is None else tie
                    if not is_tied and stored in ("none", "alone"):
                        continue  # transformers makes up what is missing
                    tensors = weights(base, {})
                    if stored == "equal": tensors["lm_head.weight"] = tensors[embedding].clone()
                    if stored == "none": del tensors["lm_head.weight"]
                    if stored == "alone": del tensors[embedding]
                    if bare:
                        inner = embedding.split(".")[0] + "."
                        tensors = {k.removeprefix(inner): v for k, v in tensors.items()}
                    yield f"{base['model_type']} tie {tie}, head {stored}, {'bare' if bare else 'whole'}", base, settings, tensors


class Comparison:
    def __init__(self, passo, folder):
        self.passo, self.folder, self.count, self.failures, self.worst = passo, folder, 0, 0, 0.0

    def trace(self, folder, ids):
        (self.folder / "tokens.json").write_text(json.dumps({"inputs": ids.tolist()}))
        out = self.folder / "trace.safetensors"
        return out, subprocess.run([str(self.passo), "trace", "--model", str(folder), "--tokens", str(self.folder / "tokens.json"),
                                    "--out", str(out)], capture_output=True, text=True)

    def compare(self, name, folder):
        """Logits for two rows as long as the narrowest window."""
        self.count += 1
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        ids = torch.randint(0, model.config.vocab_size, (2, 9))
        with torch.no_grad():
            theirs = model(ids).logits.double()
        out, done = self.trace(folder, ids)
        if done.returncode != 0:
            self.failures += 1
            return print(f"{name:48s} REFUSED: {done.stderr.strip()}")
        ours = load_file(out)["logits"].double()
        difference = ((ours - theirs).abs().max() / theirs.abs().max()).item()
        self.worst, self.failures = max(self.worst, difference), self.failures + (difference > 1e-4)
        print(f"{name:48s} {difference:.2e} {'ok' if difference <= 1e-4 else 'DIFFERS'}")

    def refuse(self, name, folder):
        self.count += 1
        _, done = self.trace(folder, torch.tensor([[1, 2]]))
        self.failures += done.returncode != 1
        print(f"{name:48s} {'refused: ' + done.stderr.splitlines()[0][-60:] if done.returncode == 1 else 'TAKEN'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passo", type=pathlib.Path, default=pathlib.Path(".build/release/passo"))
    passo = parser.parse_args().passo.resolve()
    torch.manual_seed(11)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        c = Comparison(passo, root)
        for number, (name, base, settings) in enumerate(SETTINGS):
            write(root / f"s{number}", base, settings, weights(base, settings))
            c.compare(name, root / f"s{number}")
        for number, (name, base, settings, tensors) in enumerate(heads()):
            write(root / f"h{number}", base, settings, tensors)
            c.compare(name, root / f"h{number}")
        for number, (base, dtype) in enumerate((b, d) for b in (GPT2, LLAMA) for d in (torch.float16, torch.bfloat16, torch.float64)):
            write(root / f"d{number}", base, {}, {k: v.to(dtype) for k, v in weights(base, {}).items()})
            c.compare(f"{base['model_type']} {dtype}", root / f"d{number}")
        for number, base in enumerate((GPT2, LLAMA, QWEN2)):
            write(root / f"w{number}", base, {"tie_word_embeddings": False}, weights(base, {}))
            model = AutoModelForCausalLM.from_pretrained(root / f"w{number}")
            model.save_pretrained(root / f"p{number}", max_shard_size="12KB")
            c.compare(f"{base['model_type']} saved by transformers, shards", root / f"p{number}")
        for number, (name, base, settings) in enumerate(REFUSED):
            write(root / f"r{number}", base, settings, {"x": torch.zeros(1)})
            c.refuse(name, root / f"r{number}")
        print(f"{c.count} folders, worst relative difference {c.worst:.2e}")
        if c.failures:
            sys.exit(f"{c.failures} differ")
        print("everything agrees")


if __name__ == "__main__":
    main()
