// SPDX-License-Identifier: MIT

import PassoText

// What only the manual page lists.
extension ManualEntry {
  /// Files that Passo reads or keeps.
  static let files = [
    ManualEntry(
      "share/passo/lessons",
      it: "Le lezioni, in una cartella sopra quella del programma: /usr/share/passo/lessons.",
      en: "The lessons, in a folder above that of the program: /usr/share/passo/lessons."
    ),
    ManualEntry(
      "~/.local/state/passo/history",
      it: "Le righe scritte nel REPL.",
      en: "The lines typed in the REPL."
    ),
    ManualEntry(
      "~/.local/state/passo/progress, review, order",
      it: "Le lezioni fatte, le domande da ripetere, l'ordine delle opzioni.",
      en: "Lessons taken, questions to review, the order of options."
    ),
    ManualEntry(
      "~/.local/state/passo/lessons",
      it: "I risultati delle lezioni, quelli che passo grade esegue di nuovo.",
      en: "Results of lessons, which passo grade executes again."
    ),
    ManualEntry(
      "~/.local/state/passo/classes",
      it: "Ciò che si è fatto con una classe.",
      en: "What was done with a class."
    ),
    ManualEntry(
      "~/.cache/passo/texts",
      it: "I token dei testi già letti; si può cancellare.",
      en: "Tokens of texts that were read; it may be deleted."
    ),
    ManualEntry(
      "~/.editrc",
      it: "I tasti di chi scrive, come li vuole libedit.",
      en: "The keys of who types, as libedit wants them."
    ),
  ]

  /// How the program ends.
  static let statuses = [
    ManualEntry("0", it: "Tutto è riuscito.", en: "All went well."),
    ManualEntry(
      "1",
      it: "Un comando è fallito, o un controllo ha trovato qualcosa.",
      en: "A command failed, or a check found something."
    ),
    ManualEntry("2", it: "La riga di comando è sbagliata.", en: "The command line is wrong."),
    ManualEntry("130", it: "È stato interrotto da Ctrl-C.", en: "It was interrupted by Ctrl-C."),
  ]
}

/// A use of the program; a test runs through its options.
struct ManualExample: Sendable {
  let meaning: Bilingual
  let lines: [String]

  private init(it: String, en: String, _ lines: String...) {
    meaning = Bilingual(it: it, en: en)
    self.lines = lines
  }

  static let all = [
    ManualExample(
      it: "La prima lezione:",
      en: "The first lesson:",
      "passo lesson 1"
    ),
    ManualExample(
      it: "Gli stessi comandi in fila, senza terminale:",
      en: "The same commands as a batch, without a terminal:",
      "echo ':train 5' | passo"
    ),
    ManualExample(
      it: "Un modello addestrato su frasi di una lingua giocattolo, esaminato, e un testo:",
      en: "A model trained on sentences of a toy language, examined, and a text:",
      "passo train --corpus gatto-1 --steps 800 --out model",
      "passo evaluate --model model --corpus gatto-1",
      "passo generate --model model --prompt \"Il gatto\" --max-new-tokens 20"
    ),
    ManualExample(
      it: "Una lezione come pagina, come foglio da stampare, e le sue domande per Moodle:",
      en: "A lesson as a page, as a sheet to print, and its questions for Moodle:",
      "passo export --lesson 3 --out lesson.html",
      "passo handout 3",
      "passo export --quiz moodle-xml --lesson 3 --out questions.xml"
    ),
    ManualExample(
      it: "Il completamento con Tab, se non è già installato:",
      en: "Completion by Tab, if it is not installed:",
      "source <(passo --generate-completion-script bash)"
    ),
  ]
}
