// SPDX-License-Identifier: MIT

/// Random numbers for tests: the same every time.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed | 1 }

  // A multiplicative generator modulo 2^64 whose low bits are not used.
  // Source: Knuth, The Art of Computer Programming 2, section 3.3.4, table 1.
  mutating func next() -> UInt64 {
    func half(_ state: inout UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 32
    }
    return half(&state) << 32 | half(&state)
  }
}
