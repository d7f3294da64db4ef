// SPDX-License-Identifier: MIT

import Foundation
import PassoShell
import PassoText
import Testing

struct CommandTableTests {
  @Test func namesAndAliasesAreUnique() {
    let names = CommandTable.all.map(\.name) + CommandTable.all.compactMap(\.alias)
    #expect(Set(names).count == names.count)
  }

  @Test func oneLetterIsAlwaysTheSameCommand() throws {
    let fixed = ["s": "step", "n": "next", "b": "back", "p": "show", "h": "help", "q": "quit"]
    for (letter, name) in fixed { #expect(try CommandTable.find(letter).name == name) }
  }

  @Test func unambiguousBeginningsAreEnough() throws {
    #expect(try CommandTable.find("obj").name == "objective")
    #expect(try CommandTable.find("STEP").name == "step")
    #expect(throws: CommandProblem.ambiguousCommand("st", candidates: ["step", "stats"])) {
      try CommandTable.find("st")
    }
    #expect(throws: CommandProblem.unknownCommand("stpe", closest: "step")) {
      try CommandTable.find("stpe")
    }
  }

  @Test(arguments: CommandTable.all.map(\.name), Language.allCases)
  func everyExampleWorks(name: String, language: Language) throws {
    let command = try CommandTable.find(name)
    let probe = try ShellProbe(language, lessons: LessonFolder.path)
    #expect(!command.examples.isEmpty)
    try Self.inFolder { place in
      for example in command.examples {
        let reply = probe.type(place(example))
        #expect(reply.outcome != .failed, "\(example): \(reply.errors)")
        #expect(!reply.output.isEmpty || name == "quit", "\(example) shows nothing")
      }
    }
  }

  /// What is saved must not lie where the tests are run: it goes to a folder of its own, where
  /// there is a text too.
  private static func inFolder(_ body: ((String) -> String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = String(repeating: "Il gatto dorme sul divano.\n", count: 40)
    try text.write(toFile: "\(folder)/testo.txt", atomically: true, encoding: .utf8)
    try body { line in line.replacing(/(modello|sessione|testo\.)/) { "\(folder)/\($0.1)" } }
  }

  /// On a narrow terminal as on a wide one nothing runs over the edge, but for what has no blanks
  /// where it could be broken.
  @Test(arguments: CommandTable.all.map(\.name), [(60, Language.it), (80, .en), (120, .it)])
  func examplesStayOnTheScreen(name: String, screen: (width: Int, language: Language)) throws {
    let command = try CommandTable.find(name)
    // Linear text is broken by whoever reads it, generated text comes piece by piece.
    guard !["plain", "generate"].contains(name) else { return }
    let probe = try ShellProbe(
      screen.language,
      isPlain: false,
      width: screen.width,
      lessons: LessonFolder.path
    )
    try Self.inFolder { place in
      for example in command.examples + [":help \(name)"] {
        let shown = probe.type(place(example)).output
        for line in shown.split(separator: "\n") {
          let width = DisplayWidth.of(line)
          let longest = line.split(separator: " ").map { DisplayWidth.of($0) }.max() ?? 0
          let indent = line.prefix { $0 == " " }.count
          #expect(width <= max(screen.width, indent + longest), "\(example): \(line)")
        }
      }
    }
  }

  @Test(arguments: CommandTable.all.map(\.name), Language.allCases)
  func everyCommandHasAHelpPage(name: String, language: Language) throws {
    let reply = try ShellProbe(language).type(":help \(name)")
    #expect(reply.output.hasPrefix(":\(name)"))
    #expect(reply.output.contains(language == .it ? "esempi" : "examples"))
  }

  @Test func bothLanguagesSayDifferentThings() {
    for command in CommandTable.all {
      #expect(command.summary.it != command.summary.en, "\(command.name)")
      if let details = command.details { #expect(details.it != details.en, "\(command.name)") }
    }
  }
}
