// SPDX-License-Identifier: MIT
import PassoText

extension Bilingual {
  /// A word of a person or of a file, ready to stand in a message: `'gatto'`, in Italian «gatto».
  ///
  /// What could disturb a terminal is replaced, and what is longer than 80 columns is cut.
  package static func quoted(_ word: some StringProtocol) -> Bilingual {
    var start = String.UnicodeScalarView()
    start.append(contentsOf: word.unicodeScalars.prefix(160))
    let shown = String(start).printable.truncated(to: 80)
    return Bilingual(it: "«\(shown)»", en: "'\(shown)'")
  }
}

extension String {
  /// The text with a blank instead of each control character, scalar by scalar.
  package var printable: String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      scalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return String(scalars)
  }
}
