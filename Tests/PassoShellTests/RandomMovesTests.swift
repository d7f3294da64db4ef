// SPDX-License-Identifier: MIT

import Foundation
import PassoEngine
import PassoModel
import PassoRuntime
import PassoSession
import PassoShell
import Testing

/// Walks through time at random, with every kind of change on the way.
///
/// `PASSO_RANDOM_MOVES=10000` makes a longer walk, `PASSO_RANDOM_MOVES="10000 7"` another one; both
/// print each line, so that the last one of a walk that ends badly is known.
struct RandomMovesTests {
  private static let wanted = (ProcessInfo.processInfo.environment["PASSO_RANDOM_MOVES"] ?? "")
    .split(separator: " ").compactMap { Int($0) }

  @Test func randomMovesNeverTrapAndComeBackToTheSameStates() throws {
    let count = Self.wanted.first ?? 300
    var walk = try RandomWalk(seed: UInt64(Self.wanted.dropFirst().first?.magnitude ?? 29))
    for _ in 0..<count {
      let line = walk.line()
      if !Self.wanted.isEmpty { print(line) }
      let mistake = try walk.carryOut(line)
      #expect(mistake == nil, "\(line): \(mistake ?? "")")
    }
    #expect(walk.moves * 4 > count, "too few moves: \(walk.moves) of \(count)")
    #expect(walk.changes * 10 > count, "too few changes: \(walk.changes) of \(count)")
    #expect(walk.revisits * 40 > count, "too few moments were seen twice: \(walk.revisits)")
  }
}

/// A shell that is led at random, and what its states were at each moment.
private struct RandomWalk {
  private let probe: ShellProbe
  private var random: RandomSource

  /// The states of the moments that no later change has touched.
  private var seen: [Moment: UInt64] = [:]

  private(set) var moves = 0
  private(set) var changes = 0
  private(set) var revisits = 0

  init(seed: UInt64) throws {
    probe = try ShellProbe()
    random = RandomSource(seed: seed)
  }

  private var session: Session { probe.shell.session }

  /// Carries out a line, and says what is not as it was.
  mutating func carryOut(_ line: String) throws -> String? {
    let (before, moment) = (probe.shell.undoStack.depth, session.timeline.moment)
    let isKept = session.timeline.moment
    let outcome = probe.type(line).outcome
    let now = session.timeline.moment
    if outcome == .failed, now != isKept { return "a line that failed has moved" }
    if now != moment { moves += 1 }
    if probe.shell.undoStack.depth != before {
      changes += 1
      forget(line)
    }
    let hash = try session.timeline.stateHash
    guard let known = seen.updateValue(hash, forKey: now), now != moment else { return nil }
    revisits += 1
    return known == hash ? nil : "\(now) is not what it was"
  }

  private mutating func forget(_ line: String) {
    let stays = [":fork", "let", ":break", ":watch"].contains { line.hasPrefix($0) }
    let goesOn = [":set", ":ablate", ":mask"].contains { line.hasPrefix($0) }
    if stays { return }
    // What came before such a change stays as it was.
    let start = goesOn ? session.timeline.update : 0
    seen = seen.filter { $0.key.update < start }
  }

  mutating func line() -> String {
    let kind = Int.random(in: 0..<100, using: &random)
    if kind < 55 { return move() }
    if kind < 85 { return change() }
    if kind < 95 { return look() }
    return beginning()
  }

  private mutating func any(_ lines: [String]) -> String {
    lines.randomElement(using: &random) ?? ""
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    .random(in: range, using: &random)
  }

  private mutating func move() -> String {
    let value = any([
      "logits", "loss", "grad.W_E", "next.W_E", "probs", "blocks.0.attn.pattern", "blocks.0.attn.z",
      "grad.blocks.0.attn.q", "next.W_U", "lr", "embed",
    ])
    return any([
      ":step", ":step \(number(1...150))", ":back", ":back \(number(1...300))", ":next",
      ":next \(number(1...4))", ":run", ":until \(value)", ":goto \(value)", ":goto start",
      ":goto end",
      ":goto \(number(0...120))", ":goto update \(number(0...6))", ":train",
      ":train \(number(1...3))",
      ":goto here", ":zoom \(any(["op", "layer", "phase", "update"]))",
      ":rwatch \(any(["loss < 1.7", "W_E[1, 0]", "lr", "grad(loss, W_E)[1, 0]"]))",
    ])
  }

  private mutating func change() -> String {
    let value = any([
      "W_E[1, 0]", "W_pos", "lr", "t", "logits[0, 0]", "blocks.0.attn.pattern[0, 0]", "grad.logits",
      "next.W_E[0]", "blocks.0.attn.z[0, 1]", "loss", "tokens[0, 0]", "targets[0, 1]", "m.W_E[0]",
      "v.W_E", "blocks.0.attn.W_Q[0]", "blocks.0.ln1.w", "lr.peak", "prefix[0]",
    ])
    let new = any(["0", "0.5", "2", "-1", "1e-3", "0.1 + 0.2"])
    return any([
      ":set \(value) = \(new)", ":set \(value) = \(new)", ":set lr = 0.3", ":ablate 0.0",
      ":ablate 0.1",
      ":ablate none", ":mask none", ":mask causal", ":mask window 2", ":fork a", ":fork b",
      ":swap a",
      ":swap b", ":undo", ":undo", "let x = loss", ":optimizer sgd lr 0.1", ":optimizer adamw",
      ":optimizer momentum clip 1 warmup 3", ":precision f64", ":precision f32", ":mark here",
    ])
  }

  private mutating func look() -> String {
    any([
      ":why", ":why loss", ":why logits[0,1,2]", ":why \(number(1...9))", ":why up", ":diff a",
      ":diff a b", ":watch loss < 1.5", ":watch W_E[1, 0]", ":watch grad(loss, W_E)[1, 0]",
      ":watch off",
      ":break loss if hits == 3", ":break off", ":curve", ":weights", ":lens", ":show attention",
      ":stats W_E", "loss - a.loss", "grad(loss, W_E)", ":pairs", ":predict", ":leaks", ":hash",
    ])
  }

  private mutating func beginning() -> String {
    any([
      ":text \"Il cane dorme\"", ":text \"a b\"", ":text \"Il gatto dorme sul divano\"",
      ":model gatto",
      ":model gatto seed 4", ":model gatto seed 3", ":objective masked", ":objective causal",
      ":objective prefix", ":objective span", ":corpus gatto-1 rows 2", ":tokenizer characters",
      ":tokenizer words", ":tokenizer bpe 20", ":optimizer adamw accumulate 2",
    ])
  }
}
