// SPDX-License-Identifier: MIT

import PassoText

/// What a value is of another one: its name is that of the other after a prefix, as `grad.W_E`.
package enum Derivation: String, CaseIterable, Sendable {
  /// The derivative of the loss.
  case gradient = "grad"

  /// The value from the next update on.
  case next

  /// The running average of gradients: the velocity of momentum, the first moment of AdamW.
  case firstMoment = "m"

  /// The running average of squared gradients: the second moment of AdamW.
  case secondMoment = "v"

  /// The first moment without the bias of its start at zero.
  case firstMomentCorrected = "m_hat"

  /// The second moment without the bias of its start at zero.
  case secondMomentCorrected = "v_hat"

  /// The gradient after clipping.
  case clipped

  /// What a buffer of gradients holds that is not cleared: all of them together.
  case accumulated

  /// The mean over the rounds done of an update, in which every target that counts weighs the same.
  case roundMean = "mean"

  /// The name of what is derived from a value.
  package func name(of value: String) -> String { "\(rawValue).\(value)" }

  /// Takes a name apart: `next.m.W_E` is the next value of `m.W_E`.
  ///
  /// - Returns: Nil for a name that begins with no derivation.
  package static func split(_ name: some StringProtocol) -> (derivation: Self, of: String)? {
    guard let dot = name.firstIndex(of: "."), let derivation = Self(rawValue: String(name[..<dot]))
    else { return nil }
    return (derivation, String(name[name.index(after: dot)...]))
  }

  /// What it is, in words.
  package func meaning(of value: String) -> Bilingual {
    switch self {
    case .gradient:
      Bilingual(
        it: "il gradiente di \(value): quanto cambierebbe la loss se quel numero crescesse di poco",
        en: "the gradient of \(value): how the loss would change if that number grew a little"
      )
    case .next:
      Bilingual(
        it: "il nuovo valore di \(value), che vale dal prossimo aggiornamento",
        en: "the new value of \(value), in force from the next update on"
      )
    case .firstMoment:
      Bilingual(
        it: "ciò che l'ottimizzatore ricorda dei gradienti di \(value): la direzione",
        en: "what the optimizer remembers of the gradients of \(value): the direction"
      )
    case .secondMoment:
      Bilingual(
        it: "ciò che AdamW ricorda dei quadrati dei gradienti di \(value): la grandezza",
        en: "what AdamW remembers of the squared gradients of \(value): the size"
      )
    case .firstMomentCorrected:
      Bilingual(
        it: "la media dei gradienti di \(value), corretta per la partenza da zero",
        en: "the average of the gradients of \(value), corrected for its start at zero"
      )
    case .secondMomentCorrected:
      Bilingual(
        it: "la media dei quadrati dei gradienti di \(value), corretta per la partenza da zero",
        en: "the average of the squared gradients of \(value), corrected for its start at zero"
      )
    case .clipped:
      Bilingual(
        it: "il gradiente di \(value), accorciato se tutti insieme erano troppo lunghi",
        en: "the gradient of \(value), shortened if all together were too long"
      )
    case .accumulated:
      Bilingual(
        it: "la somma di \(value) e di ciò che c'era prima: nessuno l'ha rimesso a zero",
        en: "the sum of \(value) and what was there before: nobody has set it back to zero"
      )
    case .roundMean:
      Bilingual(
        it: "la media di \(value) su tutti i target dei giri già fatti di questo aggiornamento",
        en: "the mean of \(value) over all targets of the rounds done of this update"
      )
    }
  }
}
