// SPDX-License-Identifier: MIT

import FoundationEssentials
import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime
import PassoText
import Synchronization

/// A model on disk in the layout of Hugging Face: `config.json` and `model.safetensors`.
package struct ModelFolder: Sendable {
  /// The folder, as the person named it.
  package let path: String

  /// What `config.json` says, and what is good to know of the tokenizer.
  package var description: ModelDescription {
    var description = stated
    switch tokenizer.outcome {
    case .success(let opened?):
      description.notes += opened.notes.map(ConfigNote.ofTokenizer)
      description.notes += description.companions.unusedEdges(opened.tokenizer.template)
    case .success(nil), .failure:
      if let problem = tokenizerProblem { description.notes.append(.tokenizer(problem)) }
    }
    return description
  }

  /// Tells it from other models; a checkpoint knows by it the model that it began with.
  package var fingerprint: UInt64 { stated.fingerprint }

  /// The sizes that `config.json` says.
  package var configuration: ModelConfiguration { stated.configuration }

  private let stated: ModelDescription
  private let tokenizer: FolderTokenizer

  /// The tensors, not read yet.
  let tensors: SafetensorsSet

  /// How the tensors are called in the files.
  private let names: TensorNames

  /// Opens a folder and checks that every tensor is there in its shape.
  ///
  /// Of a folder of Hugging Face's cache it opens the only snapshot. Throws a problem that names
  /// the file, the tensor and the two shapes, or says what is there in place of a model.
  package init(path: String) throws {
    let folder = FolderContents.modelFolder(at: path)
    self.path = folder
    try FolderContents.expectConfiguration(in: folder)
    var description = try ModelDescription(path: "\(folder)/config.json")
    tensors = try SafetensorsSet(folder: folder)
    try Self.expectRoom(for: description.configuration, in: tensors)
    names = TensorNames(tensors.names, in: description.configuration)
    if !names.wrapper.isEmpty { description.notes.append(.wrapped(names.wrapper)) }
    let (head, embedding) = (names.inFile(names.head), names.inFile(names.embedding))
    let areBoth = tensors.entry(head) != nil && tensors.entry(embedding) != nil
    if description.configuration.isTied, areBoth, try !tensors.areEqual(head, embedding) {
      description.configuration.isTied = false
      description.notes.append(.storedHead)
    }
    description.companions = CompanionFiles(folder: folder)
    description.special = description.companions.specialTokens(
      description.special,
      in: description.configuration.vocabularySize,
      &description.notes
    )
    description.storage = Self.storage(of: tensors)
    if description.storage != .f32 { description.notes.append(.stored(description.storage)) }
    if Self.types(of: tensors).contains(.f64) { description.notes.append(.narrowed) }
    stated = description
    tokenizer = FolderTokenizer(folder, room: description.configuration.vocabularySize)
    try check()
  }

  /// Refuses more blocks than there are tensors, before all of their names are written down.
  private static func expectRoom(
    for model: ModelConfiguration,
    in tensors: SafetensorsSet
  ) throws(FileProblem) {
    guard model.layerCount > tensors.names.count else { return }
    let last = model.layerCount - 1
    let name = model.format.inner + model.format.firstTensor(ofBlock: last)
    throw .safetensors(.noTensor(name, closest: nil), file: tensors.path)
  }

  private static func types(of tensors: SafetensorsSet) -> Set<StorageType> {
    Set(tensors.names.compactMap { tensors.entry($0)?.dtype })
  }

  /// How a model is written again: in 16 bits if all of it was.
  static func storage(of tensors: SafetensorsSet) -> StorageType {
    let types = types(of: tensors)
    return types == [.bf16] ? .bf16 : types == [.f16] ? .f16 : .f32
  }

  /// Whether a folder is there that could be a model.
  package static func exists(at path: String) -> Bool {
    InputFile.exists("\(FolderContents.modelFolder(at: path))/config.json")
  }

  /// The tokenizer of the folder.
  ///
  /// - Parameter isNeeded: Whether there must be one; else nil stands for one that is missing or
  ///   that Passo cannot read, as a note of `description` says.
  /// - Returns: The tokenizer, or nil.
  /// - Throws: A problem that names the file.
  package func tokenizerIfReadable(isNeeded: Bool) throws -> (any Tokenizer)? {
    guard isNeeded else { return (try? tokenizer.outcome.get())?.tokenizer }
    if let opened = try tokenizer.outcome.get() { return opened.tokenizer }
    throw FileProblem.folder(.noTokenizer, file: path)
  }

  /// Why there is no tokenizer, if there is none that Passo reads.
  package var tokenizerProblem: FileProblem? {
    switch tokenizer.outcome {
    case .success(nil): .folder(.noTokenizer, file: path)
    case .success: nil
    case .failure(let problem): problem
    }
  }

  /// The name of a tensor in the files.
  func fileName(_ packed: PackedTensor) -> String {
    let name = names.inFile(packed.name)
    // A tied matrix may be stored as the head alone.
    guard configuration.isTied, packed.name == names.embedding, tensors.entry(name) == nil else {
      return name
    }
    let head = names.inFile(names.head)
    return tensors.entry(head) == nil ? name : head
  }

  private func check() throws {
    var known: Set<String> = [names.inFile(names.head)]
    for packed in configuration.packedTensors {
      let name = fileName(packed)
      known.insert(name)
      guard let entry = tensors.entry(name) else { throw missing(name) }
      guard entry.shape == packed.shape else {
        throw ModelFolderProblem(
          .shape(tensor: name, needed: packed.shape, found: entry.shape),
          file: tensors.path(of: name)
        )
      }
    }
    if let extra = tensors.names.first(where: { !known.contains($0) && !Self.isBuffer($0) }) {
      throw ModelFolderProblem(.unknownTensor(extra), file: tensors.path(of: extra))
    }
  }

  /// Why a tensor is not there: it may be there in another form, which says more.
  private func missing(_ name: String) -> any Problem {
    let signs = [".qweight", ".quant_state", ".absmax", ".weight_packed", ".SCB"]
    if tensors.names.contains(where: { found in signs.contains { found.contains($0) } }) {
      return FileProblem.config(.quantized(nil), file: tensors.path)
    }
    if tensors.names.contains(where: { $0.contains(".lora_A") }) {
      return FileProblem.folder(.adapter(folder: path), file: tensors.path)
    }
    if name == names.inFile(names.head) {
      return ModelFolderProblem(.noHead(name), file: tensors.path)
    }
    let closest = Suggestion.closest(to: name, among: tensors.names.prefix(10_000))
    return FileProblem.safetensors(.noTensor(name, closest: closest), file: tensors.path)
  }

  /// Old folders carry the causal mask or the rotary speeds along; they are no parameters.
  private static func isBuffer(_ name: String) -> Bool {
    [
      ".attn.bias", ".attn.masked_bias", ".attention.bias", ".attention.masked_bias",
      ".rotary_emb.inv_freq",
    ].contains { name.hasSuffix($0) }
  }
}

/// The tokenizer of a folder, read when somebody first asks for it.
private final class FolderTokenizer: Sendable {
  typealias Outcome = Result<OpenedTokenizer?, FileProblem>

  private let folder: String
  private let room: Int
  private let found = Mutex<Outcome?>(nil)

  /// A tokenizer that is read when it is asked for, for a model that knows so many tokens.
  init(_ folder: String, room: Int) {
    (self.folder, self.room) = (folder, room)
  }

  var outcome: Outcome {
    found.withLock { found in
      if let found { return found }
      let outcome: Outcome
      do throws(FileProblem) {
        var opened = try TokenizerFile.open(folder: folder)
        if let known = opened { opened?.tokenizer = FittedTokenizer.fit(known.tokenizer, to: room) }
        outcome = .success(opened)
      } catch {
        outcome = .failure(error)
      }
      found = outcome
      return outcome
    }
  }
}

/// What is wrong with the tensors of a model folder.
package struct ModelFolderProblem: Problem, Equatable {
  /// The kinds of wrong.
  package enum Kind: Sendable, Equatable {
    /// A tensor of another shape than the configuration says.
    case shape(tensor: String, needed: [Int], found: [Int])
    /// A number that is NaN or infinite.
    case notFinite(tensor: String, index: Int)
    /// A number that only 64 bits can hold.
    case tooLarge(tensor: String, index: Int)
    /// A tensor that has no place in the model.
    case unknownTensor(String)
    /// No head, where the configuration wants one of its own.
    case noHead(String)
  }

  /// What is wrong.
  package let kind: Kind

  /// The file.
  package let place: Place?

  init(_ kind: Kind, file: String) {
    self.kind = kind
    place = Place(file: file)
  }

  /// The sentence that names the tensor and what was needed and found.
  package var message: Bilingual {
    switch kind {
    case .shape(let tensor, let needed, let found):
      Bilingual(
        it: "il tensore \(it: tensor) ha forma \(needed) secondo config.json, non \(found)",
        en: "tensor \(en: tensor) needs shape \(needed) by config.json, got \(found)"
      )
    case .notFinite(let tensor, let index):
      Bilingual(
        it: "il tensore \(it: tensor) vuole numeri finiti, al posto \(index) ce n'è uno che non lo"
          + " è",
        en: "tensor \(en: tensor) needs finite numbers, the one at index \(index) is not"
      )
    case .tooLarge(let tensor, let index):
      Bilingual(
        it: "il tensore \(it: tensor) vuole numeri che stiano in un F32, quello al posto \(index)"
          + " è più grande",
        en: "tensor \(en: tensor) needs numbers that fit an F32, the one at index \(index) is"
          + " larger"
      )
    case .unknownTensor(let tensor):
      Bilingual(
        it: "il modello non ha posto per il tensore \(it: tensor)",
        en: "the model has no place for tensor \(en: tensor)"
      )
    case .noHead(let tensor):
      Bilingual(
        it: "«tie_word_embeddings» è false, ma il tensore \(it: tensor) non c'è",
        en: "'tie_word_embeddings' is false, but there is no tensor \(en: tensor)"
      )
    }
  }

  /// What a shape or a name tells of where the tensor comes from.
  package var hint: Bilingual? {
    switch kind {
    case .shape(let tensor, let needed, let found)
    where found == needed.reversed() && found.count == 2:
      tensor.contains("_proj.weight") && !tensor.contains(".c_proj.")
        ? Bilingual(
          it: "la matrice è trasposta: qui va come in nn.Linear, [uscite, ingressi]",
          en: "the matrix is transposed: here it is as in nn.Linear, [outputs, inputs]"
        )
        : Bilingual(
          it: "la matrice è trasposta, come in nn.Linear: GPT-2 di Hugging Face ha Conv1D,"
            + " [ingressi, uscite]",
          en: "the matrix is transposed, as in nn.Linear: Hugging Face's GPT-2 has Conv1D,"
            + " [inputs, outputs]"
        )
    case .noHead:
      Bilingual(
        it:
          "scarica di nuovo i pesi; se la testa è l'embedding, serve \"tie_word_embeddings\": true",
        en: "download the weights again; if the head is the embedding, write"
          + " \"tie_word_embeddings\": true"
      )
    case .shape:
      Bilingual(
        it: "config.json e i pesi sono forse di due modelli diversi",
        en: "config.json and the weights may be those of two models"
      )
    case .unknownTensor, .notFinite, .tooLarge: nil
    }
  }
}
