// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoText

/// Everything that a run of Passo can change, in one value: it can be copied, compared, restored.
package struct Session: Sendable {
  /// Where the parameters of a session come from.
  package enum ModelSource: Sendable, Hashable {
    case preset(Preset, seed: UInt64)
    case folder(String)
  }

  package internal(set) var texts: [String]
  package internal(set) var tokenizer: any Tokenizer
  package internal(set) var batch: Batch
  package internal(set) var source: ModelSource
  package internal(set) var configuration: ModelConfiguration
  package internal(set) var mask = MaskKind.causal
  package internal(set) var optimizer = Optimizer.sgd
  package internal(set) var rate = 0.1
  package internal(set) var precision = Precision.f32

  /// Whether the tokens are those of a folder: other texts have to use them too.
  package internal(set) var hasFolderTokenizer = false

  /// What is good to know of the folder's configuration.
  package internal(set) var notes: [Bilingual] = []

  /// The run, where every value lives.
  package var timeline: Timeline

  /// Heads that are switched off.
  package internal(set) var silenced: Set<HeadAddress> = []

  /// How much one `:next` moves over.
  package var zoom = Zoom.layer

  /// How much one `:back` moves over: as much as the move before.
  package var stride = Zoom.op

  /// What `let` has named.
  package var bindings: [String: Tensor] = [:] { didSet { revision += 1 } }

  /// What `:why` explains, from the first question down to the last.
  package var whyPath: [WhyPlace] = []

  /// What the next `:why N` can go into.
  package var whyTerms: [WhyPlace] = []

  /// Moments that have a name.
  package var marks: [String: Moment] = [:]

  /// Twins of the run that were kept under a name.
  package var forks: [String: Session] = [:]

  /// What a move stops at.
  package var stops = Stops()

  /// Grows with every change that `:undo` can take back.
  package internal(set) var revision = 0

  /// The sentence of the article, and the smallest model.
  ///
  /// - Throws: Nothing in practice: the sentence fits the model.
  package init() throws {
    let text = "Il gatto dorme sul divano"
    let preset = Preset.all[0]
    tokenizer = try WordTokenizer(texts: [text])
    texts = [text]
    batch = try Self.batch([text], tokenizer)
    source = .preset(preset, seed: Self.firstSeed)
    configuration = preset.configuration(vocabularySize: tokenizer.vocabularySize)
    let parameters = configuration.initialParameters(
      seed: Self.firstSeed,
      deviation: preset.deviation
    )
    timeline = try Self.timeline(
      configuration,
      batch,
      mask: .causal,
      optimizer: .sgd,
      rate: 0.1,
      precision: .f32,
      parameters: parameters
    )
  }

  // With this one the untrained loss of the sentence is ln 6 to three digits.
  private static let firstSeed: UInt64 = 7

  private static func batch(_ texts: [String], _ tokenizer: any Tokenizer) throws -> Batch {
    try CausalObjective(start: tokenizer.start).batch(
      from: texts.map { try tokenizer.sequence(of: $0) }
    )
  }

  private static func timeline(
    _ configuration: ModelConfiguration,
    _ batch: Batch,
    mask: MaskKind,
    optimizer: Optimizer,
    rate: Double,
    precision: Precision,
    parameters: Parameters
  ) throws -> Timeline {
    let shape = BatchShape(rows: batch.rowCount / optimizer.rounds, length: batch.length)
    let plan = try TrainingProgram(
      configuration,
      batch: shape,
      mask: mask,
      optimizer: optimizer
    )
    let run = try TrainingRun(
      plan,
      precision: precision,
      parameters: parameters,
      batches: FixedBatch(
        inputs: batch.inputs.flatMap { $0 },
        targets: batch.targets.flatMap { $0 },
        rounds: optimizer.rounds
      ),
      rate: rate
    )
    return Timeline(run)
  }
}

// MARK: - Changing what is computed

extension Session {
  /// Learns from other texts; the model begins anew, unless a folder's fits.
  package mutating func setTexts(_ texts: [String]) throws {
    var next = self
    if !hasFolderTokenizer { next.tokenizer = try WordTokenizer(texts: texts) }
    next.batch = try Self.batch(texts, next.tokenizer)
    next.texts = texts
    switch source {
    case .preset(let preset, let seed):
      try next.begin(preset, seed: seed)
    case .folder:
      try next.rebuild(parameters: currentParameters)
    }
    self = next
  }

  /// Takes a preset by name, or a model folder by path.
  package mutating func setModel(_ name: String, seed: UInt64?) throws {
    guard let preset = Preset.named(name) else {
      guard name.contains("/") || ModelFolder.exists(at: name) else {
        throw SessionProblem.unknownModel(
          name,
          closest: Suggestion.closest(to: name, among: Preset.all.map(\.name))
        )
      }
      return try load(name, texts: nil)
    }
    var next = self
    if hasFolderTokenizer {
      next.hasFolderTokenizer = false
      next.tokenizer = try WordTokenizer(texts: texts)
      next.batch = try Self.batch(texts, next.tokenizer)
    }
    try next.begin(preset, seed: seed ?? Self.firstSeed)
    self = next
  }

  /// Opens a model folder; its tokens count, if it has a tokenizer that Passo reads.
  package mutating func load(_ path: String, texts: [String]?) throws {
    let folder = try ModelFolder(path: path)
    var next = self
    next.source = .folder(path)
    next.silenced = []
    next.configuration = folder.configuration
    next.notes = folder.description.notes.map(\.text)
    next.texts = texts ?? self.texts
    let tokenizer = try folder.tokenizerIfReadable(isNeeded: false)
    next.hasFolderTokenizer = tokenizer != nil
    next.tokenizer = try tokenizer ?? WordTokenizer(texts: next.texts)
    do {
      next.batch = try Self.batch(next.texts, next.tokenizer)
    } catch DataProblem.unknownWord(let word, _, _, _, _) where texts == nil {
      throw SessionProblem.textUnknownToModel(word: word, path: path)
    }
    try next.rebuild(parameters: folder.parameters())
    self = next
  }

  package mutating func setPrecision(_ precision: Precision) throws {
    var next = self
    next.precision = precision
    try next.rebuild(parameters: currentParameters)
    self = next
  }

  /// Chooses the optimizer; without a rate it keeps the one in force.
  package mutating func setOptimizer(_ optimizer: Optimizer, rate: Double?) throws {
    var next = self
    next.optimizer = optimizer
    next.rate = rate ?? self.rate
    try next.rebuild(parameters: currentParameters)
    self = next
  }

  /// The parameters as they are now: after an update the new ones.
  package var currentParameters: Parameters {
    let execution = timeline.execution
    var parameters: Parameters = [:]
    for spec in configuration.parameterSpecs {
      let names = ["next.\(spec.name)", spec.name]
      let id = names.lazy.compactMap { execution.program.id(of: $0) }.first {
        execution.isComputed($0)
      }
      parameters[spec.name] = id.flatMap { execution.tensor($0) }
    }
    return parameters
  }

  private mutating func begin(_ preset: Preset, seed: UInt64) throws {
    source = .preset(preset, seed: seed)
    silenced = []
    notes = []
    configuration = preset.configuration(vocabularySize: tokenizer.vocabularySize)
    try rebuild(
      parameters: configuration.initialParameters(seed: seed, deviation: preset.deviation)
    )
  }

  private mutating func rebuild(parameters: Parameters) throws {
    try checkFit()
    timeline = try Self.timeline(
      configuration,
      batch,
      mask: mask,
      optimizer: optimizer,
      rate: rate,
      precision: precision,
      parameters: parameters
    )
    if !silenced.isEmpty { try replan() }
    bindings = [:]
    marks = [:]
  }

  private func checkFit() throws {
    let rounds = optimizer.rounds
    if !batch.rowCount.isMultiple(of: rounds) {
      throw SessionProblem.unevenRounds(rounds, rows: batch.rowCount)
    }
    let longest = batch.length
    if longest > configuration.contextLength {
      throw SessionProblem.textTooLong(tokens: longest, context: configuration.contextLength)
    }
    let words = tokenizer.vocabularySize
    if words > configuration.vocabularySize {
      throw SessionProblem.tooManyWords(words, vocabulary: configuration.vocabularySize)
    }
  }
}

// MARK: - Finding values

extension Session {
  /// The full name of a value: the name itself, or the only one that ends in it.
  ///
  /// `pattern` is `blocks.0.attn.pattern` while there is one block; gradients have to say `grad.`.
  package func fullName(_ typed: String) throws -> String {
    let program = timeline.plan.program
    if program.id(of: typed) != nil { return typed }
    let ending = ".\(typed)"
    let matches = program.allNames.filter {
      $0.hasSuffix(ending) && Self.family($0) == Self.family(typed)
    }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 {
      throw SessionProblem.ambiguousName(typed, candidates: matches)
    }
    throw ExecutionProblem.unknownName(
      typed,
      closest: Suggestion.closest(to: typed, among: program.allNames)
    )
  }

  // Gradients, new values and optimizer memory end in the same names as what they belong to.
  private static func family(_ name: String) -> String {
    let families = ["grad", "next", "m", "v", "m_hat", "v_hat", "clipped", "grad_sum"]
    let parts = name.split(separator: ".")
    guard parts.count > 1, let first = parts.first.map(String.init) else { return "" }
    return families.contains(first) ? first : ""
  }

  /// The twin that a name begins with, and the rest of the name.
  func twin(of typed: String) -> (fork: Session, name: String)? {
    guard let dot = typed.firstIndex(of: "."), let fork = forks[String(typed[..<dot])] else {
      return nil
    }
    return (fork, String(typed[typed.index(after: dot)...]))
  }

  /// A value as it is now; `FORK.NAME` is a value of a twin.
  ///
  /// - Throws: `SessionProblem.notComputed` if the cursor has not reached it.
  package func tensor(_ typed: String) throws -> Tensor {
    if let bound = bindings[typed] { return bound }
    if let (fork, name) = twin(of: typed) { return try fork.tensor(name) }
    let name = try fullName(typed)
    let id = try timeline.execution.id(of: name)
    guard let tensor = timeline.execution.tensor(id) else {
      throw SessionProblem.notComputed(name)
    }
    return tensor
  }

  /// The next moment at which a value has just been computed.
  package func position(until typed: String) throws -> Moment {
    let name = try fullName(typed)
    let position = try timeline.execution.position(after: name)
    guard position > 0 else { throw SessionProblem.given(name) }
    // A value that is there already: nothing is left to do.
    return timeline.nextMoment(atCursor: position) ?? timeline.moment
  }

  /// The moment that a person names: a step number, a value, `start` or `end`.
  package func moment(for typed: String) throws -> Moment {
    let count = timeline.stepCount
    switch typed {
    case "start": return Moment(update: timeline.update, step: 0)
    case "end": return Moment(update: timeline.update, step: count)
    default: break
    }
    if let mark = marks[typed] { return mark }
    if let number = Int(typed) {
      guard (0...count).contains(number) else {
        throw SessionProblem.noSuchStep(number, last: count)
      }
      return Moment(update: timeline.update, step: number)
    }
    return timeline.moment(atCursor: try timeline.execution.position(after: fullName(typed)))
  }
}
