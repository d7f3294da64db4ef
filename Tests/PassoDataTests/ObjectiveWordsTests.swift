// SPDX-License-Identifier: MIT

import PassoData
import PassoText
import Testing

/// The words that choose an objective, and what is said of those that choose none.
@Suite struct ObjectiveWordsTests {
  @Test(arguments: [
    "causal", "ahead 3", "ahead 0", "masked", "masked always", "prefix", "span", "middle",
    "any-order", "replaced", "causal after <sep>", "ahead 2 after =", "masked always after  gatto",
    "causal after after", "middle after <fim_middle>",
  ])
  func theyAreReadAsTheyArePrinted(words: String) throws {
    let choice = try ObjectiveChoice(words)
    #expect(choice.description == words)
    #expect(try ObjectiveChoice(choice.description) == choice)
    #expect(try ObjectiveChoice(words: choice.words) == choice)
    #expect(choice.explanation.it != choice.explanation.en)
    let tokens = ["a", "=", "<sep>", " gatto", "after", "b"] + choice.specials.map(\.rawValue)
    let tokenizer = WordTokenizer(vocabulary: try Vocabulary(tokens))
    #expect(try choice.objective(for: tokenizer).name == words)
  }

  @Test func aheadByOneIsCausal() throws {
    let (ahead, causal) = (try ObjectiveChoice("ahead 1"), try ObjectiveChoice("causal"))
    #expect(ahead == causal && ahead.description == "causal" && ahead.predictsNext)
    #expect(try causal.shifted(by: 2) == ObjectiveChoice("ahead 2"))
    #expect(try ObjectiveChoice("masked").shifted(by: 1) == causal)
    let after = try ObjectiveChoice("causal after =")
    #expect(try after.shifted(by: 0).description == "ahead 0 after =")
    for words in ["ahead 0", "ahead 2", "middle", "any-order", "replaced"] {
      #expect(try !ObjectiveChoice(words).predictsNext)
    }
    #expect(try ObjectiveChoice("ahead 2").looksBack && ObjectiveChoice("middle").looksBack)
    #expect(try !ObjectiveChoice("any-order").looksBack)
    #expect(after.predictsNext && !after.asksForEveryToken && causal.asksForEveryToken)
  }

  private static let problems: [(words: String, it: String, en: String)] = [
    (
      "casual", it: "nessun obiettivo si chiama «casual»: \(Bilingual.didYouMean("causal").it)",
      en: "no objective is called 'casual': \(Bilingual.didYouMean("causal").en)"
    ),
    (
      "ahead", it: "ci vuole un numero di posti da 0 a 1000, e non c'è: per esempio ahead 2",
      en: "needs a number of places from 0 to 1000, got none: for example ahead 2"
    ),
    (
      "ahead -1", it: "ci vuole un numero di posti da 0 a 1000, non «-1»: per esempio ahead 2",
      en: "needs a number of places from 0 to 1000, got '-1': for example ahead 2"
    ),
    (
      "masked never", it: "dopo masked può venire always, poi after TOKEN, non «never»",
      en: "needs nothing but always, then after TOKEN after masked, got 'never'"
    ),
    (
      "prefix always", it: "dopo prefix può venire after TOKEN, non «always»",
      en: "needs nothing but after TOKEN after prefix, got 'always'"
    ),
    (
      "span 2", it: "span si scrive da solo, non con «2»",
      en: "needs span and nothing else, got '2'"
    ),
    (
      "causal after",
      it: "ci vuole un token dopo after, e non c'è: per esempio causal after <sep>",
      en: "needs a token after 'after', got none: for example causal after <sep>"
    ),
    (
      "span after a",
      it:
        "l'obiettivo span fa le sue domande in fondo alla riga: after TOKEN non vi sceglie niente:"
        + " con after vanno causal, ahead, masked, prefix, middle, any-order e replaced",
      en: "the objective span asks at the end of its row: after TOKEN has nothing to choose there:"
        + " after goes with causal, ahead, masked, prefix, middle, any-order and replaced"
    ),
  ]

  @Test(arguments: problems.indices)
  func whatIsWrongIsSaidInOneSentence(index: Int) {
    let (words, it, en) = Self.problems[index]
    do {
      _ = try ObjectiveChoice(words)
      Issue.record("\(words) chooses something")
    } catch {
      let advice = error.hint.map { Bilingual(same: ": ") + $0 } ?? Bilingual(same: "")
      #expect(error.message.it + advice.it == it)
      #expect(error.message.en + advice.en == en)
    }
  }
}
