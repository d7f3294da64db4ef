// SPDX-License-Identifier: MIT

import PassoText

/// A small model for lessons, made new from a seed; the vocabulary is that of the text.
package struct Preset: Sendable, Hashable {
  /// The name that chooses it.
  package let name: String

  /// What it is for.
  package let summary: Bilingual

  /// The longest row that the model reads.
  package let contextLength: Int
  let width: Int
  let layerCount: Int
  let headCount: Int
  var isTied = false

  /// Key heads, where the model is a Llama; nil makes it a GPT-2.
  var llamaKeyHeads: Int?

  /// The standard deviation of new weights.
  package static let standardDeviation = 0.02

  /// The configuration for a vocabulary.
  package func configuration(vocabularySize: Int) -> ModelConfiguration {
    var model = ModelConfiguration(
      vocabularySize: vocabularySize,
      contextLength: contextLength,
      width: width,
      layerCount: layerCount,
      headCount: headCount,
      isTied: isTied
    )
    guard let llamaKeyHeads else { return model }
    model.keyHeadCount = llamaKeyHeads
    model.positions = .rotary(base: 10_000)
    model.norm = .rootMeanSquare
    model.activation = .swiGLU
    model.attentionBias = .none
    // The gate is a third matrix: two thirds of the width keep the number of weights.
    model.mlpWidth = 8 * width / 3
    return model
  }

  /// The smallest that has room for the sentences of a toy language, and learns it.
  package static let sentences = Preset(
    name: "frasi",
    summary: Bilingual(
      it: "un blocco, una testa, 32 componenti: abbastanza per imparare la lingua gatto-1",
      en: "one block, one head, 32 components: enough to learn the language gatto-1"
    ),
    contextLength: 14,
    width: 32,
    layerCount: 1,
    headCount: 1
  )

  /// The one that learns from a text.
  package static let texts = Preset(
    name: "piccolo",
    summary: Bilingual(
      it: "quattro blocchi, 128 componenti, contesto di 64 token: impara da un testo vero",
      en: "four blocks, 128 components, a context of 64 tokens: learns from a real text"
    ),
    contextLength: 64,
    width: 128,
    layerCount: 4,
    headCount: 4,
    isTied: true
  )

  /// All presets; the first is the one that a session begins with.
  package static let all = [
    Preset(
      name: "gatto",
      summary: Bilingual(
        it: "un blocco, due teste, 16 componenti: ogni numero sta su uno schermo",
        en: "one block, two heads, 16 components: every number fits on a screen"
      ),
      contextLength: 8,
      width: 16,
      layerCount: 1,
      headCount: 2
    ),
    Preset(
      name: "gatto-tied",
      summary: Bilingual(
        it: "come gatto, ma la matrice di unembedding è quella di embedding, trasposta",
        en: "as gatto, but the unembedding matrix is the embedding matrix, transposed"
      ),
      contextLength: 8,
      width: 16,
      layerCount: 1,
      headCount: 2,
      isTied: true
    ),
    Preset(
      name: "gatto-2",
      summary: Bilingual(
        it: "due blocchi, quattro teste, 32 componenti: per vedere gli strati lavorare insieme",
        en: "two blocks, four heads, 32 components: to see layers work together"
      ),
      contextLength: 16,
      width: 32,
      layerCount: 2,
      headCount: 4
    ),
    sentences,
    Preset(
      name: "gatto-llama",
      summary: Bilingual(
        it: "come gatto, ma della famiglia Llama: RMSNorm, posizioni rotatorie, SwiGLU, quattro"
          + " query per due key",
        en: "as gatto, but of the Llama family: RMSNorm, rotary positions, SwiGLU, four queries for"
          + " two keys"
      ),
      contextLength: 8,
      width: 24,
      layerCount: 1,
      headCount: 4,
      llamaKeyHeads: 2
    ),
    texts,
  ]

  /// The preset with a name.
  package static func named(_ name: String) -> Preset? {
    all.first { $0.name == name }
  }
}
