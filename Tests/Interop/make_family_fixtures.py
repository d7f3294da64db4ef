#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the small models of `Tests/PassoTestSupport/Reference/families`, with the logits that transformers gives.

    pip install torch transformers safetensors
    python3 Tests/Interop/make_family_fixtures.py

One model of a few kilobytes for each family that Passo reads: `config.json` and `model.safetensors`
as transformers writes them, `tokens.json`, and `expected.safetensors` with the logits in f32.
`FamilyReferenceTests` reads them.
"""
import json, logging, pathlib

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

OUT = pathlib.Path(__file__).parent.parent / "PassoTestSupport/Reference/families"
NONE = dict(bos_token_id=0, eos_token_id=1, pad_token_id=None)
SIZES = dict(vocab_size=9, hidden_size=8, intermediate_size=6, num_hidden_layers=2, num_attention_heads=2,
             num_key_value_heads=1, max_position_embeddings=16, tie_word_embeddings=False, **NONE)
YARN = dict(rope_type="yarn", rope_theta=100.0, factor=4.0, original_max_position_embeddings=4)
LLAMA3 = dict(rope_type="llama3", rope_theta=100.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=8)
LINEAR = dict(rope_type="linear", rope_theta=100.0, factor=4.0)
PLAIN = dict(rope_type="default", rope_theta=100.0)

MODELS = {
    "llama": transformers.LlamaConfig(**SIZES, rope_parameters=LLAMA3, mlp_bias=True),
    "mistral": transformers.MistralConfig(**SIZES, rope_parameters=LINEAR, sliding_window=3),
    "qwen2": transformers.Qwen2Config(**SIZES, rope_parameters=YARN, use_sliding_window=True, sliding_window=3, max_window_layers=1),
    "qwen3": transformers.Qwen3Config(**SIZES, head_dim=6, rope_parameters=PLAIN),
    "phi3": transformers.Phi3Config(**SIZES, rope_parameters=PLAIN | dict(partial_rotary_factor=0.5), sliding_window=5),
    "smollm3": transformers.SmolLM3Config(**SIZES, rope_parameters=PLAIN, no_rope_layers=[1, 0]),
    "olmo2": transformers.Olmo2Config(**SIZES, rope_parameters=PLAIN),
    "granite": transformers.GraniteConfig(**SIZES, rope_parameters=PLAIN, embedding_multiplier=3.0, logits_scaling=4.0,
                                          residual_multiplier=0.5, attention_multiplier=0.3),
    "gemma": transformers.GemmaConfig(**(SIZES | dict(tie_word_embeddings=True)), head_dim=6, rope_parameters=PLAIN),
    "gemma2": transformers.Gemma2Config(**(SIZES | dict(tie_word_embeddings=True)), head_dim=6, rope_parameters=PLAIN, sliding_window=3,
                                        query_pre_attn_scalar=5, attn_logit_softcapping=None, final_logit_softcapping=None),
    "gemma3": transformers.Gemma3TextConfig(**(SIZES | dict(tie_word_embeddings=True)), head_dim=6, sliding_window=3,
                                            query_pre_attn_scalar=5, sliding_window_pattern=2,
                                            rope_parameters={"full_attention": LINEAR, "sliding_attention": PLAIN}),
    "gpt_neo": transformers.GPTNeoConfig(vocab_size=9, hidden_size=8, num_layers=2, num_heads=2, intermediate_size=6,
                                         attention_types=[[["global", "local"], 1]], window_size=3, max_position_embeddings=16, **NONE),
    "gpt_neox": transformers.GPTNeoXConfig(vocab_size=9, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=6,
                                           max_position_embeddings=16, rope_parameters=PLAIN | dict(partial_rotary_factor=0.5), **NONE),
    "gpt_neox_one_by_one": transformers.GPTNeoXConfig(
        vocab_size=9, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=6, hidden_act="quick_gelu",
        max_position_embeddings=16, use_parallel_residual=False, attention_bias=False, rope_parameters=PLAIN | dict(partial_rotary_factor=1.0), **NONE),
}


def main():
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    logging.disable(logging.WARNING)
    for number, (name, config) in enumerate(MODELS.items()):
        torch.manual_seed(number)
        model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
        with torch.no_grad():
            for key, weight in model.named_parameters():
                is_norm = "norm" in key or "ln_" in key
                is_gain = is_norm and key.endswith("weight") and not config.model_type.startswith("gemma")
                weight.normal_(1.0 if is_gain else 0.0, 0.2 if is_norm or key.endswith("bias") else 0.4)
            ids = torch.randint(0, 9, (2, 12))
            logits = model(ids).logits
        folder = OUT / name
        model.save_pretrained(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        (folder / "tokens.json").write_text(json.dumps({"inputs": ids.tolist()}) + "\n")
        save_file({"logits": logits.contiguous()}, folder / "expected.safetensors")


if __name__ == "__main__":
    main()
