// SPDX-License-Identifier: MIT

import PassoEngine

/// One learned tensor: its name, shape, how it begins, and whether weight decay shortens it.
public struct ParameterSpec: Sendable, Hashable {
  /// How a parameter begins.
  public enum Start: Sendable, Hashable {
    /// Random, with mean 0 and this many times the model's standard deviation.
    case normal(factor: Double)
    /// All zeros.
    case zeros
    /// All ones.
    case ones
  }

  /// The name of the contract, as `blocks.0.attn.W_Q`.
  public let name: String

  /// The axes and sizes.
  public let shape: Shape

  /// How it begins.
  public let start: Start

  /// Weight decay is for matrices: gains and biases have no reason to be small.
  public var decays: Bool {
    if case .normal = start { true } else { false }
  }
}

extension ModelConfiguration {
  /// All parameters, in the order in which the forward pass meets them.
  package var parameterSpecs: [ParameterSpec] {
    let model = (Axis.model, width)
    let vocab = (Axis.vocab, vocabularySize)
    var specs = [
      ParameterSpec(name: "W_E", shape: Shape(vocab, model), start: .normal(factor: 1)),
      ParameterSpec(
        name: "W_pos",
        shape: Shape((.position, contextLength), model),
        start: .normal(factor: 1)
      ),
    ]
    for block in 0..<layerCount { specs += blockSpecs("blocks.\(block)") }
    specs += normSpecs("ln_final")
    if !isTied {
      specs.append(
        ParameterSpec(name: "W_U", shape: Shape(model, vocab), start: .normal(factor: 1))
      )
    }
    return specs
  }

  private func blockSpecs(_ block: String) -> [ParameterSpec] {
    let model = (Axis.model, width)
    let heads = [(Axis.head, headCount), (Axis.headDim, headWidth)]
    let mlp = (Axis.mlp, mlpWidth)
    // Each block adds twice to the residual stream; its variance should not grow with depth.
    // Source: Radford et al. 2019, section 2.3.
    let residual = ParameterSpec.Start.normal(
      factor: 1 / (2 * Double(layerCount)).squareRoot()
    )

    func spec(_ name: String, _ shape: Shape, _ start: ParameterSpec.Start) -> ParameterSpec {
      ParameterSpec(name: "\(block).\(name)", shape: shape, start: start)
    }
    var specs = normSpecs("\(block).ln1")
    for letter in ["Q", "K", "V"] {
      specs.append(spec("attn.W_\(letter)", Shape(model, heads[0], heads[1]), .normal(factor: 1)))
      specs.append(spec("attn.b_\(letter)", Shape(heads[0], heads[1]), .zeros))
    }
    specs += [
      spec("attn.W_O", Shape(heads[0], heads[1], model), residual),
      spec("attn.b_O", Shape(model), .zeros),
    ]
    specs += normSpecs("\(block).ln2")
    return specs + [
      spec("mlp.W_in", Shape(model, mlp), .normal(factor: 1)),
      spec("mlp.b_in", Shape(mlp), .zeros),
      spec("mlp.W_out", Shape(mlp, model), residual),
      spec("mlp.b_out", Shape(model), .zeros),
    ]
  }

  private func normSpecs(_ name: String) -> [ParameterSpec] {
    let shape = Shape((.model, width))
    return [
      ParameterSpec(name: "\(name).gain", shape: shape, start: .ones),
      ParameterSpec(name: "\(name).bias", shape: shape, start: .zeros),
    ]
  }

  /// The number of learned numbers.
  package var parameterCount: Int {
    parameterSpecs.reduce(0) { $0 + $1.shape.count }
  }
}

/// The values of all parameters of a model, by name.
public typealias Parameters = [String: Tensor]

extension ModelConfiguration {
  /// New parameters that a seed decides.
  ///
  /// - Parameters:
  ///   - seed: The same seed gives the same numbers on every machine.
  ///   - deviation: The standard deviation of the weights; 0.02 keeps an untrained loss close to
  ///     ln V.
  /// - Returns: A tensor for each of `parameterSpecs`.
  package func initialParameters(seed: UInt64, deviation: Double) -> Parameters {
    var source = RandomSource(seed: seed)
    var parameters: Parameters = [:]
    for spec in parameterSpecs {
      let numbers: [Double] =
        switch spec.start {
        case .zeros: Array(repeating: 0, count: spec.shape.count)
        case .ones: Array(repeating: 1, count: spec.shape.count)
        case .normal(let factor):
          (0..<spec.shape.count).map { _ in source.normal() * deviation * factor }
        }
      parameters[spec.name] = Tensor(spec.shape, numbers)
    }
    return parameters
  }
}
