// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// The tensors of a model folder: one `model.safetensors`, or several files and an index.
package struct SafetensorsSet: Sendable {
  /// More than any honest index has.
  private static let largestIndex = 64 << 20

  /// The file that lists the tensors: the only one, or the index.
  package let path: String

  /// The names of the tensors, sorted.
  package let names: [String]

  private let files: [SafetensorsFile]

  /// The place in `files` of each tensor.
  private let places: [String: Int]

  /// Whether a folder has weights, under the name of one file or of an index.
  package static func exists(in folder: String) -> Bool {
    ["", ".index.json"].contains { InputFile.exists("\(folder)/model.safetensors\($0)") }
  }

  /// Opens the files of a folder; the numbers are not looked at yet.
  ///
  /// The single file counts where both are there, as in `transformers`.
  package init(folder: String) throws(FileProblem) {
    let single = "\(folder)/model.safetensors"
    let index = "\(single).index.json"
    guard Self.exists(in: folder) else {
      throw FolderContents.withoutWeights(in: folder)
    }
    guard InputFile.exists(index), !InputFile.exists(single) else {
      let file = try SafetensorsFile(path: single)
      path = single
      files = [file]
      places = Dictionary(uniqueKeysWithValues: file.names.map { ($0, 0) })
      names = file.names
      return
    }
    path = index
    let map = try Self.readIndex(index)
    let shards = Set(map.values).sorted()
    var files: [SafetensorsFile] = []
    var places: [String: Int] = [:]
    for (number, shard) in shards.enumerated() {
      let shardPath = "\(folder)/\(shard)"
      guard InputFile.exists(shardPath) else {
        throw .folder(.missingShard("model.safetensors.index.json"), file: shardPath)
      }
      let file = try SafetensorsFile(path: shardPath)
      for name in file.names where map[name] != shard {
        throw .safetensors(.notInIndex(tensor: name, shard: shard, index: map[name]), file: index)
      }
      for name in file.names { places[name] = number }
      files.append(file)
    }
    for (name, shard) in map.sorted(by: { $0.key < $1.key }) where places[name] == nil {
      throw .safetensors(.noTensor(name, closest: nil), file: "\(folder)/\(shard)")
    }
    self.files = files
    self.places = places
    names = places.keys.sorted()
  }

  /// The type, shape and place of a tensor, or nil if there is none of this name.
  package func entry(_ name: String) -> TensorEntry? {
    places[name].flatMap { files[$0].entry(name) }
  }

  /// The file that holds a tensor; the listing file if none does.
  package func path(of name: String) -> String {
    places[name].map { files[$0].path } ?? path
  }

  /// The numbers of a floating-point tensor, row-major; F64 is rounded.
  package func readFloats(_ name: String) throws(FileProblem) -> [Float] {
    try file(of: name).readFloats(name)
  }

  /// The numbers of a floating-point tensor, row-major; every one exact.
  package func readDoubles(_ name: String) throws(FileProblem) -> [Double] {
    try file(of: name).readDoubles(name)
  }

  /// The file of a tensor, in which it can be read by rows.
  package func file(of name: String) -> SafetensorsFile { files[places[name] ?? 0] }

  /// The place of the first number of a floating-point tensor that is NaN or infinite, or would be
  /// in single precision.
  package func firstNotFinite(_ name: String) throws(FileProblem) -> Int? {
    try file(of: name).firstNotFinite(name)
  }

  /// Whether two tensors hold the same numbers.
  package func areEqual(_ left: String, _ right: String) throws(FileProblem) -> Bool {
    guard let one = entry(left), let other = entry(right), one.shape == other.shape else {
      return false
    }
    if one.dtype == .f64 || other.dtype == .f64 {
      return try readDoubles(left) == readDoubles(right)
    }
    return try readFloats(left) == readFloats(right)
  }

  /// The shard of each tensor, from `{"metadata": ..., "weight_map": {"NAME": "FILE"}}`.
  private static func readIndex(_ path: String) throws(FileProblem) -> [String: String] {
    let bytes = try InputFile.read(path: path, limit: largestIndex)
    var map: [String: String] = [:]
    try JSONReader.read(bytes, file: path) { (reader) throws(JSONFault) in
      try reader.object { (key, reader) throws(JSONFault) in
        guard key == "weight_map" else { return try reader.skip() }
        try reader.object { (name, reader) throws(JSONFault) in map[name] = try reader.string() }
      }
    }
    guard !map.isEmpty else { throw .json(.missing(path: "weight_map"), file: path) }
    // A shard is a file of this folder: nothing that leads elsewhere.
    if let bad = map.values.first(where: { $0.contains("/") || $0.isEmpty || $0 == ".." }) {
      throw .safetensors(.shardName(bad), file: path)
    }
    return map
  }
}
