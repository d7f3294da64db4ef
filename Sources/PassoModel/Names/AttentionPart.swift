// SPDX-License-Identifier: MIT

import PassoEngine

/// A value of the attention of a block; as text its name after `attn.`.
package enum AttentionPart: String, CaseIterable, Sendable {
  case q, k, v
  case normedQ = "q_norm"
  case normedK = "k_norm"
  case rotatedQ = "rot_q"
  case rotatedK = "rot_k"
  case dots, scores, masked, pattern
  case patternDropped = "pattern_dropped"
  case z
  case zAblated = "z_ablated"
  case out
  case outScaled = "out_scaled"
  case outDropped = "out_dropped"
  case cacheK = "cache_k"
  case cacheV = "cache_v"
  case allK = "all_k"
  case allV = "all_v"
  case gainQ = "q_gain"
  case gainK = "k_gain"
  case weightQ = "W_Q"
  case weightK = "W_K"
  case weightV = "W_V"
  case weightO = "W_O"
  case biasQ = "b_Q"
  case biasK = "b_K"
  case biasV = "b_V"
  case biasO = "b_O"
}

extension AttentionPart {
  package var card: ValueCard {
    switch self {
    case .q:
      .heads(
        it: "le query: che cosa cerca ogni posizione",
        en: "the queries: what each position looks for"
      )
    case .k:
      .heads(
        it: "le key: a che cosa risponde ogni posizione",
        en: "the keys: what each position answers to"
      )
    case .v:
      .heads(
        it: "i value: che cosa porta ogni posizione a chi la guarda",
        en: "the values: what each position brings to those who look at it"
      )
    case .normedQ:
      .heads(
        it: "le query normalizzate: la loro lunghezza non conta più, solo la direzione e il"
          + " guadagno imparato",
        en: "the normalised queries: their length does not count any more, only their direction"
          + " and the learned gain"
      )
    case .normedK:
      .heads(
        it: "le key normalizzate: la loro lunghezza non conta più, solo la direzione e il"
          + " guadagno imparato",
        en: "the normalised keys: their length does not count any more, only their direction and"
          + " the learned gain"
      )
    case .rotatedQ:
      .heads(
        it: "le query ruotate secondo la posizione: nei prodotti scalari conta la distanza",
        en: "the queries, rotated by position: in the dot products it is the distance that counts"
      )
    case .rotatedK:
      .heads(
        it: "le key ruotate secondo la posizione: nei prodotti scalari conta la distanza",
        en: "the keys, rotated by position: in the dot products it is the distance that counts"
      )
    case .dots: .square(it: "i prodotti scalari query·key", en: "the dot products query·key")
    case .scores:
      .square(
        it: "i prodotti scalari per la loro scala, di solito 1/√D",
        en: "the dot products times their scale, usually 1/√D"
      )
    case .masked:
      .square(
        .maskedScores,
        it: "i punteggi dopo la maschera: -inf dove non si può guardare",
        en: "the scores after the mask: -inf where nothing may be seen"
      )
    case .pattern:
      .square(
        .shares,
        it: "i pesi di attenzione: ogni riga somma a 1",
        en: "the attention weights: each row sums to 1"
      )
    case .patternDropped:
      .square(
        it: "i pesi d'attenzione dopo il dropout: alcuni spenti, gli altri ingranditi",
        en: "the attention weights after dropout: some turned off, the others larger"
      )
    case .z:
      .heads(
        it: "i value mescolati secondo i pesi di attenzione, testa per testa",
        en: "the values mixed by the attention weights, head by head"
      )
    case .zAblated:
      .heads(
        it: "i value mescolati, con zeri al posto delle teste escluse",
        en: "the mixed values, with zeros in place of the ablated heads"
      )
    case .out:
      .stream(
        it: "ciò che l'attenzione aggiunge al flusso residuo",
        en: "what attention adds to the residual stream"
      )
    case .outScaled:
      .stream(
        it: "ciò che l'attenzione aggiunge al flusso residuo, per un fattore fisso",
        en: "what attention adds to the residual stream, times a fixed factor"
      )
    case .outDropped:
      .stream(
        it: "ciò che l'attenzione aggiunge al flusso residuo, dopo il dropout",
        en: "what attention adds to the residual stream, after dropout"
      )
    case .cacheK:
      .cache(it: "le key delle posizioni già lette", en: "the keys of the positions read already")
    case .cacheV:
      .cache(
        it: "i value delle posizioni già lette",
        en: "the values of the positions read already"
      )
    case .allK:
      .cache(
        it: "le key di tutte le posizioni lette finora",
        en: "the keys of all positions read so far"
      )
    case .allV:
      .cache(
        it: "i value di tutte le posizioni letti finora",
        en: "the values of all positions read so far"
      )
    case .gainQ:
      ValueCard(
        [.head, .headDim],
        it: "il guadagno imparato della normalizzazione delle query",
        en: "the learned gain of the norm of the queries"
      )
    case .gainK:
      ValueCard(
        [.head, .headDim],
        it: "il guadagno imparato della normalizzazione delle key",
        en: "the learned gain of the norm of the keys"
      )
    case .weightQ:
      .projection(it: "i pesi che fanno le query", en: "the weights that make queries")
    case .weightK:
      .projection(it: "i pesi che fanno le key", en: "the weights that make keys")
    case .weightV:
      .projection(it: "i pesi che fanno i value", en: "the weights that make values")
    case .weightO:
      ValueCard(
        [.head, .headDim, .model],
        it: "i pesi che riportano le teste nel flusso residuo",
        en: "the weights that take the heads back into the residual stream"
      )
    case .biasQ:
      ValueCard(
        [.head, .headDim],
        it: "il termine noto delle query",
        en: "the bias of the queries"
      )
    case .biasK:
      ValueCard(
        [.head, .headDim],
        it: "il termine noto delle key: aggiunge lo stesso numero a tutta una riga di punteggi,"
          + " perciò la softmax non lo vede e il suo gradiente è zero",
        en: "the bias of the keys: it adds one number to a whole row of scores, hence the softmax"
          + " does not see it and its gradient is zero"
      )
    case .biasV:
      ValueCard([.head, .headDim], it: "il termine noto dei value", en: "the bias of the values")
    case .biasO:
      ValueCard(
        [.model],
        it: "il termine noto dell'attenzione",
        en: "the bias of the attention output"
      )
    }
  }
}

extension ValueCard {
  /// The weights that make a vector of each head.
  fileprivate static func projection(it: String, en: String) -> ValueCard {
    ValueCard([.model, .head, .headDim], it: it, en: en)
  }
}
