// SPDX-License-Identifier: MIT

import PassoData
import PassoModel
import PassoText
import Testing

@testable import PassoSession
@testable import PassoShell

/// The languages that a model comes near to, one after the other.
struct ChaptersCommandTests {
  private func trained(_ lines: String...) throws -> ShellProbe {
    let probe = try ShellProbe()
    for line in [":corpus gatto-1 rows 8"] + lines {
      #expect(probe.type(line).outcome == .done, "\(line)")
    }
    return probe
  }

  private func chapters(_ probe: ShellProbe, atMost most: Int = Chapters.most) throws -> Chapters {
    try Chapters(of: probe.shell.session.timeline, .gatto1, atMost: most)
  }

  @Test func bordersAreThoseOfAScanAndTheSameOnReplay() throws {
    let probe = try trained(":train 90")
    let whole = try chapters(probe)
    #expect(whole.isWhole && whole.count == 91 && whole.points.map(\.update) == Array(0...90))
    #expect(whole.kinds[whole.points[0].nearest] == .uniform)
    #expect(whole.chapters.count > 1, "\(whole.chapters)")
    // Few are measured first, and then the borders between them.
    let few = try chapters(probe, atMost: 24)
    #expect(!few.isWhole && few.points.allSatisfy { whole.points.contains($0) })
    #expect(few.chapters.dropFirst().first?.first == whole.chapters[1].first)
    #expect(few.chapters.first?.last == whole.chapters[0].last)
    // Another run, and the same without kept states, say the same to the last bit.
    let again = try trained(":train 50", ":train 40")
    #expect(try chapters(again).points == whole.points)
    again.shell.session.timeline.limitStates(to: 1)
    #expect(try chapters(again, atMost: 6).points.allSatisfy { whole.points.contains($0) })
    // Further back there is less to tell.
    try probe.shell.session.timeline.move(to: Moment(update: 20, step: 3))
    let back = try chapters(probe)
    #expect(back.count == 21 && back.points == Array(whole.points.prefix(back.count)))
  }

  @Test func theModelOfAnUpdateIsThatOfARunThatStopsThere() throws {
    let probe = try trained(":train 9")
    var models = PastModels(probe.shell.session.timeline)
    #expect(models.count == 10)
    for update in [0, 4, 9] {
      let other = update == 0 ? try trained() : try trained(":train \(update)")
      let wanted = try other.shell.session.currentParameters
      var found: Parameters = [:]
      let parameters = try models.model(before: update).parameters
      try parameters.eachParameter(isNeeded: { _ in true }, body: { found[$0] = $1 })
      #expect(found == wanted, "\(update)")
    }
  }

  @Test func itIsSaidInWords() throws {
    let probe = try trained(":train 80")
    let shown = probe.type(":chapters").output
    #expect(shown.contains("it leaves the uniform distribution for the "), "\(shown)")
    #expect(shown.contains("measured before every update and after the last"))
    let hash = probe.type(":hash").output
    _ = probe.type(":chapters")
    #expect(probe.type(":hash").output == hash)
    _ = probe.type(":lang it")
    #expect(probe.type(":chapters").output.contains("lascia la distribuzione uniforme per "))
  }

  @Test func whereThereIsNothingToTell() throws {
    let probe = try ShellProbe()
    let without = probe.type(":chapters")
    #expect(without.outcome == .failed && without.errors.contains(":corpus gatto-1"))
    let other = try trained(":objective masked")
    let masked = other.type(":chapters")
    #expect(masked.outcome == .failed && masked.errors.contains("the objective is masked"))
  }

  @Test func whoStopsItSeesWhatIsKnown() throws {
    let probe = try trained(":train 12")
    var asked = 0
    let found = try Chapters(
      of: probe.shell.session.timeline,
      .gatto1,
      unless: {
        asked += 1
        return asked > 5
      }
    )
    #expect(found.points.map(\.update) == Array(0..<5) && !found.isWhole)
  }
}
