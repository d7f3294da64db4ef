// SPDX-License-Identifier: MIT

import PassoText

/// The dot product of each query with each key, head by head.
///
/// Shapes: `q [batch, position, head, head_dim]`, `k` alike, perhaps with fewer heads, to
/// `[batch, head, query, key]`.
/// Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.1.
package struct AttentionDots: DifferentiableOp {
  package static let card = OpCard(
    name: "attention_dots",
    inputs: [
      OpInput("q", "[batch, position, head, head_dim]"),
      OpInput("k", "[batch, position, head, head_dim]"),
    ],
    output: "[batch, head, query, key]",
    formula: Bilingual(
      it: "dots[b, h, i, j] = somma su d di q[b, i, h, d] * k[b, j, h, d]",
      en: "dots[b, h, i, j] = sum over d of q[b, i, h, d] * k[b, j, h, d]"
    ),
    summary: Bilingual(
      it: "confronta ogni query con ogni key: il prodotto scalare è grande quando i due vettori"
        + " puntano nella stessa direzione",
      en: "compares each query with each key: the dot product is large where the two vectors"
        + " point the same way"
    ),
    gradient: Bilingual(
      it: "la query riceve le key, pesate con il gradiente dei loro prodotti; la key riceve le"
        + " query allo stesso modo",
      en: "the query receives the keys, weighted with the gradient of their products; the key"
        + " receives the queries in the same way"
    ),
    backward: StepWords(
      formula: Bilingual(
        it: "grad[b, h, i, j] = somma su d di grad.z[b, i, h, d] * v[b, j, h, d]",
        en: "grad[b, h, i, j] = sum over d of grad.z[b, i, h, d] * v[b, j, h, d]"
      ),
      summary: Bilingual(
        it: "confronta il gradiente che torna a ogni posizione con il value di ciascuna posizione"
          + " guardata: un peso riceve molto gradiente dove ciò che portava conta molto",
        en: "compares the gradient that returns to each position with the value of each position"
          + " it looked at: a weight gets much gradient where what it carried matters much"
      )
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.2.1"
  )

  package static let examples = [
    OpExample(
      AttentionDots(),
      [
        Tensor(Shape((.batch, 1), (.position, 2), (.head, 1), (.headDim, 2)), [1.0, 0, 1, 2]),
        Tensor(Shape((.batch, 1), (.position, 2), (.head, 1), (.headDim, 2)), [3.0, 4, 5, 6]),
      ],
      gives: [3, 5, 11, 17]
    ),
    OpExample(
      AttentionDots(),
      [
        Tensor(Shape((.batch, 1), (.position, 1), (.head, 2), (.headDim, 1)), [2.0, 3]),
        Tensor(Shape((.batch, 1), (.position, 1), (.head, 1), (.headDim, 1)), [5.0]),
      ],
      gives: [10, 15]
    ),
  ]

  package init() {}

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    guard inputs.count == 2, inputs.allSatisfy(\.isHeads),
      inputs[0].sizes[0] == inputs[1].sizes[0], inputs[0].sizes[3] == inputs[1].sizes[3],
      inputs[0].sizes[2].isMultiple(of: inputs[1].sizes[2])
    else {
      throw Self.needs(
        it: "query e key [batch, position, head, head_dim] con la stessa head_dim",
        en: "queries and keys [batch, position, head, head_dim] of the same head_dim",
        found: inputs
      )
    }
    let (q, k) = (inputs[0].sizes, inputs[1].sizes)
    return Shape((.batch, q[0]), (.head, q[2]), (.query, q[1]), (.key, k[1]))
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let keys = operands.shape(1).sizes
    HeadProducts(square: operands.outputShape, keyHeads: keys[2], width: keys[3])
      .headsByHeads(operands.input(0), operands.input(1), into: operands.output)
  }

  // dots = Q K^T, hence dQ = G K and dK = G^T Q.
  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    let keyHeads = scope.shape(ofInput: 1).sizes[2]
    let gradient = scope.outputGradient
    try scope.add(SquareTimesHeads(), [gradient, scope.inputs[1]], toInput: 0)
    try scope.add(
      SquareTransposedTimesHeads(keyHeads: keyHeads),
      [gradient, scope.inputs[0]],
      toInput: 1
    )
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let place = scope.places(index)
    let (q, k) = (scope.shape(0).sizes, scope.shape(1).sizes)
    let keyHead = place[1] / (q[2] / k[2])
    let query = ((place[0] * q[1] + place[2]) * q[2] + place[1]) * q[3]
    let key = ((place[0] * k[1] + place[3]) * k[2] + keyHead) * k[3]
    return .sum((0..<q[3]).map { scope[0, query + $0] * scope[1, key + $0] })
  }
}

/// A square per head times one vector per position: the gradient of the queries.
package struct SquareTimesHeads: Op {
  package static let card = OpCard(
    name: "square_times_heads",
    inputs: [
      OpInput("s", "[batch, head, query, key]"), OpInput("x", "[batch, position, head, head_dim]"),
    ],
    output: "[batch, position, head, head_dim]",
    formula: Bilingual(
      it: "y[b, i, h, d] = somma su j di s[b, h, i, j] * x[b, j, h, d]",
      en: "y[b, i, h, d] = sum over j of s[b, h, i, j] * x[b, j, h, d]"
    ),
    summary: Bilingual(
      it: "per ogni query somma i vettori delle posizioni guardate, pesati con la riga della"
        + " matrice",
      en: "adds up, for each query, the vectors of the positions looked at, weighted by the row of"
        + " the matrix"
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.2.1"
  )

  package static let examples = [
    OpExample(
      SquareTimesHeads(),
      [
        Tensor(Shape((.batch, 1), (.head, 1), (.query, 2), (.key, 2)), [1.0, 0, 2, 3]),
        Tensor(Shape((.batch, 1), (.position, 2), (.head, 1), (.headDim, 1)), [10.0, 100]),
      ],
      gives: [10, 320]
    )
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try headsShape(inputs, positionsAre: .key)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let heads = operands.shape(1).sizes
    HeadProducts(square: operands.shape(0), keyHeads: heads[2], width: heads[3])
      .squareByHeads(operands.input(0), operands.input(1), into: operands.output)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    scope.mix(index)
  }
}

/// The transposed square per head times one vector per position: the gradient of keys and values.
package struct SquareTransposedTimesHeads: Op {
  package static let card = OpCard(
    name: "square_transposed_times_heads",
    inputs: [
      OpInput("s", "[batch, head, query, key]"), OpInput("x", "[batch, position, head, head_dim]"),
    ],
    output: "[batch, position, head, head_dim]",
    formula: Bilingual(
      it: "y[b, j, h, d] = somma su i di s[b, h, i, j] * x[b, i, h, d]",
      en: "y[b, j, h, d] = sum over i of s[b, h, i, j] * x[b, i, h, d]"
    ),
    summary: Bilingual(
      it: "per ogni posizione guardata somma i vettori di chi l'ha guardata, pesati con la colonna"
        + " della matrice",
      en: "adds up, for each position looked at, the vectors of those who looked, weighted by the"
        + " column of the matrix"
    ),
    source: "Vaswani et al. 2017, arXiv:1706.03762, § 3.2.1"
  )

  package static let examples = [
    OpExample(
      SquareTransposedTimesHeads(keyHeads: 1),
      [
        Tensor(Shape((.batch, 1), (.head, 1), (.query, 2), (.key, 2)), [1.0, 0, 2, 3]),
        Tensor(Shape((.batch, 1), (.position, 2), (.head, 1), (.headDim, 1)), [10.0, 100]),
      ],
      gives: [210, 300]
    )
  ]

  /// How many heads the keys or values have; query heads that share one add up.
  let keyHeads: Int

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    let shape = try headsShape(inputs, positionsAre: .query)
    guard keyHeads > 0, shape.sizes[2].isMultiple(of: keyHeads) else {
      throw Self.needs(
        it: "un multiplo di \(keyHeads) teste",
        en: "a multiple of \(keyHeads) heads",
        found: inputs
      )
    }
    return Shape(
      axes: shape.axes,
      sizes: [shape.sizes[0], shape.sizes[1], keyHeads, shape.sizes[3]]
    )
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let width = operands.outputShape.sizes[3]
    HeadProducts(square: operands.shape(0), keyHeads: keyHeads, width: width)
      .squareTransposedByHeads(operands.input(0), operands.input(1), into: operands.output)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let place = scope.places(index)
    let (s, x) = (scope.shape(0).sizes, scope.shape(1).sizes)
    let group = x[2] / keyHeads
    let heads = place[2] * group..<(place[2] + 1) * group
    return .sum(
      heads.flatMap { head in
        (0..<s[2]).map { query in
          scope[0, ((place[0] * s[1] + head) * s[2] + query) * s[3] + place[1]]
            * scope[1, ((place[0] * x[1] + query) * x[2] + head) * x[3] + place[3]]
        }
      }
    )
  }
}

extension FormulaScope {
  /// One number of weights `[batch, head, query, key]` times heads `[batch, position, head, dim]`.
  func mix(_ index: Int) -> Formula {
    let place = places(index)
    let (s, x) = (shape(0).sizes, shape(1).sizes)
    let shared = place[2] / (s[1] / x[2])
    let weights = ((place[0] * s[1] + place[2]) * s[2] + place[1]) * s[3]
    return .sum(
      (0..<s[3]).map { key in
        self[0, weights + key]
          * self[1, ((place[0] * x[1] + key) * x[2] + shared) * x[3] + place[3]]
      }
    )
  }
}
