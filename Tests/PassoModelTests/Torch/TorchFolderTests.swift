// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime
import PassoTestSupport
import Testing

@testable import PassoModel

/// A training that PyTorch goes on with: what is handed over, and what is not.
struct TorchFolderTests {
  private typealias Setup = TrainerTests.Setup

  private static let setups = TrainerTests.setups.filter { $0.optimizer.name == "adamw" }

  private func trained(_ setup: Setup, _ folder: String, steps: Int) throws -> TrainingLoop {
    var loop = try setup.loop(folder, steps: steps)
    _ = try loop.run(unless: { false }, on: { _, _ in })
    return loop
  }

  private func write(
    _ trainer: Trainer,
    _ data: TrainingData,
    _ setup: Setup,
    lastStep: Int,
    to path: String
  ) throws {
    let experiment = Experiment(
      model: .preset(Preset.all[0], seed: 1),
      data: .typed(["a"]),
      updates: lastStep
    )
    try TorchFolder(trainer, data, lastStep: lastStep, path: path).write(
      TorchFolder.Contents(
        setup.description,
        tokenizer: nil,
        experiment,
        TrainingRecipe([]),
        log: nil
      )
    )
  }

  // MARK: The state

  /// Weights, moments and schedule go through the names and shapes of Hugging Face and back.
  @Test(arguments: setups.indices)
  func theTrainingGoesOnAsIfNothingHadHappened(index: Int) throws {
    let (setup, scratch) = (Self.setups[index], try Scratch())
    let whole = try trained(setup, scratch.path("whole"), steps: 12)
    let half = try trained(setup, scratch.path("half"), steps: 5)
    let folder = scratch.path("torch")
    try write(half.trainer, half.data, setup, lastStep: 12, to: folder)
    let names = try SafetensorsFile(path: Checkpoint.path(in: folder)).names
    for packed in setup.description.configuration.packedTensors {
      for kind in ["", "m.", "v."] { #expect(names.contains(kind + packed.name)) }
    }
    // A model folder has 32 bits for each number.
    let parameters = try ModelFolder(path: folder).parameters()
    for (name, tensor) in try half.trainer.parameters {
      #expect(parameters[name]?.floats == tensor.floats, "\(name)")
    }
    var again = try setup.loop(folder, steps: 12, resumes: true)
    #expect(again.trainer.steps == 5)
    #expect(try again.trainer.stateHash == half.trainer.stateHash)
    _ = try again.run(unless: { false }, on: { _, _ in })
    #expect(try again.trainer.stateHash == whole.trainer.stateHash)
  }

  /// `train.py` shortens what has two dimensions or more.
  @Test func whatDecaysAreTheMatricesOfHuggingFace() throws {
    var count = 0
    for preset in ModelVariety.all + Preset.all {
      let configuration = preset.configuration(vocabularySize: 7)
      guard configuration.layout != .passo else { continue }
      let decays = Dictionary(
        uniqueKeysWithValues: configuration.parameterSpecs.map { ($0.name, $0.decays) }
      )
      for packed in configuration.packedTensors {
        count += 1
        let expected = packed.shape.count > 1
        #expect(packed.parts.allSatisfy { decays[$0] == expected }, "\(packed.name)")
      }
    }
    #expect(count > 100)
  }

  @Test func theScriptIsShort() throws {
    let (setup, scratch) = (Self.setups[0], try Scratch())
    let trainer = try setup.trainer()
    try write(trainer, setup.data(), setup, lastStep: 1, to: scratch.path("torch"))
    let script = String(decoding: try scratch.read("torch/train.py"), as: UTF8.self)
    #expect(script.split(separator: "\n", omittingEmptySubsequences: false).count <= 200)
    #expect(script.contains("torchrun") && script.hasPrefix("# SPDX-License-Identifier: MIT"))
  }

  // MARK: The rows

  private func numbers<Number: FixedWidthInteger>(
    _ bytes: [UInt8],
    _ type: Number.Type
  ) -> [Int] {
    stride(from: 0, to: bytes.count, by: MemoryLayout<Number>.size).map { start in
      bytes.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: start, as: Number.self)) }
    }
  }

  /// What the files say of each round, as `train.py` reads them.
  private func expectRows(
    of data: TrainingData,
    _ rounds: Range<Int>,
    _ scratch: Scratch
  ) throws -> (tokens: Int, isText: Bool) {
    let folder = scratch.path("rows")
    try AtomicFile.makeFolder(folder)
    let kept = try TorchRows(data: data, rounds: rounds).write(folder: folder)
    let tokens = numbers(try scratch.read("rows/tokens.bin"), Int32.self)
    let own = try? numbers(scratch.read("rows/targets.bin"), Int32.self)
    let targets = own ?? Array(tokens.dropFirst())
    let starts = numbers(try scratch.read("rows/order.bin"), Int64.self)
    #expect(starts.count == rounds.count * data.batch.rows)
    for (place, round) in rounds.enumerated() {
      let batch = data.training.batch(round)
      let own = starts[place * data.batch.rows..<(place + 1) * data.batch.rows]
      #expect(own.flatMap { tokens[$0..<$0 + data.batch.length] } == batch.inputs.map(Int.init))
      #expect(own.flatMap { targets[$0..<$0 + data.batch.length] } == batch.targets.map(Int.init))
    }
    let validation = try? numbers(scratch.read("rows/validation.bin"), Int32.self)
    #expect(validation?.count ?? 0 == kept * data.batch.length * 2)
    #expect((data.validation == nil) == (kept == 0))
    return (tokens.count, own == nil)
  }

  @Test func aTextThatIsReadOftenIsWrittenOnce() throws {
    let data = try Self.setups[0].data()
    let found = try expectRows(of: data, 11..<400, Scratch())
    #expect(found.isText && found.tokens == 160)
  }

  @Test func ofATextThatIsHardlyReadTheRowsAreWritten() throws {
    let data = try Self.setups[0].data()
    let found = try expectRows(of: data, 3..<6, Scratch())
    // Blocks of this text may be alike.
    #expect(!found.isText && (1...3 * 2 * 6).contains(found.tokens))
  }

  @Test func rowsThatComeAgainAreWrittenOnce() throws {
    let rows = Batch(
      examples: [
        Example(inputs: [1, 2, 3], targets: [2, ignoredTarget, 4]),
        Example(inputs: [4, 5, 6], targets: [5, 6, ignoredTarget]),
      ],
      padding: 0
    )
    let data = try TrainingData(rows, rounds: 1, mask: .causal)
    let found = try expectRows(of: data, 0..<50, Scratch())
    #expect(found.tokens == 6)
  }

  @Test func otherObjectivesHaveTargetsOfTheirOwn() throws {
    let tokens = (0..<200).map { Int32($0 % 11) }
    let blocks = TokenBlocks(
      tokens,
      rows: 2,
      length: 6,
      seed: 4,
      objective: CausalObjective(opening: [], distance: 2)
    )
    let data = TrainingData(
      training: blocks,
      batch: BatchShape(rows: 2, length: 6),
      mask: .causal,
      fingerprint: 1
    )
    let found = try expectRows(of: data, 0..<300, Scratch())
    // Each block once, though each comes some twenty times.
    #expect(!found.isText && found.tokens <= 200)
  }

  // MARK: What is refused

  private func refusal(
    _ trainer: Trainer,
    _ data: TrainingData,
    lastStep: Int = 9
  ) -> TorchProblem? {
    do throws(TorchProblem) {
      _ = try TorchFolder(trainer, data, lastStep: lastStep, path: "/nowhere/torch")
      return nil
    } catch {
      return error
    }
  }

  private func trainer(
    _ knobs: [(name: String, word: String)] = [],
    _ change: (inout Optimizer, inout TrainingData) -> Void = { _, _ in }
  ) throws -> (Trainer, TrainingData) {
    var (optimizer, data) = (Optimizer.standardAdamW, try Self.setups[0].data())
    change(&optimizer, &data)
    var preset = Preset.all[0]
    for (name, word) in knobs {
      let isTaken = preset.take(word, for: try #require(Knob.named(name)))
      #expect(isTaken)
    }
    let configuration = preset.configuration(vocabularySize: 11)
    let trainer = try Trainer(
      TrainingSettings(optimizer: optimizer, rate: 0.1, precision: .f32, data: [:]),
      configuration: configuration,
      parameters: configuration.initialParameters(seed: 2, standardDeviation: 0.1),
      data: data
    )
    return (trainer, data)
  }

  @Test func whatTheScriptCannotDoIsRefused() throws {
    let (plain, data) = try trainer()
    #expect(refusal(plain, data) == nil)
    #expect(refusal(plain, data, lastStep: 0) == .finished(step: 0))
    let (own, _) = try trainer([("positions", "sinusoidal")])
    #expect(refusal(own, data) == .ownModel)
    let (dropping, _) = try trainer([("dropout", "0.25")])
    guard case .other? = refusal(dropping, data) else { return #expect(Bool(false), "dropout") }
    let others: [(inout Optimizer, inout TrainingData) -> Void] = [
      { optimizer, _ in optimizer = .standardMomentum },
      { optimizer, _ in optimizer.gradients = .kept },
      { _, data in
        data = TrainingData(
          training: data.training,
          batch: data.batch,
          mask: .none,
          fingerprint: 1
        )
      },
    ]
    for change in others {
      let (trainer, data) = try trainer([], change)
      guard case .other(let needs, let got) = refusal(trainer, data) else {
        Issue.record("not refused")
        continue
      }
      #expect(needs.en != got.en)
    }
  }

  @Test func aFolderWithSomethingInItIsRefused() throws {
    let scratch = try Scratch()
    _ = try scratch.write([1], to: "note")
    let folder = scratch.folder.path(percentEncoded: false)
    #expect(throws: TorchProblem.occupied(folder: folder)) {
      try TorchFolder.expectRoom(at: folder)
    }
    #expect(throws: TorchProblem.self) { try TorchFolder.expectRoom(at: scratch.path("note")) }
    try TorchFolder.expectRoom(at: scratch.path("new"))
  }
}
