// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles
import PassoModel

/// How a training was begun, as `training.json` keeps it: paths in it are obeyed.
///
/// Every other input is forged so that its own fingerprint is right.
struct RecipeTarget: FuzzTarget {
  static let name = "recipe"
  static let words = [
    "format", "passo-training-1", "options", "texts", "log", "check", "--text", "--steps", "--log",
    "--ablate", "/etc/passwd", "../..", "{\"--text\":[\"a\"]}", "[[", "]]",
  ]
  static let weight = 60
  let samples: [[UInt8]]
  private let place: Workplace

  init(_ place: Workplace) throws {
    self.place = place
    samples = try [
      TrainingRecipe(
        [.init("--text", ["a.txt", "è b.txt"]), .init("--steps", ["40"])],
        texts: [1, .max]
      ),
      TrainingRecipe([.init("--corpus", ["gatto-1"]), .init("--ablate", ["0.1", "1.mlp"])]),
      TrainingRecipe([]),
    ]
    .map { recipe in
      try place.write([], to: "training/empty")
      try recipe.write(folder: place.path("training"))
      return try place.read("training/training.json")
    }
  }

  mutating func take(_ input: [UInt8]) throws {
    let input = input.count.isMultiple(of: 2) ? input : Self.forged(input)
    try place.write(input, to: "training/training.json")
    guard let recipe = try TrainingRecipe(folder: place.path("training")) else {
      throw FuzzFault("a file that is not there")
    }
    // Only what Passo has written is believed, to the last byte.
    try recipe.write(folder: place.path("training"))
    guard try place.read("training/training.json") == input else {
      throw FuzzFault("read as something else than was written")
    }
  }

  private static func forged(_ input: [UInt8]) -> [UInt8] {
    let key = Array(",\"check\":".utf8)
    guard let end = input.firstRange(of: key)?.lowerBound else { return input }
    var hash = ContentHash()
    hash.add(String(decoding: input[..<end] + [UInt8(ascii: "}")], as: UTF8.self))
    return input[..<end] + key + Array("\"\(String(hash.value, radix: 16))\"}\n".utf8)
  }
}

/// How a model has learned, as the file beside it says: anybody may have written it.
struct ExperimentTarget: FuzzTarget {
  static let name = "experiment"
  static let words = [
    "format", "passo-experiment-1", "preset", "model-seed", "model", "typed", "corpus", "grammar",
    "grammar-hash", "take",
    "text", "documents", "validation", "split", "tokens", "tokenizer", "vocab-size", "objective",
    "hiding-seed", "mask", "window 2", "strict", "custom 10/11", "ablate", "none", "optimizer",
    "lr", "beta1", "clip", "schedule", "warmup", "decay-steps", "floor", "accumulate", "precision",
    "seed", "rows", "context", "gatto-1", "1e999", "nan", "18446744073709551615", "-1", "[[", "]]",
  ]
  static let weight = 40
  let samples: [[UInt8]]
  private let place: Workplace

  init(_ place: Workplace) throws {
    self.place = place
    var drawn = Experiment.first
    drawn.learn(from: .sentences(.gatto1, listed: 10))
    (drawn.mask, drawn.ablatedHeads) = (.window(2), [HeadAddress(block: 0, head: 1)])
    var masked = Experiment.first
    masked.ask(MaskedObjective.self)
    masked.mask = .custom([[true, false], [true, true]])
    let files = Experiment(
      model: .folder("model"),
      data: .files(Experiment.TextFiles(TextSource(["a.txt", "b.txt"])))
    )
    var ruled = Experiment.first
    ruled.data = .unread(.init(path: "a.grammar", contentHash: 7), listed: 3)
    samples = [.first, drawn, masked, files, ruled].map(\.encoded)
  }

  mutating func take(_ input: [UInt8]) throws {
    try place.write(input, to: "model/passo-experiment.json")
    guard let read = try Experiment(folder: place.path("model")) else {
      throw FuzzFault("a file that is not there")
    }
    try place.write(read.encoded, to: "model/passo-experiment.json")
    guard try Experiment(folder: place.path("model")) == read else {
      throw FuzzFault("read as something else than was written")
    }
    // What it says is computed with, whatever it is, or refused.
    guard (try? read.checkHeads(of: Self.model)) != nil, read.optimizer.rounds < 100 else { return }
    _ = try read.program(Self.model, batch: BatchShape(rows: 1, length: 3))
  }

  private static let model = Preset.all[0].configuration(vocabularySize: 6)
}
