// SPDX-License-Identifier: MIT

import PassoFiles
import PassoText

/// The model that a folder holds before another takes its place.
///
/// All its files go, and nothing else: shards, an index or a tokenizer that stayed behind would
/// speak for the new model. Its `config.json` goes first and the new one comes last: a folder with
/// one is whole, the old or the new, and one without it that was left in between says so.
struct FormerModel {
  private let folder: String

  /// The names of its files; none where no model is.
  private let parts: [String]

  /// Looks at a folder, which need not be there.
  init(in folder: String) {
    self.folder = folder
    let names = PrivateFolder.names(in: folder)
    let isModel = !Self.signs.isDisjoint(with: names)
    parts = isModel ? names.filter(Self.isPart) : []
  }

  /// Whether a folder was left in the middle of a replacement.
  static func isUnfinished(_ folder: String) -> Bool {
    InputFile.exists("\(folder)/\(FolderContents.unfinishedMark)")
      && !InputFile.exists("\(folder)/\(configuration)")
  }

  /// Removes its files, but for those that are about to be written over.
  ///
  /// - Throws: `FileProblem` if the folder cannot be marked; then nothing was removed.
  func makeRoom(for names: [String]) throws(FileProblem) {
    guard !parts.isEmpty else { return }
    try AtomicFile.write(
      Array(Self.explanation.utf8),
      to: "\(folder)/\(FolderContents.unfinishedMark)"
    )
    NewFiles.remove(Self.configuration, in: folder)
    AtomicFile.flushFolder(folder)
    for name in parts where !names.contains(name) { NewFiles.remove(name, in: folder) }
  }

  /// Says that the new model is whole.
  func finish() { NewFiles.remove(FolderContents.unfinishedMark, in: folder) }

  // MARK: Names

  private static let configuration = "config.json"

  /// The files by which a model is known, a model that is an adapter to another one included.
  private static let signs: Set = [
    configuration, FolderContents.unfinishedMark, "adapter_config.json",
  ]

  private static let explanation = """
    Passo stava sostituendo il modello di questa cartella ed è stato fermato: salvalo di nuovo.
    Passo was replacing the model of this folder and was stopped: save it again.

    """

  private static let names = Set(
    ModelFolder.fileNames + [
      "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
      "tf_model.h5", "flax_model.msgpack",
      // A program that opens the folder would add an adapter to the new weights.
      "adapter_config.json", "adapter_model.safetensors", "adapter_model.bin",
      Checkpoint.fileName, TrainingRecipe.fileName,
    ]
  )

  /// Whether a file of this name in the folder of a model is a part of it.
  private static func isPart(_ name: String) -> Bool {
    names.contains(name) || CompanionFiles.isOne(name)
      || isShard(name, "model-", ".safetensors")
      || isShard(name, "pytorch_model-", ".bin")
  }

  /// `model-00001-of-00003.safetensors`.
  private static func isShard(_ name: String, _ start: String, _ end: String) -> Bool {
    guard name.hasPrefix(start), name.hasSuffix(end) else { return false }
    let numbers = name.dropFirst(start.count).dropLast(end.count)
      .split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 3 && numbers[1] == "of"
      && [numbers[0], numbers[2]].allSatisfy { number in
        !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
      }
  }
}
