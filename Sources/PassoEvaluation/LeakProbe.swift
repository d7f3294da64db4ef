// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import PassoText

/// Runs the forward pass of an execution on other tokens, on a twin that goes up to the logits.
package struct LeakProbe {
  private let runner: ModelRunner
  private let hidesAnswers: Bool
  private let distance: Int
  private let layerCount: Int
  private let vocabularySize: Int

  /// - Throws: `ExecutionProblem` if there is no memory for the values up to the logits.
  package init(
    _ execution: Execution,
    layerCount: Int,
    vocabularySize: Int,
    hidesAnswers: Bool = false,
    distance: Int = 1
  ) throws {
    let position = try execution.position(after: .model(.logits))
    runner = ModelRunner(try execution.beginning(to: position))
    (self.hidesAnswers, self.distance) = (hidesAnswers, distance)
    self.layerCount = layerCount
    self.vocabularySize = vocabularySize
  }

  /// Replaces every token in turn, see `LeakCheck`.
  ///
  /// - Parameter shouldStop: Asked before each forward pass.
  /// - Returns: What was found; nil if it was stopped.
  /// - Throws: `Interrupted` if a stop was requested, or `ExecutionProblem.refused`.
  package func report(unless shouldStop: () -> Bool) throws -> LeakReport? {
    var check = LeakCheck(
      tokens: try value(.tokens),
      targets: try value(.targets),
      mask: try value(.mask),
      layerCount: layerCount,
      vocabularySize: vocabularySize
    )
    (check.hidesAnswers, check.distance) = (hidesAnswers, distance)
    return try check.report(unless: shouldStop) { tokens in
      try runner.set(.model(.tokens), to: tokens)
      return try value(.logits)
    }
  }

  /// A value, computed if it is not yet.
  private func value(_ part: ModelPart) throws -> Tensor {
    let name = ValueName.model(part)
    // The logits of before and after are there at once, and one of them is copied for the check.
    try MemoryRoom.check(3 * runner.shape(of: name).count * MemoryLayout<Double>.stride)
    if let tensor = try runner.value(name) { return tensor }
    try runner.run(to: name)
    return try runner.computed(name)
  }
}
