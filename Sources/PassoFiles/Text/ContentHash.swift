// SPDX-License-Identifier: MIT

/// A 64-bit fingerprint of any number of bytes, at the speed of memory.
///
/// Tells one text from another and finds damage; it is no protection against an enemy.
/// Source: XXH64 with seed 0, Collet, xxHash fast digest algorithm, specification 0.1.1.
package struct ContentHash: Sendable {
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5
  )

  // Bytes that one round takes: a word for each lane.
  private static let stripe = 32

  private var lanes: SIMD4<UInt64>
  private var rest: [UInt8] = []
  private var length = 0

  /// The fingerprint of nothing yet.
  package init() {
    let (first, second) = (Self.primes.0, Self.primes.1)
    lanes = [first &+ second, second, 0, 0 &- first]
  }

  /// The fingerprint of some bytes.
  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = ContentHash()
    hash.add(bytes)
    return hash.value
  }

  /// The fingerprint of words.
  package static func of(_ words: [UInt64]) -> UInt64 {
    words.withUnsafeBytes { of($0) }
  }

  /// A fingerprint as 16 hexadecimal digits.
  package static func digits(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Adds bytes after those before; where they are divided does not matter.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    length += bytes.count
    var taken = 0
    if !rest.isEmpty {
      taken = min(Self.stripe - rest.count, bytes.count)
      rest.append(contentsOf: bytes[..<taken])
      guard rest.count == Self.stripe else { return }
      rest.withUnsafeBytes { _ = Self.mix($0, into: &lanes) }
      rest.removeAll(keepingCapacity: true)
    }
    let left = UnsafeRawBufferPointer(rebasing: bytes[taken...])
    rest.append(contentsOf: left[Self.mix(left, into: &lanes)...])
  }

  /// Adds a text and where it ends.
  package mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  /// Adds a word.
  package mutating func add(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { add($0) }
  }

  /// Mixes whole stripes, and gives the number of bytes that they hold.
  private static func mix(
    _ bytes: UnsafeRawBufferPointer,
    into lanes: inout SIMD4<UInt64>
  ) -> Int {
    let end = bytes.count / stripe * stripe
    var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
    var offset = 0
    while offset < end {
      a = round(a, word(bytes, offset))
      b = round(b, word(bytes, offset + 8))
      c = round(c, word(bytes, offset + 16))
      d = round(d, word(bytes, offset + 24))
      offset += stripe
    }
    lanes = [a, b, c, d]
    return end
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotated(lane &+ word &* primes.1, 31) &* primes.0
  }

  @inline(__always)
  private static func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
  }

  /// The fingerprint of all bytes so far.
  package var value: UInt64 {
    let (p1, p2, p3, p4, p5) = Self.primes
    var hash = p5
    if length >= Self.stripe {
      hash = Self.rotated(lanes[0], 1) &+ Self.rotated(lanes[1], 7)
      hash = hash &+ Self.rotated(lanes[2], 12) &+ Self.rotated(lanes[3], 18)
      for lane in 0..<4 { hash = (hash ^ Self.round(0, lanes[lane])) &* p1 &+ p4 }
    }
    hash = hash &+ UInt64(length)
    rest.withUnsafeBytes { bytes in
      var offset = 0
      while offset + 8 <= bytes.count {
        hash ^= Self.round(0, Self.word(bytes, offset))
        hash = Self.rotated(hash, 27) &* p1 &+ p4
        offset += 8
      }
      if offset + 4 <= bytes.count {
        let half = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        hash ^= UInt64(UInt32(littleEndian: half)) &* p1
        hash = Self.rotated(hash, 23) &* p2 &+ p3
        offset += 4
      }
      for byte in bytes[offset...] { hash = Self.rotated(hash ^ UInt64(byte) &* p5, 11) &* p1 }
    }
    hash = (hash ^ hash >> 33) &* p2
    hash = (hash ^ hash >> 29) &* p3
    return hash ^ hash >> 32
  }
}
