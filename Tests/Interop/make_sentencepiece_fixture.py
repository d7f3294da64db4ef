# SPDX-License-Identifier: MIT
"""Writes Tests/PassoTestSupport/Reference/tokenizers/sentencepiece.json with sentencepiece 0.2.3.

    python3 Tests/Interop/make_sentencepiece_fixture.py

Small models of each kind, with a map of a few rules, symbols of their own, byte fallback, blanks
kept and removed; for each its file in base 64, ids and decoded texts of 60 texts, and the texts of
random lists of ids. `tokenizer_pipelines.py` compares more kinds, and more texts of each.
"""

import base64
import json
import pathlib
import random
import sys
import tempfile

import sentencepiece as spm

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from tokenizer_kinds import CORPUS, texts

FILE = pathlib.Path(__file__).parent.parent / "PassoTestSupport/Reference/tokenizers/sentencepiece.json"

# Scalars, a tab, the scalars in their place: ﬁ as fi, è of two as one, a tab as a blank, ² as nothing.
RULES = "FB01\t66 69\n65 300\tE8\n9\t20\nA0\t20\nB2\t\n41\t61\n"
KINDS = {
    "bpe": {"byte_fallback": True, "user_defined_symbols": ["<|im|>", "due gatti"]},
    "bpe-kept": {"remove_extra_whitespaces": False, "add_dummy_prefix": False, "user_defined_symbols": ["  "]},
    "unigram": {"user_defined_symbols": ["<|im|>"], "control_symbols": ["<|x|>"]},
    "unigram-kept": {"remove_extra_whitespaces": False, "byte_fallback": True},
    "unigram-suffix": {"treat_whitespace_as_suffix": True},
    "word": {}, "char": {"user_defined_symbols": ["gatto"]},
}


def main():
    fixture = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "rules.tsv").write_text(RULES, encoding="utf-8")
        (folder / "text.txt").write_text("\n".join(CORPUS[0].split(".") * 9), encoding="utf-8")
        for name, more in KINDS.items():
            spm.SentencePieceTrainer.train(
                input=str(folder / "text.txt"), model_prefix=str(folder / name), minloglevel=5,
                model_type=name.split("-")[0], vocab_size=340 if more.get("byte_fallback") else 90,
                hard_vocab_limit=False, normalization_rule_tsv=str(folder / "rules.tsv"), **more)
            processor = spm.SentencePieceProcessor(model_file=str(folder / f"{name}.model"))
            source = random.Random(name)
            sample = [text for text in texts(source, ["<|im|>", "due gatti", "ﬁ", "e\u0300", "A²"], 200) if len(text) < 40][:60]
            lists = [[source.randrange(processor.get_piece_size()) for _ in range(6)] for _ in sample]
            fixture[name] = {
                "model": base64.b64encode((folder / f"{name}.model").read_bytes()).decode(),
                "texts": sample, "ids": [processor.encode(text) for text in sample],
                "decoded": [processor.decode(processor.encode(text)) for text in sample],
                "lists": lists, "decodedLists": [processor.decode(ids) for ids in lists],
            }
    text = json.dumps(fixture, separators=(",", ":"), ensure_ascii=False)
    FILE.write_text(text + "\n", encoding="utf-8")
    print(len(text))


main()
