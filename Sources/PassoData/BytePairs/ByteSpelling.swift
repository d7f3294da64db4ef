// SPDX-License-Identifier: MIT

/// How byte-level tokenizers write bytes in their files: each byte as one visible character.
///
/// Printable Latin-1 stands for itself; the others follow from U+0100 on, so that a blank is `Ġ`.
package enum ByteSpelling {
  /// The character of each byte.
  package static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 256
    return (UInt8.min...UInt8.max).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
      default:
        defer { next += 1 }
        return Unicode.Scalar(next) ?? "?"
      }
    }
  }()

  /// The bytes in the order of their characters, as `tokenizers` numbers an alphabet.
  package static let alphabet: [UInt8] = (UInt8.min...UInt8.max)
    .sorted { scalars[Int($0)] < scalars[Int($1)] }

  // From U+0000 to U+0143; negative for none.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 256 + 68)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = Int16(byte) }
    return bytes
  }()

  /// The byte of a character, or nil if no byte is written so.
  package static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    guard scalar.value < bytes.count else { return nil }
    return UInt8(exactly: bytes[Int(scalar.value)])
  }

  /// The bytes that a file means; nil if a character stands for no byte.
  package static func bytes(of spelling: String) -> [UInt8]? {
    var found: [UInt8] = []
    for scalar in spelling.unicodeScalars {
      guard let byte = byte(scalar) else { return nil }
      found.append(byte)
    }
    return found
  }

  /// Bytes as a person reads them: a blank as `␣`, what is no text as its number, `⟨E2⟩`.
  package static func shown(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    var rest = Array(bytes)[...]
    while let first = rest.first {
      let width = UTF8.width(ofLead: first)
      if let scalar = scalar(rest.prefix(width)) {
        text += shown(scalar)
        rest = rest.dropFirst(width)
      } else {
        text += "\u{27E8}" + hexadecimal(first) + "\u{27E9}"
        rest = rest.dropFirst()
      }
    }
    return text
  }

  private static func scalar(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.utf8.elementsEqual(bytes), text.unicodeScalars.count == 1 else { return nil }
    return text.unicodeScalars.first
  }

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case " ": return "\u{2423}"
    case "\n": return "\u{21B5}"
    case "\t": return "\u{21E5}"
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator,
        .privateUse, .unassigned:
        return "\u{27E8}U+" + String(scalar.value, radix: 16, uppercase: true) + "\u{27E9}"
      case .nonspacingMark, .enclosingMark, .spacingMark: return "\u{25CC}" + String(scalar)
      default: return String(scalar)
      }
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }
}
