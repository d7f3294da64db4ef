// SPDX-License-Identifier: MIT

import Foundation
import Testing

/// The program itself, as a script sees it.
struct CommandLineTests {
  private static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized

  private func passo(_ arguments: String..., input: String = "") throws -> PassoProgram.Reply {
    try PassoProgram.run(arguments, input: input)
  }

  @Test func aBatchRunsToItsEnd() throws {
    let reply = try passo(input: "# a comment\n\n:step\nsum(mask)\n:quit\n:nonsense\n")
    #expect(reply.status == 0)
    #expect(reply.output.contains("passo> :step\naggiornamento 0, passo 1/95"))
    #expect(reply.output.contains("sum(mask) = 15"))
    #expect(!reply.output.contains("\u{1B}"))
  }

  @Test func aBatchStopsAtTheFirstFailure() throws {
    let reply = try passo("--lang", "en", input: ":stpe\n:step\n")
    #expect(reply.status == 1)
    #expect(!reply.output.contains("step 1/95"))
    #expect(
      reply.errors == """
        :stpe
        ^^^^^
        error: there is no command ':stpe'
        hint: did you mean ':step'?

        """
    )
  }

  @Test func aTokenizerIsLearnedAndAnswersLineByLine() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (text, file) = (folder.appending(path: "t.txt"), folder.appending(path: "t.json"))
    // A text with a byte that is not UTF-8.
    try Data(Array("gatto gatto gatto".utf8) + [0xFF]).write(to: text)
    let learned = try PassoProgram.run([
      "tokenizer", "train", "--text", text.path, "--vocab-size", "258", "--out", file.path,
    ])
    #expect(learned.status == 0, "\(learned.errors)")
    #expect(learned.output.contains("258 token (bpe), salvati in"))
    let ids = try PassoProgram.run(
      ["tokenizer", "encode", "--tokenizer", file.path, "--json"],
      input: #""gatto"\n""\n" \ud83d \ud83d\ude00\u0000"\n"#.replacing("\\n", with: "\n")
    )
    let lines = ids.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[1] == "[]")
    let texts = try PassoProgram.run(
      ["tokenizer", "decode", "--tokenizer", file.path, "--json"],
      input: ids.output
    )
    #expect(texts.output == "\"gatto\"\n\"\"\n\" \u{FFFD} \u{1F600}\\u0000\"\n")
    let wrong = try PassoProgram.run(
      ["tokenizer", "decode", "--tokenizer", file.path, "--json"],
      input: "[70]\n[258]\n"
    )
    #expect(wrong.status == 1 && wrong.output == "\"g\"\n")
    #expect(wrong.errors.contains("gli id vanno da 0 a 257: il 258 in posizione"))
  }

  @Test func lessonsPlayByThemselvesFromAnyFolder() throws {
    let reply = try passo("lesson", "6", "--auto")
    #expect(reply.status == 0, "\(reply.errors)")
    #expect(reply.output == "06-mask (it): 21 fatti, tutti veri\n")
  }

  @Test func aLessonThatDoesNotHoldIsNamed() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let lesson = Self.package.appending(path: "lessons/01-labels")
    let copy = folder.appending(path: "01-labels")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: lesson, to: copy)
    #expect(try passo("lint", folder.path).status == 0)
    let file = copy.appending(path: "lesson.en.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing("  =  count(targets >= 0) == 5", with: "  =  count(targets >= 0) == 6")
      .write(to: file, atomically: true, encoding: .utf8)
    let place = text.split(separator: "\n", omittingEmptySubsequences: false)
      .firstIndex { $0.hasPrefix("F01.3 ") }
    let line = try #require(place) + 1
    let reply = try passo("lint", "--lang", "en", folder.path)
    #expect(reply.status == 1)
    #expect(
      reply.errors.contains(
        "lesson.en.md:\(line): F01.3 does not hold: count(targets >= 0) == 6, found 5"
      )
    )
    #expect(reply.errors.contains("the two languages do not do the same"))
  }

  @Test func aTraceNeedsItsFiles() throws {
    let reply = try passo("trace", "--model", "/nowhere", "--tokens", "x", "--out", "y")
    #expect(reply.status == 1)
    #expect(reply.errors.hasPrefix("/nowhere: errore: "))
    #expect(reply.errors.split(separator: "\n").count <= 2)
  }
}
