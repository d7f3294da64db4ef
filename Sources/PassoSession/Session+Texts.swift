// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoText

// Learning from more than a person types.
extension Session {
  /// What a person says of the order of the data, and of how many are learned from at once.
  package struct Batches: Sendable {
    package var rows: Int?
    package var seed: UInt64?

    package init(rows: Int? = nil, seed: UInt64? = nil) {
      (self.rows, self.seed) = (rows, seed)
    }

    fileprivate func apply(to experiment: inout Experiment) {
      experiment.rows = rows ?? experiment.rows
      experiment.seed = seed ?? experiment.seed
    }
  }

  /// Learns from sentences of a toy language, with a model and settings that suit it.
  ///
  /// A folder's model that knows the words goes on; so does a preset that has room for a sentence,
  /// anew; else the smallest that has room begins.
  package mutating func setSentences(
    of language: ToyLanguage,
    listed: Int?,
    _ batches: Batches
  ) throws {
    let isNumbered = language.isNumbered(by: tokenizer)
    try learn(from: .sentences(language, listed: listed), batches, isNumbered, .sentences) {
      guard let reads = $1.newContextLength else { return false }
      return reads >= (try $0.opened.sentenceLength(of: $1) ?? 0)
    }
  }

  /// Learns from the rows of a task, with settings that suit it.
  ///
  /// A folder's model that knows the tokens goes on; a model that somebody has chosen begins anew;
  /// in place of the first of all models one begins that can do what the task asks.
  package mutating func setTask(_ task: TaskCorpus, _ batches: Batches) throws {
    try learn(from: .task(task), batches, task.isNumbered(by: tokenizer), .tasks) {
      guard case .preset(let preset, _) = $1.model else { return false }
      return preset != Preset.all[0]
    }
  }

  /// Learns from rows that come with tokens of their own.
  ///
  /// - Parameters:
  ///   - data: The rows.
  ///   - batches: What is learned from at once.
  ///   - isNumbered: Whether the tokenizer of now numbers the tokens of the rows as they do.
  ///   - usual: The model that begins where that of now does not suit the rows.
  ///   - suits: Whether the model of now does.
  /// - Throws: What is wrong with the rows for the model; then nothing has changed.
  private mutating func learn(
    from data: Experiment.Data,
    _ batches: Batches,
    _ isNumbered: Bool,
    _ usual: Preset,
    suits: (Session, Experiment) throws -> Bool
  ) throws {
    var (next, experiment) = (self, experiment)
    experiment.learn(from: data)
    batches.apply(to: &experiment)
    (next.optimizerChoice, next.textNote) = (.usual, nil)
    if experiment.hasFolder, isNumbered {
      next.opened = OpenedData(tokenizer)
      next.suitTexts(&experiment)
      try next.rebuild(experiment)
      self = next
      return
    }
    next.opened = try Self.open(experiment, given: nil, contextLength: configuration.contextLength)
    next.presetSuitsData = try suits(next, experiment) ? presetSuitsData : true
    if next.presetSuitsData {
      experiment.model = .preset(usual, seed: Experiment.Defaults.modelSeed)
    }
    try next.begin(experiment)
    self = next
  }

  /// Learns from texts in files, with a model and settings that suit them.
  ///
  /// A folder's model goes on, with its own tokens; so does a preset that reads enough of them,
  /// anew; else one begins that does.
  ///
  /// - Parameters:
  ///   - source: Which files, and how texts are taken out of them.
  ///   - batches: What is learned from at once.
  ///   - reading: Where the cache is, and who waits.
  /// - Throws: `TextProblem`, `FileProblem`, `DataProblem`, `TrainingProblem`, or
  ///   `LearnedTextProblem.readingStopped`.
  package mutating func setTexts(
    in source: TextSource,
    _ batches: Batches,
    _ reading: TextReading
  ) throws {
    var (next, experiment) = (self, experiment)
    experiment.learn(from: .files(Experiment.TextFiles(source)))
    batches.apply(to: &experiment)
    next.textNote = nil
    var contextLength = configuration.contextLength
    if let length = experiment.newContextLength {
      let reads = length >= Experiment.Defaults.leastReading
      next.presetSuitsData = presetSuitsData || !reads
      contextLength = next.presetSuitsData ? Preset.texts.contextLength : length
    }
    if next.presetSuitsData {
      experiment.model = .preset(.texts, seed: Experiment.Defaults.modelSeed)
    }
    next.opened = try Self.open(
      experiment,
      given: experiment.hasFolder ? tokenizer : nil,
      ends: folder?.special.ends ?? [],
      contextLength: contextLength,
      reading
    )
    next.suitTexts(&experiment)
    try experiment.hasFolder ? next.rebuild(experiment) : next.begin(experiment)
    self = next
  }

  /// The texts from which a tokenizer can learn: those that were typed, or some of what there is.
  ///
  /// - Throws: `FileProblem` or `TextProblem` if files have gone.
  package func learnedTexts() throws -> [String] {
    if case .typed(let texts) = experiment.data { return texts }
    if let corpus = opened.corpus { return try FileScope.own { try corpus.beginning() } }
    return sources.map { (try? tokenizer.decode($0)) ?? "" }
  }

  /// The tokens of what questions are made of, before anything is hidden of it.
  package var sources: [[TokenID]] {
    experiment.objective.predictsNext ? batch.inputs : timeline.texts ?? batch.inputs
  }

  /// The loss on what is kept apart, and on how many rows it was measured; nil if nothing is.
  ///
  /// - Parameter warn: Told, before it is measured, why that takes longer than it could.
  /// - Returns: The loss in nats per token, and the number of rows.
  /// - Throws: `TextProblem` if files are not what they were, or `ExecutionProblem`.
  package func heldOutLoss(
    _ warn: (Slowness?) -> Void = { _ in }
  ) throws -> (loss: Double, rows: Int)? {
    var experiment = experiment
    experiment.optimizer.rounds = 1
    guard opened.corpus != nil else { return nil }
    let data = try opened.batches(of: experiment, for: configuration)
    guard let kept = data.validation else { return nil }
    let validator = try Validator(kept, of: model, batch: data.batch)
    warn(validator.slowness)
    let loss = try validator.loss()
    try checkTexts()
    return (loss, validator.rowCount)
  }

  /// - Throws: `TextProblem` if tokens of files that were read are not those that were written.
  package func checkTexts() throws(TextProblem) {
    if let damage = opened.corpus?.shards.damage { throw damage }
  }
}

extension Experiment {
  /// The positions that a new model is to read; nil if a folder has its weights.
  fileprivate var newContextLength: Int? {
    switch model {
    case .preset(let preset, _): preset.contextLength
    case .blank(let blank, _): blank.configuration.contextLength
    case .folder: nil
    }
  }
}

/// Why what a session learns from is not what is needed.
package enum LearnedTextProblem: WordedProblem {
  case unfit(ExperimentProblem)
  case noCorpus(command: String)
  case noTask(command: String)
  case nothingKept
  case readingStopped
  case notCausal(command: String, objective: String)

  /// What else a model can be measured on.
  private static let otherTexts = Bilingual(
    it: "; vanno bene anche un compito, :corpus eco, e un testo vero, :corpus FILE",
    en: "; a task, :corpus eco, and a real text, :corpus FILE, will do too"
  )

  package var wording: Wording {
    switch self {
    case .unfit(let problem): problem.message.hint(Self.fitting(problem))
    case .noCorpus(let command):
      Bilingual(
        it: ":\(command) ha bisogno di una lingua di cui si conosce tutto",
        en: ":\(command) needs a language of which everything is known"
      ).hint(
        it: ":corpus gatto-1 la sceglie" + (command == "eval" ? Self.otherTexts.it : ""),
        en: ":corpus gatto-1 chooses it" + (command == "eval" ? Self.otherTexts.en : "")
      )
    case .noTask(let command):
      Bilingual(
        it: ":\(command) ha bisogno di un compito, di cui si sa ogni risposta",
        en: ":\(command) needs a task, of which every answer is known"
      ).hint(it: ":corpus segmenti ne sceglie uno", en: ":corpus segmenti chooses one")
    case .nothingKept:
      Bilingual(
        it: "del testo non è stato tenuto da parte nulla su cui misurare",
        en: "nothing of the text was kept apart to measure on"
      ).hint(
        it: "prendi un testo più lungo: :corpus FILE",
        en: "it takes a longer text: :corpus FILE"
      )
    case .readingStopped:
      Bilingual(
        it: "la lettura del testo è stata fermata, tutto è come prima",
        en: "the reading of the text was stopped, all is as before"
      ).hint(
        it: "la stessa riga ricomincia; la sessione è quella di prima",
        en: "the same line begins again; the session is the one before"
      )
    case .notCausal(let command, let objective):
      Bilingual(
        it:
          ":\(command) misura la previsione del token che segue, l'obiettivo adesso è \(objective)",
        en: ":\(command) measures the prediction of the next token, the objective is \(objective)"
      ).hint(Bilingual(same: ":objective causal"))
    }
  }

  /// Which text would do.
  private static func fitting(_ problem: ExperimentProblem) -> Bilingual {
    switch problem {
    case .textTooLong:
      Bilingual(
        it: "accorcia il testo; da testi lunghi si impara con :corpus FILE",
        en: "shorten the text; long texts are learned from with :corpus FILE"
      )
    case .tooManyTokens, .tokenOutside:
      Bilingual(
        it: "scrivi un testo senza quei token, con :text",
        en: "write a text without those tokens, with :text"
      )
    }
  }
}
