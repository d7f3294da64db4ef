// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import PassoRuntime
import Synchronization

extension ModelFolder: ParameterSource {
  /// The parameters under the names of the house plan.
  ///
  /// Throws a problem if a tensor cannot be read or holds a number that is not finite, or if there
  /// is no memory for them all.
  package func parameters() throws -> Parameters {
    let stored = configuration.packedTensors.compactMap { tensors.entry(fileName($0)) }
    let width = stored.contains { $0.dtype == .f64 } ? Precision.f64 : .f32
    try MemoryRoom.check(configuration.parameterCount * width.byteCount)
    var parameters: Parameters = [:]
    try eachParameter(isNeeded: { _ in true }, body: { parameters[$0] = $1 })
    return parameters
  }

  /// The parameters one by one, so that a large model need not be in memory twice.
  ///
  /// - Parameters:
  ///   - isNeeded: Whether a parameter is wanted; a tensor of which none is wanted is not read.
  ///   - body: Gets each name of the house plan and its tensor.
  /// - Throws: A problem if a tensor cannot be read or holds a number that is not finite.
  package func eachParameter(
    isNeeded: (ValueName) -> Bool,
    body: (ValueName, Tensor) throws -> Void
  ) throws {
    try eachStored(
      isNeeded: isNeeded,
      body: { stored in
        let tensor = try stored.tensor()
        try stored.expectUnchanged()
        try body(stored.parameter, tensor)
      }
    )
  }

  /// Gives an execution the parameters that its program has.
  ///
  /// The numbers of the large ones are checked now, and read when a step needs them: until then
  /// those of 16 bits take no more.
  ///
  /// - Throws: As `eachParameter`.
  package func load(into execution: inout Execution) throws {
    let program = execution.program
    try eachStored(
      isNeeded: { program.id(of: $0) != nil },
      body: { try execution.set(execution.id(of: $0.parameter), to: $0.stored) }
    )
  }

  private func eachStored(
    isNeeded: (ValueName) -> Bool,
    body: (StoredParameter) throws -> Void
  ) throws {
    let shapes = Dictionary(
      uniqueKeysWithValues: configuration.parameterSpecs.map { ($0.name, $0.shape) }
    )
    for packed in configuration.packedTensors where packed.parts.contains(where: isNeeded) {
      try Interruption.check()
      try expectFinite(packed)
      for (part, parameter) in packed.parts.enumerated() where isNeeded(parameter) {
        guard let shape = shapes[parameter] else { continue }
        try body(
          StoredParameter(
            parameter: parameter,
            shape: shape,
            packed: packed,
            part: part,
            file: tensors.file(of: fileName(packed)),
            name: fileName(packed)
          )
        )
      }
    }
  }

  private func expectFinite(_ packed: PackedTensor) throws {
    let name = fileName(packed)
    guard let index = try tensors.firstNotFinite(name) else { return }
    let isDouble = tensors.entry(name)?.dtype == .f64
    let isLarge = try isDouble && tensors.file(of: name).readDoubles(name)[index].isFinite
    throw ModelFolderProblem(
      isLarge ? .tooLarge(tensor: name, index: index) : .notFinite(tensor: name, index: index),
      file: tensors.path(of: name)
    )
  }
}

extension ExecutionProblem {
  /// Reads what a step needs.
  ///
  /// - Throws: `unread`, with what is wrong with the file.
  fileprivate static func unread<Value>(
    _ body: () throws(FileProblem) -> Value
  ) throws(ExecutionProblem) -> Value {
    do throws(FileProblem) { return try body() } catch { throw .unread(UnreadValue(error)) }
  }
}

/// One of our parameters, as it lies in the files of a folder.
private struct StoredParameter: Sendable {
  let parameter: ValueName
  let shape: Shape
  let packed: PackedTensor

  /// Which one of those that are packed.
  let part: Int
  let file: SafetensorsFile

  /// What it is called there.
  let name: String

  /// Its numbers, to be read when they are needed.
  var stored: StoredTensor {
    StoredTensor(
      shape,
      check: { () throws(ExecutionProblem) in try ExecutionProblem.unread(expectUnchanged) },
      read: { (precision, target) throws(ExecutionProblem) in
        try ExecutionProblem.unread { () throws(FileProblem) in
          switch precision {
          case .f32: try read(into: target.bindMemory(to: Float.self))
          case .f64: try read(into: target.bindMemory(to: Double.self))
          }
        }
      }
    )
  }

  /// Makes sure that the file is as it was when it was opened.
  func expectUnchanged() throws(FileProblem) { try file.expectUnchanged() }

  /// Its numbers as they are now.
  ///
  /// Weights in double stay exact; everything else fits a float.
  func tensor() throws(FileProblem) -> Tensor {
    isDouble ? Tensor(shape, try numbers() as [Double]) : Tensor(shape, try numbers() as [Float])
  }

  private var isDouble: Bool { file.entry(name)?.dtype == .f64 }

  private func numbers<T: BinaryFloatingPoint & BitwiseCopyable>() throws(FileProblem) -> [T] {
    try SystemFault.checkMemory(shape.count * MemoryLayout<T>.stride, for: file.path)
    return try [T](unsafeUninitializedCapacity: shape.count) {
      (buffer, filled) throws(FileProblem) in
      try read(into: buffer)
      filled = shape.count
    }
  }

  /// On all threads, each with rows of its own.
  private func read<T: BinaryFloatingPoint>(
    into target: UnsafeMutableBufferPointer<T>
  ) throws(FileProblem) {
    let rows = packed.rowCount
    let parts = shape.count < SharedWork.worthSharing ? 1 : min(rows, SharedWork.usualParts)
    let problem = Mutex<FileProblem?>(nil)
    SharedWork.run(parts) { part in
      do throws(FileProblem) {
        try read(rows * part / parts..<rows * (part + 1) / parts, into: target)
      } catch {
        problem.withLock { $0 = error }
      }
    }
    guard let problem = problem.withLock(\.self) else { return }
    // A file that has changed may be whole again, and is another one all the same.
    try expectUnchanged()
    throw problem
  }

  /// A few rows at a time: what is read stays in the cache until it is where it belongs.
  private func read<T: BinaryFloatingPoint>(
    _ rows: Range<Int>,
    into target: UnsafeMutableBufferPointer<T>
  ) throws(FileProblem) {
    var first = rows.lowerBound
    func copy<Stored: BinaryFloatingPoint>(_ rows: UnsafeMutableBufferPointer<Stored>) {
      if packed.offset != 0 { for place in rows.indices { rows[place] += Stored(packed.offset) } }
      packed.copy(UnsafeBufferPointer(rows), from: first, toPart: part, target) { T($0) }
      first += rows.count / packed.rowLength
    }
    if isDouble {
      try file.forEachRows(name, of: packed.rowLength, in: rows) {
        (rows: UnsafeMutableBufferPointer<Double>) in copy(rows)
      }
    } else {
      try file.forEachRows(name, of: packed.rowLength, in: rows) {
        (rows: UnsafeMutableBufferPointer<Float>) in copy(rows)
      }
    }
  }
}
