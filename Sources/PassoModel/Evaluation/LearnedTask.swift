// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoText

/// What a model was trained for: the question, and what its positions could see.
///
/// The checkpoint beside a model that Passo has trained says it; a folder without one holds a model
/// that predicts the next token, as those of Hugging Face do.
package struct LearnedTask: Sendable {
  package let objective: any Objective.Type
  package let mask: MaskKind

  /// Heads whose output was replaced by zeros.
  package let ablatedHeads: Set<HeadAddress>

  /// What a person should know of a checkpoint that says nothing; nil if all is well.
  package let note: Bilingual?

  /// Reads what the folder of a model says.
  package init(folder: String) {
    guard Checkpoint.exists(in: folder) else {
      self.init(CausalObjective.self, .causal, [], note: nil)
      return
    }
    guard let settings = try? Checkpoint(folder: folder, readsAll: false).settings,
      let objective = settings["objective"].map(Objectives.named) ?? CausalObjective.self,
      let mask = settings["mask"].map(MaskKind.init(learned:)) ?? objective.mask,
      let heads = Self.heads(settings["ablate"] ?? "none")
    else {
      self.init(CausalObjective.self, .causal, [], note: Self.unreadable)
      return
    }
    self.init(objective, mask, heads, note: nil)
  }

  private init(
    _ objective: any Objective.Type,
    _ mask: MaskKind,
    _ ablatedHeads: Set<HeadAddress>,
    note: Bilingual?
  ) {
    (self.objective, self.mask) = (objective, mask)
    (self.ablatedHeads, self.note) = (ablatedHeads, note)
  }

  /// Whether it is anything but the prediction of the next token by all of a causal model.
  package var isUnusual: Bool {
    !objective.predictsNext || mask != .causal || !ablatedHeads.isEmpty
  }

  /// How the model was trained, in one sentence.
  package var message: Bilingual {
    let heads = ablatedHeads.sorted().map(\.description).joined(separator: " ")
    let off =
      ablatedHeads.isEmpty
      ? Bilingual(same: "")
      : Bilingual(it: ", senza le teste \(heads)", en: ", without the heads \(heads)")
    return Bilingual(
      it: "come nell'addestramento: obiettivo \(objective.name), mask \(mask)",
      en: "as in its training: objective \(objective.name), mask \(mask)"
    ) + off
  }

  /// Checks that the question what comes next makes sense for the model.
  ///
  /// - Throws: `EvaluationProblem.otherObjective` if it has learned to answer another one.
  package func expectNext() throws(EvaluationProblem) {
    if !objective.predictsNext { throw .otherObjective(objective.name) }
  }

  private static let unreadable = Bilingual(
    it: "checkpoint.safetensors non dice come il modello è stato addestrato: è esaminato come"
      + " causale",
    en: "checkpoint.safetensors does not say how the model was trained: it is examined as causal"
  )

  /// Addresses with blanks between them; nil if they are none.
  private static func heads(_ text: String) -> Set<HeadAddress>? {
    guard text != "none" else { return [] }
    let heads = text.split(separator: " ").map { HeadAddress(String($0)) }
    return heads.contains(nil) ? nil : Set(heads.compactMap(\.self))
  }
}

extension MaskKind {
  /// The masks with which `passo train` trains, as they are written.
  fileprivate init?(learned text: String) {
    guard let mask = [MaskKind.causal, .prefix, .none].first(where: { $0.description == text })
    else { return nil }
    self = mask
  }
}
