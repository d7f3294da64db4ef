// SPDX-License-Identifier: MIT

import PassoText

/// A small model for lessons, made new from a seed; the vocabulary is that of the text.
public struct Preset: Sendable, Hashable {
  /// The name in `:model`.
  public let name: String

  /// What it is for.
  public let summary: Bilingual

  let contextLength: Int
  let width: Int
  let layerCount: Int
  let headCount: Int
  let isTied: Bool

  /// The standard deviation of new weights.
  public let deviation: Double

  /// The configuration for a vocabulary.
  public func configuration(vocabularySize: Int) -> ModelConfiguration {
    ModelConfiguration(
      vocabularySize: vocabularySize,
      contextLength: contextLength,
      width: width,
      layerCount: layerCount,
      headCount: headCount,
      isTied: isTied
    )
  }

  /// All presets; the first is the one that a session begins with.
  public static let all = [
    Preset(
      name: "gatto",
      summary: Bilingual(
        it: "un blocco, due teste, 16 componenti: ogni numero sta su uno schermo",
        en: "one block, two heads, 16 components: every number fits on a screen"
      ),
      contextLength: 8,
      width: 16,
      layerCount: 1,
      headCount: 2,
      isTied: false,
      deviation: 0.02
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
      isTied: true,
      deviation: 0.02
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
      headCount: 4,
      isTied: false,
      deviation: 0.02
    ),
  ]

  /// The preset with a name.
  public static func named(_ name: String) -> Preset? {
    all.first { $0.name == name }
  }
}
