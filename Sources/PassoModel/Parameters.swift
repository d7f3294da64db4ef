// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime

/// One learned tensor: its name, shape, how it begins, and whether weight decay shortens it.
package struct ParameterSpec: Sendable, Hashable {
  /// How a parameter begins.
  package enum Start: Sendable, Hashable {
    /// Random, with mean 0 and this many times the model's standard deviation.
    case normal(factor: Double)
    /// All zeros.
    case zeros
    /// All ones.
    case ones
  }

  /// The name of the contract, as `blocks.0.attn.W_Q`.
  package let name: ValueName

  /// The axes and sizes.
  package let shape: Shape

  /// How it begins.
  package private(set) var start = Start.normal(factor: 1)

  /// Weight decay is for matrices: gains and biases have no reason to be small.
  package var decays: Bool {
    if case .normal = start { true } else { false }
  }
}

extension ModelConfiguration {
  /// All parameters, in the order in which the forward pass meets them.
  package var parameterSpecs: [ParameterSpec] {
    let model = (Axis.model, width)
    let vocab = (Axis.vocab, vocabularySize)
    var specs = [ParameterSpec(name: .model(.embedding), shape: Shape(vocab, model))]
    if positions == .learned {
      let shape = Shape((.position, contextLength), model)
      specs.append(ParameterSpec(name: .model(.positions), shape: shape))
    }
    for block in 0..<layerCount {
      if normPlace != .after { specs += normSpecs { .block(block, .firstNorm($0)) } }
      specs += attentionSpecs { .block(block, .attention($0)) }
      if normPlace != .before { specs += normSpecs { .block(block, .firstPostNorm($0)) } }
      guard hasMLP else { continue }
      if normPlace != .after { specs += normSpecs { .block(block, .secondNorm($0)) } }
      specs += mlpSpecs { .block(block, .mlp($0)) }
      if normPlace != .before { specs += normSpecs { .block(block, .secondPostNorm($0)) } }
    }
    specs += normSpecs(ValueName.finalNorm)
    if !isTied {
      specs.append(ParameterSpec(name: .model(.unembedding), shape: Shape(model, vocab)))
    }
    return specs
  }

  // Each block adds to the residual stream, with an MLP twice; its variance should not grow with
  // depth. Source: Radford et al. 2019, section 2.3.
  private var residualStart: ParameterSpec.Start {
    .normal(factor: 1 / (Double(hasMLP ? 2 : 1) * Double(layerCount)).squareRoot())
  }

  private func attentionSpecs(_ name: (AttentionPart) -> ValueName) -> [ParameterSpec] {
    let model = (Axis.model, width)
    var specs: [ParameterSpec] = []
    let inputs: [(weight: AttentionPart, bias: AttentionPart, heads: Int)] = [
      (.weightQ, .biasQ, headCount), (.weightK, .biasK, keyHeadCount),
      (.weightV, .biasV, keyHeadCount),
    ]
    for input in inputs {
      let heads = [(Axis.head, input.heads), (Axis.headDim, headWidth)]
      let shape = Shape(model, heads[0], heads[1])
      specs.append(ParameterSpec(name: name(input.weight), shape: shape))
      guard attentionBias == .all || attentionBias == .input else { continue }
      specs.append(
        ParameterSpec(name: name(input.bias), shape: Shape(heads[0], heads[1]), start: .zeros)
      )
    }
    specs += headNormSpecs(name)
    specs.append(
      ParameterSpec(
        name: name(.weightO),
        shape: Shape((.head, headCount), (.headDim, headWidth), model),
        start: residualStart
      )
    )
    guard attentionBias == .all || attentionBias == .output else { return specs }
    return specs + [ParameterSpec(name: name(.biasO), shape: Shape(model), start: .zeros)]
  }

  private func headNormSpecs(_ name: (AttentionPart) -> ValueName) -> [ParameterSpec] {
    let width = (Axis.headDim, headWidth)
    let gains: [(part: AttentionPart, heads: Int)] = [(.gainQ, headCount), (.gainK, keyHeadCount)]
    return switch headNorm {
    case .none: []
    case .each:
      gains.map { ParameterSpec(name: name($0.part), shape: Shape(width), start: .ones) }
    case .all:
      gains.map {
        ParameterSpec(name: name($0.part), shape: Shape((.head, $0.heads), width), start: .ones)
      }
    }
  }

  private func mlpSpecs(_ name: (MLPPart) -> ValueName) -> [ParameterSpec] {
    let (model, mlp) = ((Axis.model, width), (Axis.mlp, mlpWidth))
    func spec(_ part: MLPPart, _ shape: Shape, _ start: ParameterSpec.Start) -> ParameterSpec {
      ParameterSpec(name: name(part), shape: shape, start: start)
    }
    switch activation {
    case .plain:
      return [
        spec(.weightIn, Shape(model, mlp), .normal(factor: 1)),
        spec(.biasIn, Shape(mlp), .zeros),
        spec(.weightOut, Shape(mlp, model), residualStart),
        spec(.biasOut, Shape(model), .zeros),
      ].filter { hasBiases || $0.start != .zeros }
    case .gated:
      return [
        spec(.weightGate, Shape(model, mlp), .normal(factor: 1)),
        spec(.biasGate, Shape(mlp), .zeros),
        spec(.weightUp, Shape(model, mlp), .normal(factor: 1)),
        spec(.biasUp, Shape(mlp), .zeros),
        spec(.weightDown, Shape(mlp, model), residualStart),
        spec(.biasDown, Shape(model), .zeros),
      ].filter { hasGateBiases || $0.start != .zeros }
    }
  }

  private func normSpecs(_ name: (NormPart) -> ValueName) -> [ParameterSpec] {
    let shape = Shape((.model, width))
    if norm == .none { return [] }
    let gain = ParameterSpec(name: name(.gain), shape: shape, start: .ones)
    guard norm == .layer, hasBiases else { return [gain] }
    return [gain, ParameterSpec(name: name(.bias), shape: shape, start: .zeros)]
  }

  /// The number of learned numbers.
  package var parameterCount: Int {
    parameterSpecs.reduce(0) { $0 + $1.shape.count }
  }
}

/// The values of all parameters of a model, by name.
package typealias Parameters = [ValueName: Tensor]

extension ModelConfiguration {
  /// New parameters that a seed decides.
  ///
  /// - Parameters:
  ///   - seed: The same seed gives the same numbers on every machine.
  ///   - standardDeviation: That of the weights; 0.02 keeps an untrained loss close to ln V.
  ///   - embedding: That of the embedding; nil for the same as of the other weights.
  ///   - hasZeroHead: Whether the unembedding begins with zeros: all tokens are equally probable.
  /// - Returns: A tensor for each of `parameterSpecs`.
  /// - Throws: `ExecutionProblem.refused` if there is no room for them.
  package func initialParameters(
    seed: UInt64,
    standardDeviation: Double,
    embedding: Double? = nil,
    hasZeroHead: Bool = false
  ) throws(ExecutionProblem) -> Parameters {
    try MemoryRoom.check(parameterCount * MemoryLayout<Double>.stride)
    var source = RandomSource(seed: seed)
    var parameters: Parameters = [:]
    for spec in parameterSpecs {
      let numbers: [Double] =
        switch spec.start {
        case .zeros: Array(repeating: 0, count: spec.shape.count)
        case .ones: Array(repeating: 1, count: spec.shape.count)
        case .normal(let factor):
          (0..<spec.shape.count).map { _ in
            let own = spec.name == .model(.embedding) ? embedding : nil
            // Of no deviation 0 comes out, never -0, which would be said of it.
            return source.normal() * (own ?? standardDeviation) * factor + 0
          }
        }
      parameters[spec.name] = Tensor(spec.shape, numbers)
    }
    if hasZeroHead, let head = parameters[.model(.unembedding)] {
      parameters[.model(.unembedding)] = Tensor(
        head.shape,
        Array(repeating: 0.0, count: head.count)
      )
    }
    return parameters
  }
}
