// SPDX-License-Identifier: MIT

import PassoText

/// How a program is executed: in its fast form, or step by step as it can be read.
package enum ExecutionForm: Sendable {
  case fast(FastProgram)

  /// With the reason, unless the readable form was wanted.
  case readable(Slowness?)

  /// Decides: f32 is for speed, f64 for reading.
  ///
  /// - Parameters:
  ///   - program: What will be executed.
  ///   - precision: The number format of all values.
  ///   - isForReading: Whether a person compares the values with those of the readable program.
  package init(_ program: Program, _ precision: Precision, isForReading: Bool = false) {
    if isForReading {
      self = .readable(nil)
    } else if precision == .f64 {
      self = .readable(.precision)
    } else {
      do throws(NotLowerable) {
        self = .fast(try Lowering.lower(program))
      } catch {
        self = .readable(.notLowerable(error))
      }
    }
  }

  /// Why it will be slow, if it will.
  package var slowness: Slowness? {
    if case .readable(let slowness) = self { slowness } else { nil }
  }

  /// The bytes that a runner takes; nil if they are more than can be counted.
  package func byteCount(_ program: Program, _ precision: Precision) -> Int? {
    switch self {
    case .fast(let fast): FastPlan(fast).byteCount
    case .readable: try? MemoryPlan(program, precision: precision).byteCount
    }
  }

  /// Prepares the program in this form; all its numbers are 0.
  ///
  /// - Parameters:
  ///   - program: What will be executed.
  ///   - precision: The number format of all values.
  ///   - threads: How many threads share the work; the result does not depend on it.
  ///   - read: The computed values that will be read; the readable form keeps all.
  ///   - lends: Whether other runners will share the parameters and caches.
  /// - Returns: What runs it.
  /// - Throws: `ExecutionProblem.tooLarge` if the values do not fit into memory.
  package func runner(
    _ program: Program,
    _ precision: Precision,
    threads: Int,
    reading read: [ValueID] = [],
    lends: Bool = false
  ) throws(ExecutionProblem) -> any Runner {
    switch self {
    case .fast(let fast): try FastRunner(program, fast, threads: threads, reading: read)
    case .readable: try ReadableRunner(program, precision, lends: lends)
    }
  }
}

/// Why a program is executed as it can be read, which takes longer.
package enum Slowness: Sendable, Hashable {
  /// The fast form has 32 bits.
  case precision
  /// A part of it has no fast form.
  case notLowerable(NotLowerable)

  /// What a person who will wait should know.
  package var note: Bilingual {
    message + Bilingual(it: "; sarà lento", en: "; it will be slow")
  }

  /// The reason alone.
  package var message: Bilingual {
    switch self {
    case .precision:
      Bilingual(it: "in f64 non c'è una forma veloce", en: "in f64 there is no fast form")
    case .notLowerable(let obstacle):
      Bilingual(
        it: "questo programma non ha una forma veloce: \(obstacle.reason)",
        en: "this program has no fast form: \(obstacle.reason)"
      )
    }
  }
}
