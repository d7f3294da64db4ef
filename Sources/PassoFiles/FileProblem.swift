// SPDX-License-Identifier: MIT
import PassoText

/// What is wrong with a file, without saying which file it is.
package protocol FileFault: Problem, Hashable {
  /// The line of a text file, from 1, if it is known.
  var line: Int? { get }
}

extension FileFault {
  package var line: Int? { nil }
}

/// Why a file cannot be read or written; each case carries the file as the person named it.
package enum FileProblem: Problem, Hashable {
  /// The system refuses.
  case system(SystemFault, file: String)

  /// Something else than its reader needs, and known.
  case foreign(ForeignFormat)

  /// A folder that is no model, or not a whole one.
  case folder(FolderFault, file: String)

  /// Not the JSON that is needed.
  case json(JSONFault, file: String)

  /// Not a whole safetensors file, or not the tensors that are needed.
  case safetensors(SafetensorsFault, file: String)

  /// A model that Passo cannot compute.
  case config(ConfigFault, file: String)

  /// Tokens that the model cannot take.
  case tokens(TokensFault, file: String)

  /// A tokenizer that Passo does not know.
  case tokenizer(TokenizerFault, file: String)

  /// A chat template that Passo does not read, or that refuses the messages.
  case template(TemplateFault, file: String)

  /// Not the record of an experiment.
  case experiment(ExperimentFault, file: String)

  /// Not the state of a training.
  case checkpoint(CheckpointFault, file: String)

  package var message: Bilingual { parts.fault.message }

  package var cause: (any Problem)? { parts.fault }

  /// What is wrong with which file, in one sentence.
  package var sentence: Bilingual { Bilingual(same: "\(parts.file): ") + message }

  package var place: Place? { Place(file: parts.file, line: parts.fault.line) }

  private var parts: (fault: any FileFault, file: String) {
    switch self {
    case .system(let fault, let file): (fault, file)
    case .foreign(let fault): (fault, fault.file)
    case .folder(let fault, let file): (fault, file)
    case .json(let fault, let file): (fault, file)
    case .safetensors(let fault, let file): (fault, file)
    case .config(let fault, let file): (fault, file)
    case .tokens(let fault, let file): (fault, file)
    case .tokenizer(let fault, let file): (fault, file)
    case .template(let fault, let file): (fault, file)
    case .experiment(let fault, let file): (fault, file)
    case .checkpoint(let fault, let file): (fault, file)
    }
  }
}

extension FileProblem {
  /// Why bytes are not the JSON that a reader needs: what they are instead, if that is known.
  package static func notJSON(
    _ fault: JSONFault,
    _ bytes: [UInt8],
    file: String,
    needed: ForeignFormat.Needed = .json
  ) -> FileProblem {
    var found = FileFormat(bytes)
    if case .notUTF8 = fault, found == nil {
      found = LegacyEncoding(guessing: bytes.prefix(1 << 16)).map { .legacy($0) }
    }
    guard let found else { return .json(fault, file: file) }
    return .foreign(ForeignFormat(found, needed: needed, file: file))
  }

  /// Why a file is not the safetensors file that is needed.
  package static func notSafetensors(
    _ fault: SafetensorsFault,
    _ bytes: [UInt8],
    file: String
  ) -> FileProblem {
    if let found = FileFormat(bytes), found != .safetensors {
      return .foreign(ForeignFormat(found, needed: .weights, file: file))
    }
    // As when a server answers with a sentence, and the answer is kept under the file's name.
    let text = String(decoding: bytes.prefix(160), as: UTF8.self)
    let isText =
      bytes.count >= 8
      && text.unicodeScalars.allSatisfy { scalar in
        scalar != "\u{FFFD}" && (scalar.value >= 0x20 || scalar.properties.isWhitespace)
      }
    return .safetensors(isText ? .text(text) : fault, file: file)
  }
}
