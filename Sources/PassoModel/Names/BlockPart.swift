// SPDX-License-Identifier: MIT

import PassoEngine

/// A value that each block has; as text its name after the block: `attn.q`.
package enum BlockPart: Hashable, Sendable {
  case residual(ResidualPart)
  case firstNorm(NormPart)
  case attention(AttentionPart)
  case firstPostNorm(NormPart)
  case secondNorm(NormPart)
  case mlp(MLPPart)
  case secondPostNorm(NormPart)
}

/// The residual stream at a place of a block.
package enum ResidualPart: String, CaseIterable, Sendable {
  case before = "resid_pre"
  case middle = "resid_mid"
  case after = "resid_post"
}

extension BlockPart: CaseIterable, LosslessStringConvertible {
  package static let allCases: [BlockPart] =
    ResidualPart.allCases.map(residual) + NormPart.allCases.map(firstNorm)
    + AttentionPart.allCases.map(attention) + NormPart.allCases.map(firstPostNorm)
    + NormPart.allCases.map(secondNorm) + MLPPart.allCases.map(mlp)
    + NormPart.allCases.map(secondPostNorm)

  package var description: String {
    switch self {
    case .residual(let part): part.rawValue
    case .firstNorm(let part): "ln1.\(part.rawValue)"
    case .attention(let part): "attn.\(part.rawValue)"
    case .firstPostNorm(let part): "ln1_post.\(part.rawValue)"
    case .secondNorm(let part): "ln2.\(part.rawValue)"
    case .mlp(let part): "mlp.\(part.rawValue)"
    case .secondPostNorm(let part): "ln2_post.\(part.rawValue)"
    }
  }

  private static let byName = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.description, $0) }
  )

  /// Reads a name without its block; nil for one that no block has.
  package init?(_ text: String) {
    guard let part = Self.byName[text] else { return nil }
    self = part
  }
}

extension BlockPart {
  package var card: ValueCard {
    switch self {
    case .residual(let part): part.card
    case .firstNorm(let part): part.card(of: .beforeAttention)
    case .attention(let part): part.card
    case .firstPostNorm(let part): part.card(of: .afterAttention)
    case .secondNorm(let part): part.card(of: .beforeMLP)
    case .mlp(let part): part.card
    case .secondPostNorm(let part): part.card(of: .afterMLP)
    }
  }
}

extension ResidualPart {
  fileprivate var card: ValueCard {
    switch self {
    case .before:
      .stream(
        it: "il flusso residuo all'ingresso del blocco",
        en: "the residual stream at the entry of the block"
      )
    case .middle:
      .stream(it: "il flusso residuo dopo l'attenzione", en: "the residual stream after attention")
    case .after:
      .stream(
        it: "il flusso residuo all'uscita del blocco",
        en: "the residual stream at the end of the block"
      )
    }
  }
}
