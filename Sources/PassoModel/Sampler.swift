// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime
import PassoText

/// How the next token is chosen from its logits.
package struct SamplingSettings: Sendable, Hashable {
  /// What logits are divided by; 0 always takes the most probable token.
  package var temperature: Double

  /// How many of the most probable tokens may be chosen; nil for all.
  package var topK: Int?

  /// The smallest set of most probable tokens that together reach this probability; nil for all.
  package var topP: Double?

  /// What the logits of tokens that were seen already are divided by, if positive, or multiplied
  /// with; 1 changes nothing.
  package var repetitionPenalty: Double

  /// Settings from their parts.
  package init(
    temperature: Double = 1,
    topK: Int? = nil,
    topP: Double? = nil,
    repetitionPenalty: Double = 1
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.repetitionPenalty = repetitionPenalty
  }
}

/// Chooses tokens; the same seed chooses the same ones.
///
/// Source: Fan, Lewis, Dauphin 2018, arXiv:1805.04833 (top-k); Holtzman et al. 2019,
/// arXiv:1904.09751 (top-p); Keskar et al. 2019, arXiv:1909.05858, section 4.1 (repetition
/// penalty).
package struct Sampler: Sendable {
  package let settings: SamplingSettings
  private var random: RandomSource

  package init(_ settings: SamplingSettings, seed: UInt64) {
    self.settings = settings
    random = RandomSource(seed: seed)
  }

  /// The next token.
  ///
  /// - Parameters:
  ///   - logits: A number for each token.
  ///   - seen: The tokens so far, for the repetition penalty.
  /// - Returns: An index of `logits`; of equal ones the first.
  package mutating func choose(_ logits: [Double], after seen: [Int32]) -> Int {
    let logits = penalised(logits, seen)
    guard settings.temperature > 0 else { return Self.largest(logits) }
    let candidates = candidates(logits)
    let total = candidates.reduce(0) { $0 + $1.weight }
    var left = random.uniform() * total
    for candidate in candidates {
      left -= candidate.weight
      if left < 0 { return candidate.token }
    }
    return candidates.last?.token ?? 0
  }

  private func penalised(_ logits: [Double], _ seen: [Int32]) -> [Double] {
    guard settings.repetitionPenalty != 1 else { return logits }
    var logits = logits
    for token in Set(seen) where logits.indices.contains(Int(token)) {
      let logit = logits[Int(token)]
      logits[Int(token)] =
        logit > 0 ? logit / settings.repetitionPenalty : logit * settings.repetitionPenalty
    }
    return logits
  }

  /// The tokens that may be chosen, with their unnormalised probabilities, most probable first.
  private func candidates(_ logits: [Double]) -> [(token: Int, weight: Double)] {
    let top = logits.max() ?? 0
    var candidates = logits.enumerated().map { token, logit in
      (token: token, weight: Double.exponential((logit - top) / settings.temperature))
    }
    guard settings.topK != nil || settings.topP != nil else { return candidates }
    candidates.sort { ($0.weight, $1.token) > ($1.weight, $0.token) }
    if let count = settings.topK { candidates = Array(candidates.prefix(max(1, count))) }
    guard let wanted = settings.topP else { return candidates }
    let total = candidates.reduce(0) { $0 + $1.weight }
    var reached = 0.0
    let end = candidates.firstIndex { candidate in
      reached += candidate.weight
      return reached >= wanted * total
    }
    return Array(candidates.prefix((end ?? candidates.count) + 1))
  }

  private static func largest(_ logits: [Double]) -> Int {
    var best = 0
    for index in logits.indices where logits[index] > logits[best] { best = index }
    return best
  }
}

/// Why a text ended.
package enum TextEnd: Sendable, Hashable {
  /// As many tokens as were asked for.
  case wanted
  /// A token that ends a text.
  case endToken
  /// The model cannot read any more.
  case contextFull(Int)
  /// A person stopped it.
  case interrupted
}

extension Generator {
  /// Continues a prompt, token by token.
  ///
  /// - Parameters:
  ///   - prompt: At least one id.
  ///   - count: The most tokens to make.
  ///   - sampler: Chooses them.
  ///   - window: What happens beyond as many tokens as the context holds.
  ///   - ends: Tokens that end the text; they are not given to `show`.
  ///   - shouldStop: Asked before each token.
  ///   - chosen: Called with the logits that a token was chosen from, and the token; one that ends
  ///     the text too.
  ///   - show: Called with each token as it is made.
  /// - Returns: Why the text ended.
  /// - Throws: `GenerationProblem` for a prompt that does not fit, or what executing throws.
  package func generate(
    after prompt: [Int32],
    count: Int,
    sampler: inout Sampler,
    window: GenerationWindow = .slide,
    ends: [Int] = [],
    unless shouldStop: () -> Bool = { false },
    chosen: ([Double], Int32) -> Void = { _, _ in },
    show: (Int32) throws -> Void
  ) throws -> TextEnd {
    try check(prompt, window)
    reset()
    hasSlid = false
    var tokens = prompt
    var next = prompt.suffix(configuration.contextLength)
    for _ in 0..<count {
      if shouldStop() { return .interrupted }
      // The last place of the context can still be filled: nothing has to be read after it.
      if window == .stop, tokens.count >= configuration.contextLength {
        return .contextFull(configuration.contextLength)
      }
      if next.count > remainingContext {
        // What was read has moved to other positions: its keys and values hold no more.
        reset()
        hasSlid = true
        next = tokens.suffix(configuration.contextLength)
      }
      let logits = try read(Array(next))
      let token = sampler.choose(logits, after: tokens)
      chosen(logits, Int32(token))
      if ends.contains(token) { return .endToken }
      next = [Int32(token)]
      tokens += next
      try show(Int32(token))
    }
    return .wanted
  }

  private func check(
    _ prompt: [Int32],
    _ window: GenerationWindow
  ) throws(GenerationProblem) {
    guard !prompt.isEmpty else { throw .emptyPrompt }
    guard window == .slide || prompt.count <= configuration.contextLength else {
      throw .promptTooLong(prompt.count, limit: configuration.contextLength)
    }
    let size = configuration.vocabularySize
    if let place = prompt.firstIndex(where: { !(0..<size).contains(Int($0)) }) {
      throw .id(Int(prompt[place]), position: place, vocabularySize: size)
    }
  }
}

/// Why no text can be made.
package enum GenerationProblem: Problem, Equatable {
  /// Nothing to continue.
  case emptyPrompt
  /// More tokens than the model reads.
  case promptTooLong(Int, limit: Int)
  /// A token that the model does not have, at a position from 0.
  case id(Int, position: Int, vocabularySize: Int)

  package var message: Bilingual {
    switch self {
    case .emptyPrompt:
      Bilingual(
        it: "non c'è nemmeno un token da continuare",
        en: "needs at least one token to continue, got 0"
      )
    case .promptTooLong(let count, let limit):
      Bilingual(
        it: "il modello legge al più \(limit) token, il prompt ne ha \(count)",
        en: "the model reads at most \(limit) tokens, the prompt has \(count)"
      )
    case .id(let id, let position, let size):
      Bilingual(
        it: "gli id vanno da 0 a \(size - 1): il \(id) in posizione \(position) non c'è",
        en: "ids go from 0 to \(size - 1), got \(id) at position \(position)"
      )
    }
  }

  package var hint: Bilingual? {
    guard case .promptTooLong = self else { return nil }
    return Bilingual(
      it: "accorcia il prompt, o lascia scorrere la finestra (slide)",
      en: "shorten the prompt, or let the window slide"
    )
  }
}
