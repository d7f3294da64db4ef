// SPDX-License-Identifier: MIT

/// Damages texts, always in the same way for the same seed.
struct Mutator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }

  mutating func mutated(_ text: String) -> String {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &self) {
      let place = Int.random(in: 0..<bytes.count, using: &self)
      switch Int.random(in: 0..<4, using: &self) {
      case 0: bytes.remove(at: place)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &self)
      case 2: bytes.insert(contentsOf: Array("```\n---\n- [x]".utf8), at: place)
      default:
        let end = min(bytes.count, place + Int.random(in: 1...80, using: &self))
        bytes.removeSubrange(place..<end)
      }
      if bytes.isEmpty { bytes = [45] }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
