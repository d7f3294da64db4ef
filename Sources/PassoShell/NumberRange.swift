// SPDX-License-Identifier: MIT

import PassoText

/// Numbers that an option, or a word behind a command, can take.
package enum NumberRange: Sendable {
  case positive
  case fromZero
  case fromZeroBelowOne
  case aboveZeroToOne

  package func contains(_ number: Double) -> Bool {
    switch self {
    case .positive: number > 0 && number.isFinite
    case .fromZero: number >= 0 && number.isFinite
    case .fromZeroBelowOne: number >= 0 && number < 1
    case .aboveZeroToOne: number > 0 && number <= 1
    }
  }

  /// What they are called where one is needed.
  package var name: Bilingual {
    switch self {
    case .positive: Bilingual(it: "un numero positivo", en: "a positive number")
    case .fromZero: Bilingual(it: "un numero da 0 in su", en: "a number from 0 up")
    case .fromZeroBelowOne:
      Bilingual(it: "un numero da 0 in su e sotto 1", en: "a number from 0 up and below 1")
    case .aboveZeroToOne:
      Bilingual(it: "un numero sopra 0 e fino a 1", en: "a number above 0 and up to 1")
    }
  }
}
