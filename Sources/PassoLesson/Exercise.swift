// SPDX-License-Identifier: MIT

/// A task that a learner does alone, on a copy of the lesson's session.
package struct Exercise: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case task(ExerciseTask)
    case fade(FadedLines)
  }

  package let id: String
  package let text: [ProseBlock]
  package let kind: Kind

  /// How long it should take; no clock enforces it.
  package let minutes: Int?

  /// What helps, the lightest first; each costs a point.
  package let hints: [[ProseBlock]]

  /// The points that it gives without help.
  package var worth: Int { hints.count + 1 }

  package var task: ExerciseTask? { if case .task(let task) = kind { task } else { nil } }
  package var fade: FadedLines? { if case .fade(let lines) = kind { lines } else { nil } }
}

/// A task that is done when the session is in a state: how it got there does not matter.
package struct ExerciseTask: Sendable, Hashable {
  /// What sets the stage.
  package let start: [SourceLine]

  /// What must hold in the end.
  package let checks: [Fact]

  package let forbidden: [ForbiddenLine]

  /// The most updates of the model that may be made.
  package let updates: Int?

  /// What is said of usual wrong results, the first that holds.
  package let mistakes: [Reply]

  /// Lines that do it.
  package let solution: [SourceLine]
}

/// The beginning of command lines that an exercise does not allow: `:mask`, `:set blocks.0.attn.k`.
package struct ForbiddenLine: Sendable, Hashable {
  /// The name, without the colon.
  package let command: String

  /// How its arguments begin; empty if all of them are meant.
  package let arguments: String
}

/// What is said where an expression holds, or where a number was predicted that it gives.
package struct Reply: Sendable, Hashable {
  package let expression: SourceLine
  package let text: [ProseBlock]
}

/// Lines that are shown first, then have a blank each, then only blanks.
package struct FadedLines: Sendable, Hashable {
  package let lines: [FadedLine]

  /// What sets the stage of the levels on other data than the lesson's.
  package let data: [FadeLevel: [SourceLine]]
}

/// How much of a faded line is left to the learner.
package enum FadeLevel: Int, Sendable, Hashable, CaseIterable {
  case worked
  case oneBlank
  case allBlank
}

/// A line with blanks, `let w = ⟦exp(s)⟧ / ⟦sum(exp(s))⟧`, or one that is given as it stands.
package struct FadedLine: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case text(String)
    case blank(String)
  }

  let parts: [Part]

  /// Where it stands in its file.
  package let line: Int

  /// What a blank looks like where something is to be filled in.
  package static let blank = "⟦ ⟧"

  /// Reads a line; nil if the brackets do not pair, or enclose nothing.
  init?(_ source: SourceLine) {
    var parts: [Part] = []
    var rest = Substring(source.text)
    while let open = rest.firstIndex(of: "⟦") {
      let before = rest[..<open]
      rest = rest[rest.index(after: open)...]
      guard let close = rest.firstIndex(of: "⟧"), !before.contains("⟧") else { return nil }
      let inside = rest[..<close]
      guard !inside.contains("⟦"), !inside.trimmed.isEmpty else { return nil }
      parts += [.text(String(before)), .blank(String(inside))]
      rest = rest[rest.index(after: close)...]
    }
    guard !rest.contains("⟧") else { return nil }
    self.parts = parts + [.text(String(rest))]
    line = source.line
  }

  /// The line with nothing left out.
  package var whole: String { text { _, inside in inside } }

  /// How many things can be left out of it.
  package var blankCount: Int { parts.count / 2 }

  /// Whether something is left out of it at a level.
  package func hasBlank(_ level: FadeLevel) -> Bool { level != .worked && parts.count > 1 }

  /// The line as it is shown at a level.
  package func shown(_ level: FadeLevel) -> String {
    text { number, inside in isBlank(number, level) ? Self.blank : inside }
  }

  /// The line with something typed in its blank; nil unless one blank is left at the level.
  package func filled(_ typed: String, _ level: FadeLevel) -> String? {
    let numbers = (0..<blankCount).filter { isBlank($0, level) }
    guard numbers.count == 1 else { return nil }
    return text { number, inside in number == numbers[0] ? typed : inside }
  }

  private func isBlank(_ number: Int, _ level: FadeLevel) -> Bool {
    level == .allBlank || level == .oneBlank && number == 0
  }

  private func text(_ fill: (Int, String) -> String) -> String {
    var number = 0
    return parts.map { part in
      switch part {
      case .text(let text): return text
      case .blank(let inside):
        defer { number += 1 }
        return fill(number, inside)
      }
    }.joined()
  }
}
