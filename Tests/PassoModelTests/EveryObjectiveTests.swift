// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import Testing

/// Every objective on sentences of gatto-1: it is learned, in both forms, and replayed bit for bit.
struct EveryObjectiveTests {
  private static let language = ToyLanguage.gatto1
  private static let words = [
    "causal", "ahead 0", "ahead 2", "masked", "masked always", "prefix", "span", "middle",
    "any-order", "replaced",
  ]

  private static func assembly(
    _ words: String,
    rounds: Int = 1
  ) throws -> (Assembly, any ParameterSource) {
    var experiment = Experiment.first
    experiment.learn(from: .sentences(language, listed: nil))
    experiment.ask(try ObjectiveChoice(words))
    experiment.model = .preset(.sentences, seed: 1)
    experiment.optimizer = .standardAdamW
    experiment.optimizer.rounds = rounds
    experiment.rate = 0.01
    let model = try OpenedModel(experiment.model, needsTokenizer: false)
    let opened = OpenedData(language.tokenizer(with: experiment.objective.specials))
    let assembly = try Assembly(experiment, model, opened)
    return (assembly, try model.parameters(assembly.configuration))
  }

  private static func trainer(
    _ assembly: Assembly,
    _ parameters: any ParameterSource,
    _ precision: Precision = .f32
  ) throws -> Trainer {
    try Trainer(
      TrainingSettings(
        optimizer: assembly.experiment.optimizer,
        rate: assembly.experiment.rate,
        precision: precision,
        data: [:]
      ),
      configuration: assembly.configuration,
      parameters: parameters,
      data: assembly.data
    )
  }

  @Test(arguments: words)
  func itsLossComesDown(words: String) throws {
    let (assembly, parameters) = try Self.assembly(words)
    var trainer = try Self.trainer(assembly, parameters)
    #expect(trainer.kernels != nil)
    let losses = try (0..<150).map { _ in try trainer.step().loss }
    let (start, end) = (losses.prefix(10).reduce(0, +), losses.suffix(10).reduce(0, +))
    // A judge who knows nothing answers by the frequency of the two answers after a few updates.
    let share = words == "replaced" ? 0.75 : words == "ahead 0" ? 0.1 : 0.8
    #expect(end < share * start, "\(words): \(start / 10) to \(end / 10)")
  }

  /// The fast form and the readable one take the same updates.
  @Test(arguments: words)
  func bothFormsLearnTheSame(words: String) throws {
    let (assembly, parameters) = try Self.assembly(words)
    var fast = try Self.trainer(assembly, parameters)
    var readable = try Self.trainer(assembly, parameters, .f64)
    for _ in 0..<3 {
      let (one, other) = (try fast.step(), try readable.step())
      #expect(
        abs(one.loss - other.loss) < 1e-4 && abs(one.gradientNorm - other.gradientNorm) < 1e-3
      )
    }
  }

  @Test(arguments: words)
  func aReplayGivesTheSameBits(words: String) throws {
    let (assembly, parameters) = try Self.assembly(words, rounds: 2)
    var timeline = try assembly.timeline(parameters)
    _ = try timeline.train(2)
    let (hash, batch) = try (timeline.stateHash, timeline.batch)
    try timeline.move(to: Moment(update: 0, step: 0))
    var again = try assembly.timeline(parameters)
    _ = try again.train(2)
    #expect(try again.stateHash == hash && again.batch == batch)
    #expect(try timeline.stateHash != hash)
  }
}
