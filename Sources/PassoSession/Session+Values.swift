// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime
import PassoText

extension Session {
  /// The full name of a value: the name itself, or the only one that ends in it.
  ///
  /// `pattern` is `blocks.0.attn.pattern` while there is one block; gradients have to say `grad.`.
  package func fullName(_ typed: String) throws -> String {
    try Self.fullName(typed, in: timeline.plan.program)
  }

  /// The same in any program.
  static func fullName(_ typed: String, in program: Program) throws -> String {
    if program.id(of: typed) != nil { return typed }
    // Gradients, new values and optimizer memory end in the same names as what they belong to.
    let ending = ".\(typed)"
    let matches = program.allNames.filter {
      $0.hasSuffix(ending)
        && Derivation.split($0)?.derivation == Derivation.split(typed)?.derivation
    }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 {
      throw ValueProblem.ambiguousName(typed, candidates: matches)
    }
    throw ExecutionProblem.unknownName(
      typed,
      closest: Suggestion.closest(to: typed, among: program.allNames)
    )
  }

  /// The fork that a name begins with, and the rest of the name.
  package func forkedValue(_ typed: String) -> (fork: Session, name: String)? {
    guard let dot = typed.firstIndex(of: "."), let fork = forks[String(typed[..<dot])] else {
      return nil
    }
    return (fork, String(typed[typed.index(after: dot)...]))
  }

  /// A value as it is now; `FORK.NAME` is a value of a fork.
  ///
  /// - Throws: `ValueProblem.notComputed` if the cursor has not reached it.
  package func tensor(_ typed: String) throws -> Tensor {
    if let bound = bindings[typed] { return bound }
    if let (fork, name) = forkedValue(typed) { return try fork.tensor(name) }
    let name = try fullName(typed)
    let id = try timeline.execution.id(of: name)
    // It is copied, and a view copies it again.
    try MemoryRoom.check(timeline.plan.program[id].shape.count * 4 * MemoryLayout<Double>.stride)
    guard let tensor = try timeline.execution.tensor(id) else {
      throw ValueProblem.notComputed(name)
    }
    return tensor
  }

  /// The same of a part of the model.
  package func tensor(_ name: ValueName) throws -> Tensor { try tensor(name.description) }

  /// The next moment at which a value has just been computed.
  package func position(until typed: String) throws -> Moment {
    let name = try fullName(typed)
    let position = try timeline.execution.position(after: name)
    guard position > 0 else { throw ValueProblem.given(name) }
    // A value that is there already: nothing is left to do.
    return timeline.nextMoment(atCursor: position) ?? timeline.moment
  }

  /// The step of the update under way that computed a value, if it lies behind and no later moment
  /// of the update computes it again.
  package func stepBehind(_ typed: String) throws -> Int? {
    let position = try timeline.execution.position(after: fullName(typed))
    guard timeline.nextMoment(atCursor: position) == nil else { return nil }
    return position > 0 && position < timeline.execution.cursor ? position : nil
  }

  /// The moment that a person names: a step number, a value, `start` or `end`.
  package func moment(for typed: String) throws -> Moment {
    let count = timeline.stepCount
    switch typed {
    case "start": return Moment(update: timeline.update, step: 0)
    case "end": return Moment(update: timeline.update, step: count)
    default: break
    }
    if let mark = view.marks[typed] {
      guard let moment = mark.moment(in: timeline) else {
        throw MoveProblem.lostMark(typed, value: mark.value ?? "")
      }
      return moment
    }
    if let number = Int(typed) {
      guard (0...count).contains(number) else {
        throw MoveProblem.noSuchStep(number, last: count)
      }
      return Moment(update: timeline.update, step: number)
    }
    let parts = typed.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 2, let step = Int(parts[1]), Int(parts[0]) != nil {
      return try moment(update: String(parts[0]), step: step)
    }
    return timeline.moment(atCursor: try timeline.execution.position(after: fullName(typed)))
  }

  /// A moment by its numbers, the first as it was typed.
  ///
  /// - Throws: `MoveProblem` if there is none.
  package func moment(update typed: String, step: Int = 0) throws -> Moment {
    guard let update = Int(typed), (0...1_000_000).contains(update) else {
      throw MoveProblem.noSuchUpdate(typed)
    }
    guard (0...timeline.stepCount).contains(step) else {
      throw MoveProblem.noSuchStep(step, last: timeline.stepCount)
    }
    return Moment(update: update, step: step)
  }
}

/// Why a name leads to no value that can be shown.
package enum ValueProblem: WordedProblem, Equatable {
  case ambiguousName(String, candidates: [String])
  case notComputed(String)
  case noParameter(String)
  case given(String)

  package var wording: Wording {
    switch self {
    case .ambiguousName(let name, let candidates):
      Bilingual(
        it: "\(it: name) può essere \(Self.some(candidates, " o "))",
        en: "\(en: name) may be \(Self.some(candidates, " or "))"
      ).hint(it: "scrivi il nome intero", en: "write the whole name")
    case .notComputed(let name):
      Bilingual(it: "\(it: name) non è ancora calcolato", en: "\(en: name) is not computed yet")
        .hint(it: ":until \(name) lo calcola", en: ":until \(name) computes it")
    case .noParameter(let name):
      Bilingual(
        it: "\(it: name) non è un parametro, ma un valore calcolato",
        en: "needs a parameter, \(en: name) is a computed value"
      ).hint(it: ":params li elenca", en: ":params lists them")
    case .given(let name):
      Bilingual(
        it: "\(it: name) è dato, nessun passo lo calcola",
        en: "\(en: name) is given, no step computes it"
      ).hint(it: ":show \(name) lo mostra", en: ":show \(name) shows it")
    }
  }

  private static func some(_ names: [String], _ last: String) -> String {
    let shown = names.prefix(4)
    let rest = names.count > 4 ? ", …" : ""
    return shown.dropLast().joined(separator: ", ") + last + (shown.last ?? "") + rest
  }
}
