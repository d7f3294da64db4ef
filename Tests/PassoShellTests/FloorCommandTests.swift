// SPDX-License-Identifier: MIT

import PassoData
import PassoTestSupport
import PassoText
import Testing

@testable import PassoShell

/// The floors of all objectives, as a person asks for them.
struct FloorCommandTests {
  @Test func allOfThemOnOneScale() throws {
    let scratch = try Scratch()
    let rules = "<sentence> = Il topo dorme | Il topo <where> mangia\n<where> = qui | () | ora qui"
    let path = try scratch.write(Array(rules.utf8), to: "topi.grammar")
    let probe = try ShellProbe()
    _ = probe.type(":corpus \(path)")
    let output = probe.type(":floor").output
    for rule in Floors.all { #expect(output.contains(rule.name), "\(rule.name)") }
    #expect(output.contains("causal, in use: per sentence "))
    #expect(output.contains("no model, however large, loses less than this"))
    _ = probe.type(":objective span")
    let spans = probe.type(":floor").output
    #expect(spans.contains("span, in use") && !spans.contains("causal, in use"))
  }

  @Test func oneWithWhereItComesFrom() throws {
    let probe = try ShellProbe()
    let causal = probe.type(":floor causal").output
    #expect(causal.contains("10.692886") && causal.contains("1.449392"))
    #expect(causal.contains("7.377500") && causal.contains("entropy of the token that follows"))
    let order = probe.type(":floor any-order").output
    #expect(order.contains("10.692886") && order.contains("14.000000"))
    #expect(probe.type(":floor ahead 2").output.contains("2.366306"))
    _ = probe.type(":lang it")
    #expect(probe.type(":floor middle").output.contains("13,763617"))
  }

  @Test(arguments: [
    (":floor ahead", "a number of places from 0 to 1000, got none", "ahead 2"),
    (":floor ahead x", "a number of places from 0 to 1000, got 'x'", "ahead 2"),
    (":floor ahead 40", "needs sentences of 40 tokens, the longest has 14", "smaller distance"),
    (":floor masked never", "got 'never'", "nothing but always"),
    (":floor causal after gatto", "only a part of its targets counts", "without 'after'"),
    (":floor casual", "got 'casual'", "did you mean 'causal'?"),
  ])
  func whatIsNone(line: String, said: String, hint: String) throws {
    let reply = try ShellProbe().type(line)
    #expect(reply.outcome == .failed)
    #expect(reply.errors.contains(said), "\(reply.errors)")
    #expect(reply.errors.contains(hint), "\(reply.errors)")
  }

  @Test func withoutALongestSentenceOnlyTwoAreKnown() throws {
    let scratch = try Scratch()
    let rules = "<sentence> = a b <more>\n<more> = c | d <more>"
    let path = try scratch.write(Array(rules.utf8), to: "endless.grammar")
    let probe = try ShellProbe()
    _ = probe.type(":corpus \(path)")
    let all = probe.type(":floor")
    #expect(all.outcome == .done && all.output.contains("causal"))
    #expect(all.output.contains("prefix, span, middle, any-order, masked"))
    #expect(all.output.contains("needs a longest sentence that fits into a row"))
    let one = probe.type(":floor span")
    #expect(one.outcome == .failed && one.errors.contains("longest sentence"))
  }

  /// Whoever asks other questions has another floor beside the loss.
  @Test func theLossStandsBesideTheFloorOfItsObjective() throws {
    let probe = try ShellProbe()
    for line in [":corpus gatto-1 rows 4", ":objective prefix", ":train 2"] {
      #expect(probe.type(line).outcome == .done)
    }
    let shown = probe.type(":show loss").output
    #expect(shown.contains("floor") && shown.contains("1.236"), "\(shown)")
    #expect(!shown.contains("bigram"))
    #expect(probe.type(":floor prefix").output.contains("loss of the last 2 updates"))
  }
}
