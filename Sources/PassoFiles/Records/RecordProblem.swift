// SPDX-License-Identifier: MIT

import PassoText

/// Why a field of a table, or of objects, cannot be taken for text.
package enum RecordProblem: WordedProblem, Hashable {
  /// No field of that name; what there is.
  case noField(String, known: [String], file: String, line: Int?)

  /// A field that holds something else than text.
  case noText(String, found: String, file: String, line: Int)

  /// A row with fewer columns than the header promises.
  case shortRow(columns: Int, needed: Int, file: String, line: Int)

  /// Quotation marks that nothing closes.
  case openQuote(file: String, line: Int)

  /// JSON that is no object where one is needed.
  case noObject(found: String, file: String, line: Int)

  /// An object that is not valid JSON.
  case json(JSONFault, file: String, line: Int)

  /// A record larger than what fits into memory beside a model.
  case tooLong(limit: Int, file: String, line: Int)

  package var wording: Wording {
    switch self {
    case .noField(let name, let known, _, _):
      Bilingual(it: "non c'è nessun campo \(it: name)", en: "there is no field \(en: name)").hint(
        Self.fields(known, near: name)
      )
    case .noText(let name, let found, _, _):
      Bilingual(
        it: "il campo \(it: name) non contiene testo ma \(it: found)",
        en: "the field \(en: name) holds no text but \(en: found)"
      ).hint(
        it: "scegli un campo che contiene testo; di un campo dentro un altro, esterno.interno",
        en: "choose a field that holds text; of a field inside another, outer.inner"
      )
    case .shortRow(let columns, let needed, _, _):
      Bilingual(
        it: columns == 1
          ? "la riga ha una colonna sola, il campo è la \(needed)ª"
          : "la riga ha \(columns) colonne, il campo è la \(needed)ª",
        en: columns == 1
          ? "the row has one column, the field is column \(needed)"
          : "the row has \(columns) columns, the field is column \(needed)"
      ).hint(Self.quoteText)
    case .openQuote:
      Bilingual(
        it: "le virgolette che si aprono qui non si chiudono più",
        en: "the quotation marks that open here are never closed"
      ).hint(Self.quoteText)
    case .noObject(let found, _, _):
      Bilingual(
        it: "qui ci vuole un oggetto JSON {...}, invece c'è \(it: found)",
        en: "a JSON object {...} is needed here, got \(en: found)"
      ).hint(
        it: "un oggetto per riga, come {\"text\": \"...\"}, o una lista di oggetti",
        en: "one object a line, as {\"text\": \"...\"}, or a list of objects"
      )
    case .json(let fault, _, _): fault.wording
    case .tooLong(let limit, _, _):
      Bilingual(
        it: "un record può avere al massimo \(NumberText.count(limit)) byte",
        en: "a record may have at most \(NumberText.count(limit)) bytes"
      ).hint(it: "dividilo in record più corti", en: "divide it into shorter records")
    }
  }

  private static let quoteText = Bilingual(
    it:
      "correggi la riga: un testo con virgole o a capo va fra virgolette, raddoppiando le sue",
    en: "mend the row: text with commas or line ends is quoted, with its own quotes doubled"
  )

  package var place: Place? {
    switch self {
    case .noField(_, _, let file, let line): Place(file: file, line: line)
    case .noText(_, _, let file, let line), .shortRow(_, _, let file, let line),
      .openQuote(let file, let line), .noObject(_, let file, let line),
      .json(_, let file, let line), .tooLong(_, let file, let line):
      Place(file: file, line: line)
    }
  }

  private static func fields(_ known: [String], near name: String) -> Bilingual {
    if let close = Suggestion.closest(to: name, among: known) { return .didYouMean(close) }
    let list = known.isEmpty ? "-" : known.joined(separator: ", ")
    return Bilingual(it: "i campi sono: \(list)", en: "the fields are: \(list)")
  }
}
