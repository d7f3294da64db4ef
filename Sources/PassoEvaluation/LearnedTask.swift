// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoText

/// What a model was trained for: the question, what its positions could see, and with which heads.
///
/// The record beside a model that Passo has written says it; of a folder of earlier versions its
/// checkpoint. A folder with neither holds a model that predicts the next token, as those of
/// Hugging Face do.
package struct LearnedTask: Sendable {
  /// What the folder says; nil if it says nothing.
  package let recorded: Experiment?

  /// What a person should know of a checkpoint that says nothing; nil if all is well.
  package let note: Bilingual?

  package var objective: ObjectiveChoice {
    recorded?.objective ?? ObjectiveChoice(CausalObjective.self)
  }
  package var mask: MaskKind { recorded?.mask ?? .causal }

  /// Heads whose output was replaced by zeros.
  package var ablatedHeads: Set<HeadAddress> { recorded?.ablatedHeads ?? [] }

  /// Reads what the folder of a model says.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - configuration: The model: a record that speaks of other heads is not its own.
  /// - Throws: `FileProblem` if the record cannot be read.
  package init(folder: String, of configuration: ModelConfiguration? = nil) throws(FileProblem) {
    if let recorded = try Experiment(folder: folder) {
      if let configuration { try recorded.checkRecord(folder, of: configuration) }
      (self.recorded, note) = (recorded, nil)
      return
    }
    let hasCheckpoint = Checkpoint.exists(in: folder)
    let told = hasCheckpoint ? Self.told(by: folder, of: configuration) : nil
    (recorded, note) = (told, hasCheckpoint && told == nil ? Self.unreadable : nil)
  }

  /// The model of a folder as it was trained.
  package func model(_ folder: ModelFolder, precision: Precision?, threads: Int) -> Model {
    Model(
      folder.configuration,
      folder,
      mask: mask,
      weighsTargets: objective.weighsTargets,
      ablatedHeads: ablatedHeads,
      precision: precision ?? .standard(for: folder.configuration),
      threads: threads
    )
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

  /// What a person should know before the model writes; nil if it does what it has learned.
  package var noteOnGeneration: Bilingual? {
    guard objective.writes, mask == .causal else {
      return Bilingual(
        it: "questo modello ha imparato l'obiettivo \(objective.name) con la maschera \(mask):"
          + " non è stato addestrato a scrivere un token dopo l'altro",
        en: "this model has learned the objective \(objective.name) under the mask \(mask): it was"
          + " not trained to write token after token"
      )
    }
    return isUnusual ? message : nil
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

  /// What the settings of a checkpoint say; nil if they cannot be understood.
  private static func told(by folder: String, of model: ModelConfiguration?) -> Experiment? {
    guard let settings = try? Checkpoint(folder: folder, readsAll: false).settings else {
      return nil
    }
    var fields: [String: [String]] = [:]
    for name in ["objective", "mask"] { fields[name] = settings[name].map { [$0] } }
    fields["ablate"] = settings["ablate"].map { $0.split(separator: " ").map(String.init) }
    guard let experiment = try? Experiment(fields: fields) else { return nil }
    if let model, (try? experiment.checkHeads(of: model)) == nil { return nil }
    return experiment
  }
}

extension Experiment {
  /// - Throws: `FileProblem` if the record of a folder speaks of heads that its model has not.
  fileprivate func checkRecord(
    _ folder: String,
    of model: ModelConfiguration
  ) throws(FileProblem) {
    do { try checkHeads(of: model) } catch {
      let fault = ExperimentFault.notUnderstood(field: "ablate", found: ablationText)
      throw .experiment(fault, file: "\(folder)/\(Self.fileName)")
    }
  }
}
