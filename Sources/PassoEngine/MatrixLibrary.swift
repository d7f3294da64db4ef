// SPDX-License-Identifier: MIT

import CBLAS
import PassoRuntime
import PassoText
import Synchronization

/// The library that multiplies matrices, OpenBLAS.
enum MatrixLibrary {
  /// Makes the library ready for products; has to be called before the first, and may be again.
  ///
  /// Its own threads are switched off: a sum that two threads share has no fixed order. It takes a
  /// large buffer at its first product and keeps it; where the system does not give that, it tries
  /// for ever. So the buffer is asked for here, and taken at once.
  ///
  /// - Throws: `ExecutionProblem.refused`; a later call may succeed.
  static func prepare() throws(ExecutionProblem) {
    try isReady.withLock { (isReady) throws(ExecutionProblem) in
      guard !isReady else { return }
      openblas_set_num_threads(1)
      try MemoryRoom.check(bufferByteCount)
      takeBuffer()
      isReady = true
    }
  }

  private static let isReady = Mutex(false)

  /// As large as on x86-64 with many kernels, the largest that it is built with.
  private static let bufferByteCount = 128 << 20

  /// A product that is too large for the library to do without its buffer.
  private static func takeBuffer() {
    let size = 128
    let ones = [Double](repeating: 1, count: size * size)
    var product = ones
    ones.withUnsafeBufferPointer { factor in
      product.withUnsafeMutableBufferPointer { result in
        Double.multiply(
          MatrixProduct(
            rows: size,
            columns: size,
            inner: size,
            a: factor.baseAddress,
            b: factor.baseAddress,
            c: result.baseAddress
          )
        )
      }
    }
  }
}
