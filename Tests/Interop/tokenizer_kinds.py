# SPDX-License-Identifier: MIT
"""Every kind of tokenizer that Passo reads, made with Hugging Face tokenizers 0.23, ids compared.

    python3 Tests/Interop/tokenizer_kinds.py --passo .build/release/passo

Makes small tokenizers of each kind in a scratch folder, and for each of them 2,000 seeded texts
(accents, NFD, ZWJ, Arabic, Thai, CJK, digits, tabs, CRLF, controls, special tokens glued to text):
ids, ids with special tokens as text, decoded texts with and without special tokens, and lists of ids
drawn at random have to be those of `tokenizers`, with truncation, padding and dropout switched off.
Then Passo learns words, characters and byte pairs itself, and `tokenizers` and (if it is installed)
`transformers` save them again. One line a kind; exit status 1 if anything differs.
"""

import argparse
import copy
import itertools
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from split_patterns import GPT2, LLAMA3, QWEN2
from tokenizer_peer import answers, random_text

PIECES = [
    "perché ", "e\u0301", "👩\u200d👩\u200d👧", "مرحبا بالعالم ", "สวัสดีชาวโลก", "你好，世界。", "2026", "٣٤٥", "²³½",
    "\t", "\r\n", "\x07", "\x1b[0m", "\u200b", "don't ", "  ", "\u00a0", "Ⅻ", "a1b2 c33", "x²y", "…",
]


def texts(source, specials, count):
    found = ["", " ", "\n", "12 345", "a 1", " 1", "1 2  3"]
    while len(found) < count:
        text = random_text(source, specials)
        for _ in range(source.randrange(3)):
            piece = source.choice(PIECES + specials)
            place = source.randrange(len(text) + 1)
            text = text[:place] + piece + text[place:]
        found.append(text)
    return found


CORPUS = [
    "Il gatto dorme sul divano, perché è stanco. The cat's asleep: don't wake it! 1984 + 42 = 2026.",
    "Un altro gatto, due gatti, tre gattini; 3 4 5 123 4567 ½ ² ٣٤. مرحبا สวัสดี 你好 Привет 😀 👍🏽",
    "for i in range(10):\n\tprint(i, i * 2)\r\n    return [1, 22, 333]\n",
] * 20


def part(kind, **members):
    return {"type": kind} | members


def byte_level(prefix=False, regex=True):
    return part("ByteLevel", add_prefix_space=prefix, trim_offsets=True, use_regex=regex)


def digits(single):
    return part("Digits", individual_digits=single)


def split(regex, behavior="Isolated", invert=False):
    return part("Split", pattern={"Regex": regex}, behavior=behavior, invert=invert)


def chain(*parts):
    return part("Sequence", pretokenizers=list(parts))


def template(before, after, ids):
    def special(token):
        return {"SpecialToken": {"id": token, "type_id": 0}}

    text = {"Sequence": {"id": "A", "type_id": 0}}
    return part(
        "TemplateProcessing",
        single=[special(t) for t in before] + [text] + [special(t) for t in after],
        pair=[text, {"Sequence": {"id": "B", "type_id": 0}}],
        special_tokens={t: {"id": t, "ids": [ids[t]], "tokens": [t]} for t in before + after},
    )


def trained(pre=None, normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre or pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer:
        tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(
        vocab_size=420,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_tokens([AddedToken("gattini", single_word=True), "due gatti"])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True), "<|x|>"])
    return json.loads(tokenizer.to_str())


def kinds():
    """Name and JSON of every kind."""
    base = trained()
    ids = base["model"]["vocab"]

    def changed(**members):
        document = copy.deepcopy(base)
        for key, value in members.items():
            (document if key in document else document["model"])[key] = value
        return document

    pres = {
        "digits-single": chain(digits(True), byte_level()),
        "digits-runs": chain(digits(False), byte_level()),
        "digits-after": chain(byte_level(), digits(True)),
        "digit-runs-after": chain(byte_level(), digits(False)),
        "digits-both": chain(digits(False), byte_level(), digits(True)),
        "digits-prefix": chain(digits(True), byte_level(prefix=True)),
        "digits-whole": chain(digits(True), byte_level(regex=False)),
        "digits-llama3": chain(digits(True), split(LLAMA3), byte_level(regex=False)),
        "llama3": chain(split(LLAMA3), byte_level(regex=False)),
        "llama3-prefix": chain(split(LLAMA3), byte_level(prefix=True, regex=False)),
        "llama3-gpt2": chain(split(LLAMA3), byte_level()),
        "qwen2": chain(split(QWEN2), byte_level(regex=False)),
        "gpt2-removed": chain(split(GPT2, "Removed", True), byte_level(regex=False)),
        "nested": chain(chain(), chain(chain(byte_level()))),
        "prefix": byte_level(prefix=True),
        "whole": byte_level(regex=False),
    }
    for name, pre in pres.items():
        yield name, changed(pre_tokenizer=pre)
    posts = {
        "template-none": template([], [], ids),
        "template-bos": template(["<s>"], [], ids),
        "template-both": template(["<s>"], ["</s>"], ids),
        "byte-level-post": byte_level(),
        "roberta": part(
            "RobertaProcessing", sep=["</s>", 1], cls=["<s>", 0], trim_offsets=True,
            add_prefix_space=False,
        ),
        "bert-post": part("BertProcessing", sep=["</s>", 1], cls=["<s>", 0]),
        "sequence-post": part("Sequence", processors=[byte_level(), template(["<s>"], [], ids)]),
    }
    for name, post in posts.items():
        yield name, changed(post_processor=post)
    decoders_ = {
        "no-decoder": None,
        "byte-level-fuse": part("Sequence", decoders=[byte_level(), part("Fuse")]),
        "fuse-byte-level": part("Sequence", decoders=[part("Fuse"), byte_level()]),
        "only-fuse": part("Sequence", decoders=[part("Fuse")]),
        "empty-decoder": part("Sequence", decoders=[]),
    }
    for name, decoder in decoders_.items():
        yield name, changed(decoder=decoder)
    yield "truncation", changed(
        truncation={"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
        padding={
            "strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
            "pad_type_id": 0, "pad_token": "<s>",
        },
    )
    yield "dropout", changed(dropout=0.3)
    yield "affixes", changed(continuing_subword_prefix="", end_of_word_suffix="")
    yield "unknown", changed(unk_token="<s>", fuse_unk=True, byte_fallback=True)
    yield "ignore-merges", changed(ignore_merges=True)
    yield "nfc", changed(normalizer=part("NFC"))
    yield "nfc-sequence", changed(
        normalizer=part("Sequence", normalizers=[part("Sequence", normalizers=[part("NFC")])])
    )
    holes = changed()
    last = max(ids.values())
    holes["model"]["vocab"] = {t: i + 3 if i == last else i for t, i in ids.items()}
    yield "id-holes", holes
    holes = copy.deepcopy(holes)
    holes["added_tokens"] = [t for t in holes["added_tokens"] if t["content"] in ids]
    yield "id-holes-only", holes
    gap = changed()
    for token in gap["added_tokens"][2:]:
        token["id"] += 2
    yield "added-gap", gap
    some = changed(unk_token="<s>")
    for token in ["é", "Ã", "ð", "Ŀ", "z"]:
        used = any(token in pair for merge in some["model"]["merges"] for pair in merge)
        if not used:
            del some["model"]["vocab"][token]
    yield "missing-bytes", some
    old = changed()
    old["model"]["merges"] = [" ".join(pair) for pair in old["model"]["merges"]]
    del old["model"]["type"]
    yield "old-merges", old


def their_ids(tokenizer, text):
    try:
        return tokenizer.encode(text, add_special_tokens=False).ids
    except BaseException as problem:
        # Tokens with lstrip and rstrip side by side end their thread; nothing to compare.
        if "bad split" not in str(problem):
            raise
        return None


def compare(name, passo, path, tokenizer, options):
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if isinstance(tokenizer.model, models.BPE):
        tokenizer.model.dropout = None
    source = random.Random(f"{options.seed} {name}")
    specials = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
    sample = texts(source, specials, options.count)
    theirs = [their_ids(tokenizer, text) for text in sample]
    lines = [json.dumps(text) for text in sample]
    mine = answers(passo, "encode", path, lines)
    wrong = [i for i, ids in enumerate(theirs) if ids is not None and ids != mine[i]]
    tokenizer.encode_special_tokens = True
    plain = [their_ids(tokenizer, text) for text in sample]
    tokenizer.encode_special_tokens = False
    mine_plain = answers(passo, "encode", path, lines, "--special-as-text")
    wrong_plain = [i for i, ids in enumerate(plain) if ids is not None and ids != mine_plain[i]]
    known = sorted(tokenizer.get_vocab(with_added_tokens=True).values())
    lists = [ids for ids in theirs if ids is not None] + [
        [source.choice(known) for _ in range(source.randrange(12))] for _ in range(options.count)
    ]
    rows = [json.dumps(ids) for ids in lists]
    back = answers(passo, "decode", path, rows)
    kept = answers(passo, "decode", path, rows, "--special")
    wrong_back = [i for i, ids in enumerate(lists) if back[i] != tokenizer.decode(ids)]
    wrong_kept = [
        i for i, ids in enumerate(lists)
        if kept[i] != tokenizer.decode(ids, skip_special_tokens=False)
    ]
    print(
        f"{name:18} {len(sample)} texts: {len(wrong)} with other ids, {len(wrong_plain)} as text; "
        f"{len(lists)} lists: {len(wrong_back)} other texts, {len(wrong_kept)} with special tokens"
    )
    for i in wrong[:2]:
        print(" ", ascii(sample[i]), mine[i], theirs[i], sep="\n    ")
    for i in wrong_plain[:2]:
        print(" ", ascii(sample[i]), mine_plain[i], plain[i], sep="\n    ")
    for i in wrong_back[:2]:
        print(" ", lists[i], ascii(back[i]), ascii(tokenizer.decode(lists[i])), sep="\n    ")
    return not (wrong or wrong_plain or wrong_back or wrong_kept)


def own(passo, folder):
    """Tokenizers that Passo learned, and as others save them again; with texts that they know."""
    text = folder / "text.txt"
    text.write_text("\n".join(CORPUS), encoding="utf-8")
    for kind in ["words", "chars", "bpe"]:
        model = folder / kind
        size = ["--vocab-size", "400"] if kind == "bpe" else []
        subprocess.run(
            [passo, "train", "--preset", "gatto", "--text", text, "--tokenizer", kind, "--steps",
             "1", "--out", model] + size,
            check=True, capture_output=True,
        )
        yield kind, model / "tokenizer.json"
        again = folder / f"{kind}-tokenizers.json"
        Tokenizer.from_file(str(model / "tokenizer.json")).save(str(again))
        yield f"{kind}-saved", again
        try:
            from transformers import AutoTokenizer
        except ImportError:
            continue
        twice = folder / f"{kind}-transformers"
        AutoTokenizer.from_pretrained(str(model)).save_pretrained(str(twice))
        yield f"{kind}-transformers", twice / "tokenizer.json"


def compare_own(name, passo, path, options):
    """As `compare`, with texts of words and characters that a closed vocabulary has."""
    tokenizer = Tokenizer.from_file(str(path))
    source = random.Random(f"{options.seed} {name}")
    words = " ".join(CORPUS[:3]).split() + ["<start>"]
    sample = [
        source.choice(["", " "]).join(source.choice(words) for _ in range(source.randrange(1, 9)))
        if name.startswith("chars")
        else " ".join(source.choice(words) for _ in range(source.randrange(1, 9)))
        for _ in range(options.count)
    ]
    theirs = [tokenizer.encode(text, add_special_tokens=False).ids for text in sample]
    mine = answers(passo, "encode", path, [json.dumps(text) for text in sample])
    back = answers(passo, "decode", path, [json.dumps(ids) for ids in theirs])
    wrong = [i for i in range(len(sample)) if mine[i] != theirs[i]]
    wrong_back = [i for i in range(len(sample)) if back[i] != tokenizer.decode(theirs[i])]
    print(f"{name:18} {len(sample)} texts: {len(wrong)} with other ids, {len(wrong_back)} other texts")
    for i in wrong[:2]:
        print(" ", ascii(sample[i]), mine[i], theirs[i], sep="\n    ")
    return not (wrong or wrong_back)


def folders(folder):
    """Folders without tokenizer.json, as `transformers` reads them."""
    try:
        from transformers import AutoTokenizer
    except ImportError:
        return
    base = trained()
    model = base["model"]
    configs = {
        "gpt2-folder": {"tokenizer_class": "GPT2Tokenizer"},
        "gpt2-folder-prefix": {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True},
        "gpt2-folder-bos": {
            "tokenizer_class": "GPT2TokenizerFast", "bos_token": "<s>", "eos_token": "</s>",
            "unk_token": "<s>", "add_bos_token": True,
        },
        "qwen2-folder": {"tokenizer_class": "Qwen2Tokenizer"},
        "special-folder": {
            "tokenizer_class": "GPT2Tokenizer", "bos_token": "<s>", "eos_token": "</s>",
            "unk_token": {"content": "</s>", "lstrip": False, "rstrip": False,
                          "normalized": False, "single_word": False, "__type": "AddedToken"},
            "added_tokens_decoder": {
                "0": {"content": "<s>", "special": True, "lstrip": False, "rstrip": False,
                      "normalized": False, "single_word": False},
                "420": {"content": "<|im|>", "special": True, "lstrip": False, "rstrip": True,
                        "normalized": False, "single_word": False},
            },
        },
    }
    for name, config in configs.items():
        path = folder / name
        path.mkdir()
        (path / "vocab.json").write_text(json.dumps(model["vocab"]), encoding="utf-8")
        merges = "#version: 0.2\n" + "\n".join(" ".join(m) for m in model["merges"]) + "\n"
        (path / "merges.txt").write_text(merges, encoding="utf-8")
        (path / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
        yield name, path, AutoTokenizer.from_pretrained(str(path)).backend_tokenizer


def bert_folders(folder):
    """Folders with vocab.txt alone, as BERT's."""
    try:
        from transformers import AutoTokenizer
    except ImportError:
        return
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        CORPUS + [text.lower() for text in CORPUS],
        trainers.WordPieceTrainer(vocab_size=500, special_tokens=specials, show_progress=False),
    )
    tokens = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    configs = {
        "bert-folder": {"tokenizer_class": "BertTokenizer"},
        "bert-folder-cased": {"tokenizer_class": "BertTokenizer", "do_lower_case": False},
        "bert-folder-accents": {"tokenizer_class": "BertTokenizerFast", "strip_accents": False,
                                "tokenize_chinese_chars": False},
        "bert-folder-special": {"tokenizer_class": "BertTokenizer", "cls_token": "<s>", "sep_token": "<s>",
                                "additional_special_tokens": ["<x>", "il gatto"]},
    }
    for name, config in configs.items():
        path = folder / name
        path.mkdir()
        (path / "vocab.txt").write_text("".join(f"{token}\n" for token, _ in tokens), encoding="utf-8")
        (path / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
        yield name, path, AutoTokenizer.from_pretrained(str(path)).backend_tokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--passo", default=".build/release/passo")
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="names that begin so")
    options = parser.parse_args()
    passo = str(pathlib.Path(options.passo).resolve())
    wanted = options.only or ""
    fine = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name, document in kinds():
            if not name.startswith(wanted):
                continue
            path = folder / f"{name}.json"
            path.write_text(json.dumps(document), encoding="utf-8")
            tokenizer = Tokenizer.from_file(str(path))
            fine.append(compare(name, passo, str(path), tokenizer, options))
        for name, path, tokenizer in itertools.chain(folders(folder), bert_folders(folder)):
            if name.startswith(wanted):
                fine.append(compare(name, passo, str(path), tokenizer, options))
        for name, path in own(passo, folder):
            if name.startswith(wanted):
                fine.append(compare_own(name, passo, str(path), options))
    print(f"{sum(fine)} of {len(fine)} kinds equal")
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()
