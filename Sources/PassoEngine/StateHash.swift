// SPDX-License-Identifier: MIT

/// A 64-bit fingerprint of bytes.
///
/// Source: FNV-1a, Fowler, Noll, Vo, draft-eastlake-fnv, taken over 32-bit words.
package struct StateHash {
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  package mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01B3
  }

  package mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  package mutating func add(_ tensor: Tensor) {
    switch tensor.storage {
    case .f32(let numbers): numbers.withUnsafeBytes { add($0) }
    case .f64(let numbers): numbers.withUnsafeBytes { add($0) }
    case .integers(let ids): ids.withUnsafeBytes { add($0) }
    }
  }

  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    for offset in stride(from: 0, to: bytes.count, by: 4) {
      add(UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
  }
}
