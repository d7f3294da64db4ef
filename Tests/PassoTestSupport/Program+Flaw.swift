// SPDX-License-Identifier: MIT

import PassoEngine

extension Program {
  /// What is wrong with the list, in words; nil for every program that a builder made.
  ///
  /// Re-derives what the builder promised: values are read after they are written, every shape is
  /// the one that the op's rule gives, and phases follow each other.
  package func flaw() -> String? {
    var phase = Phase.forward
    for (index, step) in steps.enumerated() {
      if step.phase < phase { return "step \(index) goes back to phase \(step.phase)" }
      phase = step.phase
      for input in step.inputs where (self[input].producer ?? -1) >= index {
        return "step \(index) reads \(self[input].name) before it is written"
      }
      if self[step.output].producer != index { return "step \(index) does not own its output" }
      let shape = try? step.op.outputShape(step.inputs.map { self[$0].shape })
      if shape != self[step.output].shape {
        return "step \(index) should give \(self[step.output].shape)"
      }
    }
    return nil
  }
}
