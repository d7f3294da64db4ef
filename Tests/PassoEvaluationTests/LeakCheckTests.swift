// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoRuntime
import Testing

@testable import PassoEvaluation
@testable import PassoModel

/// Faults that were sown by hand are found, each by its name, and right models are cleared.
struct LeakCheckTests {
  /// A model and a text.
  struct Case: Sendable, CustomTestStringConvertible {
    var isLlama = false
    var layers = 1
    var rows: [[Int32]] = [[0, 1, 2, 3, 4, 5]]
    var vocabulary = 7

    var testDescription: String {
      "\(isLlama ? "Llama" : "GPT-2"), \(layers) layers, \(rows), \(vocabulary) tokens"
    }

    var length: Int { rows[0].count - 1 }
    var inputs: [Int32] { rows.flatMap { $0.dropLast() } }
    var targets: [Int32] { rows.flatMap { $0.dropFirst() } }

    var configuration: ModelConfiguration {
      var model = ModelConfiguration(
        vocabularySize: vocabulary,
        contextLength: 12,
        width: 8,
        layerCount: layers,
        headCount: 2,
        mlpWidth: 12
      )
      guard isLlama else { return model }
      model.keyHeadCount = 1
      model.positions = .rotary(base: 100)
      model.norm = .rootMeanSquare
      model.activation = .swiGLU
      model.attentionBias = .none
      return model
    }

    static let all = [false, true].flatMap { isLlama in
      [1, 2, 3].flatMap { layers in
        [
          Case(isLlama: isLlama, layers: layers),
          Case(isLlama: isLlama, layers: layers, rows: [[0, 1, 2]], vocabulary: 3),
          Case(
            isLlama: isLlama,
            layers: layers,
            rows: [[0, 5, 5, 6, 5], [0, 1, 2, 1, 2]],
            vocabulary: 40
          ),
        ]
      }
    }
  }

  /// A report on a case with a mask that somebody wrote.
  private func report(
    _ model: Case,
    targets: [Int32]? = nil,
    precision: Precision = .f32,
    allows: (_ query: Int, _ key: Int) -> Bool
  ) throws -> LeakReport {
    let batch = BatchShape(rows: model.rows.count, length: model.length)
    var builder = ProgramBuilder()
    _ = try Transformer(model.configuration, batch: batch, mask: .none).write(into: &builder)
    let maskID = try #require(builder.program.id(of: "mask"))
    var execution = try Execution(builder.program.giving([maskID]), precision: precision)
    var random = RandomSource(seed: 11)
    for spec in model.configuration.parameterSpecs {
      let numbers = (0..<spec.shape.count).map { _ in 0.4 * random.normal() }
      try execution.set(try execution.id(of: spec.name), to: Tensor(spec.shape, numbers))
    }
    let places = 0..<model.length
    let mask = Tensor(
      Shape((.query, model.length), (.key, model.length)),
      places.flatMap { query in places.map { allows(query, $0) ? 1.0 : 0 } }
    )
    try execution.set(maskID, to: mask)
    let shape = Shape((.batch, batch.rows), (.position, batch.length))
    let check = LeakCheck(
      tokens: Tensor(shape, model.inputs),
      targets: Tensor(shape, targets ?? model.targets),
      mask: mask,
      layerCount: model.layers,
      vocabularySize: model.vocabulary
    )
    let report = try check.report { tokens in
      try execution.set(try execution.id(of: "tokens"), to: tokens)
      try execution.move(to: try execution.position(after: "logits"))
      return try #require(try execution.tensor(execution.id(of: "logits")))
    }
    return try #require(report)
  }

  @Test(arguments: Case.all)
  func aCausalModelIsCleared(model: Case) throws {
    for precision in [Precision.f32, .f64] {
      let report = try report(model, precision: precision) { $1 <= $0 }
      #expect(report.findings == [])
      #expect(report.unmoved.isEmpty)
      #expect(report.influence == report.mask)
    }
  }

  @Test(arguments: Case.all)
  func aWindowIsClearedAndReachesFurtherWithEachLayer(model: Case) throws {
    let report = try report(model) { $1 <= $0 && $0 - $1 < 2 }
    #expect(report.findings == [])
    for output in 0..<model.length {
      for input in 0..<model.length {
        let isWithin = input <= output && output - input <= model.layers
        #expect(report.influence[output, input] == isWithin, "\(output) \(input)")
        #expect(report.allowed[output, input] == isWithin, "\(output) \(input)")
      }
    }
  }

  @Test(arguments: Case.all)
  func offByOneIsFound(model: Case) throws {
    let report = try report(model) { $1 <= $0 + 1 }
    let seen = try #require(answers(in: report))
    // Every output but the last of a row sees its answer.
    #expect(Set(seen.map { [$0.row, $0.output] }).count == model.rows.count * (model.length - 1))
    #expect(seen.allSatisfy { $0.position == $0.output + 1 })
  }

  @Test(arguments: Case.all)
  func aTransposedMaskIsFound(model: Case) throws {
    let report = try report(model) { $1 >= $0 }
    #expect(try #require(answers(in: report)).count == model.rows.count * (model.length - 1))
  }

  @Test(arguments: Case.all)
  func aMissingMaskIsFound(model: Case) throws {
    let report = try report(model) { _, _ in true }
    #expect(try #require(answers(in: report)).count == model.rows.count * (model.length - 1))
    #expect(report.influence.cells.allSatisfy { $0 })
  }

  @Test(arguments: Case.all)
  func targetsThatAreTheInputsAreFound(model: Case) throws {
    let report = try report(model, targets: model.inputs) { $1 <= $0 }
    #expect(report.findings == [.notShifted(rows: Array(model.rows.indices))])
  }

  @Test(arguments: Case.all)
  func oneOpenCellIsFound(model: Case) throws {
    let report = try report(model) { $1 <= $0 || $0 == 0 && $1 == 1 }
    let expected = model.rows.indices.map {
      LeakReport.Sighting(row: $0, output: 0, position: 1)
    }
    #expect(answers(in: report) == expected)
  }

  // Position 0 sees 2 but not 1: with one layer that is no answer, with two 2 hands it on.
  @Test func aLeapOverTheAnswerIsFoundToo() throws {
    let one = try report(Case()) { $1 <= $0 || $0 == 0 && $1 == 2 }
    #expect(
      one.findings == [.futureVisible([.init(row: 0, output: 0, position: 2)])]
    )
    let two = try report(Case(layers: 2)) { $1 <= $0 || $0 == 0 && $1 == 2 }
    // Position 1 looks back at 0, which has looked at 2: the answer of 1.
    #expect(
      answers(in: two) == [0, 1].map { .init(row: 0, output: $0, position: $0 + 1) }
    )
  }

  @Test func oneUnshiftedRowIsNamed() throws {
    let model = Case(rows: [[0, 1, 2, 3], [0, 4, 5, 6]])
    let report = try report(model, targets: [1, 2, 3, 0, 4, 5]) { $1 <= $0 }
    #expect(report.findings == [.notShifted(rows: [1])])
  }

  @Test func oneTargetSetToItsInputIsFound() throws {
    let report = try report(Case(), targets: [1, 2, 2, 4, 5]) { $1 <= $0 }
    #expect(answers(in: report) == [.init(row: 0, output: 2, position: 2)])
  }

  @Test func targetsShiftedTheWrongWayAreFound() throws {
    let report = try report(Case(), targets: [ignoredTarget, 0, 1, 2, 3]) { $1 <= $0 }
    #expect(answers(in: report)?.count == 4)
  }

  // A short row ends in padding; its last word may repeat the one before.
  @Test(arguments: Case.all.prefix(1).map(\.layers) + [3])
  func paddingAndRepeatedWordsAreNoFault(layers: Int) throws {
    let model = Case(layers: layers, rows: [[0, 1, 2, 3, 4], [0, 5, 5, 0, 0]])
    let targets: [Int32] = [1, 2, 3, 4, 5, 5, ignoredTarget, ignoredTarget]
    #expect(try report(model, targets: targets) { $1 <= $0 }.findings == [])
    #expect(try report(Case(rows: [[0, 5, 5, 5, 5]])) { $1 <= $0 }.findings == [])
  }

  @Test func whoSeesNothingIsNoLeak() throws {
    let report = try report(Case()) { query, key in key <= query && query != 2 }
    #expect(report.findings == [])
    // Through the residual stream it still has its own token, and nothing else.
    #expect((0..<5).filter { report.influence[2, $0] } == [2])
    #expect(report.unmoved.isEmpty)
  }

  /// A model of two layers on its first step, which learns from two rows.
  private static func training() throws -> Timeline {
    let configuration = ModelConfiguration(
      vocabularySize: 6,
      contextLength: 8,
      width: 8,
      layerCount: 2,
      headCount: 2
    )
    let run = try TrainingRun(
      TrainingProgram(
        configuration,
        batch: BatchShape(rows: 2, length: 5),
        optimizer: .standardAdamW
      ),
      precision: .f32,
      parameters: configuration.initialParameters(seed: 3, standardDeviation: 0.1),
      batches: FixedBatch(
        Batch(rows: [
          Example(inputs: [0, 1, 2, 3, 4], targets: [1, 2, 3, 4, 5]),
          Example(inputs: [0, 3, 2, 1, 5], targets: [3, 2, 1, 5, ignoredTarget]),
        ])
      ),
      rate: 0.01
    )
    return Timeline(run, budget: 1 << 30)
  }

  @Test func rightModelsStayRightWhileTheyLearn() throws {
    var timeline = try Self.training()
    for _ in 0..<4 {
      let execution = timeline.execution
      func value(_ name: String) throws -> Tensor {
        var copy = execution
        try copy.move(to: max(copy.cursor, try copy.position(after: name)))
        return try #require(try copy.tensor(copy.id(of: name)))
      }
      let check = LeakCheck(
        tokens: try value("tokens"),
        targets: try value("targets"),
        mask: try value("mask"),
        layerCount: 2,
        vocabularySize: 6
      )
      let report = try check.report { tokens in
        var copy = execution
        try copy.set(try copy.id(of: "tokens"), to: tokens)
        try copy.move(to: try copy.position(after: "logits"))
        return try #require(try copy.tensor(copy.id(of: "logits")))
      }
      #expect(report?.findings == [])
      #expect(report?.runCount == 51)
      _ = try timeline.train(7)
    }
  }

  /// A forward pass in which rows know of each other, and one that is NaN.
  @Test func rowsThatMixAndNaNAreReported() throws {
    let shape = Shape((.batch, 2), (.position, 2))
    let check = LeakCheck(
      tokens: Tensor(shape, [0, 1, 0, 2] as [Int32]),
      targets: Tensor(shape, [1, 2, 2, 1] as [Int32]),
      mask: Tensor(Shape((.query, 2), (.key, 2)), [1.0, 0, 1, 1]),
      layerCount: 1,
      vocabularySize: 3
    )
    let logits = Shape((.batch, 2), (.position, 2), (.vocab, 1))
    let mixed = check.report { tokens in
      let t = tokens.doubles
      return Tensor(logits, [t[0], t[0] + 3 * t[1], t[2] + 9 * t[1], t[2] + 3 * t[3]])
    }
    #expect(
      mixed?.findings == [
        .betweenTexts(
          Array(repeating: .init(row: 0, position: 1, otherRow: 1, output: 0), count: 2)
        )
      ]
    )
    let broken = check.report { _ in Tensor(logits, [Double.nan, 1, 1, 1]) }
    #expect(broken?.notNumbers.map(\.output) == [0])
    let stopped = check.report(
      unless: { true },
      forward: { _ in Tensor(logits, [0.0, 0, 0, 0]) }
    )
    #expect(stopped == nil)
    // An engine that does not do what the mask says, or does nothing at all.
    let past = check.report { tokens in
      let t = tokens.doubles
      return Tensor(logits, [t[0] + t[1], t[0] - t[1], t[2] + t[3], t[2] - t[3]])
    }
    #expect(past?.findings.count == 2)
    #expect(
      past?.findings.last
        == .pastTheMask([
          .init(row: 0, output: 0, position: 1), .init(row: 1, output: 0, position: 1),
        ])
    )
    let still = check.report { _ in Tensor(logits, [1.0, 2, 3, 4]) }
    #expect(still?.findings == [])
    #expect(still?.unmoved.count == 6)
  }

  private func answers(in report: LeakReport) -> [LeakReport.Sighting]? {
    for case .answerVisible(let sightings) in report.findings { return sightings }
    return nil
  }
}
