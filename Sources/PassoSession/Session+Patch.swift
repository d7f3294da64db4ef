// SPDX-License-Identifier: MIT

import PassoEngine
import PassoEvaluation
import PassoModel

// A value of the run, in whose place that of a twin is put.
extension Session {
  /// A value of a twin, for the same value of this run.
  ///
  /// A twin that has not come to it computes it first, on a copy: the twin stays where it is.
  ///
  /// - Parameters:
  ///   - name: The full name.
  ///   - fork: The name of the twin.
  ///   - shouldStop: Asked before each step of the twin.
  /// - Returns: The value, in the shape that it has here.
  /// - Throws: `ForkProblem.unknown` or `.otherShape`, `ExecutionProblem` if the twin does not have
  ///   the value, or `ValueProblem.notComputed` if it was told to stop before.
  package func value(
    of name: String,
    from fork: String,
    unless shouldStop: () -> Bool
  ) throws -> Tensor {
    let other = try forkNamed(fork)
    let id = try other.timeline.execution.id(of: name)
    let (here, there) = (
      timeline.plan.program[try timeline.execution.id(of: name)].shape,
      other.timeline.plan.program[id].shape
    )
    guard here == there else {
      throw ForkProblem.otherShape(value: name, here: here, fork: fork, there: there)
    }
    return try other.reaching(name, unless: shouldStop).tensor(name)
  }

  /// What became of the prediction by a change, and how far it has gone towards that of a twin.
  ///
  /// - Parameters:
  ///   - before: The run before the change.
  ///   - fork: The twin that a value is from.
  ///   - shouldStop: Asked before each step to the logits, where they are not there yet.
  /// - Returns: The change of all answers in the round under way; nil if it was told to stop.
  /// - Throws: `ExecutionProblem` if there is no memory for a copy.
  package func patchEffect(
    since before: Session,
    towards fork: Session,
    unless shouldStop: () -> Bool
  ) throws -> PatchEffect? {
    let logits = ValueName.model(.logits)
    func found(_ session: Session) throws -> Tensor? {
      try session.reaching(logits.description, unless: shouldStop).timeline.execution.tensor(logits)
    }
    var start = before
    // What is given can only be changed from the start of an update on.
    if start.timeline.update < timeline.update {
      try start.timeline.move(to: Moment(update: timeline.update, step: 1), unless: shouldStop)
    }
    guard let old = try found(start), let new = try found(self) else { return nil }
    let targets = start.batch.rows[start.rowsAtWork].flatMap(\.targets)
    return PatchEffect(before: old, after: new, source: try found(fork), targets: targets)
  }

  /// The run, or a copy that has gone on until a value is computed.
  private func reaching(_ name: String, unless shouldStop: () -> Bool) throws -> Session {
    guard !timeline.execution.isComputed(try timeline.execution.id(of: name)) else { return self }
    var copy = self
    try copy.timeline.move(to: position(until: name), unless: shouldStop)
    return copy
  }
}
