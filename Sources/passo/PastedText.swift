// SPDX-License-Identifier: MIT

import PassoText

/// What becomes of a paste: one piece of text in the line, in which nothing is a key or a command.
struct PastedText {
  /// What a line can take, in characters; it is drawn anew after every key.
  static let limit = 16_384

  /// What to insert; empty if it is too long.
  let text: String

  /// What to say below the line, if something is out of the ordinary.
  let remark: Bilingual?

  /// Reads what was pasted.
  ///
  /// Line ends and what surrounds them become one blank: a poem is a sentence, a formula over
  /// several lines is a formula. Control characters mean nothing in text.
  ///
  /// - Parameters:
  ///   - pasted: The text, as the terminal gave it.
  ///   - total: How many bytes it had, if not all of them are in the text.
  ///   - isFirst: Whether the line is still empty.
  init(_ pasted: String, total: Int, isFirst: Bool) {
    let lines = pasted.split(whereSeparator: \.isNewline).map(Self.printable)
      .filter { !$0.isEmpty }
    let joined = lines.joined(separator: " ")
    guard total <= pasted.utf8.count, joined.count <= Self.limit else {
      text = ""
      remark = Self.tooLong(total)
      return
    }
    let isOneLine = !pasted.contains(where: \.isNewline)
    // Blanks at the ends of a single line may be meant: the rest of a word is pasted so.
    text = isOneLine ? Self.withoutControls(pasted, trims: isFirst) : joined
    let commands = lines.filter { $0.hasPrefix(":") }
    remark = isFirst && lines.count > 1 && !commands.isEmpty ? Self.script(lines.count) : nil
  }

  private static func printable(_ line: Substring) -> String {
    var line = withoutControls(String(line), trims: true)[...]
    while line.last?.isWhitespace ?? false { line.removeLast() }
    return String(line)
  }

  private static func withoutControls(_ text: String, trims: Bool) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        scalars.append(" ")
      } else if scalar.properties.generalCategory != .control {
        scalars.append(scalar)
      }
    }
    let clean = String(scalars)
    return trims ? String(clean.drop { $0.isWhitespace }) : clean
  }

  private static func tooLong(_ bytes: Int) -> Bilingual {
    let (found, limit) = (NumberText.count(bytes), NumberText.count(Self.limit))
    return Bilingual(
      it: "incollati \(found) byte: in una riga stanno \(limit) caratteri, e la riga resta com'è."
        + " Un testo lungo si mette in un file: :corpus FILE",
      en: "\(found) bytes pasted: a line has room for \(limit) characters, and stays as it is."
        + " A long text goes into a file: :corpus FILE"
    )
  }

  private static func script(_ lines: Int) -> Bilingual {
    Bilingual(
      it: "\(lines) righe incollate in una sola, nessuna è stata eseguita: Ctrl-U la cancella."
        + " Un file di comandi si esegue con passo < FILE",
      en: "\(lines) lines pasted as one, none was run: Ctrl-U clears it."
        + " A file of commands is run by passo < FILE"
    )
  }
}
