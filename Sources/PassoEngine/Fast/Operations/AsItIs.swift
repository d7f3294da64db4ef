// SPDX-License-Identifier: MIT

import PassoText

/// A readable step that no fusion takes: its own kernel, on several threads if its numbers do not
/// depend on each other.
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
    let starts = inputs.map { UnsafeRawPointer(binder.reads($0)) - UnsafeRawPointer(base) }
    func work(_ op: any Op, _ part: Range<Int>, _ shape: (Shape) -> Shape) -> StepWork {
      let regions = zip(starts, inputShapes).map { start, whole in
        let isWhole = whole != outputShape
        let skipped = isWhole ? 0 : part.lowerBound * MemoryLayout<Float>.stride
        return Region(offset: start + skipped, count: isWhole ? whole.count : part.count)
      }
      let binding = StepBinding(
        inputs: regions,
        output: Region(
          offset: part.lowerBound * MemoryLayout<Float>.stride,
          count: part.count
        ),
        inputShapes: inputShapes.map { $0 == outputShape ? shape($0) : $0 },
        outputShape: shape(outputShape)
      )
      return StepWork(op: op, precision: .f32, base: base, sharedBase: base, binding: binding)
    }
    let all = 0..<outputShape.count
    let cost = 4 * passCost(outputShape.count)
    guard let pointwise = op as? any PointwiseOp,
      inputShapes.allSatisfy({ $0 == outputShape || $0.rank == 0 })
    else { return binder.call([work(op, all) { $0 }], cost: cost) }
    let count = rowParts(outputShape.count, width: 1)
    let parts = (0..<count).map { number in
      let part = all.count * number / count..<all.count * (number + 1) / count
      return work(pointwise.part(from: part.lowerBound), part) { _ in
        Shape((.item, part.count))
      }
    }
    binder.call(parts, cost: cost)
  }
}
