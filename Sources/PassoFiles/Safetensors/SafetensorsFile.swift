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

  /// The place of the first number of a floating-point tensor that is NaN or infinite, or would be
  /// in single precision.
  package func firstNotFinite(_ name: String) throws(FileProblem) -> Int? {
    let entry = try needed(name)
    switch entry.dtype {
    case .f64: return try first(entry) { !Float(Double(bitPattern: $0)).isFinite }
    case .f32: return try first(entry) { $0 & 0x7F80_0000 as UInt32 == 0x7F80_0000 }
    case .f16: return try first(entry) { $0 & 0x7C00 as UInt16 == 0x7C00 }
    case .bf16: return try first(entry) { $0 & 0x7F80 as UInt16 == 0x7F80 }
    case .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .boolean:
      throw .safetensors(.notFloating(tensor: name, found: entry.dtype), file: path)
    }
  }

  /// Checks that no other program has written to the file since it was opened.
  package func expectUnchanged() throws(FileProblem) { try file.expectUnchanged() }

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

  private func numbers<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ name: String
  ) throws(FileProblem) -> [Number] {
    let size = MemoryLayout<Number>.stride
    let count = try needed(name).shape.reduce(1, *)
    try SystemFault.checkMemory(count * size, for: path)
    return try [Number](unsafeUninitializedCapacity: count) {
      (buffer, filled) throws(FileProblem) in
      try eachRows(name, 1, 0..<count) { (rows: UnsafeMutableBufferPointer<Number>) in
        filled = buffer[filled...].initialize(fromContentsOf: rows)
      }
    }
  }

  /// Lends a floating-point tensor by whole rows, a few at a time; F64 is rounded.
  ///
  /// - Parameters:
  ///   - name: The tensor.
  ///   - columns: The numbers in a row, which divide those of the tensor.
  ///   - range: Which rows.
  ///   - body: Gets the next rows, in order; what it writes there is forgotten.
  /// - Throws: `FileProblem` if the tensor cannot be read.
  package func forEachRows(
    _ name: String,
    of columns: Int,
    in range: Range<Int>,
    _ body: (UnsafeMutableBufferPointer<Float>) -> Void
  ) throws(FileProblem) {
    try eachRows(name, columns, range, body)
  }

  /// The same, with every number exact.
  package func forEachRows(
    _ name: String,
    of columns: Int,
    in range: Range<Int>,
    _ body: (UnsafeMutableBufferPointer<Double>) -> Void
  ) throws(FileProblem) {
    try eachRows(name, columns, range, body)
  }

  // Called from another module it would not be made for its type, and be many times slower.
  private func eachRows<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ name: String,
    _ columns: Int,
    _ range: Range<Int>,
    _ body: (UnsafeMutableBufferPointer<Number>) -> Void
  ) throws(FileProblem) {
    let entry = try needed(name)
    switch entry.dtype {
    case .f64:
      try rows(entry, columns, range, body) { (bits: UInt64) in Number(Double(bitPattern: bits)) }
    case .f32:
      try rows(entry, columns, range, body) { (bits: UInt32) in Number(Float(bitPattern: bits)) }
    case .f16:
      try rows(entry, columns, range, body) { (bits: UInt16) in Number(SmallFloat.half(bits)) }
    case .bf16:
      try rows(entry, columns, range, body) { (bits: UInt16) in Number(SmallFloat.brain(bits)) }
    case .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .boolean:
      throw .safetensors(.notFloating(tensor: name, found: entry.dtype), file: path)
    }
  }

  /// Bytes that are read at a time: they stay in the processor's cache until they are numbers.
  private static let portion = 1 << 18

  private func numbers<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ entry: TensorEntry,
    _ number: (Bits) -> Double
  ) throws(FileProblem) -> [Double] {
    let count = entry.byteRange.count / MemoryLayout<Bits>.size
    try SystemFault.checkMemory(count * MemoryLayout<Double>.stride, for: path)
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    func add(_ rows: UnsafeMutableBufferPointer<Double>) { numbers += rows }
    try rows(entry, 1, 0..<count, add, number)
    return numbers
  }

  /// Reads and converts portion by portion, without a check per element: weights are counted in
  /// gigabytes.
  private func rows<Bits: FixedWidthInteger & BitwiseCopyable, Number: BitwiseCopyable>(
    _ entry: TensorEntry,
    _ columns: Int,
    _ range: Range<Int>,
    _ body: (UnsafeMutableBufferPointer<Number>) -> Void,
    _ number: (Bits) -> Number
  ) throws(FileProblem) {
    let columns = max(1, columns)
    let count = max(1, Self.portion / MemoryLayout<Bits>.size / columns) * columns
    try SystemFault.checkMemory(
      count * (MemoryLayout<Bits>.stride + MemoryLayout<Number>.stride),
      for: path
    )
    try withUnsafeTemporaryAllocation(of: Number.self, capacity: count) {
      (room) throws(FileProblem) in
      let numbers = range.lowerBound * columns..<range.upperBound * columns
      try portions(numbers, of: entry, count) { (portion: UnsafeMutableBufferPointer<Bits>) in
        for index in portion.indices { room[index] = number(Bits(littleEndian: portion[index])) }
        body(UnsafeMutableBufferPointer(rebasing: room[..<portion.count]))
        return true
      }
    }
  }

  /// The place of the first number whose bits are as described.
  private func first<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ entry: TensorEntry,
    where isFound: (Bits) -> Bool
  ) throws(FileProblem) -> Int? {
    var (place, isThere) = (0, false)
    let size = MemoryLayout<Bits>.size
    let all = 0..<entry.byteRange.count / size
    try portions(all, of: entry, Self.portion / size) {
      (portion: UnsafeMutableBufferPointer<Bits>) in
      // All of them, without a way out: that is done many at a time.
      var count = 0
      for bits in portion { count &+= isFound(Bits(littleEndian: bits)) ? 1 : 0 }
      isThere = count > 0
      let first = isThere ? portion.firstIndex { isFound(Bits(littleEndian: $0)) } : nil
      place += first ?? portion.count
      return !isThere
    }
    return isThere ? place : nil
  }

  /// Lends numbers of a tensor as they are stored, so many at a time, as long as the body wants
  /// more.
  private func portions<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ numbers: Range<Int>,
    of entry: TensorEntry,
    _ count: Int,
    _ body: (UnsafeMutableBufferPointer<Bits>) -> Bool
  ) throws(FileProblem) {
    let (size, first) = (MemoryLayout<Bits>.size, entry.byteRange.lowerBound)
    try withUnsafeTemporaryAllocation(of: Bits.self, capacity: count) {
      (room) throws(FileProblem) in
      for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: count) {
        let end = min(start + count, numbers.upperBound)
        let bytes = first + start * size..<first + end * size
        try file.read(bytes, into: UnsafeMutableRawBufferPointer(room))
        guard body(UnsafeMutableBufferPointer(rebasing: room[..<(end - start)])) else { return }
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
