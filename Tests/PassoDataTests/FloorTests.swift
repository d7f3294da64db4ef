// SPDX-License-Identifier: MIT
import PassoData
import PassoTestSupport
import PassoText
import Testing

/// The floors of all objectives, against rows that are written down one by one.
@Suite struct FloorTests {
  struct Written {
    let language: ToyLanguage
    let sentences: [(ids: [TokenID], probability: Double)]
  }

  /// Languages that are small enough: random ones with two words at least, and two with sentences
  /// so long that several words are hidden, in several gaps.
  static let languages: [Written] = {
    var found: [Written] = []
    var seed: UInt64 = 1
    while found.count < 5, seed < 400 {
      var random = SeededRandom(seed)
      let tree = GrammarTree.sequence([
        .words(["a", "d"], [0.3, 0.7]), .random(&random, depth: 2),
      ])
      seed += 1
      guard let written = try? WrittenLanguage(tree, name: "random \(seed)"),
        (8...60).contains(written.sentences.count),
        written.sentences.allSatisfy({ (3...8).contains($0.words.count) }),
        written.sentences.contains(where: { $0.words.count >= 5 })
      else { continue }
      found.append(
        Written(
          language: written.language,
          sentences: written.sentences.map { (written.ids($0.words), $0.probability) }
        )
      )
    }
    return found
  }()

  private static func near(_ found: Double, _ wanted: Double) -> Bool {
    abs(found - wanted) < 1e-9
  }

  @Test(arguments: AskedRows.objectives)
  func theFloorIsThatOfEnumeration(objective: String) throws {
    let rule = try #require(Floors.of(ObjectiveChoice(objective)))
    #expect(rule.name == objective)
    #expect(Self.languages.count == 5)
    for written in Self.languages {
      let language = written.language
      let (rows, oracle) = (AskedRows(language), Oracle(language))
      var (truth, known) = (KnownAnswers(), KnownAnswers())
      for sentence in written.sentences {
        let surprise = try oracle.surprisals(of: sentence.ids).reduce(0, +)
        for row in rows.rows(objective, of: sentence.ids) {
          truth.add(row, probability: sentence.probability)
          known.add(row, probability: Double.exponential(-surprise))
        }
      }
      let floor = try rule.floor(of: language)
      #expect(Self.near(floor.perSentence, truth.entropy), "\(language.name)")
      #expect(Self.near(floor.asked, truth.asked), "\(language.name)")
      #expect(Self.near(floor.perToken, truth.entropy / truth.asked), "\(language.name)")
      // Who predicts with the probabilities of the oracle comes to the floor, and not below.
      #expect(Self.near(truth.loss(of: known), floor.perSentence), "\(language.name)")
    }
  }
}

/// Floors of languages whose sentences are long, of one that is large, and of none that is known.
@Suite struct FloorSizesTests {
  /// Checks a floor of a language whose sentences have so many words.
  private func check(_ objective: String, words: Set<Int>, _ rules: String) throws {
    let language = try ToyLanguage(name: "long", rules: rules)
    let (rows, all) = (AskedRows(language), writtenSentences(of: language))
    #expect(Set(all.map { $0.ids.count - 1 }) == words)
    var truth = KnownAnswers()
    for sentence in all {
      for row in rows.rows(objective, of: sentence.ids) {
        truth.add(row, probability: sentence.probability)
      }
    }
    let floor = try #require(Floors.of(ObjectiveChoice(objective))).floor(of: language)
    #expect(abs(floor.perSentence - truth.entropy) < 1e-9)
    #expect(abs(floor.asked - truth.asked) < 1e-9)
    #expect(floor.perSentence > 0.01)
  }

  /// Of nine words one is hidden, of ten or eleven two: either may be a wrong one in sight.
  @Test func twoWordsAreHidden() throws {
    let rules = """
      <sentence> = 0.3 a <y> b a c c b a <z> | 0.7 b <y> b a c c a c <z>
      <y> = 0.6 c | 0.4 a
      <z> = 0.2 a | 0.3 b a | 0.5 a c a
      """
    try check("masked", words: [9, 10, 11], rules)
    try check("masked always", words: [9, 10, 11], rules)
    try check("replaced", words: [9, 10, 11], rules)
  }

  @Test func threeWordsAreHidden() throws {
    let middle = "a b c a b <y> a b c a b c"
    let rules = "<sentence> = a <y> \(middle) b a <y>\n<y> = 0.25 c | 0.75 b"
    try check("masked always", words: [17], rules)
  }

  /// Of thirty words five are cut out, in two gaps; of twenty-nine four, in one.
  @Test func twoGapsAreCut() throws {
    let chain = Array(repeating: "a b c", count: 8).joined(separator: " ")
    try check(
      "span",
      words: [29, 30],
      "<sentence> = <y> a \(chain) <y> b <z>\n<y> = 0.3 c | 0.7 a\n<z> = 0.4 a | 0.6 c c"
    )
  }

  @Test func gatto1() throws {
    let (language, oracle) = (ToyLanguage.gatto1, Oracle(.gatto1))
    func floor(_ name: String) throws -> ObjectiveFloor {
      try #require(Floors.of(ObjectiveChoice(name))).floor(of: language)
    }
    let causal = try floor("causal")
    #expect(abs(causal.perSentence - 10.692886) < 5e-7)
    #expect(abs(causal.perSentence - oracle.entropyPerSentence) < 1e-12)
    #expect(abs(causal.perToken - oracle.floor) < 1e-12)
    let anyOrder = try floor("any-order")
    #expect(anyOrder.perSentence == oracle.entropyPerSentence && anyOrder.asked == 14)
    #expect(try floor("ahead 0").perSentence == 0)
    // What is further away is harder; what follows is easier when what comes after it is seen.
    let distances = try (1...4).map { try floor("ahead \($0)").perToken }
    #expect(distances == distances.sorted())
    #expect(try floor("masked always").perToken < causal.perToken)
  }

  @Test(arguments: Floors.all.map(\.name))
  func aLanguageWithoutEnd(name: String) throws {
    let endless = try ToyLanguage(
      name: "endless",
      rules: "<sentence> = a b | c <more>\n<more> = 0.5 a | 0.5 b <more>"
    )
    let rule = try #require(Floors.of(ObjectiveChoice(name)))
    if name == "causal" {
      #expect(abs(try rule.floor(of: endless).perToken - Oracle(endless).floor) < 1e-12)
    } else if name.hasPrefix("ahead") {
      #expect(try rule.floor(of: endless).perSentence > 0)
    } else {
      #expect(throws: FloorProblem.endless(language: "endless")) {
        try rule.floor(of: endless)
      }
    }
  }

  /// Every word may come at every place: as many beliefs as rows.
  @Test func whatIsTooLargeIsSaid() throws {
    let words = (0..<40).map { "w\($0)" }
    let classes = (0..<12).map { place in
      let ways = words.enumerated().map { "\(($0 * 7 + place * 3) % 11 == 0 ? "<v>" : "") \($1)" }
      return "<c\(place)> = " + ways.joined(separator: " | ")
    }
    let rules =
      "<sentence> = " + (0..<12).map { "<c\($0)>" }.joined(separator: " ") + "\n<v> = w1 | w2 w3\n"
      + classes.joined(separator: "\n")
    let language = try ToyLanguage(name: "large", rules: rules)
    for name in ["masked", "masked always", "replaced", "span", "ahead 5", "prefix"] {
      let rule = try #require(Floors.of(ObjectiveChoice(name)))
      #expect(throws: FloorProblem.tooLarge, "\(name)") {
        var work = FloorWork(steps: 2_000)
        return try rule.floor(of: language, &work)
      }
    }
  }

  @Test func sentencesThatAreTooShort() throws {
    let language = try ToyLanguage(name: "short", rules: "<sentence> = a | b c")
    #expect(throws: FloorProblem.tooShort(needed: 2, found: 1)) {
      try #require(Floors.of(ObjectiveChoice("span"))).floor(of: language)
    }
    #expect(throws: FloorProblem.tooFar(4, longest: 3)) {
      try #require(Floors.of(ObjectiveChoice("ahead 4"))).floor(of: language)
    }
    #expect(Floors.of(try ObjectiveChoice("masked after a")) == nil)
  }
}

/// The objectives do with a text what the floors assume.
@Suite struct AskedRowsTests {
  @Test(arguments: AskedRows.objectives, [2, 4, 11])
  func drawsAreThoseThatAreWrittenDown(objective: String, words: Int) throws {
    // Of eleven places any may be covered: more rows than can be drawn.
    if objective == "any-order", words > 4 { return }
    let language = try ToyLanguage(
      name: "draws",
      rules: "<sentence> = b | " + (0..<words).map { ["a", "b"][$0 % 2] }.joined(separator: " ")
    )
    let asked = AskedRows(language)
    let choice = try ObjectiveChoice(objective)
    let made = try choice.objective(for: asked.tokenizer)
    let a = try #require(language.tokenizer.vocabulary.id(of: "a"))
    let b = try #require(language.tokenizer.vocabulary.id(of: "b"))
    let sentence = (0..<words).map { [a, b][$0 % 2] } + [language.id(of: .end)]
    guard sentence.count >= choice.options.distance else { return }
    let text = choice.kind.predictsEnd ? sentence : sentence.dropLast()
    var wanted: [Example: Double] = [:]
    for row in asked.rows(objective, of: sentence) {
      wanted[row.example, default: 0] += row.probability
    }
    #expect(abs(wanted.values.reduce(0, +) - 1) < 1e-12)
    var random = SeededRandom(5)
    let count = 3_000
    var found: [Example: Int] = [:]
    for _ in 0..<count {
      let rows = made.filled([text], to: Oracle(language).rowLength)
      found[try made.example(from: rows[0], using: &random), default: 0] += 1
    }
    for (example, number) in found {
      let share = try #require(wanted[example], "\(example)")
      let deviation = (Double(count) * share * (1 - share)).squareRoot()
      #expect(abs(Double(number) - Double(count) * share) < 6 * deviation + 1e-6)
    }
    let missed = wanted.filter { found[$0.key] == nil }.values.reduce(0, +)
    #expect(missed < 0.2, "\(missed)")
  }
}
