// SPDX-License-Identifier: MIT

import Glibc
import Testing

@testable import PassoRuntime

/// How long values are computed again, and who is told.
struct RecomputationTests {
  @Test func onlyWhatTakesLongIsSaid() throws {
    let note = try #require(Recomputation.note(on: .milliseconds(1_230)))
    #expect(note.en.hasSuffix("computing them again took 1.2 s"), "\(note.en)")
    #expect(note.it.hasSuffix(" 1,2 s"), "\(note.it)")
    #expect(Recomputation.note(on: .milliseconds(990)) == nil)
    let short = Recomputation()
    short.counting { Recomputation.timed { _ = usleep(1_000) } }
    #expect(short.duration > .zero)
  }

  @Test func threadsThatAreWaitedForCountToo() throws {
    let recomputation = Recomputation()
    try recomputation.counting {
      let work = AttendedWork { Recomputation.timed { _ = usleep(20_000) } }
      _ = try #require(work.wait(unless: { false })).get()
    }
    #expect(recomputation.duration >= .milliseconds(20))
    let after = recomputation.duration
    Recomputation.timed { _ = usleep(1_000) }
    #expect(recomputation.duration == after)
  }
}
