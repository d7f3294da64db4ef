// SPDX-License-Identifier: MIT

import PassoText

/// A text in another encoding, with what to type to read it all the same.
package struct ReplaceableText: Problem {
  private let problem: FileProblem
  private let wayOn: Bilingual

  /// Nil unless it can be read all the same.
  ///
  /// - Parameters:
  ///   - problem: Why it was not read.
  ///   - wayOn: What to type.
  package init?(_ problem: FileProblem, wayOn: Bilingual) {
    guard case .foreign(let fault) = problem, fault.isReplaceable else { return nil }
    (self.problem, self.wayOn) = (problem, wayOn)
  }

  package var message: Bilingual { problem.message }
  package var place: Place? { problem.place }

  package var hint: Bilingual? {
    problem.wayOn.map { $0 + Bilingual(same: "; ") + wayOn } ?? wayOn
  }
}
