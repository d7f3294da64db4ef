// SPDX-License-Identifier: MIT

import PassoText

/// A readable step that no fusion takes: its own kernel, on one thread.
struct AsItIs: FastOperation {
  let op: any Op

  /// Each without gaps between its rows.
  let inputs: [FastView]
  let out: FastView
  let inputShapes: [Shape]
  let outputShape: Shape

  var work: Bilingual {
    let name = type(of: op).card.name
    return Bilingual(it: "\(name), così com'è", en: "\(name), as it is")
  }

  func bind(_ binder: inout FastBinder) {
    let base = UnsafeMutableRawPointer(binder.writes(out))
    let regions = zip(inputs, inputShapes).map { view, shape in
      let start = UnsafeRawPointer(binder.reads(view))
      return Region(offset: start - UnsafeRawPointer(base), count: shape.count)
    }
    let binding = StepBinding(
      inputs: regions,
      output: Region(offset: 0, count: outputShape.count),
      inputShapes: inputShapes,
      outputShape: outputShape
    )
    binder.call(
      StepWork(op: op, precision: .f32, base: base, sharedBase: base, binding: binding)
    )
  }
}
