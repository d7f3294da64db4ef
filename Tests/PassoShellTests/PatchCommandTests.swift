// SPDX-License-Identifier: MIT

import Foundation
import PassoSession
import Testing

@testable import PassoShell

/// `:patch` is what `:set` can do, said in a word, and its grid is many of them.
struct PatchCommandTests {
  /// The run on "Il gatto dorme sul divano", with the twin `b` that reads "divano" for "gatto".
  private func twins(_ model: String = "gatto-2") throws -> ShellProbe {
    let probe = try ShellProbe()
    probe.run(
      ":model \(model)",
      ":precision f64",
      ":optimizer sgd 0.5",
      ":train 12",
      ":until loss",
      ":fork a",
      ":set tokens[0, 2] = \"divano\"",
      ":fork b",
      ":swap a"
    )
    return probe
  }

  private func logits(_ probe: ShellProbe) throws -> [Double] {
    let logits = try probe.shell.session.tensor("logits")
    return Array(logits.doubles.suffix(logits.shape.lastSize))
  }

  @Test(arguments: ["blocks.0.attn.z[0, 3]", "blocks.1.attn.z[0, :, 1]", "blocks.1.mlp.out", "W_U"])
  func itPutsWhatSetPuts(target: String) throws {
    let (one, other) = (try twins(), try twins())
    let name = target.prefix { $0 != "[" }
    if name == "W_U" {
      for probe in [one, other] {
        probe.run(":fork c", ":set W_U[0, 0] = 2", ":fork b", ":swap c")
      }
    }
    let before = try one.shell.session.timeline.stateHash
    let said = one.type(":patch \(target) from b")
    #expect(said.outcome == .done, "\(said.errors)")
    other.run(":set \(target) = b.\(target)")
    let session = (one.shell.session, other.shell.session)
    #expect(try session.0.timeline.stateHash == session.1.timeline.stateHash)
    #expect(try session.0.timeline.stateHash != before)
    one.run(":undo")
    #expect(try one.shell.session.timeline.stateHash == before)
  }

  @Test func theWholeStreamIsTheOtherRun() throws {
    let probe = try twins()
    let said = probe.run(":patch blocks.1.resid_post from b")
    #expect(said.contains("100.0 % of the way to 'b'") && said.contains("resembles that of 'b'"))
    let session = probe.shell.session
    #expect(try session.tensor("logits") == session.tensor("b.logits"))
    // The geometric mean of the answers' probabilities is that of the loss, before and after.
    for loss in try [session.tensor("a.loss"), session.tensor("loss")] {
      #expect(said.contains(String(format: "%.4f", exp(-loss[0]))))
    }
  }

  @Test func aTwinThatHasNotComeThereGoesThere() throws {
    let probe = try twins()
    probe.run(":swap b", ":back 30", ":fork early", ":swap b")
    #expect(probe.type("early.blocks.1.resid_post").outcome == .failed)
    let place = probe.shell.session.forks["early"]?.timeline.moment
    #expect(probe.type(":patch blocks.1.resid_post from early").outcome == .done)
    #expect(probe.shell.session.forks["early"]?.timeline.moment == place)
  }

  @Test func beforeTheLogitsTheEffectIsSaidToo() throws {
    let probe = try twins()
    probe.run(":back 12")
    #expect(probe.type("logits").outcome == .failed)
    let said = probe.run(":patch blocks.0.attn.out from b")
    #expect(said.contains("of the way to 'b' recovered"))
    #expect(probe.type("logits").outcome == .failed)
  }

  @Test func whatIsTheSameChangesNothing() throws {
    let probe = try twins()
    let before = try probe.shell.session.timeline.stateHash
    #expect(probe.run(":patch W_E from b").contains("is the same in 'b'"))
    #expect(try probe.shell.session.timeline.stateHash == before)
    #expect(probe.run(":undo").contains(":swap a"))
  }

  @Test(arguments: [
    (":patch", "NAME from FORK"), (":patch W_E", "NAME from FORK"),
    (":patch W_E from zebra", "no twin is called 'zebra'"), (":patch W_X from b", "W_X"),
    (":patch W_E[99] from b", "99"), (":patch W_E + 1 from b", "NAME from FORK"),
    (":patch blocks.0.attn.out from long", "[batch 1, position 5, model 32] here and"),
    (":patch blocks.0.attn.out from long", "[batch 1, position 6, model 32] in 'long'"),
    (":patch all \"Il gatto\"", "two texts"), (":patch all \"Il\" \"Il gatto\"", "got 2 and 3"),
    (":patch all \"Il gatto\" \"Il divano\" for sul", "two tokens after for"),
    (":patch all \"Il gatto\" \"Il divano\" for sul zebra", "zebra"),
    (":patch all \"Il gatto\" \"Il divano\" tails", "heads, for"),
    (":patch all \"Il gatto\" \"Il gatto\"", "there is no way between them"),
  ])
  func whatIsNotUnderstoodIsSaid(line: String, said: String) throws {
    let probe = try twins()
    probe.run(":fork keep", ":text \"Il gatto dorme sul gatto divano\"", ":until loss")
    probe.run(":fork long", ":swap keep")
    let copy = probe.shell.session
    let errors = probe.type(line).errors
    #expect(errors.contains("error:") && errors.contains(said), "\(errors)")
    #expect(try probe.shell.session.timeline.stateHash == copy.timeline.stateHash)
  }

  /// Every cell, by hand.
  @Test func theGridIsManySets() throws {
    let probe = try twins()
    let texts = "\"Il gatto dorme sul\" \"Il divano dorme sul\""
    let start = try logits(probe)
    let goal = try probe.shell.session.tensor("b.logits").doubles.suffix(start.count)
    let session = probe.shell.session
    let ids = try ["sul", "dorme"].map { try Int(session.tokenID(written: $0, isQuoted: false)) }
    func difference(_ logits: [Double]) -> Double { logits[ids[0]] - logits[ids[1]] }
    for (line, count) in [(texts, 35), ("\(texts) heads", 8)] {
      probe.run(":patch all \(line) for sul dorme")
      let rows = try records(probe)
      #expect(rows.count == count)
      for row in rows {
        let place = row[2].isEmpty ? "[0, \(row[3])]" : "[0, :, \(row[2])]"
        let done = probe.type(":set \(row[0])\(place) = b.\(row[0])\(place)")
        #expect(done.outcome == .done, "\(done.errors)")
        let reached = try difference(logits(probe))
        let share = (reached - difference(start)) / (difference(Array(goal)) - difference(start))
        let found = try #require(Double(row[6]))
        #expect(abs(found - share) < 1e-9, "\(row)")
        probe.run(":undo")
      }
    }
  }

  /// What `:export` writes of the last line, without its header.
  private func records(_ probe: ShellProbe) throws -> [[String]] {
    let path = NSTemporaryDirectory() + "passo-\(UUID()).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(probe.type(":export \(path)").outcome == .done)
    // What it said itself is no table: the same is written again.
    #expect(probe.type(":export \(path)").outcome == .done)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines[0] == "value,block,head,position,token_first,token_second,recovered")
    return lines.dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func itIsStoppedBetweenTwoCells() throws {
    final class Flag { var isRaised = false }
    let flag = Flag()
    let probe = try ShellProbe(interrupted: { flag.isRaised })
    probe.run(":until loss")
    let before = try probe.shell.session.timeline.stateHash
    flag.isRaised = true
    _ = probe.type(":patch all \"Il gatto\" \"Il divano\"")
    flag.isRaised = false
    #expect(try probe.shell.session.timeline.stateHash == before)
    #expect(probe.run(":patch all \"Il gatto\" \"Il divano\"").contains("residual stream"))
  }
}
