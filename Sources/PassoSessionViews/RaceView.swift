// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoSession
import PassoText
import PassoView

/// Shows a race: a curve for each lane, where each ended, and in what they differ first.
package struct RaceView {
  private let race: Race

  package init(_ race: Race) {
    self.race = race
  }

  /// How far a race is, for a line that is written over.
  package static func progress(_ race: Race, of count: Int) -> Bilingual {
    LossView.progress(done: race.count, of: count, loss: nil)
  }

  /// One picture, with what the loss can be measured against.
  package var curves: Figure {
    .curve(
      CurveFigure(
        title: Bilingual(
          it: "loss per aggiornamento, una curva per ogni \(race.subject.name)",
          en: "loss by update, a curve for each \(race.subject.name)"
        ),
        horizontal: Bilingual(it: "aggiornamento", en: "update"),
        start: 0,
        series: race.lanes.map { lane in
          CurveFigure.Series(Bilingual(same: "\(lane.name) (\(lane.word))"), losses(lane))
        },
        references: race.lanes.first.map { LossView($0.session).references } ?? []
      )
    )
  }

  private func losses(_ lane: Race.Lane) -> [Double] {
    (0..<race.count).map { lane.session.timeline.losses[$0] ?? .nan }
  }

  /// Where each lane began and ended.
  package var table: Figure {
    .table(
      TableFigure(
        columns: [
          .init(it: "corsia", en: "lane"), .init(Bilingual(same: race.subject.name), .right),
          .init(it: "parametri", en: "parameters", .right),
          .init(it: "loss all'inizio", en: "loss at start", .right),
          .init(it: "alla fine", en: "at end", .right),
          .init(it: "minima", en: "best", .right),
        ],
        rows: race.lanes.map(row),
        notes: [stepIn]
      )
    )
  }

  private func row(_ lane: Race.Lane) -> [Bilingual] {
    let losses = losses(lane)
    let numbers = [losses.first, losses.last, losses.filter(\.isFinite).min()].map { number in
      guard let number else { return Bilingual(same: "–") }
      return NumberText.fixed(number, 4)
    }
    let count = NumberText.count(lane.session.configuration.parameterCount)
    return .same([lane.name, lane.word, count]) + numbers
  }

  private var stepIn: Bilingual {
    let name = race.lanes.last?.name ?? ""
    return Bilingual(
      it: "ogni corsia è una copia: :swap \(name) ci entra, \(name).loss ne legge un valore",
      en: "each lane is a twin: :swap \(name) steps into it, \(name).loss reads a value of it"
    )
  }
}

// MARK: - The first difference

extension RaceView {
  /// For each lane after the first, in what it differs from that first; lanes of which the same is
  /// said are named together.
  ///
  /// - Parameter shouldStop: Asked before each step; what is not found until then is not known.
  /// - Returns: A paragraph for each thing that is said.
  /// - Throws: `ExecutionProblem.refused` if there is no memory for copies of two lanes.
  package func differences(unless shouldStop: () -> Bool) throws -> Figure {
    guard let first = race.lanes.first else { return .line() }
    var found: [(names: [String], text: Bilingual)] = []
    for lane in race.lanes.dropFirst() {
      let known = try difference(first, lane, unless: shouldStop)
      let text = known ?? Self.notCompared
      if let index = found.firstIndex(where: { $0.text == text }) {
        found[index].names.append(lane.name)
      } else {
        found.append(([lane.name], text))
      }
    }
    return .text(
      TextFigure(
        found.map { names, text in
          let names = names.joined(separator: ", ")
          let pair = Bilingual(it: "\(first.name) e \(names): ", en: "\(first.name) and \(names): ")
          return .init(pair + text)
        }
      )
    )
  }

  private static let notCompared = Bilingual(
    it: "non confrontate, fermato prima",
    en: "not compared, stopped before"
  )

  /// What is said of two lanes; nil if it was told to stop before it knew.
  private func difference(
    _ left: Race.Lane,
    _ right: Race.Lane,
    unless shouldStop: () -> Bool
  ) throws -> Bilingual? {
    let (one, other) = (left.session.timeline, right.session.timeline)
    let difference = try TimelineDifference.between(one, other, unless: shouldStop)
    if difference == nil, shouldStop() { return nil }
    let names = [left, right].map { $0.session.timeline.plan.program.names }
    let lack = FirstLack(names[0], names[1])
    if let lack, lack.comesBefore(difference?.first) {
      return lack.isOfRight
        ? Bilingual(
          it: "il primo valore diverso è \(lack.name), che \(right.name) non ha",
          en: "the first value that differs is \(lack.name), which \(right.name) lacks"
        )
        : Bilingual(
          it: "il primo valore diverso è \(lack.name), che \(left.name) non ha",
          en: "the first value that differs is \(lack.name), which \(left.name) lacks"
        )
    }
    if let difference { return Self.said(difference) }
    return Bilingual(
      it: "nessuna differenza, ogni valore è uguale bit per bit",
      en: "no difference, every value is the same bit for bit"
    )
  }

  private static func said(_ difference: TimelineDifference) -> Bilingual {
    let (first, moment) = (difference.first, difference.first.moment)
    let shapes =
      first.left.shape == first.right.shape
      ? "" : ", \(first.left.shape) ≠ \(first.right.shape)"
    let then = difference.others.first
    return Bilingual(
      it: "il primo valore diverso è \(first.name) (aggiornamento \(moment.update), passo"
        + " \(moment.step)\(shapes))" + (then.map { ", poi \($0)" } ?? ""),
      en: "the first value that differs is \(first.name) (update \(moment.update), step"
        + " \(moment.step)\(shapes))" + (then.map { ", then \($0)" } ?? "")
    )
  }
}

/// The first value that one of two programs computes and the other does not.
private struct FirstLack {
  let name: String

  /// Whether the right program lacks it, not the left one.
  let isOfRight: Bool

  /// What both programs have before it.
  private let before: Set<String>

  /// - Parameters:
  ///   - left: The names of one program, in the order of computation.
  ///   - right: Those of the other.
  init?(_ left: [String], _ right: [String]) {
    let (leftNames, rightNames) = (Set(left), Set(right))
    let lackedByRight = left.firstIndex { !rightNames.contains($0) }
    let lackedByLeft = right.firstIndex { !leftNames.contains($0) }
    let isOfRight = (lackedByRight ?? .max) <= (lackedByLeft ?? .max)
    guard let index = isOfRight ? lackedByRight : lackedByLeft else { return nil }
    let names = isOfRight ? left : right
    (name, self.isOfRight, before) = (names[index], isOfRight, Set(names[..<index]))
  }

  func comesBefore(_ difference: TimelineDifference.Difference?) -> Bool {
    guard let difference, before.contains(difference.name) else { return true }
    return false
  }
}
