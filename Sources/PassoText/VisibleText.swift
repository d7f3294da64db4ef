// SPDX-License-Identifier: MIT

extension String {
  /// The text with every control character shown instead of obeyed, and every character that hides
  /// shown by its number: `⟨U+200B⟩`.
  ///
  /// Token strings come from strangers' files: an escape sequence among them must not reach a
  /// terminal, and two tokens that differ must not look the same.
  package var visible: String {
    guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return self }
    var output = ""
    var before: Unicode.Scalar?
    var rest = unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\n": output += "\\n"
      case "\t": output += "\\t"
      case "\r": output += "\\r"
      case _ where scalar.isControl:
        output += "\\x" + String(scalar.value, radix: 16)
      case "\u{200C}" where Self.join(before, rest.first),
        "\u{200D}" where Self.join(before, rest.first):
        output.unicodeScalars.append(scalar)
      case _ where scalar.isHidden:
        output += "⟨U+" + String(scalar.value, radix: 16, uppercase: true) + "⟩"
      default: output.unicodeScalars.append(scalar)
      }
      before = scalar
    }
    return output
  }

  // Pictures made of several, and letters of scripts that a joiner ties together or keeps apart.
  private static func join(_ left: Unicode.Scalar?, _ right: Unicode.Scalar?) -> Bool {
    guard let left, let right else { return false }
    return isTied(left) && isTied(right)
  }

  private static func isTied(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value > 0x2FF else { return false }
    let properties = scalar.properties
    return properties.isAlphabetic || properties.isEmoji || properties.isVariationSelector
      || properties.generalCategory == .nonspacingMark
      || properties.generalCategory == .spacingMark
  }
}

extension Unicode.Scalar {
  /// Whether a terminal obeys it instead of showing it.
  var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

  /// Whether it has no width, or changes the direction of what follows: it could make a line read
  /// backwards, or two that differ look the same.
  var isHidden: Bool {
    switch value {
    case 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2064, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// Whether a program that can write it by its number should: besides the above what is no mark of
  /// its own, as a soft hyphen or the tags of a flag.
  package var isObeyedOrHidden: Bool {
    guard value >= 0x7F else { return isControl }
    return isControl || isHidden || properties.generalCategory == .format
  }
}
