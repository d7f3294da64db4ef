// SPDX-License-Identifier: MIT

import Foundation
import PassoShell
import PassoText
import PassoView

/// A shell that nobody sees, and that is told to stop when an input has had its time.
final class HostileShell {
  private final class Sink {
    var text = ""
    var deadline = Date.distantFuture
  }

  let shell: Shell
  private let sink: Sink

  /// Seconds after which Ctrl-C is pressed, and the most that may pass until it is obeyed.
  private static let time = (given: 0.05, most: 30.0)

  init(lessons: String? = nil) throws {
    let sink = Sink()
    self.sink = sink
    shell = try Shell(
      console: Console(
        language: .en,
        isPlain: true,
        terminal: { (80, .none) },
        write: { sink.text += $0 },
        writeError: { sink.text += $0 }
      ),
      lessons: lessons,
      interrupted: { Date() > sink.deadline }
    )
  }

  /// Carries out lines, and judges what they show.
  ///
  /// - Throws: `FuzzFault`.
  func type(_ lines: some Sequence<String>) throws {
    for line in lines where !writesFiles(line) {
      shell.console.language = line.utf8.count.isMultiple(of: 2) ? .it : .en
      try within(line) { if shell.execute(line) == .finished { shell.isFinished = false } }
    }
    // Whatever was typed, the shell goes on; nobody presses Ctrl-C any more.
    sink.deadline = .distantFuture
    guard shell.execute(":where") == .done else { throw FuzzFault("':where' fails") }
  }

  /// Does something for which there is little time, and judges what it shows.
  func within(_ name: String, _ body: () throws -> Void) throws {
    let start = Date()
    sink.text = ""
    sink.deadline = start.addingTimeInterval(Self.time.given)
    try body()
    let seconds = Date().timeIntervalSince(start)
    let what = name.prefix(200).debugDescription
    guard seconds < Self.time.most else { throw FuzzFault("\(seconds) s: \(what)") }
    guard !sink.text.isObeyedByTerminals else {
      throw FuzzFault("a terminal would obey what \(what) shows: \(sink.text.debugDescription)")
    }
  }

  /// What would write or read any file of the machine is not tried here.
  private func writesFiles(_ line: String) -> Bool {
    let name = line.drop { $0.isWhitespace }.dropFirst().prefix { !$0.isWhitespace }
    return !name.isEmpty
      && ["save", "record", "export", "replay"].contains { $0.hasPrefix(name.lowercased()) }
  }
}

/// Lines of the prompt, several after one another in one session.
struct LineTarget: FuzzTarget {
  static let name = "line"
  static let words =
    CommandTable.all.map { ":\($0.name)" } + [
      "blocks.0.attn.pattern", "grad.W_E", "blocks.0.mlp.out", "logits", "probs", "loss", "W_U",
      "causal", "none", "window", "masked", "span", "prefix", "words", "chars", "bpe", "f64", "f32",
      "sgd", "adamw", "momentum", "all", "attention", "mask", "embeddings", "arcs", "replace",
      "off",
      "update", "layer", "phase", "op", "gatto-1", "gatto-2", "floor", "take", "rows", "seed", "if",
      "[0,1]", "[0, 3, 4]", "0.0", "= 0.5", "let x = ", "softmax(", "\"Il gatto\"", "lr",
    ]
  static let weight = 12
  let samples: [[UInt8]]

  init(_ place: Workplace) throws {
    let sessions = [
      ":run\n:step 10\n:ablate 0.0\n:back 20\n:run\n:set lr = 0.3\n:step 3",
      ":until logits\n:why logits[0,3,4] all\n:why 1\n:text \"a b\"\n:why 6",
      ":mask none\n:fork a\n:train 3\n:swap a\n:diff a\n:undo\n:back 30\n:goto 0",
      ":text Il gatto dorme\n:objective masked\n:pairs\n:objective span 3\n:show mask\n:leaks",
      ":tokenizer bpe 276\n:merges\n:compare-tokenizers Il gatto\n:tokens\n:near gatto",
      ":corpus gatto-1 rows 2\n:oracle Il gatto\n:grammar Il gatto dorme\n:eval 8\n"
        + ":surprise \"Il\"",
      ":model gatto-2 seed 3\n:precision f64\n:run\n:lens\n:show attention all\n:stats W_E",
      ":break loss if loss < 1\n:watch sum(W_E)\n:run\n:rwatch loss < 1\n:mark a\n:goto a\n:where",
      ":optimizer adamw lr 0.1\n:train 2\n:curve loss\n:weights W_U\n:show loss\n:predict \"Il\"",
      ":until blocks.0.attn.pattern\n:set blocks.0.attn.pattern[0, 0, 3] = [1, 0, 0, 0, 0]\n:undo",
      ":generate \"Il gatto\"\n:lang it\n:theme projector\n:plain\n:hash\n:history\n:help why",
      ":lessons\n:lesson 1\n\n\n:answer b\n:hint\n:check\n"
        + ":continue\n:program forward\n:explain loss",
    ]
    samples = sessions.map { Array($0.utf8) }
  }

  mutating func take(_ input: [UInt8]) throws {
    let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(40)
    try HostileShell().type(lines.map { String(decoding: $0, as: UTF8.self) })
  }
}

/// Expressions, in a session where everything is computed, and beside a lesson that asks.
struct ExpressionTarget: FuzzTarget {
  static let name = "expression"
  static let words = [
    "W_E", "logits", "probs", "tokens", "targets", "grad.W_E", "blocks.0.attn.pattern", "softmax",
    "sum", "max", "mean", "exp", "log", "sqrt", "onehot", "upper", "grad", "transpose", "count",
    "argmax", "norm", "@", "==", ">=", "!=", "[0,1]", "[:, 1:]", "[-1]", "[::2]", "let a = ", "**",
    "W_E[\"gatto\"]", "nan", "inf", "1e999", "lr",
  ]
  static let weight = 40
  let samples: [[UInt8]]
  private let shell: HostileShell
  private let learner: HostileShell

  init(_ place: Workplace) throws {
    shell = try HostileShell()
    try shell.type([":run"])
    try LessonRecordTarget.writeLesson(place)
    learner = try HostileShell(lessons: place.path("lessons"))
    try learner.type([":lesson 01-data", ":continue"])
    samples = [
      "softmax(blocks.0.attn.masked[0,1])",
      "let s = blocks.0.attn.q[0,3,0] @ blocks.0.attn.k[0,1,0]",
      "max(upper(blocks.0.attn.pattern)) == 0", "(probs - onehot(targets, 6)) / 5",
      "grad(logits[0, 2, 3], W_E)", "sum(W_E[1:3] * 2.5e-3) - -1", "mean(abs(W_E), 1)",
    ]
    .map { Array($0.utf8) }
  }

  mutating func take(_ input: [UInt8]) throws {
    let line = String(decoding: input, as: UTF8.self).replacing("\n", with: " ")
    let expression = line.hasPrefix(":") ? String(line.dropFirst()) : line
    try shell.type([expression])
    try learner.type([expression])
  }
}

/// Tab and the hint, at every kind of place.
struct CompletionTarget: FuzzTarget {
  static let name = "completion"
  static let words = LineTarget.words
  static let weight = 100
  let samples: [[UInt8]]
  private let shell: HostileShell

  init(_ place: Workplace) throws {
    shell = try HostileShell()
    samples = [":show blocks.0.attn.", ":mask ca", ":load ", "softmax(logi", ":help tr", ":goto "]
      .map { Array($0.utf8) }
  }

  mutating func take(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    let completion = shell.shell.completion(of: text)
    guard completion.replacing >= 0, completion.replacing <= text.unicodeScalars.count else {
      throw FuzzFault("replaces \(completion.replacing) of \(text.unicodeScalars.count) scalars")
    }
    _ = shell.shell.hint(for: text)
  }
}
