// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

@testable import PassoShell

/// Which numbers have a comma in Italian: those that are said, not those that can be typed back.
struct DecimalMarkTests {
  /// A number with a decimal mark.
  private static func numbers(_ text: String, _ mark: Character) -> Int {
    let characters = Array(text)
    return characters.indices.dropFirst().dropLast().count { index in
      characters[index] == mark && characters[index - 1].isWholeNumber
        && characters[index + 1].isWholeNumber
    }
  }

  /// What is said of the model, and after which lines.
  private static let said: [([String], String)] = [
    ([":until loss"], ":show loss"),
    ([":until loss"], ":stats blocks.0.resid_post"),
    ([":until loss"], ":say loss"),
    ([":until embed"], ":step"),
    ([":corpus gatto-1 take 40"], ":corpus gatto-1 floor"),
    ([":corpus gatto-1 take 40"], ":train 3"),
    ([":corpus gatto-1 take 40", ":train 2", ":until loss"], ":show loss"),
    ([":corpus gatto-1 take 40"], ":eval 8"),
    ([":corpus gatto-1 take 40"], ":predict \"Il gatto\" 3"),
    ([":until loss"], ":lens"),
    ([":model"], ":surprise \"Il gatto dorme\""),
    ([":until blocks.0.attn.pattern"], ":show arcs 0.0"),
    ([], ":show embeddings"),
    ([], ":near gatto"),
    ([":train 3"], ":weights W_U"),
  ]

  @Test(arguments: said, [true, false])
  func whatIsSaidHasACommaInItalian(lines: ([String], String), isPlain: Bool) throws {
    func shown(_ language: Language) throws -> String {
      let probe = try ShellProbe(language, isPlain: isPlain)
      for line in lines.0 { probe.type(line) }
      let reply = probe.type(lines.1)
      #expect(reply.errors.isEmpty, "\(lines.1): \(reply.errors)")
      return reply.output
    }
    let (italian, english) = (try shown(.it), try shown(.en))
    #expect(Self.numbers(italian, ",") > 0, "\(italian)")
    // `0.1` is the name of a head.
    let names = Self.numbers(italian, ".")
    #expect(Self.numbers(english, ",") == 0, "\(english)")
    #expect(Self.numbers(english, ".") == Self.numbers(italian, ",") + names, "\(italian)")
  }

  @Test func whatCanBeTypedBackHasThePoint() throws {
    let probe = try ShellProbe(.it)
    probe.type(":until loss")
    let lines = [
      "loss", "1 / 4", "W_E[0]", ":show W_E", ":optimizer", ":why loss", ":set W_E[0, 0] = 0.5",
    ]
    for line in lines {
      // Indices have commas.
      let output = probe.type(line).output.replacing(/\[[^\]]*\]/, with: "")
      #expect(Self.numbers(output, ".") > 0, "\(line): \(output)")
      #expect(Self.numbers(output, ",") == 0, "\(line): \(output)")
    }
    // What `= …` shows is the same number when it is typed.
    let shown = probe.type("loss").output
    let digits = try #require(shown.split { $0 == " " || $0 == "\n" }.last { $0.contains(".") })
    #expect(probe.type("abs(loss - \(digits)) < 0.000001").output.contains("1"))
  }

  // MARK: What is typed

  @Test func aDecimalCommaInAnExpressionIsNamed() throws {
    let probe = try ShellProbe(.it)
    #expect(probe.type("1,79").errors.contains("i decimali si scrivono con il punto"))
    #expect(
      probe.type("exp(0,5)").errors.contains(
        "«0,5» qui sono due numeri: i decimali si scrivono con il punto, 0.5"
      )
    )
    #expect(probe.type(":optimizer sgd 0,25").errors.isEmpty)
    #expect(probe.shell.session.experiment.rate == 0.25)
  }

  @Test(arguments: [
    ("[0,1, 0,9]", true), ("let p = [2,5]", true), ("softmax([1,5, 2])", true),
    ("[1,2,3]", false), ("[[1,2],[3,4]]", false), ("W_E[0,1]", false), ("[1, 2]", false),
    ("[0.5, 1.5]", false), ("max([1,2,3]) + W_E[1,2]", false),
  ])
  func twoNumbersWhereOneMayBeMeantAreSaid(line: String, isDoubtful: Bool) throws {
    let probe = try ShellProbe(.it)
    let reply = probe.type(line)
    #expect(reply.errors.isEmpty, "\(reply.errors)")
    #expect(reply.output.contains("qui sono due numeri") == isDoubtful, "\(reply.output)")
    let english = try ShellProbe(.en)
    #expect(!english.type(line).output.contains("two numbers here"))
  }
}
