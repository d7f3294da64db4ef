// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoText

/// The model that an experiment begins with, opened.
package struct OpenedModel: Sendable {
  /// Where parameters come from.
  private enum Origin {
    case preset(Preset, seed: UInt64)
    case blank(BlankModel, seed: UInt64)
    case folder(ModelFolder)
    /// A training that is gone on with: its checkpoint brings them.
    case checkpoint
  }

  private let origin: Origin

  /// What the folder says of the model; nil for a new one.
  package let description: ModelDescription?

  /// The tokenizer that the model has learned with; nil for a new one.
  package let tokenizer: (any Tokenizer)?

  /// Opens a model.
  ///
  /// - Parameters:
  ///   - model: Which one.
  ///   - needsTokenizer: Whether a folder without a tokenizer that Passo reads is of no use; else
  ///     its tokens are numbers.
  /// - Throws: `FileProblem` or `ModelFolderProblem` if the folder cannot be read; `KnobProblem` if
  ///   the sizes of a new model do not go together.
  package init(_ model: Experiment.Model, needsTokenizer: Bool) throws {
    switch model {
    case .preset(let preset, let seed):
      try preset.knobs.check()
      (origin, description, tokenizer) = (.preset(preset, seed: seed), nil, nil)
    case .blank(let blank, let seed):
      (origin, description, tokenizer) = (.blank(blank, seed: seed), nil, nil)
    case .folder(let path):
      let folder = try ModelFolder(path: path)
      (origin, description) = (.folder(folder), folder.description)
      tokenizer =
        try folder.tokenizerIfReadable(isNeeded: needsTokenizer)
        ?? IDTokenizer(
          vocabularySize: folder.configuration.vocabularySize,
          reason: folder.tokenizerProblem?.sentence ?? Bilingual(same: "")
        )
    }
  }

  /// Opens the model of a training that is gone on with.
  ///
  /// - Parameter folder: The folder of the training.
  /// - Throws: `FileProblem` if it cannot be read.
  package init(resuming folder: String) throws {
    origin = .checkpoint
    var description = try ModelDescription(path: "\(folder)/config.json")
    // The checkpoint alone holds all that goes on; the model beside it says how it is stored.
    if SafetensorsSet.exists(in: folder) {
      description.storage = ModelFolder.storage(of: try SafetensorsSet(folder: folder))
    }
    description.companions = CompanionFiles(folder: folder)
    self.description = description
    tokenizer = try TokenizerFile.read(folder: folder)
  }

  /// Whether the parameters have learned something, in a folder of their own.
  package var hasFolder: Bool {
    if case .folder = origin { true } else { false }
  }

  /// Whether a folder says the sizes, the vocabulary and the context among them: data do not change
  /// them.
  package var hasFixedSizes: Bool {
    switch origin {
    case .blank, .folder: true
    case .preset, .checkpoint: false
    }
  }

  /// What is good to know of a new model whose sizes a folder says.
  package var notes: [Bilingual] {
    guard case .blank(let blank, let seed) = origin else { return [] }
    return [blank.note(seed: seed)] + blank.notes.map(\.text)
  }

  /// The folder in which the model was found; nil for a new one.
  package var path: String? {
    if case .folder(let folder) = origin { folder.path } else { nil }
  }

  /// The tokens that end a text, as the folder says.
  package var ends: [Int] { description?.special.ends ?? [] }

  /// The sizes; a new model has those of its preset until its vocabulary and its data are known.
  package func configuration(vocabularySize: Int = 1) -> ModelConfiguration {
    if case .preset(let preset, _) = origin {
      return preset.configuration(vocabularySize: vocabularySize)
    }
    if case .blank(let blank, _) = origin { return blank.configuration }
    return description?.configuration ?? Preset.all[0].configuration(vocabularySize: 1)
  }

  /// Where the parameters are: new ones are made, those of a folder are read one by one when
  /// somebody takes them, and none are there where a checkpoint brings them.
  ///
  /// - Throws: A problem if there is no memory for new ones.
  package func parameters(_ configuration: ModelConfiguration) throws -> any ParameterSource {
    switch origin {
    case .preset(let preset, let seed):
      try configuration.initialParameters(
        seed: seed,
        standardDeviation: preset.knobs.standardDeviation,
        embedding: preset.knobs.embeddingDeviation,
        hasZeroHead: preset.knobs.hasZeroHead
      )
    case .blank(_, let seed):
      try configuration.initialParameters(
        seed: seed,
        standardDeviation: ModelKnobs().standardDeviation
      )
    case .folder(let folder): folder
    case .checkpoint: Parameters()
    }
  }
}
