// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoText

extension TrainCommand {
  /// Where parameters begin; a language has a model of its own size.
  ///
  /// - Throws: `FileProblem` for a `config.json` without weights that is wrong.
  func start() throws(FileProblem) -> Experiment.Model {
    if let model {
      return try BlankModel(folder: model).map { Experiment.Model.blank($0, seed: data.seed) }
        ?? .folder(model)
    }
    return newStart
  }

  /// The model that begins without a folder.
  var newStart: Experiment.Model {
    let usual = corpus.map { RowTasks.isTask($0) ? Preset.tasks : .sentences } ?? .new
    return .preset(sizes.changed(preset.flatMap(Preset.named) ?? usual), seed: data.seed)
  }

  /// What there is to learn from.
  ///
  /// - Throws: `FileProblem`, `GrammarProblem`, `TextInputProblem`, or `ExitCode` if it was
  ///   interrupted.
  func source(_ front: FrontEnd) throws -> Experiment.Data {
    if let tokens { return .rows(path: tokens) }
    if let task = try corpus.flatMap({ try TaskCorpus(line: $0) }) { return .task(task) }
    if let corpus { return .sentences(try ToyLanguage.chosen(by: corpus), listed: nil) }
    var files = Experiment.TextFiles(try texts.form.source(text, texts.documents, front))
    (files.keptPart, files.keepsWholeTexts) = (texts.validation, texts.split == .document)
    return .files(files)
  }

  /// What was asked, and what suits it where nothing was said.
  ///
  /// - Throws: `FileProblem`, as `start`.
  func experiment(
    of model: OpenedModel,
    _ source: Experiment.Data
  ) throws(FileProblem) -> Experiment {
    var experiment = Experiment(model: try start(), data: source, updates: lastStep)
    if model.hasFolder {
      let warmup = FineTuning.warmup(updates: lastStep)
      experiment.fineTune(model.configuration(), warmup: warmup)
    }
    experiment.tokens = Experiment.TokenChoice(texts.kind, size: texts.vocabSize)
    experiment.tokens.file = texts.file
    data.apply(to: &experiment)
    learning.apply(to: &experiment, steps: lastStep)
    experiment.precision = learning.precision ?? .standard(for: model.configuration())
    return experiment
  }
}

extension DataOptions {
  fileprivate func apply(to experiment: inout Experiment) {
    experiment.ask(objective)
    experiment.mask = mask.flatMap { MaskKind($0.rawValue) } ?? experiment.mask
    experiment.ablatedHeads = Set(ablate)
    (experiment.seed, experiment.hidingSeed) = (seed, seed)
    experiment.rows = batch ?? experiment.rows
    experiment.context = context
  }
}

extension LearningOptions {
  fileprivate func apply(to experiment: inout Experiment, steps: Int) {
    let usual = experiment.optimizer.schedule
    var chosen = Optimizer.named(optimizer) ?? experiment.optimizer
    chosen.clip = Experiment.Defaults.clip
    // A task says with what it is learned.
    if experiment.task != nil, chosen.name == experiment.optimizer.name {
      chosen = experiment.optimizer
    }
    for (name, number) in [
      ("beta1", beta1), ("beta2", beta2), ("eps", eps), ("weight-decay", weightDecay),
    ] {
      chosen.rule = number.map { chosen.rule.with(name, $0) } ?? chosen.rule
    }
    experiment.rate = lr ?? experiment.rate
    if let clip { chosen.clip = clip > 0 ? clip : nil }
    chosen.rounds = accumulate
    chosen.gradients = gradients
    chosen.schedule = RateSchedule(
      decay: schedule ?? usual.decay,
      warmup: warmup ?? usual.warmup,
      updates: decaySteps ?? steps,
      floor: min(1, minLr / experiment.rate)
    )
    experiment.optimizer = chosen
    experiment.rows *= accumulate
  }
}

extension TextOptions {
  /// The tokenizer that is a file; nil if a new one is to learn.
  var file: String? { kind == nil ? tokenizer : nil }
}
