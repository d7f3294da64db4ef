// SPDX-License-Identifier: MIT

import PassoText
import Synchronization

/// Floors that were computed before: some take a second, and every picture of a loss shows one.
package enum FloorMemory {
  private struct Key: Hashable {
    let rule: String
    let automaton: Automaton
    let words: Int
  }

  /// As many as a person looks at; then all are forgotten.
  private static let most = 100

  private static let found = Mutex<[Key: Result<ObjectiveFloor, FloorProblem>]>([:])

  /// The floor of a language, computed once.
  ///
  /// - Throws: `FloorProblem` if there is no exact number, or `Interrupted`.
  package static func floor(
    _ rule: any FloorRule,
    of language: ToyLanguage
  ) throws -> ObjectiveFloor {
    let key = Key(
      rule: rule.name,
      automaton: language.automaton,
      words: language.tokenizer.vocabularySize
    )
    if let known = found.withLock({ $0[key] }) { return try known.get() }
    let outcome: Result<ObjectiveFloor, FloorProblem>
    do {
      outcome = .success(try rule.floor(of: language))
    } catch let problem as FloorProblem {
      outcome = .failure(problem)
    }
    found.withLock { all in
      if all.count >= most { all = [:] }
      all[key] = outcome
    }
    return try outcome.get()
  }
}
