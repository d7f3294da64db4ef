// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoSessionViews
import PassoShell
import PassoText
import PassoView

/// What a person sees of a training: where it is, how fast, how long still, what it can say by now.
final class TrainingProgress {
  private let console: Console
  private let steps: Int
  private let sampler: TrainingSampleOptions
  private let clock = ContinuousClock()
  private var lastLine: ContinuousClock.Instant?
  private var losses: [Double] = []
  private var validation: [(step: Int, loss: Double)] = []
  private var scores: [(update: Int, scores: [TaskScore])] = []
  private var firstStep = 0
  private var secondsPerStep: Double?
  private var isWidened = false
  private let experiment: Experiment
  private let opened: OpenedData

  /// What samples go on with; nil if there is nothing, or nobody asked.
  private var prompt: [TokenID]?

  /// Prepares to show a training.
  ///
  /// - Throws: `DataProblem` if the text that samples continue has no tokens: known before the
  ///   first
  ///   step, it costs none.
  init(
    _ console: Console,
    steps: Int,
    of setup: TrainingSetup,
    sampler: TrainingSampleOptions
  ) throws {
    self.console = console
    self.steps = steps
    (experiment, opened) = (setup.assembly.experiment, setup.opened)
    self.sampler = sampler
    guard let tokenizer = opened.textTokenizer, experiment.objective.predictsNext,
      sampler.sampleEvery != 0
    else { return }
    // Rows of a task are shown with what is right when it is done; a beginning of nothing is none.
    if experiment.task != nil, sampler.samplePrompt.isEmpty { return }
    let words = sampler.samplePrompt.isEmpty ? [] : try tokenizer.encode(sampler.samplePrompt)
    prompt = tokenizer.opening + words
  }

  /// One line about what is going to happen.
  func begin(_ trainer: Trainer) {
    firstStep = trainer.steps
    let count = NumberText.count(trainer.configuration.parameterCount)
    let batch = trainer.plan.batch
    let rounds = trainer.plan.optimizer.rounds
    let rows =
      rounds > 1 ? "\(rounds) × \(batch.rows) × \(batch.length)" : "\(batch.rows) × \(batch.length)"
    let kernels = trainer.kernels.map {
      Bilingual(it: ", kernel \($0)", en: ", \($0) kernels")
    }
    let how = Bilingual(
      it: "\(count) parametri, batch \(rows), \(trainer.settings.optimizer.name)"
        + " lr \(NumberText.code(trainer.settings.rate)), \(trainer.settings.precision)",
      en: "\(count) parameters, batch \(rows), \(trainer.settings.optimizer.name)"
        + " lr \(NumberText.code(trainer.settings.rate)), \(trainer.settings.precision)"
    )
    console.say(kernels.map { how + $0 } ?? how)
    if let reason = whyNoSamples(trainer) { console.say(reason) }
    guard firstStep > 0 else { return }
    console.say(it: "riprende dal passo \(firstStep)", en: "goes on from step \(firstStep)")
  }

  /// Why no text is written between the steps, where somebody could expect one.
  private func whyNoSamples(_ trainer: Trainer) -> Bilingual? {
    guard let prompt else { return nil }
    if prompt.isEmpty {
      return Bilingual(
        it: "niente campioni: il tokenizer non ha un token d'inizio; --sample-prompt \"testo\" dice"
          + " da dove cominciare",
        en: "no samples: the tokenizer has no start token; --sample-prompt \"text\" says where to"
          + " begin"
      )
    }
    let limit = trainer.configuration.contextLength
    guard prompt.count > limit else { return nil }
    return Bilingual(
      it: "niente campioni: --sample-prompt ha \(prompt.count) token, il modello ne legge \(limit)",
      en: "no samples: --sample-prompt has \(prompt.count) tokens, the model reads \(limit)"
    )
  }

  func show(_ event: TrainingLoop.Event, _ trainer: Trainer) throws {
    if case .unlogged(let problem) = event { sayUnlogged(problem) }
    if case .widened = event { sayWidened() }
    if case .measured(let step, let found) = event { scores.append((step, found)) }
    guard case .step(let report, let rate, let loss) = event else { return }
    losses.append(report.loss)
    if let loss { validation.append((report.step, loss)) }
    let seconds = Double(trainer.tokensPerStep) / rate
    secondsPerStep = secondsPerStep.map { 0.9 * $0 + 0.1 * seconds } ?? seconds
    if isDue(report.step) || loss != nil { line(report, rate, loss) }
    if isSampleDue(report.step) { try sample(trainer, at: report.step) }
  }

  /// Once: it stays so.
  private func sayWidened() {
    guard !isWidened else { return }
    isWidened = true
    keepLine()
    StandardError.say([ModelFolder.overflowNote], console.language)
  }

  private func sayUnlogged(_ problem: FileProblem) {
    keepLine()
    let note = Bilingual(
      it: "il registro per ora non riceve più righe, l'addestramento è salvato e va avanti",
      en: "the log takes no more lines for now, the training is saved and goes on"
    )
    StandardError.write(problem.text(console.language) + "\n" + note[console.language] + "\n")
  }

  /// The curve, where everything is, and the fingerprint of the state.
  ///
  /// - Throws: `ExecutionProblem.refused` if there is no room for the fingerprint.
  func finish(_ loop: TrainingLoop, _ end: TrainingLoop.End, _ folder: String) throws {
    let trainer = loop.trainer
    if lastLine != nil { keepLine() }
    if loop.unloggedSteps > 0 {
      let count = loop.unloggedSteps
      let note = Bilingual(
        it: "righe che mancano alla fine del registro: \(count)",
        en: "lines missing at the end of the log: \(count)"
      )
      StandardError.say([note], console.language)
    }
    if losses.count > 1 { console.show(.curve(curve(trainer))) }
    if let task = experiment.task, scores.count > 1 {
      console.show(TaskView(task).curves(scores, Bilingual(it: "passo", en: "step")))
    }
    let hash = try trainer.stateHash
    let state = "0x" + String(hash, radix: 16)
    let (done, place) = (trainer.steps, Bilingual.quoted(folder))
    switch end {
    case .done:
      console.say(
        it: "passo \(done): salvato in \(place.it), stato \(state)",
        en: "step \(done): saved in \(place.en), state \(state)"
      )
    case .interrupted:
      console.say(
        it: "fermato dopo il passo \(done), tutto salvato in \(place.it), stato \(state);"
          + " --resume continua",
        en: "stopped after step \(done), all saved in \(place.en), state \(state); --resume goes"
          + " on"
      )
    }
  }
}

// MARK: - The running line

extension TrainingProgress {
  /// Ten lines a second where they are written over, else some twenty in all.
  private func isDue(_ step: Int) -> Bool {
    if step == steps { return true }
    guard console.rewritesLines else {
      return step == firstStep + 1 || step.isMultiple(of: max(1, steps / 20))
    }
    guard let lastLine else { return true }
    return clock.now - lastLine > .milliseconds(100)
  }

  private func line(_ report: StepReport, _ rate: Double, _ validationLoss: Double?) {
    lastLine = clock.now
    let left = Double(steps - report.step) * (secondsPerStep ?? 0)
    var parts = [
      Bilingual(it: "passo", en: "step")[console.language] + " \(report.step)/\(steps)",
      "loss \(Self.loss(report.loss)[console.language])",
    ]
    if let validationLoss { parts.append("val \(Self.loss(validationLoss)[console.language])") }
    if let task = experiment.task, let last = scores.last {
      parts.append(TaskView(task).shares(last.scores)[console.language])
    }
    parts.append("lr \(NumberText.general(report.rate, digits: 3)[console.language])")
    parts.append("\(NumberText.count(Int(rate))) token/s")
    let remaining = Bilingual(it: "restano", en: "left")[console.language]
    parts.append("\(remaining) \(Self.time(left))")
    console.showProgress(parts.joined(separator: "  "))
    if validationLoss != nil { keepLine() }
  }

  /// Lets the line stand as it is; what follows begins a new one.
  private func keepLine() {
    if console.rewritesLines { console.stream("\n") }
  }

  /// Four decimals, or few digits of a loss that has run away.
  private static func loss(_ value: Double) -> Bilingual {
    value < 10_000 ? NumberText.fixed(value, 4) : NumberText.general(value, digits: 5)
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(.up), 1e9))
    let (minutes, rest) = whole.quotientAndRemainder(dividingBy: 60)
    let text = rest < 10 ? "0\(rest)" : "\(rest)"
    guard minutes >= 60 else { return "\(minutes):\(text)" }
    return "\(minutes / 60):" + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60):\(text)"
  }
}

// MARK: - Samples and the curve

extension TrainingProgress {
  private func isSampleDue(_ step: Int) -> Bool {
    guard prompt?.isEmpty == false else { return false }
    let every = sampler.sampleEvery ?? max(1, (steps + 3) / 4)
    return every > 0 && (step.isMultiple(of: every) || step == steps)
  }

  private func sample(_ trainer: Trainer, at step: Int) throws {
    guard let tokenizer = opened.textTokenizer, let prompt,
      prompt.count <= trainer.configuration.contextLength
    else { return }
    let generator = try Generator(trainer.model)
    var stream = TextStream(tokenizer)
    var text = prompt.map { stream.append($0) }.joined()
    var choice = Sampler(SamplingSettings(temperature: 0.8), seed: UInt64(step))
    _ = try generator.generate(
      after: prompt,
      count: 24,
      sampler: &choice,
      ends: (tokenizer.id(of: .end).map { [$0] } ?? tokenizer.opening).map(Int.init),
      show: { text += stream.append($0) }
    )
    keepLine()
    console.say(it: "al passo \(step) scrive: \(text)", en: "at step \(step) it writes: \(text)")
  }

  private func curve(_ trainer: Trainer) -> CurveFigure {
    let size = trainer.configuration.vocabularySize
    var references = [
      CurveFigure.Reference(
        Bilingual(it: "a caso (ln V)", en: "uniform (ln V)"),
        Double.logarithm(Double(size))
      )
    ]
    references += levels
    if let last = validation.last {
      references.append(
        CurveFigure.Reference(Bilingual(it: "validazione", en: "validation"), last.loss)
      )
    }
    return CurveFigure(
      title: Bilingual(it: "loss per passo", en: "loss by step"),
      horizontal: Bilingual(it: "passo", en: "step"),
      start: firstStep + 1,
      values: losses,
      references: references
    )
  }
}

// MARK: - What is learned from

extension TrainingProgress {
  /// Says what texts there are.
  func introduce() {
    guard let corpus = opened.corpus else { return }
    StandardError.say(corpus.shards.notes + corpus.advice.map { $0.note() }, console.language)
    console.say(CorpusView(corpus).size)
    if let marks = corpus.marks.message(corpus.tokenizer) { console.say(marks) }
    if let overlap = corpus.shards.manifest.overlap { console.say(overlap.message) }
  }

  /// Levels that the loss can be held against.
  private var levels: [CurveFigure.Reference] {
    guard experiment.objective.asksForEveryToken else {
      return CurveFigure.Reference.floor(of: experiment).map { [$0] } ?? []
    }
    if let corpus = opened.corpus { return [.unigram(of: corpus)] }
    if let task = experiment.task { return [TaskView(task).floor] }
    return experiment.language.map { CurveFigure.Reference.levels(of: $0, list: nil) } ?? []
  }

  /// The exact questions of a language, to a model that predicts the next word.
  func conclude(_ trainer: Trainer) throws {
    if let task = experiment.task {
      let meter = try TaskMeter(trainer.model, task)
      let found = (try meter.scores(), try meter.samples(3, of: .test))
      return console.show(TaskView(task).evaluation(found.0, found.1))
    }
    guard let language = experiment.language, experiment.objective.predictsNext else { return }
    let examiner = try LanguageExaminer(trainer.model, language)
    let found = try examiner.examine(unless: { Interrupt.isPending })
    if let found { console.show(OracleView(language).evaluation(found)) }
  }
}
