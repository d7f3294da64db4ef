// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

@testable import PassoShell

/// What people type who come from word processors, from other programs, or from Italian.
struct TypingTests {
  // MARK: - Quotation marks

  @Test(arguments: [
    ("\"", "\""), ("“", "”"), ("„", "“"), ("„", "”"), ("”", "”"), ("«", "»"), ("»", "«"),
    ("‟", "”"),
    ("«\u{A0}", "\u{A0}»"), ("«\u{202F}", "\u{202F}»"), ("'", "'"), ("‘", "’"), ("’", "’"),
    ("‹", "›"), ("‚", "‘"), ("″", "″"), ("＂", "＂"), ("“", "\""), ("\"", "”"), ("′", "′"),
  ])
  func quotationMarksOfAnyKindAreMarks(open: String, close: String) throws {
    let probe = try ShellProbe()
    let result = probe.type(":text \(open)Il gatto dorme\(close)")
    #expect(result.outcome == .done)
    #expect(probe.shell.session.texts == ["Il gatto dorme"])
    #expect(probe.type(":predict \(open)Il gatto\(close) 2").output.contains("'<start> Il gatto'"))
  }

  @Test(arguments: [
    "l’amico di l'altro", "un po' di neve e un po’ di sole", "C# è bello", "# titolo", "ciao;",
    "Il gatto # nota",
  ])
  func textWithoutMarksIsTextAsItStands(text: String) throws {
    let probe = try ShellProbe()
    #expect(probe.type(":text \(text)").outcome == .done)
    #expect(probe.shell.session.texts == [text])
  }

  @Test(arguments: [":text “Il gatto", ":text Il “gatto” dorme", ":text „Il gatto"])
  func marksAreNeverTokens(line: String) throws {
    let probe = try ShellProbe()
    let before = probe.shell.session.texts
    #expect(probe.type(line).outcome == .failed)
    #expect(probe.shell.session.texts == before)
  }

  // MARK: - Comments and other characters

  @Test func aCommentEndsALine() throws {
    let probe = try ShellProbe()
    #expect(probe.type(":step 2 # two of them").outcome == .done)
    #expect(probe.shell.session.timeline.moment.step == 2)
    #expect(probe.type(":text \"Il gatto # dorme\" # nota").outcome == .done)
    #expect(probe.shell.session.texts == ["Il gatto # dorme"])
    #expect(probe.type(":watch loss < 1 # below").outcome == .done)
    #expect(!probe.type(":watch").output.contains("below"))
    #expect(probe.type("1 + 1 # two").output.hasPrefix("1 + 1 = 2"))
  }

  @Test(arguments: [
    ("5 − 3", "2"), ("5 – 3", "2"), ("2 × 3", "6"), ("6 ÷ 2", "3"), ("２＋３", "5"),
    ("1\u{A0}+\u{A0}1", "2"), ("2 ≤ 3", "1"), ("2 ≠ 2", "0"), ("1+1;", "2"), ("1+1 ; # x", "2"),
  ])
  func charactersOfOtherKeyboardsAreUnderstood(line: String, value: String) throws {
    #expect(try ShellProbe().type(line).output.contains("= \(value)\n"))
  }

  @Test func numbersOfFullWidthAreNumbers() throws {
    let probe = try ShellProbe()
    #expect(probe.type("：step ２").outcome == .done)
    #expect(probe.shell.session.timeline.moment.step == 2)
  }

  // MARK: - Expressions

  @Test(arguments: [
    ("2**3", 8.0), ("-2**2", -4), ("(-2)**3", -8), ("2**-1", 0.5), ("2**3**2", 512), ("4**.5", 2),
    ("2 ** 0", 1), ("-3**0", -1), ("2*3**2", 18), ("8**(1/3)", 2), ("--2", 2), ("+3", 3),
    (".5 + 5. + 1e3 + 1_000", 2_005.5), ("ln(exp(2))", 2), ("log2(8)", 3), ("log10(1000)", 3),
    ("len([1, 2, 3])", 3), ("var([1, 2, 3, 4])", 1.25), ("std([1, 3])", 1),
    ("W_E[\"gatto\", 0] - W_E[2, 0]", 0), ("sum(abs(W_E[“gatto”] - W_E[2]))", 0),
    ("W_U[0, 'dorme'] - W_U[0, 3]", 0), ("sum([1, 2]**2)", 5),
  ])
  func expressionsAreWrittenAsElsewhere(line: String, value: Double) throws {
    let shell = try ShellProbe().shell
    #expect(abs(try shell.session.value(of: line) - value) < 1e-9)
  }

  @Test func placesOfTheTextHaveTheNamesOfItsTokens() throws {
    let probe = try ShellProbe()
    probe.run(":until logits", "let a = logits[0, \"dorme\", \"sul\"] == logits[0, 3, 4]")
    #expect(try probe.shell.session.value(of: "a") == 1)
    probe.run(":text \"il gatto il cane\"", ":until embed")
    let twice = probe.type("embed[0, \"il\"]").errors
    #expect(twice.contains("'il' stands in several places: 1, 3"))
  }

  @Test(arguments: [
    ("W_E[\"gato\"]", "did you mean 'gatto'?"), ("W_E[0, \"gatto\"]", "axis model are numbers"),
    ("2^3", "powers are written with **"), ("np.sqrt(2)", "did you mean 'sqrt'?"),
    ("W_E.T", "did you mean 'transpose(W_E)'?"), ("W_E.sum()", "did you mean 'sum(W_E)'?"),
    ("print(W_E[0])", "a value shows itself: W_E[0]"), ("torch.softmax(W_E)", "'softmax'"),
    ("\"gatto\"", "has no place here"), ("W_E[\"gatto\"", "is missing"), ("len(3)", "no length"),
    ("x = 3", "let x = ... names"),
  ])
  func nearMissesAreAnswered(line: String, words: String) throws {
    let result = try ShellProbe().type(line)
    #expect(result.outcome == .failed)
    #expect(result.errors.contains(words))
  }

  // MARK: - Words of other programs

  @Test(arguments: ["exit", "quit", "exit()", "quit()", " exit ", "EXIT", "exit;", "exit # bye"])
  func wordsThatLeaveElsewhereLeave(line: String) throws {
    #expect(try ShellProbe().type(line).outcome == .finished)
  }

  @Test func aValueWithSuchANameIsAValue() throws {
    let probe = try ShellProbe()
    probe.run("let exit = 3")
    #expect(probe.type("exit").output.contains("exit = 3"))
  }

  @Test(arguments: ["?", "help", "help()", "--help", ":?"])
  func helpIsGivenHoweverItIsAskedFor(line: String) throws {
    #expect(try ShellProbe().type(line).output.contains(":help show"))
  }

  @Test(arguments: ["?step", "step?", "help step", "help(step)", "help :step"])
  func helpIsGivenOnACommand(line: String) throws {
    #expect(try ShellProbe().type(line).output.contains(":step [n]"))
  }

  @Test(arguments: [
    (":exit", ":quit", "Ctrl-D"), (":q!", ":quit", "Ctrl-D"), (":wq", ":quit", ":save"),
    ("bye", ":quit", "Ctrl-D"), (":aiuto", "forse", ":help"), (":testo", "forse", ":text"),
    ("maschera", "forse", ":mask"), (":esci", ":quit", "Ctrl-D"), ("ls", "shell", ":load"),
    ("trian 3", ":train", "due punti"), (":addestra", "forse", ":train"),
    (":model layers=4 heads=4", ":model new", "misure"),
    (":model n_layer=4", ":model new", "misure"),
    (":export a.pdf", "a.svg", "rsvg-convert"), (":export a.npy", "a.safetensors", "numpy"),
  ])
  func otherNamesGetTheRightOneAsAHint(line: String, one: String, other: String) throws {
    let result = try ShellProbe(.it).type(line)
    #expect(result.outcome == .failed)
    #expect(result.errors.contains(one))
    #expect(result.errors.contains(other))
  }

  // Whatever is recommended has to be there.
  @Test func everyNameLeadsToACommand() {
    for command in CommandTable.all {
      #expect(OtherNames.command(for: command.name).map { $0 == command.name } ?? true)
    }
    for word in ["esci", "carica", "salva", "mostra", "genera", "lezione", "exit", "aiuto"] {
      let name = OtherNames.command(for: word)
      #expect(CommandTable.all.contains { $0.name == name })
    }
  }

  /// What is read apart from the rest of its line is shown where it stands.
  @Test(arguments: [
    (":set W_E[0, 0] =", 16), (":set W_E[0, 0] = (1", 19),
    (":why loss[", 10), (":watch loss <", 13),
  ])
  func whatIsNotFinishedIsShownInItsLine(line: String, place: Int) throws {
    let errors = try ShellProbe().type(line).errors.split(separator: "\n")
    #expect(errors.first.map(String.init) == line)
    #expect(errors.dropFirst().first.map(String.init) == String(repeating: " ", count: place) + "^")
  }
}
