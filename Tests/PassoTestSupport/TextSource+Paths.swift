// SPDX-License-Identifier: MIT

import PassoData
import PassoFiles

// Tests name files by their paths.
extension TextReader {
  /// As the other one, of files that stand in a list.
  package init(
    files: [String],
    unit: DocumentUnit,
    cuts: TextCuts = .beforeSpace,
    pieceLimit: Int = 1 << 20,
    longest: Int? = nil,
    bufferSize: Int = 1 << 20
  ) {
    var source = TextSource(files.map { TextInput(path: $0) }, unit: unit)
    source.replacesInvalid = true
    self.init(
      source,
      cuts: cuts,
      pieceLimit: pieceLimit,
      longest: longest,
      bufferSize: bufferSize
    )
  }
}

extension ShardRequest {
  package init(files: [String], split: TokenSplit = .none) {
    self.init(TextSource(files.map { TextInput(path: $0) }), split: split)
  }
}

extension TextCorpus.Request {
  package init(files: [String]) {
    self.init(TextSource(files.map { TextInput(path: $0) }))
  }
}
