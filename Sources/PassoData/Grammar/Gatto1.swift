// SPDX-License-Identifier: MIT
import PassoText

// gatto-1: an Italian of 65 words, in which articles, adjectives and verbs agree with nouns over
// any distance, past other nouns that would like them to agree with themselves.
//
// No elision: every noun begins with a plain consonant. Some nouns and adjectives do not show their
// gender: there the article has to be remembered.
extension ToyLanguage {
  package static let gatto1 = ToyLanguage(
    name: "gatto-1",
    summary: Bilingual(
      it: "frasi come «Il gatto delle bambine dorme sul divano»: 65 parole, concordanza di genere e"
        + " numero anche a distanza, entropia nota",
      en:
        "sentences as 'Il gatto delle bambine dorme sul divano': 65 words, agreement in gender and"
        + " number at a distance too, known entropy"
    ),
    words: Gatto1.words,
    classes: Gatto1.classes,
    example: "Il gatto dorme sul divano",
    questions: Gatto1.questions,
    grammar: Gatto1.sentence
  )
}

private enum Gatto1 {
  /// Gender and number.
  enum Form: Int, CaseIterable {
    case masculineSingular, feminineSingular, masculinePlural, femininePlural

    var isPlural: Bool { self == .masculinePlural || self == .femininePlural }
  }

  // MARK: Words, by form

  static let firstArticles = ["Il", "La", "I", "Le"]
  static let articles = ["il", "la", "i", "le"]
  static let ofThe = ["del", "della", "dei", "delle"]
  static let onThe = ["sul", "sulla", "sui", "sulle"]
  static let nouns = [
    ["gatto", "bambino", "cane", "topo"], ["gatta", "bambina", "volpe", "gallina"],
    ["gatti", "bambini", "cani", "topi"], ["gatte", "bambine", "volpi", "galline"],
  ]
  static let places = [
    ["divano", "tappeto"], ["sedia", "poltrona"], ["divani", "tappeti"], ["sedie", "poltrone"],
  ]
  static let adjectives = [
    ["nero", "stanco", "grande", "felice"], ["nera", "stanca", "grande", "felice"],
    ["neri", "stanchi", "grandi", "felici"], ["nere", "stanche", "grandi", "felici"],
  ]

  // By number: singular, plural.
  static let copulas = ["è", "sono"]
  static let intransitives = [["dorme", "riposa", "corre"], ["dormono", "riposano", "corrono"]]
  static let transitives = [["guarda", "insegue"], ["guardano", "inseguono"]]

  static let words: [String] = {
    var seen: Set<String> = []
    let all =
      firstArticles + articles + nouns.joined() + adjectives.joined() + copulas
      + intransitives.joined() + transitives.joined() + ofThe + onThe + places.joined() + ["che"]
    return all.filter { seen.insert($0).inserted }
  }()

  static let classes: [String: WordClass] = {
    var classes: [String: WordClass] = [:]
    for form in Form.allCases {
      // A place may stand between subject and verb as little as an adjective: only these do.
      for noun in nouns[form.rawValue] { classes[noun] = .noun(isPlural: form.isPlural) }
    }
    for (number, verbs) in verbs.enumerated() {
      for verb in verbs { classes[verb] = .verb(isPlural: number == 1) }
    }
    return classes
  }()

  static let verbs = (0..<2).map { intransitives[$0] + transitives[$0] + [copulas[$0]] }

  static let questions: [ToyLanguage.Question] = [
    .init(
      prefix: "Il gatto delle bambine",
      right: verbs[0],
      wrong: verbs[1],
      tests: Bilingual(it: "numero, oltre un altro nome", en: "number, past another noun")
    ),
    .init(
      prefix: "Il cane dei bambini delle volpi",
      right: verbs[0],
      wrong: verbs[1],
      tests: Bilingual(it: "numero, oltre due nomi", en: "number, past two nouns")
    ),
    .init(
      prefix: "I gatti che il cane guarda",
      right: verbs[1],
      wrong: verbs[0],
      tests: Bilingual(it: "numero, oltre una relativa", en: "number, past a clause")
    ),
    .init(
      prefix: "La gatta dei bambini è",
      right: ["nera", "stanca"],
      wrong: ["nero", "neri", "nere", "stanco", "stanchi", "stanche"],
      tests: Bilingual(it: "genere e numero", en: "gender and number")
    ),
    .init(
      prefix: "Le volpi del cane sono",
      right: ["nere", "stanche"],
      wrong: ["nero", "nera", "neri", "stanco", "stanca", "stanchi"],
      tests: Bilingual(it: "femminile plurale nascosto", en: "feminine plural, not shown")
    ),
  ]

  typealias WordClass = ToyLanguage.WordClass

  // MARK: Rules

  static let sentence = anyForm([0.35, 0.25, 0.20, 0.20]) {
    .sequence([subject($0), predicate($0), .word(SpecialToken.end.rawValue)])
  }

  static func subject(_ form: Form) -> Rule {
    .sequence([
      .word(firstArticles[form.rawValue]), noun(form),
      .oneOf((0.75, .nothing), (0.25, adjective(form))),
      .oneOf((0.50, .nothing), (0.30, chain(links: 3)), (0.20, relativeClause(form))),
    ])
  }

  static func noun(_ form: Form) -> Rule { .oneOf(nouns[form.rawValue], [0.35, 0.25, 0.25, 0.15]) }

  static func adjective(_ form: Form) -> Rule {
    .oneOf(adjectives[form.rawValue], [0.4, 0.3, 0.2, 0.1])
  }

  /// `delle bambine`, and perhaps `del cane` after it: so many links at most.
  static func chain(links: Int) -> Rule {
    let link = anyForm { .sequence([.word(ofThe[$0.rawValue]), noun($0)]) }
    guard links > 1 else { return link }
    return .sequence([link, .oneOf((0.75, .nothing), (0.25, chain(links: links - 1)))])
  }

  /// `che guardano il cane`, or `che i cani guardano`.
  static func relativeClause(_ form: Form) -> Rule {
    .sequence([
      .word("che"),
      .oneOf(
        (0.60, .sequence([transitive(form.isPlural), object { _ in .nothing }])),
        (0.40, object { transitive($0.isPlural) })
      ),
    ])
  }

  static func predicate(_ form: Form) -> Rule {
    .oneOf(
      (0.45, .sequence([intransitive(form.isPlural), .oneOf((0.30, .nothing), (0.70, place))])),
      (
        0.30,
        .sequence([
          transitive(form.isPlural),
          object { .oneOf((0.80, .nothing), (0.20, adjective($0))) },
        ])
      ),
      (0.25, .sequence([.word(copulas[form.isPlural ? 1 : 0]), adjective(form)]))
    )
  }

  static func intransitive(_ isPlural: Bool) -> Rule {
    .oneOf(intransitives[isPlural ? 1 : 0], [0.5, 0.3, 0.2])
  }

  static func transitive(_ isPlural: Bool) -> Rule {
    .oneOf(transitives[isPlural ? 1 : 0], [0.5, 0.5])
  }

  /// An article and a noun of any form, and what follows them.
  static func object(_ rest: (Form) -> Rule) -> Rule {
    anyForm { .sequence([.word(articles[$0.rawValue]), noun($0), rest($0)]) }
  }

  static func anyForm(
    _ probabilities: [Double] = [0.25, 0.25, 0.25, 0.25],
    _ rule: (Form) -> Rule
  ) -> Rule {
    .choice(
      zip(Form.allCases, probabilities).map { Rule.Branch(probability: $1, rule: rule($0)) }
    )
  }

  static let place = anyForm([0.50, 0.25, 0.15, 0.10]) {
    .sequence([.word(onThe[$0.rawValue]), .oneOf(places[$0.rawValue], [0.6, 0.4])])
  }
}
