// SPDX-License-Identifier: MIT

import PassoData
import PassoText

/// The JSON-lines log of a training: one object a step.
///
///     {"step":1,"loss":1.79,"grad_norm":2.1,"lr":0.001,"tokens_per_s":120000}
///
/// A training that is taken up again goes on in the same file; lines of steps that were done after
/// the checkpoint, and have to be done again, are taken out.
package final class TrainingLog {
  private let file: AppendedFile

  /// Opens a log for a training that has done so many steps; of older lines those are kept.
  package init(path: String, after steps: Int) throws(FileProblem) {
    try Self.keep(steps, of: path)
    file = try AppendedFile(path: path)
  }

  /// Adds the line of a step, in one piece.
  package func append(
    _ report: StepReport,
    tokensPerSecond: Double,
    validationLoss: Double? = nil
  ) throws(FileProblem) {
    var members = [
      ("step", "\(report.step)"), ("loss", JSONText.number(report.loss)),
      ("grad_norm", JSONText.number(report.gradientNorm)), ("lr", JSONText.number(report.rate)),
      ("tokens_per_s", JSONText.number(tokensPerSecond.rounded())),
    ]
    if let validationLoss { members.append(("val_loss", JSONText.number(validationLoss))) }
    try file.append(Array((JSONText.object(members) + "\n").utf8))
  }

  /// Leaves only whole lines of the first steps.
  private static func keep(_ steps: Int, of path: String) throws(FileProblem) {
    // What is no file, a terminal or a pipe, holds no lines of before.
    guard AtomicFile.isFile(path) else { return }
    guard steps > 0 else { return try AtomicFile.write([], to: path) }
    let bytes = try InputFile.read(path: path, limit: Int.max)
    let newline = UInt8(ascii: "\n")
    var end = 0
    while let next = bytes[end...].firstIndex(of: newline) {
      guard let step = step(of: bytes[end..<next]), step <= steps else { break }
      end = next + 1
    }
    if end < bytes.count { try AtomicFile.write(Array(bytes[..<end]), to: path) }
  }

  private static func step(of line: ArraySlice<UInt8>) -> Int? {
    var reader = JSONReader(Array(line))
    var step: Int?
    try? reader.object { (key, reader) throws(JSONFault) in
      if key == "step" { step = try reader.integer() } else { try reader.skip() }
    }
    return step
  }
}
