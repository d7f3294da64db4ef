// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoRuntime
import PassoText

/// Equal to itself only, however often the session of the run is copied.
final class RunIdentity: Sendable {}

/// Everything that a run of Passo can change, in one value: it can be copied, compared, restored.
///
/// An experiment, its run, and how they are looked at.
package struct Session: Sendable {
  /// The experiment with which the run began; what was changed on the way is part of the run.
  private var begun: Experiment

  /// The experiment's data, opened.
  package internal(set) var opened: OpenedData

  /// What the folder of the model says of it, and the files that go with it; nil for a preset.
  package internal(set) var folder: ModelDescription?

  /// Whether the preset was chosen because it suits the data: other data choose another.
  package internal(set) var presetSuitsData = false

  var optimizerChoice = OptimizerChoice.usual

  /// Why there is another text than before, while there is.
  package internal(set) var textNote: Bilingual?

  /// The run, where every value lives.
  package var timeline: Timeline

  /// What `let` has named.
  package var bindings: [String: Tensor] = [:]

  /// By what a person looks at all this.
  package var view = ViewState()

  /// Tells this run from every other: what is remembered of a run is of no use in another.
  private(set) var identity = RunIdentity()

  /// Runs that were kept under a name.
  package var forks: [String: Session] = [:]

  /// Whether it is a lane of a race, and nothing else: the next race may take its place.
  var isLane = false

  /// The sentence of the article, and the smallest model.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no memory even for that.
  package init() throws {
    let model = try OpenedModel(Experiment.first.model, needsTokenizer: false)
    opened = try Self.open(.first, given: nil, contextLength: model.configuration().contextLength)
    let assembly = try Assembly(.first, model, opened)
    begun = assembly.experiment
    timeline = try assembly.timeline(model.parameters(assembly.configuration))
  }
}

// MARK: - What is run

extension Session {
  /// What is run, at the moment at which the run stands.
  package var experiment: Experiment {
    var experiment = begun
    (experiment.mask, experiment.ablatedHeads) = (timeline.plan.mask, timeline.plan.ablatedHeads)
    experiment.rate = rate
    return experiment
  }

  private var rate: Double {
    guard let now = timeline.rate else { return begun.rate }
    guard begun.precision == .f32 else { return now }
    // As it was typed: the number that single precision makes of it would look like another one.
    let single = Float(now)
    return single == Float(begun.rate) ? begun.rate : Double(single.description) ?? now
  }

  /// The sizes of the model.
  package var configuration: ModelConfiguration { timeline.plan.configuration }

  package var tokenizer: any Tokenizer { opened.tokenizer }

  /// The parameters as they are now: after an update the new ones.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for a copy of them.
  package var currentParameters: Parameters {
    get throws(ExecutionProblem) {
      let execution = timeline.execution
      try MemoryRoom.check(configuration.parameterCount * execution.precision.byteCount)
      var parameters: Parameters = [:]
      for spec in configuration.parameterSpecs {
        if let next = try execution.tensor(spec.name.next) {
          parameters[spec.name] = next
        } else {
          parameters[spec.name] = try execution.tensor(spec.name)
        }
      }
      return parameters
    }
  }
}

// MARK: - Changing what is computed

extension Session {
  /// Learns from other texts; the model begins anew, unless a folder's fits.
  package mutating func setTexts(_ texts: [String]) throws {
    var (next, experiment) = (self, experiment)
    experiment.data = .typed(texts)
    next.textNote = nil
    if presetSuitsData {
      experiment.model = Experiment.first.model
      next.presetSuitsData = false
    }
    try next.beginWithData(experiment)
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
    _ objective: ObjectiveChoice,
    seed: UInt64?,
    _ reading: TextReading
  ) throws {
    var (next, experiment) = (self, experiment)
    experiment.ask(objective)
    experiment.hidingSeed = seed ?? experiment.hidingSeed
    try next.beginWithData(experiment, reading)
    self = next
  }

  /// Makes tokens of another kind; the model begins anew.
  package mutating func setTokenizer(
    _ kind: TokenizerKind,
    size: Int?,
    _ reading: TextReading
  ) throws {
    var (next, experiment) = (self, experiment)
    if experiment.hasFolder { throw ModelChoiceProblem.tokenizerOfFolder }
    if let name = experiment.language?.name ?? experiment.task?.name {
      throw ModelChoiceProblem.tokenizerOfLanguage(name)
    }
    experiment.tokens = Experiment.TokenChoice(kind, size: size)
    try next.beginWithData(experiment, reading)
    self = next
  }

  /// Takes the model of a folder.
  package mutating func setModel(path: String, _ reading: TextReading) throws {
    guard path.contains("/") || ModelFolder.exists(at: path) else {
      throw ModelChoiceProblem.unknownModel(
        path,
        closest: Suggestion.closest(to: path, among: Preset.all.map(\.name))
      )
    }
    if let blank = try BlankModel(folder: path) {
      return try begin(.blank(blank, seed: Experiment.Defaults.modelSeed))
    }
    try load(path, texts: nil, reading)
  }

  /// Takes a new model.
  ///
  /// - Parameters:
  ///   - preset: Its sizes and parts.
  ///   - seed: Decides its weights; nil for that of lessons.
  ///   - reading: Where texts in files become tokens.
  /// - Throws: What is wrong with the data that are there for such a model.
  package mutating func setModel(
    _ preset: Preset,
    seed: UInt64?,
    _ reading: TextReading
  ) throws {
    try begin(.preset(preset, seed: seed ?? Experiment.Defaults.modelSeed))
  }

  /// Begins with new weights, on the data that there are.
  private mutating func begin(_ model: Experiment.Model) throws {
    var (next, experiment) = (self, experiment)
    experiment.model = model
    next.presetSuitsData = false
    if begun.hasFolder, opened.corpus == nil {
      next.opened = try Self.open(
        experiment,
        given: nil,
        contextLength: configuration.contextLength
      )
    }
    try next.begin(experiment)
    self = next
  }

  package mutating func setPrecision(_ precision: Precision) throws {
    var (next, experiment) = (self, experiment)
    experiment.precision = precision
    try next.rebuild(experiment)
    self = next
  }

  /// Begins anew where the vocabulary is that of the data; a folder's model goes on.
  private mutating func beginWithData(
    _ experiment: Experiment,
    _ reading: TextReading = TextReading(cache: nil)
  ) throws {
    // The files could be read when they were chosen; other tokens of them are nothing new.
    opened = try FileScope.own {
      try Self.open(
        experiment,
        given: experiment.hasFolder ? tokenizer : nil,
        ends: folder?.special.ends ?? [],
        contextLength: configuration.contextLength,
        reading
      )
    }
    try experiment.hasFolder ? rebuild(experiment) : begin(experiment)
  }

  /// What an experiment learns from.
  ///
  /// - Throws: `LearnedTextProblem.readingStopped`, or what `OpenedData.open` throws.
  package static func open(
    _ experiment: Experiment,
    given: (any Tokenizer)?,
    ends: [Int] = [],
    contextLength: Int,
    _ reading: TextReading = TextReading(cache: nil)
  ) throws -> OpenedData {
    let opened = try OpenedData.open(
      experiment,
      given: given,
      ends: ends,
      contextLength: contextLength,
      reading
    )
    guard let opened else { throw LearnedTextProblem.readingStopped }
    return opened
  }

  /// Begins anew with the new model of an experiment.
  mutating func begin(_ experiment: Experiment) throws {
    var experiment = experiment
    experiment.ablatedHeads = []
    suitOptimizer(&experiment, configuration)
    (textNote, folder) = (nil, nil)
    let model = try OpenedModel(experiment.model, needsTokenizer: false)
    let assembly = try assembling { try Assembly(experiment, model, opened) }
    try run(assembly, model.parameters(assembly.configuration))
  }

  /// Computes the same model by another experiment.
  ///
  /// - Parameters:
  ///   - experiment: What is run from now on.
  ///   - configuration: The sizes of the model; without them it is the one that there is.
  ///   - parameters: Its parameters; without them those of now.
  /// - Throws: `LearnedTextProblem.unfit`, or what is wrong with the data.
  mutating func rebuild(
    _ experiment: Experiment,
    _ configuration: ModelConfiguration? = nil,
    _ parameters: (any ParameterSource)? = nil
  ) throws {
    try Interruption.check()
    let sizes = configuration ?? self.configuration
    let parameters =
      parameters
      ?? ExecutionParameters(timeline.execution, of: self.configuration, isUpdated: true)
    try run(assembling { try Assembly(experiment, opened, sizes) }, parameters)
  }

  private func assembling(_ assembly: () throws -> Assembly) throws -> Assembly {
    do { return try assembly() } catch let problem as ExperimentProblem {
      throw LearnedTextProblem.unfit(problem)
    }
  }

  private mutating func run(_ assembly: Assembly, _ parameters: any ParameterSource) throws {
    timeline = try assembly.timeline(parameters)
    begun = assembly.experiment
    bindings = [:]
    identity = RunIdentity()
    isLane = false
    view = view.ofAnotherRun()
  }
}
