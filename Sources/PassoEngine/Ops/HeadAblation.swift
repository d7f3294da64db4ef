// SPDX-License-Identifier: MIT

import PassoText

/// Silences some heads of attention: what they found is replaced by zeros.
///
/// Shapes: `z [batch, position, head, headDim]` to the same.
/// Source: Michel, Levy, Neubig 2019, Are Sixteen Heads Really Better than One?, arXiv:1905.10650.
package struct HeadAblation: DifferentiableOp {
  package static let card = OpCard(
    name: "ablate_heads",
    inputs: [OpInput("z", "[batch, position, head, headDim]")],
    output: "[batch, position, head, headDim]",
    formula: Bilingual(
      it: "y[b, t, h, :] = 0 se la testa h è spenta, altrimenti z[b, t, h, :]",
      en: "y[b, t, h, :] = 0 if head h is ablated, else z[b, t, h, :]"
    ),
    summary: Bilingual(
      it: "mette a zero ciò che le teste spente hanno trovato: si vede che cosa cambia senza di"
        + " loro",
      en: "puts zeros where ablated heads wrote what they found, to see what changes without them"
    ),
    gradient: Bilingual(
      it: "una testa spenta non ha avuto effetto, il suo gradiente è 0; alle altre passa intatto",
      en: "an ablated head had no effect, its gradient is 0; to the others it passes unchanged"
    ),
    backward: StepWords(
      formula: Bilingual(
        it: "grad.z[b, t, h] = 0 se la testa h è spenta, altrimenti grad[b, t, h]",
        en: "grad.z[b, t, h] = 0 if head h is ablated, else grad[b, t, h]"
      ),
      summary: Bilingual(
        it: "azzera il gradiente delle teste spente, che non hanno avuto effetto",
        en: "zeroes the gradient of ablated heads, which had no effect"
      )
    ),
    source: "Michel, Levy, Neubig 2019, arXiv:1905.10650"
  )

  package static let examples = [
    OpExample(
      HeadAblation(heads: [1]),
      [
        Tensor(
          Shape((.batch, 1), (.position, 2), (.head, 2), (.headDim, 1)),
          [1.0, 2, 3, 4]
        )
      ],
      gives: [1, 0, 3, 0]
    )
  ]

  let heads: [Int]

  package init(heads: [Int]) { self.heads = heads }

  package var settings: [String] { ["heads \(heads.map(String.init).joined(separator: ", "))"] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape { try oneShape(inputs) }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (z, output) = (operands.input(0), operands.output)
    let sizes = operands.outputShape.sizes
    let (count, width) = (sizes[2], sizes[3])
    for index in 0..<output.count {
      output[index] = heads.contains(index / width % count) ? 0 : z[index]
    }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {
    try scope.add(self, [scope.outputGradient], toInput: 0)
  }

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    heads.contains(scope.places(index)[2]) ? .decided(0, by: [scope[0, index]]) : scope[0, index]
  }
}
