// SPDX-License-Identifier: MIT

import PassoData
import PassoShell
import PassoText

/// Why a word cannot be the value of an option; the parser knows of which.
struct OptionValueProblem: Error, CustomStringConvertible {
  /// What the option needs.
  let needed: Bilingual

  /// One thing to do next.
  var hint: Bilingual?

  var description: String { needed.en }
}

/// What options want; each makes a value of a word, or says what is needed.
enum ValueParser {
  typealias Reading<Value> = @Sendable (String) throws -> Value

  /// A whole number, from one bound to another.
  static func whole<Number: FixedWidthInteger & Sendable>(
    _ range: ClosedRange<Number>
  ) -> Reading<Number> {
    { word in
      if let number = Number(word), range.contains(number) { return number }
      // A bound as far as that matters beyond it only.
      let isFar = Number(exactly: most).map { range.upperBound >= $0 } ?? false
      let isOpen = isFar && !word.allSatisfy(\.isNumber)
      throw OptionValueProblem(
        needed: Bilingual(
          it:
            "un numero intero da \(range.lowerBound) \(isOpen ? "in su" : "a \(range.upperBound)")",
          en: "a whole number from \(range.lowerBound) \(isOpen ? "up" : "to \(range.upperBound)")"
        )
      )
    }
  }

  /// How many of something that is counted one by one.
  static func count(from least: Int) -> Reading<Int> { whole(least...most) }

  private static let most = 1_000_000_000

  /// Threads; more than any machine has cores.
  static let threads = whole(1...1_024)

  /// A whole number from a bound up.
  static func whole<Number: FixedWidthInteger & Sendable>(from least: Number) -> Reading<Number> {
    whole(least...Number.max)
  }

  /// A number with digits after the point.
  static func number(_ range: NumberRange) -> Reading<Double> {
    { word in
      if let number = Double(word), range.contains(number) { return number }
      let point = word.split(separator: ",", omittingEmptySubsequences: false)
        .joined(separator: ".")
      let isComma = point != word && Double(point) != nil
      throw OptionValueProblem(
        needed: range.name,
        hint: isComma
          ? Bilingual(
            it: "i decimali vogliono il punto: \(point)",
            en: "decimals need a point: \(point)"
          ) : nil
      )
    }
  }

  /// An objective, with what may follow its name.
  static let objective: Reading<ObjectiveChoice> = { words in
    do throws(ObjectiveProblem) { return try ObjectiveChoice(words) } catch {
      guard case .unknown(_, let closest) = error else {
        throw OptionValueProblem(needed: error.needed, hint: error.hint)
      }
      throw OptionValueProblem(
        needed: .oneOf(Objectives.names),
        hint: closest.map(Bilingual.didYouMean)
      )
    }
  }

  /// One of some names.
  static func name(of names: [String]) -> Reading<String> {
    { word in
      if names.contains(word) { return word }
      throw OptionValueProblem(
        needed: .oneOf(names),
        hint: Suggestion.closest(to: word, among: names).map(Bilingual.didYouMean)
      )
    }
  }
}

extension Bilingual {
  /// The names of which one is needed.
  static func oneOf(_ names: [String]) -> Bilingual {
    guard let last = names.last, names.count > 1 else { return Bilingual(same: names.first ?? "") }
    return Bilingual(
      it: "\(names.dropLast().joined(separator: ", ")) o \(last)",
      en: "one of \(names.joined(separator: ", "))"
    )
  }
}
