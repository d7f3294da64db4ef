// SPDX-License-Identifier: MIT
import PassoData
import PassoText

/// What a folder holds that should be a model's, and the way on if it is none.
package struct FolderContents {
  private let path: String

  /// The name of the file by which a folder is known whose model was being replaced.
  package static let unfinishedMark = "passo-unfinished.txt"

  /// The file that keeps the state of a training.
  package static let checkpoint = "checkpoint.safetensors"

  /// The names in the folder, sorted; none if there is no such folder.
  private let names: [String]

  private init(_ path: String) {
    self.path = path
    names = PrivateFolder.names(in: path).sorted()
  }

  /// The folder in which the files of a model are: that of its only snapshot, for a folder of
  /// Hugging Face's cache, else the one that was named.
  package static func modelFolder(at path: String) -> String {
    guard !InputFile.exists("\(path)/config.json"), let snapshots = FolderContents(path).snapshots,
      snapshots.count == 1
    else { return path }
    return "\(path)/snapshots/\(snapshots[0])"
  }

  /// Checks that a folder is there and says what the model is.
  ///
  /// - Throws: `FileProblem` that says what is there instead.
  package static func expectConfiguration(in path: String) throws(FileProblem) {
    if InputFile.exists("\(path)/config.json") { return }
    let contents = FolderContents(path)
    try contents.expectNoDeadLink("config.json")
    if let fault = contents.faultWithoutConfiguration {
      throw .folder(fault, file: path)
    }
  }

  /// Whether a folder says what a model is, and holds nothing else: no weights in any form, and
  /// nothing that could belong to weights which are missing.
  package static func isConfigurationAlone(at path: String) -> Bool {
    let others: Set = ["config.json", "generation_config.json", "README.md"]
    return InputFile.exists("\(path)/config.json")
      && FolderContents(path).list.allSatisfy(others.contains)
  }

  /// Why no weights are found in a folder that says what the model is.
  package static func withoutWeights(in path: String) -> FileProblem {
    let contents = FolderContents(path)
    do throws(FileProblem) {
      try contents.expectNoDeadLink("model.safetensors")
      try contents.expectNoDeadLink("model.safetensors.index.json")
    } catch { return error }
    return .folder(contents.faultWithoutWeights, file: path)
  }

  /// Checks that a name which leads to no file is not in the folder, as that of a link can be.
  ///
  /// - Throws: `FileProblem` that says what the link is.
  private func expectNoDeadLink(_ name: String) throws(FileProblem) {
    guard names.contains(name), let fault = SystemFault(deadLink: "\(path)/\(name)") else {
      return
    }
    throw .system(fault, file: "\(path)/\(name)")
  }

  private var snapshots: [String]? {
    guard names.contains("snapshots") else { return nil }
    return FolderContents("\(path)/snapshots").names.filter {
      InputFile.exists("\(path)/snapshots/\($0)/config.json")
    }
  }

  private var models: [String] {
    let inner = snapshots.map { $0.map { "snapshots/\($0)" } } ?? names
    return inner.filter { InputFile.exists("\(path)/\($0)/config.json") }.map { "\(path)/\($0)" }
  }

  private var faultWithoutConfiguration: FolderFault? {
    guard InputFile.exists(path) else {
      return FolderFault.isHubName(path) ? .hubName(path) : .missing
    }
    guard (try? FolderNames.read(in: path)) != nil else { return .file(path, format(path)) }
    if let known { return known }
    let models = models
    return models.isEmpty ? .noConfiguration(list) : .above(models)
  }

  private var faultWithoutWeights: FolderFault { known ?? .noWeights(list) }

  /// What the names say, if they say something.
  private var known: FolderFault? {
    if names.contains(Self.unfinishedMark) { return .unfinished }
    if names.contains(Self.checkpoint) { return .trainingAlone(folder: path) }
    if names.contains("adapter_config.json") { return .adapter(folder: path) }
    if let name = names.first(where: { $0.hasSuffix(".gguf") }) {
      return .gguf(name, folder: path)
    }
    if names.contains(where: Self.isShard) { return .shardsWithoutIndex(folder: path) }
    if names.contains(where: { $0.hasPrefix("consolidated.") && $0.hasSuffix(".pth") }) {
      return .original
    }
    let pickles = names.filter {
      $0.hasSuffix(".bin") || $0.hasSuffix(".pt") || $0.hasSuffix(".pth")
    }
    if let name = pickles.first(where: { $0.hasPrefix("pytorch_model") }) ?? pickles.first {
      return .pickle(name, folder: path, isOpened: name.hasPrefix("pytorch_model"))
    }
    let tensors = names.filter { $0.hasSuffix(".safetensors") && $0 != "model.safetensors" }
    if tensors.count == 1 { return .otherName(tensors[0], folder: path) }
    let others = [".h5", ".msgpack", ".onnx", ".ckpt", ".npz"]
    return names.first { name in others.contains { name.hasSuffix($0) } }.map { .otherEngine($0) }
  }

  private static func isShard(_ name: String) -> Bool {
    name.hasPrefix("model-") && name.contains("-of-") && name.hasSuffix(".safetensors")
  }

  private var list: [String] { names.filter { !$0.hasPrefix(".") } }

  private func format(_ path: String) -> FileFormat? {
    guard let file = try? RandomAccessFile(path: path),
      let bytes = try? file.bytes(0..<min(file.count, FileFormat.sniffedBytes))
    else { return nil }
    return bytes.withUnsafeBytes { FileFormat($0) }
  }
}

/// Why a folder is no model that can be opened.
package enum FolderFault: FileFault, WordedProblem {
  /// Nothing of this name.
  case missing
  /// Nothing of this name, which looks like one of a model on Hugging Face.
  case hubName(String)
  /// A file, and what it is if that is known.
  case file(String, FileFormat?)
  /// Models in folders of it.
  case above([String])
  /// No `config.json`, and nothing else that is known.
  case noConfiguration([String])
  /// No weights, and nothing else that is known.
  case noWeights([String])
  /// Changes to the weights of another model.
  case adapter(folder: String)
  /// Weights of llama.cpp.
  case gguf(String, folder: String)
  /// Weights in PyTorch's own format; whether `transformers` finds them by their name.
  case pickle(String, folder: String, isOpened: Bool)
  /// Some shards, and no index that says what is where.
  case shardsWithoutIndex(folder: String)
  /// Weights of Llama as Meta hands them out.
  case original
  /// Weights under a name that nobody looks for.
  case otherName(String, folder: String)
  /// Weights of another engine.
  case otherEngine(String)
  /// A training whose model is not beside its checkpoint.
  case trainingAlone(folder: String)
  /// An index that names a shard which is not there.
  case missingShard(String)
  /// A model that was taking the place of another when its writer was stopped.
  case unfinished
  /// No tokenizer of any kind.
  case noTokenizer
  /// A tokenizer where none is to be written over.
  case tokenizerThere(folder: String)
  /// A `config.json` that speaks of no model.
  case otherProgram

  /// Whether a path could be `OWNER/NAME`, or one of the names from before there were owners.
  package static func isHubName(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isWord = parts.allSatisfy { part in
      part.first.map { $0.isLetter || $0.isNumber } ?? false
        && part.utf8.allSatisfy { $0 < 0x80 }
        && part.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
    }
    return isWord && parts.count == 2 || ["gpt2", "distilgpt2"].contains(path)
  }
}

// MARK: - Words

extension FolderFault {
  package var wording: Wording {
    switch self {
    case .missing: Self.noFolder.hint(SystemFault.missing.hint)
    case .hubName(let name):
      Self.noFolder.hint(
        it: "Passo non scarica niente; dove c'è rete: hf download \(name.inShell) --local-dir"
          + " \(name.lastName.inShell)",
        en:
          "Passo downloads nothing; where there is a network: hf download \(name.inShell)"
          + " --local-dir \(name.lastName.inShell)"
      )
    case .file(let path, let format): Self.file(path, format)
    case .above(let models):
      Bilingual(
        it: "qui non c'è un modello (config.json), ma in una cartella che contiene sì",
        en: "there is no model here (config.json), but in a folder inside there is"
      ).hint(
        it: "apri " + models.prefix(4).map(\.inShell).joined(separator: " o "),
        en: "open " + models.prefix(4).map(\.inShell).joined(separator: " or ")
      )
    case .noConfiguration(let names): Self.missing("config.json", of: names)
    case .noWeights(let names): Self.missing("model.safetensors", of: names)
    case .adapter(let folder):
      Bilingual(
        it: "è un adattatore (PEFT, LoRA): modifiche ai pesi di un altro modello, non un modello",
        en: "this is an adapter (PEFT, LoRA): changes to another model's weights, not a model"
      ).hint(Conversion.adapter(folder: folder))
    case .gguf(let name, let folder):
      Self.weights(name, Bilingual(it: "in GGUF, di llama.cpp", en: "in GGUF, of llama.cpp"))
        .hint(Conversion.gguf(folder: folder, file: name))
    case .pickle(let name, let folder, let isOpened):
      Self.weights(name, Bilingual(it: "in pickle, di PyTorch", en: "in pickle, of PyTorch"))
        .hint(isOpened ? Conversion.weights(folder: folder) : Self.otherVersion)
    case .otherEngine(let name):
      Self.weights(name, Bilingual(it: "di un altro motore", en: "of another engine"))
        .hint(Self.otherVersion)
    case .trainingAlone(let folder):
      Bilingual(
        it: "qui c'è un addestramento (checkpoint.safetensors), ma non il modello che ne è venuto"
          + " (model.safetensors)",
        en: "there is a training here (checkpoint.safetensors), but not the model that it made"
          + " (model.safetensors)"
      ).hint(
        it: "vai avanti con l'addestramento, che scrive di nuovo il modello:"
          + " passo train --resume --out \(folder.inShell)",
        en: "go on with the training, which writes the model again:"
          + " passo train --resume --out \(folder.inShell)"
      )
    case .shardsWithoutIndex:
      Bilingual(
        it:
          "i pesi sono in più file, ma manca model.safetensors.index.json, che dice cosa sta dove",
        en: "the weights are in several files, but model.safetensors.index.json, which says what is"
          + " where, is missing"
      ).hint(
        it: "scarica anche model.safetensors.index.json, da dove vengono le parti",
        en: "download model.safetensors.index.json too, from where the parts come"
      )
    case .original:
      Bilingual(
        it: "i pesi sono come li dà Meta (consolidated.*.pth), non nel formato di transformers",
        en:
          "the weights are as Meta hands them out (consolidated.*.pth), not in transformers' format"
      ).hint(Self.otherVersion)
    case .otherName(let name, let folder):
      Bilingual(
        it: "i pesi si chiamano \(name.printable), non model.safetensors",
        en: "the weights are called \(name.printable), not model.safetensors"
      ).hint(
        it: "dagli il nome giusto: \(Self.rename(name, folder))",
        en: "give it the right name: \(Self.rename(name, folder))"
      )
    case .unfinished:
      Bilingual(
        it: "un modello stava prendendo il posto di un altro quando il salvataggio si è interrotto",
        en: "a model was taking the place of another one when its saving was interrupted"
      ).hint(nil)
    case .noTokenizer:
      Bilingual(
        it: "la cartella non ha un tokenizer (tokenizer.json)",
        en: "the folder has no tokenizer (tokenizer.json)"
      ).hint(nil)
    case .tokenizerThere:
      Bilingual(
        it: "qui c'è già un tokenizer.json, che questo addestramento cancellerebbe",
        en: "there is a tokenizer.json here already, which this training would write over"
      ).hint(nil)
    case .otherProgram:
      Bilingual(
        it: "qui config.json è di un altro programma: non parla di un modello",
        en: "config.json is another program's here: it speaks of no model"
      ).hint(it: "scegli un'altra cartella", en: "choose another folder")
    case .missingShard(let index):
      Bilingual(
        it: "questa parte dei pesi manca: la nomina \(index)",
        en: "this part of the weights is missing: \(index) names it"
      ).hint(it: "scarica anche questa", en: "download this one too")
    }
  }

  private static let noFolder = Bilingual(
    it: "con questo nome non c'è nessuna cartella",
    en: "there is no folder of this name"
  )

  private static let otherVersion = Bilingual(
    it: "cerca la versione in safetensors, o convertila con il programma che l'ha scritta",
    en: "look for the version in safetensors, or convert it with the program that wrote it"
  )

  private static func weights(_ name: String, _ kind: Bilingual) -> Bilingual {
    Bilingual(it: "ci sono solo pesi ", en: "there are only weights ") + kind
      + Bilingual(
        it: " (\(name.printable)), non model.safetensors",
        en: " (\(name.printable)), not model.safetensors"
      )
  }

  private static func missing(_ file: String, of names: [String]) -> Wording {
    let list = names.prefix(5)
    let more = names.count > list.count ? ", …" : ""
    let contents =
      names.isEmpty
      ? Bilingual(it: "la cartella è vuota", en: "the folder is empty")
      : Bilingual(
        it: "ci sono: " + list.map { "\(it: $0)" }.joined(separator: ", ") + more,
        en: "there are: " + list.map { "\(en: $0)" }.joined(separator: ", ") + more
      )
    return Bilingual(
      it: "manca \(file), \(contents.it)",
      en: "\(file) is missing, \(contents.en)"
    ).hint(
      it: "la cartella di un modello ha config.json e model.safetensors: scarica ciò che manca",
      en: "the folder of a model has config.json and model.safetensors: download what is missing"
    )
  }

  private static func file(_ path: String, _ format: FileFormat?) -> Wording {
    let found = format?.name ?? Bilingual(it: "un file", en: "a file")
    let message = Bilingual(
      it: "è \(found.it), non la cartella di un modello",
      en: "this is \(found.en), not the folder of a model"
    )
    if format == .gguf {
      return message.hint(ForeignFormat(.gguf, needed: .weights, file: path).hint)
    }
    return message.hint(
      it: "indica la cartella che lo contiene: \(path.folder.inShell)",
      en: "name the folder that it is in: \(path.folder.inShell)"
    )
  }

  private static func rename(_ name: String, _ folder: String) -> String {
    "mv \("\(folder)/\(name)".inShell) \("\(folder)/model.safetensors".inShell)"
  }
}
