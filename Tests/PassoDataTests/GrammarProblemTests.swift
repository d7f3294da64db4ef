// SPDX-License-Identifier: MIT
import PassoData
import PassoText
import Testing

/// What is wrong with rules is said with its line, in one sentence, with one thing to do.
@Suite struct GrammarProblemTests {
  struct Case: Sendable {
    let rules: String
    let line: Int?
    let it: String
    let en: String
    let hint: String

    init(_ rules: String, _ line: Int?, it: String, en: String, hint: String) {
      (self.rules, self.line, self.it, self.en, self.hint) = (rules, line, it, en, hint)
    }
  }

  private func refusal(of rules: String) -> GrammarProblem? {
    #expect(throws: GrammarProblem.self) { try ToyLanguage(name: "x", rules: rules) }
  }

  @Test(arguments: lines + rules + fields)
  func theSentenceSaysIt(test: Case) throws {
    let problem = try #require(refusal(of: test.rules), "\(test.rules)")
    #expect(problem.message == Bilingual(it: test.it, en: test.en))
    #expect(problem.place?.line == test.line, "\(test.it)")
    #expect(problem.hint?.en == test.hint)
    #expect(problem.hint?.it.isEmpty == false)
  }

  /// Lines that say nothing.
  static let lines = [
    Case(
      " \n# nothing\n",
      nil,
      it: "ci vogliono delle regole, e qui non ce n'è nessuna",
      en: "needs rules of a language, got none",
      hint: "for example <sentence> = The cat sleeps | The dog sleeps"
    ),
    Case(
      "# a\n<sentense> = a",
      2,
      it: "ci vuole la regola <sentence>, da cui comincia ogni frase, e non c'è",
      en: "needs the rule <sentence>, with which every sentence begins, got none",
      hint: "if it is <sentense>, call it <sentence>"
    ),
    Case(
      "sentence = a",
      1,
      it: "ci va una regola, un campo o un commento, non «sentence = a»",
      en: "needs a rule, a field or a comment, got 'sentence = a'",
      hint: "the name of a rule stands between < and >; a line that continues a rule is indented"
    ),
    Case(
      "<sentence> a",
      1,
      it: "dopo il nome della regola <sentence> ci vuole il segno =",
      en: "needs the sign = after the name of the rule <sentence>",
      hint: "a line that continues the rule before is indented"
    ),
    Case(
      "<sentence> = <a>\n <a> = b",
      2,
      it: "la regola <a> comincia con degli spazi, e continuerebbe quella di prima",
      en: "the rule <a> begins with blanks, and would continue the one before",
      hint: "take the blanks away"
    ),
    Case(
      "<sentence> = a\nesample: a",
      2,
      it: "il campo «esample» non esiste",
      en: "there is no field 'esample'",
      hint: "did you mean 'example'?"
    ),
    Case(
      "it: a\n<sentence> = a\nit: b",
      3,
      it: "il campo «it» c'è già, alla riga 1",
      en: "needs one field 'it', there is one in line 1 already",
      hint: "take one of them out"
    ),
    Case(
      "en:\n<sentence> = a",
      1,
      it: "il campo «en» è vuoto",
      en: "the field 'en' is empty",
      hint: "write something after the colon"
    ),
    Case(
      "<sentence> = <a b>",
      1,
      it: "il nome di una regola sta fra < e >, senza spazi, e qui c'è «<a»",
      en: "needs the name of a rule between < and >, without blanks, got '<a'",
      hint: "the sign < as a word needs quotation marks: \"<\""
    ),
    Case(
      "<sentence> = a\n  \"b",
      2,
      it: "le virgolette non sono chiuse",
      en: "the quotation mark is not closed",
      hint: "add \" after the word"
    ),
    Case(
      "<sentence> = a \" \"",
      1,
      it: "in « » non c'è una parola",
      en: "there is no word in ' '",
      hint: "nothing is written ()"
    ),
    Case(
      "<sentence> = a <end>",
      1,
      it: "<end> è un token speciale, non una parola né una regola",
      en: "<end> is a special token, no word and no rule",
      hint: "<end> comes by itself at the end of <sentence>; choose another name for a rule"
    ),
    Case(
      "<sentence> = a \"<pad>\"",
      1,
      it: "<pad> è un token speciale, non una parola né una regola",
      en: "<pad> is a special token, no word and no rule",
      hint: "<end> comes by itself at the end of <sentence>; choose another name for a rule"
    ),
    Case(
      "<span_3> = a",
      1,
      it: "<span_3> è un token speciale, non una parola né una regola",
      en: "<span_3> is a special token, no word and no rule",
      hint: "<end> comes by itself at the end of <sentence>; choose another name for a rule"
    ),
  ]

  /// Rules that make no sentences.
  static let rules = [
    Case(
      "<sentence> = a |\n  | b",
      1,
      it: "un'alternativa della regola <sentence> è vuota",
      en: "an alternative of the rule <sentence> is empty",
      hint: "nothing is written ()"
    ),
    Case(
      "<sentence> = 0.5 a\n | -0.5 b",
      2,
      it: "una probabilità è un numero fra 0 e 1, e almeno 1e-9, non «-0.5»",
      en: "needs a probability between 0 and 1, and at least 1e-9, got '-0.5'",
      hint: "if it is a word it needs quotation marks: \"-0.5\""
    ),
    Case(
      "<sentence> = NaN a | 1 b",
      1,
      it: "una probabilità è un numero fra 0 e 1, e almeno 1e-9, non «NaN»",
      en: "needs a probability between 0 and 1, and at least 1e-9, got 'NaN'",
      hint: "if it is a word it needs quotation marks: \"NaN\""
    ),
    Case(
      "<sentence> = 1/0 a",
      1,
      it: "una probabilità è un numero fra 0 e 1, e almeno 1e-9, non «1/0»",
      en: "needs a probability between 0 and 1, and at least 1e-9, got '1/0'",
      hint: "if it is a word it needs quotation marks: \"1/0\""
    ),
    Case(
      "<sentence> = 0.5 a | b",
      1,
      it: "nella regola <sentence> solo alcune alternative hanno una probabilità",
      en: "in the rule <sentence> only some alternatives have a probability",
      hint: "write one for all of them, or for none: then all are equally probable"
    ),
    Case(
      "<sentence> = <a>\n<a> = 0.25 a | 0,5 b",
      2,
      it: "le probabilità della regola <a> devono sommare a 1, sommano a 0,75",
      en: "the probabilities of the rule <a> need to sum to 1, they sum to 0.75",
      hint: "a third is written 1/3; without numbers all alternatives are equally probable"
    ),
    Case(
      "<sentence> = a\n<sentence> = b",
      2,
      it: "la regola <sentence> c'è già, alla riga 1",
      en: "needs one rule <sentence>, there is one in line 1 already",
      hint: "make one of them, with | between the alternatives"
    ),
    Case(
      "<sentence> = a\n  | <subjekt>\n<subject> = b",
      2,
      it: "non c'è una regola <subjekt>",
      en: "there is no rule <subjekt>",
      hint: "did you mean '<subject>'?"
    ),
    Case(
      "<sentence> = a\n<b> = b",
      2,
      it: "la regola <b> non serve a nessuna frase",
      en: "no sentence uses the rule <b>",
      hint: "use it in another rule, or put # before it"
    ),
    Case(
      "<sentence> = a | <b>\n<b> = x <c>\n<c> = y <b>",
      2,
      it: "la regola <b> non finisce mai: ogni alternativa ne chiama un'altra",
      en: "the rule <b> never ends: every alternative leads to another one",
      hint: "add an alternative of words only, or ()"
    ),
    Case(
      "<sentence> = 0.9 z\n | 0.1 x <sentence> y",
      2,
      it: "<sentence> riporta alla regola <sentence> e poi viene altro: le frasi annidate senza"
        + " limite non si possono calcolare esattamente",
      en: "<sentence> leads back to the rule <sentence> and something comes after it: sentences"
        + " nested without limit cannot be computed exactly",
      hint: "put it last in the alternative, or write a rule for each level: <a1>, <a2>"
    ),
    Case(
      "<sentence> = x | <a> <sentence>\n<a> = () | y",
      1,
      it: "la regola <sentence> può tornare a sé stessa senza una parola",
      en: "the rule <sentence> can come back to itself without a word",
      hint: "put a word before what leads back to the rule"
    ),
    Case(
      "<sentence> = <a> <a>\n<a> = () | y",
      1,
      it: "ogni frase deve avere almeno una parola, e <sentence> può non averne",
      en: "every sentence needs a word at least, <sentence> may have none",
      hint: "take () out where it may stand alone"
    ),
  ]

  /// Fields that do not suit the language.
  static let fields = [
    Case(
      "example: b\n<sentence> = a",
      1,
      it: "«example» non va: «b», parola 1, non è una parola della lingua",
      en: "'example' does not do: needs words of the language, got 'b', word 1",
      hint: "did you mean 'a'?"
    ),
    Case(
      "<sentence> = a b\nexample: a",
      2,
      it: "«example» dev'essere una frase intera, e «a» non lo è",
      en: "'example' needs to be a whole sentence, 'a' is not",
      hint: "<end> is not written"
    ),
    Case(
      "<sentence> = gatto\nnoun plural: gatti",
      2,
      it: "«gatti», in «noun plural», non è una parola della lingua",
      en: "needs words of the language in 'noun plural', got 'gatti'",
      hint: "did you mean 'gatto'?"
    ),
    Case(
      "<sentence> = a\nnoun plural: a\nverb plural: a",
      3,
      it: "«a» sta già in un'altra lista, e qui in «verb plural»",
      en: "'a' stands in another list already, and here in 'verb plural'",
      hint: "leave it in one of them"
    ),
    Case(
      "<sentence> = a b\nquestion: a\n  right: b",
      2,
      it: "alla domanda manca «wrong:»",
      en: "the question needs 'wrong:', got none",
      hint: "under question: go, indented, right:, wrong: and it: or en:"
    ),
  ]

  // MARK: Sizes

  @Test func whatIsTooLargeIsSaidBeforeItTakesLong() throws {
    func rules(_ count: Int, _ body: (Int) -> String) -> String {
      let lines = (0..<count).map { "<\($0 == 0 ? "sentence" : "r\($0)")> = \(body($0 + 1))" }
      return (lines + ["<r\(count)> = a"]).joined(separator: "\n")
    }
    let words = (0..<1_001).map { "w\($0)" }.joined(separator: " ")
    let large: [(String, GrammarFault)] = [
      (rules(40) { "<r\($0)> <r\($0)>" }, .tooManyStates(limit: 20_000)),
      (rules(40) { "<r\($0)> x | <r\($0)> y" }, .tooManyWays(limit: 2_000_000)),
      // The odds come closer and closer to each other, and never meet.
      (
        "<sentence> = x <sentence> | x <b>\n<b> = x <b> | y", .tooManyStates(limit: 20_000)
      ),
      ("<sentence> = \(words)", .tooManyWords(limit: 1_000)),
      ("<sentence> = 0.999 a <sentence> | 0.001 b", .sentencesTooLong(limit: 1_024)),
      (
        rules(40) { "0.00000001 <r\($0)> | 0.99999999 b" },
        .tooImprobable("a")
      ),
    ]
    for (rules, fault) in large {
      let found = refusal(of: rules)
      #expect(found?.fault == fault)
      #expect(found?.message.it != found?.message.en && found?.hint != nil)
    }
    #expect(
      refusal(of: large[0].0)?.message.en
        == "these rules need more than 20 000 states: too many to compute everything exactly"
    )
    #expect(
      refusal(of: large[4].0)?.message.en
        == "the sentences are too long: more than one word in 10 000 comes after number 1 024"
    )
  }

  @Test func depthIsNoDanger() throws {
    let chain = (0..<30_000).map { "<\($0 == 0 ? "sentence" : "r\($0)")> = <r\($0 + 1)>" }
    let deep = try ToyLanguage(
      name: "deep",
      rules: (chain + ["<r30000> = a"]).joined(separator: "\n")
    )
    #expect(Oracle(deep).sentenceCount == 1)
  }

  // MARK: What is read

  @Test func linesMayEndAsAnySystemEndsThem() throws {
    let lines = ["# x", "<sentence> = 1/3 a # y", "   | 1/3 b", "", "  | 1/3 \"#\" c"]
    let states = try ["\n", "\r\n", "\r"].map { end in
      try ToyLanguage(name: "x", rules: lines.joined(separator: end)).automaton
    }
    #expect(states[0] == states[1] && states[0] == states[2])
    let third = 1.0 / 3
    for way in states[0].states[0] { #expect(way.probability == third) }
    #expect(states[0].states[0].count == 3)
  }

  /// Words are those of the tokenizer, so that a model that was saved knows them again.
  @Test func wordsAreThoseOfTheTokenizer() throws {
    let language = try ToyLanguage(
      name: "x",
      rules: "<sentence> = l'amico|\"2\" + \"2\"\"=\"4 dorme.\n  | \"|\" perche\u{301} a(b)()"
    )
    let words = [
      "l", "'", "amico", "2", "+", "=", "4", "dorme", ".", "|", "perché", "a", "(", "b", ")",
    ]
    #expect(Array(language.tokenizer.tokens.dropFirst(5)) == words)
    let text = "l'amico"
    let typed = try Oracle(language).tokens(of: text + " <end>")
    #expect(Oracle(language).isGrammatical(typed))
    #expect(try language.tokenizer.encode(text) == Array(typed.dropLast()))
    #expect(try language.tokenizer.decode(typed) == text)
  }

  @Test func whatWasWrittenWithFewDigitsSumsToOne() throws {
    let language = try ToyLanguage(
      name: "x",
      rules: "<sentence> = 0.3333333 a | 0.3333333 b | 0.3333333 c"
    )
    let sum = language.automaton.states[0].reduce(0) { $0 + $1.probability }
    #expect(abs(sum - 1) < 1e-15)
  }

  @Test func fieldsMayGoOn() throws {
    let language = try ToyLanguage(
      name: "x",
      rules: """
        it: prima
          seconda
        <sentence> = a b
        question: a
          right: b
          wrong: a
            a
          en: order
        """
    )
    #expect(language.summary == Bilingual(same: "prima seconda") && language.example == nil)
    let question = try #require(language.questions.first)
    #expect(question.wrong == ["a"] && question.tests == Bilingual(same: "order"))
  }
}
