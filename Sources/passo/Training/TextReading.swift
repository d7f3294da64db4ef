// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoModel
import PassoShell
import PassoText

/// From files to tokens in the cache, with a line that says how far it is.
struct TextReading {
  private let files: [String]
  private let unit: DocumentUnit
  private let tokenizer: any Tokenizer
  private let front: FrontEnd
  private let fingerprint: UInt64

  init(_ files: [String], _ unit: DocumentUnit, _ tokenizer: any Tokenizer, _ front: FrontEnd) {
    (self.files, self.unit, self.tokenizer, self.front) = (files, unit, tokenizer, front)
    fingerprint = TokenizerFile.fingerprint(of: tokenizer)
  }

  /// The tokens, found or made.
  ///
  /// - Throws: `TextProblem` or `FileProblem`, or `ExitCode` if it was interrupted.
  func open(_ split: TokenSplit) throws -> TokenShards {
    let line = ReadingLine(front)
    defer { line.end() }
    let shards = try TokenShards.open(
      ShardRequest(files: files, unit: unit, split: split),
      tokenizer: tokenizer,
      fingerprint: fingerprint,
      cache: front.textCache(),
      on: line.show,
      unless: { Interrupt.isPending }
    )
    guard let shards else { throw ExitCode(130) }
    return shards
  }
}

/// How far the reading of a long text is, on one line that is written over.
private final class ReadingLine {
  private let console: Console
  private let rewrites: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?

  init(_ front: FrontEnd) {
    (console, rewrites, start) = (front.console(), front.canRewriteLines, clock.now)
  }

  func show(_ progress: ShardProgress) {
    let now = clock.now
    // Who waits less than that wonders about nothing.
    guard rewrites, now - start > .milliseconds(400) else { return }
    if let last, now - last < .milliseconds(100) { return }
    last = now
    console.stream("\r\u{1B}[K" + text(progress)[console.language])
  }

  private func text(_ progress: ShardProgress) -> Bilingual {
    func percent(_ done: Int, _ total: Int) -> String { "\(100 * done / max(1, total)) %" }
    switch progress {
    case .looking(let done, let total):
      return Bilingual(it: "leggo il testo: ", en: "reading the text: ")
        + Bilingual(same: percent(done, total))
    case .encoding(let done, let total):
      return Bilingual(it: "divido in token: ", en: "making tokens: ")
        + Bilingual(same: percent(done, total))
    case .comparing:
      return Bilingual(
        it: "confronto con il testo tenuto da parte",
        en: "comparing with the text kept apart"
      )
    }
  }

  func end() {
    if last != nil { console.stream("\r\u{1B}[K") }
  }
}
