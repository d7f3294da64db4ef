// SPDX-License-Identifier: MIT

import PassoTestSupport
import PassoText
import Testing

@testable import PassoFiles
@testable import PassoModel

/// Folders that hold something else than a training that is about to be written there.
struct OccupiedFolderTests {
  private let scratch: Scratch
  private var folder: String { scratch.path("m") }

  init() throws {
    scratch = try Scratch()
    try AtomicFile.makeFolder(folder)
  }

  private func put(_ text: String, _ name: String) throws {
    try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(name)")
  }

  private func problem(
    tokenizer: String? = nil,
    _ intent: TrainingFolder.Intent
  ) -> FileProblem? {
    do {
      _ = try TrainingFolder(folder, tokenizer: tokenizer, intent)
      return nil
    } catch {
      return error as? FileProblem
    }
  }

  @Test func theConfigurationOfAnotherProgramStays() throws {
    try put(#"{"port":80}"#, "config.json")
    #expect(problem(.begin) == .folder(.otherProgram, file: folder))
    #expect(problem(.replace) == .folder(.otherProgram, file: folder))
    try put(#"{"model_type":"gpt2"}"#, "config.json")
    #expect(problem(.replace) == nil)
  }

  @Test func aTokenizerStaysUnlessItIsUsed() throws {
    try put("{}", "tokenizer.json")
    #expect(problem(.begin) == .folder(.tokenizerThere(folder: folder), file: folder))
    #expect(problem(tokenizer: "\(folder)/./tokenizer.json", .begin) == nil)
    #expect(problem(tokenizer: folder, .begin) == nil)
    #expect(problem(.replace) == nil)
  }

  @Test func anUnfinishedModelIsNamedAsSuch() throws {
    try put("", FolderContents.unfinishedMark)
    try put("", "model.safetensors")
    #expect(problem(.begin) == .folder(.unfinished, file: folder))
    #expect(problem(.resume) == .folder(.unfinished, file: folder))
    #expect(problem(.replace) == nil)
  }

  @Test func aNameThatLooksLikeAnOptionIsNone() {
    #expect("-x.txt".inShell == "./-x.txt")
    #expect("- x.txt".inShell == "'./- x.txt'")
    #expect("-".inShell == "-")
  }
}
