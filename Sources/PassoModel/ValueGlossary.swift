// SPDX-License-Identifier: MIT

import PassoText

/// What the names of the house plan mean, in words.
package enum ValueGlossary {
  /// What a value is; nil for a name that is not one of the plan.
  ///
  /// Block numbers do not matter: `blocks.3.attn.q` is explained as any `attn.q`.
  package static func meaning(of name: String) -> Bilingual? {
    if let meaning = entries[withoutBlock(name)] { return meaning }
    for (prefix, describe) in prefixes where name.hasPrefix(prefix) {
      return describe(String(name.dropFirst(prefix.count)))
    }
    return nil
  }

  /// `blocks.0.attn.q` without its block: `attn.q`.
  private static func withoutBlock(_ name: String) -> String {
    let parts = name.split(separator: ".")
    guard parts.count > 2, parts[0] == "blocks", parts[1].allSatisfy(\.isNumber) else {
      return name
    }
    return parts[2...].joined(separator: ".")
  }

  private static let prefixes: [(String, @Sendable (String) -> Bilingual)] = [
    (
      "grad.",
      {
        Bilingual(
          it: "il gradiente di \($0): quanto cambierebbe la loss se quel numero crescesse di poco",
          en: "the gradient of \($0): how the loss would change if that number grew a little"
        )
      }
    ),
    (
      "next.",
      {
        Bilingual(
          it: "il nuovo valore di \($0), che vale dal prossimo aggiornamento",
          en: "the new value of \($0), in force from the next update on"
        )
      }
    ),
    (
      "m_hat.",
      {
        Bilingual(
          it: "la media dei gradienti di \($0), corretta per la partenza da zero",
          en: "the average of the gradients of \($0), corrected for its start at zero"
        )
      }
    ),
    (
      "v_hat.",
      {
        Bilingual(
          it: "la media dei quadrati dei gradienti di \($0), corretta per la partenza da zero",
          en: "the average of the squared gradients of \($0), corrected for its start at zero"
        )
      }
    ),
    (
      "clipped.",
      {
        Bilingual(
          it: "il gradiente di \($0), accorciato se tutti insieme erano troppo lunghi",
          en: "the gradient of \($0), shortened if all together were too long"
        )
      }
    ),
    (
      "grad_sum.",
      {
        Bilingual(
          it: "la somma dei gradienti di \($0) nei giri già fatti di questo aggiornamento",
          en: "the sum of the gradients of \($0) in the rounds done of this update"
        )
      }
    ),
    (
      "m.",
      {
        Bilingual(
          it: "ciò che l'ottimizzatore ricorda dei gradienti di \($0): la direzione",
          en: "what the optimizer remembers of the gradients of \($0): the direction"
        )
      }
    ),
    (
      "v.",
      {
        Bilingual(
          it: "ciò che AdamW ricorda dei quadrati dei gradienti di \($0): la grandezza",
          en: "what AdamW remembers of the squared gradients of \($0): the size"
        )
      }
    ),
  ]

  private static let entries: [String: Bilingual] = [
    "tokens": Bilingual(
      it: "gli id dei token in ingresso, presi dal testo",
      en: "the ids of the input tokens, taken from the text"
    ),
    "targets": Bilingual(
      it: "il token atteso a ogni posizione: quello che nel testo viene dopo",
      en: "the token expected at each position: the one that follows in the text"
    ),
    "mask": Bilingual(
      it: "chi può guardare chi: 1 dove la query può guardare la key",
      en: "who may look at whom: 1 where the query may look at the key"
    ),
    "embed": Bilingual(
      it: "l'embedding di ogni token: la sua riga di W_E",
      en: "the embedding of each token: its row of W_E"
    ),
    "pos_embed": Bilingual(
      it: "l'embedding di ogni posizione: la sua riga di W_pos",
      en: "the embedding of each position: its row of W_pos"
    ),
    "resid_pre": Bilingual(
      it: "il flusso residuo all'ingresso del blocco",
      en: "the residual stream at the entry of the block"
    ),
    "resid_mid": Bilingual(
      it: "il flusso residuo dopo l'attenzione",
      en: "the residual stream after attention"
    ),
    "resid_post": Bilingual(
      it: "il flusso residuo all'uscita del blocco",
      en: "the residual stream at the end of the block"
    ),
    "ln1.out": Bilingual(
      it: "il flusso residuo normalizzato, come lo vede l'attenzione",
      en: "the normalised residual stream, as attention sees it"
    ),
    "ln2.out": Bilingual(
      it: "il flusso residuo normalizzato, come lo vede l'MLP",
      en: "the normalised residual stream, as the MLP sees it"
    ),
    "ln_final.out": Bilingual(
      it: "il flusso residuo normalizzato, prima dell'unembedding",
      en: "the normalised residual stream, before the unembedding"
    ),
    "attn.q": Bilingual(
      it: "le query: che cosa cerca ogni posizione",
      en: "the queries: what each position looks for"
    ),
    "attn.k": Bilingual(
      it: "le key: a che cosa risponde ogni posizione",
      en: "the keys: what each position answers to"
    ),
    "attn.v": Bilingual(
      it: "i value: che cosa porta ogni posizione a chi la guarda",
      en: "the values: what each position brings to those who look at it"
    ),
    "attn.dots": Bilingual(
      it: "i prodotti scalari query·key",
      en: "the dot products query·key"
    ),
    "attn.scores": Bilingual(
      it: "i prodotti scalari divisi per √D",
      en: "the dot products over √D"
    ),
    "attn.masked": Bilingual(
      it: "i punteggi dopo la maschera: -inf dove non si può guardare",
      en: "the scores after the mask: -inf where nothing may be seen"
    ),
    "attn.pattern": Bilingual(
      it: "i pesi di attenzione: ogni riga somma a 1",
      en: "the attention weights: each row sums to 1"
    ),
    "attn.z": Bilingual(
      it: "i value mescolati secondo i pesi di attenzione, testa per testa",
      en: "the values mixed by the attention weights, head by head"
    ),
    "attn.out": Bilingual(
      it: "ciò che l'attenzione aggiunge al flusso residuo",
      en: "what attention adds to the residual stream"
    ),
    "mlp.pre": Bilingual(
      it: "l'MLP prima dell'attivazione",
      en: "the MLP before the activation"
    ),
    "mlp.post": Bilingual(
      it: "l'MLP dopo l'attivazione",
      en: "the MLP after the activation"
    ),
    "mlp.out": Bilingual(
      it: "ciò che l'MLP aggiunge al flusso residuo",
      en: "what the MLP adds to the residual stream"
    ),
    "logits": Bilingual(
      it: "un punteggio per ogni token del vocabolario, a ogni posizione",
      en: "a score for each token of the vocabulary, at each position"
    ),
    "probs": Bilingual(
      it: "la probabilità che il modello dà a ogni token come successivo",
      en: "the probability that the model gives to each token as the next one"
    ),
    "loss_per_token": Bilingual(
      it: "la perdita di ogni posizione: -ln della probabilità del token giusto",
      en: "the loss of each position: -ln of the probability of the right token"
    ),
    "loss": Bilingual(
      it: "la perdita media: il numero che l'addestramento abbassa",
      en: "the mean loss: the number that training brings down"
    ),
    "lr": Bilingual(
      it: "il learning rate: quanto è lungo un passo",
      en: "the learning rate: how long a step is"
    ),
    "lr.peak": Bilingual(
      it: "il learning rate più alto: salita e discesa ne prendono una parte",
      en: "the highest learning rate: the ways up and down take a part of it"
    ),
    "grad_norm": Bilingual(
      it: "la lunghezza di tutti i gradienti insieme",
      en: "the length of all gradients together"
    ),
    "clip_factor": Bilingual(
      it: "di quanto si accorciano i gradienti: 1 li lascia come sono",
      en: "how much gradients are shortened: 1 leaves them as they are"
    ),
    "t": Bilingual(
      it: "il numero dell'aggiornamento, a partire da 1",
      en: "the number of the update, from 1"
    ),
    "W_E": Bilingual(
      it: "la matrice di embedding: una riga per token",
      en: "the embedding matrix: a row per token"
    ),
    "W_pos": Bilingual(
      it: "gli embedding di posizione: una riga per posizione",
      en: "the position embeddings: a row per position"
    ),
    "W_U": Bilingual(
      it: "la matrice di unembedding: una colonna per token",
      en: "the unembedding matrix: a column per token"
    ),
    "attn.W_Q": Bilingual(it: "i pesi che fanno le query", en: "the weights that make queries"),
    "attn.W_K": Bilingual(it: "i pesi che fanno le key", en: "the weights that make keys"),
    "attn.W_V": Bilingual(it: "i pesi che fanno i value", en: "the weights that make values"),
    "attn.W_O": Bilingual(
      it: "i pesi che riportano le teste nel flusso residuo",
      en: "the weights that take the heads back into the residual stream"
    ),
    "attn.b_Q": Bilingual(it: "il termine noto delle query", en: "the bias of the queries"),
    "attn.b_K": Bilingual(
      it: "il termine noto delle key: aggiunge lo stesso numero a tutta una riga di punteggi,"
        + " perciò la softmax non lo vede e il suo gradiente è zero",
      en: "the bias of the keys: it adds one number to a whole row of scores, hence the softmax"
        + " does not see it and its gradient is zero"
    ),
    "attn.b_V": Bilingual(it: "il termine noto dei value", en: "the bias of the values"),
    "attn.b_O": Bilingual(
      it: "il termine noto dell'attenzione",
      en: "the bias of the attention output"
    ),
    "mlp.W_in": Bilingual(
      it: "i pesi d'ingresso dell'MLP",
      en: "the input weights of the MLP"
    ),
    "mlp.b_in": Bilingual(
      it: "i termini noti d'ingresso dell'MLP",
      en: "the input bias of the MLP"
    ),
    "mlp.W_out": Bilingual(it: "i pesi d'uscita dell'MLP", en: "the output weights of the MLP"),
    "mlp.b_out": Bilingual(
      it: "il termine noto d'uscita dell'MLP",
      en: "the output bias of the MLP"
    ),
    "ln1.gain": normGain, "ln2.gain": normGain, "ln_final.gain": normGain,
    "ln1.bias": normBias, "ln2.bias": normBias, "ln_final.bias": normBias,
  ]

  private static let normGain = Bilingual(
    it: "il guadagno imparato della normalizzazione",
    en: "the learned gain of the norm"
  )
  private static let normBias = Bilingual(
    it: "il termine noto imparato della normalizzazione",
    en: "the learned bias of the norm"
  )
}
