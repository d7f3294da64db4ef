// SPDX-License-Identifier: MIT

/// One step with the memory that it works on.
///
/// Unchecked, because the memory is only pointed to: its runner keeps it alive, and lets nobody
/// write to the inputs, or look at the output, before the end.
struct StepWork: @unchecked Sendable {
  let op: any Op
  let precision: Precision
  let base: UnsafeMutableRawPointer
  let sharedBase: UnsafeMutableRawPointer
  let binding: StepBinding

  func run() {
    switch precision {
    case .f32: op.run(Operands<Float>(base: base, sharedBase: sharedBase, binding: binding))
    case .f64: op.run(Operands<Double>(base: base, sharedBase: sharedBase, binding: binding))
    }
  }
}
