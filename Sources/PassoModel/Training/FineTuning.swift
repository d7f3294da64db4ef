// SPDX-License-Identifier: MIT

import PassoEngine
import PassoRuntime

/// What suits a model that has learned already, where a person says nothing of it.
///
/// A rate that teaches a new model quickly takes a trained one apart in a few updates: the wider
/// the model, the less each weight may move.
package enum FineTuning {
  /// The learning rate for AdamW: 0.06 over the width, cut to one digit, and never more than
  /// what suits a new model.
  ///
  /// Gives 1e-4 at width 576, 7e-5 at 768, 3e-5 at 1600, 1e-5 at 4096.
  /// Source: the rate falls with the width as in Yang et al. 2022, arXiv:2203.03466, table 8; the
  /// factor meets what is used, 3e-5 for gpt2-xl in nanoGPT's `finetune_shakespeare.py` and 5e-5
  /// in `transformers.TrainingArguments`.
  ///
  /// - Parameters:
  ///   - configuration: The model.
  ///   - usual: The rate for a new model.
  /// - Returns: The rate at its peak.
  package static func rate(
    for configuration: ModelConfiguration,
    usual: Double = Experiment.Defaults.rateForTexts
  ) -> Double {
    var (digit, exponent) = (0.06 / Double(max(configuration.width, 1)), 0)
    while digit < 1 { (digit, exponent) = (digit * 10, exponent - 1) }
    // A rounded product may fall short of the digit that it stands for.
    let rate = Double("\(Int(digit + 1e-9))e\(exponent)") ?? usual
    return min(rate, usual)
  }

  /// Updates in which the rate rises to its peak: a tenth of all, at least 2, at most 100.
  ///
  /// AdamW's averages know nothing yet in the first updates, which would be as long as any.
  package static func warmup(updates: Int) -> Int { min(max(updates / 10, 2), 100) }

  /// The longest row that fits into memory.
  ///
  /// - Parameters:
  ///   - longest: The positions that the model reads.
  ///   - limit: The bytes that there are.
  ///   - bytes: The bytes that rows of a length take; nil if they cannot be counted.
  /// - Returns: What the model reads, or the largest power of two below it that fits; 1 if none
  ///   does.
  package static func context(
    upTo longest: Int,
    within limit: Int = MemoryRoom.limit,
    _ bytes: (Int) throws -> Int?
  ) rethrows -> Int {
    var length = max(longest, 1)
    while length > 1, try bytes(length).map({ $0 > limit }) ?? true {
      length = 1 << (Int.bitWidth - 1 - (length - 1).leadingZeroBitCount)
    }
    return length
  }
}

extension TrainingProgram {
  /// The bytes that a trainer needs for it; nil if they are more than can be counted.
  package func byteCount(_ precision: Precision) -> Int? {
    ExecutionForm(program, precision).byteCount(program, precision)
  }
}
