// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoSession
import PassoText
import Testing

@testable import PassoShell

/// What a model expects at every place of a text.
struct PredictAllTests {
  private func records(_ probe: ShellProbe) throws -> [[String: String]] {
    let path = NSTemporaryDirectory() + "passo-\(UUID()).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let reply = probe.type(":export \(path)")
    #expect(reply.outcome == .done, "\(reply.errors)")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test func theRowHasTheLossesOfItsTokens() throws {
    let probe = try ShellProbe()
    probe.run(":precision f64", ":train 10", ":until loss", ":predict all 4")
    let rows = try records(probe)
    let session = probe.shell.session
    let losses = try session.tensor("loss_per_token").doubles
    let probs = try session.tensor("probs")
    #expect(rows.count == losses.count)
    for (place, row) in rows.enumerated() {
      func number(_ name: String) throws -> Double { try #require(Double(row[name] ?? "")) }
      #expect(try abs(number("surprisal") - losses[place]) < 1e-12)
      let each = (0..<6).map { probs[place * 6 + $0] }
      let id = try #require(Int(row["id"] ?? ""))
      #expect(try abs(number("probability") - each[id]) < 1e-12)
      #expect(try Int(number("rank")) == 1 + each.count { $0 > each[id] })
      #expect(try abs(number("probability_1") - (each.max() ?? 0)) < 1e-12)
      #expect(try abs(number("entropy") + each.reduce(0) { $0 + $1 * log($1) }) < 1e-12)
      #expect(row["true_entropy"] == "")
    }
    #expect(rows.map { $0["token"] } == ["Il", "gatto", "dorme", "sul", "divano"])
  }

  @Test func besideItStandsWhatIsTrulyOpen() throws {
    let probe = try ShellProbe()
    probe.run(":corpus gatto-1", ":predict all \"Il gatto delle bambine\"")
    let rows = try records(probe)
    let language = try #require(probe.shell.session.experiment.language)
    let oracle = Oracle(language)
    for (count, row) in rows.enumerated() {
      let words = try oracle.tokens(
        of: ["Il", "gatto", "delle", "bambine"].prefix(count).joined(separator: " ")
      )
      let ways = try oracle.distribution(after: words)
      let entropy = ways.reduce(0) { $0 - $1.probability * log($1.probability) }
      #expect(abs((Double(row["true_entropy"] ?? "") ?? .nan) - entropy) < 1e-12)
    }
    // After the last word: nobody knows what comes, and the alternatives stand there all the same.
    #expect(rows.count == 5 && rows[4]["token"] == "" && rows[4]["token_1"] != "")
  }

  @Test func otherObjectivesShowWhereSomethingIsAsked() throws {
    let probe = try ShellProbe()
    probe.run(":objective masked", ":until loss", ":predict all")
    let rows = try records(probe)
    let row = probe.shell.session.batch.rows[0]
    let asked = row.targets.indices.filter { row.targets[$0] >= 0 }
    #expect(rows.map { $0["place"] } == asked.map { "\($0)" })
    #expect(probe.type(":predict all \"Il gatto\"").errors.contains("the objective is masked"))
  }

  @Test(arguments: Language.allCases)
  func itFitsOnATerminal(language: Language) throws {
    let probe = try ShellProbe(language, isPlain: false, width: 80)
    probe.run(":corpus gatto-1", ":until loss")
    let lines = probe.type(":predict all").output.split(separator: "\n")
    let rowCount = probe.shell.session.batch.inputs[0].count
    #expect(lines.count <= 24 && lines.count > 5)
    #expect(lines.count <= rowCount + 8)
    for line in lines { #expect(DisplayWidth.of(line) <= 80, "\(line)") }
  }

  @Test(arguments: [
    (":predict all zebra", "zebra"), (":predict all \"Il\" x", "whole number"),
    (":predict all \"Il\" 3 4", "no use for '4'"), (":predict all \"Il\" 0", "whole number"),
  ])
  func whatIsNotUnderstoodIsSaid(line: String, said: String) throws {
    let errors = try ShellProbe().type(line).errors
    #expect(errors.contains("error:") && errors.contains(said), "\(errors)")
  }
}
