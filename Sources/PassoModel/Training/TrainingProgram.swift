// SPDX-License-Identifier: MIT

import PassoEngine

/// Equal to itself only, however often it is copied.
package final class ProgramIdentity: Sendable, Equatable {
  package static func == (left: ProgramIdentity, right: ProgramIdentity) -> Bool { left === right }
}

/// The program of one training step: forward, loss, backward, update.
///
/// Teaching and training execute the same one. Where an update takes several rounds, all but the
/// last end early, once they are joined to the means over the rounds.
package struct TrainingProgram: Sendable {
  /// Tells this program from every other: what is remembered by the places of its values dies with
  /// it.
  package let identity = ProgramIdentity()

  package let program: Program
  package let configuration: ModelConfiguration
  package let optimizer: Optimizer
  package let mask: MaskKind

  /// Whether targets weigh differently.
  package let weighsTargets: Bool

  /// Heads whose output is replaced by zeros.
  package let ablatedHeads: Set<HeadAddress>

  /// What one round works on.
  package let batch: BatchShape

  /// What a round hands to the next one, and an update to the next.
  package let carried: CarriedState

  /// Steps of a round that is not the last of its update.
  package var roundLength: Int { carried.roundLength }

  /// Writes the program.
  ///
  /// - Throws: `ShapeProblem` if the sizes of the configuration do not fit each other.
  package init(
    _ configuration: ModelConfiguration,
    batch: BatchShape,
    mask: MaskKind = .causal,
    weighsTargets: Bool = false,
    ablatedHeads: Set<HeadAddress> = [],
    optimizer: Optimizer
  ) throws(ShapeProblem) {
    var builder = ProgramBuilder()
    let transformer = Transformer(
      configuration,
      batch: batch,
      mask: mask,
      weighsTargets: weighsTargets,
      ablatedHeads: ablatedHeads,
      dropout: configuration.dropout
    )
    let loss = try transformer.write(into: &builder)
    try builder.appendGradients(of: loss)
    try builder.appendUpdate(optimizer, of: configuration.parameterSpecs)
    let program = builder.program
    self.program = program
    self.configuration = configuration
    self.optimizer = optimizer
    self.mask = mask
    self.weighsTargets = weighsTargets
    self.ablatedHeads = ablatedHeads
    self.batch = batch
    carried = CarriedState(program)
  }

  /// Steps of one whole update.
  package var stepCount: Int { (optimizer.rounds - 1) * roundLength + program.steps.count }

  /// The step of the program that comes at a position of an update.
  package func step(at position: Int) -> Int {
    position - min(position / roundLength, optimizer.rounds - 1) * roundLength
  }

  /// The loss of an update, once its last round is done: the mean over the targets of all of them.
  var updateLoss: ValueName {
    optimizer.rounds == 1 ? .model(.loss) : .derived(.roundMean, of: .model(.loss)).next
  }

  /// What has to be known of a run to go on with it: parameters, the optimizer's memory, settings.
  package var stateIDs: [ValueID] { carried.stateIDs }

  /// The learning rate that is chosen: the peak where a schedule makes the rate of each update.
  var chosenRate: ValueName { .optimizer(optimizer.schedule.isScheduled ? .peakRate : .rate) }

  /// Whether a number is chosen; one that the program lacks, or computes as a schedule does, is
  /// not.
  func isSetting(_ name: ValueName) -> Bool {
    program.id(of: name).map { program[$0].producer == nil } ?? false
  }
}
