// SPDX-License-Identifier: MIT

/// What stands in a file of ours: how it is written, and how the same is read back.
package protocol JSONStored: Sendable {
  var json: String { get }

  init(json reader: inout JSONReader) throws(JSONFault)
}

extension Int: JSONStored {
  package var json: String { "\(self)" }
  package init(json reader: inout JSONReader) throws(JSONFault) { self = try reader.integer() }
}

extension Int32: JSONStored {
  package var json: String { "\(self)" }
  package init(json reader: inout JSONReader) throws(JSONFault) {
    self.init(truncatingIfNeeded: try reader.integer())
  }
}

/// As a string of hexadecimal digits: JSON numbers of other programs lose the last of 64 bits.
extension UInt64: JSONStored {
  package var json: String { JSONText.string(String(self, radix: 16)) }
  package init(json reader: inout JSONReader) throws(JSONFault) {
    self = UInt64(try reader.string(), radix: 16) ?? 0
  }
}

extension Double: JSONStored {
  package var json: String { JSONText.number(self) }
  package init(json reader: inout JSONReader) throws(JSONFault) { self = try reader.number() }
}

extension Bool: JSONStored {
  package var json: String { "\(self)" }
  package init(json reader: inout JSONReader) throws(JSONFault) { self = try reader.boolean() }
}

extension String: JSONStored {
  package var json: String { JSONText.string(self) }
  package init(json reader: inout JSONReader) throws(JSONFault) { self = try reader.string() }
}

extension Array: JSONStored where Element: JSONStored {
  package var json: String { JSONText.list(map(\.json)) }
  package init(json reader: inout JSONReader) throws(JSONFault) {
    self = try reader.list { (reader) throws(JSONFault) in try Element(json: &reader) }
  }
}

extension Optional: JSONStored where Wrapped: JSONStored {
  package var json: String { self?.json ?? "null" }
  package init(json reader: inout JSONReader) throws(JSONFault) {
    self = try reader.null() ? nil : Wrapped(json: &reader)
  }
}

// MARK: - Objects

/// An object whose members are said once, in the order in which they are written.
package protocol JSONRecord: JSONStored {
  static var members: [JSONMember<Self>] { get }

  init()
}

/// A member of an object under its key.
package struct JSONMember<Record>: Sendable {
  let key: String
  let text: @Sendable (Record) -> String
  let read: @Sendable (inout Record, inout JSONReader) throws(JSONFault) -> Void

  package init<Value: JSONStored>(
    _ key: String,
    _ path: WritableKeyPath<Record, Value> & Sendable
  ) {
    self.key = key
    text = { $0[keyPath: path].json }
    read = { (record, reader) throws(JSONFault) in
      record[keyPath: path] = try Value(json: &reader)
    }
  }
}

extension JSONRecord {
  /// The members as they are written.
  fileprivate var written: [(key: String, value: String)] {
    Self.members.map { ($0.key, $0.text(self)) }
  }

  package var json: String { JSONText.object(written) }

  /// Passes over members that it does not have.
  package init(json reader: inout JSONReader) throws(JSONFault) {
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

/// A record that is a file of its own, which ends with a fingerprint of all else.
package protocol SealedRecord: JSONRecord {
  /// The format and its version.
  static var format: String { get }
}

extension SealedRecord {
  /// What the file holds.
  package var fileText: String {
    let members = [("format", Self.format.json)] + written
    var hash = ContentHash()
    hash.add(JSONText.object(members))
    return JSONText.object(members + [("check", hash.value.json)]) + "\n"
  }

  /// Reads a file; nil unless it is, to the last byte, what would be written.
  ///
  /// Whatever is missing, damaged or of another version makes another fingerprint, so that no
  /// member has to ask whether what it reads makes sense.
  ///
  /// - Throws: `JSONFault` if it is no such object.
  package init?(file bytes: [UInt8]) throws(JSONFault) {
    var reader = JSONReader(bytes)
    try self.init(json: &reader)
    try reader.end()
    guard bytes.elementsEqual(fileText.utf8) else { return nil }
  }
}
