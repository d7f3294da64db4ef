// SPDX-License-Identifier: MIT

/// Gate and upward projection as one product, and `silu(gate) * up`.
struct GateFusion: Fusion {
  private let gateAndUp: Projections
  private let activation: StepGraph.Found<SwiGLU>

  /// Written forward, read backward.
  private var gate: Gate?

  static func find(at index: Int, in graph: StepGraph) -> Self? {
    guard let activation = graph.find(SwiGLU.self, at: index),
      let gateAndUp = Projections(making: activation.inputs, in: graph)
    else { return nil }
    return GateFusion(gateAndUp: gateAndUp, activation: activation)
  }

  var projections: Projections? { gateAndUp }

  var steps: [Int] { gateAndUp.steps + [activation.index] }

  var output: ValueID { activation.output }

  mutating func writeForward(_ lowering: inout Lowering) {
    let columns = lowering.columns(of: gateAndUp)
    let post = lowering.output(output, columns: columns / 2)
    let name = lowering.program[gateAndUp.outputs[0]].name
    let inner = lowering.matrix(name, post.rows, columns)
    lowering.place(gateAndUp.outputs, sideBySideIn: inner)
    lowering.writeForward(gateAndUp, gateAndUp.outputs[0], contents: " (gate, up)", into: inner)
    let gate = Gate(inner: inner, post: post)
    lowering.add(output, gate)
    self.gate = gate
  }

  func writeBackward(_ lowering: inout Lowering, from gradient: ValueID) {
    guard let gate else { return }
    let result = lowering.gradient(gateAndUp.outputs[0])
    let name = lowering.program[result].name
    let inner = lowering.matrix(name, gate.inner.rows, gate.inner.columns)
    lowering.add(
      result,
      covers: lowering.graph.gradientSteps(of: [activation.index]),
      GateGradient(
        gate: gate,
        gradient: lowering.view(gradient, columns: gate.post.columns),
        out: inner
      )
    )
    lowering.writeBackward(gateAndUp, from: inner)
  }
}
