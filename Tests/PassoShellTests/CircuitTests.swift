// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoEvaluation
import PassoModel
import PassoTestSupport
import Testing

@testable import PassoSession
@testable import PassoShell

/// Circuits that are built by hand or trained, and what is measured of their heads.
struct CircuitTests {
  /// Two heads in eleven lines: what a learner can type.
  ///
  /// Components 0–11 hold the token, 12–33 its position, 34–45 the token before, 46–57 the answer.
  static let handmade = [
    ":corpus segmenti symbols 11 longest 7 positions 22 repeats off",
    ":model new layers 2 heads 1 width 58 mlp none norm none biases off attention-scale none"
      + " init 0",
    ":set W_E = onehot(range(12), 58)",
    ":set W_pos = onehot(range(22) + 12, 58)",
    ":set blocks.0.attn.W_Q[12:34] = 10 * onehot(range(22) + 11, 58)",
    ":set blocks.0.attn.W_K[12:34] = onehot(range(22) + 12, 58)",
    ":set blocks.0.attn.W_V[0:12] = onehot(range(12), 58)",
    ":set blocks.0.attn.W_O[0, 0:12] = onehot(range(12) + 34, 58)",
    ":set blocks.1.attn.W_Q[0:12] = 10 * onehot(range(12), 58)",
    ":set blocks.1.attn.W_K[34:46] = onehot(range(12), 58)",
    ":set blocks.1.attn.W_V[0:12] = onehot(range(12), 58)",
    ":set blocks.1.attn.W_O[0, 0:12] = onehot(range(12) + 46, 58)",
    ":set W_U[46:58] = 10 * onehot(range(12), 12)",
  ]

  private func probe(_ lines: [String]) throws -> ShellProbe {
    let probe = try ShellProbe()
    for line in lines {
      let reply = probe.type(line)
      #expect(reply.outcome == .done, "\(line): \(reply.errors)")
    }
    return probe
  }

  private func heads(_ probe: ShellProbe) throws -> (accuracy: Double, heads: [HeadScore]) {
    let session = probe.shell.session
    return try HeadMeter(session.model, session.task(for: "heads")).measure()
  }

  @Test func theHandmadeCircuitCopiesAndNeedsBothHeads() throws {
    let probe = try probe(Self.handmade)
    let found = try heads(probe)
    #expect(found.accuracy == 1)
    #expect(found.heads[0].previous > 0.99 && found.heads[0].match < 0.1)
    #expect(found.heads[1].match > 0.99 && found.heads[1].previous < 0.2)
    #expect(found.heads.allSatisfy { $0.accuracyWithout < 0.05 }, "\(found.heads)")
    // The weights are whole numbers, all of them.
    let parameters = try probe.shell.session.currentParameters
    for tensor in parameters.values {
      #expect(tensor.doubles.allSatisfy { [0, 1, 10].contains($0) })
    }
    let off = probe.run(":ablate 0.0", ":eval")
    #expect(off.contains("right answers"))
  }

  /// What the expressions say is what a head does, looked up place by place.
  @Test func theExpressionsAreThoseOfTheRowsAtHand() throws {
    let probe = try probe([
      ":corpus segmenti symbols 4 shortest 2 longest 3 positions 9 rows 5",
      ":model new layers 2 heads 2 width 16 init 0.5", ":train 2", ":until loss",
    ])
    let session = probe.shell.session
    let pattern = try session.tensor("blocks.1.attn.pattern")
    let (tokens, targets) = (try session.tensor("tokens"), try session.tensor("targets"))
    let logits = try session.tensor("logits")
    let (rows, length) = (5, 9)
    for head in 0..<2 {
      var (before, matched, asked) = (0.0, 0.0, 0.0)
      for row in 0..<rows {
        for query in 0..<length {
          func weight(_ key: Int) -> Double {
            pattern[((row * 2 + head) * length + query) * length + key]
          }
          func id(_ tensor: Tensor, _ place: Int) -> Double { tensor[row * length + place] }
          if query > 0 { before += weight(query - 1) }
          let keys = (0...query).filter { key in
            key > 0 && id(tokens, key - 1) == id(tokens, query)
              && id(tokens, key) == id(targets, query)
          }
          if keys.isEmpty { continue }
          asked += 1
          matched += keys.reduce(0) { $0 + weight($1) }
        }
      }
      #expect(asked > 0)
      let slice = "blocks.1.attn.pattern[:, \(head)]"
      let previous = try session.tensor(of: "previous_token(\(slice))")[0]
      let match = try session.tensor(of: "prefix_match(\(slice), tokens, targets)")[0]
      #expect(abs(previous - before / Double(rows * (length - 1))) < 1e-6)
      #expect(abs(match - matched / asked) < 1e-6)
    }
    let size = session.configuration.vocabularySize
    var (right, counted) = (0.0, 0.0)
    for place in 0..<rows * length where targets[place] >= 0 {
      let numbers = (0..<size).map { logits[place * size + $0] }
      counted += 1
      if numbers.firstIndex(of: numbers.max() ?? 0) == Int(targets[place]) { right += 1 }
    }
    #expect(abs(try session.tensor(of: "accuracy(logits, targets)")[0] - right / counted) < 1e-12)
  }

  @Test(arguments: [
    ("previous_token(logits)", "weights of an attention"),
    ("previous_token(blocks.0.attn.pattern[:, 0, 2:])", "weights of an attention"),
    ("previous_token(blocks.0.attn.pattern[:, 0, 0:1])", "weights of an attention"),
    ("prefix_match(logits, tokens, targets)", "weights of an attention"),
    ("prefix_match(blocks.0.attn.pattern, logits, targets)", "tokens and targets"),
    ("range(0)", "range(n)"), ("range(2.5)", "range(n)"), ("range(9999999)", "range(n)"),
  ])
  func whatTheyCannotTakeIsSaid(line: String, expected: String) throws {
    let probe = try probe([":until loss"])
    let reply = probe.type(line)
    #expect(reply.outcome == .failed && reply.errors.contains(expected), "\(reply.errors)")
  }

  /// A short form of the recipe whose five seeds `Tests/Interop/circuit_recipes.py` trains: the
  /// heads form, `:rwatch` names the update, and the answers fall if a head is switched off.
  @Test func aTrainedModelFormsTheHeads() throws {
    let probe = try probe([
      ":corpus segmenti symbols 26 longest 8 positions 20",
      ":model new layers 2 heads 2 width 32 mlp none norm none positions sinusoidal tied on"
        + " init 0.14",
      ":train 700",
    ])
    let found = try heads(probe)
    #expect(found.accuracy > 0.8)
    let best = try #require(found.heads.prefix(2).max { $0.previous < $1.previous })
    #expect(best.accuracyWithout < found.accuracy - 0.3)
    #expect(found.heads.suffix(2).contains { $0.match > 0.6 })
    let line =
      "prefix_match(blocks.1.attn.pattern[:, \(found.heads[2].match > 0.6 ? 0 : 1)], tokens,"
      + " targets) > 0.5"
    let said = probe.run(":rwatch \(line)")
    #expect(said.contains("0 → 1"), "\(said)")
    let update = probe.shell.session.timeline.update
    #expect((100..<700).contains(update))
  }

  @Test(arguments: [
    (":corpus somma 1", "from 2 to 4096, got '1'"), (":corpus somma q 3", "'q'"),
    (":corpus somma share", "after share"), (":corpus segmenti longest 3", "got 5 and 3"),
    (":corpus segmenti positions 8", "at least 14 positions"),
    (":corpus eco rows 99999", "4 096 rows"), (":corpus ecco", "did you mean 'eco'"),
    (":heads", "needs a task"), (":show accuracy", "needs a task"),
    (":optimizer sgd 0.1 beta2 0.9", "sgd has not"),
    (":optimizer adamw 0.1 beta2 1", "less than 1, got '1'"),
    (":optimizer adamw 0.1 eps 0", "a positive number"),
    (":optimizer adamw 0.1 decay -1", "from 0 up, got '-1'"),
  ])
  func aMistakeIsOneSentenceAndAHint(line: String, expected: String) throws {
    let probe = try ShellProbe()
    let before = try probe.shell.session.timeline.stateHash
    let reply = probe.type(line)
    #expect(reply.outcome == .failed)
    #expect(reply.errors.contains(expected) && reply.errors.contains("hint: "), "\(reply.errors)")
    #expect(try probe.shell.session.timeline.stateHash == before)
  }

  @Test func aTaskSaysItselfWhatIsAsked() throws {
    let probe = try probe([":corpus eco rows 2"])
    let reply = probe.type(":objective masked")
    #expect(reply.errors.contains("the task eco says itself what is asked"), "\(reply.errors)")
    #expect(probe.run(":objective causal").contains("causal"))
  }

  /// The numbers of AdamW that are typed are those that compute.
  @Test func theNumbersOfAnOptimizerAreTyped() throws {
    let probe = try probe([":optimizer adamw 0.01 beta1 0.8 beta2 0.98 eps 1e-7 decay 0.01 clip 1"])
    let rule = probe.shell.session.experiment.optimizer.rule
    #expect(rule == .adamW(beta1: 0.8, beta2: 0.98, epsilon: 1e-7, decay: 0.01))
  }

  /// Both curves of one training in one picture, and the same session when it is replayed.
  @Test func rightAnswersOverUpdatesAreOnePicture() throws {
    let lines = [
      ":corpus somma 5 share 0.4 rows 10", ":optimizer adamw 0.01 beta2 0.98 decay 0", ":train 40",
    ]
    let probe = try probe(lines)
    let shown = probe.run(":show accuracy")
    #expect(shown.contains("learned rows 1") && shown.contains("rows never seen"), "\(shown)")
    let history = try probe.shell.session.taskHistory(atMost: 5)
    #expect(history.map(\.update) == [0, 9, 19, 29, 39, 40])
    #expect(
      try self.probe(lines).shell.session.timeline.stateHash
        == probe.shell.session.timeline.stateHash
    )
  }

  /// A folder keeps the task; a recording of it plays again.
  @Test func aFolderAndARecordingKnowTheTask() throws {
    let scratch = try Scratch()
    let probe = try probe([":corpus somma 5 share 0.4 rows 10", ":train 3"])
    let folder = scratch.path("sums")
    #expect(probe.type(":save \(folder)").outcome == .done)
    let recorded = try #require(try Experiment(folder: folder))
    #expect(recorded.task?.words == "somma p 5 share 0.4")
    #expect(probe.type(":load \(folder)").outcome == .done)
    #expect(probe.shell.session.experiment.task?.words == "somma p 5 share 0.4")
    #expect(probe.type(":train 2").outcome == .done)
    let file = scratch.path("a.passo")
    let other = try ShellProbe()
    other.run(":corpus segmenti rows 2", ":record \(file)", ":train 2", ":heads", ":quit")
    let replayed = try ShellProbe().type(":replay \(file)")
    #expect(replayed.outcome == .done, "\(replayed.errors)")
  }
}
