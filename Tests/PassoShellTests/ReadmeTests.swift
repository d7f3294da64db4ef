// SPDX-License-Identifier: MIT

import Foundation
import PassoSession
import PassoShell
import PassoText
import Testing

/// The sessions that the README shows are what a person sees.
///
/// Numbers may differ in their last digits, as the fast form rounds; words, shapes and places may
/// not.
/// `PASSO_WRITE_TRANSCRIPTS=1 swift test --filter ReadmeTests` writes them anew.
struct ReadmeTests {
  private static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "README.md")

  @Test func sessionsAreWhatAPersonSees() throws {
    let text = try String(contentsOf: Self.path, encoding: .utf8)
    var lines: [String] = []
    var sessions = 0
    for part in Self.parts(text) {
      guard let session = part.session else {
        lines += part.lines
        continue
      }
      sessions += 1
      let shown = try Self.play(session)
      lines += shown
      if Self.writes { continue }
      for (needed, found) in zip(part.lines, shown)
      where !Self.agree(needed, found, within: session.tolerance) {
        Issue.record("README: \(needed)\nshown:  \(found)")
        break
      }
      #expect(part.lines.count == shown.count, "after \(session.preparation)")
    }
    #expect(sessions >= 4)
    if Self.writes {
      try lines.joined(separator: "\n").write(to: Self.path, atomically: true, encoding: .utf8)
    }
  }

  private static let writes =
    ProcessInfo.processInfo.environment["PASSO_WRITE_TRANSCRIPTS"] != nil

  @Test func onlyLastDigitsMayDiffer() {
    func agree(_ left: String, _ right: String) -> Bool { Self.agree(left, right, within: 1e-3) }
    #expect(agree("loss 1.791008  ███", "loss 1.7910 █"))
    #expect(!agree("loss 1.791", "loss 1.8"))
    #expect(!agree("loss 1.791", "mean 1.791"))
    #expect(!agree("step 12/95", "step 13/95"))
    #expect(!agree("[0, 1]", "[0]"))
  }
}

extension ReadmeTests {
  /// A block of a session: what was done before it, and what is typed in it.
  private struct Session {
    /// The comment above the block: `<!-- after :train 12; within 0.1 -->`.
    let preparation: [String]
    let tolerance: Double
    let typed: [Typed]
  }

  /// A line, and how much of what it shows stands in the text; nil for all of it.
  ///
  /// A line with nothing but `…` stands for the rest.
  private struct Typed {
    let line: String
    var shown: Int?
  }

  private struct Part {
    let lines: [String]
    var session: Session?
  }

  /// The text in parts: sessions, and all that is between them.
  private static func parts(_ text: String) -> [Part] {
    var parts: [Part] = []
    var lines: [String] = []
    var block: [String]?
    for line in text.components(separatedBy: "\n") {
      guard var open = block else {
        lines.append(line)
        if line == "```text" { block = [] }
        continue
      }
      guard line == "```" else {
        open.append(line)
        block = open
        continue
      }
      let comment = lines.dropLast().last ?? ""
      if let session = session(open, after: comment) {
        parts += [Part(lines: lines), Part(lines: open, session: session)]
        lines = [line]
      } else {
        lines += open + [line]
      }
      block = nil
    }
    return parts + [Part(lines: lines)]
  }

  private static func session(_ block: [String], after comment: String) -> Session? {
    var typed: [Typed] = []
    var start = 0
    for (index, line) in block.enumerated() {
      if let command = command(line) {
        typed.append(Typed(line: command))
        start = index + 1
      } else if line == "…", !typed.isEmpty {
        typed[typed.count - 1].shown = index - start
      }
    }
    guard !typed.isEmpty else { return nil }
    var preparation: [String] = []
    var tolerance = 1e-3
    if comment.hasPrefix("<!-- after ") {
      for word in comment.dropFirst("<!-- after ".count).dropLast(" -->".count).split(
        separator: ";"
      ) {
        let word = word.trimmingCharacters(in: .whitespaces)
        if word.hasPrefix("within ") {
          tolerance = Double(word.dropFirst("within ".count)) ?? tolerance
        } else {
          preparation.append(word)
        }
      }
    }
    return Session(preparation: preparation, tolerance: tolerance, typed: typed)
  }

  /// What is typed behind a prompt, as `0:12> :step`.
  private static func command(_ line: String) -> String? {
    guard let match = line.wholeMatch(of: /\d+:\d+> (.+)/) else { return nil }
    return String(match.1)
  }

  /// What a person sees, prompts and all.
  private static func play(_ session: Session) throws -> [String] {
    let probe = try ShellProbe(.en, isPlain: false)
    for line in session.preparation { #expect(probe.type(line).outcome == .done, "\(line)") }
    return session.typed.flatMap { typed in
      let prompt = "\(probe.shell.promptParts.position)> \(typed.line)"
      let reply = probe.type(typed.line)
      var shown = (reply.output + reply.errors).components(separatedBy: "\n")
      if shown.last == "" { shown.removeLast() }
      shown = shown.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
      if let count = typed.shown { shown = shown.prefix(count) + ["…"] }
      return [prompt] + shown
    }
  }

  /// Whether two lines are the same but for last digits and lengths of bars.
  private static func agree(_ left: String, _ right: String, within part: Double) -> Bool {
    let (left, right) = (pieces(left), pieces(right))
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { one, other in
      if one == other { return true }
      // A whole number counts something.
      guard one.contains(".") || one.contains("e"), let one = Double(one),
        let other = Double(other)
      else { return false }
      return abs(one - other) <= part * max(abs(one), abs(other)) + 1e-6
    }
  }

  /// Numbers, and the words between them; blanks and bars count once.
  private static func pieces(_ line: String) -> [String] {
    let calm = line.replacing(/[█░▓▒▏▎▍▌▋▊▉]+/, with: "█").replacing(/\s+/, with: " ")
    var pieces: [String] = []
    var rest = calm[...]
    while let match = rest.firstMatch(of: /-?\d+(\.\d+)?(e[+-]?\d+)?/) {
      pieces += [String(rest[..<match.range.lowerBound]), String(match.0)]
      rest = rest[match.range.upperBound...]
    }
    return pieces + [String(rest)]
  }
}
