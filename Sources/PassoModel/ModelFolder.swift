// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A model on disk in the layout of Hugging Face: `config.json` and `model.safetensors`.
public struct ModelFolder: Sendable {
  /// The folder, as the person named it.
  public let path: String

  /// What `config.json` says, and what is good to know of the tokenizer.
  package var description: ModelDescription {
    var description = stated
    switch tokenizer.outcome {
    case .success(let opened):
      description.notes += opened?.notes.map(ConfigNote.ofTokenizer) ?? []
    case .failure(let problem): description.notes.append(.tokenizer(problem))
    }
    return description
  }

  /// The sizes that `config.json` says.
  public var configuration: ModelConfiguration { stated.configuration }

  private let stated: ModelDescription
  private let tokenizer: FolderTokenizer

  /// The tensors, mapped into memory and not read yet.
  private let tensors: SafetensorsSet

  /// What the names in the file lack; empty where they are whole.
  private let prefix: String

  /// Opens a folder and checks that every tensor is there in its shape.
  ///
  /// Throws a problem that names the file, the tensor and the two shapes.
  public init(path: String) throws {
    self.path = path
    let description = try ModelDescription(path: "\(path)/config.json")
    stated = description
    tokenizer = FolderTokenizer(path)
    tensors = try SafetensorsSet(folder: path)
    let isBare = tensors.entry("wte.weight") != nil || tensors.entry("embed_tokens.weight") != nil
    prefix =
      !isBare ? "" : description.configuration.positions == .learned ? "transformer." : "model."
    try check()
  }

  /// Whether a folder is there that could be a model.
  package static func exists(at path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/config.json")
  }

  /// The parameters under the names of the house plan.
  ///
  /// Throws a problem if a tensor cannot be read or holds a number that is not finite.
  public func parameters() throws -> Parameters {
    var parameters: Parameters = [:]
    try eachParameter { parameters[$0] = $1 }
    return parameters
  }

  /// The parameters one by one, so that a large model need not be in memory twice.
  ///
  /// - Parameter body: Gets each name of the house plan and its tensor.
  /// - Throws: A problem if a tensor cannot be read or holds a number that is not finite.
  package func eachParameter(_ body: (String, Tensor) throws -> Void) throws {
    let shapes = Dictionary(
      uniqueKeysWithValues: configuration.parameterSpecs.map { ($0.name, $0.shape) }
    )
    for packed in configuration.packedTensors {
      // Weights in double stay exact; everything else fits a float.
      if tensors.entry(fileName(packed))?.dtype == .f64 {
        for (name, part) in packed.unpack(try finite(packed, tensors.readDoubles)) {
          if let shape = shapes[name] { try body(name, Tensor(shape, part)) }
        }
      } else {
        for (name, part) in packed.unpack(try finite(packed, tensors.readFloats)) {
          if let shape = shapes[name] { try body(name, Tensor(shape, part)) }
        }
      }
    }
  }

  private func finite<T: BinaryFloatingPoint>(
    _ packed: PackedTensor,
    _ read: (String) throws(FileProblem) -> [T]
  ) throws -> [T] {
    let name = fileName(packed)
    let numbers = try read(name)
    // The sum of x - x is 0 unless an x is not finite; the place is looked for only then.
    let isFinite = numbers.withUnsafeBufferPointer { $0.reduce(0) { $0 + ($1 - $1) } } == 0
    if !isFinite, let index = numbers.firstIndex(where: { !$0.isFinite }) {
      throw ModelFolderProblem(
        .notFinite(tensor: name, index: index),
        file: tensors.path(of: name)
      )
    }
    return numbers
  }

  /// The tokenizer of the folder.
  ///
  /// - Parameter isNeeded: Whether there must be one; else nil stands for one that is missing or
  ///   that Passo cannot read, as a note of `description` says.
  /// - Returns: The tokenizer, or nil.
  /// - Throws: A problem that names the file.
  package func tokenizerIfReadable(isNeeded: Bool) throws -> (any Tokenizer)? {
    guard isNeeded else { return (try? tokenizer.outcome.get()).map { bounded($0.tokenizer) } }
    if let opened = try tokenizer.outcome.get() { return bounded(opened.tokenizer) }
    throw FileProblem.system(.missing, file: "\(path)/tokenizer.json")
  }

  /// A tokenizer whose ids are all rows of the model.
  private func bounded(_ tokenizer: any Tokenizer) -> any Tokenizer {
    let known = configuration.vocabularySize
    return tokenizer.vocabularySize <= known
      ? tokenizer : BoundedTokenizer(tokenizer, vocabularySize: known)
  }

  /// Why there is no tokenizer, if there is none that Passo reads.
  package var tokenizerProblem: FileProblem? {
    switch tokenizer.outcome {
    case .success(nil): .system(.missing, file: "\(path)/tokenizer.json")
    case .success: nil
    case .failure(let problem): problem
    }
  }

  private func fileName(_ packed: PackedTensor) -> String {
    guard !prefix.isEmpty, packed.name.hasPrefix(prefix) else { return packed.name }
    return String(packed.name.dropFirst(prefix.count))
  }

  private func check() throws {
    var known: Set<String> = ["lm_head.weight"]
    for packed in configuration.packedTensors {
      let name = fileName(packed)
      known.insert(name)
      guard let entry = tensors.entry(name) else {
        let closest = Suggestion.closest(to: name, among: tensors.names)
        throw FileProblem.safetensors(.noTensor(name, closest: closest), file: tensors.path)
      }
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

  /// Old folders carry the causal mask or the rotary speeds along; they are no parameters.
  private static func isBuffer(_ name: String) -> Bool {
    name.hasSuffix(".attn.bias") || name.hasSuffix(".attn.masked_bias")
      || name.hasSuffix(".rotary_emb.inv_freq")
  }
}

/// The tokenizer of a folder, read when somebody first asks for it.
private final class FolderTokenizer: Sendable {
  typealias Outcome = Result<OpenedTokenizer?, FileProblem>

  private let folder: String
  private let found = Locked<Outcome?>(nil)

  init(_ folder: String) {
    self.folder = folder
  }

  var outcome: Outcome {
    found.access { found in
      if let found { return found }
      let outcome: Outcome
      do throws(FileProblem) {
        outcome = .success(try TokenizerFile.open(folder: folder))
      } catch {
        outcome = .failure(error)
      }
      found = outcome
      return outcome
    }
  }
}

extension ModelConfiguration {
  /// The sizes of a GPT-2 from `config.json`.
  package init(_ config: GPT2Config) {
    self.init(
      vocabularySize: config.vocabularySize,
      contextLength: config.contextLength,
      width: config.modelWidth,
      layerCount: config.layerCount,
      headCount: config.headCount,
      mlpWidth: config.mlpWidth,
      normEpsilon: config.normEpsilon,
      isTied: config.tiedHead
    )
  }
}

/// What is wrong with the tensors of a model folder.
public struct ModelFolderProblem: Problem, Equatable {
  /// The kinds of wrong.
  public enum Kind: Sendable, Equatable {
    /// A tensor of another shape than the configuration says.
    case shape(tensor: String, needed: [Int], found: [Int])
    /// A number that is NaN or infinite.
    case notFinite(tensor: String, index: Int)
    /// A tensor that has no place in the model.
    case unknownTensor(String)
  }

  /// What is wrong.
  public let kind: Kind

  /// The file.
  public let place: Place?

  init(_ kind: Kind, file: String) {
    self.kind = kind
    place = Place(file: file)
  }

  /// The sentence that names the tensor and what was needed and found.
  public var message: Bilingual {
    switch kind {
    case .shape(let tensor, let needed, let found):
      Bilingual(
        it: "il tensore «\(tensor)» ha forma \(needed) secondo config.json, trovato \(found)",
        en: "tensor '\(tensor)' needs shape \(needed) by config.json, got \(found)"
      )
    case .notFinite(let tensor, let index):
      Bilingual(
        it: "il tensore «\(tensor)» vuole numeri finiti, al posto \(index) ce n'è uno che non lo è",
        en: "tensor '\(tensor)' needs finite numbers, the one at index \(index) is not"
      )
    case .unknownTensor(let tensor):
      Bilingual(
        it: "il modello non ha posto per il tensore «\(tensor)»",
        en: "the model has no place for tensor '\(tensor)'"
      )
    }
  }
}
