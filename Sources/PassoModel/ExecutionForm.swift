// SPDX-License-Identifier: MIT

import PassoEngine
import PassoText

/// How a program is executed: in its fast form, or step by step as it can be read.
package enum ExecutionForm {
  case fast(FastProgram)

  /// With the reason if the fast form was wanted and there is none.
  case readable(NotLowerable?)

  /// Decides: f32 is for speed, f64 for reading.
  package init(
    _ program: @autoclosure () throws(ShapeProblem) -> Program,
    _ precision: Precision
  ) throws(ShapeProblem) {
    guard precision == .f32 else {
      self = .readable(nil)
      return
    }
    let program = try program()
    do throws(NotLowerable) {
      self = .fast(try Lowering.lower(program))
    } catch {
      self = .readable(error)
    }
  }

  /// Why it will be slow, if it will.
  package var obstacle: NotLowerable? {
    if case .readable(let reason) = self { reason } else { nil }
  }
}

extension NotLowerable {
  /// The obstacle as a person may want to know it.
  package var message: Bilingual {
    Bilingual(
      it: "questo programma non ha una forma veloce: \(reason)",
      en: "this program has no fast form: \(reason)"
    )
  }
}
