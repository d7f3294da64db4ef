// SPDX-License-Identifier: MIT

import PassoData
import PassoShell
import PassoText

/// What a person sees while a tokenizer learns: the merges as they come, and what they are worth.
final class TokenizerProgress {
  private let console: Console
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant?
  private var byteCount = 0
  private var tokensAtStart = 0

  init(_ console: Console) {
    self.console = console
  }

  /// One line about what is going to happen.
  func begin(_ texts: [String], _ trainer: BytePairTrainer) {
    byteCount = texts.reduce(0) { $0 + $1.utf8.count }
    tokensAtStart = trainer.tokenCount
    let bytes = NumberText.count(byteCount)
    let steps = NumberText.count(trainer.plan.vocabularySize - trainer.vocabularySize)
    console.say(
      it: "\(bytes) byte di testo, fino a \(steps) fusioni",
      en: "\(bytes) bytes of text, up to \(steps) merges"
    )
  }

  /// Ten lines a second where they are written over, else some ten in all.
  func show(_ merge: BytePairTrainer.Merge, _ trainer: BytePairTrainer) {
    let total = trainer.plan.vocabularySize - 256 - trainer.plan.specials.count
    let step = trainer.merges.count
    if console.rewritesLines {
      let now = clock.now
      if let last, now - last < .milliseconds(100) { return }
      last = now
    } else if step > 1, !step.isMultiple(of: max(1, (total + 9) / 10)) {
      return
    }
    console.showProgress(line(merge, trainer, step: step, total: total))
  }

  private func line(
    _ merge: BytePairTrainer.Merge,
    _ trainer: BytePairTrainer,
    step: Int,
    total: Int
  ) -> String {
    let left = trainer.token(of: merge.pair.left) ?? ""
    let right = trainer.token(of: merge.pair.right) ?? ""
    let name = Bilingual(it: "fusione", en: "merge")[console.language]
    let count = NumberText.count(merge.count)
    let times =
      merge.count == 1
      ? Bilingual(it: "una volta", en: "once")
      : Bilingual(it: "\(count) volte", en: "\(count) times")
    let pair = "\(left) + \(right)".truncated(to: 40)
    return "\(name) \(step)/\(total)  \(pair)  \(times[console.language])"
  }

  /// What the merges did to the text.
  func end(_ trainer: BytePairTrainer) {
    if last != nil { console.clearProgress() }
    let before = ratio(tokensAtStart)
    let after = ratio(trainer.tokenCount)
    let merges = NumberText.count(trainer.merges.count)
    console.say(
      it: "\(merges) fusioni: da \(before.it) a \(after.it) byte per token",
      en: "\(merges) merges: from \(before.en) to \(after.en) bytes per token"
    )
  }

  private func ratio(_ tokens: Int) -> Bilingual {
    NumberText.fixed(Double(byteCount) / Double(max(1, tokens)), 2)
  }

  /// What there is now, and where.
  func finish(_ tokenizer: any Tokenizer, _ path: String) {
    let tokens = NumberText.count(tokenizer.vocabularySize)
    let place = Bilingual.quoted(path)
    console.say(
      it: "\(tokens) token (\(tokenizer.kind.rawValue)), salvati in \(place.it)",
      en: "\(tokens) tokens (\(tokenizer.kind.rawValue)), saved in \(place.en)"
    )
  }
}
