// SPDX-License-Identifier: MIT

import Foundation
import PassoModel
import Testing

/// `passo train --corpus FILE` and `passo evaluate --corpus FILE`.
struct RulesTrainingTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-rules-\(UUID().uuidString)")

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private static let rules = """
    <sentence> = 0.6 <who> dorme | 0.4 <who> guarda <whom>
    <who> = Il gatto | Il topo
    <whom> = un topo | un gatto <more>
    <more> = 0.9 () | 0.1 e <whom>
    """

  private func write(_ rules: String, _ name: String = "topi.grammar") throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(rules.utf8).write(to: folder.appending(path: name))
  }

  private func passo(_ words: String...) throws -> PassoProgram.Reply {
    try PassoProgram.run(words + ["--lang", "en"])
  }

  @Test func aTrainingGoesOnWithTheSameRulesOnly() throws {
    try write(Self.rules)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = path("topi.grammar")
    let begun = try passo("train", "--corpus", file, "--steps", "4", "--out", path("out"))
    #expect(begun.status == 0, "\(begun.errors)")
    #expect(begun.output.contains("fresh sentences of topi.grammar"))
    let whole = try passo(
      "train",
      "--corpus",
      file,
      "--steps",
      "6",
      "--decay-steps",
      "4",
      "--out",
      path("whole")
    )
    #expect(whole.status == 0, "\(whole.errors)")
    let found = try passo("evaluate", "--model", path("out"), "--corpus", file)
    #expect(found.status == 0 && found.output.contains("floor"), "\(found.errors)")
    #expect(found.errors.contains("the few longer sentences are cut"))

    // Other rules are refused, wherever they are; those of then may have moved.
    try write(Self.rules.replacing("topo", with: "cane"))
    let other = try passo("train", "--resume", "--out", path("out"), "--steps", "6")
    #expect(other.status == 1)
    #expect(other.errors.contains("\(file): error: to resume the rules need to be the same"))
    #expect(other.errors.split(separator: "\n").count == 2, "\(other.errors)")
    try write("# as it was\n" + Self.rules, "moved.grammar")
    let resumed = try passo(
      "train",
      "--resume",
      "--out",
      path("out"),
      "--steps",
      "6",
      "--corpus",
      path("moved.grammar")
    )
    #expect(resumed.status == 0, "\(resumed.errors)")
    let weights = try ["out", "whole"].map {
      try Data(contentsOf: folder.appending(path: "\($0)/model.safetensors"))
    }
    #expect(weights[0] == weights[1])
    try FileManager.default.removeItem(atPath: path("moved.grammar"))
    let gone = try passo("train", "--resume", "--out", path("out"), "--steps", "8")
    #expect(gone.status == 1 && gone.errors.contains("moved.grammar"), "\(gone.errors)")
  }

  @Test func whatIsNoLanguageIsSaidInOneSentence() throws {
    try write("<sentence> = <a>")
    defer { try? FileManager.default.removeItem(at: folder) }
    let wrong = try passo(
      "train",
      "--corpus",
      path("topi.grammar"),
      "--steps",
      "1",
      "--out",
      path("o")
    )
    #expect(wrong.status == 1)
    #expect(wrong.errors.hasPrefix("\(path("topi.grammar")):1: error: there is no rule <a>\n"))
    let unknown = try passo("train", "--corpus", "gatto-2", "--steps", "1", "--out", path("o"))
    #expect(unknown.status == 2)
    let known = "gatto-1, eco, somma, segmenti or a file of rules"
    #expect(unknown.errors.contains(known), "\(unknown.errors)")
    #expect(unknown.errors.contains("gatto-1"))
    #expect(!FileManager.default.fileExists(atPath: path("o/config.json")))
  }
}
