// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoEvaluation
import PassoFiles
import PassoModel
import PassoText
import Testing

@testable import PassoShell

/// What front ends say about problems of the layers below.
struct CommandHintsTests {
  static let problems: [any Problem] = [
    ExecutionProblem.unknownName("logit", closest: "logits"),
    ExecutionProblem.unknownName("x", closest: nil),
    LanguageProblem.unknownWord("cane", number: 1, closest: nil),
    WrittenTokenProblem.unknown("cane", closest: nil),
    DataProblem.missingToken(.mask, objective: "masked"), DataProblem.afterInBlocks("="),
    DataProblem.noSuchToken("=", known: 7, closest: nil), UnmaskProblem.otherObjective("causal"),
    EvaluationProblem.otherObjective("span"),
    FileProblem.folder(.unfinished, file: "m"),
    FileProblem.folder(.tokenizerThere(folder: "a b"), file: "a b"),
    FileProblem.tokenizer(.missing(key: "model"), file: "m"),
    FileProblem.checkpoint(.recipe, file: "m"),
  ]

  @Test(arguments: problems.indices)
  func theyNameACommandOrAnOption(index: Int) throws {
    let problem = Self.problems[index]
    for problem in [problem, Placed(problem, source: "x", span: 0..<1)] {
      let hint = try #require(problem.wayOn)
      for language in Language.allCases {
        #expect(problem.text(language).hasSuffix(": " + hint[language]))
        #expect(hint[language].contains { ":-".contains($0) } || hint.en.contains("passo "))
      }
    }
  }

  @Test func whatSaysItselfWhatToDoIsLeftToSayIt() {
    let vocabulary = DataProblem.vocabularyTooLarge(count: 2, limit: 1)
    let problems: [any Problem] = [
      vocabulary, TextProblem.encoding(vocabulary, file: "t", line: 3),
      FileProblem.tokenizer(.vocabulary(vocabulary), file: "t"),
    ]
    #expect(problems.allSatisfy { $0.wayOn == vocabulary.hint })
    #expect(FileProblem.folder(.otherProgram, file: "m").wayOn?.en == "choose another folder")
  }
}
