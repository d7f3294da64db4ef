// SPDX-License-Identifier: MIT

import PassoEngine

/// The program of one training step: forward, loss, backward, update.
///
/// Teaching and training execute the same one.
package struct TrainingProgram: Sendable {
  package let program: Program
  package let configuration: ModelConfiguration
  package let optimizer: Optimizer
  package let mask: MaskKind
  package let batch: BatchShape

  /// Each value that an update renews: `next.NAME` becomes `NAME`.
  package let renewals: [(from: ValueID, to: ValueID)]

  /// Writes the program.
  ///
  /// - Throws: `ShapeProblem` if the sizes of the configuration do not fit each other.
  package init(
    _ configuration: ModelConfiguration,
    batch: BatchShape,
    mask: MaskKind = .causal,
    optimizer: Optimizer
  ) throws(ShapeProblem) {
    var builder = ProgramBuilder()
    let transformer = Transformer(configuration, batch: batch, mask: mask)
    let loss = try transformer.write(into: &builder)
    try builder.appendGradients(of: loss)
    try builder.appendUpdate(optimizer, of: configuration.parameterSpecs)
    let program = builder.program
    self.program = program
    self.configuration = configuration
    self.optimizer = optimizer
    self.mask = mask
    self.batch = batch
    renewals = program.inputs.compactMap { to in
      program.id(of: "next.\(program[to].name)").map { (from: $0, to: to) }
    }
  }
}
