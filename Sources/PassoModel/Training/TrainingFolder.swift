// SPDX-License-Identifier: MIT

import Glibc
import PassoFiles
import PassoText

/// The folder that a training writes, which belongs to it alone until the last who holds it lets
/// go.
///
/// Everything that speaks against writing there is said when it is opened, before the first step.
package final class TrainingFolder {
  /// What is to become of what is there.
  package enum Intent: Sendable {
    /// A new training, where there is none and no other model.
    case begin
    /// A new training, whatever is there.
    case replace
    /// The training that is there, further.
    case resume
  }

  /// As the person named it.
  package let path: String

  /// Where the training that is gone on with has come to; nil for one that begins.
  package let checkpoint: Checkpoint?

  /// How the training that is gone on with was begun, if it says so.
  package let recipe: TrainingRecipe?

  private let claim: FolderClaim
  private let isNew: Bool

  /// Looks at a folder, and takes it.
  ///
  /// - Parameters:
  ///   - path: The folder; it is made, with those around it, if it is not there.
  ///   - model: The folder of the model that the training begins with, if there is one.
  ///   - tokenizer: The file of the tokenizer that it is to use, if it is one.
  ///   - intent: What is to become of what is there.
  /// - Throws: `TrainingFolderProblem` if something else is there than was meant, `FileProblem` if
  ///   the
  ///   folder cannot be used, or somebody else writes there.
  package init(
    _ path: String,
    model: String? = nil,
    tokenizer: String? = nil,
    _ intent: Intent
  ) throws {
    self.path = path
    if intent == .begin, let model, Self.isSame(path, model) {
      throw TrainingFolderProblem.sameAsModel(folder: path)
    }
    if intent != .resume, ModelFolder.configurationIsModel(path) == false {
      throw FileProblem.folder(.otherProgram, file: path)
    }
    if intent != .replace, FormerModel.isUnfinished(path) {
      throw FileProblem.folder(.unfinished, file: path)
    }
    // A folder that is not there is not made for a training that is not there.
    if intent == .resume { try Self.expectTraining(in: path) }
    isNew = !InputFile.exists(path)
    try AtomicFile.makeFolder(path)
    do {
      guard access(path, W_OK | X_OK) == 0 else {
        throw FileProblem.system(.last(writing: true), file: path)
      }
      claim = try FolderClaim(path)
      checkpoint = try intent == .replace ? nil : Self.checkpoint(in: path)
      recipe = try intent == .resume ? TrainingRecipe(folder: path) : nil
      if intent == .begin { try expectRoom(using: tokenizer) }
    } catch {
      if isNew { rmdir(path) }
      throw error
    }
  }

  deinit {
    // Nothing happens to a folder that has something in it.
    if isNew { rmdir(path) }
  }

  private static func checkpoint(in path: String) throws -> Checkpoint? {
    Checkpoint.exists(in: path) ? try Checkpoint(folder: path) : nil
  }

  private static func expectTraining(in path: String) throws(TrainingFolderProblem) {
    guard !Checkpoint.exists(in: path), !TrainingRecipe.exists(in: path) else { return }
    throw .nothingToResume(folder: path, holdsModel: holdsModel(path))
  }

  private func expectRoom(using tokenizer: String?) throws {
    if let checkpoint {
      throw TrainingFolderProblem.alreadyThere(folder: path, step: checkpoint.steps)
    }
    // A training stopped before the first save has lost nothing that could be kept.
    if TrainingRecipe.exists(in: path) { return }
    if Self.holdsModel(path) { throw TrainingFolderProblem.otherModel(folder: path) }
    let own = "\(path)/tokenizer.json"
    let isUsed = tokenizer.map { Self.isSame($0, own) || Self.isSame($0, path) } ?? false
    if InputFile.exists(own), !isUsed {
      throw FileProblem.folder(.tokenizerThere(folder: path), file: path)
    }
  }

  /// Whether a folder holds a model, or parts of one, in whatever form.
  private static func holdsModel(_ path: String) -> Bool {
    let ends = [".safetensors", ".safetensors.index.json", ".bin", ".pt", ".pth", ".gguf", ".ckpt"]
    return PrivateFolder.names(in: path).contains { name in
      name == "config.json" || !name.hasPrefix(".") && ends.contains { name.hasSuffix($0) }
    }
  }

  /// Whether two names, by whatever way, lead to the same folder.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(left, &first) == 0, stat(right, &second) == 0 else { return false }
    return first.st_ino == second.st_ino && first.st_dev == second.st_dev
  }
}
