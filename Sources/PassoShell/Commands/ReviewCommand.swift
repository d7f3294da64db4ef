// SPDX-License-Identifier: MIT

import PassoText

extension Command {
  static let review = CommandDescription(
    name: "review",
    group: .lesson,
    arguments: "[end]",
    it: "fa tornare le domande che hai sbagliato, quando è il momento",
    en: "asks the questions again that you got wrong, when it is time",
    details: Bilingual(
      it: "Una domanda sbagliata al primo tentativo torna il giorno dopo; a ogni risposta giusta"
        + " aspetta di più: 3 giorni, 7, 21, poi non torna più. Chi ha tirato a indovinare aspetta"
        + " come prima. Per prime vengono quelle di cui eri sicuro. Una lezione aperta aspetta e"
        + " poi continua; :review end lascia il resto a un'altra volta. Prima di una lezione nuova"
        + " ne tornano al più due. Le risposte sono in passo/review, in $XDG_STATE_HOME o in"
        + " ~/.local/state.",
      en: "A question that was answered wrong at first comes back on the next day; with each right"
        + " answer it waits longer: 3 days, 7, 21, then it is gone. After a guess it waits as long"
        + " as before. Those come first of which you were sure. An open lesson waits and goes on"
        + " afterwards; :review end leaves the rest for another time. Before a new lesson two come"
        + " back at most. The answers are in passo/review in $XDG_STATE_HOME or ~/.local/state."
    ),
    examples: [":review"],
    completion: .words(["end"])
  )
  .host { shell, arguments in
    try arguments.expect(atMost: 1)
    guard let word = arguments.words.first else { return try shell.review() }
    _ = try arguments.choice(word, of: ["end"])
    guard shell.course.review != nil else { throw ReviewProblem.noneOpen }
    try shell.goingOn(by: arguments.line) { shell.endReview() }
  }
}

/// Why a review cannot be ended.
private enum ReviewProblem: WordedProblem {
  case noneOpen

  var wording: Wording {
    Bilingual(it: "nessun ripasso è aperto", en: "no review is open")
      .hint(it: ":review lo comincia", en: ":review begins one")
  }
}
