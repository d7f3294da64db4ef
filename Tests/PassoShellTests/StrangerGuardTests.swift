// SPDX-License-Identifier: MIT

import Foundation
import PassoLesson
import PassoModel
import PassoText
import Testing

@testable import PassoShell

/// What a stranger's line may do, through every door.
struct StrangerGuardTests {
  /// A folder with a text, a lesson's folder in it, and a shell.
  private final class Place {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    let probe: ShellProbe

    init(_ language: Language = .en) throws {
      probe = try ShellProbe(language, lessons: folder + "/lessons")
      try FileManager.default.createDirectory(
        atPath: folder + "/lessons/01-x",
        withIntermediateDirectories: true
      )
      try write(String(repeating: "Il gatto dorme sul divano.\n", count: 40), to: "testo.txt")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, to name: String) throws {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }

    /// Every file below the folder with its contents.
    var contents: [String: Data] {
      let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
      return (names ?? []).reduce(into: [:]) { found, name in
        found[name] = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
      }
    }

    /// Writes the lesson with these lines, and reads it.
    @discardableResult
    func lesson(_ lines: [String]) throws -> Lesson {
      for language in Language.allCases {
        let text = """
          ---
          id: x
          lang: \(language.rawValue)
          title: T
          minutes: 1
          ---
          # T

          ```passo-run id=r1
          \(lines.joined(separator: "\n"))
          ```
          """
        try write(text, to: "lessons/01-x/lesson.\(language.rawValue).md")
      }
      return try LessonLibrary.lesson(in: folder + "/lessons/01-x", .en)
    }

    /// What is found when a lesson of these lines is played by nobody.
    func findings(_ lines: [String]) throws -> [String] {
      try SimulatedLearner.findings(in: lesson(lines), with: probe.shell).map {
        $0.text(.en)
      }
    }
  }

  /// The examples of a command with every name of a file in a folder, by its whole path.
  private static func examples(_ command: Command, in folder: String) -> [String] {
    command.examples.map { line in
      line.replacing(/(modello|sessione|testo\.)/) { "\(folder)/\($0.1)" }
    }
  }

  /// No command can write without saying that it does: what it does for a person shows it.
  @Test(arguments: CommandTable.all.map(\.name))
  func whatWritesSaysSo(name: String) throws {
    let command = try CommandTable.find(name)
    let place = try Place()
    let before = place.contents
    for line in Self.examples(command, in: place.folder) where line.hasPrefix(":\(name)") {
      place.probe.type(line)
    }
    if !command.writesFiles { #expect(place.contents == before) }
  }

  @Test func whatSaysThatItWrites() {
    #expect(
      Set(CommandTable.all.filter(\.writesFiles).map(\.name)) == ["save", "export", "record"]
    )
  }

  /// Through the whole table: no line of a lesson leaves anything outside, with a person or
  /// without.
  @Test(arguments: CommandTable.all.map(\.name))
  func aLessonWritesNothing(name: String) throws {
    let place = try Place()
    let lines = Self.examples(try CommandTable.find(name), in: place.folder)
    for line in lines {
      let lesson = try place.lesson([":show mask", line])
      let before = place.contents
      for answers in [SimulatedLearner.Answers.wrongFirst, .right] {
        try? SimulatedLearner(place.probe.shell, answers).take(lesson)
      }
      if line.contains(place.folder) {
        place.probe.run(":lesson 1", ":continue", ":continue")
      }
      #expect(place.contents == before, "\(line)")
    }
  }

  @Test func aRefusalIsAFindingWithItsLine() throws {
    let place = try Place()
    for line in [
      ":record \(place.folder)/.bashrc replace", ":save \(place.folder)/m", ":save ../m",
      ":export \(place.folder)/a.html", ":record .bashrc", ":rec \"\(place.folder)/r\"",
    ] {
      let findings = try place.findings([":show mask", line])
      #expect(findings.count == 1 && findings[0].contains("a lesson may not write"), "\(findings)")
      #expect(findings[0].contains("lesson.en.md:11: "))
    }
    #expect(!place.contents.keys.contains(".bashrc"))
  }

  /// What a good lesson shows: saving and opening again, in a folder that goes.
  @Test func plainNamesLieInTheSandbox() throws {
    var folder = ""
    do {
      let place = try Place()
      let lines = [
        ":save modello", ":load modello", ":show mask", ":export figura.svg", ":export tutto.html",
        ":record sessione.passo", ":step", ":record off",
      ]
      #expect(try place.findings(lines) == [])
      folder = try #require(place.probe.shell.sandbox.made)
      // A lesson that is taken again finds nothing in its way.
      #expect(try place.findings(lines) == [])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(Set(names) == ["modello", "figura.svg", "tutto.html", "sessione.passo"])
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test(arguments: [true, false])
  func aPersonIsAskedAndTheLessonGoesOn(agrees: Bool) throws {
    let place = try Place(.it)
    let file = place.folder + "/s.passo"
    try place.lesson([":record \(file)", ":where", ":save \(place.folder)/m"])
    var questions: [String] = []
    place.probe.shell.console.confirm = { question in
      questions.append(question.it)
      return agrees
    }
    place.probe.type(":lesson 1")
    let line = try #require(place.probe.shell.lineForEnter)
    #expect(place.probe.type(line).outcome == .done)
    #expect(FileManager.default.fileExists(atPath: file) == agrees)
    #expect(questions.count == 1 && questions[0].contains(file), "\(questions)")
    #expect(place.probe.shell.lineForEnter == ":where")
    place.probe.run(":continue", ":continue")
    #expect(questions.count == 2)
    #expect(FileManager.default.fileExists(atPath: place.folder + "/m/config.json") == agrees)
    #expect(place.probe.shell.course.current == nil, "the lesson has come to its end")
    // What a person types is a person's.
    place.probe.run(":record off", ":record \(place.folder)/own.passo")
    #expect(questions.count == 2)
    #expect(FileManager.default.fileExists(atPath: place.folder + "/own.passo"))
  }

  /// What is long enough to be cut in a message is whole in a question.
  @Test func thePathIsShownWhole() throws {
    let place = try Place()
    let name = String(repeating: "a", count: 200) + ".passo"
    try place.lesson([":record \(place.folder)/\(name)"])
    var question = ""
    place.probe.shell.console.confirm = {
      question = $0.en
      return false
    }
    place.probe.run(":lesson 1", ":continue")
    #expect(question.contains("/\(name)'"))
  }

  @Test func aLessonReadsOnlyWhatLiesBesideIt() throws {
    let place = try Place()
    let secret = place.folder + "/testo.txt"
    for line in [":corpus \(secret)", ":corpus ../../testo.txt", ":merges \(secret)"] {
      let findings = try place.findings([line])
      #expect(findings.count == 1 && findings[0].contains("a lesson may not read"), "\(findings)")
    }
    try FileManager.default.createSymbolicLink(
      atPath: place.folder + "/lessons/01-x/link.txt",
      withDestinationPath: secret
    )
    #expect(try place.findings([":corpus link.txt"]).count == 1)
    try FileManager.default.copyItem(atPath: secret, toPath: place.folder + "/lessons/01-x/t.txt")
    let lines = [":corpus t.txt rows 2", ":tokenizer chars", ":merges t.txt"]
    #expect(try place.findings(lines) == [])
  }

  @Test func aModelFolderOfALessonLeadsNowhereElse() throws {
    let place = try Place()
    place.probe.type(":save \(place.folder)/m")
    let inner = place.folder + "/lessons/01-x/m"
    #expect(try place.findings([":load \(place.folder)/m"]).count == 1)
    #expect(try place.findings([":model \(place.folder)/m"]).count == 1)
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    for name in ["config.json", "model.safetensors", "tokenizer.json"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(inner)/\(name)",
        withDestinationPath: "\(place.folder)/m/\(name)"
      )
    }
    #expect(try place.findings([":load m"]).count == 1)
    try FileManager.default.removeItem(atPath: inner)
    try FileManager.default.copyItem(atPath: place.folder + "/m", toPath: inner)
    #expect(try place.findings([":load m", ":model m"]) == [])
  }

  @Test(arguments: [":continue", ":lesson 1", ":undo", ":quit", ":play", ":replay s", ":answer a"])
  func linesThatSteerAreForPeople(line: String) throws {
    let place = try Place()
    let findings = try place.findings([line])
    #expect(findings.count == 1 && findings[0].contains("typed by a person only"), "\(findings)")
    place.probe.type(":lesson 1")
    #expect(place.probe.type(":continue").outcome == .failed)
  }

  @Test func aSessionReadsOnlyWhatLiesBesideIt() throws {
    let place = try Place()
    try FileManager.default.createDirectory(
      atPath: place.folder + "/s",
      withIntermediateDirectories: true
    )
    try place.write("# passo session 1\n:corpus ../testo.txt\n", to: "s/a.passo")
    let errors = place.probe.type(":replay \(place.folder)/s/a.passo").errors
    #expect(errors.contains("a recorded session may not read '../testo.txt'"), "\(errors)")
    try place.write("# passo session 1\n:corpus testo.txt rows 2\n:step\n", to: "b.passo")
    let reply = place.probe.type(":replay \(place.folder)/b.passo")
    #expect(reply.outcome == .done, "\(reply.errors)")
  }

  /// A session that takes a lesson does not lend it a person's rights.
  @Test func aLessonWithinASessionWritesNothing() throws {
    let place = try Place()
    try place.lesson([":save \(place.folder)/m"])
    try place.write("# passo session 1\n:lesson 1\n:continue\n", to: "c.passo")
    place.probe.shell.console.confirm = { _ in true }
    let before = place.contents
    let errors = place.probe.type(":replay \(place.folder)/c.passo").errors
    #expect(errors.contains("a lesson may not write"), "\(errors)")
    #expect(place.contents == before)
  }

  @Test func replaceTakesThePlaceOnlyOfTheSameKind() throws {
    let place = try Place()
    let folder = place.folder
    try FileManager.default.createDirectory(
      atPath: folder + "/other",
      withIntermediateDirectories: true
    )
    try place.write("alias x=y\n", to: ".bashrc")
    try place.write("{\"name\": \"an app\"}", to: "other/config.json")
    for name in ["a.svg", "a.html", "a.safetensors"] { try place.write("mine", to: name) }
    let before = place.contents
    place.probe.type(":show mask")
    for line in [
      ":record \(folder)/.bashrc replace", ":save \(folder)/other replace",
      ":save \(folder)/other", ":export \(folder)/a.svg", ":export \(folder)/a.html",
      ":export \(folder)/a.safetensors",
    ] {
      let reply = place.probe.type(line)
      #expect(reply.outcome == .failed && reply.errors.contains("hint: "), "\(line)")
    }
    #expect(place.contents == before)
    // Values do not take the place of weights.
    place.probe.run(":save \(folder)/m", ":run")
    #expect(place.probe.type(":export \(folder)/m/model.safetensors").outcome == .failed)
    for line in [
      ":save \(folder)/m replace", ":record \(folder)/r", ":record \(folder)/r replace",
      ":export \(folder)/b.svg", ":export \(folder)/b.svg", ":export \(folder)/b.html",
      ":export \(folder)/b.html", ":export \(folder)/b.safetensors",
      ":export \(folder)/b.safetensors",
    ] {
      #expect(place.probe.type(line).outcome == .done, "\(line)")
    }
  }

  /// What strangers name is shown, not obeyed, wherever it is asked about or refused.
  @Test func namesAreShownNotObeyed() throws {
    let place = try Place()
    try place.lesson([":save \"/x\u{1B}]0;boo\u{7}\u{202E}y\""])
    place.probe.type(":lesson 1")
    let reply = place.probe.type(":continue")
    for text in [reply.output, reply.errors] {
      #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" }, "\(text)")
    }
  }
}
