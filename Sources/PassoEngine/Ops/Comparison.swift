// SPDX-License-Identifier: MIT

import PassoText

/// 1 where a comparison of two values holds, 0 elsewhere.
package struct Comparison: DifferentiableOp {
  /// What is compared.
  package enum Kind: String, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    func holds<S: Scalar>(_ left: S, _ right: S) -> Bool {
      switch self {
      case .equal: left == right
      case .unequal: left != right
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      case .greaterOrEqual: left >= right
      }
    }
  }

  package static let card = OpCard(
    name: "compare",
    inputs: [.fixed("a", "[...]"), .fixed("b", "[...]")],
    output: "[...]",
    formula: Bilingual(
      it: "y = 1 se il confronto vale, altrimenti 0",
      en: "y = 1 if the comparison holds, else 0"
    ),
    summary: Bilingual(
      it: "scrive 1 dove il confronto vale e 0 dove non vale",
      en: "writes 1 where the comparison holds and 0 where it does not"
    ),
    gradient: Bilingual(
      it: "cambia solo a salti: nessun gradiente",
      en: "changes only in jumps: no gradient"
    ),
    source: "IEEE 754-2019, § 5.11"
  )

  package static let examples = [
    OpExample(Comparison(.less), [.items(1, 2, 3), Tensor(scalar: 2)], gives: [1, 0, 0])
  ]

  let kind: Kind

  package init(_ kind: Kind) { self.kind = kind }

  package var settings: [String] { [kind.rawValue] }

  package func outputShape(_ inputs: [Shape]) throws(ShapeProblem) -> Shape {
    try Plus().outputShape(inputs)
  }

  @specialized(where S == Float)
  @specialized(where S == Double)
  package func run<S: Scalar>(_ operands: Operands<S>) {
    let (left, right, output) = (operands.input(0), operands.input(1), operands.output)
    guard
      let lined = try? Broadcast(operands.shape(0), operands.shape(1), op: Self.card.name)
    else { return }
    lined.visit { output[$0] = kind.holds(left[$1], right[$2]) ? 1 : 0 }
  }

  package func emitGradients(in scope: GradientScope) throws(ShapeProblem) {}

  package func formula(at index: Int, in scope: FormulaScope) -> Formula {
    let (left, right) = Broadcast.meeting(at: index, scope, op: Self.card.name)
    guard case .element(_, let one) = left, case .element(_, let other) = right else { return 0 }
    let holds = kind.holds(scope.value(0, one), scope.value(1, other))
    return .decided(holds ? 1 : 0, by: [left, right])
  }
}
