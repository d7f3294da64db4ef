// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles

/// The rows that a training will learn from, in the order in which it takes them, as files that
/// PyTorch maps into memory.
///
/// `tokens.bin` and `targets.bin` are rows of 32-bit ids, `order.bin` has for each row to come the
/// place, in 64 bits, at which it begins in both. A text of which all is needed is written once, as
/// it is, and the targets are the tokens one place further; a row that comes again is written once.
/// `validation.bin` has the inputs of all rows that are kept apart, then their targets.
struct TorchRows {
  static let fileNames = ["tokens.bin", "targets.bin", "order.bin", "validation.bin"]

  let data: TrainingData

  /// The rounds to come.
  let rounds: Range<Int>

  /// Tokens of the rows that are remembered, to be found again; inputs and targets take 8 bytes.
  private static let mostRemembered = 1 << 23

  /// Tokens that are in memory at a time.
  private static let portion = 1 << 18

  /// Writes the files.
  ///
  /// - Parameter folder: Where they go.
  /// - Returns: How many rows are kept apart.
  /// - Throws: `FileProblem` if one cannot be written, `TextProblem` if the text is no longer what
  ///   it was.
  func write(folder: String) throws -> Int {
    if let pieces = (data.training as? TokenBlocks)?.pieces,
      rounds.count * data.batch.rows >= pieces.tokens.count / data.batch.length
    {
      try write(pieces.tokens, folder)
      try writeOrder(folder, pieces.starts)
    } else {
      try writeRows(folder)
    }
    let count = try writeValidation(folder)
    if let damage = data.training.damage { throw damage }
    return count
  }

  private func write(_ tokens: any TokenStore, _ folder: String) throws(FileProblem) {
    try AtomicFile.write(to: "\(folder)/tokens.bin") { (output) throws(FileProblem) in
      for start in stride(from: 0, to: tokens.count, by: Self.portion) {
        try output.write(tokens.tokens(start..<min(start + Self.portion, tokens.count)))
      }
    }
  }

  private func writeOrder(_ folder: String, _ starts: (Int) -> [Int]) throws(FileProblem) {
    try AtomicFile.write(to: "\(folder)/order.bin") { (output) throws(FileProblem) in
      for round in rounds { try output.write(starts(round).map(Int64.init)) }
    }
  }

  /// Writes the rows to come as they are, inputs and targets.
  private func writeRows(_ folder: String) throws(FileProblem) {
    var (starts, targets): ([Int64], [Int32]) = ([], [])
    var known: [[Int32]: Int64] = [:]
    var end: Int64 = 0
    let length = data.batch.length
    try AtomicFile.write(to: "\(folder)/targets.bin") { (second) throws(FileProblem) in
      try AtomicFile.write(to: "\(folder)/tokens.bin") { (first) throws(FileProblem) in
        for round in rounds {
          let batch = data.training.batch(round)
          for row in 0..<data.batch.rows {
            let places = row * length..<(row + 1) * length
            let (asked, answers) = (Array(batch.inputs[places]), Array(batch.targets[places]))
            if let start = known[asked + answers] {
              starts.append(start)
              continue
            }
            if known.count * length < Self.mostRemembered { known[asked + answers] = end }
            starts.append(end)
            end += Int64(length)
            try first.write(asked)
            targets += answers
          }
          try second.write(targets)
          targets.removeAll(keepingCapacity: true)
        }
      }
    }
    try AtomicFile.write(to: "\(folder)/order.bin") { (output) throws(FileProblem) in
      try output.write(starts)
    }
  }

  private func writeValidation(_ folder: String) throws(FileProblem) -> Int {
    guard let blocks = data.validation else { return 0 }
    let batches = Validator.batches(of: blocks, data.batch)
    try AtomicFile.write(to: "\(folder)/validation.bin") { (output) throws(FileProblem) in
      for batch in batches { try output.write(batch.inputs) }
      for batch in batches { try output.write(batch.targets) }
    }
    return batches.count * data.batch.rows
  }
}
