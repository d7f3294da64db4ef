// SPDX-License-Identifier: MIT

import Dispatch
import PassoEngine
import PassoFiles
import PassoModel
import PassoRuntime
import PassoText
import Synchronization

/// Runs that differ in one thing only, and are trained in lockstep: an update of each in turn.
///
/// Each lane is the very run that somebody gets who changes that thing alone, bit for bit.
package struct Race: Sendable {
  /// What is not the same in all lanes.
  package enum Subject: Sendable {
    /// The learning rate; the parameters are those of now, as after `:optimizer`.
    case rate
    /// What is done with gradients between two calls of backward, as after `:optimizer`.
    case gradients
    /// The seed of a new model.
    case seed
    /// A part or size of a new model.
    case knob(Knob)

    package var name: String {
      switch self {
      case .rate: "rate"
      case .gradients: "gradients"
      case .seed: "seed"
      case .knob(let knob): knob.name
      }
    }

    /// All that can be raced, by name.
    package static let names = ["rate", "gradients", "seed"] + Knob.all.map(\.name)

    /// The subject with a name.
    package init?(_ name: String) {
      switch name {
      case "rate": self = .rate
      case "gradients": self = .gradients
      case "seed": self = .seed
      default:
        guard let knob = Knob.named(name) else { return nil }
        self = .knob(knob)
      }
    }
  }

  /// One of the runs.
  package struct Lane: Sendable {
    /// The name under which it is kept.
    package let name: String

    /// The value of what differs, as it is typed.
    package let word: String

    package fileprivate(set) var session: Session
  }

  package let subject: Subject
  package private(set) var lanes: [Lane] = []

  /// Updates that each lane has done.
  package private(set) var count = 0

  /// How many lanes there may be: one has nobody to race with, more than eight cannot be told
  /// apart.
  package static let sizes = 2...8

  package init(_ subject: Subject) {
    self.subject = subject
  }

  /// Adds a lane.
  ///
  /// - Parameters:
  ///   - typed: The value of what differs, as it was typed.
  ///   - session: The session of which the lane is a variant.
  ///   - reading: Where texts in files become tokens.
  /// - Throws: `RaceProblem`, `KnobProblem`, or what is wrong with the data for such a model.
  package mutating func add(_ typed: String, to session: Session, _ reading: TextReading) throws {
    let name = "lane\(lanes.count + 1)"
    if let kept = session.forks[name], !kept.isLane { throw RaceProblem.kept(name) }
    var variant = session
    variant.forks = [:]
    let word = try variant.change(subject, to: typed, reading)
    guard !lanes.contains(where: { $0.word == word }) else { throw RaceProblem.twice(word) }
    // A value of the run that the lane stands beside, or of the lane itself.
    try session.checkFree(name)
    try variant.checkFree(name)
    variant.isLane = true
    lanes.append(Lane(name: name, word: word, session: variant))
  }

  /// Trains all lanes, an update of each in turn.
  ///
  /// - Parameters:
  ///   - updates: How many.
  ///   - shouldStop: Asked between two rounds of updates, so that all lanes have done as many.
  ///   - updateDone: Called after each round.
  /// - Throws: `ExecutionProblem.refused` if there is no memory for the lanes.
  package mutating func train(
    _ updates: Int,
    unless shouldStop: () -> Bool = { false },
    updateDone: (Race) -> Void = { _ in }
  ) throws {
    // Together they keep as much as one run may.
    for index in lanes.indices {
      let budget = lanes[index].session.timeline.budget
      lanes[index].session.timeline.limitStates(to: budget / lanes.count)
    }
    for number in 0..<updates {
      guard !shouldStop() else { return }
      // The first update takes memory, for one lane after the other: what is left is asked for
      // before it is taken.
      try Interruption.deferring { try number == 0 ? updateInTurn() : updateTogether() }
      count += 1
      updateDone(self)
    }
  }

  private mutating func updateInTurn() throws {
    for index in lanes.indices { _ = try lanes[index].session.timeline.train(1) }
  }

  /// An update of each lane, on as many threads as there are processors.
  private mutating func updateTogether() throws {
    let places = lanes.count
    // A lane is taken out while it moves: a second owner would make it copy its memory.
    let resting = Mutex(lanes.map(Optional.some))
    lanes = []
    let failures = Mutex<[Int: any Error]>([:])
    // What belongs to a task does not reach the threads that it starts.
    let scope = FileScope.current
    DispatchQueue.concurrentPerform(iterations: places) { index in
      guard var lane = resting.withLock({ $0[index].take() }) else { return }
      do {
        try scope.around { _ = try lane.session.timeline.train(1) }
      } catch {
        failures.withLock { [error] in $0[index] = error }
      }
      resting.withLock { [lane] in $0[index] = lane }
    }
    lanes = resting.withLock { $0.compactMap(\.self) }
    if let first = failures.withLock({ $0 }).min(by: { $0.key < $1.key }) { throw first.value }
  }
}

extension Session {
  /// Changes one thing.
  ///
  /// - Returns: The value as it is typed, the same for two spellings of one value.
  fileprivate mutating func change(
    _ subject: Race.Subject,
    to typed: String,
    _ reading: TextReading
  ) throws -> String {
    switch subject {
    case .rate:
      guard let rate = Race.rate(typed) else { throw RaceProblem.notARate(typed) }
      try setOptimizer(experiment.optimizer, rate: rate)
      return NumberText.code(rate)
    case .gradients:
      var optimizer = experiment.optimizer
      guard let clearing = GradientClearing(rawValue: typed) else {
        throw RaceProblem.notAClearing(typed)
      }
      optimizer.gradients = clearing
      try setOptimizer(optimizer, rate: experiment.rate)
      return typed
    case .seed:
      let (preset, _) = try racingPreset(subject)
      guard let seed = UInt64(typed) else { throw RaceProblem.notASeed(typed) }
      try setModel(preset, seed: seed, reading)
      return "\(seed)"
    case .knob(let knob):
      var (preset, seed) = try racingPreset(subject)
      guard preset.take(typed, for: knob) else { throw KnobProblem.value(knob, found: typed) }
      try preset.knobs.check()
      try setModel(preset, seed: seed, reading)
      return knob.word(preset.knobs)
    }
  }

  private func racingPreset(_ subject: Race.Subject) throws -> (Preset, UInt64) {
    guard case .preset(let preset, let seed) = experiment.model else {
      throw RaceProblem.modelOfFolder(subject.name)
    }
    return (preset, seed)
  }

  /// Keeps the lanes of a race as forks, in place of those of the race before.
  package mutating func keep(_ race: Race) {
    forks = forks.filter { !$0.value.isLane }
    for lane in race.lanes { forks[lane.name] = lane.session }
  }
}

extension Race {
  /// A learning rate, also with the comma of Italian.
  fileprivate static func rate(_ typed: String) -> Double? {
    Double(typed.replacing(",", with: ".")).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }
}

/// Why there can be no such race.
package enum RaceProblem: WordedProblem {
  /// Fewer lanes than a race needs, or more than can be told apart.
  case count(Int, example: String)
  case twice(String)
  case notARate(String)
  case notASeed(String)
  case notAClearing(String)

  /// The sizes of a model in a folder are what they are.
  case modelOfFolder(String)

  /// A twin that a race would take away.
  case kept(String)

  package var wording: Wording {
    switch self {
    case .count(let count, let example):
      Bilingual(
        it: "una gara vuole da 2 a 8 valori, non \(count)",
        en: "a race needs 2 to 8 values, got \(count)"
      ).hint(it: "per esempio \(example)", en: "for example \(example)")
    case .twice(let word):
      Bilingual(
        it: "i valori di una gara devono essere diversi, e \(it: word) c'è due volte",
        en: "the values of a race need to differ, got \(en: word) twice"
      ).hint(it: "lascialo una volta sola", en: "leave it there once only")
    case .notARate(let found):
      Bilingual(
        it: "rate vuole numeri positivi, non \(it: found)",
        en: "rate needs positive numbers, got \(en: found)"
      ).hint(it: "per esempio :race rate 0.1 0.5", en: "for example :race rate 0.1 0.5")
    case .notASeed(let found):
      Bilingual(
        it: "seed vuole numeri interi da 0 in su, non \(it: found)",
        en: "seed needs whole numbers from 0 up, got \(en: found)"
      ).hint(it: "per esempio :race seed 1 2 3", en: "for example :race seed 1 2 3")
    case .notAClearing(let found):
      Bilingual(
        it: "gradients vuole cleared, twice o kept, non \(it: found)",
        en: "gradients needs cleared, twice or kept, got \(en: found)"
      ).hint(Bilingual(same: ":race gradients cleared twice kept"))
    case .modelOfFolder(let name):
      Bilingual(
        it: "il modello viene da una cartella, con pesi e misure sue: \(name) non si può cambiare",
        en: "the model is from a folder, with weights and sizes of its own: \(name) cannot change"
      ).hint(
        it: ":race rate 0.001 0.01 funziona con ogni modello; :model gatto ne comincia uno nuovo",
        en: ":race rate 0.001 0.01 works with any model; :model gatto begins a new one"
      )
    case .kept(let name):
      Bilingual(
        it: "\(name) conserva un'esecuzione che la gara cancellerebbe",
        en: "\(name) keeps a run that the race would take away"
      ).hint(
        it: ":swap \(name) ci torna, poi la gara può cominciare",
        en: ":swap \(name) goes back to it, then the race can begin"
      )
    }
  }
}
