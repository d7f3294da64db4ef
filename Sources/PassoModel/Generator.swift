// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// Makes text token by token, with a cache of keys and values: each new token costs one pass over
/// the weights, whatever came before it.
///
/// A class, because the caches are one place in memory that every token is added to.
package final class Generator {
  package let configuration: ModelConfiguration

  /// Tokens that were read so far.
  package private(set) var position = 0

  /// Whether the first tokens of the latest text had to be left out so that it could go on.
  package internal(set) var hasSlid = false

  private let engine: any GenerationEngine

  /// The most tokens that one pass reads; a longer prompt takes several.
  private static let longestPass = 64

  /// Prepares generation with a model.
  ///
  /// - Parameters:
  ///   - configuration: The model.
  ///   - precision: In f32 the fast form runs, in f64 the readable one.
  ///   - threads: How many threads share the work; the result does not depend on it.
  ///   - load: Calls back with each parameter's name and numbers.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if weights and caches do not fit into memory,
  ///   or what `load` throws.
  package init(
    _ configuration: ModelConfiguration,
    precision: Precision,
    threads: Int = 1,
    load: ((ValueName, Tensor) throws -> Void) throws -> Void
  ) throws {
    self.configuration = configuration
    let programs = DecoderPrograms(configuration: configuration)
    switch try ExecutionForm(programs.program(length: 1), precision) {
    case .fast(let fast): engine = try FastGeneration(programs, fast, threads: threads)
    case .readable: engine = try ReadableGeneration(programs, precision: precision)
    }
    try load { engine.set($0, to: $1) }
  }

  /// Prepares generation with parameters that are at hand.
  ///
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if weights and caches do not fit into memory.
  package convenience init(
    _ configuration: ModelConfiguration,
    parameters: Parameters,
    precision: Precision,
    threads: Int = 1
  ) throws {
    try self.init(configuration, precision: precision, threads: threads) { set in
      for (name, tensor) in parameters { try set(name, tensor) }
    }
  }

  /// How many more tokens can be read.
  package var room: Int { configuration.contextLength - position }

  /// Forgets what was read.
  package func reset() { position = 0 }

  /// Reads tokens after those before, and gives the logits of the token that follows the last.
  ///
  /// - Parameter tokens: From 1 to `room` ids below the vocabulary size.
  /// - Returns: A number for each token of the vocabulary.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed.
  package func read(_ tokens: [Int32]) throws -> [Double] {
    precondition((1...room).contains(tokens.count), "\(tokens.count) tokens for \(room) places")
    var rest = tokens[...]
    var logits: [Double] = []
    while !rest.isEmpty {
      let part = rest.prefix(Self.longestPass)
      // Prompts have many lengths. Only the pass of a single token comes again and again, and those
      // of a whole context, which a text that has outgrown it reads for every token.
      let isKept = [1, Self.longestPass, configuration.contextLength % Self.longestPass]
        .contains(part.count)
      logits = try engine.read(Array(part), known: position, keep: isKept)
      position += part.count
      rest = rest.dropFirst(part.count)
    }
    return logits
  }
}

/// A decoder with its caches: what a generator needs of it.
private protocol GenerationEngine: AnyObject {
  func set(_ name: ValueName, to tensor: Tensor)

  /// Reads tokens after those that are known; `keep` says whether as many will be read again.
  func read(_ tokens: [Int32], known: Int, keep: Bool) throws -> [Double]
}

/// The programs of generation, one for each number of new tokens.
private struct DecoderPrograms {
  let configuration: ModelConfiguration

  func program(length: Int) throws(ShapeProblem) -> Program {
    var builder = ProgramBuilder()
    let batch = BatchShape(rows: 1, length: length)
    _ = try Transformer(configuration, batch: batch, mask: .causal)
      .writeDecoder(into: &builder, capacity: configuration.contextLength)
    return builder.program
  }
}

/// The fast form: one execution for each number of new tokens, all on the same weights and caches.
private final class FastGeneration: GenerationEngine {
  private let programs: DecoderPrograms
  private let single: FastExecution
  private var others: [Int: FastExecution] = [:]

  init(
    _ programs: DecoderPrograms,
    _ fast: FastProgram,
    threads: Int
  ) throws(ExecutionProblem) {
    self.programs = programs
    single = try FastExecution(fast, threads: threads)
  }

  func set(_ name: ValueName, to tensor: Tensor) { single.set(name, to: tensor) }

  func read(_ tokens: [Int32], known: Int, keep: Bool) throws -> [Double] {
    let execution = try execution(tokens.count, keep: keep)
    return execution.read(tokens: tokens, known: known).map(Double.init)
  }

  private func execution(_ length: Int, keep: Bool) throws -> FastExecution {
    if length == 1 { return single }
    if let known = others[length] { return known }
    let program = try Lowering.lower(programs.program(length: length))
    let execution = try FastExecution(program, sharing: single)
    if keep { others[length] = execution }
    return execution
  }
}

/// The readable form, step by step.
private final class ReadableGeneration: GenerationEngine {
  private let programs: DecoderPrograms
  private let shared: SharedValues
  private var executions: [Int: Execution] = [:]

  init(_ programs: DecoderPrograms, precision: Precision) throws(ExecutionProblem) {
    self.programs = programs
    let configuration = programs.configuration
    let cache = Shape(
      (.batch, 1),
      (.key, configuration.contextLength),
      (.head, configuration.keyHeadCount),
      (.headDim, configuration.headWidth)
    )
    let caches = (0..<configuration.layerCount).flatMap { block in
      [AttentionPart.cacheK, .cacheV].map { (ValueName.block(block, .attention($0)), cache) }
    }
    let weights = configuration.parameterSpecs.map { ($0.name, $0.shape) }
    shared = try SharedValues(
      (weights + caches).map { (name: $0.description, shape: $1) },
      precision: precision
    )
  }

  func set(_ name: ValueName, to tensor: Tensor) { shared.set(name.description, to: tensor) }

  func read(_ tokens: [Int32], known: Int, keep: Bool) throws -> [Double] {
    var execution = try executions.removeValue(forKey: tokens.count) ?? prepare(tokens.count)
    try execution.set(
      execution.id(of: .model(.tokens)),
      to: Tensor(Shape((.batch, 1), (.position, tokens.count)), tokens)
    )
    try execution.set(execution.id(of: .model(.start)), to: Tensor(scalar: Double(known)))
    try execution.complete()
    let logits = execution.tensor(.model(.logits))?.doubles ?? []
    if keep { executions[tokens.count] = execution }
    return logits
  }

  private func prepare(_ length: Int) throws -> Execution {
    try Execution(
      programs.program(length: length),
      precision: shared.precision,
      sharing: shared
    )
  }
}
