// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoFiles
import PassoModel
import PassoRuntime
import PassoTestSupport
import PassoText
import Testing

/// Training that stops, goes on, and is saved.
struct TrainerTests {
  /// What a test trains; each case switches something else on.
  struct Setup: Sendable, CustomTestStringConvertible {
    let preset: String
    let precision: Precision
    var rounds = 1
    var schedule = RateSchedule.constant
    var rate = 0.01

    var testDescription: String { "\(preset) \(precision) rounds \(rounds) \(schedule.decay)" }

    var optimizer: Optimizer {
      var optimizer = preset == "gatto-tied" ? Optimizer.standardMomentum : .standardAdamW
      optimizer.clip = 0.5
      optimizer.rounds = rounds
      optimizer.schedule = schedule
      return optimizer
    }

    func data() throws -> TrainingData {
      let tokens: [Int32] = (0..<200).map { (n: Int) -> Int32 in
        let number: Int = n * n + n / 3
        return Int32(number % 11)
      }
      return TrainingData(
        training: TokenBlocks(Array(tokens[..<160]), rows: 2, length: 6, seed: 4),
        validation: TokenBlocks(Array(tokens[160...]), rows: 2, length: 6, seed: 0),
        batch: BatchShape(rows: 2, length: 6),
        mask: .causal,
        fingerprint: 1
      )
    }

    var description: ModelDescription {
      let preset = Preset.named(preset) ?? Preset.all[0]
      return ModelDescription(preset.configuration(vocabularySize: 11))
    }

    func trainer() throws -> Trainer {
      let configuration = description.configuration
      return try Trainer(
        TrainingSettings(
          optimizer: optimizer,
          rate: rate,
          precision: precision,
          data: ["seed": "4"]
        ),
        configuration: configuration,
        parameters: configuration.initialParameters(seed: 2, standardDeviation: 0.1),
        data: data()
      )
    }

    func loop(_ folder: String, steps: Int, resumes: Bool = false) throws -> TrainingLoop {
      var plan = TrainingLoop.Plan(steps: steps, folder: folder, log: "\(folder).jsonl")
      plan.checkpointSteps = 3
      plan.validationSteps = 4
      return try TrainingLoop(
        trainer(),
        plan: plan,
        description: description,
        tokenizer: nil,
        data: data(),
        resumes: resumes
      )
    }
  }

  static let setups = [
    Setup(preset: "gatto", precision: .f32), Setup(preset: "gatto-llama", precision: .f64),
    Setup(preset: "gatto-tied", precision: .f32, rounds: 3),
    Setup(preset: "gatto", precision: .f64, rounds: 2),
    Setup(
      preset: "gatto-llama",
      precision: .f32,
      schedule: RateSchedule(decay: .cosine, warmup: 4, updates: 20, floor: 0.1)
    ),
  ]

  private func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      // How fast it was is no part of what was computed.
      String($0).replacing(/,"tokens_per_s":\d+/, with: "")
    }
  }

  @Test(arguments: setups)
  func aTrainingThatWasStoppedGoesOnBitForBit(setup: Setup) throws {
    let scratch = try Scratch()
    let (whole, parts) = (scratch.path("whole"), scratch.path("parts"))
    var once = try setup.loop(whole, steps: 20)
    #expect(try once.run(unless: { false }, on: { _, _ in }) == .done)

    var first = try setup.loop(parts, steps: 20)
    var done = 0
    let end = try first.run(
      unless: { done == 7 },
      on: { event, _ in
        if case .step = event { done += 1 }
      }
    )
    #expect(end == .interrupted)
    var second = try setup.loop(parts, steps: 20, resumes: true)
    #expect(second.trainer.steps == 7)
    #expect(try second.run(unless: { false }, on: { _, _ in }) == .done)

    #expect(try second.trainer.stateHash == once.trainer.stateHash)
    #expect(try lines("\(whole).jsonl") == lines("\(parts).jsonl"))
    for file in ["model.safetensors", "checkpoint.safetensors"] {
      #expect(try scratch.read("whole/\(file)") == scratch.read("parts/\(file)"))
    }
  }

  /// A crash leaves the log ahead of the checkpoint, perhaps in the middle of a line.
  @Test func whatTheLogSaysAfterTheCheckpointIsDoneAgain() throws {
    let scratch = try Scratch()
    let setup = Self.setups[0]
    var whole = try setup.loop(scratch.path("whole"), steps: 12)
    _ = try whole.run(unless: { false }, on: { _, _ in })
    var part = try setup.loop(scratch.path("part"), steps: 6)
    _ = try part.run(unless: { false }, on: { _, _ in })
    let path = scratch.path("part.jsonl")
    let ahead =
      try String(contentsOfFile: path, encoding: .utf8) + """
        {"step":7,"loss":99,"grad_norm":1,"lr":1,"tokens_per_s":1}
        {"step":8,"lo
        """
    try ahead.write(toFile: path, atomically: true, encoding: .utf8)
    var rest = try setup.loop(scratch.path("part"), steps: 12, resumes: true)
    _ = try rest.run(unless: { false }, on: { _, _ in })
    #expect(try lines(path) == lines(scratch.path("whole.jsonl")))
  }

  @Test func aLogHasOneObjectAStep() throws {
    let scratch = try Scratch()
    var loop = try Self.setups[0].loop(scratch.path("out"), steps: 8)
    var reports: [StepReport] = []
    _ = try loop.run(
      unless: { false },
      on: { event, _ in
        if case .step(let report, _, _) = event { reports.append(report) }
      }
    )
    let objects = try String(contentsOfFile: scratch.path("out.jsonl"), encoding: .utf8)
      .split(separator: "\n")
      .map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    #expect(objects.count == 8)
    for (object, report) in zip(objects, reports) {
      let kernels = try #require(object?["kernels"] as? String)
      #expect(kernels == loop.trainer.kernels)
      let object = try #require(object).compactMapValues { $0 as? Double }
      #expect(object["step"] == Double(report.step))
      // Foundation's reader is off in the last digit.
      #expect(abs(try #require(object["loss"]) - report.loss) < 1e-14)
      #expect(abs(try #require(object["grad_norm"]) - report.gradientNorm) < 1e-14)
      #expect(object["lr"] == report.rate)
      #expect(try #require(object["tokens_per_s"]) > 0)
      #expect((object["val_loss"] != nil) == report.step.isMultiple(of: 4))
    }
  }

  @Test func aTrainingIsNotWrittenOver() throws {
    let scratch = try Scratch()
    var loop = try Self.setups[0].loop(scratch.path("out"), steps: 2)
    _ = try loop.run(unless: { false }, on: { _, _ in })
    #expect(throws: TrainingFolderProblem.alreadyThere(folder: scratch.path("out"), step: 2)) {
      try Self.setups[0].loop(scratch.path("out"), steps: 2)
    }
  }

  @Test func anotherTrainingIsNotGoneOnWith() throws {
    let scratch = try Scratch()
    var loop = try Self.setups[0].loop(scratch.path("out"), steps: 2)
    _ = try loop.run(unless: { false }, on: { _, _ in })
    var other = Self.setups[0]
    other.rate = 0.02
    #expect(throws: OtherSetting("lr", then: "0.01", now: "0.02")) {
      try other.loop(scratch.path("out"), steps: 4, resumes: true)
    }
  }

  @Test(arguments: [false, true])
  func aLossThatRunsAwayStopsAndNamesTheFirstBadValue(isThere: Bool) throws {
    let scratch = try Scratch()
    if isThere { try AtomicFile.makeFolder(scratch.path("out")) }
    var setup = Self.setups[0]
    setup.rate = 1e38
    var loop = try setup.loop(scratch.path("out"), steps: 20)
    var good = 0
    do {
      _ = try loop.run(
        unless: { false },
        on: { event, _ in
          if case .step = event { good += 1 }
        }
      )
      Issue.record("the loss stayed finite")
    } catch let TrainingProblem.notFinite(step, value, _, isClipped, saved) {
      #expect(step == good + 1)
      // Of a checkpoint that is not there nobody speaks.
      #expect(isClipped && saved == nil)
      #expect(value.hasPrefix("blocks.0") || value.hasPrefix("grad"), "\(value)")
    }
    // A model that has learned nothing is not what was asked for.
    #expect(TextFile.exists(scratch.path("out")) == isThere)
    #expect(!TextFile.exists(scratch.path("out/config.json")))
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    func hash() throws -> UInt64 {
      var trainer = try Self.setups[1].trainer()
      for _ in 0..<5 { _ = try trainer.step() }
      return try trainer.stateHash
    }
    #expect(try hash() == hash())
  }

  @Test func damagedCheckpointsAreRefused() throws {
    let scratch = try Scratch()
    let setup = Self.setups[0]
    var loop = try setup.loop(scratch.path("out"), steps: 2)
    _ = try loop.run(unless: { false }, on: { _, _ in })
    let path = Checkpoint.path(in: scratch.path("out"))
    let whole = try [UInt8](Data(contentsOf: URL(filePath: path)))
    var refused = 0
    for round in 0..<400 {
      try Data(mutated(whole, upTo: 1_500, round, seed: 9)).write(to: URL(filePath: path))
      do {
        _ = try setup.loop(scratch.path("out"), steps: 4, resumes: true)
      } catch let problem as any Problem {
        #expect(!problem.message.it.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 300)
  }
}

/// Folders and logs of trainings that are there already.
struct TrainingFolderTests {
  private func refusal(
    _ path: String,
    model: String? = nil,
    _ intent: TrainingFolder.Intent
  ) -> TrainingFolderProblem? {
    do {
      _ = try TrainingFolder(path, model: model, intent)
      return nil
    } catch {
      return error as? TrainingFolderProblem
    }
  }

  @Test func modelsOfOthersAreRefusedAndStay() throws {
    let scratch = try Scratch()
    let files = [("hf", "config.json"), ("bin", "pytorch_model.bin"), ("st", "a.safetensors")]
    for (name, file) in files {
      let folder = scratch.path(name)
      try AtomicFile.makeFolder(folder)
      try AtomicFile.write([1], to: "\(folder)/\(file)")
      #expect(refusal(folder, .begin) == .otherModel(folder: folder))
      #expect(refusal(folder, .resume) == .nothingToResume(folder: folder, holdsModel: true))
      #expect(refusal(folder, .replace) == nil)
      #expect(symlink(folder, folder + "-link") == 0)
      for model in [folder + "/", folder + "/../" + name, folder + "-link"] {
        #expect(refusal(folder, model: model, .begin) == .sameAsModel(folder: folder))
      }
      #expect(try scratch.read("\(name)/\(file)") == [1])
    }
    let missing = scratch.path("missing")
    #expect(refusal(missing, .resume) == .nothingToResume(folder: missing, holdsModel: false))
    #expect(refusal(missing, .begin) == nil)
    // Nothing was written, so nothing stays.
    #expect(!TextFile.exists(missing))
  }

  @Test func whatWasStoppedBeforeItsFirstSaveMayBeginAgain() throws {
    let scratch = try Scratch()
    let folder = scratch.path("out")
    try AtomicFile.makeFolder(folder)
    let choices = [TrainingRecipe.Choice("--text", ["/a b", "/c"]), .init("--resume", [])]
    var recipe = TrainingRecipe(choices, texts: [7])
    recipe.log = .max
    try recipe.write(folder: folder)
    try AtomicFile.write([1], to: "\(folder)/model.safetensors")
    #expect(refusal(folder, .begin) == nil)
    #expect(try TrainingFolder(folder, .resume).recipe == recipe)
    var bytes = try scratch.read("out/training.json")
    bytes[40] ^= 1
    try AtomicFile.write(bytes, to: "\(folder)/training.json")
    #expect(throws: FileProblem.self) { try TrainingFolder(folder, .resume) }
  }

  @Test func theLogOfAnotherTrainingIsNotCut() throws {
    let scratch = try Scratch()
    let path = scratch.path("log.jsonl")
    let line = #"{"step":1,"loss":2.5,"grad_norm":1,"lr":1,"tokens_per_s":1}"# + "\n"
    func open(_ text: String, _ place: TrainingLog.Place) throws -> String {
      try Data(text.utf8).write(to: URL(filePath: path))
      _ = try TrainingLog(path: path, at: place)
      return try String(contentsOfFile: path, encoding: .utf8)
    }
    let other = TrainingFolderProblem.otherLog(file: path, isLog: true)
    #expect(throws: other) { try open(line, .init(steps: 0)) }
    #expect(throws: other) { try open(line, .init(steps: 1, loss: "2.25")) }
    #expect(throws: TrainingFolderProblem.otherLog(file: path, isLog: false)) {
      try open("Il gatto dorme.\n", .init(steps: 0, replaces: true))
    }
    #expect(try open(line, .init(steps: 0, replaces: true)).isEmpty)
    #expect(try open(line + line.dropLast(9), .init(steps: 1, loss: "2.5")) == line)
    #expect(try open(String(line.dropLast(9)), .init(steps: 0)).isEmpty)
  }

  @Test func anyFlippedByteOfACheckpointIsNoticed() throws {
    let scratch = try Scratch()
    var loop = try TrainerTests.setups[0].loop(scratch.path("out"), steps: 1)
    _ = try loop.run(unless: { false }, on: { _, _ in })
    let path = Checkpoint.path(in: scratch.path("out"))
    let whole = try scratch.read("out/checkpoint.safetensors")
    var random = RandomSource(seed: 3)
    for number in 0..<200 {
      var bytes = whole
      // The header, which holds the fingerprint itself, and everything.
      let place = Int(random.next() % UInt64(number < 100 ? min(bytes.count, 3000) : bytes.count))
      bytes[place] ^= UInt8(1 << (random.next() % 8))
      try Data(bytes).write(to: URL(filePath: path))
      #expect(throws: (any Error).self, "byte \(place)") {
        try Checkpoint(folder: scratch.path("out"))
      }
    }
    try Data(whole).write(to: URL(filePath: path))
    #expect(try Checkpoint(folder: scratch.path("out")).isSealed)
  }
}

struct TokenBlocksTests {
  @Test(arguments: [1, 2, 3, 7, 64, 65, 1000])
  func aShuffleHasEveryNumberOnce(count: Int) {
    let shuffle = Shuffle(count: count, seed: 3)
    #expect(Set((0..<count).map { shuffle[$0] }) == Set(0..<count))
    let other = Shuffle(count: count, seed: 4)
    #expect(count < 64 || (0..<count).contains { shuffle[$0] != other[$0] })
  }

  @Test func anEpochShowsEveryBlockOnceAndTargetsAreShifted() {
    let tokens = (0..<61).map(Int32.init)
    let blocks = TokenBlocks(tokens, rows: 3, length: 5, seed: 1)
    #expect(blocks.count == 12)
    var seen: [Int32] = []
    for round in 0..<4 {
      let batch = blocks.batch(round)
      #expect(batch.targets == batch.inputs.map { $0 + 1 })
      seen += batch.inputs
    }
    #expect(seen.sorted() == tokens.dropLast())
    // The next epoch has another order.
    #expect(blocks.batch(4) != blocks.batch(0))
    #expect(blocks.batch(2) == blocks.batch(2))
  }
}
