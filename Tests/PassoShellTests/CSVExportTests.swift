// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

@testable import PassoShell

/// Numbers of a value as a table that spreadsheets, R and pandas read.
struct CSVExportTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test func everyNumberHasItsPlaceItsTokensAndAllDigits() throws {
    try inFolder { folder in
      let probe = try ShellProbe()
      probe.run(":run")
      #expect(probe.type(":export \(folder)/logits.csv").outcome == .done)
      let table = try lines("\(folder)/logits.csv")
      #expect(table[0] == "batch,position,position_token,vocab,vocab_token,value")
      let tensor = try probe.shell.session.tensor("logits")
      #expect(table.count == tensor.count + 1)
      for (line, number) in zip(table.dropFirst(), tensor.doubles) {
        let digits = try #require(line.split(separator: ",").last)
        #expect(Float(digits) == Float(number))
      }
      #expect(table[2].hasPrefix("0,0,<start>,1,Il,"))
    }
  }

  @Test func aSliceKeepsThePlacesOfTheWhole() throws {
    try inFolder { folder in
      let probe = try ShellProbe()
      probe.run(":run")
      #expect(probe.type(":export \(folder)/x.csv probs[0, 1:3, \"gatto\"]").outcome == .done)
      let table = try lines("\(folder)/x.csv")
      #expect(table[0] == "position,position_token,value")
      #expect(table[1].hasPrefix("1,Il,") && table[2].hasPrefix("2,gatto,") && table.count == 3)
    }
  }

  @Test func whatWasShownLastIsMeantWithoutAName() throws {
    try inFolder { folder in
      let probe = try ShellProbe(.it)
      let nothing = probe.type(":export \(folder)/a.csv")
      #expect(nothing.outcome == .failed && nothing.errors.contains("a.csv W_E"))
      probe.run("1e999 * [1, -1, 0]")
      #expect(probe.type(":export \(folder)/a.csv").outcome == .done)
      #expect(try lines("\(folder)/a.csv") == ["item,value", "0,inf", "1,-inf", "2,NaN"])
      probe.run(":show mask")
      #expect(probe.type(":export \(folder)/b.csv").outcome == .failed)
    }
  }

  @Test func rowsOfABatchHaveTheirOwnTokens() throws {
    try inFolder { folder in
      let probe = try ShellProbe()
      probe.run(":text \"a b\" \"c d\"", ":run")
      #expect(probe.type(":export \(folder)/tokens.csv").outcome == .done)
      let table = try lines("\(folder)/tokens.csv")
      #expect(table.contains { $0.hasPrefix("0,1,a,") })
      #expect(table.contains { $0.hasPrefix("1,1,c,") })
    }
  }

  @Test(arguments: [
    ("gatto", "gatto"), ("a,b", "\"a,b\""), ("\"", "\"\"\"\""), ("=1+1", "'=1+1"),
    ("-", "'-"), ("@x", "'@x"), ("+", "'+"), (" =x", "' =x"), ("\u{FF1D}x", "'\u{FF1D}x"),
    ("=a,b", "\"'=a,b\""), ("l'amico", "l'amico"), ("a\nb", "\"a\nb\""),
  ])
  func aTokenIsOneFieldAndNoFormula(token: String, field: String) {
    #expect(CSVTable.field(token) == field)
  }

  @Test func anotherTableIsNotReplaced() throws {
    try inFolder { folder in
      let path = "\(folder)/W_E.csv"
      try "name,age\nAda,36\n".write(toFile: path, atomically: true, encoding: .utf8)
      let probe = try ShellProbe()
      #expect(probe.type(":export \(path)").outcome == .failed)
      #expect(try lines(path) == ["name,age", "Ada,36"])
      try FileManager.default.removeItem(atPath: path)
      #expect(probe.type(":export \(path)").outcome == .done)
      #expect(probe.type(":export \(path)").outcome == .done)
    }
  }

  @Test func anotherKindNamesThoseThereAre() throws {
    let probe = try ShellProbe()
    for (name, way) in [
      ("a.jpg", ":export a.png"), ("a.PDF", ":export a.svg"), ("a.xlsx", ":export a.csv logits"),
      ("a.npy", ":export a.safetensors"), ("a", ":export a.svg"),
    ] {
      let reply = probe.type(":export \(name)")
      #expect(reply.outcome == .failed && reply.errors.contains(way))
      #expect(reply.errors.contains(".svg, .png, .html, .csv, .safetensors or .cast"))
    }
    let blanks = probe.type(":export my file.csv")
    #expect(blanks.errors.contains(":export \"my file.csv\""))
  }
}
