// SPDX-License-Identifier: MIT

/// Finds JSON objects in bytes that come part by part, and the text in one field of each.
struct JSONRecords {
  private let isOnLines: Bool

  // Where the part under way begins, and where the scan stands: no byte is looked at twice.
  private var begin = 0
  private var scanned = 0
  private var object: Int?
  private var depth = 0
  private var isInText = false
  private var isEscaped = false

  /// - Parameter isOnLines: Whether each object is a line of its own.
  init(isOnLines: Bool) {
    self.isOnLines = isOnLines
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// What comes next in a buffer.
  enum Part: Equatable {
    /// Bytes that belong to no object.
    case between(Range<Int>)
    /// An object, or what stands in its place.
    case object(Range<Int>)
  }

  /// The next part of a buffer; nil if more bytes are needed.
  mutating func next(_ bytes: [UInt8], isLast: Bool) -> Part? {
    guard let end = isOnLines ? lineEnd(bytes, isLast: isLast) : objectEnd(bytes, isLast: isLast)
    else { return nil }
    if isOnLines, bytes[begin..<end].contains(where: { !Self.isSpace($0) }) { object = begin }
    defer {
      (begin, scanned, object) = (end, end, nil)
      (depth, isInText, isEscaped) = (0, false, false)
    }
    return object.map { .object($0..<end) } ?? .between(begin..<end)
  }

  /// Says how many bytes belong to parts before, which the caller takes out of the buffer now.
  mutating func forget() -> Int {
    defer {
      (begin, scanned, object) = (0, scanned - begin, object.map { $0 - begin })
    }
    return begin
  }

  /// Behind the next line end.
  private mutating func lineEnd(_ bytes: [UInt8], isLast: Bool) -> Int? {
    if let end = bytes[scanned...].firstIndex(of: UInt8(ascii: "\n")) { return end + 1 }
    scanned = bytes.count
    return isLast && begin < bytes.count ? bytes.count : nil
  }

  /// Behind the next object; brackets and commas around it belong to nobody.
  private mutating func objectEnd(_ bytes: [UInt8], isLast: Bool) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      while scanned < bytes.count {
        let byte = bytes[scanned]
        scanned += 1
        if object == nil {
          if Self.isSpace(byte) || Self.isBetween(byte) { continue }
          object = scanned - 1
        }
        if isInText {
          if byte == UInt8(ascii: "\""), !isEscaped { isInText = false }
          isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
          continue
        }
        switch byte {
        case UInt8(ascii: "\""): isInText = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          depth -= 1
          if depth <= 0 { return scanned }
        default: break
        }
      }
      return isLast && begin < bytes.count ? bytes.count : nil
    }
  }

  private static func isBetween(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
  }
}

// MARK: - Fields

extension JSONRecords {
  /// The text of a field.
  enum Value: Equatable {
    case text(String)
    /// Nothing, or null.
    case nothing
    /// Something that is no text: how it begins.
    case other(String)
    /// The fields that there are.
    case missing([String])
  }

  /// Looks for a field in an object.
  ///
  /// - Parameters:
  ///   - field: Its name; `outer.inner` for a field of an object in a field.
  ///   - object: One object, and white space.
  /// - Returns: The text of the field, or why there is none.
  /// - Throws: `JSONFault` if the object is not valid.
  static func value(of field: String, in object: [UInt8]) throws(JSONFault) -> Value {
    var reader = JSONReader(object, replacesHalves: true)
    var (value, names): (Value?, [String]) = (nil, [])
    try look(for: field, in: &reader, "", &value, &names)
    try reader.end()
    return value ?? .missing(names)
  }

  private static func look(
    for field: String,
    in reader: inout JSONReader,
    _ outer: String,
    _ value: inout Value?,
    _ names: inout [String]
  ) throws(JSONFault) {
    try reader.object { (key, reader) throws(JSONFault) in
      let name = outer + key
      if name == field {
        value = try Self.value(&reader)
      } else if reader.kind == .object, outer.isEmpty || field.hasPrefix(name + ".") {
        try look(for: field, in: &reader, name + ".", &value, &names)
      } else {
        names.append(name)
        try reader.skip()
      }
    }
  }

  private static func value(_ reader: inout JSONReader) throws(JSONFault) -> Value {
    let found = reader.found ?? ""
    switch reader.kind {
    case .string: return .text(try reader.string())
    case .null:
      try reader.skip()
      return .nothing
    case .number, .boolean:
      try reader.skip()
      return .text(found)
    case .object, .array:
      try reader.skip()
      return .other(found == "{" ? "{...}" : "[...]")
    }
  }

  /// The objects on the first lines that hold anything; none from the first line on that is none.
  static func objects(onLinesOf start: [UInt8], atMost count: Int) -> [[UInt8]] {
    var (objects, scanner) = ([[UInt8]](), JSONRecords(isOnLines: true))
    while objects.count < count, let part = scanner.next(start, isLast: true) {
      guard case .object(let range) = part else { continue }
      let object = Array(start[range])
      guard (try? value(of: "", in: object)) != nil else { break }
      objects.append(object)
    }
    return objects
  }

  /// The names of the fields of the first object; nil if there is none.
  static func firstFields(of start: [UInt8], _ format: RecordFormat) -> [String]? {
    var scanner = JSONRecords(isOnLines: format == .jsonLines)
    while let part = scanner.next(start, isLast: true) {
      guard case .object(let range) = part else { continue }
      // No field has this name, for no text has this character.
      let value = try? value(of: "\0", in: Array(start[range]))
      if case .missing(let names) = value { return names }
      return nil
    }
    return nil
  }
}
