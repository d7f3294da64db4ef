// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import PassoText

/// Watches a move from step to step, and says when it has to stop.
///
/// A class, because the move asks it and tells it things through two closures.
package final class StopControl {
  /// Why a move stopped.
  package enum Reason {
    case breakpoint(name: String, hits: Int)
    case watch(text: String, before: Tensor, after: Tensor)
    case notFinite(name: String)
  }

  package private(set) var stops: Stops
  package private(set) var reasons: [Reason] = []

  /// Problems of expressions, each of which is asked no more.
  package private(set) var failures: [any Problem] = []

  // Only what names and shapes mean is asked of it. A copy costs memory: only if it is needed.
  private let session: Session?
  private let isInterrupted: () -> Bool
  private let watchedNames: [Set<String>]

  package init(_ session: Session, isInterrupted: @escaping () -> Bool) {
    self.session =
      session.view.stops.breakpoints.isEmpty && session.view.stops.watches.isEmpty ? nil : session
    self.isInterrupted = isInterrupted
    stops = session.view.stops
    watchedNames = session.view.stops.watches.map { $0.expression.names(session) }
    let moment = session.timeline.moment
    stops.forgetNumbers(after: moment)
    for index in stops.watches.indices {
      look(index, in: session.timeline.execution, at: moment)
    }
  }

  /// What a move calls after each step; nil if there is nothing to watch.
  package var observer: Timeline.Observer? {
    let isIdle =
      stops.breakpoints.isEmpty && stops.watches.isEmpty && !stops.stopsAtNotFinite
    if isIdle { return nil }
    return { (run: borrowing TrainingRun) in self.stepDone(run) }
  }

  package func shouldStop() -> Bool { !reasons.isEmpty || isInterrupted() }

  private func stepDone(_ run: borrowing TrainingRun) {
    let execution = run.execution
    let moment = Moment(update: run.update, step: run.position)
    let output = run.plan.program[run.plan.program.steps[execution.cursor - 1].output]
    for index in stops.breakpoints.indices
    where output.names.contains(stops.breakpoints[index].name) {
      hit(index, run.update, execution)
    }
    for index in stops.watches.indices where !watchedNames[index].isDisjoint(with: output.names) {
      guard let before = stops.watches[index].last else {
        look(index, in: execution, at: moment)
        continue
      }
      look(index, in: execution, at: moment)
      guard let after = stops.watches[index].last, after != before else { continue }
      let text = stops.watches[index].expression.text
      reasons.append(.watch(text: text, before: before.tensor, after: after.tensor))
    }
    guard stops.stopsAtNotFinite else { return }
    do throws(ExecutionProblem) {
      guard try execution.hasJustLostFiniteness else { return }
      reasons.append(.notFinite(name: output.name))
    } catch { failures.append(error) }
  }

  private func hit(_ index: Int, _ update: Int, _ execution: Execution) {
    guard !stops.breakpoints[index].isDisabled else { return }
    stops.breakpoints[index].hits += 1
    let breakpoint = stops.breakpoints[index]
    if let condition = breakpoint.condition, let session {
      let numbers = [
        "hits": Double(breakpoint.hits), "update": Double(update),
        "step": Double(execution.cursor),
      ]
      do {
        let value = try condition.value(in: execution, of: session, numbers: numbers)
        guard value.tensor.doubles.allSatisfy({ $0 != 0 && !$0.isNaN }) else { return }
      } catch {
        guard let problem = error as? any Problem, !Self.isNotComputed(problem) else { return }
        failures.append(problem)
        stops.breakpoints[index].isDisabled = true
        return
      }
    }
    reasons.append(.breakpoint(name: breakpoint.name, hits: breakpoint.hits))
  }

  private func look(_ index: Int, in execution: Execution, at moment: Moment) {
    guard !stops.watches[index].isDisabled, let session else { return }
    do {
      let value = try stops.watches[index].expression.value(in: execution, of: session)
      stops.watches[index].last = value
      stops.watches[index].moment = moment
    } catch {
      guard let problem = error as? any Problem, !Self.isNotComputed(problem) else { return }
      stops.watches[index].isDisabled = true
      failures.append(problem)
    }
  }

  /// What was stopped is not computed either.
  package static func isNotComputed(_ problem: any Problem) -> Bool {
    if problem is Interrupted { return true }
    if let placed = problem as? Placed { return isNotComputed(placed.problem) }
    if case .notComputed? = problem as? ValueProblem { return true }
    return false
  }
}
