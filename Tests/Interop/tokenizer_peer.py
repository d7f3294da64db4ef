# SPDX-License-Identifier: MIT
"""Hugging Face tokenizers beside Passo: the same ids, the same merges, and how fast.

    passo bench --generate-text 100 --seed 1 --out 100.txt
    passo bench --generate-text 10 --seed 2 --out 10.txt
    passo tokenizer train --text 10.txt --vocab-size 4096 --out tokenizer.json
    python3 Tests/Interop/tokenizer_peer.py merges --text 10.txt --tokenizer tokenizer.json
    python3 Tests/Interop/tokenizer_peer.py ids --passo .build/release/passo --tokenizer tokenizer.json
    python3 Tests/Interop/tokenizer_peer.py encode --text 100.txt --tokenizer tokenizer.json
    python3 Tests/Interop/tokenizer_peer.py train --text 10.txt --vocab-size 4096

`encode` and `train` print one JSON line like that of `passo bench`; --threads 1 turns their
parallelism off. `encode` takes the text in parts of --chunk bytes up to the end of a line, as
`passo bench --chunk` does; try several, theirs are faster when short.
"""

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time


def line(workload, threads, size, times, **more):
    median = statistics.median(times)
    members = {
        "peer": "tokenizers",
        "workload": workload,
        "threads": threads,
        "mb": size / 1e6,
        "seconds_median": round(median, 4),
        "seconds_min": round(min(times), 4),
        "mb_per_s": round(size / 1e6 / median, 2),
        "runs": len(times),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    print(json.dumps(members | more))


def parts(data, size):
    start = 0
    while start < len(data):
        end = min(start + size, len(data))
        found = data.find(b"\n", end - 1)
        end = len(data) if found < 0 else found + 1
        yield data[start:end].decode()
        start = end


def encode(options):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(options.tokenizer)
    data = open(options.text, "rb").read()
    texts = list(parts(data, options.chunk))
    times, tokens = [], 0
    for _ in range(options.runs):
        begin, tokens = time.perf_counter(), 0
        for at in range(0, len(texts), options.batch):
            found = tokenizer.encode_batch_fast(
                texts[at : at + options.batch], add_special_tokens=False
            )
            # Making lists of ids for Python is not what is measured.
            tokens += sum(len(encoding) for encoding in found)
        times.append(time.perf_counter() - begin)
    line("bpe-encode", options.threads, len(data), times, tokens=tokens, chunk=options.chunk)


def trained(text, size, specials=(), minimum=0):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=minimum,
        special_tokens=list(specials),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(text, trainer)
    return tokenizer


def train(options):
    data = open(options.text, "rb").read()
    text = data.decode()
    # One text as it stands, and the same in lines, which they can share among threads.
    forms = {"whole": [text], "lines": text.splitlines(keepends=True)}
    for form, texts in forms.items():
        times = []
        for _ in range(options.runs):
            begin = time.perf_counter()
            trained(texts, options.vocab_size)
            times.append(time.perf_counter() - begin)
        line("bpe-train", options.threads, len(data), times, vocab_size=options.vocab_size, form=form)


def merges(options):
    mine = json.load(open(options.tokenizer))
    text = open(options.text, "rb").read().decode("utf-8", errors="replace")
    specials = [token["content"] for token in mine["added_tokens"]]
    size = options.vocab_size or len(mine["model"]["vocab"])
    theirs = json.loads(trained([text], size, specials, options.min_frequency).to_str())
    same = mine["model"]["merges"] == theirs["model"]["merges"]
    same_vocabulary = mine["model"]["vocab"] == theirs["model"]["vocab"]
    print(f"{len(theirs['model']['merges'])} merges, equal: {same}; vocabulary equal: {same_vocabulary}")
    sys.exit(0 if same and same_vocabulary else 1)


ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyz ",
    "  \t\n\r\u00a0\u2003\u3000\u0085\u200b\ufeff",
    "'stremdlvSTREMDLV\u017f ",
    "0123456789\u0660\u00bd\u2167 .,",
    "àèéìòùÀÈßñçø ",
    "e\u0301a\u0300o\u0308\u0323n\u0303 \u1112\u1161\u11ab",
    "!?.,;:()[]{}<>@#$%^&*-_=+/\\|~`\"' ",
    "😀👍🏽👩\u200d🔬🇮🇹\u2764\ufe0f ",
    "日本語中文한국어 Приветمرحبا שלום ",
]


def random_text(source, pieces):
    """Something of everything: alphabets, any scalar, spaces, the added tokens and their like."""
    text = ""
    for _ in range(source.randrange(1, 12)):
        choice = source.randrange(12)
        if choice < 8:
            letters = source.choice(ALPHABETS)
            text += "".join(source.choice(letters) for _ in range(source.randrange(1, 12)))
        elif choice == 8:
            text += " " * source.randrange(1, 30)
        elif choice == 9 and pieces:
            text += source.choice(["", " ", "x", "  ", "\n"]) + source.choice(pieces)
            text += source.choice(["", " ", "x", "  ", "\n"])
        elif choice == 10:
            text += source.choice("abc ñ\n") * source.randrange(1, 120)
        else:
            for _ in range(source.randrange(1, 6)):
                scalar = source.randrange(0x110000)
                if source.random() < 0.7:
                    scalar = source.randrange(0x3000)
                if not 0xD800 <= scalar < 0xE000:
                    text += chr(scalar)
    return text


def answers(passo, verb, tokenizer, lines, *options):
    done = subprocess.run(
        [passo, "tokenizer", verb, "--tokenizer", tokenizer, "--json", *options],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return [json.loads(answer) for answer in done.stdout.split("\n")[:-1]]


def their_ids(tokenizer, text):
    try:
        return tokenizer.encode(text, add_special_tokens=False).ids
    except BaseException as problem:
        # Tokens with lstrip and rstrip side by side end their thread; nothing to compare.
        if "bad split" not in str(problem):
            raise
        return None


def ids(options):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(options.tokenizer)
    source = random.Random(options.seed)
    pieces = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
    texts = [random_text(source, pieces) for _ in range(options.count)]
    mine = answers(options.passo, "encode", options.tokenizer, [json.dumps(text) for text in texts])
    theirs = [their_ids(tokenizer, text) for text in texts]
    size = tokenizer.get_vocab_size()
    lists = [x for x in theirs if x is not None] + [
        [source.randrange(size) for _ in range(source.randrange(20))] for _ in range(options.count)
    ]
    texts_again = answers(options.passo, "decode", options.tokenizer, [json.dumps(x) for x in lists])
    wrong = [i for i in range(len(texts)) if theirs[i] is not None and mine[i] != theirs[i]]
    wrong_back = [i for i in range(len(lists)) if texts_again[i] != tokenizer.decode(lists[i])]
    print(f"{len(texts)} texts, {len(wrong)} with other ids; "
          f"{len(lists)} lists of ids, {len(wrong_back)} with other texts")
    for i in wrong[:5]:
        print(ascii(texts[i]), mine[i], theirs[i], sep="\n  ")
    for i in wrong_back[:5]:
        print(lists[i], ascii(texts_again[i]), ascii(tokenizer.decode(lists[i])), sep="\n  ")
    sys.exit(1 if wrong or wrong_back else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("task", choices=["encode", "train", "merges", "ids"])
    parser.add_argument("--text")
    parser.add_argument("--tokenizer")
    parser.add_argument("--passo", default=".build/release/passo")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--chunk", type=int, default=1 << 16)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vocab-size", type=int)
    parser.add_argument("--min-frequency", type=int, default=0)
    options = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false" if options.threads == 1 else "true"
    os.environ["RAYON_NUM_THREADS"] = str(options.threads)
    {"encode": encode, "train": train, "merges": merges, "ids": ids}[options.task](options)


if __name__ == "__main__":
    main()
