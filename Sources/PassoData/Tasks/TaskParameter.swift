// SPDX-License-Identifier: MIT

import PassoText

/// One thing that a person may choose of a task, as it is typed: `symbols 11`.
package struct TaskParameter: Sendable {
  /// What its values are.
  package enum Kind: Hashable, Sendable {
    case whole(ClosedRange<Int>)
    /// More than 0, less than 1.
    case share
    case flag
  }

  /// The word before its value.
  package let name: String
  package let kind: Kind

  /// The value that holds where nothing is said; a flag is 0 or 1.
  package let usual: Double

  package let summary: Bilingual

  static func whole(
    _ name: String,
    _ range: ClosedRange<Int>,
    usual: Int,
    it: String,
    en: String
  ) -> TaskParameter {
    TaskParameter(
      name: name,
      kind: .whole(range),
      usual: Double(usual),
      summary: Bilingual(it: it, en: en)
    )
  }

  static func share(_ name: String, usual: Double, it: String, en: String) -> TaskParameter {
    TaskParameter(name: name, kind: .share, usual: usual, summary: Bilingual(it: it, en: en))
  }

  static func flag(_ name: String, usual: Bool, it: String, en: String) -> TaskParameter {
    TaskParameter(
      name: name,
      kind: .flag,
      usual: usual ? 1 : 0,
      summary: Bilingual(it: it, en: en)
    )
  }

  /// The value that a word stands for; nil for none.
  func value(_ word: String) -> Double? {
    switch kind {
    case .whole(let range): Int(word).flatMap { range.contains($0) ? Double($0) : nil }
    case .share:
      Double(word.replacing(",", with: ".")).flatMap { $0 > 0 && $0 < 1 ? $0 : nil }
    case .flag: ["on": 1, "off": 0][word]
    }
  }

  /// Whether a word stands for a value.
  package func accepts(_ word: String) -> Bool { value(word) != nil }

  /// A value as it is typed.
  func word(_ value: Double) -> String {
    switch kind {
    case .whole: "\(Int(value))"
    case .share: NumberText.code(value, digits: 12)
    case .flag: value == 1 ? "on" : "off"
    }
  }

  /// What it needs, as the end of a sentence.
  package var needs: Bilingual {
    switch kind {
    case .whole(let range):
      Bilingual(
        it: "un numero intero da \(range.lowerBound) a \(range.upperBound)",
        en: "a whole number from \(range.lowerBound) to \(range.upperBound)"
      )
    case .share:
      Bilingual(it: "una parte fra 0 e 1, come 0.3", en: "a share between 0 and 1, as 0.3")
    case .flag: Bilingual(it: "on o off", en: "on or off")
    }
  }

  /// What stands for a value in a synopsis.
  package var placeholder: String {
    switch kind {
    case .whole: "N"
    case .share: "X"
    case .flag: "on|off"
    }
  }
}

/// A value for each parameter of a task.
package struct TaskValues: Hashable, Sendable {
  private var numbers: [String: Double]

  init(_ parameters: [TaskParameter]) {
    numbers = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.usual) })
  }

  mutating func set(_ parameter: TaskParameter, _ value: Double) {
    numbers[parameter.name] = value
  }

  func number(_ name: String) -> Double {
    guard let number = numbers[name] else { preconditionFailure("no parameter \(name)") }
    return number
  }

  func count(_ name: String) -> Int { Int(number(name)) }
  func flag(_ name: String) -> Bool { number(name) == 1 }
}

/// Why there can be no such task.
package enum TaskProblem: WordedProblem {
  /// A word that is no value of a parameter.
  case value(TaskParameter, found: String)

  /// A word that no parameter is called, in a task's own line.
  case unknownParameter(String, task: String, known: [String])

  /// A parameter without a value behind it.
  case valueMissing(TaskParameter)

  /// A least size that is greater than the greatest.
  case order(String, Int, String, Int)

  /// Rows without room for a repetition of the longest segment.
  case rowTooShort(positions: Int, needed: Int, longest: Int)

  /// Fewer symbols than a segment without repeats needs.
  case tooFewSymbols(Int, needed: Int)

  /// An objective that makes questions of its own, where the task says what is asked.
  case otherObjective(task: String, objective: String)

  package var wording: Wording {
    switch self {
    case .value(let parameter, let found):
      Bilingual(
        it: "\(parameter.name) vuole \(parameter.needs.it), non \(it: found)",
        en: "\(parameter.name) needs \(parameter.needs.en), got \(en: found)"
      ).hint(Self.example(parameter))
    case .unknownParameter(let found, let task, let known):
      Bilingual(
        it: "il compito \(task) non ha nulla che si chiami \(it: found)",
        en: "the task \(task) has nothing that is called \(en: found)"
      ).hint(
        Suggestion.closest(to: found, among: known).map(Bilingual.didYouMean)
          ?? Bilingual(
            it: "si può scegliere \(known.joined(separator: ", "))",
            en: "what can be chosen is \(known.joined(separator: ", "))"
          )
      )
    case .valueMissing(let parameter):
      Bilingual(
        it: "dopo \(parameter.name) ci vuole \(parameter.needs.it)",
        en: "needs \(parameter.needs.en) after \(parameter.name), got nothing"
      ).hint(Self.example(parameter))
    case .order(let least, let one, let greatest, let other):
      Bilingual(
        it: "\(least) non può superare \(greatest), e qui sono \(one) e \(other)",
        en: "\(least) needs to be \(greatest) at most, got \(one) and \(other)"
      ).hint(it: "per esempio \(least) \(other)", en: "for example \(least) \(other)")
    case .rowTooShort(let positions, let needed, let longest):
      Bilingual(
        it: "un segmento di \(longest) che si ripete vuole almeno \(needed) posizioni, non"
          + " \(positions)",
        en: "a segment of \(longest) that repeats needs at least \(needed) positions, got"
          + " \(positions)"
      ).hint(Bilingual(same: "positions \(needed)"))
    case .tooFewSymbols(let count, let needed):
      Bilingual(
        it: "un segmento senza ripetizioni vuole almeno \(needed) simboli, non \(count)",
        en: "a segment without repeats needs at least \(needed) symbols, got \(count)"
      ).hint(
        it: "symbols \(needed), o repeats on",
        en: "symbols \(needed), or repeats on"
      )
    case .otherObjective(let task, let objective):
      Bilingual(
        it: "il compito \(task) dice da sé che cosa si chiede: con l'obiettivo \(objective) non va",
        en: "the task \(task) says itself what is asked: needs the causal objective, got"
          + " \(objective)"
      ).hint(Bilingual(same: ":objective causal"))
    }
  }

  private static func example(_ parameter: TaskParameter) -> Bilingual {
    let word = "\(parameter.name) \(parameter.word(parameter.usual))"
    return Bilingual(it: "per esempio \(word)", en: "for example \(word)")
  }
}
