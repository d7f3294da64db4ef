// SPDX-License-Identifier: MIT

import PassoText

/// One thing about a new model that a person may choose, by the same word everywhere: in `:model`,
/// as an option of `passo train`, in the file beside a model.
///
/// Adding one is adding a field to `ModelKnobs` and a line to `Knob.all`.
package struct Knob: Sendable {
  /// The word that chooses it.
  package let name: String

  /// What may follow the word, for help.
  package let values: String

  /// What has to follow the word, for problems.
  package let needs: Bilingual

  package let summary: Bilingual

  /// The value, as it is typed.
  package let word: @Sendable (ModelKnobs) -> String

  /// Takes a value; false if it means nothing.
  package let take: @Sendable (inout ModelKnobs, String) -> Bool

  /// The knob with a name.
  package static func named(_ name: String) -> Knob? { all.first { $0.name == name } }

  /// The name of its field in the file beside a model, where `context` is that of the rows.
  package var field: String { name == "context" ? "model-context" : name }

  /// The word, and what may follow it.
  package var usage: String { "\(name) \(values)" }

  /// What may be meant by a word that is no value.
  func hint(for found: String) -> Bilingual {
    let words = values.split(separator: "|").map(String.init)
    if let close = Suggestion.closest(to: found, among: words) { return .didYouMean(close) }
    let example = words.first == "N" || words.first == "X" ? word(ModelKnobs()) : words[0]
    return Bilingual(it: "per esempio \(name) \(example)", en: "for example \(name) \(example)")
  }
}

extension Knob {
  private static let sizes = 1...65_536
  private static let headCounts = 1...1_024
  private static let mlpSizes = 1...1 << 20

  package static let all = [
    count("layers", in: 1...1_000, \.layers, it: "i blocchi", en: "the blocks"),
    count(
      "heads",
      in: headCounts,
      \.heads,
      it: "le teste di un blocco",
      en: "the heads of a block"
    ),
    Knob(
      name: "kv-heads",
      values: "N|all",
      needs: whole(headCounts) + Bilingual(it: ", o all", en: ", or all"),
      summary: Bilingual(
        it: "le teste di key e value, se sono meno: più query se le dividono",
        en: "the heads of keys and values, if they are fewer: several queries share them"
      ),
      word: { knobs in knobs.keyHeads.map { "\($0)" } ?? "all" },
      take: { knobs, word in
        knobs.keyHeads = number(word, in: headCounts)
        return word == "all" || knobs.keyHeads != nil
      }
    ),
    count(
      "width",
      in: sizes,
      \.width,
      it: "le componenti del flusso residuo",
      en: "the components of the residual stream"
    ),
    Knob(
      name: "mlp",
      values: "N|none|usual",
      needs: whole(mlpSizes) + Bilingual(it: ", none o usual", en: ", none or usual"),
      summary: Bilingual(
        it:
          "le componenti nascoste dell'MLP; none per blocchi senza, usual per quattro volte width",
        en: "the hidden components of the MLP; none for blocks without, usual for four times width"
      ),
      word: { $0.mlp.word },
      take: { knobs, word in
        guard let size = ModelKnobs.MLPSize(word, in: mlpSizes) else { return false }
        knobs.mlp = size
        return true
      }
    ),
    choice("norm", \.norm, it: "la normalizzazione dei vettori", en: "how vectors are normalised"),
    choice(
      "positions",
      \.positions,
      it: "come il modello conosce il posto dei token",
      en: "how the model knows the places of tokens"
    ),
    real(
      "position-scale",
      \.positionScale,
      it: "quanto sono alte le onde delle posizioni sinusoidal; 1 nell'articolo",
      en: "how high the waves of sinusoidal positions are; 1 in the paper"
    ),
    choice("activation", \.activation, it: "la curva dell'MLP", en: "the curve of the MLP"),
    flag(
      "tied",
      \.isTied,
      it: "se la matrice di unembedding è quella di embedding, trasposta",
      en: "whether the unembedding matrix is the embedding matrix, transposed"
    ),
    flag("biases", \.hasBiases, it: "se ci sono i termini noti", en: "whether there are biases"),
    choice(
      "attention-scale",
      \.attentionScale,
      it: "per la radice di che cosa si dividono i prodotti scalari",
      en: "by the root of what dot products are divided"
    ),
    Knob(
      name: "dropout",
      values: "X",
      needs: Bilingual(
        it: "un numero da 0 in su e sotto 1",
        en: "a number from 0 up and below 1"
      ),
      summary: Bilingual(
        it: "quale parte dei numeri si spegne a caso durante l'addestramento",
        en: "which part of the numbers is turned off at random while the model trains"
      ),
      word: { "\($0.dropout)" },
      take: { knobs, word in
        guard let rate = real(word), rate < 1 else { return false }
        knobs.dropout = rate
        return true
      }
    ),
    Knob(
      name: "init",
      values: "X|zero-head",
      needs: reals + Bilingual(it: ", o zero-head", en: ", or zero-head"),
      summary: Bilingual(
        it: "la deviazione standard dei pesi nuovi; zero-head comincia con logit nulli",
        en: "the standard deviation of new weights; zero-head begins with logits of zero"
      ),
      word: { $0.hasZeroHead ? "zero-head" : "\($0.standardDeviation)" },
      take: { knobs, word in
        knobs.hasZeroHead = word == "zero-head"
        if knobs.hasZeroHead { return true }
        guard let deviation = real(word) else { return false }
        knobs.standardDeviation = deviation
        return true
      }
    ),
    Knob(
      name: "embedding-init",
      values: "X|same",
      needs: reals + Bilingual(it: ", o same", en: ", or same"),
      summary: Bilingual(
        it: "la deviazione standard dell'embedding nuovo, se non è quella degli altri pesi",
        en: "the standard deviation of a new embedding, if it is not that of the other weights"
      ),
      word: { knobs in knobs.embeddingDeviation.map { "\($0)" } ?? "same" },
      take: { knobs, word in
        knobs.embeddingDeviation = real(word)
        return word == "same" || knobs.embeddingDeviation != nil
      }
    ),
    count(
      "context",
      in: 1...1 << 20,
      \.context,
      it: "i token che il modello legge; un testo più lungo ne aggiunge",
      en: "the tokens that the model reads; a longer text adds some"
    ),
  ]

  // MARK: Kinds

  private static func number(_ word: String, in range: ClosedRange<Int>) -> Int? {
    Int(word).flatMap { range.contains($0) ? $0 : nil }
  }

  private static func whole(_ range: ClosedRange<Int>) -> Bilingual {
    let (first, last) = (range.lowerBound, range.upperBound)
    return Bilingual(
      it: "un numero intero da \(first) a \(last)",
      en: "a whole number from \(first) to \(last)"
    )
  }

  /// A number from 0 up; above a thousand nothing is learned.
  private static func real(_ word: String) -> Double? {
    Double(word).flatMap { (0...1_000).contains($0) ? $0 : nil }
  }

  private static let reals = Bilingual(it: "un numero da 0 a 1000", en: "a number from 0 to 1000")

  private static func count(
    _ name: String,
    in range: ClosedRange<Int>,
    _ path: WritableKeyPath<ModelKnobs, Int> & Sendable,
    it: String,
    en: String
  ) -> Knob {
    Knob(
      name: name,
      values: "N",
      needs: whole(range),
      summary: Bilingual(it: it, en: en),
      word: { "\($0[keyPath: path])" },
      take: { knobs, word in
        guard let count = number(word, in: range) else { return false }
        knobs[keyPath: path] = count
        return true
      }
    )
  }

  private static func real(
    _ name: String,
    _ path: WritableKeyPath<ModelKnobs, Double> & Sendable,
    it: String,
    en: String
  ) -> Knob {
    Knob(
      name: name,
      values: "X",
      needs: reals,
      summary: Bilingual(it: it, en: en),
      word: { "\($0[keyPath: path])" },
      take: { knobs, word in
        guard let value = real(word) else { return false }
        knobs[keyPath: path] = value
        return true
      }
    )
  }

  private static func choice<Value: RawRepresentable & CaseIterable & SendableMetatype>(
    _ name: String,
    _ path: WritableKeyPath<ModelKnobs, Value> & Sendable,
    it: String,
    en: String
  ) -> Knob where Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    return Knob(
      name: name,
      values: words.joined(separator: "|"),
      needs: Bilingual(
        it: "una parola fra \(words.joined(separator: ", "))",
        en: "one of \(words.joined(separator: ", "))"
      ),
      summary: Bilingual(it: it, en: en),
      word: { $0[keyPath: path].rawValue },
      take: { knobs, word in
        guard let value = Value(rawValue: word) else { return false }
        knobs[keyPath: path] = value
        return true
      }
    )
  }

  private static func flag(
    _ name: String,
    _ path: WritableKeyPath<ModelKnobs, Bool> & Sendable,
    it: String,
    en: String
  ) -> Knob {
    Knob(
      name: name,
      values: "on|off",
      needs: Bilingual(it: "on o off", en: "on or off"),
      summary: Bilingual(it: it, en: en),
      word: { $0[keyPath: path] ? "on" : "off" },
      take: { knobs, word in
        guard let value = ["on": true, "off": false][word] else { return false }
        knobs[keyPath: path] = value
        return true
      }
    )
  }
}

extension ModelKnobs.MLPSize {
  fileprivate init?(_ word: String, in range: ClosedRange<Int>) {
    switch word {
    case "none": self = .none
    case "usual": self = .usual
    default:
      guard let count = Int(word), range.contains(count) else { return nil }
      self = .components(count)
    }
  }

  fileprivate var word: String {
    switch self {
    case .usual: "usual"
    case .none: "none"
    case .components(let count): "\(count)"
    }
  }
}
