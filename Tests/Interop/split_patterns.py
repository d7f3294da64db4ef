# SPDX-License-Identifier: MIT
"""How tokenizers of known models cut texts, for `tokenizer_kinds.py` and `tokenizer_pipelines.py`."""

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace("{1,3}", "")

CASED = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
SMALL = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
ENDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
GPT4O = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{CASED}*{SMALL}+{ENDS}|[^\r\n\p{{L}}\p{{N}}]?{CASED}+{SMALL}*{ENDS}"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEKKEN = GPT4O.replace(ENDS, "").replace("{1,3}", "")
DEEPSEEK = (
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
PATTERNS = {
    "gpt4o": GPT4O,
    "tekken": TEKKEN,
    "cl100k": LLAMA3.replace("?\\p{L}+", "?+\\p{L}++").replace("{1,3}", "{1,3}", 1),
    "qwen3-marks": QWEN2.replace(r"\p{L}+", r"[\p{L}\p{M}]+"),
    "clip": r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    "bloom": r" ?[^(\s|[.,!?…。，、।۔،])]+",
    "falcon": r"[0-9][0-9][0-9]",
    "kimi": r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}&&[^\p{Han}]]+|\p{N}{1,3}|\s+(?!\S)|\s+",
    "words": r"\w+|[^\w\s]+",
    "odd": r"(?:ab|a)c?|\d{2,3}|[^\W\d]+?" .replace("+?", "+"),
    "nested": r"(?:(?:il|un) ?){1,3}|[a-f]+[^a-f ]*z?|\x41\u00e8|\S",
    "ahead": r"a(?=t)|\s+(?=\d)|[a-z]+(?!\w)",
    "backs": r"[a-z]*[a-z0-9]*[0-9]+x|[a-z]+",
}
