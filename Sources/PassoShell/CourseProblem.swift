// SPDX-License-Identifier: MIT

import PassoText

/// What a lesson command needs and does not find.
package enum CourseProblem: WordedProblem, Equatable {
  case noLesson
  case playing
  case notPlaying
  case noBlock(String, known: [String])

  package var wording: Wording {
    switch self {
    case .noLesson:
      Bilingual(it: "nessuna lezione è aperta", en: "no lesson is open").hint(
        it: ":lessons le elenca, :lesson 1 apre la prima",
        en: ":lessons lists them, :lesson 1 opens the first"
      )
    case .playing:
      Bilingual(it: "la lezione è in pausa", en: "the lesson is paused")
        .hint(it: ":resume la riprende", en: ":resume takes it up again")
    case .notPlaying:
      Bilingual(it: "la lezione non è in pausa", en: "the lesson is not paused")
        .hint(it: ":continue va avanti", en: ":continue goes on")
    case .noBlock(let id, let known):
      Bilingual(
        it: "nessun blocco di questa lezione si chiama \(it: id)",
        en: "no block of this lesson is called \(en: id)"
      ).hint(
        Suggestion.closest(to: id, among: known).map(Bilingual.didYouMean)
          ?? Bilingual(
            it: "i blocchi sono \(known.joined(separator: ", "))",
            en: "the blocks are \(known.joined(separator: ", "))"
          )
      )
    }
  }
}
