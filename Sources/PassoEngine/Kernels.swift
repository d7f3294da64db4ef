// SPDX-License-Identifier: MIT

import CKernels
import Glibc
import PassoText

/// The kernels for one kind of processor.
///
/// Unchecked, because the table holds pointers to functions, which never change.
package struct Kernels: @unchecked Sendable, CustomStringConvertible {
  let table: ck_kernels

  package var description: String { name }

  /// The vector instructions that they use: `plain`, `avx2`, `avx512`.
  package var name: String { String(cString: table.name) }

  /// Those that this processor can execute, the plain ones first.
  package static let available: [Kernels] = {
    var all: [Kernels] = []
    while let next = ck_available(Int32(all.count)) { all.append(Kernels(table: next.pointee)) }
    return all
  }()

  /// Those that are used: the fastest that this processor can execute, or what the environment
  /// asks for.
  package static let best = (try? chosen()) ?? Kernels(table: ck_best().pointee)

  /// The variable of the environment that chooses kernels.
  package static let variable = "PASSO_KERNELS"

  /// The kernels that the environment asks for, or the fastest.
  ///
  /// - Throws: `KernelsProblem` if this processor has none of that name.
  package static func chosen() throws(KernelsProblem) -> Kernels {
    guard let word = getenv(variable).map({ String(cString: $0) }), !word.isEmpty else {
      return Kernels(table: ck_best().pointee)
    }
    guard let kernels = available.first(where: { $0.name == word }) else {
      throw KernelsProblem(word: word, known: available.map(\.name))
    }
    return kernels
  }
}

/// Kernels that there are not.
package struct KernelsProblem: Problem, Equatable {
  let word: String
  let known: [String]

  package var message: Bilingual {
    let names = known.joined(separator: ", ")
    return Bilingual(
      it: "\(Kernels.variable): questo processore ha \(names), non \(it: word)",
      en: "\(Kernels.variable): this processor has \(names), not \(en: word)"
    )
  }
}
