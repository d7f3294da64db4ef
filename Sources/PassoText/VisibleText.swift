// SPDX-License-Identifier: MIT

extension String {
  /// The text with every control character shown instead of obeyed.
  ///
  /// Token strings come from strangers' files: an escape sequence among them must not reach a
  /// terminal.
  public var visible: String {
    var output = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": output += "\\n"
      case "\t": output += "\\t"
      case "\r": output += "\\r"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        output += "\\x" + String(scalar.value, radix: 16)
      case _ where Self.reorders(scalar):
        output += "U+" + String(scalar.value, radix: 16, uppercase: true)
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  // Marks that change the direction of what follows could make a line read backwards.
  private static func reorders(_ scalar: Unicode.Scalar) -> Bool {
    (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      || scalar.value == 0x2028 || scalar.value == 0x2029
  }
}
