# SPDX-License-Identifier: MIT
"""Tokenizers of every stage that Hugging Face tokenizers 0.23 has, compared with Passo.

    python3 Tests/Interop/tokenizer_pipelines.py --passo .build/release/passo [--count 2000] [NAME...]

Trains small tokenizers (BPE with byte fallback, WordPiece, Unigram, WordLevel; every normalizer,
pre-tokenizer and decoder; the split patterns of GPT-4o, DeepSeek, Tekken and others), writes files
of tiktoken and sentencepiece, and compares as `tokenizer_kinds.py` does: 2,000 texts each, ids,
decoded texts. `--scalars` compares every scalar of Unicode instead, through each normalizer and
cut. Tokenizers given by `--file` are compared too. One line a kind; exit status 1 if one differs.
"""

import argparse
import base64
import copy
import json
import pathlib
import random
import sys
import tempfile

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from split_patterns import DEEPSEEK, PATTERNS
from tokenizer_kinds import (
    CORPUS, answers, byte_level, chain, compare, digits, part, split, texts, trained,
)

def lines():
    return [line for line in "".join(CORPUS[:3]).split() for _ in range(3)] + CORPUS


def trained_pieces(kind, pre=None, normalizer=None, decoder=None, added=True, **settings):
    if kind == "bpe":
        model = models.BPE(unk_token="<unk>", fuse_unk=settings.get("fuse", True),
                           byte_fallback=settings.get("fallback", False))
        trainer = trainers.BpeTrainer
        more = {"end_of_word_suffix": settings.get("suffix"),
                "continuing_subword_prefix": settings.get("prefix")}
    elif kind == "wordpiece":
        model = models.WordPiece(unk_token="<unk>", max_input_chars_per_word=settings.get("most", 100))
        trainer, more = trainers.WordPieceTrainer, {}
    elif kind == "unigram":
        model, trainer, more = models.Unigram(), trainers.UnigramTrainer, {"unk_token": "<unk>"}
    else:
        model, trainer, more = models.WordLevel(unk_token="<unk>"), trainers.WordLevelTrainer, {}
    tokenizer = Tokenizer(model)
    if pre is not None:
        tokenizer.pre_tokenizer = pre
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if decoder is not None:
        tokenizer.decoder = decoder
    specials = ["<unk>", "<s>", "</s>"]
    if settings.get("fallback"):
        specials += [f"<0x{byte:02X}>" for byte in range(256)]
    more = {key: value for key, value in more.items() if value is not None}
    trainer = trainer(vocab_size=500 if not settings.get("fallback") else 700,
                      special_tokens=specials, show_progress=False, **more)
    tokenizer.train_from_iterator(CORPUS, trainer)
    document = json.loads(tokenizer.to_str())
    if settings.get("fallback"):
        # Bytes are tokens of the model, as in Llama 2, not special ones.
        document["added_tokens"] = [t for t in document["added_tokens"] if not t["content"].startswith("<0x")]
    if kind == "unigram" and settings.get("unifallback"):
        document["model"]["vocab"] += [[f"<0x{byte:02X}>", -20.0] for byte in range(256)]
        document["model"]["byte_fallback"] = True
    if not added:
        return document
    again = Tokenizer.from_str(json.dumps(document))
    again.add_tokens([AddedToken("gattini", single_word=True), "due gatti", AddedToken("Ünï")])
    again.add_special_tokens([AddedToken("<mask>", lstrip=True), "<|x|>", AddedToken("<é>", normalized=True)])
    return json.loads(again.to_str())


def metaspace(scheme="always", cuts=True):
    return pre_tokenizers.Metaspace(replacement="▁", prepend_scheme=scheme, split=cuts)


def llama_decoder():
    return decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)
    ])


def kinds():
    n, p = normalizers, pre_tokenizers
    llama = n.Sequence([n.Prepend("▁"), n.Replace(" ", "▁")])
    yield "llama2", trained_pieces("bpe", None, llama, llama_decoder(), fallback=True)
    yield "gemma", trained_pieces("bpe", p.Split(" ", "merged_with_previous"), n.Replace(" ", "▁"),
                                  decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]),
                                  fallback=True)
    for scheme in ["always", "first", "never"]:
        yield f"metaspace-{scheme}", trained_pieces("bpe", metaspace(scheme), None,
                                                    decoders.Metaspace("▁", scheme), fallback=True)
    yield "metaspace-whole", trained_pieces("bpe", metaspace("first", False), None, llama_decoder(), fallback=True)
    yield "no-fallback", trained_pieces("bpe", metaspace(), None, decoders.Metaspace())
    yield "no-fuse", trained_pieces("bpe", metaspace(), None, decoders.Metaspace(), fuse=False)
    some = trained_pieces("bpe", None, llama, llama_decoder(), fallback=True)
    for byte in ["<0xE4>", "<0xF0>", "<0x09>"]:
        some["model"]["vocab"].pop(byte)
    yield "fallback-holes", some
    yield "clip", trained_pieces("bpe", p.Sequence([p.Split(__import__("tokenizers").Regex(PATTERNS["clip"]), "removed", invert=True)]),
                                 n.Sequence([n.NFC(), n.Replace(__import__("tokenizers").Regex(r"\s+"), " "), n.Lowercase()]),
                                 decoders.BPEDecoder("</w>"), suffix="</w>")
    yield "affix-prefix", trained_pieces("bpe", p.Whitespace(), None, decoders.WordPiece("##"), prefix="##")
    bert = dict(pre=p.BertPreTokenizer(), decoder=decoders.WordPiece("##", True))
    for name, flags in {
        "bert-uncased": (True, True, None, True), "bert-cased": (True, True, False, False),
        "bert-accents": (True, False, True, False), "bert-plain": (False, True, False, True),
    }.items():
        clean, chinese, accents, lower = flags
        yield name, trained_pieces("wordpiece", normalizer=n.BertNormalizer(
            clean_text=clean, handle_chinese_chars=chinese, strip_accents=accents, lowercase=lower), **bert)
    yield "wordpiece-short", trained_pieces("wordpiece", p.WhitespaceSplit(), n.NFKC(), decoders.WordPiece("##", False), most=5)
    yield "wordlevel", trained_pieces("wordlevel", p.Whitespace(), n.Lowercase())
    yield "wordlevel-punct", trained_pieces("wordlevel", p.Sequence([p.WhitespaceSplit(), p.Punctuation("isolated")]), n.NFD())
    nmt = n.Sequence([n.Nmt(), n.NFKC(), n.Replace(__import__("tokenizers").Regex(" {2,}"), " ")])
    yield "unigram", trained_pieces("unigram", metaspace(), nmt, decoders.Metaspace())
    yield "unigram-first", trained_pieces("unigram", metaspace("first"), n.Strip(), decoders.Metaspace("▁", "first"))
    yield "unigram-bytes", trained_pieces("unigram", metaspace(), None, llama_decoder(), unifallback=True)
    yield "unigram-albert", trained_pieces(
        "unigram", p.Sequence([p.WhitespaceSplit(), metaspace()]),
        n.Sequence([n.Replace("``", '"'), n.NFKD(), n.StripAccents(), n.Lowercase()]), decoders.Metaspace())
    byteish = dict(pre=p.ByteLevel(add_prefix_space=False), decoder=decoders.ByteLevel())
    for name, normal in {"nfkc": n.NFKC(), "nfkd": n.NFKD(), "nfd": n.NFD(), "lowercase": n.Lowercase(),
                         "strip": n.Strip(), "strip-left": n.Strip(True, False), "accents": n.Sequence([n.NFD(), n.StripAccents()]),
                         "claude": n.Sequence([n.NFKC(), n.Replace("\t", "    ")]), "prepend": n.Prepend("_")}.items():
        yield f"bytes-{name}", trained_pieces("bpe", normalizer=normal, **byteish)
    yield "bytes-normalizer", trained_pieces("bpe", p.Split(" ", "isolated"), n.ByteLevel(), decoders.ByteLevel())
    base = trained()

    def changed(pre):
        document = copy.deepcopy(base)
        document["pre_tokenizer"] = pre
        return document

    whole = byte_level(regex=False)
    for name, regex in PATTERNS.items():
        yield f"split-{name}", changed(chain(split(regex), whole))
    for behavior in ["Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"]:
        for invert in [False, True]:
            yield f"{behavior.lower()}-{invert}", changed(chain(split(r"\s|\p{P}", behavior, invert), whole))
    yield "isolated-inverted", changed(chain(split(r"\d+", "Isolated", True), whole))
    yield "deepseek", changed(chain(split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK), whole))
    yield "falcon", changed(chain(part("Punctuation", behavior="Contiguous"), byte_level(), digits(False),
                                  split("[0-9][0-9][0-9]")))
    yield "string-split", changed(chain(part("Split", pattern={"String": "at"}, behavior="MergedWithNext", invert=False), whole))
    yield "delimiter", changed(chain(part("CharDelimiterSplit", delimiter="."), whole))
    yield "punct-before", changed(chain(part("Punctuation", behavior="MergedWithPrevious"), byte_level(prefix=True)))


def files(folder):
    """Models of sentencepiece, with what they are compared to."""
    try:
        import sentencepiece as spm
    except ImportError:
        return
    text = folder / "corpus.txt"
    text.write_text("\n".join(lines()), encoding="utf-8")
    keep = {"remove_extra_whitespaces": False}
    kinds = {
        "llama": keep | {"byte_fallback": True, "split_digits": True, "normalization_rule_name": "identity"},
        "plain": keep | {"normalization_rule_name": "identity"},
        "default": {}, "default-bytes": {"byte_fallback": True},
        "gemma": keep | {"byte_fallback": True, "add_dummy_prefix": False, "normalization_rule_name": "identity",
                         "user_defined_symbols": ["<|im|>", "  ", "gatto", "▁▁▁", "<start_of_turn>"],
                         "allow_whitespace_only_pieces": True, "split_digits": True},
        "t5": {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1, "user_defined_symbols": ["<extra_id_0>", "due gatti"],
               "control_symbols": ["<|x|>"], "normalization_rule_name": "nmt_nfkc"},
        "nfkc-folded": {"normalization_rule_name": "nfkc_cf", "byte_fallback": True},
        "nmt-folded": keep | {"normalization_rule_name": "nmt_nfkc_cf"},
        "nfkc-symbols": {"normalization_rule_name": "nfkc", "user_defined_symbols": ["²", " e\u0301", "Ⅻ"]},
        "no-blank": {"add_dummy_prefix": False}, "suffix": {"treat_whitespace_as_suffix": True},
        "across": {"split_by_whitespace": False}, "surface": {"unk_surface": "?!"},
    }
    for kind in ["bpe", "unigram", "word", "char"]:
        for name, more in kinds.items():
            if kind in ["word", "char"] and ("byte_fallback" in more or "suffix" in name or "across" in name):
                continue
            prefix = folder / f"{kind}-{name}"
            spm.SentencePieceTrainer.train(
                input=str(text), model_prefix=str(prefix), model_type=kind, hard_vocab_limit=False,
                vocab_size=600 if more.get("byte_fallback") else 320, minloglevel=5, **more)
            yield f"spm-{kind}-{name}", f"{prefix}.model", spm.SentencePieceProcessor(model_file=f"{prefix}.model")
            if name != "default" or kind not in ["bpe", "unigram"]:
                continue
            # Some pieces are not to be used.
            from sentencepiece import sentencepiece_model_pb2
            model = sentencepiece_model_pb2.ModelProto()
            model.ParseFromString(pathlib.Path(f"{prefix}.model").read_bytes())
            for piece in model.pieces[5::3]:
                if piece.type == 1 and len(piece.piece) > 1:
                    piece.type = 5
            path = folder / f"{kind}-unused.model"
            path.write_bytes(model.SerializeToString())
            yield f"spm-{kind}-unused", str(path), spm.SentencePieceProcessor(model_file=str(path))


def compare_pieces(name, passo, path, processor, options):
    """As sentencepiece itself, which knows no special tokens in a text."""
    source = random.Random(f"{options.seed} {name}")
    sample = texts(source, ["<|im|>", "<s>", "<|x|>", "<start_of_turn>", "due gatti", "  ", "▁", "▁▁ "], options.count)
    theirs = [processor.encode(text) for text in sample]
    try:
        mine = answers(passo, "encode", path, [json.dumps(text) for text in sample], "--special-as-text")
    except SystemExit as refusal:
        # A kind that Passo does not read, with its sentence: that is no difference.
        print(f"{name:18} refused: {str(refusal.code).strip()}")
        return True
    wrong = [i for i, ids in enumerate(theirs) if ids != mine[i]]
    lists = theirs + [
        [source.randrange(processor.get_piece_size()) for _ in range(source.randrange(12))] for _ in sample
    ]
    back = answers(passo, "decode", path, [json.dumps(ids) for ids in lists])
    wrong_back = [i for i, ids in enumerate(lists) if back[i] != processor.decode(ids)]
    print(f"{name:18} {len(sample)} texts: {len(wrong)} with other ids; {len(lists)} lists: {len(wrong_back)} other texts")
    for i in wrong[:2]:
        print(" ", ascii(sample[i]), mine[i], theirs[i], processor.encode(sample[i], out_type=str), sep="\n    ")
    for i in wrong_back[:2]:
        print(" ", lists[i], ascii(back[i]), ascii(processor.decode(lists[i])), sep="\n    ")
    return not (wrong or wrong_back)


def ranks(folder):
    """Files of tiktoken with as many tokens as the encodings have, and what tiktoken makes of them."""
    try:
        import tiktoken
        import tiktoken_ext.openai_public as public
    except ImportError:
        return
    learned = tiktoken_tokens()
    for name, count in {"r50k_base": 50_256, "p50k_base": 50_280, "cl100k_base": 100_256, "o200k_base": 199_998}.items():
        # Their own functions, with our tokens in the place of those that they would download.
        tokens = learned[:count] + [bytes([0xFF, 0xFE]) + str(i).encode() for i in range(max(0, count - len(learned)))]
        holes = {50_256} if name == "p50k_base" else set()
        numbers = [i for i in range(count + len(holes)) if i not in holes]
        table = dict(zip(tokens, numbers))
        path = folder / f"{name}.tiktoken"
        path.write_bytes(b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in table.items()))
        names = ["load_tiktoken_bpe", "data_gym_to_mergeable_bpe_ranks"]
        kept = {key: getattr(public, key) for key in names}
        try:
            for key in names:
                setattr(public, key, lambda *_, **__: table)
            settings = getattr(public, name)()
        finally:
            for key, value in kept.items():
                setattr(public, key, value)
        yield f"tiktoken-{name}", str(path), tiktoken.Encoding(**settings)


def tiktoken_tokens():
    """All bytes, then what merges of a real training make."""
    base = trained()
    bytes_of = {c: b for b, c in byte_characters().items()}
    tokens = [bytes([b]) for b in range(256)]
    seen = set(tokens)
    for left, right in base["model"]["merges"]:
        token = bytes(bytes_of[c] for c in left + right)
        if token not in seen:
            seen.add(token)
            tokens.append(token)
    return tokens


def byte_characters():
    """By byte, the character that `ByteLevel` writes for it."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in seen]
    return {b: chr(b) for b in seen} | {b: chr(256 + i) for i, b in enumerate(others)}


def compare_ranks(name, passo, path, encoding, options):
    """As tiktoken, with special tokens in a text and with them as text."""
    source = random.Random(f"{options.seed} {name}")
    sample = texts(source, sorted(encoding.special_tokens_set), options.count)
    rows = [json.dumps(text) for text in sample]
    theirs = [encoding.encode(text, allowed_special="all") for text in sample]
    plain = [encoding.encode(text, disallowed_special=()) for text in sample]
    try:
        mine = answers(passo, "encode", path, rows)
    except SystemExit as refusal:
        print(f"{name:18} refused: {str(refusal.code).strip()}")
        return False
    mine_plain = answers(passo, "encode", path, rows, "--special-as-text")
    back = answers(passo, "decode", path, [json.dumps(ids) for ids in theirs], "--special")
    wrong = [i for i in range(len(sample)) if mine[i] != theirs[i]]
    wrong_plain = [i for i in range(len(sample)) if mine_plain[i] != plain[i]]
    wrong_back = [i for i in range(len(sample)) if back[i] != encoding.decode(theirs[i])]
    print(f"{name:18} {len(sample)} texts: {len(wrong)} with other ids, {len(wrong_plain)} as text; {len(wrong_back)} other texts")
    for i in wrong[:2]:
        print(" ", ascii(sample[i]), mine[i], theirs[i], sep="\n    ")
    for i in wrong_plain[:2]:
        print(" ", ascii(sample[i]), mine_plain[i], plain[i], sep="\n    ")
    return not (wrong or wrong_plain or wrong_back)


def scalars(passo, folder):
    """Every scalar of Unicode through each normalizer, between two letters."""
    everything = [chr(i) for i in range(1, 0x110000) if not 0xD800 <= i < 0xE000]
    sample = ["".join(f"a{c}a\x01" for c in everything[i:i + 64]) for i in range(0, len(everything), 64)]
    n, p = normalizers, pre_tokenizers
    good = True
    steps = {"nfc": n.NFC(), "nfd": n.NFD(), "nfkc": n.NFKC(), "nfkd": n.NFKD(), "lowercase": n.Lowercase(),
             "accents": n.StripAccents(), "nmt": n.Nmt(), "bert": n.BertNormalizer(True, True, True, True),
             "punctuation": p.Punctuation("removed"), "whitespace": p.Whitespace(), "bert-cut": p.BertPreTokenizer(),
             "digits": p.Digits(True), "spaces": p.WhitespaceSplit()}
    from tokenizers import Regex
    for regex in [r"\w", r"\s", r"\d", r"\p{Han}", r"\p{P}", r"\p{S}", r"\p{M}", r"\p{Lu}", r"\p{Ll}", r"\p{Lt}",
                  r"\p{Lm}", r"\p{Lo}", r"\p{N}", r"\p{L}", r"\p{Z}", r"\p{Cf}", r"(?i:[a-z])", r"\W", "."]:
        steps[regex] = p.Split(Regex(regex), "removed")
    for name, step in steps.items():
        tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>",
                                         vocab={"<unk>": 0} | {f"<0x{b:02X}>": b + 1 for b in range(256)}, merges=[]))
        if isinstance(step, n.Normalizer):
            tokenizer.normalizer = step
        else:
            tokenizer.pre_tokenizer = step
        path = folder / "scalars.json"
        tokenizer.save(str(path))
        mine = answers(passo, "encode", path, [json.dumps(text) for text in sample])
        wrong = [i for i, text in enumerate(sample) if mine[i] != tokenizer.encode(text).ids]
        print(f"{name:18} {len(everything)} scalars: {len(wrong)} of {len(sample)} rows differ", flush=True)
        for i in wrong[:20]:
            odd = []
            for c in everything[i * 64:i * 64 + 64]:
                got = answers(passo, "encode", path, [json.dumps(f"a{c}a")])[0]
                if got != tokenizer.encode(f"a{c}a").ids:
                    odd.append(hex(ord(c)))
            print("   ", " ".join(odd[:40]))
        good = good and not wrong
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--passo", default=".build/release/passo")
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scalars", action="store_true")
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    passo = str(pathlib.Path(options.passo).resolve())
    good = True

    def wanted(name):
        return not options.names or any(part in name for part in options.names)

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if options.scalars:
            sys.exit(not scalars(passo, folder))
        for path in options.file:
            good &= compare(pathlib.Path(path).parent.name, passo, path, Tokenizer.from_file(path), options)
        for name, document in kinds():
            if not wanted(name):
                continue
            path = folder / f"{name}.json"
            path.write_text(json.dumps(document), encoding="utf-8")
            try:
                good &= compare(name, passo, path, Tokenizer.from_file(str(path)), options)
            except Exception as problem:
                print(f"{name:18} {str(problem)[:300]}")
                good = False
            sys.stdout.flush()
        for name, path, encoding in ranks(folder):
            if wanted(name):
                good &= compare_ranks(name, passo, path, encoding, options)
        for name, path, processor in files(folder):
            if wanted(name):
                good &= compare_pieces(name, passo, path, processor, options)
                sys.stdout.flush()
    sys.exit(not good)


if __name__ == "__main__":
    main()
