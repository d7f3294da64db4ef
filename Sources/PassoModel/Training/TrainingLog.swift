// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles
import PassoText

/// The JSON-lines log of a training: one object a step.
///
///     {"step":1,"loss":1.79,"grad_norm":2.1,"lr":0.001,"tokens_per_s":120000,"kernels":"avx2"}
///
/// A line without kernels was computed by the readable form, which rounds alike everywhere.
///
/// A training that is taken up again goes on in the same file; lines of steps that were done after
/// the checkpoint, and have to be done again, are taken out, and so is half a line.
package final class TrainingLog {
  /// Where a training is that writes, or goes on writing, a log.
  package struct Place: Sendable {
    /// Steps that are done.
    package var steps: Int

    /// The loss of the last of them, as the log has it, if it is known.
    package var loss: String?

    /// Tells the log of this training from others, if it has one.
    package var own: UInt64?

    /// Whether the log of another training may be lost.
    package var replaces = false

    package init(steps: Int, loss: String? = nil, own: UInt64? = nil, replaces: Bool = false) {
      (self.steps, self.loss, self.own, self.replaces) = (steps, loss, own, replaces)
    }
  }

  private let file: AppendedFile

  /// Lines that found no room on the disk yet.
  private var waiting: [UInt8] = []

  /// How many they are; so many are kept that a disk may be full for hours.
  package private(set) var waitingCount = 0
  private static let waitingLimit = 1 << 24

  /// Opens a log for a training; of older lines those of steps that are done are kept.
  ///
  /// - Throws: `TrainingFolderProblem.otherLog` if the file is something else than the log of this
  ///   training, `FileProblem` if it cannot be used or somebody else writes it.
  package init(path: String, at place: Place) throws {
    file = try AppendedFile(path: path)
    var place = place
    if let own = place.own, own == file.identity { place.replaces = true }
    let end = try Self.kept(file.contents(), at: place, path)
    try file.cut(to: end)
  }

  /// Tells this file from others on the same disk, whatever is in it.
  package var identity: UInt64 { file.identity }

  /// Adds the line of a step, in one piece.
  ///
  /// - Throws: `FileProblem` if there is no room; then the line waits, and comes with a later one.
  package func append(
    _ report: StepReport,
    tokensPerSecond: Double,
    kernels: String? = nil,
    validationLoss: Double? = nil,
    scores: [TaskScore] = []
  ) throws(FileProblem) {
    var members = [
      ("step", "\(report.step)"), ("loss", JSONText.number(report.loss)),
      ("grad_norm", JSONText.number(report.gradientNorm)), ("lr", JSONText.number(report.rate)),
      ("tokens_per_s", JSONText.number(tokensPerSecond.rounded())),
    ]
    if let kernels { members.append(("kernels", JSONText.string(kernels))) }
    if let validationLoss { members.append(("val_loss", JSONText.number(validationLoss))) }
    for score in scores {
      let name = score.part == .training ? "train_accuracy" : "test_accuracy"
      members.append((name, JSONText.number(score.accuracy)))
    }
    if waiting.count < Self.waitingLimit { waiting += (JSONText.object(members) + "\n").utf8 }
    waitingCount += 1
    try file.append(waiting)
    waiting.removeAll(keepingCapacity: true)
    waitingCount = 0
  }

  /// Whether a file is the log of the training of a folder: the one that it wrote, or another with
  /// the line of the last step that is saved.
  package static func isLog(_ path: String, of folder: TrainingFolder) -> Bool {
    guard AtomicFile.isFile(path), let file = try? AppendedFile(path: path) else { return false }
    if file.identity == folder.recipe?.log { return true }
    guard let checkpoint = folder.checkpoint, let bytes = try? file.contents() else { return false }
    return bytes.split(separator: UInt8(ascii: "\n")).contains { bytes in
      guard let line = Line(bytes) else { return false }
      return line.step == checkpoint.steps && line.loss == checkpoint.loss
    }
  }

  /// The bytes at the beginning that stay: whole lines of steps that are done.
  private static func kept(
    _ bytes: [UInt8],
    at place: Place,
    _ path: String
  ) throws(TrainingFolderProblem) -> Int {
    let newline = UInt8(ascii: "\n")
    var (start, end) = (0, 0)
    while let next = bytes[start...].firstIndex(of: newline) {
      guard let line = Line(bytes[start..<next]) else { break }
      guard line.step <= place.steps else { break }
      if line.step == place.steps, let loss = place.loss, loss != line.loss {
        throw .otherLog(file: path, isLog: true)
      }
      (start, end) = (next + 1, next + 1)
    }
    try expectLog(bytes, at: place, path)
    return end
  }

  /// What stands in a file that is to be cut has to be a log, and where a training begins there is
  /// none yet.
  private static func expectLog(
    _ bytes: [UInt8],
    at place: Place,
    _ path: String
  ) throws(TrainingFolderProblem) {
    let first = bytes.prefix { $0 != UInt8(ascii: "\n") }
    guard !bytes.isEmpty else { return }
    guard Line(first) != nil else {
      // Half of the only line is what a full disk leaves.
      if first.count == bytes.count, first.starts(with: Line.beginning) { return }
      throw .otherLog(file: path, isLog: false)
    }
    if place.steps == 0, !place.replaces { throw .otherLog(file: path, isLog: true) }
  }

  /// What a line says that tells it from others.
  private struct Line {
    static let beginning = Array(#"{"step":"#.utf8)
    let step: Int
    let loss: String

    init?(_ bytes: ArraySlice<UInt8>) {
      guard bytes.starts(with: Self.beginning) else { return nil }
      var reader = JSONReader(Array(bytes))
      var (step, loss): (Int?, Double?) = (nil, nil)
      do throws(JSONFault) {
        try reader.object { (key, reader) throws(JSONFault) in
          switch key {
          case "step": step = try reader.integer()
          case "loss": loss = try reader.number()
          default: try reader.skip()
          }
        }
        try reader.end()
      } catch {
        return nil
      }
      guard let step, let loss else { return nil }
      (self.step, self.loss) = (step, JSONText.number(loss))
    }
  }
}
