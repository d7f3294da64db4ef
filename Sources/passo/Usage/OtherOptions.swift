// SPDX-License-Identifier: MIT

import PassoShell
import PassoText

/// Options as other programs call them: nanoGPT, `transformers`, llama.cpp.
struct OtherOptions {
  /// What the command has, with two dashes.
  let options: [String]

  /// What to write in the place of an option that there is not; nil if nobody can tell.
  func hint(for typed: String) -> Bilingual? {
    let name = OptionNames.plain(typed)
    if let option = sameName(name) { return .didYouMean(option) }
    let meant = OptionNames.synonyms.filter { $0.value.contains(name) }
    if let own = meant.compactMap({ sameName($0.key) }).first { return .didYouMean(own) }
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

  private static let missing: [(others: Set<String>, isTraining: Bool, hint: Bilingual)] = [
    (
      ["epochs", "num-train-epochs", "num-epochs", "n-epochs", "epoch", "max-epochs"], true,
      Bilingual(
        it: "la durata si dice in passi, non in epoche: --steps 500",
        en: "how long is said in steps, not in epochs: --steps 500"
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
  private static let names: KeyValuePairs<String, Set<String>> = [
    "train": ["fit", "finetune", "fine-tune", "pretrain", "addestra", "allena", "learn"],
    "generate": ["sample", "complete", "chat", "genera", "predict", "infer"],
    "evaluate": ["eval", "test", "score", "perplexity", "valuta"],
    "tokenizer": ["tokenize", "tok", "vocab"],
    "lesson": ["lezione", "lessons", "lezioni", "course", "corso", "tutorial", "learn"],
    "lint": ["check", "validate", "verify"],
    "export": ["esporta", "html"],
    "replay": ["run", "play", "source", "exec"],
    "bench": ["benchmark", "perf", "speed"],
    "repl": ["shell", "interactive", "console", "start"],
    "encode": ["tokenize"],
    "decode": ["detokenize"],
  ]

  /// The subcommand that a word means elsewhere, if it is one of these.
  static func own(_ word: String, among known: [String]) -> String? {
    names.first { $0.value.contains(word.lowercased()) && known.contains($0.key) }?.key
  }
}
