// SPDX-License-Identifier: MIT

import PassoEngine

/// A value that a transformer has once; as text its name.
package enum ModelPart: String, CaseIterable, Sendable {
  case tokens
  case targets
  case prefix

  /// What the target of each position weighs in the loss, where they differ.
  case targetWeights = "target_weights"

  /// What decides on the zeros of dropout.
  case dropoutSeed = "dropout_seed"

  /// In generation: the positions known before.
  case start
  case mask

  /// The mask of the blocks that do not look back far.
  case nearMask = "mask_near"
  case embed

  /// The embedding times a fixed factor.
  case embedScaled = "embed_scaled"
  case positionEmbed = "pos_embed"

  /// The first stream before dropout.
  case embedSum = "embed_sum"

  /// The stream of a model without blocks.
  case residual = "resid"

  /// What the head alone is given.
  case stream

  /// In generation: the position that the next token follows.
  case last

  /// The logits before they are multiplied by a fixed factor.
  case rawLogits = "logits_raw"
  case logits
  case probabilities = "probs"
  case lossPerToken = "loss_per_token"
  case loss
  case embedding = "W_E"
  case positions = "W_pos"
  case unembedding = "W_U"
}

extension ModelPart {
  package var card: ValueCard {
    switch self {
    case .tokens:
      ValueCard(
        [.batch, .position],
        it: "gli id dei token in ingresso, presi dal testo",
        en: "the ids of the input tokens, taken from the text"
      )
    case .targets:
      ValueCard(
        [.batch, .position],
        it: "il token atteso a ogni posizione: quello che nel testo viene dopo",
        en: "the token expected at each position: the one that follows in the text"
      )
    case .prefix:
      ValueCard(
        [.batch],
        it: "quante posizioni di ogni riga sono il prefisso, che si vede tutto",
        en: "how many positions of each row are the prefix, which is seen whole"
      )
    case .targetWeights:
      ValueCard(
        [.batch, .position],
        it: "quanto pesa nella loss il target di ogni posizione",
        en: "what the target of each position weighs in the loss"
      )
    case .dropoutSeed:
      .single(
        it: "il seme del dropout: decide, a ogni giro, quali numeri si spengono",
        en: "the seed of dropout: it decides, in each round, which numbers are turned off"
      )
    case .start:
      .single(
        it: "quante posizioni il modello ha già letto",
        en: "how many positions the model has read already"
      )
    case .mask:
      .single(
        it: "chi può guardare chi: 1 dove la query può guardare la key",
        en: "who may look at whom: 1 where the query may look at the key"
      )
    case .nearMask:
      .single(
        it: "chi può guardare chi nei blocchi con una finestra: solo le key vicine",
        en: "who may look at whom in blocks with a window: near keys only"
      )
    case .embedScaled:
      .stream(
        it: "l'embedding di ogni token per un fattore fisso: così comincia il flusso residuo",
        en: "the embedding of each token times a fixed factor: this is how the residual stream"
          + " begins"
      )
    case .embed:
      .stream(
        it: "l'embedding di ogni token: la sua riga di W_E",
        en: "the embedding of each token: its row of W_E"
      )
    case .positionEmbed:
      ValueCard(
        [.position, .model],
        it: "l'embedding di ogni posizione: la sua riga di W_pos",
        en: "the embedding of each position: its row of W_pos"
      )
    case .embedSum:
      .stream(
        it: "il primo flusso residuo, prima del dropout",
        en: "the first residual stream, before dropout"
      )
    case .residual: .stream(it: "il flusso residuo", en: "the residual stream")
    case .stream: .stream(it: "i vettori che la testa legge", en: "the vectors that the head reads")
    case .last:
      .stream(
        it: "il flusso residuo all'ultima posizione",
        en: "the residual stream at the last position"
      )
    case .rawLogits:
      ValueCard(
        [.batch, .position, .vocab],
        it: "i punteggi prima di essere moltiplicati per un fattore fisso",
        en: "the scores before they are multiplied by a fixed factor"
      )
    case .logits:
      ValueCard(
        [.batch, .position, .vocab],
        it: "un punteggio per ogni token del vocabolario, a ogni posizione",
        en: "a score for each token of the vocabulary, at each position"
      )
    case .probabilities:
      ValueCard(
        [.batch, .position, .vocab],
        .shares,
        it: "la probabilità che il modello dà a ogni token come successivo",
        en: "the probability that the model gives to each token as the next one"
      )
    case .lossPerToken:
      ValueCard(
        [.batch, .position],
        it: "la perdita di ogni posizione: -ln della probabilità del token giusto",
        en: "the loss of each position: -ln of the probability of the right token"
      )
    case .loss:
      .single(
        it: "la perdita media: il numero che l'addestramento abbassa",
        en: "the mean loss: the number that training brings down"
      )
    case .embedding:
      ValueCard(
        [.vocab, .model],
        it: "la matrice di embedding: una riga per token",
        en: "the embedding matrix: a row per token"
      )
    case .positions:
      ValueCard(
        [.position, .model],
        it: "gli embedding di posizione: una riga per posizione",
        en: "the position embeddings: a row per position"
      )
    case .unembedding:
      ValueCard(
        [.model, .vocab],
        it: "la matrice di unembedding: una colonna per token",
        en: "the unembedding matrix: a column per token"
      )
    }
  }
}
