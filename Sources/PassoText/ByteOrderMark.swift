// SPDX-License-Identifier: MIT

/// The mark with which programs on Windows begin a text in UTF-8; it says nothing of the text.
package enum ByteOrderMark {
  /// The bytes of the mark.
  package static let utf8: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The bytes of a text without the mark at its start.
  package static func dropped<Bytes: Collection<UInt8>>(from bytes: Bytes) -> Bytes.SubSequence {
    bytes.starts(with: utf8) ? bytes.dropFirst(utf8.count) : bytes[...]
  }
}
