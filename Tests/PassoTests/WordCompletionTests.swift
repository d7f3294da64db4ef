// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

@testable import passo

/// What the shells offer at Tab.
struct WordCompletionTests {
  private let tree: CommandTree

  init() throws { tree = try CommandTree.whole() }

  private func offered(_ words: String...) -> [String] {
    WordCompletion(words, in: tree).candidates.map(\.word)
  }

  private func paths(_ words: String...) -> String? {
    WordCompletion(words, in: tree).lines.last { $0.hasPrefix("\t") }.map { String($0.dropFirst()) }
  }

  @Test func commandsAreOffered() {
    let all = offered("")
    #expect(all.prefix(2) == ["repl", "lesson"] && all.last == "help")
    #expect(Set(all).count == all.count && !all.contains("lesson-new"))
    #expect(offered("le") == ["lesson"])
    #expect(offered("help", "t") == ["train", "tokenizer", "trace"])
    #expect(offered("help", "tokenizer", "") == ["train", "encode", "decode", "chat"])
    #expect(offered("tokenizer", "e") == ["encode"])
    #expect(offered("lint", "help") == [])
  }

  @Test func optionsAreOfferedOnce() {
    #expect(offered("train", "--pre") == ["--preset", "--precision"])
    #expect(offered("train", "--preset", "gatto", "--pre") == ["--precision"])
    #expect(offered("train", "--preset=gatto", "--pre") == ["--precision"])
    #expect(offered("--tea") == ["--teacher"] && offered("--vers") == ["--version"])
    #expect(offered("lesson", "new", "--ti") == ["--title"])
    #expect(offered("train", "--no-t") == ["--no-tied"])
    let meanings = WordCompletion(["lesson", "--au"], in: tree).candidates.map(\.meaning)
    #expect(meanings.allSatisfy { !$0.isEmpty })
  }

  @Test func valuesAreOffered() {
    #expect(offered("train", "--preset", "gatto-").contains("gatto-llama"))
    #expect(offered("train", "--objective", "m") == ["masked", "middle"])
    #expect(offered("train", "--tokenizer", "b") == ["bpe"])
    #expect(offered("train", "--mlp", "") == ["none", "usual"])
    #expect(offered("tokenizer", "train", "--kind=c") == ["--kind=chars"])
    #expect(offered("export", "--quiz", "") == ["gift", "moodle-xml"])
    #expect(offered("--lang", "") == ["it", "en"] && offered("--lang", "it", "le") == ["lesson"])
    #expect(offered("export", "--lang", "i") == ["it"])
    #expect(offered("train", "--lr", "") == [] && paths("train", "--lr", "") == nil)
    // As bash cuts a line.
    #expect(offered("train", "--preset", "=", "pic") == ["piccolo"])
    #expect(offered("train", "--preset", "=").contains("piccolo"))
  }

  @Test func lessonsAndPathsAreOffered() {
    #expect(offered("lesson", "").prefix(2) == ["new", "01-labels"])
    #expect(offered("export", "--lesson", "06").contains("06-mask"))
    #expect(paths("lesson", "") == "folders" && paths("lint", "") == "folders")
    #expect(paths("train", "--model", "") == "folders")
    #expect(paths("train", "--text", "a", "b") == "files")
    #expect(paths("train", "--text", "a", "--steps", "") == nil)
    #expect(paths("replay", "") == "files" && paths("grade", "a", "b") == "files")
    #expect(paths("replay", "a", "") == nil)
    #expect(paths("train", "--corpus", "") == "files")
  }

  /// An option that nobody thought of would offer files for a number.
  @Test func itIsKnownOfEveryOptionWhatItTakes() {
    for (path, command) in tree.all {
      for parameter in command.parameters where parameter.value != nil {
        let name = parameter.names.first ?? parameter.value ?? ""
        #expect(OptionValues.of(parameter) != nil, "\(path) \(name): say it in OptionValues")
      }
    }
  }

  @Test func theProgramAnswersInTheLanguageOfTheLine() throws {
    let italian = try PassoProgram.run(
      ["---complete", "train", "--lang", "it", "--pre"],
      environment: ["LANG": "C"]
    )
    #expect(italian.status == 0 && italian.output.contains("\tUn modello nuovo: gatto"))
    let english = try PassoProgram.run(["---complete", "le"], environment: ["LANG": "C"])
    #expect(english.output == "lesson\tOpen a lesson, or play it through and check it.\n")
  }

  /// The scripts ask the program, and are read by their shells without a complaint.
  @Test(arguments: ["bash", "zsh", "fish"])
  func theScriptsAskTheProgram(shell: String) throws {
    let script = try PassoProgram.run(["--generate-completion-script", shell])
    #expect(script.status == 0 && script.output.contains(CompletionRequest.question))
    let same = try PassoProgram.run(["--generate-completion-script=\(shell)"])
    #expect(same.output == script.output)
  }

  @Test func bashPutsTheAnswersInPlace() throws {
    let script = try PassoProgram.run(["--generate-completion-script", "bash"]).output
    let ask = """
      \(script)
      COMP_WORDS=("$1" train --preset gatto-l) COMP_CWORD=3
      _passo
      printf '%s|' "${COMPREPLY[@]}"
      """
    let bash = Process()
    bash.executableURL = URL(filePath: "/bin/bash")
    bash.arguments = ["-c", ask, "bash", PassoProgram.url.path]
    let pipe = Pipe()
    bash.standardOutput = pipe
    try bash.run()
    let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
    bash.waitUntilExit()
    #expect(String(decoding: said, as: UTF8.self) == "gatto-llama|")
  }
}
