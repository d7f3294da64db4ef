// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import PassoEngine
import PassoRuntime
import Testing

/// The kernels for one kind of processor that this one can execute.
struct KernelKind: Sendable, CustomTestStringConvertible {
  let index: Int32

  static let all: [KernelKind] = (0..<8).filter { ck_available($0) != nil }.map(KernelKind.init)

  var table: ck_kernels {
    get throws { try #require(ck_available(index)).pointee }
  }

  var testDescription: String {
    ck_available(index).map { String(cString: $0.pointee.name) } ?? "none"
  }

  /// Does all parts of a kernel's work.
  func run<Arguments>(
    _ kernel: KeyPath<ck_kernels, ck_kernel?>,
    _ arguments: Arguments,
    parts: Int = 1,
    scratch: Int = 0
  ) throws {
    let function = try #require(try table[keyPath: kernel])
    let memory = Numbers(count: max(scratch, 1))
    var place = ck_scratch(base: memory.start)
    withUnsafePointer(to: arguments) { arguments in
      for part in 0..<parts { function(arguments, Int32(part), &place) }
    }
    #expect(memory.isIntact, "writes beyond its working memory")
  }
}

/// Floats that C may read and write, and behind them some that nobody may.
final class Numbers {
  let start: UnsafeMutablePointer<Float>
  let count: Int
  private let memory: UnsafeMutableRawPointer

  private static let guardCount = 64
  private static let guardBits: UInt32 = 0x7FC0_1234

  init(_ values: [Float]) {
    count = values.count
    memory = .allocate(byteCount: (count + Self.guardCount) * 4, alignment: 64)
    start = memory.bindMemory(to: Float.self, capacity: count + Self.guardCount)
    start.update(from: values, count: count)
    for index in 0..<Self.guardCount { start[count + index] = Float(bitPattern: Self.guardBits) }
  }

  /// What is not written shows as a number that no kernel makes.
  convenience init(count: Int, filling: Float = 12345) {
    self.init([Float](repeating: filling, count: count))
  }

  /// Numbers between -1 and 1.
  convenience init(random count: Int, _ source: inout RandomSource, scale: Float = 1) {
    self.init((0..<count).map { _ in .random(in: -scale...scale, using: &source) })
  }

  deinit { memory.deallocate() }

  var isIntact: Bool {
    (0..<Self.guardCount).allSatisfy { start[count + $0].bitPattern == Self.guardBits }
  }

  var values: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }

  var doubles: [Double] { values.map(Double.init) }

  /// For arguments that are only read.
  var read: UnsafePointer<Float> { UnsafePointer(start) }
}

/// Whole numbers that C may read.
final class Integers {
  let start: UnsafeMutablePointer<Int32>

  init(_ values: [Int32]) {
    start = .allocate(capacity: values.count)
    start.update(from: values, count: values.count)
  }

  deinit { start.deallocate() }

  var read: UnsafePointer<Int32> { UnsafePointer(start) }
}

/// Expects numbers near those wanted, in units of the greatest one wanted.
func expectNear(
  _ found: Numbers,
  _ wanted: [Double],
  within tolerance: Double = 2e-6,
  _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let scale = max(wanted.map(abs).max() ?? 0, 1e-3)
  let errors = zip(found.doubles, wanted).map { abs($0 - $1) / scale }
  let worst = errors.enumerated().max { !($0.element >= $1.element) }
  #expect(
    found.count == wanted.count && errors.allSatisfy { $0 <= tolerance },
    "\(what): at \(worst?.offset ?? -1) off by \(worst?.element ?? .nan)",
    sourceLocation: sourceLocation
  )
  #expect(found.isIntact, "\(what): writes beyond its end", sourceLocation: sourceLocation)
}

/// The curve of GELU and its slope, from their definition with the hyperbolic tangent.
enum ExactGELU {
  private static let slope = (2 / Double.pi).squareRoot()

  /// As x over 1 + e^(-2u), which is the same and keeps the digits of the tail on the left.
  static func value(_ x: Double) -> Double { x / (1 + exp(-2 * inner(x))) }

  static func derivative(_ x: Double) -> Double {
    // Where it is straight; the formula would take 0 times infinity there.
    if abs(x) > 30 { return x > 0 ? 1 : 0 }
    let t = tanh(inner(x))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope * (1 + 3 * 0.044715 * x * x)
  }

  private static func inner(_ x: Double) -> Double { slope * (x + 0.044715 * x * x * x) }
}
