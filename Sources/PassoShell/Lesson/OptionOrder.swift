// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoRuntime

/// In which order somebody sees the options of questions: one of their own, which a seed decides.
package struct OptionOrder: Sendable, Hashable {
  private let seed: UInt64

  package init(seed: UInt64) {
    self.seed = seed
  }

  /// The order of a person, whose seed a file keeps.
  ///
  /// Where there is none a seed is drawn and kept; where it cannot be kept it holds for this time.
  package init(keptAt path: String) {
    let text = try? FileScope.own { try TextFile.exactText(path: path, limit: 64) }
    if let text, let seed = UInt64(text.filter { !$0.isWhitespace }, radix: 16) {
      self.init(seed: seed)
      return
    }
    self.init(seed: .random(in: .min ... .max))
    try? keep(at: path)
  }

  /// The seed, as files keep it.
  var digits: String { String(seed, radix: 16) }

  private func keep(at path: String) throws {
    if let slash = path.lastIndex(of: "/") { try PrivateFolder.make(String(path[..<slash])) }
    try FileScope.own { try AtomicFile.write(Array("\(digits)\n".utf8), to: path) }
  }

  /// A lesson as it is shown: the same in both languages, another one in each lesson.
  func applied(to lesson: Lesson) -> Lesson {
    let start = lesson.header.id.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) }
    var random = RandomSource(seed: start)
    return lesson.withOptions { Array(0..<$0).shuffled(using: &random) }
  }
}
