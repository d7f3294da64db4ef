// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation
import Testing

@testable import passo

/// The help of every command, in both languages.
struct HelpTests {
  private static let commands: [[String]] = [
    [], ["repl"], ["lesson"], ["lesson", "new"], ["lint"], ["replay"], ["grade"], ["export"],
    ["handout"], ["train"], ["evaluate"],
    ["generate"], ["tokenizer"], ["tokenizer", "train"], ["tokenizer", "encode"],
    ["tokenizer", "decode"], ["tokenizer", "chat"], ["trace"], ["bench"], ["manual"],
  ]

  /// What the parser tells machines about a command.
  private struct Command: Decodable {
    struct Argument: Decodable {
      let valueName: String?
      let sectionTitle: String?
      let abstract: String?
    }

    let commandName: String
    let abstract: String?
    let discussion: String?
    let subcommands: [Command]?
    let arguments: [Argument]?

    /// This command and all below it, without the parser's own `help`.
    var all: [Command] {
      [self] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap(\.all)
    }
  }

  private struct Dump: Decodable {
    let command: Command
  }

  /// Sentences of the parser, which are translated when help is printed.
  private static let parserSentences = ["Show the version.", "Show help information."]

  private func dump(_ language: String) throws -> [Command] {
    let reply = try PassoProgram.run(["--experimental-dump-help", "--lang", language])
    #expect(reply.status == 0, "\(reply.errors)")
    return try JSONDecoder().decode(Dump.self, from: Data(reply.output.utf8)).command.all
  }

  private func help(_ words: [String], _ language: String) throws -> String {
    let reply = try PassoProgram.run(words, environment: ["LANG": language])
    #expect(reply.status == 0 && reply.errors.isEmpty, "\(reply.errors)")
    return reply.output
  }

  private func oneLine(_ text: String) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }

  @Test func everyTextIsThereInBothLanguages() throws {
    let (italian, english) = (try dump("it"), try dump("en"))
    #expect(italian.count == Self.commands.count && english.count == italian.count)
    for (it, en) in zip(italian, english) {
      #expect(it.abstract != nil && it.abstract != en.abstract, "\(it.commandName)")
      #expect(it.discussion == nil || it.discussion != en.discussion, "\(it.commandName)")
      for (it, en) in zip(it.arguments ?? [], en.arguments ?? []) {
        if Self.parserSentences.contains(en.abstract ?? "") { continue }
        #expect(it.abstract != nil && it.abstract != en.abstract, "\(it.valueName ?? "")")
        #expect(it.sectionTitle == nil || it.sectionTitle != en.sectionTitle)
      }
    }
  }

  @Test(arguments: commands)
  func italianHelpHasNoEnglishInIt(command: [String]) throws {
    let italian = try help(command + ["--help"], "it_IT.UTF-8")
    #expect(italian.hasPrefix("IN BREVE: "))
    #expect(italian.contains("\nUSO: \((["passo"] + command).joined(separator: " "))"))
    let words = [
      "OVERVIEW", "USAGE", "ARGUMENTS", "OPTIONS:", "SUBCOMMANDS", "(default", "; default",
      "(values", "<options>", "<subcommand>", "Show ", "See '",
    ]
    for word in words { #expect(!italian.contains(word), "\(word)") }
    let line = oneLine(italian)
    for command in try dump("en") {
      let texts =
        [command.abstract, command.discussion] + (command.arguments ?? []).map(\.abstract)
      for text in texts.compactMap({ $0 }) { #expect(!line.contains(oneLine(text)), "\(text)") }
    }
    for line in italian.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test func thereAreManyWaysToAsk() throws {
    let italian = try help(["train", "--help"], "it")
    let english = try help(["train", "--help"], "C")
    #expect(english.hasPrefix("OVERVIEW: Train a model"))
    #expect(oneLine(english).contains("(values: block, document; default: block)"))
    #expect(oneLine(italian).contains("(valori: block, document; predefinito: block)"))
    #expect(oneLine(italian).contains("(predefinito: 0.9)"))
    #expect(oneLine(english).contains("(default: 0.9)"))
    #expect(try help(["help", "train"], "it") == italian)
    #expect(try help(["train", "-h"], "it") == italian)
    for words in [
      ["train", "--help", "--lang", "it"], ["help", "--lang=it", "train"],
      ["--lang", "it", "train", "-h"], ["--lang", "it", "help", "train"],
    ] {
      #expect(try help(words, "C") == italian)
    }
    let root = try help(["--help"], "it")
    #expect(root.contains("  repl (predefinito)      Apre il REPL"))
    #expect(root.hasSuffix("  «passo help <comando>» spiega un comando.\n"))
    #expect(try help(["--help", "--lang", "it"], "C") == root)
    #expect(try help(["-h"], "it") == root && help(["help"], "it") == root)
  }

  @Test func versionsAndScriptsAreNotTouched() throws {
    #expect(try help(["--version", "--lang", "it"], "C") == help(["--version"], "it"))
    for shell in ["bash", "zsh", "fish"] {
      let script = try help(["--generate-completion-script", shell], "it")
      #expect(script.contains("passo"))
      #expect(!script.contains("IN BREVE"))
    }
  }
}

/// The words of a command line, before options are read.
struct InvocationTests {
  private func invocation(_ words: String..., lang: String = "C") -> Invocation {
    Invocation(words, environment: ["LANG": lang])
  }

  @Test func theLanguageIsFoundAnywhere() {
    #expect(invocation("train", "--lang", "it", "--steps", "3").language == .it)
    #expect(invocation("train", "--lang", "it", "--steps", "3").arguments.count == 3)
    #expect(invocation("--lang=en", lang: "it").language == .en)
    #expect(invocation("--lang", "en", "--lang", "it").language == .it)
    #expect(invocation("train", lang: "it_IT").language == .it)
  }

  @Test func whatIsNoLanguageIsLeft() {
    let last = invocation("lesson", "--lang")
    #expect(last.arguments == ["lesson", "--lang"] && last.languageProblem == nil)
    #expect(invocation("lint", "--", "--lang", "it").arguments.count == 4)
    #expect(invocation("---completion", "--lang", "it").arguments.count == 3)
    #expect(invocation("--lang", "--plain").arguments == ["--lang", "--plain"])
  }

  @Test func aWrongLanguageIsSaidInThatOfTheEnvironment() {
    let wrong = invocation("--lang", "fr", lang: "it")
    #expect(wrong.language == .it && wrong.languageProblem != nil)
    #expect(invocation("--lang=").languageProblem?.message.en == "--lang needs it or en, got ''")
  }

  @Test func patternsFindWhatStandsBetween() {
    #expect(ParserMessage.match("the value 'a' is 'b'.", "the value '%' is '%'.") == ["a", "b"])
    #expect(ParserMessage.match("it's 'it's'", "it's '%'") == ["it's"])
    #expect(ParserMessage.match("a", "a") == [] && ParserMessage.match("ab", "a") == nil)
    #expect(ParserMessage.match("a b", "a %c") == nil && ParserMessage.match("x", "a%") == nil)
  }

  @Test func aSentenceThatNobodyKnowsIsPassedOn() {
    let error = ValidationError("Something\nnew happened")
    let problem = ParserMessage.problem(error, CommandPath(["train"]))
    #expect(problem.message.it == "Something new happened")
    #expect(problem.hint?.it == "passo train --help elenca le opzioni")
    #expect(ParserMessage.isUsage(error))
  }

  @Test func whatIsNoMistakeOfThePersonIsOnlySaid() {
    struct Other: Error, CustomStringConvertible { let description = "it rains" }
    let problem = ParserMessage.problem(Other(), CommandPath(["train"]))
    #expect(problem.message.it == "it rains" && problem.hint == nil)
    #expect(!ParserMessage.isUsage(Other()))
  }
}
