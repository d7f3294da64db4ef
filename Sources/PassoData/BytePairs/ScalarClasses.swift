// SPDX-License-Identifier: MIT

/// What the split pattern of byte-level tokenizers asks of a character.
enum ScalarClass {
  /// Neither of the others, `[^\s\p{L}\p{N}]`: marks, signs, combining accents, what is unassigned.
  static let other: UInt8 = 0

  /// A letter, `\p{L}`.
  static let letter: UInt8 = 1

  /// A number, `\p{N}`.
  static let number: UInt8 = 2

  /// White space, `\s`.
  static let space: UInt8 = 3

  /// Characters that are younger have no class yet in the Unicode that `tokenizers` carries.
  ///
  /// With this one rule the classes agree with those of `tokenizers` 0.23 on every scalar.
  static let unicodeVersion = 16

  static func of(_ scalar: Unicode.Scalar) -> UInt8 {
    switch category(scalar) {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: letter
    case .decimalNumber, .letterNumber, .otherNumber: number
    default: scalar.properties.isWhitespace ? space : other
    }
  }

  /// The category of a scalar in the Unicode of `tokenizers`.
  static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
    let properties = scalar.properties
    return isOldEnough(properties) ? properties.generalCategory : .unassigned
  }

  /// `\w`, as the standard for regular expressions defines it, without the joiners.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch category(scalar) {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    case .unassigned: false
    default: scalar.properties.isAlphabetic
    }
  }

  static func isOldEnough(_ properties: Unicode.Scalar.Properties) -> Bool {
    properties.age.map { $0.major <= unicodeVersion } ?? false
  }
}

/// The classes of the scalars that a text has, looked up 256 at a time when one is first met.
///
/// Asking Swift for a scalar's properties takes as long as encoding a word. A class for each
/// thread.
final class ScalarClasses {
  // For each block of 256 scalars where its classes begin, or -1.
  private let blocks: UnsafeMutableBufferPointer<Int32>
  private var classes: [UInt8] = []

  init() {
    blocks = .allocate(capacity: 0x11_0000 >> 8)
    blocks.initialize(repeating: -1)
    blocks[0] = 0
    classes = Self.first
  }

  /// The classes of the block that every text has, looked up once for all.
  private static let first = (0..<UInt32(256)).map { number in
    Unicode.Scalar(number).map(ScalarClass.of) ?? ScalarClass.other
  }

  deinit { blocks.deallocate() }

  /// The class of a scalar below U+110000.
  @inline(__always)
  func of(_ scalar: UInt32) -> UInt8 {
    let block = Int(scalar >> 8)
    if blocks[block] < 0 { load(block: block) }
    return classes[Int(blocks[block]) &+ Int(scalar & 0xFF)]
  }

  @inline(never)
  private func load(block: Int) {
    let start = classes.count
    for low in 0..<UInt32(256) {
      let scalar = Unicode.Scalar(UInt32(block) << 8 | low)
      classes.append(scalar.map(ScalarClass.of) ?? ScalarClass.other)
    }
    blocks[block] = Int32(start)
  }
}
