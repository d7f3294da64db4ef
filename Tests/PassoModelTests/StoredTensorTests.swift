// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoFiles
import PassoTestSupport
import Synchronization
import Testing

@testable import PassoModel

/// Parameters that are read when a step needs them; counts how often, and can be lost.
struct StoredParameters: ParameterSource {
  private final class Store: Sendable {
    let reads = Mutex<[ValueName: Int]>([:])
    let isLost = Mutex(false)
  }

  private let parameters: Parameters
  private let store = Store()

  init(_ parameters: Parameters) { self.parameters = parameters }

  var reads: [ValueName: Int] { store.reads.withLock { $0 } }

  func lose(_ isLost: Bool) { store.isLost.withLock { $0 = isLost } }

  static let problem = ExecutionProblem.unread(
    UnreadValue(FileProblem.system(.changed, file: "model.safetensors"))
  )

  func eachParameter(
    isNeeded: (ValueName) -> Bool,
    body: (ValueName, Tensor) throws -> Void
  ) throws {
    try parameters.eachParameter(isNeeded: isNeeded, body: body)
  }

  func load(into execution: inout Execution) throws {
    for (name, tensor) in parameters {
      let stored = StoredTensor(
        tensor.shape,
        check: { [store] () throws(ExecutionProblem) in
          if store.isLost.withLock(\.self) { throw Self.problem }
        },
        read: { [store] precision, target in
          store.reads.withLock { $0[name, default: 0] += 1 }
          switch tensor.converted(to: precision).storage {
          case .f32(let numbers): numbers.withUnsafeBytes { target.copyMemory(from: $0) }
          case .f64(let numbers): numbers.withUnsafeBytes { target.copyMemory(from: $0) }
          case .integers: preconditionFailure("parameters are real")
          }
        }
      )
      try execution.set(execution.id(of: name), to: stored)
    }
  }
}

/// Numbers that lie elsewhere are read when they are needed, and not again while somebody has them.
struct StoredTensorTests {
  private static let query = ValueName.block(0, .attention(.weightQ))

  private static func run() throws -> (run: Timeline, store: StoredParameters, plain: Timeline) {
    var store: StoredParameters?
    let run = try HeldValuesTests.timeline(HeldValuesTests.nothingHeld) {
      let parameters = StoredParameters($0)
      store = parameters
      return parameters
    }
    return (run, try #require(store), try HeldValuesTests.timeline(.init()))
  }

  @Test func nothingIsReadBeforeAStepNeedsIt() throws {
    var (run, store, _) = try Self.run()
    #expect(store.reads[Self.query] == nil)
    let embedding = try run.execution.position(after: "embed")
    try run.step(embedding)
    #expect(store.reads[Self.query] == nil && store.reads[.model(.embedding)] == 1)
    try run.step(run.stepCount - embedding)
    #expect(store.reads.values.allSatisfy { $0 == 1 })
    try run.back(run.stepCount)
    _ = try run.train(1)
    #expect(store.reads.values.allSatisfy { $0 == 1 })
  }

  /// The first state lies in the file: what an update has replaced takes no memory.
  @Test func theFirstStateIsReadAgain() throws {
    var (run, store, plain) = try Self.run()
    let first = try run.stateHash
    let kept = run.byteCount.states
    #expect(kept < plain.byteCount.states)
    _ = try run.train(2)
    _ = try plain.train(2)
    #expect(try run.stateHash == plain.stateHash)
    let before = store.reads[Self.query] ?? 0
    try run.move(to: Moment(update: 0, step: 0))
    #expect(try run.stateHash == first)
    try run.step(run.stepCount)
    try plain.move(to: Moment(update: 0, step: plain.stepCount))
    #expect(try run.stateHash == plain.stateHash)
    #expect(store.reads[Self.query] ?? 0 > before)
  }

  @Test func copiesReadOnce() throws {
    var (run, store, _) = try Self.run()
    var copy = run
    _ = try run.train(1)
    try copy.step(copy.stepCount - 1)
    try copy.set("W_E", [0: 9])
    let logits = try run.execution.beginning(to: run.execution.position(after: "logits"))
    #expect(logits.isAtEnd)
    #expect(store.reads[Self.query] == 1 && store.reads[.model(.embedding)] == 1)
    var fresh = try HeldValuesTests.timeline(.init())
    _ = try fresh.train(1)
    #expect(try run.stateHash == fresh.stateHash)
  }

  /// Two runs from the same files are the same, whoever has read them.
  @Test func equalRunsAreEqual() throws {
    var (run, _, plain) = try Self.run()
    _ = try run.train(1)
    _ = try plain.train(1)
    #expect(try TimelineDifference.between(run, plain) == nil)
    try plain.set("W_E", [0: 9])
    #expect(try TimelineDifference.between(run, plain)?.first.name == "W_E")
  }

  /// What cannot be read any more is said, and the run stays where it is.
  @Test func whatIsLostIsRefused() throws {
    var (run, store, plain) = try Self.run()
    store.lose(true)
    #expect(throws: StoredParameters.problem) { try run.step(run.stepCount) }
    #expect(run.moment < Moment(update: 0, step: run.stepCount))
    #expect(throws: StoredParameters.problem) { try run.stateHash }
    store.lose(false)
    _ = try run.train(3)
    let (hash, moment) = (try run.stateHash, run.moment)
    store.lose(true)
    run.limitStates(to: 0)
    #expect(throws: StoredParameters.problem) { try run.move(to: Moment(update: 0, step: 5)) }
    #expect(try run.moment == moment && run.stateHash == hash)
    _ = try run.train(1)
    _ = try plain.train(4)
    #expect(try run.stateHash == plain.stateHash)
  }
}

/// The weights of a folder, read when a step needs them.
struct StoredFolderTests {
  /// Large enough for values with blocks of their own.
  private static let sizes = ModelConfiguration(
    vocabularySize: 300,
    contextLength: 4,
    width: 256,
    layerCount: 1,
    headCount: 2,
    mlpWidth: 300
  )

  private let scratch: Scratch
  private let path: String

  init() throws {
    scratch = try Scratch()
    path = scratch.path("model")
    var description = ModelDescription(Self.sizes)
    description.storage = .bf16
    try ModelFolder.write(
      description,
      try Self.sizes.initialParameters(seed: 1, standardDeviation: 0.3),
      tokenizer: nil,
      to: path
    )
  }

  private func timeline(_ parameters: any ParameterSource) throws -> Timeline {
    let batch = BatchShape(rows: 1, length: 4)
    return try Timeline(
      TrainingRun(
        TrainingProgram(Self.sizes, batch: batch, optimizer: .sgd),
        precision: .f32,
        parameters: parameters,
        batches: FixedBatch(inputs: [1, 2, 3, 4], targets: [2, 3, 4, 5], length: 4, rounds: 1),
        rate: 0.1
      )
    )
  }

  private var weights: URL { URL(filePath: "\(path)/model.safetensors") }

  @Test func theNumbersAreThoseOfTheFile() throws {
    let folder = try ModelFolder(path: path)
    var run = try timeline(folder)
    var whole = try timeline(folder.parameters())
    #expect(run.byteCount.states * 10 < whole.byteCount.states)
    #expect(try run.stateHash == whole.stateHash)
    _ = try run.train(2)
    _ = try whole.train(2)
    #expect(try run.stateHash == whole.stateHash)
    try run.move(to: Moment(update: 0, step: 3))
    try whole.move(to: Moment(update: 0, step: 3))
    #expect(try run.stateHash == whole.stateHash)
  }

  /// Another file in its place, or none, does no harm: the opened one is still there.
  @Test func aFileThatIsReplacedIsStillRead() throws {
    let folder = try ModelFolder(path: path)
    let whole = try timeline(folder.parameters())
    let run = try timeline(folder)
    try Data("something else".utf8).write(to: weights, options: .atomic)
    #expect(try run.stateHash == whole.stateHash)
    try FileManager.default.removeItem(at: weights)
    #expect(try run.stateHash == whole.stateHash)
  }

  @Test func aFileThatIsChangedIsRefused() throws {
    var run = try timeline(ModelFolder(path: path))
    let file = try FileHandle(forUpdating: weights)
    try file.seek(toOffset: try file.seekToEnd() - 2)
    // Not within one tick of the clock.
    Thread.sleep(forTimeInterval: 0.05)
    try file.write(contentsOf: [1, 2])
    try file.close()
    let problem = FileProblem.system(.changed, file: weights.path)
    #expect(throws: ExecutionProblem.unread(UnreadValue(problem))) { try run.step(run.stepCount) }
    let found = #expect(throws: ExecutionProblem.self) { try run.stateHash }
    #expect(found?.place?.file == weights.path && found?.hint != nil)
  }

  /// A number that only 64 bits can hold would be infinite in 32.
  @Test(arguments: [1e300, -3.5e38, 1e39, .infinity])
  func whatIsTooLargeIsRefused(number: Double) throws {
    let wide = scratch.path("wide")
    try FileManager.default.copyItem(atPath: path, toPath: wide)
    let file = try SafetensorsFile(path: weights.path)
    let name = "transformer.wte.weight"
    let tensors = try file.names.map { name in
      OutgoingTensor(
        name: name,
        shape: try #require(file.entry(name)).shape,
        doubles: try file.readDoubles(name)
      )
    }
    try SafetensorsWriter.write(tensors, to: "\(wide)/model.safetensors")
    _ = try timeline(ModelFolder(path: wide))
    let changed = try tensors.map { tensor -> OutgoingTensor in
      guard tensor.name == name else { return tensor }
      var numbers = try file.readDoubles(name)
      numbers[500] = number
      return OutgoingTensor(name: name, shape: tensor.shape, doubles: numbers)
    }
    try SafetensorsWriter.write(changed, to: "\(wide)/model.safetensors")
    let folder = try ModelFolder(path: wide)
    let kind: ModelFolderProblem.Kind =
      number.isFinite ? .tooLarge(tensor: name, index: 500) : .notFinite(tensor: name, index: 500)
    let problem = ModelFolderProblem(kind, file: "\(wide)/model.safetensors")
    #expect(throws: problem) { try timeline(folder) }
    #expect(throws: problem) { try folder.parameters() }
  }

  /// What no step has changed goes to another precision as it stands in the file.
  @Test func anotherPrecisionHasTheNumbersOfTheFile() throws {
    var parameters = try Self.sizes.initialParameters(seed: 1, standardDeviation: 0.3)
    let sharp = parameters.mapValues { $0.converted(to: .f64) }
    parameters = sharp
    let store = StoredParameters(sharp)
    var builder = ProgramBuilder()
    let transformer = Transformer(Self.sizes, batch: BatchShape(rows: 1, length: 4), mask: .causal)
    _ = try transformer.write(into: &builder)
    var single = try Execution(builder.program, precision: .f32)
    try store.load(into: &single)
    var double = try Execution(builder.program, precision: .f64)
    let source = ExecutionParameters(single, of: Self.sizes, isUpdated: false)
    try source.load(into: &double)
    let embedding = try double.id(of: .model(.embedding))
    #expect(try double.tensor(embedding) == sharp[.model(.embedding)])
  }

  /// Numbers that are not finite are found when the folder is opened, wherever they are.
  @Test(arguments: [0, 70_000])
  func whatIsNotFiniteIsFoundAtOnce(index: Int) throws {
    let file = try SafetensorsFile(path: weights.path)
    let entry = try #require(file.entry("transformer.wte.weight"))
    let handle = try FileHandle(forUpdating: weights)
    try handle.seek(toOffset: UInt64(entry.byteRange.lowerBound + 2 * index))
    try handle.write(contentsOf: [0x80, 0x7F])
    try handle.close()
    let problem = ModelFolderProblem(
      .notFinite(tensor: "transformer.wte.weight", index: index),
      file: weights.path
    )
    let folder = try ModelFolder(path: path)
    #expect(throws: problem) { try timeline(folder) }
    #expect(throws: problem) { try folder.parameters() }
  }
}
