// SPDX-License-Identifier: MIT

import PassoText

/// What a fast step does, in words.
package struct FastWork: Sendable, Hashable {
  /// As a person reads it.
  package let name: Bilingual

  private init(it: String, en: String) { name = Bilingual(it: it, en: en) }

  static let embedding = FastWork(it: "righe dell'embedding", en: "rows of the embedding")
  static let embeddingAndPositions = FastWork(
    it: "righe dell'embedding + posizioni",
    en: "rows of the embedding + positions"
  )
  static let product = FastWork(it: "prodotto", en: "product")
  static let gateProduct = FastWork(it: "prodotto (gate, up)", en: "product (gate, up)")
  static let geluProduct = FastWork(
    it: "prodotto + termine noto + gelu",
    en: "product + bias + gelu"
  )
  static let geluSlopeProduct = FastWork(
    it: "prodotto × pendenza di gelu",
    en: "product × slope of gelu"
  )
  static let rotation = FastWork(it: "rotazione (q, k)", en: "rotation (q, k)")
  static let rotationBack = FastWork(
    it: "rotazione all'indietro (q, k)",
    en: "rotation back (q, k)"
  )
  static let cachedAttention = FastWork(it: "attenzione con la cache", en: "attention with a cache")
  static let gate = FastWork(it: "silu(gate) × up", en: "silu(gate) × up")
  static let gateGradient = FastWork(
    it: "gradiente di silu(gate) × up",
    en: "gradient of silu(gate) × up"
  )
  static let crossEntropy = FastWork(it: "entropia incrociata", en: "cross entropy")
  static let crossEntropyInPlace = FastWork(
    it: "entropia incrociata, e probs - onehot al posto dei logit",
    en: "cross entropy, and probs - onehot in the logits' place"
  )
  static let share = FastWork(
    it: "uno diviso il numero dei target",
    en: "one over the number of targets"
  )
  static let mean = FastWork(it: "media", en: "mean")
  static let columnSums = FastWork(it: "somme delle colonne", en: "column sums")
  static let sumOfParts = FastWork(it: "somma delle parti", en: "sum of parts")
  static let addRows = FastWork(it: "somma riga per riga", en: "rows added up")
  static let sumOverRows = FastWork(it: "somma sui testi", en: "sum over texts")

  static func qkvProduct(hasBias: Bool) -> FastWork {
    hasBias
      ? FastWork(it: "prodotto (q, k, v) + termine noto", en: "product (q, k, v) + bias")
      : FastWork(it: "prodotto (q, k, v)", en: "product (q, k, v)")
  }

  static func residualProduct(hasBias: Bool) -> FastWork {
    hasBias
      ? FastWork(it: "prodotto + termine noto + residuo", en: "product + bias + residual")
      : FastWork(it: "prodotto + residuo", en: "product + residual")
  }

  static func norm(isLayer: Bool) -> FastWork {
    isLayer
      ? FastWork(it: "layer norm", en: "layer norm") : FastWork(it: "RMS norm", en: "RMS norm")
  }

  static func normGradient(isLayer: Bool, hasResidual: Bool) -> FastWork {
    let norm = norm(isLayer: isLayer).name.en
    return FastWork(
      it: "gradiente di \(norm)" + (hasResidual ? " + residuo" : ""),
      en: "gradient of \(norm)" + (hasResidual ? " + residual" : "")
    )
  }

  static func attention(_ mask: MaskKind) -> FastWork {
    FastWork(it: "attenzione (\(mask))", en: "attention (\(mask))")
  }

  static func attentionGradient(_ mask: MaskKind) -> FastWork {
    FastWork(it: "gradiente dell'attenzione (\(mask))", en: "gradient of attention (\(mask))")
  }

  static func gradientNorm(clips: Bool) -> FastWork {
    clips
      ? FastWork(it: "norma, fattore di clipping", en: "norm, clip factor")
      : FastWork(it: "norma", en: "norm")
  }

  static func update(_ rule: String, decays: Bool) -> FastWork {
    decays
      ? FastWork(it: "\(rule) con decadimento", en: "\(rule) with decay")
      : FastWork(it: rule, en: rule)
  }
}
