// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles

/// Everything that decides what a model learns, in one value.
///
/// The REPL and the commands of the shell only parse into it; what they say nothing of is decided
/// in `Experiment+Defaults.swift`, nowhere else. It holds no parameters and opens no file: an
/// `Assembly` does, with the `OpenedModel` and the `OpenedData` that it names.
package struct Experiment: Hashable, Sendable {
  /// Where the parameters begin.
  package enum Model: Hashable, Sendable {
    /// New ones, of the sizes of a preset.
    case preset(Preset, seed: UInt64)
    /// Those of a model folder.
    case folder(String)
  }

  /// What there is to learn from.
  package enum Data: Hashable, Sendable {
    /// Texts that were typed, a row each.
    case typed([String])
    /// Sentences of a toy language: always new ones, or so many again and again.
    case sentences(ToyLanguage, listed: Int?)
    /// The same of rules that nobody has read: so says the file beside a model.
    case unread(ToyLanguage.Origin, listed: Int?)
    /// Texts in files.
    case files(TextFiles)
    /// Rows of token ids, as another program may have made them: the same in every update.
    case rows(path: String)
  }

  /// Texts in files, and how they are read.
  package struct TextFiles: Hashable, Sendable {
    package var source: TextSource

    /// The part that is kept to test on; nil for a tenth, if the text has it to spare.
    package var keptPart: Double?

    /// Whether whole texts fall into that part; else runs of tokens do.
    package var keepsWholeTexts = false

    package init(_ source: TextSource) { self.source = source }
  }

  /// What a new tokenizer makes a token of; the model of a folder has its own.
  package struct TokenChoice: Hashable, Sendable {
    /// nil for what suits the texts.
    package var kind: TokenizerKind?

    /// How many tokens it has at most; nil for as many as suit its kind.
    package var size: Int?

    /// A tokenizer in a file, in place of a new one.
    package var file: String?

    package init(_ kind: TokenizerKind? = nil, size: Int? = nil) {
      (self.kind, self.size) = (kind, size)
    }
  }

  package var model: Model
  package var data: Data
  package var tokens = TokenChoice()

  /// How questions are made of the data.
  package var objective = ObjectiveChoice(CausalObjective.self)

  /// Decides what is hidden of texts that were typed, where an objective leaves that to chance.
  package var hidingSeed = Defaults.seed

  /// Who may look at whom.
  package var mask = MaskKind.causal

  /// Heads whose output is replaced by zeros.
  package var ablatedHeads: Set<HeadAddress> = []

  package var optimizer: Optimizer

  /// The learning rate, at its peak.
  package var rate: Double

  package var precision = Precision.f32

  /// Decides the order of the data, and what is hidden of data that are drawn.
  package var seed = Defaults.seed

  /// Rows of one update, those of all its rounds; typed and prepared rows are as many as they are.
  package var rows: Int

  /// Positions of a row of texts in files; nil for as many as the model reads and the text fills.
  package var context: Int?
}

extension Experiment {
  /// Texts in files, if they are learned from.
  package internal(set) var files: TextFiles? {
    get { if case .files(let files) = data { files } else { nil } }
    set { if let newValue, files != nil { data = .files(newValue) } }
  }

  /// The toy language that sentences come from, if they do.
  package var language: ToyLanguage? {
    if case .sentences(let language, _) = data { language } else { nil }
  }

  /// The file of the rules of that language, if they are in one.
  package var rules: ToyLanguage.Origin? {
    if case .unread(let origin, _) = data { origin } else { language?.origin }
  }

  /// How many sentences come again and again, if only so many do.
  var listed: Int? {
    switch data {
    case .sentences(_, let listed), .unread(_, let listed): listed
    default: nil
    }
  }

  /// How sentences of a toy language are drawn for a round, if they are learned from.
  package var sentences: LanguageBatches.Choice? {
    guard case .sentences(let language, let listed) = data else { return nil }
    var choice = LanguageBatches.Choice(language: language.name, listed: listed)
    (choice.rows, choice.seed) = (rows / optimizer.rounds, seed)
    return choice
  }

  /// Whether every update brings sentences that are drawn anew, as the floor needs it.
  package var isFresh: Bool {
    if case .sentences(_, listed: nil) = data { true } else { false }
  }

  /// Whether the parameters come from a folder, with the tokens that they have learned.
  package var hasFolder: Bool {
    if case .folder = model { true } else { false }
  }

  /// Asks other questions, under the mask that hides their answers.
  package mutating func ask(_ objective: ObjectiveChoice) {
    (self.objective, mask) = (objective, objective.kind.mask)
  }

  /// The same with nothing chosen of the questions.
  package mutating func ask(_ objective: any Objective.Type) { ask(ObjectiveChoice(objective)) }

  /// The program that computes one round of an update.
  ///
  /// - Throws: `ShapeProblem` if the sizes of the configuration do not fit each other.
  package func program(
    _ configuration: ModelConfiguration,
    batch: BatchShape
  ) throws(ShapeProblem) -> TrainingProgram {
    try TrainingProgram(
      configuration,
      batch: batch,
      mask: mask,
      weighsTargets: objective.weighsTargets,
      ablatedHeads: ablatedHeads,
      optimizer: optimizer
    )
  }

  /// Checks that the model has the heads that are ablated.
  ///
  /// - Throws: The first that it has not.
  package func checkHeads(of model: ModelConfiguration) throws(NoSuchHead) {
    for head in ablatedHeads.sorted() { try model.check(head) }
  }
}

extension Objective {
  /// The mask under which no position sees its answer.
  ///
  /// A model that predicts what follows may not look ahead; for the others each row says how much
  /// of it everyone may see.
  package static var mask: MaskKind { looksBack ? .causal : .prefix }
}
