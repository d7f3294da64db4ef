// SPDX-License-Identifier: MIT

import Foundation
import PassoShell
import Testing

/// Where nothing can be written, nothing half-written is left, and what was there stays.
struct ExportFailureTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test(arguments: ["page.html", "figure.svg", "values.safetensors"])
  func aFolderInTheWayStays(name: String) throws {
    try inFolder { folder in
      let target = "\(folder)/\(name)"
      try FileManager.default.createDirectory(
        atPath: "\(target)/inside",
        withIntermediateDirectories: true
      )
      let probe = try ShellProbe(.en)
      probe.run(":run", ":show mask")
      let reply = probe.type(":export \(target)")
      #expect(reply.outcome == .failed && reply.errors.contains(name))
      #expect(try names(in: folder) == [name] && names(in: target) == ["inside"])
    }
  }

  @Test(arguments: [":export", ":save", ":record"])
  func aFolderThatIsNotThereIsNamed(command: String) throws {
    try inFolder { folder in
      let probe = try ShellProbe(.it)
      probe.run(":run", ":show mask")
      // A file where a folder would have to be.
      try "".write(toFile: "\(folder)/file", atomically: true, encoding: .utf8)
      let reply = probe.type("\(command) \(folder)/file/x.html")
      #expect(reply.outcome == .failed && reply.errors.contains("errore"))
      #expect(try names(in: folder) == ["file"])
    }
  }

  @Test func aModelThatCannotBeWrittenWholeIsNotBegun() throws {
    try inFolder { folder in
      let target = "\(folder)/model"
      // Something else has the name of the weights; the tokenizer is the person's own.
      let probe = try ShellProbe(.en)
      try FileManager.default.createDirectory(
        atPath: "\(target)/model.safetensors/x",
        withIntermediateDirectories: true
      )
      try "mine".write(toFile: "\(target)/tokenizer.json", atomically: true, encoding: .utf8)
      #expect(probe.type(":save \(target)").outcome == .failed)
      #expect(try names(in: target) == ["model.safetensors", "tokenizer.json"])
      #expect(try String(contentsOfFile: "\(target)/tokenizer.json", encoding: .utf8) == "mine")
    }
  }

  @Test func anOlderPageSurvivesAFailure() throws {
    try inFolder { folder in
      let target = "\(folder)/page.html"
      let probe = try ShellProbe(.en)
      probe.run(":show mask")
      #expect(probe.type(":export \(target)").outcome == .done)
      let before = try Data(contentsOf: URL(filePath: target))
      // Nothing has been shown in a new session: there is nothing to replace it with.
      #expect(try ShellProbe(.en).type(":export \(target)").outcome == .failed)
      #expect(try Data(contentsOf: URL(filePath: target)) == before)
      #expect(try names(in: folder) == ["page.html"])
    }
  }

  /// Neither what was written nor what went wrong is the figure that was shown last.
  @Test func whatWasShownStaysTheFigure() throws {
    try inFolder { folder in
      let probe = try ShellProbe(.en)
      probe.run(":run", ":show mask", ":export \(folder)/one.svg", ":export \(folder)/two.svg")
      #expect(probe.type(":stpe").outcome == .failed)
      probe.run(":export \(folder)/three.svg")
      let one = try String(contentsOfFile: "\(folder)/one.svg", encoding: .utf8)
      #expect(one.utf8.count > 2_000)
      for name in ["two", "three"] {
        #expect(try String(contentsOfFile: "\(folder)/\(name).svg", encoding: .utf8) == one)
      }
    }
  }
}
