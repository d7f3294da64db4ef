// SPDX-License-Identifier: MIT

import PassoText

/// The words of the field as the lessons use them.
package enum Glossary {
  struct Term {
    /// How each language calls it, the usual form first; beginnings of words, in small letters.
    let words: [Language: [String]]

    /// The number of the lesson that explains it; nil if none has to.
    let explained: Int?

    /// Both languages' words, unless one of them does without.
    var pair: (it: [String], en: [String])? {
      guard let it = words[.it], let en = words[.en] else { return nil }
      return (it, en)
    }
  }

  private static func term(_ it: [String], _ en: [String], _ explained: Int? = nil) -> Term {
    Term(words: [.it: it, .en: en], explained: explained)
  }

  static let terms = [
    term(["auto-supervision"], ["self-supervis"]),
    term(["modellazione causale"], ["causal language model"]),
    term(["vocabolario"], ["vocabular"], 2),
    term(["embedding"], ["embedding"], 4),
    term(["transformer"], ["transformer"], 4),
    term(["prodotto scalare", "prodotti scalari"], ["dot product"], 5),
    term(["softmax"], ["softmax"], 5),
    term(["testa", "teste"], ["attention head", "head"]),
    term(["maschera causale"], ["causal mask"]),
    term(["connessione residua", "residu"], ["residual"], 7),
    term(["entropia incrociata"], ["cross-entropy"], 8),
    term(["perplessità"], ["perplexit"], 8),
    term(["gradient"], ["gradient"]),
    term(["retropropagazione"], ["backpropagation"], 9),
    term(["differenze finite"], ["finite difference"], 9),
    term(["learning rate"], ["learning rate"], 10),
    term(["ottimizzatore"], ["optimizer", "optimiser"]),
    term(["temperatura"], ["temperature"], 12),
    term(["top-k"], ["top-k"], 12),
    term(["top-p"], ["top-p"], 12),
    term(["overfitting", "sovradattamento"], ["overfit"], 13),
    term(["ablazion"], ["ablation"], 14),
  ]

  /// The number of the lesson that explains a word of the field, in any language; nil if none has
  /// to.
  package static func lesson(explaining word: String) -> Int? {
    let word = word.lowercased()
    return terms.first { term in
      term.explained != nil
        && term.words.values.joined().contains { $0 == word || $0.count > 4 && word.hasPrefix($0) }
    }?.explained
  }

  /// Words that the lessons do not use, and what to write instead.
  static let traps: [Language: [(wrong: String, better: String)]] = [
    .it: [
      ("allenament", "addestramento"), ("allenare", "addestrare"), ("allenato", "addestrato"),
      ("trasformator", "transformer"), ("maschera casuale", "maschera causale"),
      ("modello di lingua", "modello linguistico"), ("modelli di lingua", "modelli linguistici"),
      ("autosupervision", "auto-supervisionato"), ("entropia crociata", "entropia incrociata"),
      ("cross-entropia", "entropia incrociata"), ("retro-propagazione", "retropropagazione"),
      ("i tokens", "i token"), ("embeddings", "embedding"),
      ("skip connection", "connessione residua"),
    ],
    .en: [
      ("casual mask", "causal mask"), ("casual language", "causal language"),
      ("back-propagation", "backpropagation"), ("selfsupervised", "self-supervised"),
    ],
  ]
}
