// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// Why a program cannot be executed, or a move cannot be made.
package enum ExecutionProblem: Problem, Equatable {
  /// The values need more bytes than the machine has.
  case tooLarge(bytes: Int, limit: Int)
  /// The system does not give so many bytes: others use them, or a limit is set.
  case refused(bytes: Int)
  /// A value that lies in a file cannot be read any more.
  case unread(UnreadValue)
  /// A name that the program does not have.
  case unknownName(String, closest: String?)

  /// The sentence with what was needed and what was found.
  package var message: Bilingual {
    switch self {
    case .tooLarge(let bytes, let limit):
      let needed = NumberText.fixed(Double(bytes) / 1e9, 1)
      let there = NumberText.fixed(Double(limit) / 1e9, 1)
      return Bilingual(
        it: "i valori di questo programma occupano \(needed.it) GB, ce ne sono \(there.it)",
        en: "the values of this program take \(needed.en) GB, there are \(there.en)"
      )
    case .refused(let bytes): return MemoryRoom.refusal(of: bytes)
    case .unread(let value): return value.problem.message
    case .unknownName(let name, _):
      return Bilingual(
        it: "nessun valore si chiama \(it: name)",
        en: "no value is called \(en: name)"
      )
    }
  }

  /// What takes less memory, or what the file's own problem says.
  package var hint: Bilingual? {
    switch self {
    case .unknownName: nil
    case .unread: cause?.hint
    case .tooLarge, .refused:
      Bilingual(
        it: "scegli un modello più piccolo, un contesto più corto o meno righe",
        en: "choose a smaller model, a shorter context or fewer rows"
      )
    }
  }

  /// What is wrong with the file.
  package var cause: (any Problem)? {
    if case .unread(let value) = self { value.problem } else { nil }
  }
}

/// Why a value that lies in a file cannot be read.
package struct UnreadValue: Equatable, Sendable {
  package let problem: any Problem

  package init(_ problem: any Problem) { self.problem = problem }

  package static func == (left: UnreadValue, right: UnreadValue) -> Bool {
    left.problem.message == right.problem.message
  }
}
