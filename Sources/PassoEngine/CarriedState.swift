// SPDX-License-Identifier: MIT

/// What a training program carries on: from one round to the next, and from one update to the next.
package struct CarriedState: Sendable {
  /// What has to be known of a training to go on with it: parameters, the optimizer's memory,
  /// settings.
  package let stateIDs: [ValueID]

  /// Each value that an update renews: `next.NAME` becomes `NAME`.
  package let stateUpdates: [(from: ValueID, to: ValueID)]

  /// The same for the means over the rounds done, and for how many targets they are of: they begin
  /// at 0 with each update.
  package let roundUpdates: [(from: ValueID, to: ValueID)]

  /// Rounds of forward and backward that one update takes.
  package let rounds: Int

  /// Steps of a round that is not the last of its update.
  package let roundLength: Int

  /// Reads it from a program; one that learns nothing carries nothing.
  package init(_ program: Program) {
    let means = Set(
      program.steps.lazy.filter { $0.op is any RoundCountingOp || $0.op is AccumulateMean }
        .map { $0.inputs[0] }
    )
    let pairs = program.inputs.compactMap { to in
      program.id(of: Derivation.next.name(of: program[to].name)).map { (from: $0, to: to) }
    }
    stateIDs = program.inputs.filter { program[$0].role != .data && !means.contains($0) }
    stateUpdates = pairs.filter { !means.contains($0.to) }
    roundUpdates = pairs.filter { means.contains($0.to) }
    rounds = program.rounds
    roundLength =
      roundUpdates.compactMap { program[$0.from].producer }.max().map { $0 + 1 }
      ?? program.steps.count
  }
}

extension Program {
  /// Rounds of forward and backward that one update takes.
  var rounds: Int { steps.lazy.compactMap { ($0.op as? any RoundCountingOp)?.rounds }.first ?? 1 }
}
