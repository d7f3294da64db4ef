// SPDX-License-Identifier: MIT

import PassoText

/// A gate that opens smoothly, times what it lets through.
///
/// Shapes: `gate` and `up` `[..., mlp]` to the same.
/// Source: Shazeer 2020, arXiv:2002.05202, section 2.
package struct SwiGLU: DifferentiableOp, PointwiseOp {
  package static let card = OpCard(
    name: "swiglu",
    inputs: [OpInput("gate", "[..., mlp]"), OpInput("up", "[..., mlp]")],
    output: "[..., mlp]",
    formula: Bilingual(same: "y = gate * sigmoid(gate) * up"),
    summary: Bilingual(
      it: "moltiplica ciò che sale per un cancello che si apre gradualmente: la rete decide, numero"
        + " per numero, quanto lasciar passare",
      en: "multiplies what goes up by a gate that opens smoothly: the network decides, number by"
        + " number, how much to let through"
    ),
    gradient: Bilingual(
      it:
        "verso up passa quanto il cancello è aperto; verso il cancello, quanto conterebbe aprirlo",
      en:
        "towards up passes as much as the gate is open; towards the gate, what opening it is worth"
    ),
    backward: StepWords(
      formula: Bilingual(same: "grad.up = silu(gate) * grad.post"),
      summary: Bilingual(
        it: "moltiplica il gradiente, numero per numero, per ciò che il cancello ha fatto passare",
        en: "multiplies the gradient, number by number, by what the gate let through"
      )
    ),
    source: "Shazeer 2020, arXiv:2002.05202, § 2"
  )

  package static let examples = [
    OpExample(
      SwiGLU(),
      [.items(0, 1, -1), .items(5, 2, 2)],
      gives: [0, 1.462_117_157_260_009_6, -0.537_882_842_739_990_4]
    )
  ]

  package init() {}

  static func sigmoid<S: Scalar>(_ x: S) -> S { 1 / (1 + S.exponential(-x)) }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (gate, up, output) = (operands.input(0), operands.input(1), operands.output)
    for i in 0..<output.count { output[i] = gate[i] * Self.sigmoid(gate[i]) * up[i] }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(SwiGLUGateGradient(), scope.inputs + [scope.outputGradient], toInput: 0)
    try scope.add(SwiGLU(), [scope.inputs[0], scope.outputGradient], toInput: 1)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let gate = scope[0, index]
    return gate / (1 + .exp(0 - gate)) * scope[1, index]
  }
}

/// The gradient of the gate: the slope of its curve, times what waits behind it.
package struct SwiGLUGateGradient: PointwiseOp {
  package static let card = OpCard(
    name: "swiglu_gate_gradient",
    inputs: [
      OpInput("gate", "[..., mlp]"), OpInput("up", "[..., mlp]"), OpInput("grad", "[..., mlp]"),
    ],
    output: "[..., mlp]",
    formula: Bilingual(
      it: "grad.gate = grad * up * s * (1 + gate * (1 - s)) con s = sigmoid(gate)",
      en: "grad.gate = grad * up * s * (1 + gate * (1 - s)) with s = sigmoid(gate)"
    ),
    summary: Bilingual(
      it: "moltiplica il gradiente per ciò che il cancello fa passare e per quanto è ripido lì",
      en: "multiplies the gradient by what the gate lets through and by how steep it is there"
    ),
    source: "Shazeer 2020, arXiv:2002.05202, § 2"
  )

  package static let examples = [
    OpExample(SwiGLUGateGradient(), [0.0, 3, 2].map { .items($0) }, gives: [3])
  ]

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  // d/dx (x s(x)) = s + x s (1 - s) = s (1 + x (1 - s)).
  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (gate, up, gradient) = (operands.input(0), operands.input(1), operands.input(2))
    let output = operands.output
    for i in 0..<output.count {
      let s = SwiGLU.sigmoid(gate[i])
      output[i] = gradient[i] * up[i] * s * (1 + gate[i] * (1 - s))
    }
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let gate = scope[0, index]
    let open = Formula.part("sigmoid(gate)", 1 / (1 + .exp(0 - gate)))
    return scope[2, index] * scope[1, index] * open * (1 + gate * (1 - open))
  }
}
