// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoText

extension TrainCommand {
  /// Where parameters begin; a language has a model of its own size.
  var start: Experiment.Model {
    if let model { return .folder(model) }
    let usual = corpus == nil ? Preset.new : .sentences
    return .preset(sizes.changed(preset.flatMap(Preset.named) ?? usual), seed: data.seed)
  }

  /// What there is to learn from.
  ///
  /// - Throws: `FileProblem`, `GrammarProblem`, `TextInputProblem`, or `ExitCode` if it was
  ///   interrupted.
  func source(_ front: FrontEnd) throws -> Experiment.Data {
    if let tokens { return .rows(path: tokens) }
    if let corpus { return .sentences(try ToyLanguage.chosen(by: corpus), listed: nil) }
    var files = Experiment.TextFiles(try texts.form.source(text, texts.documents, front))
    (files.keptPart, files.keepsWholeTexts) = (texts.validation, texts.split == .document)
    return .files(files)
  }

  /// What was asked, and what suits it where nothing was said.
  func experiment(of model: OpenedModel, _ source: Experiment.Data) -> Experiment {
    var experiment = Experiment(model: start, data: source, updates: lastStep)
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
    var chosen = Optimizer.named(optimizer) ?? experiment.optimizer
    for (name, number) in [
      ("beta1", beta1), ("beta2", beta2), ("eps", eps), ("weight-decay", weightDecay),
    ] {
      chosen.rule = chosen.rule.with(name, number)
    }
    let usual = experiment.optimizer.schedule
    experiment.rate = lr ?? experiment.rate
    chosen.clip = clip > 0 ? clip : nil
    chosen.rounds = accumulate
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
