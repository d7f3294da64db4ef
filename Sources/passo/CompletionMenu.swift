// SPDX-License-Identifier: MIT
import PassoText

/// The possible words after Tab, as they stand below the line.
enum CompletionMenu {
  /// More words than this are counted, not listed: they would scroll the work away.
  static let limit = 100

  /// Lines of text, each with its line end, that fit into some columns.
  static func text(_ candidates: [String], columns: Int, language: Language) -> String {
    guard candidates.count <= limit else { return tooMany(candidates.count)[language] + "\n" }
    let words = candidates.map(printable)
    let cell = (words.map { DisplayWidth.of($0) }.max() ?? 0) + 2
    let rowCount = rowsNeeded(words.count, perRow: max(1, columns / cell))
    return (0..<rowCount).map { row in
      let inRow = stride(from: row, to: words.count, by: rowCount).map { words[$0] }
      return inRow.dropLast().map { $0.padded(to: cell) }.joined() + (inRow.last ?? "") + "\n"
    }.joined()
  }

  // Words are read down the columns, as in a directory listing.
  private static func rowsNeeded(_ count: Int, perRow: Int) -> Int {
    (count + perRow - 1) / perRow
  }

  private static func tooMany(_ count: Int) -> Bilingual {
    Bilingual(
      it: "\(count) possibilità: continua a scrivere",
      en: "\(count) possibilities: go on typing"
    )
  }

  // A file may have any name, also one that controls the terminal.
  private static func printable(_ word: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      scalars.append(scalar.properties.generalCategory == .control ? "?" : scalar)
    }
    return String(scalars)
  }
}
