// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime

/// What a leak check found: facts; the wording is for those who show it.
package struct LeakReport: Sendable, Equatable {
  /// An output that moves when an input position of its own row is replaced.
  package struct Sighting: Hashable, Sendable {
    package let row: Int
    package let output: Int
    package let position: Int
  }

  /// An output that moves when a position of another row is replaced.
  package struct Crossing: Hashable, Sendable {
    package let row: Int
    package let position: Int
    package let otherRow: Int
    package let output: Int
  }

  /// What is wrong; the first case that a report holds is the gravest.
  package enum Finding: Hashable, Sendable {
    /// The targets of these rows are their inputs, not shifted.
    case notShifted(rows: [Int])
    /// These outputs move with the position that holds their answer.
    case answerVisible([Sighting])
    /// The objective takes answers out of the inputs, but has left these where they were.
    case answerKept([Sighting])
    /// These outputs move with a later position, though it does not hold their answer.
    case futureVisible([Sighting])
    /// Texts that should know nothing of each other.
    case betweenTexts([Crossing])
    /// These outputs move where the mask of all layers leaves no way.
    case pastTheMask([Sighting])
  }

  package let findings: [Finding]

  /// Which outputs move with which inputs, in any row.
  package let influence: SightMatrix

  /// What one layer may see, in any row.
  package let mask: SightMatrix

  /// What may be seen through all layers, in any row.
  package let allowed: SightMatrix

  /// Outputs that never move where the mask would let them: no leak, but worth knowing.
  package let unmoved: [Sighting]

  /// Outputs that are NaN: nothing can be said of them.
  package let notNumbers: [Sighting]

  /// Forward passes that were made.
  package let runCount: Int

  /// Whether some answer can be read.
  package var seesAnswer: Bool { !findings.isEmpty }
}

extension LeakReport {
  init(
    check: LeakCheck,
    rows: [SightMatrix],
    crossings: [Crossing],
    notNumbers: [(row: Int, output: Int)],
    runCount: Int
  ) {
    let length = check.tokens.shape.sizes[1]
    let masks = rows.indices.map { SightMatrix(mask: check.mask, row: $0) }
    let ways = masks.map { $0.throughLayers(check.layerCount) }
    (mask, allowed, influence) = (Self.union(masks), Self.union(ways), Self.union(rows))
    self.notNumbers = notNumbers.map { Sighting(row: $0.row, output: $0.output, position: 0) }
    self.runCount = runCount
    let answers = rows.indices.map { AnswerPlaces(check, row: $0) }
    let silent = Set(self.notNumbers.map { [$0.row, $0.output] })
    var unmoved: [Sighting] = []
    var past: [Sighting] = []
    var seen: [Sighting] = []
    var future: [Sighting] = []
    var kept: [Sighting] = []
    for (row, sight) in rows.enumerated() {
      for output in 0..<length where !silent.contains([row, output]) {
        for position in 0..<length {
          let sighting = Sighting(row: row, output: output, position: position)
          guard sight[output, position] else {
            if ways[row][output, position] { unmoved.append(sighting) }
            continue
          }
          if !ways[row][output, position] { past.append(sighting) }
          if position == output, answers[row].isKept(output) {
            kept.append(sighting)
          } else if answers[row].places[output] == position {
            seen.append(sighting)
          } else if answers[row].asksForNext(output), position > output {
            future.append(sighting)
          }
        }
      }
    }
    self.unmoved = check.vocabularySize > 1 ? unmoved : []
    let unshifted = rows.indices.filter { answers[$0].shift == 0 }
    seen.removeAll { answers[$0.row].shift == 0 && $0.position == $0.output }
    var found: [Finding] = []
    if !unshifted.isEmpty { found.append(.notShifted(rows: unshifted)) }
    if !seen.isEmpty { found.append(.answerVisible(seen)) }
    if !kept.isEmpty { found.append(.answerKept(kept)) }
    if !future.isEmpty { found.append(.futureVisible(future)) }
    if !crossings.isEmpty { found.append(.betweenTexts(crossings)) }
    if !past.isEmpty { found.append(.pastTheMask(past)) }
    findings = found
  }
}

extension LeakReport {
  private static func union(_ matrices: [SightMatrix]) -> SightMatrix {
    matrices.dropFirst().reduce(into: matrices[0]) { $0.formUnion($1) }
  }
}

/// Where in its row each answer stands as an input.
struct AnswerPlaces {
  /// How far behind a position its answer stands, where that is the same in the whole row.
  let shift: Int?

  /// The position that holds the answer of each position; nil where nothing is asked, or where the
  /// answer is no input.
  private(set) var places: [Int?]

  private let asks: [Bool]

  /// The shift that the objective makes.
  private let distance: Int

  /// The positions whose answer should have been taken out, and was not.
  private let kept: [Bool]

  // The order matters: of a text that repeats one word every shift is true, and the right one is
  // believed first, which is that of the objective.
  private static let shifts = [1, 0, -1, 2]

  init(_ check: LeakCheck, row: Int) {
    let length = check.tokens.shape.sizes[1]
    let inputs = (0..<length).map { check.tokens[row * length + $0] }
    let targets = (0..<length).map { check.targets[row * length + $0] }
    let asks = targets.map { $0 != Double(ignoredTarget) && !check.hidesAnswers }
    func holds(_ position: Int, _ shift: Int) -> Bool {
      inputs.indices.contains(position + shift) && inputs[position + shift] == targets[position]
    }
    // What follows the last word of a short row is padding, where nothing is asked: no evidence.
    func fits(_ shift: Int) -> Bool {
      let asked = (0..<length).filter { asks[$0] }
      let checked = asked.filter { asks.indices.contains($0 + shift) && asks[$0 + shift] }
      return checked.allSatisfy { holds($0, shift) }
        && asked.count { holds($0, shift) } >= (shift == check.distance ? 1 : 2)
    }
    distance = check.distance
    let shift = ([distance] + Self.shifts).first(where: fits)
    self.shift = shift
    self.asks = asks
    kept = inputs.indices.map { check.hidesAnswers && inputs[$0] == targets[$0] }
    // Where somebody wrote targets by hand there is no one shift: the next token, else the same.
    let tried = shift.map { [$0] } ?? [distance, 1, 0]
    places = (0..<length).map { position in
      guard asks[position] else { return nil }
      return tried.first { holds(position, $0) }.map { position + $0 }
    }
  }

  /// Whether the answer of a position is still its own input, though the objective hides answers.
  func isKept(_ position: Int) -> Bool { kept[position] }

  /// Whether a position is asked for what comes after it.
  func asksForNext(_ position: Int) -> Bool {
    let isAhead = places[position] == position + 1 || shift == max(distance, 1)
    return asks[position] && isAhead
  }
}
