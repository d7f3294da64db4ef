// SPDX-License-Identifier: MIT

import PassoEngine

/// A value that an optimizer has once; as text its name.
package enum OptimizerPart: String, CaseIterable, Sendable {
  case rate = "lr"
  case peakRate = "lr.peak"
  case gradientNorm = "grad_norm"
  case clipFactor = "clip_factor"

  /// The number of the update.
  case time = "t"

  /// How many targets count in the rounds done of the update.
  case targetCount = "target_count"
}

extension OptimizerPart {
  package var card: ValueCard {
    switch self {
    case .rate:
      .single(
        it: "il learning rate: quanto è lungo un passo",
        en: "the learning rate: how long a step is"
      )
    case .peakRate:
      .single(
        it: "il learning rate più alto: salita e discesa ne prendono una parte",
        en: "the highest learning rate: the ways up and down take a part of it"
      )
    case .gradientNorm:
      .single(
        it: "la lunghezza di tutti i gradienti insieme",
        en: "the length of all gradients together"
      )
    case .clipFactor:
      .single(
        it: "di quanto si accorciano i gradienti: 1 li lascia come sono",
        en: "how much gradients are shortened: 1 leaves them as they are"
      )
    case .time:
      .single(
        it: "il numero dell'aggiornamento, a partire da 1",
        en: "the number of the update, from 1"
      )
    case .targetCount:
      .single(
        it: "quanti target contano, o quanto pesano, nei giri già fatti di questo aggiornamento",
        en: "how many targets count, or what they weigh, in the rounds done of this update"
      )
    }
  }
}
