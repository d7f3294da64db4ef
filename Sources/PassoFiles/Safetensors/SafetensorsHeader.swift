// SPDX-License-Identifier: MIT

/// What the header of a safetensors file says of one tensor.
package struct TensorEntry: Hashable, Sendable {
  /// How each number is stored.
  package let dtype: StorageType

  /// The sizes, outermost first; none for a single number.
  package let shape: [Int]

  /// Where the numbers lie in the file, row-major and little-endian.
  package let byteRange: Range<Int>
}

/// The header of a safetensors file, checked against the file it describes.
///
/// Format: https://github.com/huggingface/safetensors#format. Besides it, this reader refuses what
/// two readers could understand differently: equal keys, holes, overlaps and trailing bytes.
package struct SafetensorsHeader {
  /// The limit that the format's own reader has.
  package static let longest = 100_000_000

  private static let metadataKey = "__metadata__"

  private(set) var entries: [String: TensorEntry] = [:]
  private(set) var metadata: [String: String] = [:]

  /// An entry as it is written, before anything is believed.
  private struct Claim {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
  }

  /// The bytes in front of the header that say how long it is.
  private static let lengthBytes = 8

  /// Where the header of a file lies.
  ///
  /// - Parameters:
  ///   - beginning: The first bytes of the file; eight of them say how long the header is.
  ///   - fileSize: The bytes of the whole file.
  /// - Returns: The bytes of the file that are the header.
  /// - Throws: `SafetensorsFault` if the file is too short for it.
  package static func range(
    _ beginning: [UInt8],
    fileSize: Int
  ) throws(SafetensorsFault) -> Range<Int> {
    guard beginning.count >= lengthBytes else { throw .tooShort(bytes: fileSize) }
    let announced = beginning.prefix(lengthBytes).reversed().reduce(0 as UInt64) {
      $0 << 8 | UInt64($1)
    }
    guard announced <= longest else {
      throw .headerTooLong(bytes: announced, limit: longest)
    }
    let length = Int(announced)
    guard length <= fileSize - lengthBytes else {
      throw .headerCut(bytes: length, found: fileSize - lengthBytes)
    }
    return lengthBytes..<lengthBytes + length
  }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - json: Its bytes.
  ///   - data: Where the numbers lie in the file.
  /// - Throws: `SafetensorsFault` if it does not describe them, byte for byte.
  package init(_ json: [UInt8], data: Range<Int>) throws(SafetensorsFault) {
    let claims: [String: Claim]
    do throws(JSONFault) {
      claims = try readClaims(json)
    } catch {
      throw .header(error)
    }
    for (name, claim) in claims { entries[name] = try Self.checked(claim, name, data) }
    try checkLayout(data)
  }

  private mutating func readClaims(_ json: [UInt8]) throws(JSONFault) -> [String: Claim] {
    // The format wants the brace first; space may only follow the header.
    guard json.first == UInt8(ascii: "{") else {
      let first = json.first.map { String(Unicode.Scalar($0)) }
      throw .syntax(needed: .text("{"), found: first, line: 1)
    }
    var claims: [String: Claim] = [:]
    var notes: [String: String] = [:]
    var reader = JSONReader(json)
    try reader.object { (name, reader) throws(JSONFault) in
      if name == Self.metadataKey {
        try reader.object { (key, reader) throws(JSONFault) in notes[key] = try reader.string() }
      } else {
        claims[name] = try Self.claim(name, &reader)
      }
    }
    try reader.end()
    metadata = notes
    return claims
  }

  private static func claim(
    _ name: String,
    _ reader: inout JSONReader
  ) throws(JSONFault) -> Claim {
    var claim = Claim()
    try reader.object { (key, reader) throws(JSONFault) in
      switch key {
      case "dtype": claim.dtype = try reader.string()
      case "shape": claim.shape = try reader.integers()
      case "data_offsets": claim.offsets = try reader.integers()
      default: try reader.skip()
      }
    }
    guard claim.dtype != nil else { throw .missing(path: name + ".dtype") }
    guard claim.shape != nil else { throw .missing(path: name + ".shape") }
    guard claim.offsets != nil else { throw .missing(path: name + ".data_offsets") }
    return claim
  }

  private static func checked(
    _ claim: Claim,
    _ name: String,
    _ data: Range<Int>
  ) throws(SafetensorsFault) -> TensorEntry {
    let (shape, offsets) = (claim.shape ?? [], claim.offsets ?? [])
    guard let dtype = claim.dtype.flatMap(StorageType.init(rawValue:)) else {
      throw .unknownType(tensor: name, found: claim.dtype ?? "")
    }
    guard let needed = dtype.byteCount(of: shape) else {
      throw .shape(tensor: name, shape: shape)
    }
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= data.count
    else { throw .offsets(tensor: name, found: offsets, dataBytes: data.count) }
    guard offsets[1] - offsets[0] == needed else {
      throw .byteCount(tensor: name, needed: needed, found: offsets[1] - offsets[0])
    }
    let start = data.lowerBound
    return TensorEntry(
      dtype: dtype,
      shape: shape,
      byteRange: start + offsets[0]..<start + offsets[1]
    )
  }

  /// Every byte of the data belongs to exactly one tensor.
  private func checkLayout(_ data: Range<Int>) throws(SafetensorsFault) {
    let inOrder = entries.sorted {
      let (left, right) = ($0.value.byteRange, $1.value.byteRange)
      return (left.lowerBound, left.upperBound, $0.key)
        < (right.lowerBound, right.upperBound, $1.key)
    }
    var end = data.lowerBound
    for (name, entry) in inOrder {
      guard entry.byteRange.lowerBound == end else {
        let found = entry.byteRange.lowerBound - data.lowerBound
        throw .start(tensor: name, needed: end - data.lowerBound, found: found)
      }
      end = entry.byteRange.upperBound
    }
    guard end == data.upperBound else {
      throw .trailing(needed: end - data.lowerBound, found: data.count)
    }
  }
}
