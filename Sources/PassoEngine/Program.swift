// SPDX-License-Identifier: MIT

import PassoText

/// The four parts of one training step, in order.
package enum Phase: String, CaseIterable, Sendable, Comparable {
  /// From tokens to logits.
  case forward
  /// From logits to the loss.
  case loss
  /// From the loss back to every parameter.
  case backward
  /// From gradients to new parameters.
  case update

  /// The order in which phases run.
  package static func < (left: Phase, right: Phase) -> Bool {
    left.order < right.order
  }

  private var order: Int {
    switch self {
    case .forward: 0
    case .loss: 1
    case .backward: 2
    case .update: 3
    }
  }

  /// The phase in words.
  package var name: Bilingual {
    switch self {
    case .forward: Bilingual(it: "in avanti", en: "forward")
    case .loss: Bilingual(it: "perdita", en: "loss")
    case .backward: Bilingual(it: "all'indietro", en: "backward")
    case .update: Bilingual(it: "aggiornamento", en: "update")
    }
  }

  /// What happens in the phase.
  package var summary: Bilingual { name + Bilingual(same: ": ") + way }

  private var way: Bilingual {
    switch self {
    case .forward: Bilingual(it: "dai token ai logit", en: "tokens to logits")
    case .loss: Bilingual(it: "dai logit alla loss", en: "logits to the loss")
    case .backward: Bilingual(it: "dalla loss ai gradienti", en: "the loss to the gradients")
    case .update:
      Bilingual(it: "dai gradienti ai nuovi parametri", en: "gradients to new parameters")
    }
  }
}

/// The place where a value lives.
package enum Role: String, Sendable {
  /// Token ids and targets: given, never computed.
  case data
  /// What is learned; only an update changes it.
  case parameter
  /// What the forward pass computes.
  case activation
  /// How the loss would change.
  case gradient
  /// What the optimizer remembers and computes.
  case optimizer
  /// A number that somebody chose, as the learning rate.
  case setting

  /// The place in words.
  package var name: Bilingual {
    switch self {
    case .data: Bilingual(it: "dati", en: "data")
    case .parameter: Bilingual(it: "parametro", en: "parameter")
    case .activation: Bilingual(it: "attivazione", en: "activation")
    case .gradient: Bilingual(it: "gradiente", en: "gradient")
    case .optimizer: Bilingual(it: "ottimizzatore", en: "optimizer")
    case .setting: Bilingual(it: "impostazione", en: "setting")
    }
  }
}

/// The number of a value in its program.
package struct ValueID: Hashable, Sendable {
  package let index: Int
}

/// A named result, or a named input, of a program; written once.
package struct Value: Sendable {
  package let name: String

  /// Other names of the contract for the same value, as `blocks.1.resid_pre`.
  package fileprivate(set) var aliases: [String] = []

  /// The name, then the others.
  package var names: [String] { [name] + aliases }

  package let shape: Shape
  package let element: Element
  package let role: Role

  /// The step that writes it; nil for an input.
  package let producer: Int?
}

/// One computation: an op, what it reads, and the value it writes.
package struct Step: Sendable {
  package let op: any Op
  package let inputs: [ValueID]
  package let output: ValueID
  package let phase: Phase

  /// The part of the model that the step belongs to, as `blocks.0.attn`.
  package let layer: String

  /// The forward step whose gradient rule appended this one; nil for every other.
  let gradientOf: Int?

  /// What it reads, and what it makes.
  var values: [ValueID] { inputs + [output] }
}

/// A flat list of steps, each value written once.
///
/// Forward, loss, backward and update are all steps of the same list; nothing is hidden in
/// closures.
package struct Program: Sendable {
  package private(set) var values: [Value] = []
  package private(set) var steps: [Step] = []
  private var ids: [String: ValueID] = [:]

  /// The gradient of each value that has one.
  var gradients: [ValueID: ValueID] = [:]

  package init() {}

  /// The value with a name, or with an alias.
  package func id(of name: String) -> ValueID? { ids[name] }

  package subscript(id: ValueID) -> Value { values[id.index] }

  /// Names in the order of computation; aliases are left out.
  package var names: [String] { values.map(\.name) }

  /// Names and aliases.
  package var allNames: [String] { values.flatMap(\.names) }

  /// The inputs, in the order in which they were declared.
  package var inputs: [ValueID] {
    values.indices.filter { values[$0].producer == nil }.map(ValueID.init(index:))
  }

  /// Whether a value is attention scores with minus infinity where nothing may be seen.
  package func masks(_ id: ValueID) -> Bool {
    self[id].producer.map { steps[$0].op is ApplyMask } ?? false
  }

  /// The steps of a phase.
  package func steps(of phase: Phase) -> Range<Int> {
    let first = steps.firstIndex { $0.phase == phase } ?? steps.count
    let end = steps[first...].firstIndex { $0.phase != phase } ?? steps.count
    return first..<end
  }
}

// What only the builder does.
extension Program {
  /// The number of the value that comes next.
  var nextID: ValueID { ValueID(index: values.count) }

  /// Adds a step, and the value that it writes.
  mutating func add(_ step: Step, name: String, shape: Shape, role: Role) {
    add(Value(name: name, shape: shape, element: .real, role: role, producer: steps.count))
    steps.append(step)
  }

  mutating func addAlias(_ name: String, of id: ValueID) {
    precondition(ids[name] == nil, "the name \(name) is taken")
    ids[name] = id
    values[id.index].aliases.append(name)
  }

  mutating func add(_ value: Value) {
    precondition(ids[value.name] == nil, "the name \(value.name) is taken")
    ids[value.name] = nextID
    values.append(value)
  }
}

extension Program {
  /// A step in one line; listings, steps and errors all use this form.
  ///
  ///     blocks.0.attn.scores = scale(blocks.0.attn.dots, 0.353553)
  package func line(_ index: Int) -> String {
    let step = steps[index]
    let arguments = step.inputs.map { self[$0].name } + step.op.settings
    return "\(self[step.output].name) = \(type(of: step.op).card.name)"
      + "(\(arguments.joined(separator: ", ")))"
  }
}
