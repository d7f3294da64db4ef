# SPDX-License-Identifier: MIT
"""Writes Tests/PassoModelTests/Reference/tokenizers with Hugging Face tokenizers 0.23.

    python3 Tests/Interop/make_tokenizer_fixtures.py

Two tokenizers with added tokens of all kinds, 1,000 texts with their ids and decoded texts for both,
lists of ids that need not be UTF-8, the merges of three corpora that the tests make themselves, and
for the kinds of `tokenizer_kinds.py` what is changed of the first tokenizer and what 60 texts become.
"""

import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from tokenizer_kinds import byte_level, chain, digits, part, split, template, texts, LLAMA3
from tokenizer_peer import random_text, their_ids, trained

FOLDER = pathlib.Path(__file__).parent.parent / "PassoModelTests" / "Reference" / "tokenizers"


class Numbers:
    """The random numbers of the tests: a linear congruence, the upper bits."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit


def corpus(name):
    """Texts that the tests make in the same way, in BytePairTrainerTests.swift."""
    numbers = Numbers(7)
    if name == "runs":
        return "".join("aab b"[numbers.below(5)] for _ in range(4_000))
    if name == "accents":
        letters = ["è", "e\u0301", "😀", "ñ", " ", "'s", "12", "\n", "日", "."]
        return "".join(letters[numbers.below(10)] for _ in range(4_000))
    syllables = ["gat", "to", "dor", "me", "sul", "di", "va", "no", "che", "la"]
    text = ""
    for _ in range(3_000):
        for _ in range(1 + numbers.below(3)):
            text += syllables[min(numbers.below(10), numbers.below(10))]
        text += [" ", ", ", ".\n", "  "][numbers.below(4)]
    return text


def tokenizer_a():
    tokenizer = trained([corpus("words"), corpus("accents")], 420, ["<start>", "<end>"])
    tokenizer.add_tokens([
        AddedToken("gatto", single_word=True),
        AddedToken("<sep>", lstrip=True, rstrip=True, normalized=False),
        "dor me",
    ])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True), "<|x|>"])
    return tokenizer


def tokenizer_b():
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator([corpus("words"), corpus("accents")], trainer)
    tokenizer.add_special_tokens(["<start>", AddedToken("perché", normalized=True, special=True)])
    tokenizer.add_tokens([AddedToken("è", single_word=True, rstrip=True)])
    return tokenizer


def kinds(ids):
    """What is changed of tokenizer a."""
    gap = json.loads(tokenizer_a().to_str())["added_tokens"]
    for token in gap[2:]:
        token["id"] += 5
    return {
        "digits": {"pre_tokenizer": chain(digits(True), byte_level())},
        "digit-runs": {"pre_tokenizer": chain(digits(False), chain(byte_level()))},
        "digits-after": {"pre_tokenizer": chain(byte_level(), digits(True))},
        "digits-prefix": {"pre_tokenizer": chain(digits(True), byte_level(prefix=True))},
        "llama3-gpt2": {"pre_tokenizer": chain(split(LLAMA3), byte_level())},
        "llama3-prefix": {
            "pre_tokenizer": chain(split(LLAMA3), byte_level(prefix=True, regex=False))
        },
        "no-decoder": {"decoder": None},
        "fuse": {"decoder": part("Sequence", decoders=[byte_level(), part("Fuse")])},
        "fuse-first": {"decoder": part("Sequence", decoders=[part("Fuse"), byte_level()])},
        "empty-decoder": {"decoder": part("Sequence", decoders=[])},
        "bos": {"post_processor": template(["<start>"], ["<end>"], ids)},
        "gap": {"added_tokens": gap},
        "truncation": {
            "truncation": {
                "direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0
            }
        },
    }


def kinds_fixture():
    base = json.loads(tokenizer_a().to_str())
    source = random.Random(16)
    specials = [token["content"] for token in base["added_tokens"]]
    # Foundation's JSONSerialization, with which the test reads, drops the byte order mark.
    sample = [t for t in texts(source, specials, 400) if len(t) < 40 and "\ufeff" not in t]
    fixture = {"texts": None, "kinds": {}}
    opened = {}
    for name, change in kinds(base["model"]["vocab"]).items():
        opened[name] = Tokenizer.from_str(json.dumps(base | change))
        opened[name].no_truncation()
    sample = [t for t in sample if all(their_ids(x, t) is not None for x in opened.values())][:60]
    fixture["texts"] = sample
    for name, change in kinds(base["model"]["vocab"]).items():
        tokenizer = opened[name]
        ids = [their_ids(tokenizer, text) for text in sample]
        fixture["kinds"][name] = {
            "changes": change,
            "ids": ids,
            "decoded": [tokenizer.decode(x) for x in ids],
            "kept": [tokenizer.decode(x, skip_special_tokens=False) for x in ids],
            "framed": tokenizer.encode("gatto").ids,
        }
    return fixture


def main():
    FOLDER.mkdir(exist_ok=True)
    source = random.Random(20)
    both = {"a": tokenizer_a(), "b": tokenizer_b()}
    pieces = sorted({t.content for b in both.values() for t in b.get_added_tokens_decoder().values()})
    texts = ["", " ", "  ", "\n", " \n", "perche\u0301 <start> gatto"]
    while len(texts) < 1_000:
        text = random_text(source, pieces)
        if len(text) < 50 and all(their_ids(b, text) is not None for b in both.values()):
            texts.append(text)
    fixture = {"texts": texts}
    for name, tokenizer in both.items():
        (FOLDER / f"{name}.json").write_text(tokenizer.to_str(pretty=False), encoding="utf-8")
        ids = [their_ids(tokenizer, text) for text in texts]
        lists = [
            [source.randrange(tokenizer.get_vocab_size()) for _ in range(source.randrange(1, 9))]
            for _ in range(300)
        ]
        fixture[name] = {
            "ids": ids,
            # Null where it is the text again.
            "decoded": [
                None if tokenizer.decode(x) == text else tokenizer.decode(x)
                for x, text in zip(ids, texts)
            ],
            "lists": lists,
            "decodedLists": [tokenizer.decode(x) for x in lists],
        }
    write("texts.json", fixture)
    merges = {}
    for name, size, minimum in [("words", 420, 0), ("runs", 400, 2), ("accents", 500, 3)]:
        found = json.loads(trained([corpus(name)], size, ["<start>"], minimum).to_str())
        ids = found["model"]["vocab"]
        merges[name] = [[ids[left], ids[right]] for left, right in found["model"]["merges"]]
    write("merges.json", merges)
    write("kinds.json", kinds_fixture())


def write(name, value):
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    (FOLDER / name).write_text(text + "\n", encoding="utf-8")
    print(name, len(text))


main()
