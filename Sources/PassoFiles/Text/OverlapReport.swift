// SPDX-License-Identifier: MIT

import PassoText

/// How much of what is kept for tests stands, word for word, in what is learned from.
package struct OverlapReport: Hashable, Sendable {
  /// The tokens of a window.
  package internal(set) var length = 0

  /// Windows of the kept part that were looked for.
  package internal(set) var windows = 0

  /// How many of them stand in the part that is learned from.
  package internal(set) var found = 0

  /// Whether only a sample of the windows or of the texts was looked for.
  package internal(set) var isSampled = false

  /// Texts of the kept part that were looked for.
  package internal(set) var documents = 0

  /// How many of them are, from start to end, a text that is learned from.
  package internal(set) var duplicates = 0

  /// The tokens of the first window that was found.
  package internal(set) var example: [Int32] = []

  package init() {}

  /// The part of the windows that was found.
  package var share: Double { windows > 0 ? Double(found) / Double(windows) : 0 }
}

extension OverlapReport {
  /// What was found, in one sentence.
  package var message: Bilingual {
    let percent = NumberText.percent(share, decimals: share < 0.01 ? 3 : 1)
    let windows =
      found == 0
      ? Bilingual(
        it: "nessun tratto di \(length) token del testo tenuto da parte sta anche in quello da cui"
          + " si impara",
        en: "no run of \(length) tokens of the text kept apart also stands in the text to learn"
          + " from"
      )
      : Bilingual(
        it: "parti in comune: \(percent.it) dei tratti di \(length) token"
          + " del testo tenuto da parte sta anche in quello da cui si impara",
        en: "\(percent.en) of the runs of \(length) tokens of the text kept apart also stand in the"
          + " text to learn from"
      )
    guard documents > 0 else { return windows }
    let texts = NumberText.count(documents)
    return windows
      + Bilingual(
        it: "; testi uguali in entrambe le parti: \(NumberText.count(duplicates)) su \(texts)",
        en: "; texts that are the same in both parts: \(NumberText.count(duplicates)) of \(texts)"
      )
  }
}

extension OverlapReport: JSONRecord {
  package static let members: [JSONMember<OverlapReport>] = [
    JSONMember("window", \.length), JSONMember("windows", \.windows),
    JSONMember("found", \.found), JSONMember("sampled", \.isSampled),
    JSONMember("documents", \.documents), JSONMember("duplicates", \.duplicates),
    JSONMember("example", \.example),
  ]
}
