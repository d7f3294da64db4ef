// SPDX-License-Identifier: MIT

import Testing

@testable import PassoFiles

/// Numbers of 16 bits, there and back.
struct SmallFloatTests {
  @Test func everyNumberComesBackAsItWas() {
    for bits in UInt16.min...UInt16.max {
      let (half, brain) = (SmallFloat.half(bits), SmallFloat.brain(bits))
      if half.isNaN {
        #expect(SmallFloat.half(SmallFloat.halfBits(half)).isNaN)
      } else if SmallFloat.halfBits(half) != bits {
        Issue.record("binary16 \(bits)")
      }
      if brain.isNaN {
        #expect(SmallFloat.brain(SmallFloat.brainBits(brain)).isNaN)
      } else if SmallFloat.brainBits(brain) != bits {
        Issue.record("bfloat16 \(bits)")
      }
    }
  }

  /// Between two neighbours the nearer one, and the even one of two.
  @Test func othersAreRoundedToTheNearest() {
    for bits in UInt16(0)..<0x7BFF {
      let (low, high) = (SmallFloat.half(bits), SmallFloat.half(bits + 1))
      let middle = low + (high - low) / 2
      if SmallFloat.halfBits(middle) != bits + bits % 2
        || SmallFloat.halfBits(middle.nextDown) != bits
        || SmallFloat.halfBits(middle.nextUp) != bits + 1
      {
        Issue.record("after binary16 \(bits)")
      }
    }
    for bits in UInt16(0x0080)..<0x7F7F {
      let (low, high) = (SmallFloat.brain(bits), SmallFloat.brain(bits + 1))
      let middle = low + (high - low) / 2
      if SmallFloat.brainBits(middle) != bits + bits % 2
        || SmallFloat.brainBits(-middle.nextUp) != (bits + 1) | 0x8000
      {
        Issue.record("after bfloat16 \(bits)")
      }
    }
    #expect(SmallFloat.halfBits(65_520) == 0x7C00)
    #expect(SmallFloat.halfBits(65_519) == 0x7BFF)
    #expect(SmallFloat.brainBits(.greatestFiniteMagnitude) == 0x7F80)
  }
}
