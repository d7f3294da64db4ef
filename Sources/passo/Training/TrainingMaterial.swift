// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoShell
import PassoView

/// What a training learns from: texts, sentences of a toy language, or prepared rows.
///
/// Adding a kind is adding a file with a type, and a line to `TrainingSetup`.
protocol TrainingMaterial {
  /// What makes tokens of text; nil if no text is known.
  var tokenizer: (any Tokenizer)? { get }

  /// The tokens that a new model has to know.
  var vocabularySize: Int { get }

  /// The positions that a new model has to read, at least.
  var leastContext: Int { get }

  /// How one learns from it where a person says nothing.
  var habit: LearningOptions.Habit { get }

  /// Levels that the loss can be held against.
  var references: [CurveFigure.Reference] { get }

  /// Whether a model that has learned from it can go on with a text.
  var isCausal: Bool { get }

  /// The `ContentHash` of each file of text, in the order of their names.
  var contents: [UInt64] { get }

  /// The batches for a model.
  func data(for configuration: ModelConfiguration) throws -> TrainingData

  /// What a checkpoint keeps of this choice, beside what all have.
  func settings(of data: TrainingData) -> [String: String]

  /// Says what there is to learn from.
  func introduce(_ data: TrainingData, on console: Console)

  /// Says what became of it.
  func conclude(_ trainer: Trainer, on console: Console) throws
}

extension TrainingMaterial {
  var leastContext: Int { 1 }
  var habit: LearningOptions.Habit { .texts }
  var references: [CurveFigure.Reference] { [] }
  var isCausal: Bool { true }
  var contents: [UInt64] { [] }
  func settings(of data: TrainingData) -> [String: String] { [:] }
  func introduce(_ data: TrainingData, on console: Console) {}
  func conclude(_ trainer: Trainer, on console: Console) throws {}
}

/// Rows of token ids, as another program may have made them.
struct RowsMaterial: TrainingMaterial {
  private let path: String
  private let rounds: Int
  let tokenizer: (any Tokenizer)?
  let vocabularySize: Int

  /// Looks into a file of rows.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - tokenizer: That of the model folder, if there is one.
  ///   - rounds: Into how many parts the rows are divided for one step.
  /// - Throws: `FileProblem` if the file cannot be read.
  init(path: String, tokenizer: (any Tokenizer)?, rounds: Int) throws {
    (self.path, self.tokenizer, self.rounds) = (path, tokenizer, rounds)
    vocabularySize = try TokensFile.largestToken(path: path) + 1
  }

  func data(for configuration: ModelConfiguration) throws -> TrainingData {
    let file = try TokensFile(
      path: path,
      vocabularySize: configuration.vocabularySize,
      contextLength: configuration.contextLength
    )
    return try TrainingData(file, rounds: rounds)
  }
}
