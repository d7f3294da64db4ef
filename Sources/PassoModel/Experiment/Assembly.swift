// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles

/// An experiment with its model's sizes and its batches: all that a run needs but the parameters.
package struct Assembly: Sendable {
  /// With what the data alone decide: prepared rows say their mask.
  package private(set) var experiment: Experiment

  package let configuration: ModelConfiguration
  package private(set) var data: TrainingData

  /// Puts an experiment together for a model whose sizes are known.
  ///
  /// - Throws: `ExperimentProblem`, or what `OpenedData.batches` throws.
  package init(
    _ experiment: Experiment,
    _ opened: OpenedData,
    _ configuration: ModelConfiguration
  ) throws {
    try self.init(experiment, opened, configuration, growing: false)
  }

  /// Puts an experiment together; a new model gets the vocabulary of the data and, up to a limit,
  /// the positions that they need.
  ///
  /// - Throws: `ExperimentProblem`, or what `OpenedData.batches` throws.
  package init(_ experiment: Experiment, _ model: OpenedModel, _ opened: OpenedData) throws {
    var sizes = model.configuration(vocabularySize: opened.tokenizer.vocabularySize)
    let isNew = model.description == nil && !model.hasFixedSizes
    if isNew { sizes.contextLength = experiment.context ?? sizes.contextLength }
    try self.init(experiment, opened, sizes, growing: isNew && experiment.context == nil)
  }

  /// The same for a training, which is computed as suits the sizes if nobody says otherwise.
  package init(
    _ experiment: Experiment,
    _ model: OpenedModel,
    _ opened: OpenedData,
    precision: Precision?
  ) throws {
    try self.init(experiment, model, opened)
    self.experiment.precision = precision ?? .standard(for: configuration)
  }

  private init(
    _ experiment: Experiment,
    _ opened: OpenedData,
    _ sizes: ModelConfiguration,
    growing: Bool
  ) throws {
    var (experiment, sizes) = (experiment, sizes)
    data = try opened.batches(of: experiment, for: sizes)
    experiment.mask = data.mask
    if growing {
      let needed = min(data.batch.length, Experiment.Defaults.mostPositions)
      sizes.contextLength = max(sizes.contextLength, needed)
    }
    (self.experiment, configuration) = (experiment, sizes)
    data = data.seeded(experiment.seed, for: sizes)
    try check(opened.tokenizer)
  }

  /// Checks that the model has room for each row, and for each token that may come.
  private func check(_ tokenizer: any Tokenizer) throws(ExperimentProblem) {
    let (length, context) = (data.batch.length, configuration.contextLength)
    guard length <= context else { throw .textTooLong(tokens: length, context: context) }
    // A tokenizer may know tokens for which the model has no row: they must not come up.
    let (known, vocabulary) = (tokenizer.vocabularySize, configuration.vocabularySize)
    guard known > vocabulary else { return }
    switch experiment.data {
    case .sentences, .unread, .task, .files: throw .tooManyTokens(known, vocabulary: vocabulary)
    case .typed, .rows:
      for round in 0..<experiment.optimizer.rounds {
        let batch = data.training.batch(round)
        if let id = (batch.inputs + batch.targets).first(where: { Int($0) >= vocabulary }) {
          throw .tokenOutside(tokenizer.label(of: id), vocabulary: vocabulary)
        }
      }
    }
  }

  /// The run in which every value is kept, at its first step.
  ///
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package func timeline(_ parameters: any ParameterSource) throws -> Timeline {
    try Timeline(
      TrainingRun(
        experiment.program(configuration, batch: data.batch),
        precision: experiment.precision,
        parameters: parameters,
        batches: data.training,
        rate: experiment.rate
      )
    )
  }

  /// The same for one that is to be fast, at its first step.
  ///
  /// - Parameters:
  ///   - parameters: What it starts from.
  ///   - description: What the model's `config.json` will say: a checkpoint knows its model by it.
  ///   - opened: The data, opened.
  ///   - threads: How many threads share the work.
  /// - Returns: The trainer.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package func trainer(
    _ parameters: any ParameterSource,
    _ description: ModelDescription,
    _ opened: OpenedData,
    threads: Int
  ) throws -> Trainer {
    try Trainer(
      settings(description, opened),
      configuration: configuration,
      parameters: parameters,
      data: data,
      ablatedHeads: experiment.ablatedHeads,
      threads: threads
    )
  }

  /// What a checkpoint keeps, and holds against the training that goes on from it.
  private func settings(_ description: ModelDescription, _ opened: OpenedData) -> TrainingSettings {
    var settings = TrainingSettings(
      optimizer: experiment.optimizer,
      rate: experiment.rate,
      precision: experiment.precision,
      data: [
        "model": String(description.fingerprint, radix: 16),
        "data": String(data.fingerprint, radix: 16),
        "batch": "\(data.batch.rows)",
        "context": "\(data.batch.length)",
        "seed": "\(experiment.seed)",
        "mask": "\(data.mask)",
        "objective": experiment.objective.name,
        "ablate": experiment.ablationText,
      ]
    )
    if let files = experiment.files, let corpus = opened.corpus, data.validation != nil {
      settings.data["validation"] = "\(corpus.request.usualKeptPart)"
      settings.data["split"] = files.split
    }
    return settings
  }

  /// What `config.json` says of a new model: its sizes, and which tokens begin and end a text.
  package static func description(
    of configuration: ModelConfiguration,
    _ opened: OpenedData
  ) -> ModelDescription {
    let start = opened.tokenizer.start.map(Int.init)
    // A new line begins with the start token: a text that comes to it has ended.
    let end = opened.endToken.map(Int.init) ?? start
    let padding = opened.tokenizer.id(of: .pad).map(Int.init)
    return ModelDescription(
      configuration,
      special: SpecialTokens(start: start, ends: end.map { [$0] } ?? [], padding: padding)
    )
  }
}
