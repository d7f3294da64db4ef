// SPDX-License-Identifier: MIT

import Foundation
import PassoRuntime
import PassoShell
import PassoTestSupport
import PassoText
import Testing

/// What a hasty hand does to a lesson, the lint sees.
struct LessonDamageTests {
  /// What came of one damage.
  private struct Outcome {
    let damage: LessonDamage
    let seed: UInt64
    let place: String
    let isSeen: Bool

    var text: String { "\(damage) \(seed) in \(place)" }
  }

  /// Where the seeds begin; with others, other damages are tried, and the figures are printed.
  private static let chosenSeed = ProcessInfo.processInfo.environment["PASSO_DAMAGE_SEED"]
    .flatMap { UInt64($0) }

  @Test func ofTwoHundredDamagesNearlyAllAreSeen() throws {
    let scratch = try Scratch()
    let drafts = try LessonsTests.names.map(LessonDraft.init)
    let kinds = LessonDamage.allCases
    var outcomes: [Outcome] = []
    for number in 0..<200 {
      let damage = kinds[number % kinds.count]
      let seed = (Self.chosenSeed ?? 18_000) + UInt64(number)
      var random = RandomSource(seed: seed)
      for draft in drafts.shuffled(using: &random) {
        guard let (damaged, place) = damage.applied(to: draft, &random) else { continue }
        let found = isSeen(damage, in: try damaged.write(into: scratch.path("course")))
        outcomes.append(
          Outcome(damage: damage, seed: seed, place: "\(draft.name) \(place)", isSeen: found)
        )
        break
      }
    }
    let report = Self.report(outcomes)
    if Self.chosenSeed != nil { print(report) }
    #expect(outcomes.count == 200, "some kinds have no place: \(report)")
    #expect(outcomes.count { $0.isSeen } >= 190, "\(report)")
    for (damage, tried) in Dictionary(grouping: outcomes, by: \.damage) {
      #expect(tried.contains { $0.isSeen }, "no \(damage) is seen")
    }
  }

  /// How many of each kind were seen, and which were not.
  private static func report(_ outcomes: [Outcome]) -> String {
    let kinds = LessonDamage.allCases.map { damage in
      let tried = outcomes.filter { $0.damage == damage }
      return "\(damage) \(tried.count { $0.isSeen })/\(tried.count)"
    }
    let escaped = outcomes.filter { !$0.isSeen }.map(\.text)
    return kinds.joined(separator: ", ") + "; escaped: " + escaped.joined(separator: "; ")
  }

  /// Whether the lint finds anything, in good time.
  ///
  /// Only where a line was made slow a slow line counts soon: lines that only take their time are
  /// no finding.
  private func isSeen(_ damage: LessonDamage, in folder: String) -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(40)
    var lint = CourseLint(.it, cache: nil) { clock.now > end }
    lint.stopsAtFirst = true
    if damage == .slowLine { lint.slowest = .seconds(1) }
    let found = lint.findings(inFolder: folder)
    return !found.isEmpty && clock.now < end
  }
}
