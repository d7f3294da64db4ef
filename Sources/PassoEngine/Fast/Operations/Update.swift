// SPDX-License-Identifier: MIT

import CKernels
import PassoText

/// Floats that a thread updates at a time.
private let chunk = 1 << 14

private func chunks(_ count: Int) -> Int { (count + chunk - 1) / chunk }

/// The norm of all gradients, and the factor that clips them.
struct GradientNorm: FastOperation {
  let count: Int
  let limit: Double?
  let gradients: FastView

  /// Doubles, each in the place of two floats.
  let sums: FastView
  let norm: FastView
  let factor: FastView?

  /// What turns the gradients into those of a mean; nil if they are.
  let share: FastView?

  /// Floats that the sums take.
  static func sumCount(_ count: Int) -> Int { 2 * chunks(count) }

  var work: Bilingual {
    Bilingual(it: "norma", en: "norm")
      + (factor == nil
        ? Bilingual(same: "") : Bilingual(it: ", fattore di clipping", en: ", clip factor"))
  }

  var flops: Double { 2 * Double(count) }

  func bind(_ binder: inout FastBinder) {
    let doubles = UnsafeMutableRawPointer(binder.writes(sums)).assumingMemoryBound(to: Double.self)
    let squares = ck_squares(
      count: Int64(count),
      chunk: Int64(chunk),
      x: binder.reads(gradients),
      sums: doubles
    )
    binder.call(\.squares, squares, parts: chunks(count), cost: passCost(count))
    let clip = ck_clip(
      count: Int32(chunks(count)),
      limit: limit ?? 0,
      sums: doubles,
      share: share.map { binder.reads($0) },
      norm: binder.writes(norm),
      factor: factor.map { binder.writes($0) }
    )
    binder.call(\.clip, clip, parts: 1, cost: 0)
  }
}

/// What an update does with each parameter.
enum UpdateRule {
  case sgd
  case momentum(Double)
  case adamW(beta1: Double, beta2: Double, epsilon: Double)

  /// The name in listings.
  var name: String {
    switch self {
    case .sgd: "sgd"
    case .momentum: "momentum"
    case .adamW: "adamw"
    }
  }

  /// What it remembers of each parameter.
  var moments: [Derivation] {
    switch self {
    case .sgd: []
    case .momentum: [.firstMoment]
    case .adamW: [.firstMoment, .secondMoment]
    }
  }
}

/// The optimizer on one run of numbers, of parameters, gradients and averages alike.
struct Update: FastOperation {
  let rule: UpdateRule
  let parameters: FastView
  let gradients: FastView

  /// The averages that the rule remembers, the first moment first.
  let moments: [FastView]
  let settings: FastView

  /// What each gradient is multiplied by first.
  let factor: FastView?
  let decay: Double

  var work: Bilingual {
    Bilingual(same: rule.name)
      + (decay > 0 ? Bilingual(it: " con decadimento", en: " with decay") : Bilingual(same: ""))
  }

  private var count: Int { parameters.columns }

  var flops: Double { 12 * Double(count) }

  func bind(_ binder: inout FastBinder) {
    var arguments = ck_update()
    arguments.count = Int64(count)
    arguments.chunk = Int64(chunk)
    arguments.w = binder.changes(parameters)
    arguments.g = binder.reads(gradients)
    let averages = moments.map { binder.changes($0) }
    arguments.m = averages.first
    arguments.v = averages.dropFirst().first
    arguments.scale = factor.map { binder.reads($0) }
    arguments.settings = binder.reads(settings)
    arguments.decay = Float(decay)
    let (parts, cost) = (chunks(count), passCost(5 * count))
    switch rule {
    case .sgd: binder.call(\.sgd, arguments, parts: parts, cost: cost)
    case .momentum(let factor):
      arguments.beta1 = Float(factor)
      binder.call(\.momentum, arguments, parts: parts, cost: cost)
    case .adamW(let beta1, let beta2, let epsilon):
      arguments.beta1 = Float(beta1)
      arguments.beta2 = Float(beta2)
      arguments.epsilon = Float(epsilon)
      binder.call(\.adamw, arguments, parts: parts, cost: cost)
    }
  }
}
