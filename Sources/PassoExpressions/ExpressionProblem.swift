// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// Why an expression cannot be read or computed.
package enum ExpressionProblem: Problem, Equatable {
  case unexpected(String)

  /// A token where a place is wanted, without its quotation marks.
  case bareLabel(String)
  case unfinished
  case missing(String)
  case tooLong(Int)
  case tooDeep
  case unknownFunction(String, closest: String?)
  case argumentCount(String, needs: Int, found: Int, comma: DecimalComma?)
  case unknownKeyword(String, function: String)
  case unknownAxis(String, shape: Shape)
  case notAWholeNumber(String)
  case indexOutside(Int, axis: Axis, size: Int)
  case tooManyIndices(Int, shape: Shape)
  case emptySlice(axis: Axis, size: Int)
  case zeroStep
  case noLength
  case showsItself(String, value: String)
  case noAttribute(String, form: String)
  case unknownLabel(String, closest: String?)
  case repeatedLabel(String, places: [Int])
  case noLabels(String, axis: Axis)
  case unevenList
  case noSharedAxis(Shape, Shape)
  case takenName(String)
  case tooManyNumbers(Shape, limit: Int)
  case notAnArgument(needs: String)
  case notAPattern(needs: String)
  case gradientByNoName
  case gradientByIds(String)
  case gradientOfMany(Shape, by: String)
  case secondGradient(String)

  /// The problem and where in a line it is.
  func placed(_ span: Range<Int>, in line: String) -> Placed {
    Placed(self, source: line, span: span)
  }

  package var message: Bilingual {
    switch self {
    case .bareLabel(let text):
      Bilingual(
        it: "qui va un numero, o un token fra virgolette, non \(it: text)",
        en: "needs a number here, or a token in quotation marks, got \(en: text)"
      )
    case .unexpected(let text):
      Bilingual(it: "qui non ci va \(it: text)", en: "\(en: text) has no place here")
    case .unfinished:
      Bilingual(it: "l'espressione non è finita", en: "the expression is not finished")
    case .missing(let text): Bilingual(it: "manca \(it: text)", en: "\(en: text) is missing")
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
    case .unknownFunction(let name, _), .showsItself(let name, _):
      Bilingual(it: "la funzione \(it: name) non esiste", en: "there is no function \(en: name)")
    case .argumentCount(let name, let needs, let found, _):
      Bilingual(
        it: "\(it: name) vuole \(needs) argoment\(needs == 1 ? "o" : "i"), non \(found)",
        en: "\(en: name) needs \(needs) argument\(needs == 1 ? "" : "s"), got \(found)"
      )
    case .unknownKeyword(let name, let function):
      Bilingual(
        it: "\(it: function) non conosce «\(name):»",
        en: "\(en: function) does not know '\(name):'"
      )
    case .unknownAxis(let axis, let shape):
      Bilingual(
        it: "\(shape) non ha un asse \(it: axis)",
        en: "needs an axis of \(shape), got \(en: axis)"
      )
    case .notAWholeNumber(let text):
      Bilingual(
        it: "qui ci va un numero intero, non \(it: text)",
        en: "needs a whole number, got \(en: text)"
      )
    case .indexOutside(let index, let axis, let size):
      Bilingual(
        it: "l'asse \(axis) va da 0 a \(size - 1), o da -\(size) a -1: \(index) non c'è",
        en: "axis \(axis) goes from 0 to \(size - 1), or from -\(size) to -1, got \(index)"
      )
    case .tooManyIndices(_, let shape) where shape.rank == 0:
      Bilingual(
        it: "è un numero solo: non ha assi, e non prende indici",
        en: "it is a single number: it has no axes, and takes no index"
      )
    case .tooManyIndices(let count, let shape):
      Bilingual(
        it: "\(shape) ha \(shape.rank) ass\(shape.rank == 1 ? "e" : "i"), gli indici sono \(count)",
        en: "\(shape) has \(shape.rank) ax\(shape.rank == 1 ? "is" : "es"),"
          + " there are \(count) indices"
      )
    case .emptySlice(let axis, let size):
      Bilingual(
        it: "questa fetta è vuota: l'asse \(axis) va da 0 a \(size - 1)",
        en: "this slice is empty: axis \(axis) goes from 0 to \(size - 1)"
      )
    case .zeroStep:
      Bilingual(it: "il passo di una fetta non può essere 0", en: "the step of a slice cannot be 0")
    case .noAttribute(let name, _):
      Bilingual(it: "nessun valore si chiama \(it: name)", en: "no value is called \(en: name)")
    case .noLength:
      Bilingual(
        it: "un numero solo non ha assi, e quindi neanche una lunghezza",
        en: "a single number has no axes, and so no length"
      )
    case .unknownLabel(let label, _):
      Bilingual(
        it: "nessun token su questo asse si chiama \(it: label)",
        en: "no token on this axis is called \(en: label)"
      )
    case .repeatedLabel(let label, let places):
      Bilingual(
        it: "\(it: label) sta in più posti: \(Self.some(places))",
        en: "\(en: label) stands in several places: \(Self.some(places))"
      )
    case .noLabels(let label, let axis):
      Bilingual(
        it: "i posti dell'asse \(axis) sono numeri, non \(it: label)",
        en: "the places of axis \(axis) are numbers, got \(en: label)"
      )
    case .unevenList:
      Bilingual(
        it: "le righe di una lista hanno tutte la stessa lunghezza",
        en: "the rows of a list all have one length"
      )
    case .noSharedAxis(let left, let right):
      Bilingual(
        it: "«@» vuole un asse comune, e qui sono \(left) e \(right)",
        en: "'@' needs a shared axis, got \(left) and \(right)"
      )
    case .takenName(let name):
      Bilingual(it: "il nome \(it: name) è già preso", en: "the name \(en: name) is taken")
    case .tooManyNumbers(let shape, let limit): Self.tooLarge(shape, limit: limit)
    case .notAnArgument(let form):
      Bilingual(
        it: "\(it: form) vuole un numero intero da 1 in su, scritto in cifre",
        en: "\(en: form) needs a whole number from 1 on, written in digits"
      )
    case .notAPattern(let form):
      Bilingual(
        it: "\(it: form) vuole i pesi di un'attenzione, con gli assi query e key in fondo",
        en: "\(en: form) needs the weights of an attention, with the axes query and key at the end"
      )
    case .gradientByNoName:
      Bilingual(
        it: "il gradiente si prende rispetto a un nome",
        en: "a gradient is taken by a name"
      )
    case .gradientByIds(let name):
      Bilingual(
        it: "\(it: name) contiene id, che non cambiano di poco: non c'è gradiente",
        en: "\(en: name) holds ids, which do not change by a little: there is no gradient"
      )
    case .gradientOfMany(let shape, _):
      Bilingual(
        it: "grad vuole un numero solo da derivare, non \(shape)",
        en: "grad needs a single number to differentiate, got \(shape)"
      )
    case .secondGradient(let name):
      Bilingual(
        it: "\(it: name) è già un gradiente o ne dipende: grad passa solo per i passi in avanti",
        en: "\(en: name) is a gradient already or depends on one: grad goes through forward steps"
          + " only"
      )
    }
  }

  package var hint: Bilingual? {
    switch self {
    case .emptySlice(.batch, _):
      Bilingual(
        it: "il primo asse sono le righe: le posizioni si scelgono con x[0, 1:3]",
        en: "the first axis is the rows: positions are chosen by x[0, 1:3]"
      )
    case .emptySlice:
      Bilingual(
        it: "a:b comincia da a e finisce prima di b: b dev'essere maggiore di a",
        en: "a:b starts at a and ends before b: b needs to be greater than a"
      )
    case .unknownFunction(_, let name?), .unknownLabel(_, let name?), .noAttribute(_, let name):
      .didYouMean(name)
    case .unknownFunction:
      Bilingual(it: "le funzioni sono ", en: "the functions are ")
        + Bilingual(same: ExpressionFunction.names.joined(separator: ", "))
    case .argumentCount(_, _, _, let comma?): comma.note
    case .argumentCount(let name, 1, 2, nil)
    where ExpressionFunction.named(name)?.keywords.contains("axis") ?? false:
      Bilingual(
        it: "un asse si dice col nome o col numero: \(name)(x, axis: 0)",
        en: "an axis is said by its name or number: \(name)(x, axis: 0)"
      )
    case .unknownKeyword(_, let function)
    where ExpressionFunction.named(function)?.isAlongLastAxis ?? false:
      Bilingual(
        it: "\(function) va lungo l'ultimo asse: \(function)(x), \(function)(transpose(x))",
        en: "\(function) goes along the last axis: \(function)(x), \(function)(transpose(x))"
      )
    case .bareLabel(let text): Bilingual(same: "W_E[\"\(text)\"]")
    case .unexpected("%"), .unexpected("//"):
      Bilingual(it: "la divisione è una sola: a / b", en: "there is one division only: a / b")
    case .unexpected("&"), .unexpected("|"):
      Bilingual(
        it: "«e» è un prodotto: (a > 0) * (b > 0)",
        en: "'and' is a product: (a > 0) * (b > 0)"
      )
    case .unknownAxis(let typed, let shape): Self.closestAxis(typed, shape) ?? Self.anything
    case .tooManyNumbers:
      Bilingual(
        it: "prendi prima una fetta, per esempio x[0]",
        en: "take a slice first, for example x[0]"
      )
    case .gradientByNoName:
      Bilingual(
        it: "la fetta viene dopo: grad(loss, W_E)[0]; o prima un nome: let x = …",
        en: "the slice comes after: grad(loss, W_E)[0]; or a name first: let x = …"
      )
    case .gradientByIds("tokens"):
      Bilingual(
        it: "gli id entrano come righe di W_E: grad(loss, embed)",
        en: "ids enter as rows of W_E: grad(loss, embed)"
      )
    case .gradientByIds:
      Bilingual(
        it: "gli id scelgono righe: deriva rispetto al valore che ne viene",
        en: "ids choose rows: differentiate by the value that comes of them"
      )
    case .gradientOfMany(_, let name):
      Bilingual(
        it: "per esempio grad(sum(…), \(name)), o un elemento solo",
        en: "for example grad(sum(…), \(name)), or a single element"
      )
    case .secondGradient(let name):
      Bilingual(
        it: "con let g = \(name == "grad" ? "grad(…)" : name) diventa una costante",
        en: "let g = \(name == "grad" ? "grad(…)" : name) makes it a constant"
      )
    case .showsItself(_, let value):
      Bilingual(it: "un valore si mostra da solo: \(value)", en: "a value shows itself: \(value)")
    case .unknownLabel: Bilingual(it: ":tokens elenca i token", en: ":tokens lists the tokens")
    case .repeatedLabel(_, let places):
      Bilingual(it: "scrivi il posto: \(places[0])", en: "write the place: \(places[0])")
    case .unexpected("^"):
      Bilingual(it: "le potenze si scrivono con **: 2**3", en: "powers are written with **: 2**3")
    case .unexpected("="):
      Bilingual(
        it: "let x = … dà un nome, == confronta, :set cambia un valore",
        en: "let x = ... names, == compares, :set changes a value"
      )
    case .unexpected(","):
      Bilingual(
        it: "i decimali si scrivono con il punto: 1.5",
        en: "decimals are written with a point: 1.5"
      )
    case .missing("]"), .missing(")"), .unfinished:
      Bilingual(it: "completa la riga, ↑ la riporta", en: "complete the line, ↑ brings it back")
    case .takenName:
      Bilingual(
        it: "scegli un altro nome, per esempio let x = …",
        en: "choose another name, for example let x = ..."
      )
    case .indexOutside, .tooManyIndices, .notAWholeNumber, .zeroStep, .noLabels:
      Bilingual(
        it: "per esempio x[0], x[-1] o x[1:3]; gli indici cominciano da 0",
        en: "for example x[0], x[-1] or x[1:3]; indices begin at 0"
      )
    default: Self.anything
    }
  }

  private static let anything = Bilingual(
    it: ":help expressions elenca ciò che si può scrivere",
    en: ":help expressions lists what can be written"
  )

  private static func some(_ places: [Int]) -> String {
    places.prefix(4).map { String($0) }.joined(separator: ", ") + (places.count > 4 ? ", …" : "")
  }

  /// `vocabulary` means `vocab`.
  private static func closestAxis(_ typed: String, _ shape: Shape) -> Bilingual? {
    let names = shape.axes.map(\.name)
    let longer = names.first { typed.hasPrefix($0) || $0.hasPrefix(typed) }
    return (longer ?? Suggestion.closest(to: typed, among: names)).map {
      Bilingual.didYouMean("axis: \($0)")
    }
  }

  private static func tooLarge(_ shape: Shape, limit: Int) -> Bilingual {
    func size(_ count: Int) -> Bilingual {
      NumberText.fixed(Double(count) * Double(MemoryLayout<Double>.stride) / 1e9, 1)
    }
    return Bilingual(
      it: "con un risultato di forma \(shape), che occupa \(size(shape.count).it) GB, l'espressione"
        + " supera i \(size(limit).it) GB che può avere in tutto",
      en: "with a result of shape \(shape), which takes \(size(shape.count).en) GB, the expression"
        + " is beyond the \(size(limit).en) GB that it may have in all"
    )
  }
}
