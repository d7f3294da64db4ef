// SPDX-License-Identifier: MIT

import CVersion
import PassoEngine
import PassoText

/// Which Passo this is.
enum ProgramVersion {
  /// The number, here alone: packages ask the program for it.
  static let number = "0.1.0"

  /// The day of that number, as a manual page shows it.
  static let day = "2026-11-30"

  /// All of it: number, commit, kernels.
  static var text: Bilingual {
    let number = Bilingual(same: "passo \(number) (") + commit(String(cString: cv_commit()))
    let names = Kernels.available.map(\.name).joined(separator: ", ")
    let kernels = Kernels.best
    return number
      + Bilingual(
        it: "), kernel \(kernels) (fra \(names))",
        en: "), kernels \(kernels) (of \(names))"
      )
  }

  /// Says a commit as `git describe --always --dirty` writes it, or that nobody has told.
  static func commit(_ described: String) -> Bilingual {
    if described.isEmpty { return Bilingual(it: "nessun commit indicato", en: "no commit") }
    let mark = "-dirty"
    guard described.hasSuffix(mark) else { return Bilingual(same: "commit \(described)") }
    let commit = described.dropLast(mark.count)
    return Bilingual(it: "commit \(commit), modificato", en: "commit \(commit), changed")
  }
}
