// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEvaluation
import PassoSession
import Testing

@testable import PassoShell

/// What else could have been written, at each token that was generated.
struct AlternativesTests {
  private func records(_ probe: ShellProbe) throws -> [[String: String]] {
    let path = NSTemporaryDirectory() + "passo-\(UUID()).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let reply = probe.type(":export \(path) last")
    #expect(reply.outcome == .done, "\(reply.errors)")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  private func trained() throws -> ShellProbe {
    let probe = try ShellProbe()
    probe.run(":precision f64", ":train 20", ":until logits")
    return probe
  }

  @Test(arguments: [
    "6", "6 temperature 1.5 seed 4", "6 temperature 1 top-k 2 seed 9", "6 window stop",
  ])
  func theTextIsTheSameAndItsTokensStandInTheTable(options: String) throws {
    let probe = try trained()
    let text = probe.run(":generate \"Il\" \(options)")
    let again = probe.run(":generate \"Il\" \(options) alternatives 4")
    let first = try #require(text.split(separator: "\n").first)
    #expect(again.split(separator: "\n").first == first)
    #expect(again.contains("what the model expected at each token"))
    #expect(again.contains("before temperature") == options.contains("temperature"))
    let rows = try records(probe)
    let made = rows.compactMap { $0["token"] }.filter { !$0.hasPrefix("<") }
    #expect(first.split(separator: " ").dropFirst().map(String.init) == made)
    let session = probe.shell.session
    var tokens = try session.promptTokens("Il", isQuoted: true)
    for (index, row) in rows.enumerated() {
      let wanted = try NextToken.probabilities(after: tokens, session.model)
      let id = try #require(Int(row["id"] ?? ""))
      let probability = try #require(Double(row["probability"] ?? ""))
      // Once the window slides, generation and prediction still read the same tokens.
      #expect(abs(probability - wanted[id]) < 1e-9)
      #expect(Int(row["rank"] ?? "") == 1 + wanted.count { $0 > wanted[id] })
      #expect(Int(row["place"] ?? "") == 2 + index)
      #expect(row["token_4"] != "" && row["token_5"] == nil)
      tokens.append(TokenID(id))
    }
  }

  @Test func inAKnownLanguageTheTruthStandsBesideIt() throws {
    let probe = try ShellProbe()
    probe.run(":corpus gatto-1", ":train 30", ":generate \"Il gatto\" 3 alternatives")
    let rows = try records(probe)
    let language = try #require(probe.shell.session.experiment.language)
    let oracle = Oracle(language)
    let ways = try oracle.distribution(after: oracle.tokens(of: "Il gatto"))
    let entropy = ways.reduce(0) { $0 - $1.probability * log($1.probability) }
    #expect(abs((Double(rows[0]["true_entropy"] ?? "") ?? .nan) - entropy) < 1e-12)
  }

  @Test(arguments: [
    ":generate \"Il\" alternatives", ":generate \"Il\" 2 alternatives", ":generate alternatives",
    ":generate \"Il\" 2 --alternatives 5 temperature 1", ":generate \"Il\" 2 alternatives=5",
    ":generate \"Il\" alt 2",
  ])
  func itsNumberNeedNotBeThere(line: String) throws {
    let reply = try ShellProbe().type(line)
    #expect(reply.outcome == .done && reply.output.contains("alternatives"), "\(reply.errors)")
  }

  @Test(arguments: [
    (":generate \"Il\" alternatives 0", "whole number"),
    (":generate \"Il\" 2 alternatives 3 4", "'4'"),
    (":export x.csv last", "which value"),
  ])
  func whatIsNotUnderstoodIsSaid(line: String, said: String) throws {
    let errors = try ShellProbe().type(line).errors
    #expect(errors.contains("error:") && errors.contains(said), "\(errors)")
  }
}
