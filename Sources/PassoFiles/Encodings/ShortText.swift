// SPDX-License-Identifier: MIT

/// A text of a few characters, in single bytes or in units of two or four: which is likelier.
///
/// In a long text many control characters, or many wrong bytes, speak for themselves; in one of
/// ten letters there are too few of them. Here every character counts: what it costs, in natural
/// logarithms of rough probabilities, to take the bytes for the one or for the other.
struct ShortText {
  private let bytes: [UInt8]

  /// Longer texts have other signs.
  private static let longest = 64

  /// Units of more than a byte are rare where no mark announces them.
  private static let rarity = 4.0

  /// - Parameter bytes: All of a text; nil if it is too long.
  init?(_ bytes: [UInt8]) {
    guard (2...Self.longest).contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  /// The units, if the bytes are likelier to be these than anything in single bytes.
  ///
  /// What is UTF-8 without control characters is always taken for that: nothing speaks against it.
  var encoding: WideEncoding? {
    guard !isGood else { return nil }
    let candidates: [(WideEncoding, size: Int, isBig: Bool)] = [
      (.utf16LittleEndian, 2, false), (.utf16BigEndian, 2, true),
      (.utf32LittleEndian, 4, false), (.utf32BigEndian, 4, true),
    ]
    let costs = candidates.compactMap { encoding, size, isBig in
      cost(size: size, isBig: isBig).map { (encoding, $0 + Self.rarity) }
    }
    guard let best = costs.min(by: { $0.1 < $1.1 }), best.1 < narrowCost else { return nil }
    return best.0
  }

  private var isGood: Bool {
    String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(where: Self.isControl)
  }

  private static func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && !(0x08...0x0D).contains(byte) && byte != 0x1B
  }
}

// MARK: - In single bytes

extension ShortText {
  private enum Class {
    case space, lower, upper, digit, mark, high, control

    init(_ byte: UInt8) {
      switch byte {
      case 0x20, 0x09...0x0D: self = .space
      case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .lower
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .upper
      case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
      case 0x80...: self = .high
      default: self = ShortText.isControl(byte) ? .control : .mark
      }
    }
  }

  /// What the bytes cost as UTF-8 or as one of the encodings from before it.
  private var narrowCost: Double {
    var (sum, last) = (0.0, Class.space)
    for byte in bytes {
      let next = Class(byte)
      sum += Self.cost(of: next, after: last)
      last = next
    }
    return sum
  }

  private static func cost(of next: Class, after last: Class) -> Double {
    switch (last, next) {
    case (_, .control): 14
    case (_, .space): 2.5
    case (.lower, .lower), (.high, .lower): 2.9
    case (.upper, .lower): 3.3
    case (.space, .lower): 3.5
    case (.upper, .upper): 4.5
    case (.space, .upper), (.space, .digit), (.digit, .digit): 5
    case (.lower, .high), (.high, .high): 4.7
    case (.lower, .mark), (.high, .mark), (.digit, .mark), (.upper, .mark): 5
    case (.space, .high), (.space, .mark), (.upper, .high), (.high, .upper): 6
    // In the middle of a word, or after a mark without a space.
    default: 8
    }
  }
}

// MARK: - In wide units

extension ShortText {
  private enum Script {
    case common, latin, cyrillic, arabic, otherLetters, chinese, korean
  }

  /// What the units cost; nil if some are no characters of scripts in use.
  private func cost(size: Int, isBig: Bool) -> Double? {
    guard bytes.count.isMultiple(of: size) else { return nil }
    var (sum, last) = (0.0, Script.common)
    for start in stride(from: 0, to: bytes.count, by: size) {
      let unit = bytes[start..<start + size]
      let value = (isBig ? Array(unit) : unit.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      guard let (script, cost) = Self.character(value) else { return nil }
      sum += cost
      if script != .common, last != .common, script != last { sum += 6 }
      if script != .common { last = script }
    }
    return sum
  }

  private static func character(_ value: UInt32) -> (Script, Double)? {
    if commonChinese.contains(value) { return (.chinese, 5.3) }
    return switch value {
    case 0x20, 0x0A, 0x0D: (.common, 2.5)
    case 0x61...0x7A: (.latin, 3)
    case 0x41...0x5A: (.latin, 4)
    case 0x09, 0x21...0x7E, 0xA0...0xBF, 0x2010...0x203A, 0x20AC, 0xFEFF: (.common, 5)
    case 0xC0...0x24F, 0x300...0x36F, 0x1E00...0x1EFF: (.latin, 6)
    case 0x400...0x4FF: (.cyrillic, 4.2)
    case 0x600...0x6FF: (.arabic, 4.2)
    case 0x370...0x3FF, 0x530...0x5FF, 0x900...0xE7F, 0x10A0...0x10FF: (.otherLetters, 4.5)
    case 0x3000...0x303F, 0xFF00...0xFF65: (.common, 6)
    case 0x3040...0x30FF: (.chinese, 5)
    case 0x4E00...0x9FA5: (.chinese, 9)
    case 0xAC00...0xD7A3: (.korean, 9)
    case 0xD800..<0xE000, 0x1F300...0x1FAFF: (.common, 9)
    default: nil
    }
  }

  /// Characters that are about half of any Chinese text, the simplified forms and the others.
  private static let commonChinese = Set(
    """
    的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心\
    多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面這來國個說們為時會著過學對裡後\
    麼還發當無開經頭
    """.unicodeScalars.map(\.value)
  )
}
