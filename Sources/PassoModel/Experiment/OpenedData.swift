// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime
import PassoText

/// What an experiment learns from, opened: a tokenizer, and texts in files as tokens.
package struct OpenedData: Sendable {
  /// What makes tokens of text; where none is known, one for which they are numbers.
  package let tokenizer: any Tokenizer

  /// Texts in files, if they are learned from.
  package let corpus: TextCorpus?

  /// What is good to know of a tokenizer that was chosen as a file.
  package let tokenizerNotes: [TokenizerNote]

  package init(
    _ tokenizer: any Tokenizer,
    _ corpus: TextCorpus? = nil,
    notes: [TokenizerNote] = []
  ) {
    (self.tokenizer, self.corpus, tokenizerNotes) = (tokenizer, corpus, notes)
  }

  /// Opens what an experiment learns from: a tokenizer learns, and texts in files become tokens.
  ///
  /// - Parameters:
  ///   - experiment: What is asked of it.
  ///   - given: The tokenizer of the model, if it has one.
  ///   - ends: The tokens that end a text, as the model's folder says.
  ///   - contextLength: The positions that the model reads.
  ///   - reading: Where texts in files become tokens.
  /// - Returns: The data; nil if it was told to stop.
  /// - Throws: `DataProblem`, `FileProblem` or `TextProblem`; `TrainingProblem.otherTokens` if the
  ///   model's tokenizer numbers other words than a language.
  package static func open(
    _ experiment: Experiment,
    given: (any Tokenizer)?,
    ends: [Int] = [],
    contextLength: Int,
    _ reading: TextReading
  ) throws -> OpenedData? {
    switch experiment.data {
    case .typed(let texts): return OpenedData(try given ?? experiment.tokenizer(for: texts))
    case .sentences(let language, _):
      if let given, !language.isNumbered(by: given) {
        throw TrainingProblem.otherTokens(language: language.name)
      }
      return OpenedData(given ?? language.tokenizer(with: experiment.objective.specials))
    // What a file beside a model names is not opened.
    case .unread: throw DataProblem.noSequences
    case .files(let files):
      if let asked = experiment.context, asked > contextLength {
        throw TrainingProblem.contextTooLong(asked, limit: contextLength)
      }
      let file = given == nil ? experiment.tokens.file : nil
      let chosen = try file.map { try TokenizerFile.open(path: $0) }
      let corpus = try TextCorpus.open(
        TextCorpus.Request(files, experiment, ends: ends),
        experiment.objective,
        given: given ?? chosen?.tokenizer,
        contextLength: contextLength,
        reading
      )
      return corpus.map { OpenedData($0.tokenizer, $0, notes: chosen?.notes ?? []) }
    case .rows(let path):
      if let given { return OpenedData(given) }
      let size = try TokensFile.largestToken(path: path) + 1
      return OpenedData(IDTokenizer(vocabularySize: size, reason: Bilingual(same: "")))
    }
  }

  /// The tokenizer, if it makes tokens of text: what a model folder gets beside its weights.
  package var textTokenizer: (any Tokenizer)? { tokenizer is IDTokenizer ? nil : tokenizer }

  /// The `ContentHash` of each file of text, in the order of their names.
  package var textHashes: [UInt64] { corpus?.shards.manifest.sources.map(\.hash) ?? [] }

  /// The token that ends each text, where one does; a new model learns to stop with it.
  package var endToken: TokenID? {
    corpus.map(\.marks.end) ?? tokenizer.id(of: .end)
  }

  /// Whether another tokenizer gives the words of this data the ids that they have here; typed
  /// texts are made tokens of anew.
  package func fits(_ other: any Tokenizer, _ experiment: Experiment) -> Bool {
    switch experiment.data {
    case .typed: true
    case .sentences(let language, _): language.isNumbered(by: other)
    case .unread: false
    case .files: corpus?.fits(other) ?? false
    case .rows: false
    }
  }
}

// MARK: - Batches

extension OpenedData {
  /// The batches of an experiment, in the order in which a run asks for them.
  ///
  /// - Parameters:
  ///   - experiment: How questions are made, and how many at once.
  ///   - configuration: The model; texts in files fill the positions that it reads.
  /// - Returns: What is learned from, and what is kept apart.
  /// - Throws: `DataProblem`, `TrainingProblem`, `TextProblem`, `FileProblem`,
  ///   `ExecutionProblem.refused` or `Interrupted`.
  package func batches(
    of experiment: Experiment,
    for configuration: ModelConfiguration
  ) throws -> TrainingData {
    let rounds = experiment.optimizer.rounds
    switch experiment.data {
    case .typed(let texts):
      let sequences = try texts.map { try tokenizer.sequence(of: $0) }
      var random = RandomSource(seed: experiment.hidingSeed)
      let batch = try experiment.objective.objective(for: tokenizer)
        .batch(from: sequences, using: &random)
      return try TrainingData(
        batch,
        rounds: rounds,
        mask: experiment.mask,
        weighsTargets: experiment.objective.weighsTargets
      )
    case .sentences:
      guard let sentences = try sentences(of: experiment) else { throw DataProblem.noSequences }
      return TrainingData(sentences, mask: experiment.mask)
    case .unread: throw DataProblem.noSequences
    case .files: return try blocks(of: experiment, contextLength: configuration.contextLength)
    case .rows(let path):
      let file = try TokensFile(
        path: path,
        vocabularySize: configuration.vocabularySize,
        contextLength: configuration.contextLength
      )
      return try TrainingData(file, rounds: rounds)
    }
  }

  private func sentences(of experiment: Experiment) throws -> LanguageBatches? {
    guard let language = experiment.language, let choice = experiment.sentences else { return nil }
    _ = try experiment.rowsOfARound()
    let objective = try experiment.objective.objective(for: tokenizer)
    try LanguageBatches.check(language, objective)
    try MemoryRoom.check(LanguageBatches.listByteCount(choice, of: language))
    let batches = LanguageBatches(language, objective, choice)
    try Interruption.check()
    return batches
  }

  /// The positions that the longest sentence of an experiment's language takes; nil without one.
  ///
  /// - Throws: `DataProblem` if the tokenizer lacks a token that the objective needs.
  package func sentenceLength(of experiment: Experiment) throws -> Int? {
    var experiment = experiment
    guard let language = experiment.language else { return nil }
    // A list would be drawn for nothing.
    experiment.data = .sentences(language, listed: nil)
    return try sentences(of: experiment)?.length
  }

  private func blocks(of experiment: Experiment, contextLength: Int) throws -> TrainingData {
    guard let corpus else { throw TrainingProblem.tooShort(tokens: 0, needed: 2) }
    if let damage = corpus.shards.damage { throw damage }
    let objective = try experiment.objective.objective(for: tokenizer)
    return try TrainingData(
      corpus.shards,
      batch: BatchShape(
        rows: experiment.rowsOfARound(),
        length: experiment.context ?? corpus.length(objective, contextLength: contextLength)
      ),
      seed: experiment.seed,
      objective: objective,
      mask: experiment.mask
    )
  }
}

extension Experiment {
  /// A tokenizer that learns from texts, with what the objective needs.
  fileprivate func tokenizer(for texts: [String]) throws(DataProblem) -> any Tokenizer {
    try TokenizerLearner(
      kind: tokens.kind ?? .words,
      size: tokens.size,
      specials: objective.specials,
      threads: ProcessorCount.physical
    ).tokenizer(for: texts)
  }

  fileprivate func rowsOfARound() throws(TrainingProblem) -> Int {
    guard rows.isMultiple(of: optimizer.rounds) else {
      throw .unevenRounds(optimizer.rounds, rows: rows)
    }
    return rows / optimizer.rounds
  }
}

extension TextCorpus.Request {
  /// What an experiment asks of texts in files.
  fileprivate init(_ files: Experiment.TextFiles, _ experiment: Experiment, ends: [Int]) {
    self.init(files.source)
    (kind, vocabularySize) = (experiment.tokens.kind, experiment.tokens.size)
    (keptPart, keepsWholeTexts) = (files.keptPart, files.keepsWholeTexts)
    (length, self.ends) = (experiment.context, ends)
  }
}
