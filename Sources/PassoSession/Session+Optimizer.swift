// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText

extension Session {
  /// How the optimizer in force came to be chosen.
  enum OptimizerChoice: Sendable {
    /// What a lesson begins with, or what suits the data.
    case usual
    /// What suits weights that have learned already.
    case gentle
    /// A person has named it.
    case named
  }

  /// Takes an optimizer that does not destroy what the model knows, if nobody has named another.
  ///
  /// Where there is nothing to destroy, such a one is given up again.
  mutating func suitOptimizer(_ experiment: inout Experiment, _ model: ModelConfiguration) {
    guard optimizerChoice != .named else { return }
    if experiment.hasLearned(model) {
      experiment.descendGently()
      optimizerChoice = .gentle
    } else if optimizerChoice == .gentle {
      let first = Experiment.first
      (experiment.optimizer, experiment.rate) = (first.optimizer, first.rate)
      optimizerChoice = .usual
    }
  }

  /// Lets the optimizer of many texts change learned weights slowly, and slower at first.
  mutating func suitTexts(_ experiment: inout Experiment) {
    optimizerChoice = .usual
    guard experiment.hasLearned(configuration) else { return }
    experiment.fineTune(configuration, warmup: Experiment.Defaults.gentleWarmup)
    optimizerChoice = .gentle
  }

  /// Chooses the optimizer; without a rate it keeps the one in force, if it suits such an
  /// optimizer.
  package mutating func setOptimizer(_ optimizer: Optimizer, rate: Double?) throws {
    var (next, experiment) = (self, experiment)
    experiment.take(optimizer, rate: rate, for: configuration)
    next.optimizerChoice = .named
    try next.rebuild(experiment)
    self = next
  }

  /// What a person should know of an optimizer that nobody has named; nil if it is the usual one.
  package var noteOnOptimizer: Bilingual? {
    guard optimizerChoice == .gentle else { return nil }
    let (experiment, optimizer) = (experiment, experiment.optimizer)
    let clip = optimizer.clip.map { " clip \(NumberText.code($0))" } ?? ""
    let number = NumberText.code(experiment.rate) + clip
    return Bilingual(
      it: "pesi già addestrati: l'ottimizzatore è \(optimizer.name) con lr \(number), perché un"
        + " aggiornamento non li rovini; :optimizer ne sceglie un altro",
      en: "weights that have learned already: the optimizer is \(optimizer.name) with lr \(number),"
        + " so that an update does not destroy them; :optimizer chooses another"
    )
  }
}
