// SPDX-License-Identifier: MIT

import PassoEngine

/// A value of a norm; as text its name after `ln1.`, `ln1_post.`, `ln2.`, `ln2_post.` or
/// `ln_final.`.
package enum NormPart: String, CaseIterable, Sendable {
  case out, gain, bias
}

extension NormPart {
  /// Where a norm stands.
  package enum Place: CaseIterable, Sendable {
    case beforeAttention, afterAttention, beforeMLP, afterMLP, last
  }

  package func card(of place: Place) -> ValueCard {
    switch self {
    case .out: Self.output(place)
    case .gain:
      ValueCard(
        [.model],
        it: "il guadagno imparato della normalizzazione",
        en: "the learned gain of the norm"
      )
    case .bias:
      ValueCard(
        [.model],
        it: "il termine noto imparato della normalizzazione",
        en: "the learned bias of the norm"
      )
    }
  }

  private static func output(_ place: Place) -> ValueCard {
    switch place {
    case .beforeAttention:
      .stream(
        it: "il flusso residuo normalizzato, come lo vede l'attenzione",
        en: "the normalised residual stream, as attention sees it"
      )
    case .afterAttention:
      .stream(
        it: "ciò che l'attenzione ha dato, normalizzato: così si aggiunge al flusso residuo",
        en: "what attention has given, normalised: as such it is added to the residual stream"
      )
    case .afterMLP:
      .stream(
        it: "ciò che l'MLP ha dato, normalizzato: così si aggiunge al flusso residuo",
        en: "what the MLP has given, normalised: as such it is added to the residual stream"
      )
    case .beforeMLP:
      .stream(
        it: "il flusso residuo normalizzato, come lo vede l'MLP",
        en: "the normalised residual stream, as the MLP sees it"
      )
    case .last:
      .stream(
        it: "il flusso residuo normalizzato, prima dell'unembedding",
        en: "the normalised residual stream, before the unembedding"
      )
    }
  }
}
