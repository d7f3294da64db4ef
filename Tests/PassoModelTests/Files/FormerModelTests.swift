// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoEngine
import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles
@testable import PassoModel

/// A model that takes the place of another.
struct FormerModelTests {
  private let scratch: Scratch
  private var folder: String { scratch.path("m") }

  init() throws { scratch = try Scratch() }

  private func model(_ seed: UInt64 = 1) throws -> (ModelDescription, Parameters) {
    let sizes = ModelConfiguration(
      vocabularySize: 6,
      contextLength: 4,
      width: 4,
      layerCount: 1,
      headCount: 1,
      mlpWidth: 8
    )
    return try (
      ModelDescription(sizes), sizes.initialParameters(seed: seed, standardDeviation: 0.1)
    )
  }

  private func write(_ isUpdate: Bool = false) throws {
    let (description, parameters) = try model()
    let tokenizer = try WordTokenizer(texts: ["a b"])
    try ModelFolder.write(
      description,
      parameters,
      tokenizer: tokenizer,
      to: folder,
      isUpdate: isUpdate
    )
  }

  private func put(_ names: String...) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in names { try Data("{}".utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
  }

  private static let own = [
    "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
  ]

  @Test func nothingOfItStaysAndNothingElseGoes() throws {
    try put(
      "config.json",
      "model.safetensors.index.json",
      "model-00001-of-00002.safetensors",
      "model-00002-of-00002.safetensors",
      "pytorch_model.bin",
      "merges.txt",
      "vocab.json",
      "chat_template.jinja",
      "generation_config.json",
      "checkpoint.safetensors",
      "training.json"
    )
    let strangers = ["README.md", "model-of-mine.safetensors", "notes.txt", "optimizer.pt"]
    for name in strangers { try put(name) }
    try write()
    #expect(try names == (Self.own + strangers).sorted())
    _ = try ModelFolder(path: folder).parameters()
  }

  /// An adapter that stayed would be added to the new weights by whoever opens the folder.
  @Test func anAdapterGoesToo() throws {
    try put("adapter_config.json", "adapter_model.safetensors", "README.md")
    try write()
    #expect(try names == (Self.own + ["README.md"]).sorted())
  }

  /// In the cache of Hugging Face the files of a model are links to what others read too.
  @Test func whatLinksLeadToStays() throws {
    try put("config.json")
    try FileManager.default.createDirectory(
      atPath: scratch.path("blobs"),
      withIntermediateDirectories: true
    )
    for name in ["model.safetensors", "tokenizer.json"] {
      try Data("theirs".utf8).write(to: URL(filePath: scratch.path("blobs/\(name)")))
      #expect(symlink("../blobs/\(name)", "\(folder)/\(name)") == 0)
    }
    try write()
    _ = try ModelFolder(path: folder).parameters()
    for name in ["model.safetensors", "tokenizer.json"] {
      #expect(try scratch.read("blobs/\(name)") == Array("theirs".utf8))
    }
  }

  @Test func aFolderWithoutAModelKeepsItsFiles() throws {
    try put("vocab.txt", "merges.txt", "training.json")
    try write()
    #expect(try names == (Self.own + ["vocab.txt", "merges.txt", "training.json"]).sorted())
  }

  @Test func theSameModelFurtherOnKeepsItsTraining() throws {
    try write()
    try put("checkpoint.safetensors", "training.json")
    try write(true)
    #expect(try names.contains("checkpoint.safetensors") && names.contains("training.json"))
  }

  /// Whoever is stopped in between leaves a folder that nobody takes for either model.
  @Test func whatWasLeftInBetweenSaysSo() throws {
    try write()
    try put("model.safetensors.index.json")
    try FormerModel(in: folder).makeRoom(for: ["model.safetensors"])
    #expect(try names == ["model.safetensors", FolderContents.unfinishedMark])
    #expect(throws: FileProblem.folder(.unfinished, file: folder)) { try ModelFolder(path: folder) }
    #expect(ModelFolder.isReplaceable(folder))
    try write()
    #expect(try names == Self.own)
    _ = try ModelFolder(path: folder).parameters()
  }

  /// What cannot be written whole takes nothing away.
  @Test func aFailureLeavesTheFormerModel() throws {
    try write()
    try put("merges.txt")
    let mark = "\(folder)/\(FolderContents.unfinishedMark)"
    try FileManager.default.createDirectory(atPath: mark, withIntermediateDirectories: true)
    let before = try names
    #expect(throws: FileProblem.system(.notAFile, file: mark)) { try write() }
    #expect(try names == before)
    _ = try ModelFolder(path: folder).parameters()
  }
}
