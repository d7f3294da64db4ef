// SPDX-License-Identifier: MIT

import PassoFuzz

/// Sound bytes with a few changes near their beginning, and the rest as it was.
func mutated(_ bytes: [UInt8], upTo end: Int, _ number: Int, seed: UInt64) -> [UInt8] {
  let words = ["\\u0000", "\\ud800", "\u{1F600}"]
  let mutator = Mutator(samples: [Array(bytes.prefix(end))], words: words)
  return mutator.input(number, of: "model tests", seed: seed) + bytes.dropFirst(end)
}
