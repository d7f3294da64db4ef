// SPDX-License-Identifier: MIT
import PassoText

/// Why words choose no objective.
package enum ObjectiveProblem: WordedProblem, Hashable {
  case unknown(String, closest: String?)

  /// No number of places, or one that is none.
  case distance(found: String?)

  /// A word that may not follow.
  case extraWord(String, after: String, allowed: [String])

  /// `after` without a token.
  case noToken

  /// An objective that cannot ask for what follows a token alone.
  case noAfter(String)

  /// What there should be in the place of what was found.
  package var needed: Bilingual {
    switch self {
    case .unknown: Bilingual(it: "il nome di un obiettivo", en: "the name of an objective")
    case .distance:
      Bilingual(
        it: "un numero di posti da \(Self.least) a \(Self.most)",
        en: "a number of places from \(Self.least) to \(Self.most)"
      )
    case .extraWord(_, let name, let allowed):
      allowed.isEmpty
        ? Bilingual(it: "\(name) e nient'altro", en: "\(name) and nothing else")
        : Bilingual(
          it: "dopo \(name) solo \(allowed.joined(separator: ", poi "))",
          en: "nothing but \(allowed.joined(separator: ", then ")) after \(name)"
        )
    case .noToken: Bilingual(it: "un token dopo after", en: "a token after 'after'")
    case .noAfter(let name): Bilingual(it: "\(name) senza after", en: "\(name) without 'after'")
    }
  }

  package var wording: Wording {
    switch self {
    case .unknown(let name, let closest):
      Bilingual(
        it: "nessun obiettivo si chiama \(it: name)",
        en: "no objective is called \(en: name)"
      ).hint(closest.map(Bilingual.didYouMean) ?? Self.names)
    case .distance(let found): sentence(found).hint(advice)
    case .extraWord(let word, let name, let allowed):
      Bilingual(
        it: allowed.isEmpty
          ? "\(name) si scrive da solo, non con \(it: word)"
          : "dopo \(name) può venire \(allowed.joined(separator: ", poi ")), non \(it: word)",
        en: "needs \(needed.en), got \(en: word)"
      ).hint(nil)
    case .noToken: sentence(nil).hint(advice)
    case .noAfter(let name):
      Bilingual(
        it: "l'obiettivo \(name) fa le sue domande in fondo alla riga: after TOKEN non vi sceglie"
          + " niente",
        en: "the objective \(name) asks at the end of its row: after TOKEN has nothing to choose"
          + " there"
      ).hint(advice)
    }
  }

  private func sentence(_ found: String?) -> Bilingual {
    Bilingual(
      it: "ci vuole \(needed.it), " + (found.map { "non \(it: $0)" } ?? "e non c'è"),
      en: "needs \(needed.en), got " + (found.map { "\(en: $0)" } ?? "none")
    )
  }

  /// One thing to do.
  private var advice: Bilingual? {
    switch self {
    case .distance: Bilingual(it: "per esempio ahead 2", en: "for example ahead 2")
    case .noToken:
      Bilingual(it: "per esempio causal after <sep>", en: "for example causal after <sep>")
    case .noAfter:
      Bilingual(
        it: "con after vanno causal, ahead, masked, prefix, middle, any-order e replaced",
        en: "after goes with causal, ahead, masked, prefix, middle, any-order and replaced"
      )
    default: nil
    }
  }

  private static let least = ObjectiveParameter.distances.lowerBound
  private static let most = ObjectiveParameter.distances.upperBound

  private static var names: Bilingual {
    let names = Objectives.names.joined(separator: ", ")
    return Bilingual(it: "gli obiettivi sono \(names)", en: "the objectives are \(names)")
  }
}
