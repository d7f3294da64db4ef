// SPDX-License-Identifier: MIT

import PassoRuntime
import PassoText

/// A tensor to be written; its numbers are asked for only when their turn comes.
package struct OutgoingTensor: Sendable {
  /// Where the numbers come from, and with it the type in the file.
  ///
  /// What makes them may throw a `FileProblem`; the file is then not written.
  package enum Values: Sendable {
    /// Written as F32.
    case floats(@Sendable () throws -> [Float])

    /// Written as F16 or BF16: each number is rounded to the nearest.
    case small(StorageType, @Sendable () throws -> [Float])

    /// Written as F64.
    case doubles(@Sendable () throws -> [Double])
  }

  /// The name, other than every other in the file.
  package let name: String

  /// The sizes, outermost first.
  package let shape: [Int]

  /// As many numbers as the shape needs, row-major.
  package let values: Values

  /// Describes a tensor by what makes its numbers.
  package init(name: String, shape: [Int], values: Values) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// A tensor of numbers that exist already, written as F32.
  package init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, shape: shape, values: .floats { floats })
  }

  /// A tensor of numbers that exist already, written as F64.
  package init(name: String, shape: [Int], doubles: [Double]) {
    self.init(name: name, shape: shape, values: .doubles { doubles })
  }

  fileprivate var dtype: StorageType {
    switch values {
    case .floats: .f32
    case .small(let type, _): type
    case .doubles: .f64
    }
  }
}

/// Writes safetensors files that are there whole or not at all.
package enum SafetensorsWriter {
  /// Replaces a file with the tensors, sorted by name, one in memory at a time.
  ///
  /// Files that `transformers` should open need the metadata `["format": "pt"]`.
  ///
  /// - Parameters:
  ///   - tensors: What the file holds.
  ///   - metadata: What it says of itself.
  ///   - seal: A key of the metadata under which a fingerprint of the whole file is to stand.
  ///   - path: The file.
  ///   - followsLinks: Whether what a link leads to is replaced, and not the link.
  ///   - beforeNaming: Called when the disk has all of it, before it takes the place of what is
  ///     there.
  /// - Throws: `FileProblem` if the file cannot be written, or a tensor has no place in it.
  package static func write(
    _ tensors: [OutgoingTensor],
    metadata: [String: String] = [:],
    sealedBy seal: String? = nil,
    to path: String,
    followsLinks: Bool = true,
    beforeNaming: () throws(FileProblem) -> Void = {}
  ) throws(FileProblem) {
    let sorted = tensors.sorted { $0.name < $1.name }
    var metadata = metadata
    if let seal { metadata[seal] = SafetensorsSeal.blank }
    var head: [UInt8]
    do throws(SafetensorsFault) {
      head = try header(sorted, metadata)
    } catch {
      throw .safetensors(error, file: path)
    }
    let place = seal.flatMap { SafetensorsSeal.place(of: $0, SafetensorsSeal.blank, in: head) }
    func fill(_ output: borrowing OutputFile) throws(FileProblem) {
      var hash = place == nil ? nil : ContentHash()
      head.withUnsafeBytes { hash?.add($0) }
      try output.write(head)
      for tensor in sorted {
        switch tensor.values {
        case .floats(let values):
          try write(checked(attended(values, path), tensor, path), &hash, output)
        case .small(let type, let values):
          let numbers = try checked(attended(values, path), tensor, path)
          try write(SmallFloat.bits(of: numbers, as: type), &hash, output)
        case .doubles(let values):
          try write(checked(attended(values, path), tensor, path), &hash, output)
        }
      }
      if let place, let hash {
        head.replaceSubrange(place, with: ContentHash.digits(hash.value).utf8)
        try output.overwriteStart(with: head)
      }
    }
    try AtomicFile.write(
      to: path,
      followsLinks: followsLinks,
      fill,
      beforeNaming: beforeNaming
    )
  }

  /// The header with its length before it, filled with blanks to a multiple of 8 bytes.
  private static func header(
    _ tensors: [OutgoingTensor],
    _ metadata: [String: String]
  ) throws(SafetensorsFault) -> [UInt8] {
    var members: [(key: String, value: String)] = []
    if !metadata.isEmpty {
      let notes = metadata.sorted { $0.key < $1.key }
      members.append(
        ("__metadata__", JSONText.object(notes.map { ($0.key, JSONText.string($0.value)) }))
      )
    }
    var names: Set<String> = ["__metadata__"]
    var end = 0
    for tensor in tensors {
      guard names.insert(tensor.name).inserted else { throw .name(tensor.name) }
      let start = end
      guard let bytes = tensor.dtype.byteCount(of: tensor.shape), bytes <= Int.max - start else {
        throw .shape(tensor: tensor.name, shape: tensor.shape)
      }
      end += bytes
      members.append((tensor.name, entry(tensor, start..<end)))
    }
    var json = Array(JSONText.object(members).utf8)
    json += Array(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }

  private static func entry(_ tensor: OutgoingTensor, _ offsets: Range<Int>) -> String {
    JSONText.object([
      ("dtype", JSONText.string(tensor.dtype.rawValue)),
      ("shape", JSONText.array(tensor.shape)),
      ("data_offsets", JSONText.array([offsets.lowerBound, offsets.upperBound])),
    ])
  }

  private static func write(
    _ values: [some BitwiseCopyable],
    _ hash: inout ContentHash?,
    _ output: borrowing OutputFile
  ) throws(FileProblem) {
    values.withUnsafeBytes { hash?.add($0) }
    try output.write(values)
  }

  /// The numbers of a tensor; making them may take long, and asks nobody.
  private static func attended<Number: Sendable>(
    _ values: @escaping @Sendable () throws -> [Number],
    _ path: String
  ) throws(FileProblem) -> [Number] {
    do {
      return try Interruption.attending(values)
    } catch let problem as FileProblem {
      throw problem
    } catch {
      throw .system(.stopped, file: path)
    }
  }

  private static func checked<Number>(
    _ values: [Number],
    _ tensor: OutgoingTensor,
    _ path: String
  ) throws(FileProblem) -> [Number] {
    // The header was written, so the sizes can be multiplied.
    let needed = tensor.shape.reduce(1, *)
    guard values.count == needed else {
      throw .safetensors(
        .valueCount(tensor: tensor.name, needed: needed, found: values.count),
        file: path
      )
    }
    return values
  }
}
