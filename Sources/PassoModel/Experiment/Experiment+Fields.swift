// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles

// Every field by its name, as words: for printing, comparing, and the file beside a model.
extension Experiment {
  /// A field that has a value.
  package struct Field: Hashable, Sendable {
    /// That of the option of `passo train` that chooses it, where there is one.
    package let name: String

    /// One word, or as many as a list has.
    package let words: [String]
  }

  /// The fields that have a value, in a fixed order.
  package var fields: [Field] {
    FieldRule.all.compactMap { rule in
      rule.words(self).map { Field(name: rule.name, words: $0) }
    }
  }

  /// Those of what is learned from, and of the questions that are made of it.
  package var dataFields: [Field] {
    fields.filter { FieldRule.ofData.contains($0.name) }
  }

  /// Fields that say where something is, not what.
  package static let pathFields: Set = ["model", "grammar", "text", "tokens", "tokenizer-file"]

  /// The ablated heads as they are typed; `none` if there is none.
  package var ablationText: String {
    ablatedHeads.isEmpty ? "none" : ablatedHeads.sorted().map(\.description).joined(separator: " ")
  }
}

extension Experiment: CustomStringConvertible {
  /// One field a line.
  package var description: String {
    fields.map { "\($0.name) \($0.words.joined(separator: " "))" }.joined(separator: "\n")
  }
}

extension Experiment {
  /// Makes an experiment of fields; of those that are not there, what holds where nothing is said.
  ///
  /// - Parameter fields: Words by name, as `fields` has them; others are ignored.
  /// - Throws: `ExperimentFault` for words that no field has.
  package init(fields: [String: [String]]) throws(ExperimentFault) {
    self = .first
    for rule in FieldRule.all {
      guard let words = fields[rule.name] else { continue }
      guard rule.set(&self, words) else {
        throw .notUnderstood(field: rule.name, found: words.joined(separator: " "))
      }
    }
    if case .preset(let preset, _) = model {
      do { try preset.knobs.check() } catch {
        throw .notUnderstood(field: "preset", found: preset.words)
      }
    }
  }
}

extension Experiment.TextFiles {
  /// What falls into the part that is kept, as it is typed.
  package var split: String { keepsWholeTexts ? "document" : "block" }
}

extension MaskKind {
  /// A mask from its description; nil for anything else.
  package init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    switch (words.first, words.count) {
    case ("causal", 1): self = .causal
    case ("strict", 1): self = .strict
    case ("none", 1): self = .none
    case ("prefix", 1): self = .prefix
    case ("window", 2):
      guard let size = Int(words[1]), (1...1_000_000).contains(size) else { return nil }
      self = .window(size)
    case ("custom", 2):
      let rows = words[1].split(separator: "/", omittingEmptySubsequences: false)
      guard rows.count <= Experiment.Defaults.mostPositions,
        rows.allSatisfy({ $0.utf8.count == rows.count && $0.allSatisfy { "01".contains($0) } })
      else { return nil }
      self = .custom(rows.map { $0.map { $0 == "1" } })
    default: return nil
    }
  }
}
