// SPDX-License-Identifier: MIT

import PassoEngine

/// A value of the MLP of a block; as text its name after `mlp.`.
package enum MLPPart: String, CaseIterable, Sendable {
  case pre, post, gate, open, up, out
  case outScaled = "out_scaled"
  case outDropped = "out_dropped"
  case weightIn = "W_in"
  case biasIn = "b_in"
  case weightOut = "W_out"
  case biasOut = "b_out"
  case weightGate = "W_gate"
  case biasGate = "b_gate"
  case weightUp = "W_up"
  case biasUp = "b_up"
  case weightDown = "W_down"
  case biasDown = "b_down"
}

extension MLPPart {
  package var card: ValueCard {
    switch self {
    case .pre: .hidden(it: "l'MLP prima dell'attivazione", en: "the MLP before the activation")
    case .post: .hidden(it: "l'MLP dopo l'attivazione", en: "the MLP after the activation")
    case .gate:
      .hidden(
        it: "il cancello dell'MLP: quanto ne passa di ogni componente di up",
        en: "the gate of the MLP: how much of each component of up passes"
      )
    case .open:
      .hidden(
        it: "quanto è aperto il cancello dell'MLP, componente per componente",
        en: "how far the gate of the MLP is open, component by component"
      )
    case .up:
      .hidden(
        it: "le componenti che il cancello lascia passare o ferma",
        en: "the components that the gate lets pass or holds back"
      )
    case .out:
      .stream(
        it: "ciò che l'MLP aggiunge al flusso residuo",
        en: "what the MLP adds to the residual stream"
      )
    case .outScaled:
      .stream(
        it: "ciò che l'MLP aggiunge al flusso residuo, per un fattore fisso",
        en: "what the MLP adds to the residual stream, times a fixed factor"
      )
    case .outDropped:
      .stream(
        it: "ciò che l'MLP aggiunge al flusso residuo, dopo il dropout",
        en: "what the MLP adds to the residual stream, after dropout"
      )
    case .weightIn:
      ValueCard(
        [.model, .mlp],
        it: "i pesi d'ingresso dell'MLP",
        en: "the input weights of the MLP"
      )
    case .biasIn:
      ValueCard([.mlp], it: "i termini noti d'ingresso dell'MLP", en: "the input bias of the MLP")
    case .weightOut:
      ValueCard(
        [.mlp, .model],
        it: "i pesi d'uscita dell'MLP",
        en: "the output weights of the MLP"
      )
    case .biasOut:
      ValueCard([.model], it: "il termine noto d'uscita dell'MLP", en: "the output bias of the MLP")
    case .weightGate:
      ValueCard(
        [.model, .mlp],
        it: "i pesi del cancello dell'MLP",
        en: "the weights of the gate of the MLP"
      )
    case .biasGate:
      ValueCard(
        [.mlp],
        it: "i termini noti del cancello dell'MLP",
        en: "the bias of the gate of the MLP"
      )
    case .biasUp:
      ValueCard(
        [.mlp],
        it: "i termini noti delle componenti dell'MLP",
        en: "the bias of the components of the MLP"
      )
    case .biasDown:
      ValueCard(
        [.model],
        it: "il termine noto d'uscita di un MLP con cancello",
        en: "the output bias of a gated MLP"
      )
    case .weightUp:
      ValueCard(
        [.model, .mlp],
        it: "i pesi che fanno le componenti dell'MLP",
        en: "the weights that make the components of the MLP"
      )
    case .weightDown:
      ValueCard(
        [.mlp, .model],
        it: "i pesi d'uscita dell'MLP",
        en: "the output weights of the MLP"
      )
    }
  }
}
