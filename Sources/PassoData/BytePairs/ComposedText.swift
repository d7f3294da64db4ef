// SPDX-License-Identifier: MIT

@_spi(_Unicode) import Swift

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
    return utf8(composed(String(decoding: text, as: UTF8.self).unicodeScalars))
  }

  /// The bytes of a short text with its accents composed.
  static func composed(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBufferPointer { Self.bytes(of: $0) } ?? bytes
  }

  /// Scalars with their accents composed: NFC.
  static func composed(_ scalars: some Sequence<Unicode.Scalar>) -> String.UnicodeScalarView {
    normalized(scalars) { String(decoding: $0._nfcCodeUnits, as: UTF8.self).unicodeScalars }
  }

  /// Scalars with their accents apart: NFD.
  static func decomposed(_ scalars: some Sequence<Unicode.Scalar>) -> String.UnicodeScalarView {
    normalized(scalars) { String.UnicodeScalarView($0._nfd) }
  }

  private static func utf8(_ scalars: String.UnicodeScalarView) -> [UInt8] {
    Array(String(scalars).utf8)
  }

  private static func normalized(
    _ scalars: some Sequence<Unicode.Scalar>,
    _ normal: (String) -> String.UnicodeScalarView
  ) -> String.UnicodeScalarView {
    var (all, run) = (String.UnicodeScalarView(), String.UnicodeScalarView())
    for scalar in scalars {
      if isYoung(scalar) {
        all.append(contentsOf: normal(String(run)))
        all.append(scalar)
        run = String.UnicodeScalarView()
      } else {
        append(scalar, to: &run)
      }
    }
    all.append(contentsOf: normal(String(run)))
    return all
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

  /// Whether a scalar is younger than those tables.
  static func isYoung(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x300, let age = scalar.properties.age else { return false }
    return age.major > unicodeVersion
  }
}
