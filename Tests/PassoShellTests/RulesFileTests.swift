// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoFiles
import PassoLesson
import PassoModel
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// `:corpus FILE` where the file holds the rules of a language.
struct RulesFileTests {
  private static let rules = """
    it: il gatto e il topo
    en: the cat and the mouse
    example: Il gatto dorme
    <sentence> = 0.6 <who> dorme | 0.4 <who> guarda <whom>
    <who> = Il gatto | Il topo
    <whom> = un topo | un gatto
    noun singular: gatto topo
    verb singular: dorme guarda
    """

  private func write(
    _ rules: String,
    _ scratch: Scratch,
    _ name: String = "topi.grammar"
  ) throws -> String {
    try scratch.write(Array(rules.utf8), to: name)
  }

  @Test func everythingIsKnownOfIt() throws {
    let scratch = try Scratch()
    let path = try write(Self.rules, scratch)
    let probe = try ShellProbe()
    let floor = probe.run(":corpus \(path) floor")
    for part in [
      "topi.grammar", "the cat and the mouse", "different sentences", "P(Il gatto dorme)",
    ] {
      #expect(floor.contains(part), "\(part): \(floor)")
    }
    #expect(!floor.contains("cut"))
    #expect(probe.shell.session.experiment.language == nil)
    let shown = probe.run(":corpus \(path) take 4 rows 2 seed 3")
    #expect(shown.contains("topi.grammar: the same 4 sentences, 2 an update"), "\(shown)")
    #expect(probe.shell.session.batch.length == 6)
    #expect(probe.run(":oracle Il").contains("gatto"))
    #expect(probe.run(":grammar Il topo guarda un gatto").contains("yes"))
    #expect(probe.run(":grammar Il topo dorme un gatto").contains("no: 'un' cannot be word 4"))
    probe.run(":corpus \(path) rows 8", ":train 100")
    let found = probe.run(":eval 64")
    #expect(found.contains("fresh sentences of topi.grammar") && found.contains("verbs that agree"))
    #expect(!found.contains("leak"))
    #expect(probe.run(":show loss").contains("bigram"))
  }

  /// The rules that the README shows are rules.
  @Test func theExampleIsALanguage() throws {
    let readme = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../README.md").standardized
    let lines = try String(contentsOf: readme, encoding: .utf8).split(
      separator: "\n",
      omittingEmptySubsequences: false
    )
    let start = try #require(lines.firstIndex(of: "    # topi.grammar"))
    let rules = lines[start...].prefix { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }
    let language = try ToyLanguage(name: "topi", rules: rules.joined(separator: "\n"))
    let oracle = Oracle(language)
    #expect(oracle.longest == nil && oracle.shortest == 4)
    #expect(oracle.isGrammatical(try oracle.tokens(of: "Il gatto guarda un topo e un topo <end>")))
  }

  /// Of a language without words that agree nothing is said of them.
  @Test func aLanguageWithoutALongestSentenceIsCut() throws {
    let scratch = try Scratch()
    let path = try write("<sentence> = mela | mela e <sentence>", scratch)
    let probe = try ShellProbe(.it)
    let shown = probe.run(":corpus \(path) rows 4")
    #expect(
      shown.contains("una riga ha posto per 27 token: le poche frasi più lunghe sono tagliate")
    )
    #expect(probe.shell.session.batch.length == 27)
    let floor = probe.run(":corpus \(path) floor")
    #expect(floor.contains("frasi diverse") && floor.contains("senza limite"), "\(floor)")
    #expect(floor.contains("posizioni di una riga, poi è tagliata") && floor.contains("> 26"))
    let found = probe.run(":train 3", ":eval 32")
    #expect(found.contains("pavimento") && !found.contains("verbi") && !found.contains("NaN"))
    let far = Array(repeating: "mela e", count: 20).joined(separator: " ")
    #expect(probe.type(":oracle \(far)").outcome == .done)
    for objective in ["masked", "prefix", "span"] {
      let reply = probe.type(":objective \(objective)")
      let needsMore = objective == "span"
      #expect(reply.outcome == (needsMore ? .failed : .done), "\(reply.errors)")
      if needsMore { #expect(reply.errors.contains("almeno 2 token")) }
    }
  }

  @Test func theNameOfALanguageWins() throws {
    let scratch = try Scratch()
    let path = try write(Self.rules, scratch, "gatto-1")
    let probe = try ShellProbe()
    probe.run(":corpus \(path)")
    #expect(probe.shell.session.experiment.language?.origin?.path == path)
    probe.run(":corpus gatto-1 rows 2")
    #expect(probe.shell.session.experiment.language == .gatto1)
    #expect(probe.shell.session.experiment.rules == nil)
  }

  /// A file of any name holds rules if a line says so; a text that has none is a text.
  @Test func rulesAreTheirOwnMark() throws {
    let scratch = try Scratch()
    let named = try write(Self.rules, scratch, "topi.txt")
    let text = try write(
      String(repeating: "Il gatto <b>dorme</b> = riposa sul divano.\n", count: 60),
      scratch,
      "testo.txt"
    )
    let probe = try ShellProbe()
    probe.run(":corpus \(named)")
    #expect(probe.shell.session.experiment.language?.name == "topi.txt")
    probe.run(":corpus \(text) rows 2")
    #expect(probe.shell.session.experiment.files != nil)
    let wrong = probe.type(":corpus \(text) take 3")
    #expect(wrong.outcome == .failed && wrong.errors.contains("needs one of field, rows, seed"))
    let noRules = try write("Il gatto dorme\n", scratch, "vuoto.grammar")
    #expect(
      probe.type(":corpus \(noRules)").errors.contains("vuoto.grammar:1: error: needs a rule")
    )
  }

  @Test func whatIsWrongIsSaidWithFileAndLineAndNothingChanges() throws {
    let scratch = try Scratch()
    let probe = try ShellProbe(.it)
    let before = probe.type(":hash").output
    let path = try write("# a\n<sentence> = 0.5 a | 0.4 b\n", scratch)
    let reply = probe.type(":corpus \(path)")
    #expect(reply.outcome == .failed)
    #expect(
      reply.errors == """
        \(path):2: errore: le probabilità della regola <sentence> devono sommare a 1, sommano a 0,9
        suggerimento: i terzi si scrivono 1/3; senza numeri le alternative sono ugualmente probabili

        """
    )
    let files: [([UInt8], String)] = [
      ([], "ci vogliono delle regole"),
      (
        Array("<sentence> = perch\u{E9}\n".unicodeScalars.map { UInt8($0.value) }),
        "non testo in UTF-8"
      ),
      (Array("<sentence> = a\0b".utf8), "non testo in UTF-8"),
      (Array("<sentence> = a".utf16.flatMap { [UInt8($0 & 0xFF), 0] }), "non testo in UTF-8"),
      (Array(repeating: UInt8(ascii: "#"), count: 1 << 20 + 1), "al massimo"),
    ]
    for (bytes, expected) in files {
      let path = try scratch.write(bytes, to: "x.grammar")
      let reply = probe.type(":corpus \(path)")
      #expect(reply.outcome == .failed && reply.errors.contains(expected), "\(reply.errors)")
    }
    #expect(probe.type(":corpus \(scratch.path("no.grammar"))").outcome == .failed)
    #expect(probe.type(":hash").output == before)
    // A mark at the beginning, and line ends of Windows, are no mistakes.
    let marked = try write(
      "\u{FEFF}" + Self.rules.replacing("\n", with: "\r\n"),
      scratch,
      "w.grammar"
    )
    #expect(probe.type(":corpus \(marked)").outcome == .done)
  }

  @Test func aSavedModelSaysWhichRulesItHasLearned() throws {
    let scratch = try Scratch()
    let path = try write(Self.rules, scratch)
    let probe = try ShellProbe()
    probe.run(":corpus \(path) take 5", ":save \(scratch.path("model"))")
    let origin = try #require(probe.shell.session.experiment.rules)
    let saved = try #require(try Experiment(folder: scratch.path("model")))
    #expect(saved.data == .unread(origin, listed: 5))
    // Nobody opens what a file beside a model names.
    try FileManager.default.removeItem(atPath: path)
    let other = try ShellProbe()
    #expect(other.type(":load \(scratch.path("model"))").outcome == .done)
    #expect(other.shell.session.experiment.language == nil)
  }

  /// The state knows what the rules say, not where they are or how they are written.
  @Test func aRecordingNoticesOtherRules() throws {
    let scratch = try Scratch()
    let path = try write(Self.rules, scratch)
    let recording = scratch.path("s.passo")
    let recorded = try ShellProbe()
    recorded.run(":record \(recording)", ":corpus \(path) rows 2", ":train 2", ":record off")
    #expect(try ShellProbe().type(":replay \(recording)").outcome == .done)
    _ = try write("# scritto meglio\n" + Self.rules, scratch)
    #expect(try ShellProbe().type(":replay \(recording)").outcome == .done)
    _ = try write(Self.rules.replacing("0.6", with: "0.7").replacing("0.4", with: "0.3"), scratch)
    let reply = try ShellProbe().type(":replay \(recording)")
    #expect(reply.outcome == .failed && reply.errors.contains("needs the state"), "\(reply.errors)")
  }

  /// A lesson reads the rules that lie in its folder, and no others.
  @Test func aLessonReadsOnlyItsOwnRules() throws {
    let scratch = try Scratch()
    let outside = try write(Self.rules, scratch)
    let folder = scratch.path("lessons/01-x")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.rules.write(toFile: "\(folder)/own.grammar", atomically: true, encoding: .utf8)
    let probe = try ShellProbe(lessons: scratch.path("lessons"))
    func findings(_ line: String) throws -> [String] {
      for language in Language.allCases {
        let text =
          "---\nid: x\nlang: \(language.rawValue)\ntitle: T\nminutes: 1\n---\n# T\n\n"
          + "```passo-run id=r1\n\(line)\n```\n"
        try text.write(
          toFile: "\(folder)/lesson.\(language.rawValue).md",
          atomically: true,
          encoding: .utf8
        )
      }
      let lesson = try LessonLibrary.lesson(in: folder, .en)
      return try SimulatedLearner.findings(in: lesson, with: probe.shell).map { $0.text(.en) }
    }
    #expect(try findings(":corpus own.grammar rows 2") == [])
    for line in [":corpus \(outside)", ":corpus ../../topi.grammar"] {
      let found = try findings(line)
      #expect(found.count == 1 && found[0].contains("a lesson may not read"), "\(found)")
    }
  }
}
