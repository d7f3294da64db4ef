// SPDX-License-Identifier: MIT

/// How large a value is, known where it is made.
///
/// Values share their parts: one that is made in sixty steps can be a tree of 2^60 parts, and
/// nobody who is to walk through it may find that out on the way.
struct TemplateExtent: Sendable {
  /// About the bytes that it takes when it is written, all parts of the tree counted.
  private(set) var size: Int

  /// Values in one another.
  private(set) var depth = 1

  /// Whether Python writes it as it is here: not what has no text but an address.
  private(set) var isWritable = true

  /// Whether it can be told apart from others by a key.
  private(set) var isKey = true

  /// Where sizes stop to grow: far more than anything may take, and sums of many are no overflow.
  private static let largest = 1 << 40

  /// What a value takes at least.
  static let least = 16

  /// Of a value without parts.
  init(bytes: Int) { size = Self.least + min(bytes, Self.largest) }

  /// Of a value around another one.
  init(around other: TemplateExtent) {
    self.init(bytes: 0)
    add(other)
  }

  /// Of what holds elements.
  fileprivate init(form: TemplateListForm) {
    self.init(bytes: 0)
    isWritable = form != .iterator
    isKey = !form.isChangeable
  }

  /// Counts a part too.
  fileprivate mutating func add(_ part: TemplateExtent) {
    size = min(Self.largest, size + part.size)
    depth = max(depth, part.depth + 1)
    isWritable = isWritable && part.isWritable
    isKey = isKey && part.isKey
  }
}

/// Elements, and what kind of thing they come from.
struct TemplateList: Sendable {
  let values: [TemplateValue]
  let form: TemplateListForm
  let extent: TemplateExtent

  init(_ values: [TemplateValue], _ form: TemplateListForm) {
    var extent = TemplateExtent(form: form)
    for value in values { extent.add(value.extent) }
    (self.values, self.form, self.extent) = (values, form, extent)
  }
}

/// What kind of thing elements come from: Python writes each in its own way, and joins only some.
enum TemplateListForm: Hashable, Sendable {
  case list, tuple
  case range(start: Int, end: Int, step: Int)

  /// The keys, values or items of a mapping.
  case view(String)

  /// What filters make, one element after the other: it has no length, and nobody writes it.
  case iterator

  /// Whether two with the same elements are equal.
  func equals(_ other: TemplateListForm) -> Bool {
    switch (self, other) {
    case (.range, .range): true
    case (.view("dict_values"), _), (.iterator, _): false
    default: self == other
    }
  }

  /// Whether it can be changed, so that it is no key.
  var isChangeable: Bool { self == .list }

  var name: String {
    switch self {
    case .list: "list"
    case .tuple: "tuple"
    case .range: "range"
    case .view(let name): name
    case .iterator: "generator"
    }
  }

  /// Whether its elements are found by their places.
  var hasPlaces: Bool {
    switch self {
    case .list, .tuple, .range: true
    case .view, .iterator: false
    }
  }

  /// Whether Python writes its elements.
  var showsElements: Bool {
    switch self {
    case .list, .tuple, .view: true
    case .range, .iterator: false
    }
  }

  /// What Python writes before and after the elements.
  func edges(count: Int) -> (before: String, after: String) {
    switch self {
    case .list: ("[", "]")
    case .tuple: ("(", count == 1 ? ",)" : ")")
    case .range(let start, let end, let step):
      ("range(\(start), \(end)", step == 1 ? ")" : ", \(step))")
    case .view(let name): ("\(name)([", "])")
    case .iterator: ("<generator>", "")
    }
  }
}

/// Keys with values, in the order of their arrival.
struct TemplateMapping: Sendable {
  private(set) var entries: [(key: TemplateValue, value: TemplateValue)] = []
  private(set) var extent = TemplateExtent(bytes: 0)
  private var places: [TemplateKey: Int] = [:]

  init() {}

  init(texts: [(String, TemplateValue)]) {
    for (key, value) in texts { set(.string(key), value) }
  }

  subscript(key: TemplateValue) -> TemplateValue? {
    places[TemplateKey(key)].map { entries[$0].value }
  }

  subscript(text: String) -> TemplateValue? { self[.string(text)] }

  /// Sets the value of a key, which `isKey`.
  mutating func set(_ key: TemplateValue, _ value: TemplateValue) {
    let name = TemplateKey(key)
    if let place = places[name] {
      entries[place].value = value
    } else {
      places[name] = entries.count
      entries.append((key, value))
      extent.add(key.extent)
    }
    // One that is replaced stays counted.
    extent.add(value.extent)
  }
}

/// What tells keys apart as Python does: texts by their scalars, 1 from "1" but not from 1.0.
indirect enum TemplateKey: Hashable, Sendable {
  case whole(Int)
  case number(Double)

  /// Swift takes accents in two ways for the same, Python does not.
  case text([UInt8])
  case list(String, [TemplateKey])
  case other(String)

  init(_ value: TemplateValue) {
    switch value {
    case .string(let text): self = .text(Array(text.utf8))
    case .number(let number): self = Int(exactly: number).map { .whole($0) } ?? .number(number)
    case .sequence(let list): self = .list(list.form.name, list.values.map(TemplateKey.init))
    case .namespace(let number): self = .other("namespace \(number)")
    case .macro(let number): self = .other("macro \(number)")
    default: self = value.whole.map { .whole($0) } ?? .other(value.representation)
    }
  }
}
