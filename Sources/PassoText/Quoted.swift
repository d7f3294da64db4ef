// SPDX-License-Identifier: MIT

extension DefaultStringInterpolation {
  /// A word of a person or of a file in an Italian sentence: `\(it: word)` is «gatto».
  ///
  /// What could disturb a terminal is replaced, and what is longer than 80 columns is cut.
  package mutating func appendInterpolation(it word: some CustomStringConvertible) {
    appendInterpolation("«\(word.description.quotable)»")
  }

  /// The same in an English sentence: `\(en: word)` is 'gatto'.
  package mutating func appendInterpolation(en word: some CustomStringConvertible) {
    appendInterpolation("'\(word.description.quotable)'")
  }
}

extension Bilingual {
  /// A word of a person or of a file, ready to stand in a message.
  package static func quoted(_ word: some CustomStringConvertible) -> Bilingual {
    Bilingual(it: "\(it: word)", en: "\(en: word)")
  }
}

extension String {
  fileprivate var quotable: String {
    var start = String.UnicodeScalarView()
    start.append(contentsOf: unicodeScalars.prefix(160))
    return String(start).printable.truncated(to: 80)
  }

  /// The text with a blank instead of each control character, scalar by scalar.
  package var printable: String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      scalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return String(scalars)
  }
}
