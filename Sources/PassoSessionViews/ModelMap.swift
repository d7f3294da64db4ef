// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoText
import PassoView

/// A model in one line, with the place marked where a step belongs; its arrows point the way that
/// numbers go.
///
///     tokens → embedding → [attention] → MLP → logits → loss
struct ModelMap {
  /// The parts that the line has.
  private enum Place: Equatable {
    case embedding
    case attention(block: Int)
    case mlp(block: Int)
    case logits
    case loss

    /// The place of a layer, or of the parameter that an update is of; nil for what belongs to all.
    init?(layer: String) {
      let parts = layer.split(separator: ".")
      switch parts.first {
      case "embed", "W_E", "W_pos": self = .embedding
      case "head", "ln_final", "W_U": self = .logits
      case "loss": self = .loss
      case "blocks":
        guard parts.count > 2, let block = Int(parts[1]) else { return nil }
        self = ["attn", "ln1"].contains(parts[2]) ? .attention(block: block) : .mlp(block: block)
      default: return nil
      }
    }

    var block: Int? {
      switch self {
      case .attention(let block), .mlp(let block): block
      case .embedding, .logits, .loss: nil
      }
    }

    var name: Bilingual {
      switch self {
      case .embedding: Bilingual(same: "embedding")
      case .attention: Bilingual(it: "attenzione", en: "attention")
      case .mlp: Bilingual(same: "MLP")
      case .logits: Bilingual(it: "logit", en: "logits")
      case .loss: Bilingual(same: "loss")
      }
    }
  }

  /// What stands between two arrows.
  private enum Stop {
    case place(Place)
    case other(Bilingual)
  }

  private let phase: Phase
  private let here: Place?
  private let blockCount: Int
  private let hasMLP: Bool

  init(_ step: Step, of model: ModelConfiguration) {
    (phase, here) = (step.phase, Place(layer: step.layer))
    (blockCount, hasMLP) = (model.layerCount, model.hasMLP)
  }

  var runs: [Run] {
    var runs: [Run] = []
    for stop in stops {
      if !runs.isEmpty { runs.append(Run(" \(arrow) ", .dim)) }
      switch stop {
      case .other(let name): runs.append(Run(name, .dim))
      case .place(let place) where place == here:
        let marked = Bilingual(same: "[") + place.name + Bilingual(same: "]")
        runs.append(Run(marked, .emphasis))
      case .place(let place): runs.append(Run(place.name, .dim))
      }
    }
    return runs
  }

  /// Nothing flows in an update.
  private var arrow: String {
    switch phase {
    case .forward, .loss: "→"
    case .backward: "←"
    case .update: "·"
    }
  }

  private var stops: [Stop] {
    let start: [Stop] = [.other(Bilingual(it: "token", en: "tokens")), .place(.embedding)]
    return start + blocks + [.place(.logits), .place(.loss)]
  }

  /// The only block, the one where the step is among others, or how many there are.
  private var blocks: [Stop] {
    if blockCount == 0 { return [] }
    if blockCount == 1 { return parts(of: 0) }
    guard let block = here?.block else {
      return [.other(Bilingual(it: "\(blockCount) blocchi", en: "\(blockCount) blocks"))]
    }
    let left = Stop.other(Bilingual(same: "…"))
    return (block > 0 ? [left] : [])
      + [.other(Bilingual(it: "blocco \(block)", en: "block \(block)"))] + parts(of: block)
      + (block < blockCount - 1 ? [left] : [])
  }

  private func parts(of block: Int) -> [Stop] {
    [.place(.attention(block: block))] + (hasMLP ? [.place(.mlp(block: block))] : [])
  }
}
