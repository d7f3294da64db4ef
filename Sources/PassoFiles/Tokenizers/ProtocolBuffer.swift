// SPDX-License-Identifier: MIT

/// The wire format of protocol buffers.
enum ProtocolBuffer {
  struct Field {
    let number: Int

    /// A number, or the bits of one.
    var value = 0

    /// A text or a message.
    var bytes: ArraySlice<UInt8> = []
  }

  /// Hands over the fields of a message, in order: a list of them would be many times as large as
  /// the file.
  ///
  /// - Throws: `TokenizerFault` if the message is none, or what `use` throws.
  static func read(
    _ bytes: ArraySlice<UInt8>,
    _ use: (Field) throws(TokenizerFault) -> Void
  ) throws(TokenizerFault) {
    var rest = bytes
    while !rest.isEmpty {
      guard let tag = varint(&rest), let number = Int(exactly: tag >> 3), number > 0 else {
        throw .otherKind(.brokenSentencePiece)
      }
      var field = Field(number: number)
      switch tag & 7 {
      case 0:
        guard let value = varint(&rest) else { throw .otherKind(.brokenSentencePiece) }
        field.value = Int(truncatingIfNeeded: value)
      case 1, 5:
        let size = tag & 7 == 1 ? 8 : 4
        guard rest.count >= size else { throw .otherKind(.brokenSentencePiece) }
        let bits = rest.prefix(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        field.value = Int(truncatingIfNeeded: bits)
        rest = rest.dropFirst(size)
      case 2:
        guard let size = varint(&rest), size <= UInt64(rest.count) else {
          throw .otherKind(.brokenSentencePiece)
        }
        field.bytes = rest.prefix(Int(size))
        rest = rest.dropFirst(Int(size))
      default: throw .otherKind(.brokenSentencePiece)
      }
      try use(field)
    }
  }

  private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while let byte = bytes.popFirst(), shift < 64 {
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }
}
