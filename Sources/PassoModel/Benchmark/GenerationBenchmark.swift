// SPDX-License-Identifier: MIT

import PassoEngine

/// Times greedy generation of one text: a prompt in one pass, then token by token with a cache.
package final class GenerationBenchmark {
  /// What was measured.
  package struct Result: Sendable {
    /// Milliseconds of each run, prompt and new tokens.
    package var milliseconds: [Double]

    /// What is new.
    package var tokens: [Int32]
  }

  /// What every text begins with.
  package let prompt: [Int32]

  private let count: Int
  private let generator: Generator

  /// Prepares a workload.
  ///
  /// - Parameters:
  ///   - model: The model, with room for prompt and text.
  ///   - workload: Says how long both are.
  /// - Throws: `ShapeProblem` or `ExecutionProblem` if the model cannot be executed, or what its
  ///   parameters throw.
  package init(_ model: Model, _ workload: Workload) throws {
    prompt = Array(workload.tokens.inputs.prefix(workload.generation.prompt))
    count = min(workload.generation.new, model.configuration.contextLength - prompt.count)
    generator = try Generator(model)
  }

  /// Generates again and again, for some seconds, after two runs of warming up.
  package func run(seconds: Double) throws -> Result {
    let clock = ContinuousClock()
    var tokens = try generate()
    tokens = try generate()
    var times: [Double] = []
    let start = clock.now
    while times.count < 5 || start.duration(to: clock.now) < .seconds(seconds) && times.count < 200
    {
      let begin = clock.now
      tokens = try generate()
      times.append(begin.duration(to: clock.now) / .milliseconds(1))
    }
    return Result(milliseconds: times, tokens: tokens)
  }

  private func generate() throws -> [Int32] {
    generator.reset()
    var tokens: [Int32] = []
    var logits = try generator.read(prompt)
    while tokens.count < count {
      let best = logits.indices.max { logits[$0] < logits[$1] } ?? 0
      tokens.append(Int32(best))
      if tokens.count < count { logits = try generator.read([Int32(best)]) }
    }
    return tokens
  }
}
