// SPDX-License-Identifier: MIT

import Glibc
import PassoRuntime
import Testing

/// How long values are computed again, and who is told.
struct RecomputationTests {
  @Test func onlyWhatTakesLongIsSaid() throws {
    let long = Recomputation()
    long.counting { Recomputation.timed { _ = usleep(1_100_000) } }
    let note = try #require(long.note)
    #expect(note.en.contains("computing them again took 1."), "\(note.en)")
    #expect(note.it.hasSuffix(" s") && note.it.contains("1,"), "\(note.it)")
    let short = Recomputation()
    short.counting { Recomputation.timed { _ = usleep(1_000) } }
    #expect(short.duration > .zero && short.note == nil)
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
