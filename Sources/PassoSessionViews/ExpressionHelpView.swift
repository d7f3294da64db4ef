// SPDX-License-Identifier: MIT

import PassoExpressions
import PassoText
import PassoView

/// The help screen of the expression language: operators, slices, and every function.
package enum ExpressionHelpView {
  /// One screen.
  package static var page: Figure {
    .table(
      TableFigure(
        title: Bilingual(
          it: "espressioni: una riga senza «:» calcola con tutti i valori",
          en: "expressions: a line without ':' computes with every value"
        ),
        columns: [.init(), .init()],
        rows: (notation + functions).map { [Bilingual(same: $0.form), $0.summary] }
      )
    )
  }

  /// What there is to say of one function; nil if none has that name.
  package static func line(of name: String) -> Figure? {
    guard let function = ExpressionFunction.all.first(where: { $0.name == name }) else {
      return nil
    }
    return .text(
      TextFigure([
        .init([Run("\(name)(\(function.help.arguments))", .code)]),
        .init(function.help.summary, indent: 2),
      ])
    )
  }

  private typealias Line = (form: String, summary: Bilingual)

  private static let notation: [Line] = [
    (
      "a + b, a - b, a * b, a / b, a ** b",
      Bilingual(it: "assi con lo stesso nome si incontrano", en: "axes of one name meet")
    ),
    (
      "a @ b",
      Bilingual(it: "prodotti sommati sull'asse comune", en: "products, summed over a shared axis")
    ),
    (
      "a == b, !=, <, <=, >, >=",
      Bilingual(it: "1 dove vale, 0 dove no", en: "1 where it holds, 0 elsewhere")
    ),
    (
      "x[0], x[:, -1], x[1:3], W_E[\"gatto\"]",
      Bilingual(
        it: "fette, come in Python; un token per nome",
        en: "slices, as in Python; a token by name"
      )
    ),
    (
      "1_000, .5, [1, 2], [[1, 2], [3, 4]]",
      Bilingual(
        it: "numeri, con il punto, ed elenchi; dopo # un commento",
        en: "numbers, lists; a comment after #"
      )
    ),
    ("let a = ...", Bilingual(it: "dà un nome al risultato", en: "names the result")),
  ]

  /// From the table of functions, so that a new one is here at once.
  private static var functions: [Line] {
    var lines: [(help: ExpressionFunction.Help, names: [String])] = []
    for function in ExpressionFunction.all {
      if let index = lines.firstIndex(where: { $0.help == function.help }) {
        lines[index].names.append(function.name)
      } else {
        lines.append((function.help, [function.name]))
      }
    }
    return lines.map { help, names in
      ("\(names.joined(separator: ", "))(\(help.arguments))", help.summary)
    }
  }
}
