// SPDX-License-Identifier: MIT

import PassoText

/// How the learning rate changes from update to update: up in a warm-up, then down to a floor.
///
/// Source: Goyal et al. 2017, arXiv:1706.02677, section 2.2 (warm-up); Loshchilov and Hutter 2016,
/// arXiv:1608.03983, equation 5 (cosine); Hu et al. 2024, arXiv:2404.06395, section 4.2
/// (trapezoid).
package struct RateSchedule: Hashable, Sendable {
  /// The way down.
  package enum Decay: String, CaseIterable, Sendable {
    /// None: the rate stays at its peak.
    case constant
    /// Half a wave of the cosine.
    case cosine
    /// A straight line.
    case linear
    /// None for the first three fifths of all updates, then a straight line.
    case trapezoid
  }

  /// The way down.
  package var decay: Decay

  /// Updates on the way up: update t of them has t/warmup of the peak.
  package var warmup: Int

  /// The number of the last update, where the floor is reached.
  package var updates: Int

  /// The part of the peak that is left at the end, from 0 to 1.
  package var floor: Double

  /// The peak at every update.
  package static let constant = RateSchedule(decay: .constant, warmup: 0, updates: 1, floor: 0)

  /// A schedule from its parts.
  package init(decay: Decay, warmup: Int, updates: Int, floor: Double) {
    self.decay = decay
    self.warmup = warmup
    self.updates = updates
    self.floor = floor
  }

  /// The part of all updates before a trapezoid falls.
  private static let plateau = 0.6

  /// The part of the peak that is in force at an update.
  ///
  /// - Parameter t: The number of the update, from 1.
  /// - Returns: From 0 to 1.
  package func factor(at t: Double) -> Double {
    if t < Double(warmup) { return t / Double(warmup) }
    let length = Double(updates - warmup)
    let progress = length > 0 ? min(max((t - Double(warmup)) / length, 0), 1) : 1
    switch decay {
    case .constant: return 1
    case .linear: return floor + (1 - floor) * (1 - progress)
    case .trapezoid:
      let start = Self.plateau * Double(updates)
      let fall = (t - start) / max(Double(updates) - start, 1)
      return floor + (1 - floor) * (1 - min(max(fall, 0), 1))
    case .cosine: return floor + (1 - floor) * (1 + Double.cosine(.pi * progress)) / 2
    }
  }
}

/// The learning rate of one update, by a schedule.
package struct ScheduledRate: Op {
  package static let card = OpCard(
    name: "scheduled_rate",
    inputs: [.fixed("peak", "[]"), .fixed("t", "[]")],
    output: "[]",
    formula: Bilingual(
      it: "lr = peak * (t / warmup finché t < warmup, poi da 1 in giù fino al minimo)",
      en: "lr = peak * (t / warmup while t < warmup, then from 1 down to the floor)"
    ),
    summary: Bilingual(
      it: "sceglie il learning rate di questo aggiornamento: sale piano all'inizio, quando i"
        + " gradienti sono ancora caotici, e poi scende, per fermarsi con precisione",
      en: "chooses the learning rate of this update: it rises slowly at first, while gradients are"
        + " still wild, and then falls, to settle precisely"
    ),
    source: "Loshchilov, Hutter 2016, arXiv:1608.03983, eq. 5"
  )

  package static let examples = [
    OpExample(
      ScheduledRate(RateSchedule(decay: .cosine, warmup: 4, updates: 12, floor: 0)),
      [Tensor(scalar: 8), Tensor(scalar: 2)],
      gives: [4]
    ),
    OpExample(
      ScheduledRate(RateSchedule(decay: .cosine, warmup: 4, updates: 12, floor: 0)),
      [Tensor(scalar: 8), Tensor(scalar: 8)],
      gives: [4]
    ),
    OpExample(
      ScheduledRate(RateSchedule(decay: .linear, warmup: 0, updates: 10, floor: 0.5)),
      [Tensor(scalar: 8), Tensor(scalar: 5)],
      gives: [6]
    ),
    OpExample(
      ScheduledRate(RateSchedule(decay: .trapezoid, warmup: 2, updates: 10, floor: 0)),
      [Tensor(scalar: 8), Tensor(scalar: 6)],
      gives: [8]
    ),
    OpExample(
      ScheduledRate(RateSchedule(decay: .trapezoid, warmup: 2, updates: 10, floor: 0)),
      [Tensor(scalar: 8), Tensor(scalar: 9)],
      gives: [2]
    ),
  ]

  let schedule: RateSchedule

  package init(_ schedule: RateSchedule) { self.schedule = schedule }

  package var settings: [String] {
    var parts = [schedule.decay.rawValue]
    if schedule.warmup > 0 { parts.append("warmup \(schedule.warmup)") }
    guard schedule.decay != .constant else { return parts }
    return parts + ["updates \(schedule.updates)", "floor \(NumberText.code(schedule.floor))"]
  }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs.allSatisfy({ $0.rank == 0 }) else {
      throw Self.needs(it: "due numeri", en: "two numbers", found: inputs)
    }
    return .scalar
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    operands.output[0] = operands.scalar(0) * S(schedule.factor(at: Double(operands.scalar(1))))
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    .decided(scope[0, 0] * .number(schedule.factor(at: scope.value(1, 0))), by: [scope[1, 0]])
  }
}
