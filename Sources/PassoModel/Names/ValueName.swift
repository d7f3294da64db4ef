// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// The name of a value of a transformer and its training.
///
/// As text it is what a person types and what files hold: `blocks.0.attn.q`, `grad.W_E`,
/// `next.m.W_E`.
package enum ValueName: Hashable, Sendable {
  /// What a model has once.
  case model(ModelPart)

  /// The norm after the last block.
  case finalNorm(NormPart)

  /// What each block has; blocks are counted from 0.
  case block(Int, BlockPart)

  /// What the optimizer has once.
  case optimizer(OptimizerPart)

  /// What follows from another value.
  indirect case derived(Derivation, of: ValueName)

  /// The gradient of the value.
  package var gradient: ValueName { .derived(.gradient, of: self) }

  /// The value from the next update on.
  package var next: ValueName { .derived(.next, of: self) }
}

extension ValueName: LosslessStringConvertible {
  package var description: String {
    switch self {
    case .model(let part): part.rawValue
    case .finalNorm(let part): "ln_final.\(part.rawValue)"
    case .block(let block, let part): "blocks.\(block).\(part)"
    case .optimizer(let part): part.rawValue
    case .derived(let derivation, let value): derivation.name(of: value.description)
    }
  }

  /// Reads a full name; nil for one that no value of a transformer has.
  package init?(_ text: String) {
    if let part = ModelPart(rawValue: text) {
      self = .model(part)
    } else if let part = OptimizerPart(rawValue: text) {
      self = .optimizer(part)
    } else if let (derivation, rest) = Derivation.split(text) {
      guard let value = ValueName(rest) else { return nil }
      self = .derived(derivation, of: value)
    } else {
      self.init(composed: text)
    }
  }

  private init?(composed text: String) {
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    if parts.count == 2, parts[0] == "ln_final", let part = NormPart(rawValue: String(parts[1])) {
      self = .finalNorm(part)
      return
    }
    // One spelling each: `blocks.00` is no block.
    guard parts.count == 3, parts[0] == "blocks", let block = Int(parts[1]), block >= 0,
      String(block) == parts[1], let part = BlockPart(String(parts[2]))
    else { return nil }
    self = .block(block, part)
  }
}

extension ValueName {
  /// What belongs to the value that others are derived from.
  private var card: ValueCard {
    switch self {
    case .model(let part): part.card
    case .finalNorm(let part): part.card(of: .last)
    case .block(_, let part): part.card
    case .optimizer(let part): part.card
    case .derived(_, let value): value.card
    }
  }

  /// What the value is, in words; the number of a block does not matter.
  package var meaning: Bilingual {
    guard case .derived(let derivation, let value) = self else { return card.meaning }
    return derivation.meaning(of: value.description)
  }

  /// What each axis stands for.
  package var axes: [Axis] { card.axes }

  /// How the numbers are shown.
  package var display: ValueCard.Display {
    if case .derived = self { .numbers } else { card.display }
  }

  /// What a value is, in words; nil for a name that no transformer has.
  ///
  /// A part of a gradient, as `grad.embed.from.attn.q`, is explained as a gradient is.
  package static func meaning(of text: String) -> Bilingual? {
    if let name = ValueName(text) { return name.meaning }
    return Derivation.split(text).map { $0.derivation.meaning(of: $0.of) }
  }
}
