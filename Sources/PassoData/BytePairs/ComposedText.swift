// SPDX-License-Identifier: MIT

/// Composes accents (NFC) as the `NFC` of `tokenizers` does, whose tables are those of Unicode 9.
///
/// A younger scalar neither decomposes, nor moves, nor composes there: what stands before it and
/// what stands after it are composed each on its own.
enum ComposedText {
  private static let unicodeVersion = 9

  /// The bytes of a text with its accents composed; nil if they are already.
  static func bytes(of text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    // Everything below U+0300 is composed, and its first byte is below 0xCC.
    guard text.contains(where: { $0 >= 0xCC }) else { return nil }
    var bytes: [UInt8] = []
    var run = String.UnicodeScalarView()
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if isYoung(scalar) {
        bytes += String(run)._nfcCodeUnits
        bytes += String(scalar).utf8
        run = String.UnicodeScalarView()
      } else {
        append(scalar, to: &run)
      }
    }
    return bytes + String(run)._nfcCodeUnits
  }

  /// The bytes of a short text with its accents composed.
  static func composed(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBufferPointer { Self.bytes(of: $0) } ?? bytes
  }

  /// Three Tibetan vowels are two marks each, which Swift does not put in order with others.
  private static func append(_ scalar: Unicode.Scalar, to run: inout String.UnicodeScalarView) {
    switch scalar {
    case "\u{F73}": run.append(contentsOf: ["\u{F71}", "\u{F72}"])
    case "\u{F75}": run.append(contentsOf: ["\u{F71}", "\u{F74}"])
    case "\u{F81}": run.append(contentsOf: ["\u{F71}", "\u{F80}"])
    default: run.append(scalar)
    }
  }

  private static func isYoung(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x300, let age = scalar.properties.age else { return false }
    return age.major > unicodeVersion
  }
}
