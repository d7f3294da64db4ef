// SPDX-License-Identifier: MIT

/// A sum that is kept with more digits than its terms have and rounded once, at the end.
///
/// Every sum of the readable program is made with it: one after the other, in the order of the
/// formula. Thus a sum of 49 152 probabilities is as exact as one of six, and the same on every
/// processor. Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, section 4.3.
package protocol RunningSum<Term>: BitwiseCopyable, Sendable {
  associatedtype Term: Scalar

  /// Nothing added yet: 0.
  init()

  mutating func add(_ term: Term)

  /// Adds the product of two numbers, which is not rounded before.
  mutating func add(_ left: Term, times right: Term)

  /// The sum, rounded.
  var rounded: Term { get }

  /// The sum over a number of terms, rounded once.
  func mean(of count: Int) -> Term

  /// The square root of the sum, rounded once: the sum itself may be too large for a number.
  var squareRoot: Term { get }

  /// The natural logarithm of the sum, less a number, rounded once.
  func logarithm(minus term: Term) -> Term
}

/// The sum of 32-bit numbers in 64 bits: a product of two of them is exact there, and a billion
/// terms are needed before an error could reach the last digit of the result.
package struct FloatSum: RunningSum {
  private var total = 0.0

  @inline(__always) package init() {}

  @inline(__always) package mutating func add(_ term: Float) { total += Double(term) }

  @inline(__always) package mutating func add(_ left: Float, times right: Float) {
    total += Double(left) * Double(right)
  }

  @inline(__always) package var rounded: Float { Float(total) }

  package func mean(of count: Int) -> Float { Float(total / Double(count)) }

  package var squareRoot: Float { Float(total.squareRoot()) }

  package func logarithm(minus term: Float) -> Float {
    Float(Double.logarithm(total) - Double(term))
  }
}

/// The sum of 64-bit numbers with what each addition rounded away kept beside it.
///
/// Source: Ogita, Rump, Oishi 2005, Accurate Sum and Dot Product, algorithms 4.1 and 5.3.
package struct DoubleSum: RunningSum {
  private var total = 0.0
  private var rest = 0.0

  @inline(__always) package init() {}

  @inline(__always) package mutating func add(_ term: Double) {
    let next = total + term
    let part = next - total
    rest += (total - (next - part)) + (term - part)
    total = next
  }

  @inline(__always) package mutating func add(_ left: Double, times right: Double) {
    let product = left * right
    add(product)
    rest += (-product).addingProduct(left, right)
  }

  // Where the total is infinite what was rounded away is not a number, and says nothing.
  @inline(__always) package var rounded: Double { rest.isFinite ? total + rest : total }

  package func mean(of count: Int) -> Double { rounded / Double(count) }

  package var squareRoot: Double { rounded.squareRoot() }

  package func logarithm(minus term: Double) -> Double { Double.logarithm(rounded) - term }
}

/// Sums of many numbers, for the kernels.
enum Summation {
  /// Lends one running sum for each of some columns.
  static func withSums<S: Scalar, Result>(
    _ count: Int,
    of type: S.Type,
    _ body: (UnsafeMutableBufferPointer<S.Sum>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: S.Sum.self, capacity: count) { sums in
      sums.initialize(repeating: S.Sum())
      return body(sums)
    }
  }

  /// Adds up e to the power of numbers, each less another one.
  static func exponentials<S: Scalar>(
    of numbers: UnsafeBufferPointer<S>,
    minus shift: S
  ) -> S.Sum {
    withUnsafeTemporaryAllocation(of: S.self, capacity: 256) { room in
      var sum = S.Sum()
      for first in stride(from: 0, to: numbers.count, by: room.count) {
        let part = room.prefix(numbers.count - first)
        for i in part.indices { room[i] = numbers[first + i] - shift }
        S.exponentials(UnsafeMutableBufferPointer(rebasing: part))
        for i in part.indices { sum.add(room[i]) }
      }
      return sum
    }
  }

  /// Adds up the rows of a matrix `[rows, output.count]`.
  @specialized(where S == Float)
  @specialized(where S == Double)
  static func addRows<S: Scalar>(
    _ x: UnsafeBufferPointer<S>,
    into output: UnsafeMutableBufferPointer<S>
  ) {
    let width = output.count
    // Some columns at a time: their sums stay in the nearest memory, however wide the rows are.
    for first in stride(from: 0, to: width, by: 256) {
      let columns = min(256, width - first)
      withSums(columns, of: S.self) { sums in
        for start in stride(from: first, to: x.count, by: width) {
          for i in 0..<columns { sums[i].add(x[start + i]) }
        }
        for i in 0..<columns { output[first + i] = sums[i].rounded }
      }
    }
  }
}
