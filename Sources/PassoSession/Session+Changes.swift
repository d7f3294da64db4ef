// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoModel
import PassoRuntime
import PassoText

// Changes of a run that is under way: what was computed before them stays.
extension Session {
  package mutating func setMask(_ mask: MaskKind) throws {
    try replan { $0.mask = mask }
  }

  /// Switches a head off, or on again.
  ///
  /// - Throws: `NoSuchHead`.
  package mutating func toggle(_ head: HeadAddress) throws {
    try configuration.check(head)
    try replan { experiment in
      if experiment.ablatedHeads.remove(head) == nil { experiment.ablatedHeads.insert(head) }
    }
  }

  package mutating func setAllHeadsOn() throws {
    try replan { $0.ablatedHeads = [] }
  }

  /// Goes on by another program: what a failure left behind is of no use, so nothing is kept of it.
  private mutating func replan(_ change: (inout Experiment) -> Void) throws {
    var (next, experiment) = (self, experiment)
    change(&experiment)
    let plan = try experiment.program(configuration, batch: timeline.plan.batch)
    try next.timeline.setPlan(plan)
    self = next
  }

  /// Puts numbers into a value, by row-major position.
  ///
  /// - Throws: `ValueProblem` or `AssignmentProblem` if the value is not computed, or a number is
  ///   no id.
  package mutating func set(_ name: String, _ slots: [Int: Double]) throws {
    let program = timeline.plan.program
    let id = try timeline.execution.id(of: name)
    guard timeline.execution.isComputed(id) else { throw ValueProblem.notComputed(name) }
    let precision = timeline.execution.precision
    // What has no place in single precision would be infinite there.
    func fits(_ number: Double) -> Bool {
      number.isFinite && (precision == .f64 || Float(number).isFinite)
    }
    if let wrong = slots.values.first(where: { !fits($0) }) {
      throw AssignmentProblem.notFinite(wrong, precision)
    }
    if program[id].role == .data {
      try setData(ValueName(program[id].name), slots)
    } else {
      try timeline.set(program[id].name, slots)
    }
  }

  /// Changes ids, weights, or how much of a row all of it may see, in the round under way.
  private mutating func setData(_ name: ValueName?, _ slots: [Int: Double]) throws {
    let size = timeline.plan.batch
    let first = (timeline.isAtEnd ? 0 : timeline.round) * size.rows
    var rows = Array(batch.rows[first..<first + size.rows])
    for (index, number) in slots {
      if name == .model(.prefix) {
        rows[index] = try rows[index].withPrefix(number)
        continue
      }
      let (row, place) = index.quotientAndRemainder(dividingBy: size.length)
      if name == .model(.targetWeights) {
        try rows[row].setWeight(number, at: place)
        continue
      }
      let isIgnored = name == .model(.targets) && number == Double(ignoredTarget)
      guard let value = TokenID(exactly: number),
        isIgnored || (0..<TokenID(configuration.vocabularySize)).contains(value)
      else { throw AssignmentProblem.noSuchToken(number, last: configuration.vocabularySize - 1) }
      if name == .model(.tokens) {
        rows[row].inputs[place] = value
      } else {
        rows[row].targets[place] = value
      }
    }
    try timeline.setBatch(TokenBatch(rows))
  }

  /// The same run, looked at as another session is: what a person only looks by is no change.
  package func keepingView(of other: Session) -> Session {
    var session = self
    session.view =
      identity === other.identity ? other.view : other.view.ofAnotherRun(marks: view.marks)
    return session
  }

  /// Keeps the run as it is now under a name.
  ///
  /// - Throws: `ForkProblem.taken` if values begin with that name.
  package mutating func fork(_ name: String) throws {
    try checkFree(name)
    var kept = self
    (kept.forks, kept.isLane) = ([:], false)
    forks[name] = kept
  }

  /// Checks that a fork can have a name.
  ///
  /// - Throws: `ForkProblem.taken` if values begin with it, or `.noName` if no expression can read
  ///   what it has.
  func checkFree(_ name: String) throws {
    guard name.first?.isLetter == true, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
    else { throw ForkProblem.noName(name) }
    let isTaken =
      name == Session.currentName || bindings[name] != nil
      || timeline.plan.program.allNames.contains { $0 == name || $0.hasPrefix("\(name).") }
    guard !isTaken else { throw ForkProblem.taken(name) }
  }

  /// Goes on in a fork, and keeps the run that is left under its name.
  ///
  /// - Throws: `ForkProblem.unknown`.
  package mutating func swap(_ name: String) throws {
    var next = try forkNamed(name)
    var left = self
    left.forks = [:]
    next.forks = forks
    next.forks[name] = left
    self = next
  }

  /// A fork by name; `now` is the run itself.
  ///
  /// - Throws: `ForkProblem.unknown`.
  package func forkNamed(_ name: String) throws -> Session {
    if name == Session.currentName || name == "main" { return self }
    guard let fork = forks[name] else {
      throw ForkProblem.unknown(name, known: forks.keys.sorted())
    }
    return fork
  }

  /// What the run itself is called where runs are compared.
  package static let currentName = "now"
}

extension Example {
  /// The same row, of which so many positions are known from the start.
  ///
  /// - Throws: `AssignmentProblem.noSuchPrefix`.
  fileprivate func withPrefix(_ number: Double) throws -> Example {
    guard let prefix = Int(exactly: number), (0...inputs.count).contains(prefix) else {
      throw AssignmentProblem.noSuchPrefix(number, length: inputs.count)
    }
    return Example(inputs: inputs, targets: targets, prefix: prefix, weights: weights)
  }

  /// Gives a target another weight.
  ///
  /// - Throws: `AssignmentProblem.noSuchWeight`.
  fileprivate mutating func setWeight(_ number: Double, at place: Int) throws {
    guard number >= 0 else { throw AssignmentProblem.noSuchWeight(number) }
    var all = weights ?? Array(repeating: 1, count: inputs.count)
    all[place] = number
    weights = all
  }
}

/// Why a twin cannot be kept or found, or nothing be taken back.
package enum ForkProblem: WordedProblem {
  case taken(String)
  case noName(String)
  case unknown(String, known: [String])
  case otherShape(value: String, here: Shape, fork: String, there: Shape)
  case nothingToUndo

  package var wording: Wording {
    switch self {
    case .taken(let name):
      Bilingual(
        it: "\(it: name) è già il nome di valori",
        en: "\(en: name) is already a name of values"
      ).hint(it: "scegli un altro nome", en: "choose another name")
    case .noName(let name):
      Bilingual(
        it: "il nome di una copia comincia con una lettera e ha solo lettere, cifre e _, non"
          + " \(it: name)",
        en: "the name of a twin needs to begin with a letter, and to have letters, digits and _"
          + " only, got \(en: name)"
      ).hint(it: "per esempio :fork prima", en: "for example :fork before")
    case .unknown(let name, let known) where known.isEmpty:
      Bilingual(it: "nessuna copia si chiama \(it: name)", en: "no twin is called \(en: name)")
        .hint(it: ":fork NOME ne conserva una", en: ":fork NAME keeps one")
    case .unknown(let name, let known):
      Bilingual(it: "nessuna copia si chiama \(it: name)", en: "no twin is called \(en: name)")
        .hint(
          it: "le copie sono \(known.joined(separator: ", "))",
          en: "the twins are \(known.joined(separator: ", "))"
        )
    case .otherShape(let name, let here, let fork, let there):
      Bilingual(
        it: "\(it: name) ha qui la forma \(here), in \(it: fork) la forma \(there)",
        en: "needs \(en: name) in the same shape, got \(here) here and \(there) in \(en: fork)"
      ).hint(
        it: "servono due esecuzioni dello stesso modello su altrettanti token",
        en: "it takes two runs of the same model on equally many tokens"
      )
    case .nothingToUndo:
      Bilingual(it: "non c'è nulla da annullare", en: "there is nothing to undo")
        .hint(
          it: ":undo annulla i cambiamenti; :back torna indietro nei passi",
          en: ":undo takes back changes; :back goes back in steps"
        )
    }
  }
}
