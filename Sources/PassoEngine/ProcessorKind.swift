// SPDX-License-Identifier: MIT

/// What decides how the fast form rounds here.
package enum ProcessorKind {
  /// The kind of kernels: `avx512`.
  package static var name: String { Kernels.best.name }
}
