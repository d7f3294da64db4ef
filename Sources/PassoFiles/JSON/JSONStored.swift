// SPDX-License-Identifier: MIT

/// What stands in a file of ours: how it is written, and how the same is read back.
protocol JSONStored: Sendable {
  var json: String { get }

  init(json reader: inout JSONReader) throws(JSONFault)
}

extension Int: JSONStored {
  var json: String { "\(self)" }
  init(json reader: inout JSONReader) throws(JSONFault) { self = try reader.integer() }
}

extension Int32: JSONStored {
  var json: String { "\(self)" }
  init(json reader: inout JSONReader) throws(JSONFault) {
    self.init(truncatingIfNeeded: try reader.integer())
  }
}

/// As a string of hexadecimal digits: JSON numbers of other programs lose the last of 64 bits.
extension UInt64: JSONStored {
  var json: String { JSONText.string(String(self, radix: 16)) }
  init(json reader: inout JSONReader) throws(JSONFault) {
    self = UInt64(try reader.string(), radix: 16) ?? 0
  }
}

extension Double: JSONStored {
  var json: String { JSONText.number(self) }
  init(json reader: inout JSONReader) throws(JSONFault) { self = try reader.number() }
}

extension Bool: JSONStored {
  var json: String { "\(self)" }
  init(json reader: inout JSONReader) throws(JSONFault) { self = try reader.boolean() }
}

extension String: JSONStored {
  var json: String { JSONText.string(self) }
  init(json reader: inout JSONReader) throws(JSONFault) { self = try reader.string() }
}

extension Array: JSONStored where Element: JSONStored {
  var json: String { JSONText.list(map(\.json)) }
  init(json reader: inout JSONReader) throws(JSONFault) {
    self = try reader.list { (reader) throws(JSONFault) in try Element(json: &reader) }
  }
}

extension Optional: JSONStored where Wrapped: JSONStored {
  var json: String { self?.json ?? "null" }
  init(json reader: inout JSONReader) throws(JSONFault) {
    self = try reader.null() ? nil : Wrapped(json: &reader)
  }
}

// MARK: - Objects

/// An object whose members are said once, in the order in which they are written.
protocol JSONRecord: JSONStored {
  static var members: [JSONMember<Self>] { get }

  init()
}

/// A member of an object under its key.
struct JSONMember<Record>: Sendable {
  let key: String
  let text: @Sendable (Record) -> String
  let read: @Sendable (inout Record, inout JSONReader) throws(JSONFault) -> Void

  init<Value: JSONStored>(_ key: String, _ path: WritableKeyPath<Record, Value> & Sendable) {
    self.key = key
    text = { $0[keyPath: path].json }
    read = { (record, reader) throws(JSONFault) in
      record[keyPath: path] = try Value(json: &reader)
    }
  }
}

extension JSONRecord {
  /// The members as they are written.
  var written: [(key: String, value: String)] { Self.members.map { ($0.key, $0.text(self)) } }

  var json: String { JSONText.object(written) }

  /// Passes over members that it does not have.
  init(json reader: inout JSONReader) throws(JSONFault) {
    var record = Self()
    try reader.object { (key, reader) throws(JSONFault) in
      guard let member = Self.members.first(where: { $0.key == key }) else {
        return try reader.skip()
      }
      try member.read(&record, &reader)
    }
    self = record
  }
}
