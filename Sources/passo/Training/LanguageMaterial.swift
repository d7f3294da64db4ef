// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoShell
import PassoText
import PassoView

/// Always new sentences of a language of which everything is known.
struct LanguageMaterial: TrainingMaterial {
  private let language: ToyLanguage
  private let options: DataOptions
  private let batches: LanguageBatches
  private let numbering: any Tokenizer

  var tokenizer: (any Tokenizer)? { numbering }
  var vocabularySize: Int { numbering.vocabularySize }
  var leastContext: Int { batches.length }
  var habit: LearningOptions.Habit { .sentences }
  var isCausal: Bool { options.chosenObjective.predictsNext }

  /// Prepares sentences.
  ///
  /// - Parameters:
  ///   - language: Where they come from.
  ///   - given: The tokenizer of the model folder, if there is one.
  ///   - options: What is asked of them.
  /// - Throws: `TrainingProblem.otherTokens` if the tokenizer numbers other words, `DataProblem` if
  ///   it lacks a token that the objective needs.
  init(_ language: ToyLanguage, given: (any Tokenizer)?, _ options: DataOptions) throws {
    if let given, !language.isNumbered(by: given) {
      throw TrainingProblem.otherTokens(language: language.name)
    }
    self.language = language
    self.options = options
    numbering = given ?? language.tokenizer(with: options.chosenObjective.specials)
    var choice = LanguageBatches.Choice(language: language.name)
    choice.rows = options.batch ?? choice.rows
    choice.seed = options.seed
    batches = LanguageBatches(language, try options.chosenObjective.init(numbering), choice)
  }

  func data(for configuration: ModelConfiguration) throws -> TrainingData {
    guard configuration.contextLength >= batches.length else {
      throw EvaluationProblem.contextTooShort(
        configuration.contextLength,
        needed: batches.length,
        language: language.name
      )
    }
    return TrainingData(batches, mask: options.chosenMask)
  }

  var references: [CurveFigure.Reference] {
    isCausal ? CurveFigure.Reference.levels(of: language, list: nil) : []
  }

  /// The exact questions; only whoever predicts the next word can be asked them.
  func conclude(_ trainer: Trainer, on console: Console) throws {
    guard isCausal else { return }
    let examiner = try LanguageExaminer(trainer.model, language)
    let found = try examiner.examine(unless: { Interrupt.isPending })
    if let found { console.show(OracleView(language).evaluation(found)) }
  }
}
