// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime

/// Text for measurements: Italian, English, numbers, emoji and code, the same for a seed anywhere.
///
/// Nobody's text has to be downloaded for it. Words follow Zipf's law: most of a text is a few
/// hundred words, and rare ones never end.
struct TextGenerator {
  private var random: RandomSource
  private let languages: [[String]]

  init(seed: UInt64) {
    var random = RandomSource(seed: seed)
    languages = [
      Self.lexicon(Self.italian, Self.italianSyllables, Self.italianEndings, &random),
      Self.lexicon(Self.english, Self.englishSyllables, Self.englishEndings, &random),
    ]
    self.random = random
  }

  /// The next paragraph, with the end of its line.
  mutating func paragraph() -> String {
    switch random.uniform() {
    case ..<0.86: prose()
    case ..<0.95: code()
    default: list()
    }
  }

  private mutating func prose() -> String {
    let language = languages[random.uniform() < 0.6 ? 0 : 1]
    let sentences = 1 + below(6)
    return (0..<sentences).map { _ in sentence(language) }.joined(separator: " ") + "\n"
  }

  private mutating func sentence(_ words: [String]) -> String {
    var text = ""
    let count = 4 + below(18)
    for place in 0..<count {
      if place > 0 { text += random.uniform() < 0.08 ? ", " : " " }
      switch random.uniform() {
      case ..<0.03: text += number()
      case ..<0.04: text += "\u{AB}" + word(words) + "\u{BB}"
      case ..<0.05: text += "l'" + word(words)
      default: text += place == 0 ? word(words).capitalizedFirst : word(words)
      }
    }
    switch random.uniform() {
    case ..<0.80: text += "."
    case ..<0.88: text += "?"
    case ..<0.94: text += "!"
    case ..<0.97: text += "..."
    default: text += " " + Self.emoji[below(Self.emoji.count)]
    }
    return text
  }

  private mutating func code() -> String {
    let name = word(languages[1])
    let other = word(languages[1])
    switch below(4) {
    case 0: return "    if \(name)_\(other) >= \(number()) { return \(other) * 2 }\n"
    case 1:
      return "func \(name)(_ \(other): Int) -> [Int] {\n\treturn [\(number()), \(number())]\n}\n"
    case 2: return "for \(name) in range(\(below(1_000))):\n    print(\"\(other)\", \(name))\n"
    default: return "// https://example.org/\(name)/\(other)?id=\(below(1_000_000))\n"
    }
  }

  private mutating func list() -> String {
    let language = languages[below(2)]
    return (1...2 + below(4)).map { "  \($0)) \(word(language))\t\(number())\r\n" }.joined()
  }

  private mutating func number() -> String {
    switch below(4) {
    case 0: "\(below(10))"
    case 1: "\(1_800 + below(230))"
    case 2: "\(below(1_000)).\(below(1_000))"
    default: "\(below(100)),\(below(100))\u{20AC}"
    }
  }

  private mutating func word(_ words: [String]) -> String {
    // All lengths of a place's binary digits are equally frequent: nearly Zipf's law.
    let least = 1 << below(15)
    return words[least + below(least) - 1]
  }

  private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

  // MARK: Words

  private static func lexicon(
    _ frequent: [String],
    _ syllables: [String],
    _ endings: [String],
    _ random: inout RandomSource
  ) -> [String] {
    var words = frequent
    for _ in 0..<40_000 {
      let count = 1 + random.next() % 3
      var word = (0..<count).map { _ in syllables[Int(random.next() % UInt64(syllables.count))] }
        .joined()
      word += endings[Int(random.next() % UInt64(endings.count))]
      words.append(random.next().isMultiple(of: 20) ? word.capitalizedFirst : word)
    }
    return words
  }

  private static func words(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }

  private static let italian = words(
    "di e il la che in un a per non una si è del con da le sono i al ha come più ma gli della nel"
      + " anche se o lo alla suo perché dei era delle io ci molto questo cosa fare quando così già"
      + " tutto casa poi dove può essere gatto città tempo anni giorno bene sempre dopo vita mondo"
      + " uomo donna acqua libro parola modello passo figlio scuola grande nuovo primo due tre"
  )

  private static let english = words(
    "the of and to a in is that it was for on are as with his they at be this from I have or by one"
      + " had not but what all were when we there can an your which their said if do will each"
      + " about how up out them then she many some so these would other into has more her two like"
      + " him see time could no make than first been its who now people my made over did down only"
      + " way find"
  )

  private static let italianSyllables = words(
    "ba be bi bo ca che chi co da de di do fa fe fi fo ga ghe gi go la le li lo ma me mi mo na ne"
      + " ni no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi vo stra spe tri pro glia"
      + " gno scia quan per con tra fra bra cor mar vol gran"
  )

  private static let italianEndings = words(
    "o a i e are ere ire ato uto ito zione mente tà ità ù ista abile ando endo ano ono eva"
  )

  private static let englishSyllables = words(
    "be con de dis en ex for in inter out over per pre pro re sub trans un ack and ant ber ble cat"
      + " ter der ing land light ment ness night port press quick room sh st str th tion tract ture"
      + " ver ward wh work wr ck ough igh ea ee oo"
  )

  private static let englishEndings = words(
    "s ed ing er est ly ness tion ment able ful less ity y e t n d th ck ll's"
  )

  private static let emoji = words("😀 🐱 🚀 👍🏽 👩‍🔬 🇮🇹 ❤️ 🎉 🤔 ✨ 🍝 日本語 Привет مرحبا 你好")
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
