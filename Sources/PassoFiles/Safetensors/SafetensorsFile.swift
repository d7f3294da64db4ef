// SPDX-License-Identifier: MIT
import PassoText

/// The tensors of a safetensors file, read when they are asked for.
package struct SafetensorsFile: Sendable {
  /// The file, as the person named it.
  package let path: String

  /// The names of the tensors, sorted.
  package let names: [String]

  /// What the writer said of the file: `format` is `pt` in files for PyTorch.
  package let metadata: [String: String]

  private let entries: [String: TensorEntry]
  private let file: RandomAccessFile

  /// Opens a file and checks its whole header; the numbers are not looked at yet.
  package init(path: String) throws(FileProblem) {
    self.path = path
    file = try RandomAccessFile(path: path)
    let header = try Self.header(of: file)
    entries = header.entries
    metadata = header.metadata
    names = entries.keys.sorted()
  }

  private static func header(of file: RandomAccessFile) throws(FileProblem) -> SafetensorsHeader {
    let beginning = try file.bytes(0..<min(FileFormat.sniffedBytes, file.count))
    func checked<Value>(_ body: () throws(SafetensorsFault) -> Value) throws(FileProblem) -> Value {
      do throws(SafetensorsFault) {
        return try body()
      } catch {
        throw .notSafetensors(error, beginning, file: file.path)
      }
    }
    let range = try checked { () throws(SafetensorsFault) in
      try SafetensorsHeader.range(beginning, fileSize: file.count)
    }
    let json = try file.bytes(range)
    return try checked { () throws(SafetensorsFault) in
      try SafetensorsHeader(json, data: range.upperBound..<file.count)
    }
  }

  /// The type, shape and place of a tensor, or nil if there is none of this name.
  package func entry(_ name: String) -> TensorEntry? {
    entries[name]
  }

  /// The numbers of a floating-point tensor, row-major; F64 is rounded.
  package func readFloats(_ name: String) throws(FileProblem) -> [Float] {
    try numbers(name)
  }

  /// The numbers of a floating-point tensor, row-major; every one exact.
  package func readDoubles(_ name: String) throws(FileProblem) -> [Double] {
    try numbers(name)
  }

  /// The numbers of a tensor of any type, row-major; whole ones of more than 53 bits are rounded.
  package func readNumbers(_ name: String) throws(FileProblem) -> [Double] {
    let entry = try needed(name)
    switch entry.dtype {
    case .i64: return try numbers(entry) { (bits: UInt64) in Double(Int64(bitPattern: bits)) }
    case .i32: return try numbers(entry) { (bits: UInt32) in Double(Int32(bitPattern: bits)) }
    case .i16: return try numbers(entry) { (bits: UInt16) in Double(Int16(bitPattern: bits)) }
    case .i8: return try numbers(entry) { (bits: UInt8) in Double(Int8(bitPattern: bits)) }
    case .u64: return try numbers(entry) { (bits: UInt64) in Double(bits) }
    case .u32: return try numbers(entry) { (bits: UInt32) in Double(bits) }
    case .u16: return try numbers(entry) { (bits: UInt16) in Double(bits) }
    case .u8, .boolean: return try numbers(entry) { (bits: UInt8) in Double(bits) }
    case .f64, .f32, .f16, .bf16: return try readDoubles(name)
    }
  }

  /// The bytes before those of the tensors.
  func head() throws(FileProblem) -> [UInt8] {
    try file.bytes(0..<(entries.values.map(\.byteRange.lowerBound).min() ?? file.count))
  }

  /// The fingerprint of the file with the digit 0 in a range of its bytes.
  func hash(blanking range: Range<Int>) throws(FileProblem) -> UInt64 {
    var hash = ContentHash()
    try add(0..<range.lowerBound, to: &hash)
    Array(repeating: UInt8(ascii: "0"), count: range.count).withUnsafeBytes { hash.add($0) }
    try add(range.upperBound..<file.count, to: &hash)
    return hash.value
  }

  private func add(_ range: Range<Int>, to hash: inout ContentHash) throws(FileProblem) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.portion) {
      let part = try file.bytes(start..<min(start + Self.portion, range.upperBound))
      part.withUnsafeBytes { hash.add($0) }
    }
  }

  private func numbers<Number: BinaryFloatingPoint>(
    _ name: String
  ) throws(FileProblem) -> [Number] {
    let entry = try needed(name)
    switch entry.dtype {
    case .f64: return try numbers(entry) { (bits: UInt64) in Number(Double(bitPattern: bits)) }
    case .f32: return try numbers(entry) { (bits: UInt32) in Number(Float(bitPattern: bits)) }
    case .f16: return try numbers(entry) { (bits: UInt16) in Number(SmallFloat.half(bits)) }
    case .bf16: return try numbers(entry) { (bits: UInt16) in Number(SmallFloat.brain(bits)) }
    case .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .boolean:
      throw .safetensors(.notFloating(tensor: name, found: entry.dtype), file: path)
    }
  }

  /// Bytes that are read at a time: they stay in the processor's cache until they are numbers.
  private static let portion = 1 << 18

  /// Reads and converts portion by portion, without a check per element: weights are counted in
  /// gigabytes.
  private func numbers<Bits: FixedWidthInteger & BitwiseCopyable, Number>(
    _ entry: TensorEntry,
    _ number: (Bits) -> Number
  ) throws(FileProblem) -> [Number] {
    let size = MemoryLayout<Bits>.size
    let count = entry.byteRange.count / size
    // Twice: parts of a packed tensor are copied out of it.
    try SystemFault.checkMemory(2 * count * MemoryLayout<Number>.stride, for: path)
    return try [Number](unsafeUninitializedCapacity: count) {
      (buffer, filled) throws(FileProblem) in
      try withUnsafeTemporaryAllocation(byteCount: Self.portion, alignment: 64) {
        (room) throws(FileProblem) in
        while filled < count {
          let part = min(Self.portion / size, count - filled)
          let start = entry.byteRange.lowerBound + filled * size
          try file.read(start..<start + part * size, into: room)
          for index in 0..<part {
            let bits = room.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
            buffer.initializeElement(at: filled + index, to: number(Bits(littleEndian: bits)))
          }
          filled += part
        }
      }
    }
  }

  private func needed(_ name: String) throws(FileProblem) -> TensorEntry {
    if let entry = entries[name] { return entry }
    // A hostile list of names is not worth a long search.
    let candidates = names.lazy.prefix(10_000).filter { $0.utf8.count <= 2 * name.utf8.count }
    let closest = Suggestion.closest(to: name, among: candidates)
    throw .safetensors(.noTensor(name, closest: closest), file: path)
  }
}
