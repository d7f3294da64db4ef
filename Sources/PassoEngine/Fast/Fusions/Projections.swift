// SPDX-License-Identifier: MIT

/// Products of the same vectors with weights that lie side by side: one product.
struct Projections {
  let steps: [Int]
  let x: ValueID
  let weights: [ValueID]
  let biases: [ValueID]
  let outputs: [ValueID]

  /// Whether the weight is the transpose of a parameter, as that of a tied unembedding.
  let isTransposed: Bool

  /// How many numbers each vector has.
  let inner: Int

  /// What they add to the gradient of the vectors, all together.
  let gradient: ValueID?

  /// What each adds to it.
  private let shares: [ValueID]

  /// The step that adds those up.
  let sum: Int?

  let parameters: [ParameterGroup]

  /// Finds the products that compute values; nil if they cannot be one.
  init?(making outputs: [ValueID], in graph: StepGraph) {
    let found = outputs.compactMap { graph.find(Linear.self, making: $0) }
    guard let first = found.first, found.count == outputs.count,
      found.allSatisfy({ $0.inputs[0] == first.inputs[0] && $0.inputs.count == first.inputs.count })
    else { return nil }
    let transpose = graph.find(Transpose.self, making: first.inputs[1])
    weights = transpose.map { [$0.inputs[0]] } ?? found.map { $0.inputs[1] }
    biases = first.inputs.count > 2 ? found.map { $0.inputs[2] } : []
    guard biases.allSatisfy(graph.isOwnParameter) else { return nil }
    if let transpose {
      let readers = graph.forwardReaders(of: weights[0]).filter { $0 != transpose.index }
      guard found.count == 1, graph.isParameter(weights[0]), readers.count < 2,
        readers.allSatisfy({ graph.find(Embedding.self, at: $0) != nil })
      else { return nil }
    } else if !weights.allSatisfy(graph.isOwnParameter) {
      return nil
    }
    self.outputs = outputs
    x = first.inputs[0]
    isTransposed = transpose != nil
    steps = [transpose?.index].compactMap { $0 } + found.map(\.index)
    let shapes = first.inputs.map { graph.program[$0].shape }
    inner = shapes[1].prefix(Linear.contractedAxes(shapes[0], shapes[1]) ?? 1).count
    parameters =
      [ParameterGroup(ids: weights, rows: isTransposed ? shapes[1].lastSize : inner)]
      + (biases.isEmpty ? [] : [ParameterGroup(ids: biases, rows: 1)])
    shares = found.compactMap { [x] in graph.contribution(of: $0.index, to: x) }
    let whole = graph.program.gradients[x]
    if Set(shares) == Set(graph.contributions(to: x)) {
      (gradient, sum) = (whole, whole.flatMap { graph.sum(making: $0)?.index })
    } else if shares.count < 2 {
      (gradient, sum) = (shares.first, nil)
    } else {
      return nil
    }
  }

  /// The steps that compute the gradient of the vectors.
  fileprivate func gradientSteps(_ program: Program) -> [Int] {
    shares.compactMap { program[$0].producer } + [sum].compactMap { $0 }
  }
}

/// What a fused activation leaves for the product that takes its gradient back.
struct Slope {
  /// The slope of each number.
  let view: FastView
  let activation: StepGraph.Found<GELU>
}

extension Lowering {
  /// The weights side by side, as they are multiplied with.
  private func weight(_ part: Projections) -> Factor {
    Factor(view: packed(part.weights), isTransposed: part.isTransposed)
  }

  func columns(of part: Projections) -> Int { weight(part).columns }

  mutating func writeForward(
    _ part: Projections,
    _ output: ValueID,
    contents: String = "",
    into out: FastView,
    _ finish: Finish = Finish()
  ) {
    var finish = finish
    finish.bias = part.biases.isEmpty ? nil : packed(part.biases)
    let x = Factor(view: view(part.x, columns: part.inner))
    product(output, covers: part.steps, x, weight(part), into: out, finish, contents)
  }

  /// The gradients of weights, biases and vectors, from that of the products: `x' d`, the sums of
  /// `d`, and `d W'`.
  mutating func writeBackward(_ part: Projections, from d: FastView) {
    let x = view(part.x, columns: part.inner)
    let (left, right) = part.isTransposed ? (d, x) : (x, d)
    let biasSteps = producers(part.biases.compactMap { program.gradients[$0] })
    let apart = biasSteps + part.gradientSteps(program)
    product(
      gradient(part.weights[0]),
      covers: graph.gradientSteps(of: part.steps).filter { !apart.contains($0) },
      Factor(view: left, isTransposed: true),
      Factor(view: right),
      into: packedGradients(part.weights),
      Finish(addsRounds: fast.accumulates)
    )
    if let bias = part.biases.first {
      let sums = ColumnSums(x: d, out: packedGradients(part.biases))
      add(self.gradient(bias), covers: biasSteps, sums)
    }
    guard let gradient = part.gradient else { return }
    let weight = weight(part)
    let transposed = Factor(view: weight.view, isTransposed: !weight.isTransposed)
    let slope = slopes[part.x]
    // Where the vectors are activated values, the gradient goes on to what was activated.
    let result = slope.flatMap { program.gradients[$0.activation.inputs[0]] } ?? gradient
    product(
      result,
      covers: part.gradientSteps(program) + producers([result]),
      Factor(view: d),
      transposed,
      into: output(result, columns: part.inner),
      Finish(factor: slope?.view)
    )
  }
}
