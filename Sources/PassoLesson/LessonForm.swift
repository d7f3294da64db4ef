// SPDX-License-Identifier: MIT

/// The words that a lesson's file is made of: what the parser knows stands here, once.
package enum LessonForm {
  /// The keys of the lines between the two `---`.
  package static let headerKeys = [
    "id", "lang", "title", "minutes", "requires", "seed", "precision", "objectives",
  ]

  /// The attributes that each block knows; the first of most is required.
  package static let attributes: [String: [String]] = [
    "passo-run": ["id", "yours", "least"],
    "passo-facts": ["for"],
    "passo-predict": ["id", "type", "locks", "tolerance"],
    "passo-quiz": ["id", "recalls"],
    "passo-exercise": ["id", "minutes", "updates", "fade"],
    "passo-note": ["clock"],
    "passo-alt": ["for"],
  ]

  /// Attributes that stand alone.
  static let flags: Set = ["yours", "fade"]

  /// What lines inside a question may begin with, `hint: …`.
  package static let quizKeys = ["hint"]
  package static let predictionKeys = ["answer", "wrong", "hides", "hint"]
  package static let taskKeys = ["start", "check", "forbid", "mistake", "hint", "solution"]
  package static let fadeKeys = ["line", "with 1", "with 2", "hint"]
}
