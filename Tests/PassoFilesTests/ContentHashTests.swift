// SPDX-License-Identifier: MIT

import PassoFiles
import Testing

@testable import PassoFiles

struct ContentHashTests {
  /// Digests that other implementations of XXH64 publish or give.
  @Test(
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("xxhash", 0x32DD_3895_2C4B_C720),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64)]
  )
  func digestsAreThoseOfXXH64(text: String, digest: UInt64) {
    #expect(Array(text.utf8).withUnsafeBytes { ContentHash.of($0) } == digest)
  }

  @Test func whereBytesAreDividedDoesNotMatter() {
    let bytes = (0..<101).map { UInt8($0) }
    for first in 0...101 {
      for second in stride(from: first, through: 101, by: 7) {
        var hash = ContentHash()
        for part in [bytes[..<first], bytes[first..<second], bytes[second...]] {
          part.withUnsafeBytes { hash.add($0) }
        }
        #expect(hash.value == 0xE990_3849_5F85_381E)
      }
    }
  }
}
