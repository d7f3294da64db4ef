// SPDX-License-Identifier: MIT

import Foundation
import PassoShell
import PassoText
import Testing

@testable import passo

/// The manual page and the help of the whole program leave nothing out.
struct ManualTests {
  private func output(_ words: [String], _ language: Language) throws -> String {
    let reply = try PassoProgram.run(words + ["--lang", language.rawValue])
    #expect(reply.status == 0 && reply.errors.isEmpty, "\(reply.errors)")
    return reply.output
  }

  private func tree() throws -> CommandTree { try CommandTree.whole() }

  /// The words of a page, as they stand on the screen.
  private func plain(_ roff: String) -> String {
    var text = roff.replacing(/\\f[BIR]/, with: "")
    for (code, sign) in [
      ("\\-", "-"), ("\\(aq", "'"), ("\\(dq", "\""), ("\\(ti", "~"), ("\\(ha", "^"),
      ("\\(ga", "`"), ("\\e", "\\"), ("\\&", ""),
    ] { text = text.replacing(code, with: sign) }
    text = text.replacing(/\\\[u([0-9A-F]+)\]/) { match in
      UInt32(match.1, radix: 16).flatMap(Unicode.Scalar.init).map(String.init) ?? "?"
    }
    return text.split { $0.isWhitespace }.joined(separator: " ")
  }

  @Test(arguments: Language.allCases)
  func everyCommandOptionAndVariableIsInThePage(language: Language) throws {
    let page = plain(try output(["manual"], language))
    let all = try tree().all
    #expect(all.count >= 17)
    for (path, command) in all {
      #expect(page.contains(path), "\(path)")
      for name in command.parameters.flatMap(\.names) {
        #expect(page.contains(name), "\(path) \(name)")
      }
    }
    for command in CommandTable.all {
      #expect(page.contains(":\(command.name)"), "\(command.name)")
      #expect(page.contains(command.summary[language]), "\(command.name)")
    }
    for variable in ManualEntry.variables {
      #expect(page.contains("\(variable.name) \(variable.meaning[language])"), "\(variable.name)")
    }
    for other in ManualEntry.files + ManualEntry.statuses {
      #expect(page.contains("\(other.name) \(other.meaning[language])"), "\(other.name)")
    }
    for line in ManualExample.all.flatMap(\.lines) { #expect(page.contains(line), "\(line)") }
  }

  /// Each command's help, in the order of the tree.
  @Test(arguments: Language.allCases)
  func helpHasEveryOptionOfEveryCommand(language: Language) throws {
    for (path, command) in try tree().all {
      let words = path.split(separator: " ").dropFirst().map(String.init)
      let help = try output(["help"] + words, language)
      for parameter in command.parameters {
        // What stands at a place is called otherwise in each language.
        guard let name = parameter.names.first else { continue }
        #expect(help.contains(name), "\(path) \(name)")
      }
      if words.isEmpty {
        for variable in ManualEntry.variables { #expect(help.contains(variable.name)) }
      }
    }
  }

  /// What the sources ask the environment for stands in the table, and nothing else.
  @Test func theTableOfVariablesIsThatOfTheSources() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources").path
    let files = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String } ?? []
    var asked: Set<String> = []
    for file in files where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
      for match in text.matches(of: /(environment\[|getenv\(|folder\(|variable = )"([A-Z_]+)"/) {
        asked.insert(String(match.2))
      }
    }
    // A list in `Language`.
    asked.formUnion(["LC_ALL", "LC_MESSAGES", "LANG"])
    #expect(Set(ManualEntry.variables.flatMap(\.names)) == asked)
  }

  @Test func whatRoffWouldObeyIsText() throws {
    #expect(
      Roff.escaped("a-b \\n 'x' \"y\" ~^` è—")
        == #"a\-b \en \(aqx\(aq \(dqy\(dq \(ti\(ha\(ga \[u00E8]\[u2014]"#
    )
    var page = Roff(title: "A", day: "2026-11-30", source: "B", manual: "C")
    page.line(".hidden")
    page.line(String(repeating: "word .x ", count: 40))
    page.listing([".TH", "a  b"])
    page.item([.bold(":name"), .plain(String(repeating: " [word]", count: 20))], text: "what")
    let lines = page.text.split(separator: "\n")
    #expect(lines.contains("\\&.hidden") && lines.contains("\\&.TH") && lines.contains("a  b"))
    #expect(lines.allSatisfy { $0.utf8.count <= 80 })
    #expect(lines.count { $0.hasPrefix(".TH") } == 1)
    #expect(!lines.contains { $0.hasPrefix(".x") })
    let name = try #require(lines.firstIndex(of: "\\fB:name\\fR"))
    #expect(lines[name - 1] == ".TP" && lines.suffix(2) == [".br", "what"])
  }

  @Test func theVersionSaysNumberCommitAndKernels() throws {
    let reply = try PassoProgram.run(["--version", "--lang", "en"])
    let pattern =
      /passo [0-9.]+ \((no commit|commit [0-9a-f]+(, changed)?)\), kernels \w+ \(of plain.*\)\n/
    #expect(reply.output.wholeMatch(of: pattern) != nil, "\(reply.output)")
    #expect(ProgramVersion.commit("7096e98-dirty").en == "commit 7096e98, changed")
    #expect(ProgramVersion.commit("7096e98-dirty").it == "commit 7096e98, modificato")
    #expect(ProgramVersion.commit("7096e98").en == "commit 7096e98")
    #expect(ProgramVersion.commit("").en == "no commit")
  }
}
