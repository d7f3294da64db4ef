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
  private let file: MappedFile

  /// Maps a file and checks its whole header; the numbers are not looked at yet.
  package init(path: String) throws(FileProblem) {
    self.path = path
    file = try InputFile.map(path: path)
    do throws(SafetensorsFault) {
      let header = try SafetensorsHeader(of: file)
      entries = header.entries
      metadata = header.metadata
    } catch {
      let start = 0..<min(file.count, FileFormat.sniffedBytes)
      throw .notSafetensors(error, file.withBytes(start) { [UInt8]($0) }, file: path)
    }
    names = entries.keys.sorted()
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

  /// The bytes of a tensor of any type, not aligned, valid only inside the closure.
  package func withBytes<Result>(
    of name: String,
    _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(FileProblem) -> Result {
    file.withBytes(try needed(name).byteRange, body)
  }

  /// The bytes before those of the tensors.
  var head: [UInt8] {
    let end = entries.values.map(\.byteRange.lowerBound).min() ?? file.count
    return file.withBytes(0..<end) { [UInt8]($0) }
  }

  /// The fingerprint of the file with the digit 0 in a range of its bytes.
  func hash(blanking range: Range<Int>) -> UInt64 {
    var hash = ContentHash()
    file.withBytes(0..<range.lowerBound) { hash.add($0) }
    Array(repeating: UInt8(ascii: "0"), count: range.count).withUnsafeBytes { hash.add($0) }
    file.withBytes(range.upperBound..<file.count) { hash.add($0) }
    return hash.value
  }

  private func numbers<Number: BinaryFloatingPoint>(
    _ name: String
  ) throws(FileProblem) -> [Number] {
    let entry = try needed(name)
    switch entry.dtype {
    case .f64: return numbers(entry) { (bits: UInt64) in Number(Double(bitPattern: bits)) }
    case .f32: return numbers(entry) { (bits: UInt32) in Number(Float(bitPattern: bits)) }
    case .f16: return numbers(entry) { (bits: UInt16) in Number(SmallFloat.half(bits)) }
    case .bf16: return numbers(entry) { (bits: UInt16) in Number(SmallFloat.brain(bits)) }
    case .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .boolean:
      throw .safetensors(.notFloating(tensor: name, found: entry.dtype), file: path)
    }
  }

  /// Goes through memory once, without a check per element: weights are counted in gigabytes.
  private func numbers<Bits: FixedWidthInteger & BitwiseCopyable, Number>(
    _ entry: TensorEntry,
    _ number: (Bits) -> Number
  ) -> [Number] {
    let count = entry.byteRange.count / MemoryLayout<Bits>.size
    return file.withBytes(entry.byteRange) { bytes in
      [Number](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = count
        guard let source = bytes.baseAddress, let target = buffer.baseAddress else { return }
        for index in 0..<count {
          let bits = source.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Bits>.size,
            as: Bits.self
          )
          (target + index).initialize(to: number(Bits(littleEndian: bits)))
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
