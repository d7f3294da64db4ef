// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles
import PassoRuntime

/// The rules of a language, in a file of somebody.
struct RulesTarget: FuzzTarget {
  static let name = "rules"
  static let words = [
    "<sentence>", "<a>", "<b>", "<end>", " = ", " | ", "()", "\n", "\n  ", "\r", "\"", "#", "0.5 ",
    "1/3 ", "1e-9 ", "nan ", "-1 ", "it: ", "en: ", "example: ", "question: ", "  right: ",
    "noun plural: ", "\u{301}", "\u{0}", "\u{FEFF}",
  ]
  static let weight = 20
  let samples: [[UInt8]]
  private let place: Workplace

  init(_ place: Workplace) throws {
    self.place = place
    samples = [
      "<sentence> = 0.6 <a> x | 0.4 <a> <b>\n<a> = Il gatto | La gatta\n<b> = 3/4 () | 1/4 y <b>",
      "it: a\nen: b\nexample: a b\n<sentence> = a <b> # c\n<b> = a | \"2\" |\n  () | b\n"
        + "noun plural: a\nquestion: a\n  right: b\n  wrong: a\n  it: c\n",
      "<sentence> = <a> | x <b>\n<a> = x <a> | x <b> | y\n<b> = 0,25 z | 0,75 <a>",
    ]
    .map { Array($0.utf8) }
  }

  mutating func take(_ input: [UInt8]) throws {
    let language = try ToyLanguage(path: place.write(input, to: "x.grammar"))
    let oracle = Oracle(language)
    guard oracle.floor.isFinite, oracle.floor >= 0, oracle.rowLength >= 2 else {
      throw FuzzFault("no floor: \(oracle.floor)")
    }
    for ways in language.automaton.states where !ways.isEmpty {
      let sum = ways.reduce(0) { $0 + $1.probability }
      guard abs(sum - 1) < 1e-9 else { throw FuzzFault("a state that sums to \(sum)") }
    }
    var random = RandomSource(seed: 1)
    guard oracle.isGrammatical(language.sentence(using: &random)) else {
      throw FuzzFault("a sentence that is none")
    }
  }
}
