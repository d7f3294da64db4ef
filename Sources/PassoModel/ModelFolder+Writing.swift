// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoFiles
import PassoRuntime
import PassoText

extension ModelFolder {
  /// Writes a model in the layout of Hugging Face, so that `transformers` opens it.
  ///
  /// What stood beside the weights in the folder that the model came from is written as it was.
  /// Each file is there whole or not at all; where no model was, none is begun that cannot be
  /// finished; where another one was, nothing of it is left. Weights are written in F32, or in the
  /// 16 bits in which they came.
  ///
  /// - Parameters:
  ///   - description: The sizes, and which tokens begin and end a text.
  ///   - parameters: Where a tensor for each parameter of the configuration is; they are copied one
  ///     by one.
  ///   - tokenizer: From text to ids, if it is known; the description's own files count before it.
  ///   - experiment: How the model has learned; nil if nobody knows.
  ///   - path: The folder, made with those around it if it does not exist.
  ///   - isUpdate: Whether the folder holds this very model already, with other weights.
  /// - Returns: The type in which the weights were written.
  /// - Throws: `FileProblem` that names the file.
  @discardableResult
  package static func write(
    _ description: ModelDescription,
    _ parameters: any ParameterSource,
    tokenizer: (any Tokenizer)?,
    experiment: Experiment? = nil,
    to path: String,
    isUpdate: Bool = false
  ) throws(FileProblem) -> StorageType {
    let new = NewFiles(fileNames + description.companions.files.keys, in: path)
    let former = isUpdate ? nil : FormerModel(in: path)
    try AtomicFile.makeFolder(path)
    do throws(FileProblem) {
      let storage = try storage(description.storage, parameters, path)
      // The largest first: if there is room for it, there is room for the rest.
      try writeWeights(
        description,
        parameters,
        as: storage,
        to: "\(path)/\(weightsName)",
        // A folder of links, as in the cache of Hugging Face, shares its files with others.
        followsLinks: former == nil
      ) { () throws(FileProblem) in try former?.makeRoom(for: [weightsName]) }
      // Old words about new weights would be worse than waiting.
      try Interruption.deferring { () throws(FileProblem) in
        try writeRest(description, tokenizer, experiment, to: path)
        former?.finish()
      }
      return storage
    } catch {
      if new.contains(configName) { new.takeBack() }
      throw error
    }
  }

  /// Writes what stands beside the weights.
  private static func writeRest(
    _ description: ModelDescription,
    _ tokenizer: (any Tokenizer)?,
    _ experiment: Experiment?,
    to path: String
  ) throws(FileProblem) {
    let companions = description.companions
    if let tokenizer, !companions.holdTokenizer {
      try TokenizerFile.write(tokenizer, folder: path)
    }
    for name in companions.files.keys.sorted() {
      try AtomicFile.write(companions.files[name] ?? [], to: "\(path)/\(name)")
    }
    if let experiment {
      try AtomicFile.write(experiment.encoded, to: "\(path)/\(Experiment.fileName)")
    }
    try AtomicFile.write(description.encoded(), to: "\(path)/\(configName)")
  }

  /// Whether a folder has a file that a model would take the place of.
  package static func isInTheWay(of path: String) -> Bool {
    fileNames.contains { InputFile.exists("\(path)/\($0)") }
  }

  /// Whether what a model would take the place of is a model: other programs have files of the same
  /// names.
  package static func isReplaceable(_ path: String) -> Bool {
    if FormerModel.isUnfinished(path) { return true }
    let weights = "\(path)/\(weightsName)"
    return (!InputFile.exists(weights) || (try? SafetensorsFile(path: weights)) != nil)
      && configurationIsModel(path) == true
  }

  /// Whether the `config.json` of a folder speaks of a model; nil if there is none, or it is no
  /// JSON object.
  static func configurationIsModel(_ path: String) -> Bool? {
    guard
      let bytes = try? InputFile.read(
        path: "\(path)/\(configName)",
        limit: ModelDescription.largestFile
      )
    else { return nil }
    var (reader, isModel) = (JSONReader(bytes), false)
    do throws(JSONFault) {
      try reader.object { (key, reader) throws(JSONFault) in
        if key == "model_type" || key == "architectures" { isModel = true }
        try reader.skip()
      }
    } catch { return nil }
    return isModel
  }

  /// The files of a model.
  static let fileNames = [weightsName, configName, Experiment.fileName] + CompanionFiles.names

  private static let weightsName = "model.safetensors"
  private static let configName = "config.json"

  private static func writeWeights(
    _ description: ModelDescription,
    _ parameters: any ParameterSource,
    as storage: StorageType,
    to path: String,
    followsLinks: Bool,
    beforeNaming: () throws(FileProblem) -> Void
  ) throws(FileProblem) {
    let tensors = description.configuration.packedTensors.map { packed in
      let numbers: @Sendable () throws -> [Float] = {
        packed.stored(try Self.numbers(of: packed.parts, parameters, path))
      }
      return OutgoingTensor(
        name: packed.name,
        shape: packed.shape,
        values: storage == .f32 ? .floats(numbers) : .small(storage, numbers)
      )
    }
    try SafetensorsWriter.write(
      tensors,
      metadata: ["format": "pt"],
      to: path,
      followsLinks: followsLinks,
      beforeNaming: beforeNaming
    )
  }
}

extension ModelFolder {
  /// The type in which weights are written: F32 where they have grown out of F16.
  private static func storage(
    _ usual: StorageType,
    _ parameters: any ParameterSource,
    _ path: String
  ) throws(FileProblem) -> StorageType {
    guard usual == .f16 else { return usual }
    var overflows = false
    func look(_ name: ValueName, _ tensor: Tensor) {
      overflows = overflows || usual.overflows(tensor)
    }
    try eachParameter(parameters, path, isNeeded: { _ in !overflows }, look)
    return overflows ? .f32 : usual
  }

  /// What to say of weights that came in F16 and were written in F32.
  package static var overflowNote: Bilingual {
    Bilingual(
      it: "i pesi sono scritti in F32: in F16, dove il massimo è 65 504, qualcuno non ci sta più",
      en: "the weights are written as F32: some no longer fit into F16, whose largest is 65,504"
    )
  }

  /// The numbers of parameters, in the order of their names.
  private static func numbers(
    of names: [ValueName],
    _ parameters: any ParameterSource,
    _ path: String
  ) throws(FileProblem) -> [[Float]] {
    var found: [ValueName: [Float]] = [:]
    try eachParameter(parameters, path, isNeeded: names.contains) { found[$0] = $1.floats }
    return names.map { found[$0] ?? [] }
  }

  private static func eachParameter(
    _ parameters: any ParameterSource,
    _ path: String,
    isNeeded: (ValueName) -> Bool,
    _ body: (ValueName, Tensor) -> Void
  ) throws(FileProblem) {
    do {
      try parameters.eachParameter(isNeeded: isNeeded, body: body)
    } catch let problem as FileProblem {
      throw problem
    } catch let problem as ExecutionProblem {
      try FileProblem.refused(for: path) { () throws(ExecutionProblem) in throw problem }
    } catch { throw .system(.stopped, file: path) }
  }
}

extension StorageType {
  /// Whether a tensor has numbers that would become infinite: binary16 has none above 65 504.
  fileprivate func overflows(_ tensor: Tensor) -> Bool {
    self == .f16 && tensor.floats.contains { abs($0) >= 65_520 }
  }
}
