// SPDX-License-Identifier: MIT

import PassoText

/// The words of a synopsis that stand for something of one's own, as `NAME`: each language has its
/// own, and nobody types them.
enum Placeholders {
  /// In Italian; what is not here is typed as it stands, or is the same in both languages.
  private static let italian = [
    "NAME": "NOME", "TEXT": "TESTO", "WORDS": "PAROLE", "EXPR": "ESPR", "DIR": "CARTELLA",
    "MARK": "SEGNO", "VALUE": "VALORE", "FROM": "DA", "TO": "A", "IDS": "ID",
    "TOLERANCE": "TOLLERANZA", "OBJECTIVE": "OBIETTIVO", "FORK": "COPIA", "KNOB": "PARAMETRO",
    "RULES": "REGOLE", "TASK": "COMPITO", "COMMAND": "COMANDO",
    "ANSWER": "RISPOSTA", "BLOCK": "BLOCCO", "slice": "fetta", "row": "riga",
  ]

  /// What may follow a command's name, with the placeholders of each language.
  static func named(in arguments: String) -> Bilingual {
    let translated = arguments.replacing(/[A-Za-z]+/) { found in
      italian[String(found.output)] ?? String(found.output)
    }
    return Bilingual(it: translated, en: arguments)
  }
}
