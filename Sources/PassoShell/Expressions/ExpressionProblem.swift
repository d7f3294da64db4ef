// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// Why an expression cannot be read or computed.
package enum ExpressionProblem: Problem, Equatable {
  case unexpected(String)
  case unfinished
  case missing(String)
  case tooLong(Int)
  case tooDeep
  case unknownFunction(String, closest: String?)
  case argumentCount(String, needs: Int, found: Int)
  case unknownKeyword(String, function: String)
  case unknownAxis(String, shape: Shape)
  case notAWholeNumber(String)
  case indexOutside(Int, axis: Axis, size: Int)
  case tooManyIndices(Int, shape: Shape)
  case zeroStep
  case unevenList
  case noSharedAxis(Shape, Shape)
  case takenName(String)

  package var message: Bilingual {
    switch self {
    case .unexpected(let text):
      Bilingual(it: "qui non ci va «\(text)»", en: "'\(text)' has no place here")
    case .unfinished:
      Bilingual(it: "l'espressione non è finita", en: "the expression is not finished")
    case .missing(let text): Bilingual(it: "manca «\(text)»", en: "'\(text)' is missing")
    case .tooLong(let limit):
      Bilingual(
        it: "un'espressione ha al più \(limit) caratteri",
        en: "an expression has at most \(limit) characters"
      )
    case .tooDeep:
      Bilingual(
        it: "troppe parentesi una dentro l'altra",
        en: "too many brackets inside each other"
      )
    case .unknownFunction(let name, _):
      Bilingual(it: "la funzione «\(name)» non esiste", en: "there is no function '\(name)'")
    case .argumentCount(let name, let needs, let found):
      Bilingual(
        it: "«\(name)» vuole \(needs) argomenti, trovati \(found)",
        en: "'\(name)' needs \(needs) arguments, got \(found)"
      )
    case .unknownKeyword(let name, let function):
      Bilingual(
        it: "«\(function)» non conosce «\(name):»",
        en: "'\(function)' does not know '\(name):'"
      )
    case .unknownAxis(let axis, let shape):
      Bilingual(
        it: "serve un asse di \(shape), trovato «\(axis)»",
        en: "needs an axis of \(shape), got '\(axis)'"
      )
    case .notAWholeNumber(let text):
      Bilingual(
        it: "serve un numero intero, trovato «\(text)»",
        en: "needs a whole number, got '\(text)'"
      )
    case .indexOutside(let index, let axis, let size):
      Bilingual(
        it: "l'asse \(axis) va da 0 a \(size - 1), o da -\(size) a -1, trovato \(index)",
        en: "axis \(axis) goes from 0 to \(size - 1), or from -\(size) to -1, got \(index)"
      )
    case .tooManyIndices(let count, let shape):
      Bilingual(
        it: "\(shape) ha \(shape.rank) assi, gli indici sono \(count)",
        en: "\(shape) has \(shape.rank) axes, there are \(count) indices"
      )
    case .zeroStep:
      Bilingual(it: "il passo di una fetta non può essere 0", en: "the step of a slice cannot be 0")
    case .unevenList:
      Bilingual(
        it: "le righe di una lista hanno tutte la stessa lunghezza",
        en: "the rows of a list all have one length"
      )
    case .noSharedAxis(let left, let right):
      Bilingual(
        it: "«@» vuole un asse comune, trovato \(left) e \(right)",
        en: "'@' needs a shared axis, got \(left) and \(right)"
      )
    case .takenName(let name):
      Bilingual(it: "il nome «\(name)» è già preso", en: "the name '\(name)' is taken")
    }
  }

  package var hint: Bilingual? {
    switch self {
    case .unknownFunction(_, let closest?):
      Bilingual(it: "forse «\(closest)»?", en: "did you mean '\(closest)'?")
    case .unknownFunction:
      Bilingual(
        it: "le funzioni sono \(ExpressionFunction.names.joined(separator: ", "))",
        en: "the functions are \(ExpressionFunction.names.joined(separator: ", "))"
      )
    default: nil
    }
  }
}
