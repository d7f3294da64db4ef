// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoText

/// Equal to itself only, however often the session of the run is copied.
final class RunIdentity: Sendable {}

/// Everything that a run of Passo can change, in one value: it can be copied, compared, restored.
package struct Session: Sendable {
  /// Where the parameters of a session come from.
  package enum ModelSource: Sendable, Hashable {
    case preset(Preset, seed: UInt64)
    case folder(String)
  }

  package internal(set) var texts: [String]
  package internal(set) var tokenizer: any Tokenizer

  /// What is made a question of, and what a token is, where the session makes the tokenizer.
  package internal(set) var choice = DataChoice()
  package internal(set) var source: ModelSource
  package internal(set) var configuration: ModelConfiguration
  package internal(set) var mask = MaskKind.causal
  package internal(set) var optimizer = Optimizer.sgd
  package internal(set) var rate = 0.1
  var optimizerChoice = OptimizerChoice.usual
  package internal(set) var precision = Precision.f32

  /// Whether the preset was chosen because it suits the data: other data choose another.
  package internal(set) var presetSuitsData = false

  /// Whether the tokens are those of a folder: other texts have to use them too.
  package internal(set) var hasFolderTokenizer = false

  /// What the folder of the model says of it, and the files that go with it; nil for a preset.
  package internal(set) var folderDescription: ModelDescription?

  /// What is good to know of the folder's configuration.
  package internal(set) var notes: [Bilingual] = []

  /// Why there is another text than before, while there is.
  package internal(set) var textNote: Bilingual?

  /// The run, where every value lives.
  package var timeline: Timeline

  /// Heads that are switched off.
  package internal(set) var silenced: Set<HeadAddress> = []

  /// What `let` has named.
  package var bindings: [String: Tensor] = [:]

  /// By what a person looks at all this.
  package var view = ViewState()

  /// Tells this run from every other: what is remembered of a run is of no use in another.
  private(set) var identity = RunIdentity()

  /// Runs that were kept under a name.
  package var forks: [String: Session] = [:]

  /// The sentence of the article, and the smallest model.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no memory even for that.
  package init() throws {
    let preset = Preset.all[0]
    texts = ["Il gatto dorme sul divano"]
    tokenizer = try choice.tokenizer(for: texts)
    source = .preset(preset, seed: Self.firstSeed)
    configuration = preset.configuration(vocabularySize: tokenizer.vocabularySize)
    let parameters = try configuration.initialParameters(
      seed: Self.firstSeed,
      deviation: preset.deviation
    )
    let data = try choice.data(texts, tokenizer, rounds: 1, room: configuration.contextLength)
    let plan = try TrainingProgram(configuration, batch: data.shape, optimizer: .sgd)
    timeline = try Timeline(
      TrainingRun(
        plan,
        precision: .f32,
        parameters: parameters,
        batches: data.batches,
        rate: 0.1
      )
    )
  }

  // With this one the untrained loss of the sentence is ln 6 to three digits.
  static let firstSeed: UInt64 = 7
}

// MARK: - Changing what is computed

extension Session {
  /// Learns from other texts; the model begins anew, unless a folder's fits.
  package mutating func setTexts(_ texts: [String]) throws {
    var next = self
    next.texts = texts
    next.textNote = nil
    next.choice.corpus = nil
    if presetSuitsData {
      next.source = .preset(Preset.all[0], seed: Self.firstSeed)
      next.presetSuitsData = false
    }
    try next.beginWithData()
    self = next
  }

  /// Asks other questions of the same data.
  ///
  /// - Parameters:
  ///   - objective: How questions are made.
  ///   - seed: Decides what is hidden; without it what was hidden before.
  ///   - reading: Where texts in files become other tokens, if they have to.
  /// - Throws: `DataProblem` if the vocabulary of a folder lacks a token that is needed.
  package mutating func setObjective(
    _ objective: any Objective.Type,
    seed: UInt64?,
    _ reading: TextReading
  ) throws {
    var next = self
    next.choice.objective = objective
    next.choice.seed = seed ?? choice.seed
    next.mask = next.choice.mask
    try next.reopenTexts(reading) { _ in }
    try next.beginWithData()
    self = next
  }

  /// Learns from sentences of a toy language, with a model and settings that suit it.
  ///
  /// A folder's model that knows the words goes on; so does a preset that has room for a sentence,
  /// anew; else the smallest that has room begins.
  package mutating func setCorpus(_ corpus: LanguageBatches.Choice) throws {
    var next = self
    next.choice.corpus = .sentences(corpus)
    (next.optimizer, next.rate) = (.forSentences(updates: 800), Optimizer.rateForSentences)
    next.optimizerChoice = .usual
    if hasFolderTokenizer, next.choice.fits(tokenizer) {
      next.suitTexts()
      try next.rebuild(parameters: currentParameters)
      self = next
      return
    }
    next.hasFolderTokenizer = false
    next.tokenizer = try next.choice.tokenizer(for: texts)
    let needed = try next.choice.leastContext(texts, next.tokenizer)
    if case .preset(let preset, let seed) = source, !presetSuitsData,
      preset.contextLength >= needed
    {
      try next.begin(preset, seed: seed)
    } else {
      next.presetSuitsData = true
      try next.begin(.sentences, seed: Self.firstSeed)
    }
    self = next
  }

  /// Makes tokens of another kind; the model begins anew.
  package mutating func setTokenizer(
    _ kind: TokenizerKind,
    size: Int?,
    _ reading: TextReading
  ) throws {
    var next = self
    next.choice.kind = kind
    next.choice.vocabularySize = size
    if hasFolderTokenizer { throw SessionProblem.tokenizerOfFolder }
    if let language = choice.language { throw SessionProblem.tokenizerOfLanguage(language.name) }
    try next.reopenTexts(reading) { ($0.kind, $0.vocabularySize) = (kind, size) }
    try next.beginWithData()
    self = next
  }

  /// Takes a preset by name, or a model folder by path.
  package mutating func setModel(_ name: String, seed: UInt64?, _ reading: TextReading) throws {
    guard let preset = Preset.named(name) else {
      guard name.contains("/") || ModelFolder.exists(at: name) else {
        throw SessionProblem.unknownModel(
          name,
          closest: Suggestion.closest(to: name, among: Preset.all.map(\.name))
        )
      }
      return try load(name, texts: nil, reading)
    }
    var next = self
    next.presetSuitsData = false
    if hasFolderTokenizer {
      next.hasFolderTokenizer = false
      next.tokenizer = try next.choice.tokenizer(for: texts)
    }
    try next.begin(preset, seed: seed ?? Self.firstSeed)
    self = next
  }

  package mutating func setPrecision(_ precision: Precision) throws {
    var next = self
    next.precision = precision
    try next.rebuild(parameters: currentParameters)
    self = next
  }

  /// The parameters with which the update under way computes.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for a copy of them.
  package var parametersAtWork: Parameters {
    get throws(ExecutionProblem) {
      try parameters { [$0] }
    }
  }

  /// The parameters as they are now: after an update the new ones.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for a copy of them.
  package var currentParameters: Parameters {
    get throws(ExecutionProblem) {
      try parameters { [$0.next, $0] }
    }
  }

  private func parameters(
    under names: (ValueName) -> [ValueName]
  ) throws(ExecutionProblem) -> Parameters {
    try MemoryRoom.check(configuration.parameterCount * precision.byteCount)
    let execution = timeline.execution
    var parameters: Parameters = [:]
    for spec in configuration.parameterSpecs {
      parameters[spec.name] = names(spec.name).lazy.compactMap { execution.tensor($0) }.first
    }
    return parameters
  }

  /// Begins anew where the vocabulary is that of the data; a folder's model goes on.
  private mutating func beginWithData() throws {
    if !hasFolderTokenizer { tokenizer = try choice.tokenizer(for: texts) }
    switch source {
    case .preset(let preset, let seed): try begin(preset, seed: seed)
    case .folder: try rebuild(parameters: currentParameters)
    }
  }

  mutating func begin(_ preset: Preset, seed: UInt64) throws {
    source = .preset(preset, seed: seed)
    suitOptimizer()
    silenced = []
    (notes, textNote, folderDescription) = ([], nil, nil)
    configuration = preset.configuration(vocabularySize: tokenizer.vocabularySize)
    configuration.contextLength = max(configuration.contextLength, try dataLength)
    try rebuild(
      parameters: try configuration.initialParameters(seed: seed, deviation: preset.deviation)
    )
  }

  /// Positions of what was typed, or of sentences; a new model has room for them, up to a limit.
  private var dataLength: Int {
    get throws {
      min(try choice.leastContext(texts, tokenizer), Self.mostPositions)
    }
  }

  /// Every value of a pass is kept, and attention has the square of this.
  private static let mostPositions = 1_024

  mutating func rebuild(parameters: Parameters) throws {
    try Interruption.check()
    let data = try choice.data(
      texts,
      tokenizer,
      rounds: optimizer.rounds,
      room: configuration.contextLength
    )
    try checkFit(data.shape)
    let plan = try TrainingProgram(
      configuration,
      batch: data.shape,
      mask: mask,
      optimizer: optimizer
    )
    timeline = try Timeline(
      TrainingRun(
        plan,
        precision: precision,
        parameters: parameters,
        batches: data.batches,
        rate: rate
      )
    )
    if !silenced.isEmpty { try replan() }
    bindings = [:]
    identity = RunIdentity()
    view = view.ofAnotherRun()
  }

  private func checkFit(_ shape: BatchShape) throws {
    if shape.length > configuration.contextLength {
      throw SessionProblem.textTooLong(tokens: shape.length, context: configuration.contextLength)
    }
    guard tokenizer.vocabularySize > configuration.vocabularySize else { return }
    // A tokenizer may know tokens for which the model has no row: they must not come up.
    if choice.textCorpus != nil {
      throw SessionProblem.tooManyTokens(
        tokenizer.vocabularySize,
        vocabulary: configuration.vocabularySize
      )
    }
    for id in try texts.flatMap({ try tokenizer.encode($0) }) {
      guard id < configuration.vocabularySize else {
        throw SessionProblem.tokenOutside(label(id), vocabulary: configuration.vocabularySize)
      }
    }
  }
}
