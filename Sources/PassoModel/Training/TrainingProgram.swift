// SPDX-License-Identifier: MIT

import PassoEngine

/// Equal to itself only, however often it is copied.
package final class ProgramIdentity: Sendable, Equatable {
  package static func == (left: ProgramIdentity, right: ProgramIdentity) -> Bool { left === right }
}

/// The program of one training step: forward, loss, backward, update.
///
/// Teaching and training execute the same one. Where an update takes several rounds, all but the
/// last end early, once their gradients are put aside.
package struct TrainingProgram: Sendable {
  /// Tells this program from every other: what is remembered by the places of its values dies with
  /// it.
  package let identity = ProgramIdentity()

  package let program: Program
  package let configuration: ModelConfiguration
  package let optimizer: Optimizer
  package let mask: MaskKind

  /// Heads whose finds are replaced by zeros.
  package let silenced: Set<HeadAddress>

  /// What one round works on.
  package let batch: BatchShape

  /// Each value that an update renews: `next.NAME` becomes `NAME`.
  package let renewals: [(from: ValueID, to: ValueID)]

  /// The same for what one round hands to the next.
  package let sums: [(from: ValueID, to: ValueID)]

  /// Steps of a round that is not the last of its update.
  package let roundLength: Int

  /// Writes the program.
  ///
  /// - Throws: `ShapeProblem` if the sizes of the configuration do not fit each other.
  package init(
    _ configuration: ModelConfiguration,
    batch: BatchShape,
    mask: MaskKind = .causal,
    silenced: Set<HeadAddress> = [],
    optimizer: Optimizer
  ) throws(ShapeProblem) {
    var builder = ProgramBuilder()
    let transformer = Transformer(
      configuration,
      batch: batch,
      mask: mask,
      silenced: silenced
    )
    let loss = try transformer.write(into: &builder)
    try builder.appendGradients(of: loss)
    try builder.appendUpdate(optimizer, of: configuration.parameterSpecs)
    let program = builder.program
    self.program = program
    self.configuration = configuration
    self.optimizer = optimizer
    self.mask = mask
    self.silenced = silenced
    self.batch = batch
    let pairs = program.inputs.compactMap { to in
      program.id(of: Derivation.next.name(of: program[to].name)).map { (from: $0, to: to) }
    }
    sums = pairs.filter { program.isGradientSum($0.to) }
    renewals = pairs.filter { !program.isGradientSum($0.to) }
    roundLength =
      sums.compactMap { program[$0.from].producer }.max().map { $0 + 1 } ?? program.steps.count
  }

  /// Steps of one whole update.
  package var stepCount: Int { (optimizer.rounds - 1) * roundLength + program.steps.count }

  /// The step of the program that comes at a position of an update.
  package func step(at position: Int) -> Int {
    position - min(position / roundLength, optimizer.rounds - 1) * roundLength
  }

  /// What has to be known of a run to go on with it: parameters, the optimizer's memory, settings.
  package var stateIDs: [ValueID] {
    program.inputs.filter { program[$0].role != .data && !program.isGradientSum($0) }
  }
}

extension Program {
  /// Whether a value is a sum over the rounds of an update, which begins anew with each.
  fileprivate func isGradientSum(_ id: ValueID) -> Bool {
    Derivation.split(self[id].name)?.derivation == .gradientSum
  }
}
