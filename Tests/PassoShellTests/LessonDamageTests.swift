// SPDX-License-Identifier: MIT

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
    let place: String
    let isSeen: Bool
  }

  @Test func ofTwoHundredDamagesNearlyAllAreSeen() throws {
    let scratch = try Scratch()
    let drafts = try LessonsTests.names.map(LessonDraft.init)
    var random = RandomSource(seed: 18)
    var outcomes: [Outcome] = []
    while outcomes.count < 200 {
      let draft = drafts[outcomes.count % drafts.count]
      let damage = LessonDamage.allCases.randomElement(using: &random) ?? .factSign
      guard let (damaged, place) = damage.applied(to: draft, &random) else { continue }
      let folder = try damaged.write(into: scratch.path("course"))
      let found = findings(in: folder)
      outcomes.append(
        Outcome(damage: damage, place: "\(draft.name) \(place)", isSeen: !found.isEmpty)
      )
    }
    let escaped = outcomes.filter { !$0.isSeen }.map { "\($0.damage) in \($0.place)" }
    #expect(escaped.count <= 10, "\(escaped)")
    #expect(Set(outcomes.map(\.damage)).count >= 12)
  }

  private func findings(in folder: String) -> [String] {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(20)
    var lint = CourseLint(.it, cache: nil) { clock.now > end }
    lint.stopsAtFirst = true
    let found = lint.findings(inFolder: folder).map { $0.text(.it) }
    return clock.now > end ? [] : found
  }
}
