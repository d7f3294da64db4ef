// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoText

extension ModelFolder {
  /// Writes a model in the layout of Hugging Face, so that `transformers` opens it.
  ///
  /// Each file is there whole or not at all; where no model was, none is begun that cannot be
  /// finished. Weights are written in F32.
  ///
  /// - Parameters:
  ///   - description: The sizes, and which tokens begin and end a text.
  ///   - parameters: A tensor for each parameter of the configuration.
  ///   - tokenizer: From text to ids, if it is known.
  ///   - path: The folder, made with those around it if it does not exist.
  /// - Throws: `FileProblem` that names the file.
  package static func write(
    _ description: ModelDescription,
    _ parameters: Parameters,
    tokenizer: (any Tokenizer)?,
    to path: String
  ) throws(FileProblem) {
    let new = NewFiles(fileNames, in: path)
    try AtomicFile.makeFolder(path)
    do throws(FileProblem) {
      // The largest first: if there is room for it, there is room for the rest.
      try writeWeights(description.configuration, parameters, to: "\(path)/\(weightsName)")
      if let tokenizer { try TokenizerFile.write(tokenizer, folder: path) }
      try AtomicFile.write(description.encoded(), to: "\(path)/\(configName)")
    } catch {
      if new.contains(configName) { new.takeBack() }
      throw error
    }
  }

  /// Whether a folder has a file that a model would take the place of.
  package static func isInTheWay(of path: String) -> Bool {
    fileNames.contains { InputFile.exists("\(path)/\($0)") }
  }

  /// Whether what a model would take the place of is a model: other programs have files of the same
  /// names.
  package static func isReplaceable(_ path: String) -> Bool {
    let weights = "\(path)/\(weightsName)"
    guard !InputFile.exists(weights) || (try? SafetensorsFile(path: weights)) != nil,
      let bytes = try? InputFile.read(
        path: "\(path)/\(configName)",
        limit: ModelConfigFile.largestFile
      )
    else { return false }
    var (reader, isModel) = (JSONReader(bytes), false)
    do throws(JSONFault) {
      try reader.object { (key, reader) throws(JSONFault) in
        if key == "model_type" || key == "architectures" { isModel = true }
        try reader.skip()
      }
    } catch { return false }
    return isModel
  }

  /// The files of a model.
  static let fileNames = [weightsName, configName] + TokenizerFile.names

  private static let weightsName = "model.safetensors"
  private static let configName = "config.json"

  private static func writeWeights(
    _ configuration: ModelConfiguration,
    _ parameters: Parameters,
    to path: String
  ) throws(FileProblem) {
    let tensors = configuration.packedTensors.map { packed in
      OutgoingTensor(
        name: packed.name,
        shape: packed.shape,
        values: .floats {
          packed.pack(packed.parts.map { parameters[$0]?.floats ?? [] })
        }
      )
    }
    try SafetensorsWriter.write(tensors, metadata: ["format": "pt"], to: path)
  }
}
