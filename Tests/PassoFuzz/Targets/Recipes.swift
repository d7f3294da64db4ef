// SPDX-License-Identifier: MIT

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
