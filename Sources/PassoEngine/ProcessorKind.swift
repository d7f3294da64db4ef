// SPDX-License-Identifier: MIT

import CBLAS

/// What decides how products are rounded here.
package enum ProcessorKind {
  /// The kernels of the matrix library and our own, as one word: `SkylakeX/avx512`.
  ///
  /// Where two names are equal, so are all bits of what is computed.
  package static let name: String = {
    let library = openblas_get_corename().map { String(cString: $0) } ?? "?"
    return "\(library)/\(FastKernels.best.name)".filter { !$0.isWhitespace }
  }()
}
