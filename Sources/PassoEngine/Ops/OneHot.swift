// SPDX-License-Identifier: MIT

import PassoText

/// A 1 at the index of each id, zeros elsewhere; an ignored target gives a row of zeros.
package struct OneHot: DifferentiableOp {
  package static let card = OpCard(
    name: "onehot",
    inputs: [.fixed("ids", "[...]")],
    output: "[..., vocab]",
    formula: Bilingual(
      it: "y[..., v] = 1 se v = ids[...], altrimenti 0",
      en: "y[..., v] = 1 if v = ids[...], else 0"
    ),
    summary: Bilingual(
      it: "scrive ogni id come un vettore con un solo 1",
      en: "writes each id as a vector with a single 1"
    ),
    gradient: Bilingual(
      it: "un id non cambia di poco: nessun gradiente",
      en: "an id does not change by a little:"
        + " no gradient"
    ),
    source: "Goodfellow, Bengio, Courville 2016, § 6.2.2.3"
  )

  package static let examples = [
    OpExample(
      OneHot(count: 3),
      [Tensor(Shape((.position, 2)), [2.0, 0])],
      gives: [0, 0, 1, 1, 0, 0]
    )
  ]

  /// The size of the new axis.
  let count: Int

  package init(count: Int) { self.count = count }

  package var settings: [String] { [String(count)] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 1, !inputs[0].axes.contains(.vocab) else {
      throw Self.needs(it: "degli id", en: "ids", found: inputs)
    }
    return inputs[0].appending(Shape((.vocab, count)))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (ids, output) = (operands.input(0), operands.output)
    for row in 0..<ids.count {
      for v in 0..<count { output[row * count + v] = ids[row] == S(v) ? 1 : 0 }
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let id = scope[0, index / count]
    return .decided(Int(scope.value(0, index / count)) == index % count ? 1 : 0, by: [id])
  }
}
