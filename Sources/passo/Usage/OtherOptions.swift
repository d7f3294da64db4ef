// SPDX-License-Identifier: MIT

import PassoModel
import PassoShell
import PassoText

/// Options as other programs call them: nanoGPT, `transformers`, llama.cpp.
struct OtherOptions {
  /// What the command has, with two dashes.
  let options: [String]

  /// What to write in the place of an option that there is not; nil if nobody can tell.
  func hint(for typed: String) -> Bilingual? {
    let name = Self.plain(typed)
    if let option = sameName(name) { return .didYouMean(option) }
    let meant = Self.synonyms.filter { $0.others.contains(name) }
    if let own = meant.compactMap({ sameName($0.option) }).first { return .didYouMean(own) }
    // Sizes have options once a model can be built from them.
    if let size = OtherSizes.options[name].flatMap(sameName) { return .didYouMean(size) }
    if let missing = Self.missing.first(where: { $0.others.contains(name) }),
      isTraining || !missing.isTraining
    {
      return missing.hint
    }
    let names = options.map { String($0.dropFirst(2)) }
    return Suggestion.closest(to: name, among: names).map { .didYouMean("--\($0)") }
  }

  private var isTraining: Bool { options.contains("--steps") }

  private func sameName(_ name: String) -> String? {
    options.first { $0 == "--\(name)" }
  }

  /// A name in the way of the command line: `n-layer` for `n_layer`, `maxIters` for `max-iters`.
  private static func plain(_ typed: String) -> String {
    var name = ""
    for character in typed.drop(while: { $0 == "-" }).prefix(while: { $0 != "=" }) {
      if character.isUppercase, name.last?.isLowercase ?? false { name += "-" }
      name += character == "_" || character == "." ? "-" : character.lowercased()
    }
    while name.hasSuffix("-") { name.removeLast() }
    return name
  }

  private static let synonyms: [(option: String, others: Set<String>)] = [
    ("lr", ["learning-rate", "learningrate", "learn-rate", "rate", "max-lr", "alpha", "eta"]),
    ("min-lr", ["minimum-lr", "min-learning-rate", "lr-min", "final-lr"]),
    ("beta1", ["adam-beta1", "beta-1", "b1"]),
    ("beta2", ["adam-beta2", "beta-2", "b2"]),
    ("eps", ["epsilon", "adam-epsilon", "adam-eps"]),
    ("weight-decay", ["wd", "decay", "l2"]),
    ("clip", ["grad-clip", "max-grad-norm", "clip-grad", "gradient-clip", "clip-norm"]),
    ("warmup", ["warmup-steps", "warmup-iters", "num-warmup-steps", "lr-warmup"]),
    ("schedule", ["lr-scheduler", "lr-scheduler-type", "scheduler", "decay-lr", "lr-schedule"]),
    (
      "batch",
      [
        "batch-size", "bs", "batchsize", "per-device-train-batch-size", "micro-batch-size",
        "train-batch-size", "device-batch-size",
      ]
    ),
    (
      "accumulate",
      ["gradient-accumulation-steps", "grad-accum", "accumulation", "grad-accum-steps"]
    ),
    (
      "context",
      [
        "block-size", "context-length", "ctx", "ctx-size", "n-ctx", "seq-len", "seq-length",
        "sequence-length", "max-length", "max-seq-length", "max-seq-len", "n-positions",
        "context-size", "window-size",
      ]
    ),
    (
      "steps",
      [
        "max-iters", "iters", "iterations", "max-steps", "num-steps", "n-steps", "updates",
        "train-steps", "num-iterations", "max-iter",
      ]
    ),
    ("validation", ["val", "valid", "eval-file", "validation-file", "val-file", "eval-data"]),
    ("sample-every", ["sample-interval", "eval-interval", "eval-steps"]),
    (
      "text",
      ["data", "dataset", "train-file", "input", "input-file", "file", "train-data", "files"]
    ),
    (
      "model",
      ["model-path", "model-name-or-path", "model-dir", "checkpoint", "ckpt", "init-from", "m"]
    ),
    ("preset", ["config", "size", "model-size", "arch", "architecture"]),
    (
      "out",
      [
        "out-dir", "output", "output-dir", "outdir", "save", "save-dir", "o", "output-file",
        "save-to",
      ]
    ),
    ("log", ["log-file", "logging", "log-dir", "wandb", "report-to", "tensorboard"]),
    ("resume", ["resume-from", "resume-from-checkpoint", "continue", "restart"]),
    ("seed", ["random-seed", "rng-seed", "manual-seed"]),
    ("threads", ["num-threads", "n-threads", "workers", "num-workers", "cpus", "jobs", "t", "j"]),
    ("precision", ["dtype", "torch-dtype", "fp16", "bf16", "half", "amp", "mixed-precision"]),
    ("prompt", ["start", "text", "input", "p"]),
    (
      "max-new-tokens",
      [
        "max-tokens", "max-length", "n-predict", "num-tokens", "length", "tokens-to-generate",
        "n-tokens", "num-samples", "maxlen", "n",
      ]
    ),
    ("temperature", ["temp"]),
    ("top-k", ["topk", "k"]),
    ("top-p", ["topp", "nucleus", "p"]),
    ("repetition-penalty", ["repeat-penalty", "rep-penalty", "frequency-penalty"]),
    ("end-token", ["eos", "eos-token", "eos-token-id", "stop", "stop-token"]),
    ("vocab-size", ["vocabulary-size", "n-vocab", "vocab", "num-tokens"]),
    ("special", ["special-tokens", "special-token"]),
    ("min-frequency", ["min-freq", "min-count"]),
    ("tokenizer", ["tokenizer-file", "tokenizer-path", "tokenizer-name", "vocab-file"]),
    ("lang", ["language", "lingua", "locale"]),
    ("lesson", ["lezione", "name"]),
    ("plain", ["no-color", "no-colour", "nocolor", "ascii"]),
    ("json", ["format", "output-format"]),
  ]

  private static let missing: [(others: Set<String>, isTraining: Bool, hint: Bilingual)] = [
    (Set(OtherSizes.options.keys), true, .presets),
    (
      ["epochs", "num-train-epochs", "num-epochs", "n-epochs", "epoch", "max-epochs"], true,
      Bilingual(
        it: "la durata si dice in passi, non in epoche: --steps 500",
        en: "how long is said in steps, not in epochs: --steps 500"
      )
    ),
    (
      ["dropout", "attn-dropout", "resid-dropout"], true,
      Bilingual(
        it: "Passo non ha il dropout; contro l'imparare a memoria c'è --weight-decay",
        en: "Passo has no dropout; against learning by heart there is --weight-decay"
      )
    ),
    (
      ["device", "gpu", "cuda", "gpus", "n-gpu", "num-gpus", "ngl", "n-gpu-layers", "cpu", "mps"],
      false,
      Bilingual(
        it: "Passo calcola sul processore, con quanti thread dice --threads",
        en: "Passo computes on the processor, with as many threads as --threads says"
      )
    ),
    (
      ["compile", "torch-compile", "backend", "flash-attn", "ddp", "deepspeed", "fsdp"], false,
      Bilingual(
        it: "non serve: la forma veloce è sempre attiva, --threads dice con quanti thread",
        en: "there is no need: the fast form is always on, --threads says with how many threads"
      )
    ),
    (
      ["push-to-hub", "hub-model-id", "trust-remote-code", "revision", "cache-dir"], false,
      Bilingual(
        it: "Passo non usa la rete: --model vuole una cartella che c'è già",
        en: "Passo uses no network: --model needs a folder that is there"
      )
    ),
  ]
}

/// Subcommands as other programs call them.
enum OtherSubcommands {
  private static let names: [(own: String, others: Set<String>)] = [
    ("train", ["fit", "finetune", "fine-tune", "pretrain", "addestra", "allena", "learn"]),
    ("generate", ["sample", "complete", "chat", "genera", "predict", "infer"]),
    ("evaluate", ["eval", "test", "score", "perplexity", "valuta"]),
    ("tokenizer", ["tokenize", "tok", "vocab"]),
    ("lesson", ["lezione", "lessons", "lezioni", "course", "corso", "tutorial", "learn"]),
    ("lint", ["check", "validate", "verify"]),
    ("export", ["esporta", "html"]),
    ("replay", ["run", "play", "source", "exec"]),
    ("bench", ["benchmark", "perf", "speed"]),
    ("repl", ["shell", "interactive", "console", "start"]),
    ("encode", ["tokenize"]),
    ("decode", ["detokenize"]),
  ]

  /// The subcommand that a word means elsewhere, if it is one of these.
  static func own(_ word: String, among known: [String]) -> String? {
    names.first { $0.others.contains(word.lowercased()) && known.contains($0.own) }?.own
  }
}

extension Bilingual {
  /// Which models there are to begin with.
  fileprivate static var presets: Bilingual {
    let names = Preset.all.map(\.name).joined(separator: ", ")
    return Bilingual(
      it: "le misure non si scelgono ancora una per una: --preset \(names)",
      en: "sizes cannot be chosen one by one yet: --preset \(names)"
    )
  }
}
