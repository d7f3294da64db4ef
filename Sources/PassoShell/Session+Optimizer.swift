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

  /// Folders with more parameters hold a model that somebody has trained for long; those with fewer
  /// one of a lesson, which learns as lessons do.
  private static let mostOfALesson = 100_000

  /// Whether the weights have learned already, so that a rate for new ones would destroy them.
  private var hasLearned: Bool {
    guard case .folder = source else { return false }
    return configuration.parameterCount > Self.mostOfALesson
  }

  /// Takes an optimizer that does not destroy what the model knows, if nobody has named another.
  ///
  /// Where there is nothing to destroy, such a one is given up again.
  ///
  /// Descent along a gradient whose length is cut to 1: no update is longer than the rate, whatever
  /// the text. AdamW moves every weight by its rate in the first update, and needs three times the
  /// memory: with 1e-4 the loss of SmolLM2-135M on a sentence rises from 2.57 to 3.50 before it
  /// falls, with plain descent at 0.1 to 21.6; with this it falls to 2.28, 2.03, 1.81.
  mutating func suitOptimizer() {
    guard optimizerChoice != .named else { return }
    if hasLearned {
      optimizer = .sgd
      optimizer.clip = 1
      (rate, optimizerChoice) = (Self.gentleRateOfDescent, .gentle)
    } else if optimizerChoice == .gentle {
      (optimizer, rate, optimizerChoice) = (.sgd, 0.1, .usual)
    }
  }

  /// Lets the optimizer of many texts change learned weights slowly, and slower at first.
  mutating func suitTexts() {
    optimizerChoice = .usual
    guard hasLearned else { return }
    rate = FineTuning.rate(for: configuration)
    optimizer.schedule.warmup = max(optimizer.schedule.warmup, 10)
    optimizerChoice = .gentle
  }

  /// The learning rate at which descent along a gradient of length 1 changes learned weights.
  private static let gentleRateOfDescent = 0.01

  /// Chooses the optimizer; without a rate it keeps the one in force, if it suits such an optimizer.
  package mutating func setOptimizer(_ optimizer: Optimizer, rate: Double?) throws {
    var next = self
    next.optimizer = optimizer
    next.optimizerChoice = .named
    let suits = optimizer.usualRate == self.optimizer.usualRate
    next.rate = rate ?? (suits ? self.rate : usualRate(of: optimizer))
    try next.rebuild(parameters: currentParameters)
    self = next
  }

  private func usualRate(of optimizer: Optimizer) -> Double {
    guard hasLearned else { return optimizer.usualRate }
    // Less than with the warm-up of a long training: the first update counts in full.
    if case .adamW = optimizer.rule { return 0.3 * FineTuning.rate(for: configuration) }
    return optimizer.clip == nil ? Self.gentleRateOfDescent / 10 : Self.gentleRateOfDescent
  }

  /// What a person should know of an optimizer that nobody has named; nil if it is the usual one.
  var noteOnOptimizer: Bilingual? {
    guard optimizerChoice == .gentle else { return nil }
    let clip = optimizer.clip.map { " clip \(NumberText.general($0))" } ?? ""
    let number = NumberText.general(rate) + clip
    return Bilingual(
      it: "pesi già addestrati: l'ottimizzatore è \(optimizer.name) con lr \(number), perché un"
        + " aggiornamento non li rovini; :optimizer ne sceglie un altro",
      en: "weights that have learned already: the optimizer is \(optimizer.name) with lr \(number),"
        + " so that an update does not destroy them; :optimizer chooses another"
    )
  }
}
