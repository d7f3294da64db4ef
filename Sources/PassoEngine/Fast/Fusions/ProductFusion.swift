// SPDX-License-Identifier: MIT

/// A product with a weight, and what happens to each number on the way to memory: bias and GELU, or
/// bias and residual.
struct ProductFusion: Fusion {
  private let projection: Projections
  private let activation: StepGraph.Found<GELU>?
  private let residual: StepGraph.Found<Add>?

  static func find(at index: Int, in graph: StepGraph) -> Self? {
    guard let linear = graph.find(Linear.self, at: index),
      let projection = Projections(making: [linear.output], in: graph)
    else { return nil }
    let add = graph.onlyReader(Add.self, of: linear.output)
    return ProductFusion(
      projection: projection,
      activation: activation(of: linear.output, graph),
      residual: add.flatMap { $0.inputs[1] == linear.output && isPlain($0, graph) ? $0 : nil }
    )
  }

  /// The slope takes the place of what was activated; the product that reads the activated values
  /// multiplies with it on the way back.
  private static func activation(of id: ValueID, _ graph: StepGraph) -> StepGraph.Found<GELU>? {
    guard let gelu = graph.onlyReader(GELU.self, of: id) else { return nil }
    guard graph.learns else { return gelu }
    guard let next = graph.onlyReader(Linear.self, of: gelu.output), next.inputs[0] == gelu.output,
      Projections(making: [next.output], in: graph) != nil
    else { return nil }
    return gelu
  }

  /// Whether two values of one shape are added, not one of them to each row.
  private static func isPlain(_ add: StepGraph.Found<Add>, _ graph: StepGraph) -> Bool {
    graph.program[add.inputs[0]].shape == graph.program[add.inputs[1]].shape
  }

  var projections: Projections? { projection }

  var output: ValueID {
    activation?.output ?? residual?.output ?? projection.outputs[0]
  }

  var steps: [Int] {
    projection.steps + [activation?.index, residual?.index].compactMap { $0 }
  }

  func writeForward(_ lowering: inout Lowering) {
    let out = lowering.output(output, columns: lowering.columns(of: projection))
    if let activation {
      let name = lowering.program[projection.outputs[0]].name
      let slope = lowering.matrix("\(name).slope", out.rows, out.columns)
      lowering.slopes[output] = Slope(view: slope, activation: activation)
      lowering.writeForward(projection, output, into: slope, Finish(gelu: out))
    } else if let residual {
      let stream = lowering.view(residual.inputs[0], columns: out.columns)
      lowering.writeForward(projection, output, into: out, Finish(residual: stream))
    } else {
      lowering.writeForward(projection, output, into: out)
    }
  }

  func writeBackward(_ lowering: inout Lowering, from gradient: ValueID) {
    // Behind the residual it is the same; that of the activation its reader has computed.
    guard let gradient = lowering.program.gradients[projection.outputs[0]] else { return }
    let columns = lowering.columns(of: projection)
    lowering.writeBackward(projection, from: lowering.view(gradient, columns: columns))
  }
}
