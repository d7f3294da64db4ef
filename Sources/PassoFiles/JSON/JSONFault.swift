// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// Why bytes are not the JSON that is needed.
package enum JSONFault: FileFault, WordedProblem {
  /// Not what the grammar needs here; `found` is nil at the end of the text.
  case syntax(needed: JSONPiece, found: String?, line: Int)

  /// A text that is not UTF-8.
  case notUTF8(line: Int)

  /// More objects and arrays inside each other than anything honest has.
  case tooDeep(limit: Int, line: Int)

  /// The same key twice in one object; readers would disagree about which one counts.
  case duplicateKey(path: String, line: Int)

  /// A key that must be there.
  case missing(path: String)

  /// A value of another kind: `found` is how it is written, or how it begins.
  case wrong(path: String, needed: JSONKind, found: String, line: Int)

  package var wording: Wording {
    switch self {
    case .syntax(let needed, let found, _):
      Self.syntax(needed.name, found.map { .quoted($0) }).hint(Self.notJSON)
    case .notUTF8:
      Bilingual(
        it: "il testo dev'essere in UTF-8, e qui ci sono byte che non lo sono",
        en: "needs text in UTF-8, got bytes that are not"
      ).hint(Self.notJSON)
    case .tooDeep(let limit, _):
      Bilingual(
        it: "sono ammessi al massimo \(limit) livelli di parentesi, non di più",
        en: "needs at most \(limit) levels of brackets, got more"
      ).hint(Self.notJSON)
    case .duplicateKey(let path, _):
      Bilingual(
        it: "ogni chiave deve comparire una volta, e \(it: path) c'è due volte",
        en: "needs every key once, got \(en: path) twice"
      ).hint(it: "togline una delle due", en: "take out one of the two")
    case .missing(let path):
      Bilingual(
        it: "manca la chiave \(it: path)",
        en: "needs the key \(en: path), got none"
      ).hint(Self.writeAgain)
    case .wrong(let path, let needed, let found, _):
      Self.wrong(path, needed.name, .quoted(found)).hint(Self.writeAgain)
    }
  }

  private static let notJSON = Bilingual(
    it: "il file è forse tagliato, o non è JSON: copialo o scaricalo di nuovo",
    en: "the file may be cut short, or be no JSON: copy or download it again"
  )

  private static let writeAgain = Bilingual(
    it: "scrivi di nuovo il file con il programma che lo ha fatto, o correggilo a mano",
    en: "write the file again with the program that made it, or mend it by hand"
  )

  package var line: Int? {
    switch self {
    case .syntax(_, _, let line), .notUTF8(let line), .tooDeep(_, let line),
      .duplicateKey(_, let line), .wrong(_, _, _, let line):
      line
    case .missing: nil
    }
  }

  private static func syntax(_ needed: Bilingual, _ found: Bilingual?) -> Bilingual {
    let end = Bilingual(it: "e il testo finisce", en: "got the end of the text")
    return Bilingual(it: "il JSON vuole ", en: "JSON needs ") + needed + Bilingual(same: ", ")
      + (found.map { Bilingual(it: "non ", en: "got ") + $0 } ?? end)
  }

  private static func wrong(_ path: String, _ needed: Bilingual, _ found: Bilingual) -> Bilingual {
    let whole = Bilingual(it: "il JSON", en: "the JSON")
    return (path.isEmpty ? whole : .quoted(path))
      + Bilingual(it: " deve essere ", en: " needs to be ") + needed
      + Bilingual(it: ", non ", en: ", got ") + found
  }
}

/// A kind of JSON value that a reader may ask for.
package enum JSONKind: Hashable, Sendable {
  case object, array, string, integer, number, boolean

  /// With its article, as messages need it.
  package var name: Bilingual {
    switch self {
    case .object: Bilingual(it: "un oggetto {...}", en: "an object {...}")
    case .array: Bilingual(it: "una lista [...]", en: "a list [...]")
    case .string: Bilingual(it: "un testo fra virgolette", en: "a text in quotes")
    case .integer: Bilingual(it: "un intero di 64 bit", en: "a 64-bit integer")
    case .number: Bilingual(it: "un numero finito", en: "a finite number")
    case .boolean: Bilingual(it: "true o false", en: "true or false")
    }
  }
}

/// A piece of JSON's grammar.
package enum JSONPiece: Hashable, Sendable {
  case value, digit

  /// Exactly these characters, or one of these.
  case text(String)

  /// What may follow a backslash.
  case escape

  /// A printable character; others are written with a backslash.
  case character

  /// Nothing more.
  case end

  /// With its article, as messages need it.
  package var name: Bilingual {
    switch self {
    case .value: Bilingual(it: "un valore", en: "a value")
    case .text(let text): .quoted(text)
    case .digit: Bilingual(it: "una cifra", en: "a digit")
    case .escape: Bilingual(it: "una sequenza valida dopo \\", en: "a valid sequence after \\")
    case .character: Bilingual(it: "un carattere stampabile", en: "a printable character")
    case .end: Bilingual(it: "la fine del testo", en: "the end of the text")
    }
  }
}
