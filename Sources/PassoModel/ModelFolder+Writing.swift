// SPDX-License-Identifier: MIT

import PassoData
import PassoEngine
import PassoText

extension ModelFolder {
  /// Writes a model in the layout of Hugging Face, so that `transformers` opens it.
  ///
  /// Each file is there whole or not at all. Weights are written in F32.
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
    try AtomicFile.makeFolder(path)
    try AtomicFile.write(description.encoded(), to: "\(path)/config.json")
    if let tokenizer { try TokenizerFile.write(tokenizer, folder: path) }
    let tensors = description.configuration.packedTensors.map { packed in
      OutgoingTensor(
        name: packed.name,
        shape: packed.shape,
        values: .floats {
          packed.pack(packed.parts.map { parameters[$0]?.floats ?? [] })
        }
      )
    }
    try SafetensorsWriter.write(
      tensors,
      metadata: ["format": "pt"],
      to: "\(path)/model.safetensors"
    )
  }
}
