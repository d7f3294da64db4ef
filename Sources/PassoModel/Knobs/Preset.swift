// SPDX-License-Identifier: MIT

import PassoText

/// A named set of knobs: a small model for lessons, made new from a seed, or one that a person has
/// changed; the vocabulary is that of the text.
package struct Preset: Sendable, Hashable {
  /// The name that chooses it.
  package let name: String

  /// What it is for.
  package let summary: Bilingual

  /// Its sizes and parts.
  package private(set) var knobs: ModelKnobs

  /// The longest row that the model reads.
  package var contextLength: Int { knobs.context }

  private init(_ name: String, it: String, en: String, _ change: (inout ModelKnobs) -> Void) {
    self.name = name
    summary = Bilingual(it: it, en: en)
    knobs = ModelKnobs()
    change(&knobs)
  }

  /// The configuration for a vocabulary.
  package func configuration(vocabularySize: Int) -> ModelConfiguration {
    knobs.configuration(vocabularySize: vocabularySize)
  }

  /// Takes a value for a knob; false if it means nothing.
  package mutating func take(_ word: String, for knob: Knob) -> Bool { knob.take(&knobs, word) }

  /// The knobs that somebody has changed, each with its value as it is typed.
  package var changes: [(knob: Knob, word: String)] {
    guard let original = Preset.named(name) else { return [] }
    return Knob.all.compactMap { knob in
      let word = knob.word(knobs)
      return word == knob.word(original.knobs) ? nil : (knob, word)
    }
  }

  /// As it is typed: the name, and what was changed.
  package var words: String {
    ([name] + changes.flatMap { [$0.knob.name, $0.word] }).joined(separator: " ")
  }
}

// MARK: - The presets

extension Preset {
  /// What a person changes who wants a model of their own.
  package static let new = Preset(
    "new",
    it: "un modello con le misure che scegli",
    en: "a model with the sizes that you choose"
  ) { _ in }

  /// The smallest that has room for the sentences of a toy language, and learns it.
  package static let sentences = Preset(
    "frasi",
    it: "un blocco, una testa, 32 componenti: abbastanza per imparare la lingua gatto-1",
    en: "one block, one head, 32 components: enough to learn the language gatto-1"
  ) {
    ($0.heads, $0.width, $0.context) = (1, 32, 14)
  }

  /// The one that learns from a text.
  package static let texts = Preset(
    "piccolo",
    it: "quattro blocchi, 128 componenti, contesto di 64 token: impara da un testo vero",
    en: "four blocks, 128 components, a context of 64 tokens: learns from a real text"
  ) {
    ($0.layers, $0.heads, $0.width, $0.context) = (4, 4, 128, 64)
    $0.isTied = true
  }

  /// The smallest that can find what came after the token of now before: for that a layer has to
  /// read what another wrote.
  package static let tasks = Preset(
    "gatto-2",
    it: "due blocchi, quattro teste, 32 componenti: per vedere gli strati lavorare insieme",
    en: "two blocks, four heads, 32 components: to see layers work together"
  ) {
    ($0.layers, $0.heads, $0.width, $0.context) = (2, 4, 32, 16)
  }

  private static let llama = Preset(
    "gatto-llama",
    it: "come gatto, ma della famiglia Llama: RMSNorm, posizioni rotatorie, SwiGLU, quattro"
      + " query per due key",
    en: "as gatto, but of the Llama family: RMSNorm, rotary positions, SwiGLU, four queries for"
      + " two keys"
  ) {
    ($0.heads, $0.keyHeads, $0.width) = (4, 2, 24)
    ($0.norm, $0.positions, $0.activation) = (.rootMeanSquare, .rotary, .swiGLU)
    $0.hasBiases = false
  }

  /// All presets; the first is the one that a session begins with.
  package static let all = [
    Preset(
      "gatto",
      it: "un blocco, due teste, 16 componenti: ogni numero sta su uno schermo",
      en: "one block, two heads, 16 components: every number fits on a screen"
    ) { _ in },
    Preset(
      "gatto-tied",
      it: "come gatto, ma la matrice di unembedding è quella di embedding, trasposta",
      en: "as gatto, but the unembedding matrix is the embedding matrix, transposed"
    ) {
      $0.isTied = true
    },
    tasks, sentences, llama, texts,
  ]

  /// The preset with a name; `new` is one that stands in no list.
  package static func named(_ name: String) -> Preset? {
    name == new.name ? new : all.first { $0.name == name }
  }
}
