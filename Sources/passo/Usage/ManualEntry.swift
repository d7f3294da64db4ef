// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// What surrounds the program, and what it means to it: a variable of the environment, a file, an
/// exit status.
struct ManualEntry: Sendable {
  let name: String
  let meaning: Bilingual

  init(_ name: String, it: String, en: String) {
    self.name = name
    meaning = Bilingual(it: it, en: en)
  }

  /// The names, where several mean the same.
  var names: [String] { name.split(separator: ", ").map(String.init) }
}

// Help and the manual page list them all.
extension ManualEntry {
  /// The variables of the environment that Passo reads, those of its own first.
  static let variables = [
    ManualEntry(
      "PASSO_LESSONS",
      it: "La cartella delle lezioni, al posto di quella che sta col programma.",
      en: "The folder of the lessons, in the place of the one that comes with the program."
    ),
    ManualEntry(
      Kernels.variable,
      it: "I kernel da usare, plain, avx2 o avx512, al posto dei più veloci.",
      en: "The kernels to use, plain, avx2 or avx512, in the place of the fastest."
    ),
    ManualEntry(
      "LC_ALL, LC_MESSAGES, LANG",
      it: "La lingua: la prima che non è vuota; it la fa italiana, ogni altra inglese.",
      en: "The language: the first that is not empty; it makes it Italian, any other English."
    ),
    ManualEntry(
      "NO_COLOR",
      it: "Se non è vuota, nessun colore.",
      en: "No colours, unless it is empty."
    ),
    ManualEntry(
      "TERM, COLORTERM",
      it: "Che cosa sa fare il terminale; TERM=dumb dà testo lineare.",
      en: "What the terminal can do; TERM=dumb gives linear text."
    ),
    ManualEntry(
      "PAGER",
      it: "Se è cat o vuota, l'output lungo non si ferma a ogni schermata.",
      en: "If it is cat or empty, long output does not stop after each screenful."
    ),
    ManualEntry(
      "XDG_STATE_HOME",
      it: "Dove si conservano la cronologia e i progressi, in passo; ~/.local/state se manca.",
      en: "Where history and progress are kept, in passo; ~/.local/state without it."
    ),
    ManualEntry(
      "XDG_CACHE_HOME",
      it: "Dove si conservano i token dei testi, in passo/texts; ~/.cache se manca.",
      en: "Where tokens of texts are kept, in passo/texts; ~/.cache without it."
    ),
    ManualEntry(
      "HOME",
      it: "Dove stanno le due cartelle qui sopra, e che cosa vuol dire ~ davanti a un percorso.",
      en: "Where the two folders above are, and what ~ at the head of a path means."
    ),
    ManualEntry(
      "PATH",
      it: "Dove si cerca un programma che disegna un PNG per :export.",
      en: "Where a program that draws a PNG for :export is looked for."
    ),
    ManualEntry(
      "TMPDIR",
      it: "Dove scrive una lezione aperta; /tmp se manca.",
      en: "Where an open lesson writes; /tmp without it."
    ),
  ]
}
