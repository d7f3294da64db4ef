// SPDX-License-Identifier: MIT

import PassoText

/// A product of two values summed over the axes that both have and the result has not.
///
/// Each axis of the operands and of the result has a label; equal labels move together, as in the
/// notation of Einstein.
package struct Contraction: DifferentiableOp {
  package static let card = OpCard(
    name: "contract",
    inputs: [OpInput("a", "[...]"), OpInput("b", "[...]")],
    output: "[...]",
    formula: Bilingual(
      it: "y = somma sull'asse comune di a * b",
      en: "y = sum over the shared axis of a * b"
    ),
    summary: Bilingual(
      it: "moltiplica e somma lungo l'asse comune: il prodotto scalare, e con più righe il prodotto"
        + " di matrici",
      en: "multiplies and sums along the shared axis: the dot product, and with several rows the"
        + " matrix product"
    ),
    gradient: Bilingual(
      it: "ogni fattore riceve il gradiente contratto con l'altro",
      en: "each factor receives the gradient contracted with the other"
    ),
    source: "Einstein 1916, Annalen der Physik 354, § 5"
  )

  package static let examples = [
    OpExample(
      Contraction(
        left: [0, 1],
        right: [1, 2],
        output: [0, 2],
        axes: [.position, .vocab]
      ),
      [
        Tensor(Shape((.position, 2), (.model, 2)), [1.0, 2, 3, 4]),
        Tensor(Shape((.model, 2), (.vocab, 1)), [10.0, 1]),
      ],
      gives: [12, 34]
    ),
    OpExample(
      Contraction(left: [0, 1], right: [0, 1], output: [0], axes: [.head]),
      [
        Tensor(Shape((.head, 2), (.headDim, 2)), [1.0, 2, 3, 4]),
        Tensor(Shape((.head, 2), (.headDim, 2)), [1.0, 1, 10, 1]),
      ],
      gives: [3, 34]
    ),
  ]

  let left: [Int]
  let right: [Int]
  let output: [Int]

  /// The names of the result's axes.
  let axes: [Axis]

  package init(left: [Int], right: [Int], output: [Int], axes: [Axis]) {
    precondition(output.count == axes.count, "\(axes.count) names for \(output.count) axes")
    self.left = left
    self.right = right
    self.output = output
    self.axes = axes
  }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs[0].rank == left.count, inputs[1].rank == right.count,
      let sizes = sizes(inputs)
    else {
      throw Self.needs(
        it: "assi comuni della stessa misura",
        en: "shared axes of one size",
        found: inputs
      )
    }
    return Shape(axes: axes, sizes: output.map { sizes[$0] ?? 1 })
  }

  /// The size of each label; nil if one has two.
  private func sizes(_ inputs: [Shape]) -> [Int: Int]? {
    var sizes: [Int: Int] = [:]
    for (label, size) in zip(left + right, inputs[0].sizes + inputs[1].sizes) {
      guard sizes[label, default: size] == size else { return nil }
      sizes[label] = size
    }
    return sizes
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (a, b, y) = (operands.input(0), operands.input(1), operands.output)
    guard let sizes = sizes([operands.shape(0), operands.shape(1)]) else { return }
    let labels = output + Set(left + right).subtracting(output).sorted()
    let counts = labels.map { sizes[$0] ?? 1 }
    func strides(_ own: [Int], _ shape: Shape) -> [Int] {
      labels.map { label in own.firstIndex(of: label).map { shape.strides[$0] } ?? 0 }
    }
    let steps = [
      strides(left, operands.shape(0)), strides(right, operands.shape(1)),
      strides(output, operands.outputShape),
    ]
    y.update(repeating: 0)
    // The labels that are summed over come last: one number is finished before the next begins.
    let terms = counts[output.count...].reduce(1, *)
    var sum = S.Sum()
    for position in 0..<counts.reduce(1, *) {
      var rest = position
      var at = (0, 0, 0)
      for label in stride(from: labels.count - 1, through: 0, by: -1) {
        let index = rest % counts[label]
        rest /= counts[label]
        at.0 += index * steps[0][label]
        at.1 += index * steps[1][label]
        at.2 += index * steps[2][label]
      }
      sum.add(a[at.0], times: b[at.1])
      if (position + 1).isMultiple(of: terms) {
        y[at.2] = sum.rounded
        sum = S.Sum()
      }
    }
  }

  // y = a b, hence da = g b and db = a g, each summed over what the other has besides.
  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(
      Contraction(
        left: output,
        right: right,
        output: left,
        axes: scope.shape(ofInput: 0).axes
      ),
      [scope.outputGradient, scope.inputs[1]],
      toInput: 0
    )
    try scope.add(
      Contraction(
        left: left,
        right: output,
        output: right,
        axes: scope.shape(ofInput: 1).axes
      ),
      [scope.inputs[0], scope.outputGradient],
      toInput: 1
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    guard let sizes = sizes([scope.shape(0), scope.shape(1)]) else { return 0 }
    let place = Dictionary(uniqueKeysWithValues: zip(output, scope.places(index)))
    let summed = Set(left + right).subtracting(output).sorted()
    let counts = summed.map { sizes[$0] ?? 1 }
    return .sum(
      (0..<counts.reduce(1, *)).map { term in
        var (rest, at) = (term, place)
        for (label, count) in zip(summed, counts).reversed() {
          at[label] = rest % count
          rest /= count
        }
        func index(_ labels: [Int], _ shape: Shape) -> Int {
          zip(labels, shape.strides).reduce(0) { $0 + (at[$1.0] ?? 0) * $1.1 }
        }
        return scope[0, index(left, scope.shape(0))] * scope[1, index(right, scope.shape(1))]
      }
    )
  }
}
