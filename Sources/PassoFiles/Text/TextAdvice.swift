// SPDX-License-Identifier: MIT

import PassoData
import PassoText

/// What a person should know of texts that can be learned from, but perhaps not as was meant.
package enum TextAdvice: Hashable, Sendable {
  /// A file of records that is read as it stands, marks and all.
  case records(RecordGuess, file: String)

  /// A file that is written for a program that reads its marks.
  case markup(FileFormat, file: String)

  /// Words of a language that is written without blanks.
  case wordsWithoutBlanks

  /// All there is to say of some texts; what cannot be looked at is not spoken of here.
  ///
  /// - Parameters:
  ///   - source: The texts.
  ///   - words: Whether words are taken for tokens.
  /// - Returns: Each advice once.
  package static func all(for source: TextSource, words: Bool) -> [TextAdvice] {
    var advice: [TextAdvice] = []
    for input in source.inputs {
      guard let start = try? TextSniffer.cleanBeginning(of: input) else { continue }
      if source.field == nil, advice.isEmpty {
        if let markup = FileFormat(start), markup.isMarkup {
          advice.append(.markup(markup, file: input.name))
        } else if let guess = guess(start, input.name) {
          advice.append(.records(guess, file: input.name))
        }
      }
      let text = String(decoding: start, as: UTF8.self)
      if words, !advice.contains(.wordsWithoutBlanks), UnspacedText.isOne(text) {
        advice.append(.wordsWithoutBlanks)
      }
    }
    return advice
  }

  private static func guess(_ start: [UInt8], _ name: String) -> RecordGuess? {
    let isTable = [".csv", ".tsv"].contains { name.lowercased().hasSuffix($0) }
    return RecordGuess(start, isTable: isTable)
  }

  /// What it is, in one sentence without its way on.
  package var message: Bilingual {
    switch self {
    case .records(let guess, let file):
      let name = Bilingual.quoted(file)
      let fields =
        guess.fields.prefix(12).joined(separator: ", ")
        + (guess.fields.count > 12 ? ", …" : "")
      return Bilingual(
        it: "\(name.it) sembra \(guess.format.name.it), con i campi \(fields): letto così com'è,"
          + " il modello impara anche virgole e virgolette",
        en: "\(name.en) looks like \(guess.format.name.en), with the fields \(fields): read as it"
          + " stands, the model learns its commas and quotation marks too"
      )
    case .markup(let format, let file):
      let name = Bilingual.quoted(file)
      let wayOn = ForeignFormat(format, needed: .text, file: file).hint
      return Bilingual(
        it: "\(name.it) sembra \(format.name.it): letto così com'è, il modello impara anche i suoi"
          + " marcatori",
        en: "\(name.en) looks like \(format.name.en): read as it stands, the model learns its marks"
          + " too"
      ) + (wayOn.map { Bilingual(same: "; ") + $0 } ?? Bilingual(same: ""))
    case .wordsWithoutBlanks: return UnspacedText.advice
    }
  }

  /// A field that by its name holds the text; else the first.
  package var likelyField: String? {
    guard case .records(let guess, _) = self else { return nil }
    let usual = ["text", "testo", "content", "body", "sentence", "document", "frase"]
    // Of a field inside another its own name counts.
    func isUsual(_ field: String) -> Bool {
      field.split(separator: ".").last.map { usual.contains($0.lowercased()) } ?? false
    }
    return guess.fields.first { usual.contains($0.lowercased()) }
      ?? guess.fields.first(where: isUsual) ?? guess.fields.first
  }
}
