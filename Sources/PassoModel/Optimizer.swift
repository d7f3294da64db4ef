// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// How parameters are changed by their gradients.
public enum Optimizer: Hashable, Sendable {
  /// Plain gradient descent.
  case sgd
  /// Adam with decoupled weight decay, which shortens matrices only.
  case adamW(beta1: Double, beta2: Double, epsilon: Double, decay: Double)

  /// AdamW with the settings of the house plan.
  public static let standardAdamW = Optimizer.adamW(
    beta1: 0.9,
    beta2: 0.95,
    epsilon: 1e-8,
    decay: 0.1
  )

  /// The name in commands.
  public var name: String {
    switch self {
    case .sgd: "sgd"
    case .adamW: "adamw"
    }
  }

  /// What the optimizer remembers of each parameter from one update to the next.
  package var memories: [String] {
    switch self {
    case .sgd: []
    case .adamW: ["m", "v"]
    }
  }
}

extension ProgramBuilder {
  /// Appends the update of every parameter as steps: `next.` and its name is its new value.
  ///
  /// Reads the settings `lr` and, for AdamW, `t`, the number of the update from 1; what the
  /// optimizer remembers is read from `m.NAME`, `v.NAME` and written to `next.m.NAME`,
  /// `next.v.NAME`.
  package mutating func appendUpdate(
    _ optimizer: Optimizer,
    of specs: [ParameterSpec]
  ) throws(ShapeProblem) {
    let rate = input("lr", .scalar, .setting)
    switch optimizer {
    case .sgd:
      phase = .update
      for spec in specs { try appendSGD(spec, rate: rate) }
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      let time = input("t", .scalar, .setting)
      for spec in specs {
        for memory in optimizer.memories {
          _ = input("\(memory).\(spec.name)", spec.shape, .optimizer)
        }
      }
      phase = .update
      let betas = [(letter: "m", beta: beta1, power: 1), (letter: "v", beta: beta2, power: 2)]
      for spec in specs {
        layer = spec.name
        var corrected: [ValueID] = []
        for (letter, beta, power) in betas {
          let average = try append(
            RunningAverage(beta: beta, power: power),
            [value("\(letter).\(spec.name)"), value("grad.\(spec.name)")],
            name: "next.\(letter).\(spec.name)",
            role: .optimizer
          )
          corrected.append(
            try append(
              BiasCorrection(beta: beta),
              [average, time],
              name: "\(letter)_hat.\(spec.name)",
              role: .optimizer
            )
          )
        }
        _ = try append(
          AdamWUpdate(epsilon: epsilon, decay: spec.decays ? decay : 0),
          [value(spec.name)] + corrected + [rate],
          name: "next.\(spec.name)",
          role: .parameter
        )
      }
    }
  }

  private mutating func appendSGD(_ spec: ParameterSpec, rate: ValueID) throws(ShapeProblem) {
    layer = spec.name
    _ = try append(
      SGDUpdate(),
      [value(spec.name), value("grad.\(spec.name)"), rate],
      name: "next.\(spec.name)",
      role: .parameter
    )
  }

  private func value(_ name: String) -> ValueID {
    guard let id = program.id(of: name) else { preconditionFailure("no value \(name)") }
    return id
  }
}
