// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine

// What holds where a person says nothing.
extension Experiment {
  package enum Defaults {
    package static let seed: UInt64 = 1

    /// The seed of a new model in a session: with it the untrained loss of the first sentence is
    /// ln 6 to three digits.
    package static let modelSeed: UInt64 = 7

    /// Rows in a batch of texts in files.
    package static let rows = 8

    /// Rows in a batch of sentences of a toy language, which are short.
    package static let sentenceRows = 32

    /// The greatest length of all gradients together, in a training that nobody watches.
    package static let clip = 1.0

    /// The learning rate at which AdamW learns from texts.
    package static let rateForTexts = 1e-3

    /// The learning rate at which it learns a toy language.
    package static let rateForSentences = 3e-3

    /// The updates in which that rate rises to its peak.
    package static let sentenceWarmup = 20

    /// The numbers of AdamW, those of the house plan.
    package static let beta1 = 0.9
    package static let beta2 = 0.95
    package static let epsilon = 1e-8
    package static let weightDecay = 0.1

    /// Updates after which a session's model has learned a toy language.
    package static let sessionUpdates = 800

    /// Updates in which the rate rises to its peak where learned weights meet many texts.
    package static let gentleWarmup = 10

    /// The least context in which a text can be followed.
    package static let leastReading = 16

    /// The most positions that a new model gets for texts that were typed: every value of a pass is
    /// kept, and attention has the square of this.
    static let mostPositions = 1_024
  }

  /// The sentence of the article, and the smallest model: what a session begins with.
  package static let first = Experiment(
    model: .preset(Preset.all[0], seed: Defaults.modelSeed),
    data: .typed(["Il gatto dorme sul divano"])
  )

  /// An experiment of which only model and data are chosen.
  ///
  /// - Parameters:
  ///   - model: Where parameters begin.
  ///   - data: What there is to learn from.
  ///   - updates: How many updates there are to be, where a schedule asks for them.
  package init(model: Model, data: Data, updates: Int = Defaults.sessionUpdates) {
    let (optimizer, rate) = Self.usualLearning(from: data, updates: updates)
    self.init(
      model: model,
      data: data,
      optimizer: optimizer,
      rate: rate,
      rows: Self.usualRows(of: data)
    )
  }

  /// Learns from other data, with the optimizer and the batch that suit them.
  package mutating func learn(from data: Data, updates: Int = Defaults.sessionUpdates) {
    self.data = data
    (rows, seed) = (Self.usualRows(of: data), Defaults.seed)
    (optimizer, rate) = Self.usualLearning(from: data, updates: updates)
  }

  private static func usualRows(of data: Data) -> Int {
    switch data {
    case .sentences: Defaults.sentenceRows
    case .task(let task): task.learning.rows
    case .typed, .unread, .files, .rows: Defaults.rows
    }
  }

  /// Descent moves a lesson's model far enough to be seen; more data need AdamW, and a rate that
  /// falls in the end where their loss can be held against a floor.
  private static func usualLearning(
    from data: Data,
    updates: Int
  ) -> (optimizer: Optimizer, rate: Double) {
    switch data {
    case .typed: (.sgd, Optimizer.sgd.usualRate)
    case .sentences, .unread: (.forSentences(updates: updates), Defaults.rateForSentences)
    case .task(let task): (.forTask(task.learning), task.learning.rate)
    case .files, .rows: (.standardAdamW, Defaults.rateForTexts)
    }
  }
}

extension Optimizer {
  /// Plain gradient descent.
  package static let sgd = Optimizer(.sgd)

  /// Gradient descent with the usual momentum.
  package static let standardMomentum = Optimizer(.momentum(Experiment.Defaults.beta1))

  /// AdamW with its usual settings.
  package static let standardAdamW = Optimizer(
    .adamW(
      beta1: Experiment.Defaults.beta1,
      beta2: Experiment.Defaults.beta2,
      epsilon: Experiment.Defaults.epsilon,
      decay: Experiment.Defaults.weightDecay
    )
  )

  /// What learns a toy language within some hundred updates.
  package static func forSentences(updates: Int) -> Optimizer {
    var optimizer = standardAdamW
    optimizer.schedule = RateSchedule(
      decay: .trapezoid,
      warmup: Experiment.Defaults.sentenceWarmup,
      updates: updates,
      floor: 0
    )
    return optimizer
  }

  /// What suits the rows of a task.
  fileprivate static func forTask(_ learning: TaskLearning) -> Optimizer {
    var optimizer = Optimizer(
      .adamW(
        beta1: Experiment.Defaults.beta1,
        beta2: TaskLearning.beta2,
        epsilon: Experiment.Defaults.epsilon,
        decay: learning.decay
      )
    )
    optimizer.clip = learning.clip
    optimizer.schedule.warmup = learning.warmup
    return optimizer
  }

  /// A learning rate with which a lesson's model learns; a step of AdamW has that length whatever
  /// the gradient, one of the others shrinks with it.
  fileprivate var usualRate: Double {
    switch rule {
    case .sgd, .momentum: 0.1
    case .adamW: 0.01
    }
  }
}

// MARK: - Weights that have learned already

extension ModelConfiguration {
  /// Whether the model has the size of a lesson's, which learns and is computed as lessons are.
  package var isOfALesson: Bool { parameterCount < 100_000 }
}

extension Experiment {
  /// The learning rate at which descent along a gradient of length 1 changes learned weights.
  private static let gentleRate = 0.01

  /// Whether the weights have learned already, so that a rate for new ones would destroy them.
  package func hasLearned(_ configuration: ModelConfiguration) -> Bool {
    hasFolder && !configuration.isOfALesson
  }

  /// Takes an optimizer that does not destroy what learned weights know, whatever the text.
  ///
  /// Descent along a gradient whose length is cut to 1: no update is longer than the rate.
  /// AdamW moves every weight by its rate in the first update, and needs three times the memory:
  /// with 1e-4 the loss of SmolLM2-135M on a sentence rises from 2.57 to 3.50 before it falls, with
  /// plain descent at 0.1 to 21.6; with this it falls to 2.28, 2.03, 1.81.
  package mutating func descendGently() {
    (optimizer, rate) = (.sgd, Self.gentleRate)
    optimizer.clip = 1
  }

  /// Lets the optimizer of many texts change learned weights slowly, and slower at first.
  ///
  /// - Parameters:
  ///   - configuration: The model.
  ///   - warmup: The updates in which the rate rises, if none are chosen yet.
  package mutating func fineTune(_ configuration: ModelConfiguration, warmup: Int) {
    rate = FineTuning.rate(for: configuration, usual: rate)
    if optimizer.schedule.warmup == 0 { optimizer.schedule.warmup = warmup }
  }

  /// Takes an optimizer; without a rate it keeps the one in force, if it suits such an optimizer.
  package mutating func take(
    _ optimizer: Optimizer,
    rate: Double?,
    for configuration: ModelConfiguration
  ) {
    let suits = optimizer.usualRate == self.optimizer.usualRate
    self.rate = rate ?? (suits ? self.rate : usualRate(of: optimizer, configuration))
    self.optimizer = optimizer
  }

  private func usualRate(of optimizer: Optimizer, _ configuration: ModelConfiguration) -> Double {
    guard hasLearned(configuration) else { return optimizer.usualRate }
    // Less than with the warm-up of a long training: the first update counts in full.
    if case .adamW = optimizer.rule { return 0.3 * FineTuning.rate(for: configuration) }
    return optimizer.clip == nil ? Self.gentleRate / 10 : Self.gentleRate
  }
}

extension Precision {
  /// What a model is computed in if nobody says otherwise: f64 at lesson size, where speed does not
  /// matter and rounding would show, as in the biases of keys, which AdamW moves by nothing else;
  /// f32 above.
  package static func standard(for configuration: ModelConfiguration) -> Precision {
    configuration.isOfALesson ? .f64 : .f32
  }
}
