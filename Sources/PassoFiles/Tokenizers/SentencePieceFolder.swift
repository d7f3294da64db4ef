// SPDX-License-Identifier: MIT
import PassoData

/// A model of sentencepiece in the folder of a model, with what the files beside it say.
enum SentencePieceFolder {
  /// The names that its file has.
  static let names = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"]

  /// Classes of `transformers` that number the pieces in another way.
  private static let renumbering: Set = [
    "BarthezTokenizer", "CamembertTokenizer", "MBartTokenizer", "MBart50Tokenizer",
    "NllbTokenizer", "PLBartTokenizer", "XGLMTokenizer", "XLMRobertaTokenizer",
    "BigBirdTokenizer", "PegasusTokenizer", "DebertaV2Tokenizer", "FNetTokenizer",
  ]

  /// Puts around a text what the class of the tokenizer puts there.
  ///
  /// - Throws: `FileProblem` if that class has other ids.
  static func completed(
    _ tokenizer: SentencePieceTokenizer,
    file: String,
    folder: String
  ) throws(FileProblem) -> SentencePieceTokenizer {
    let settings = try TokenizerSettings(folder: folder)
    let name = settings.className
    let isForeign = name == nil && file.hasSuffix("sentencepiece.bpe.model")
    if isForeign || renumbering.contains(name ?? "") {
      let type = try settings.modelType()
      let found = name ?? type ?? "XLMRobertaTokenizer"
      throw .tokenizer(.otherKind(.renumberedSentencePiece(className: found)), file: file)
    }
    func edge(_ key: String, _ meaning: String, _ usual: [String], isUsual: Bool) -> [TokenID] {
      guard settings.config[key].map({ $0 == .boolean(true) }) ?? isUsual else { return [] }
      let names = settings.token(meaning).map { [$0] } ?? usual
      return names.lazy.compactMap { tokenizer.id(ofControl: $0) }.prefix(1).map(\.self)
    }
    // What `transformers` 5 does where no file says otherwise: nothing, but for T5.
    let ends = ["T5Tokenizer", "MT5Tokenizer"].contains(name ?? "")
    var template = TextTemplate()
    template.prefix = edge("add_bos_token", "bos_token", ["<s>", "<bos>"], isUsual: false)
    template.suffix = edge("add_eos_token", "eos_token", ["</s>", "<eos>"], isUsual: ends)
    return template.isEmpty ? tokenizer : tokenizer.around(template)
  }
}
