// SPDX-License-Identifier: MIT

import PassoText

/// Options as other programs call them, with hyphens: nanoGPT, `transformers`, llama.cpp.
package enum OptionNames {
  /// A name in the way of the command line: `n-layer` for `n_layer`, `maxIters` for `max-iters`.
  package static func plain(_ typed: String) -> String {
    var name = ""
    for character in typed.drop(while: { $0 == "-" }).prefix(while: { $0 != "=" }) {
      if character.isUppercase, name.last?.isLowercase ?? false { name += "-" }
      name += character == "_" || character == "." ? "-" : character.lowercased()
    }
    while name.hasSuffix("-") { name.removeLast() }
    return name
  }

  /// Options by their names elsewhere.
  package static let synonyms: KeyValuePairs<String, Set<String>> = [
    "lr": ["learning-rate", "learningrate", "learn-rate", "rate", "max-lr", "alpha", "eta"],
    "min-lr": ["minimum-lr", "min-learning-rate", "lr-min", "final-lr"],
    "beta1": ["adam-beta1", "beta-1", "b1"],
    "beta2": ["adam-beta2", "beta-2", "b2"],
    "eps": ["epsilon", "adam-epsilon", "adam-eps"],
    "weight-decay": ["wd", "decay", "l2"],
    "clip": ["grad-clip", "max-grad-norm", "clip-grad", "gradient-clip", "clip-norm"],
    "warmup": ["warmup-steps", "warmup-iters", "num-warmup-steps", "lr-warmup"],
    "schedule": ["lr-scheduler", "lr-scheduler-type", "scheduler", "decay-lr", "lr-schedule"],
    "batch": [
      "batch-size", "bs", "batchsize", "per-device-train-batch-size", "micro-batch-size",
      "train-batch-size", "device-batch-size",
    ],
    "accumulate": [
      "gradient-accumulation-steps", "grad-accum", "accumulation", "grad-accum-steps",
    ],
    "context": [
      "block-size", "context-length", "ctx", "ctx-size", "n-ctx", "seq-len", "seq-length",
      "sequence-length", "max-length", "max-seq-length", "max-seq-len", "n-positions",
      "context-size", "window-size",
    ],
    "dropout": [
      "dropout-rate", "attn-dropout", "resid-dropout", "embd-dropout", "attn-pdrop", "resid-pdrop",
      "embd-pdrop", "p-drop",
    ],
    "init": ["init-std", "initializer-range", "std", "standard-deviation"],
    "activation": ["hidden-act", "activation-function", "act"],
    "tied": ["tie-weights", "tie-word-embeddings", "weight-tying"],
    "biases": ["bias"],
    "steps": [
      "max-iters", "iters", "iterations", "max-steps", "num-steps", "n-steps", "updates",
      "train-steps", "num-iterations", "max-iter",
    ],
    "validation": ["val", "valid", "eval-file", "validation-file", "val-file", "eval-data"],
    "sample-every": ["sample-interval", "eval-interval", "eval-steps"],
    "text": [
      "data", "dataset", "train-file", "input", "input-file", "file", "train-data", "files",
    ],
    "model": [
      "model-path", "model-name-or-path", "model-dir", "checkpoint", "ckpt", "init-from", "m",
    ],
    "preset": ["config", "size", "model-size", "arch", "architecture"],
    "out": [
      "out-dir", "output", "output-dir", "outdir", "save", "save-dir", "o", "output-file",
      "save-to",
    ],
    "log": ["log-file", "logging", "log-dir", "wandb", "report-to", "tensorboard"],
    "resume": ["resume-from", "resume-from-checkpoint", "continue", "restart"],
    "seed": ["random-seed", "rng-seed", "manual-seed"],
    "threads": ["num-threads", "n-threads", "workers", "num-workers", "cpus", "jobs", "t", "j"],
    "precision": ["dtype", "torch-dtype", "fp16", "bf16", "half", "amp", "mixed-precision"],
    "prompt": ["start", "text", "input", "p"],
    "max-new-tokens": [
      "max-tokens", "max-length", "n-predict", "num-tokens", "length", "tokens-to-generate",
      "n-tokens", "num-samples", "maxlen", "n",
    ],
    "temperature": ["temp", "do-sample"],
    "top-k": ["topk", "k"],
    "top-p": ["topp", "nucleus", "p"],
    "repetition-penalty": ["repeat-penalty", "rep-penalty", "frequency-penalty"],
    "end-token": ["eos", "eos-token", "eos-token-id", "stop", "stop-token"],
    "vocab-size": ["vocabulary-size", "n-vocab", "vocab", "num-tokens"],
    "special": ["special-tokens", "special-token"],
    "min-frequency": ["min-freq", "min-count"],
    "tokenizer": ["tokenizer-file", "tokenizer-path", "tokenizer-name", "vocab-file"],
    "lang": ["language", "lingua", "locale"],
    "lesson": ["lezione", "name"],
    "plain": ["no-color", "no-colour", "nocolor", "ascii"],
    "json": ["format", "output-format"],
  ]
}

extension OptionNames {
  /// What a word behind a command means elsewhere.
  ///
  /// - Parameters:
  ///   - typed: The word, as `--batch_size`, `batch_size=4` or `temp`.
  ///   - allowed: What the command takes in its place.
  /// - Returns: What to write; nil if nobody can tell.
  static func hint(for typed: String, among allowed: [String] = []) -> Bilingual? {
    let name = plain(typed)
    if let option = synonyms.first(where: { $0.key == name || $0.value.contains(name) }) {
      let word = words[option.key] ?? option.key
      if allowed.contains(word) { return .didYouMean(word) }
    }
    return elsewhere.first { $0.others.contains(name) }?.hint
  }

  /// Words of the commands for what the command line calls otherwise.
  private static let words = ["batch": "rows", "accumulate": "rounds", "schedule": "cosine"]

  /// What other commands do.
  private static let elsewhere: [(others: Set<String>, hint: Bilingual)] = [
    (
      ["lr", "learning-rate", "rate", "learning-rates", "alpha", "eta"],
      Bilingual(it: "la lr si cambia con :set lr = 0.1", en: ":set lr = 0.1 changes the lr")
    ),
    (
      [
        "epochs", "epoch", "num-train-epochs", "num-epochs", "max-epochs", "steps", "max-steps",
        "max-iters", "iterations", "iters", "updates",
      ],
      Bilingual(it: "si contano gli aggiornamenti: :train 3", en: "updates are counted: :train 3")
    ),
    (
      ["batch", "batch-size", "bs", "per-device-train-batch-size", "rows"],
      Bilingual(
        it: "le righe si scelgono con i dati: :corpus gatto-1 rows 8",
        en: "the rows are chosen with the data: :corpus gatto-1 rows 8"
      )
    ),
    (
      ["max-new-tokens", "max-tokens", "max-length", "n-predict", "num-tokens", "length", "n"],
      Bilingual(
        it: "quanti token: :generate 20, o :generate \"Il gatto\" 20",
        en: "how many tokens: :generate 20, or :generate \"Il gatto\" 20"
      )
    ),
    (
      ["weight-decay", "wd", "beta1", "beta2", "adam-beta1", "adam-beta2", "momentum", "optim"],
      Bilingual(same: ":optimizer adamw 0.01")
    ),
  ]
}
