// SPDX-License-Identifier: MIT

import Foundation
import PassoData
import PassoModel
import PassoText
import Testing

/// Model folders in the REPL: each with its own tokens, or with its ids.
struct FolderTokenizerTests {
  private let folder = NSTemporaryDirectory() + "passo-folder-\(UUID().uuidString)"

  /// A probe after a model was saved that learned from a text.
  private func save(_ kind: String, _ text: String) throws {
    let output = try ShellProbe().run(
      ":text \"\(text)\"",
      ":tokenizer \(kind)",
      ":save \(folder)"
    )
    #expect(output.contains("saved in"), "\(output)")
  }

  private func remove() { try? FileManager.default.removeItem(atPath: folder) }

  @Test(arguments: ["chars", "words"])
  func aModelOpensWithATextThatItKnows(kind: String) throws {
    defer { remove() }
    try save(kind, "emma olivia")
    let probe = try ShellProbe()
    let opened = probe.type(":model \(folder)")
    #expect(opened.outcome != .failed, "\(opened)")
    let note = "the text so far does not suit this model: now it is 'e"
    #expect(opened.output.contains(note), "\(opened.output)")
    #expect(!probe.run(":text").contains("gatto"))
    #expect(!probe.run(":step 3", ":predict").contains("error"))
    #expect(!probe.run(":text \"emma\"", ":model").contains("does not suit"))
    let wrong = probe.type(":text \"Il gatto\"")
    #expect(wrong.outcome == .failed && wrong.errors.contains("of the vocabulary"))
  }

  @Test func textsInFilesBecomeTheTokensOfTheFolder() throws {
    defer { remove() }
    try save("chars", "emma olivia")
    let file = folder + "/names.txt"
    try "emma\nliva\n".write(toFile: file, atomically: true, encoding: .utf8)
    let probe = try ShellProbe()
    let output = probe.run(":corpus \(file)", ":model \(folder)", ":text")
    #expect(!output.contains("error") && output.contains("names.txt"), "\(output)")
    try "Xyz\n".write(toFile: file, atomically: true, encoding: .utf8)
    let other = try ShellProbe().run(":corpus \(file)", ":model \(folder)", ":text")
    #expect(!other.contains("error") && other.contains("does not suit"), "\(other)")
  }

  @Test func aTokenizerThatIsNotReadLeavesIDs() throws {
    defer { remove() }
    try save("words", "Il gatto dorme sul divano")
    let magic = #"{"version":"1.0","model":{"type":"Magic","vocab":{"a":0}}}"#
    try magic.write(toFile: folder + "/tokenizer.json", atomically: true, encoding: .utf8)
    let probe = try ShellProbe(width: 200)
    let opened = probe.type(":model \(folder)")
    #expect(opened.outcome != .failed, "\(opened)")
    #expect(opened.output.contains("tokens have their ids only"), "\(opened.output)")
    #expect(opened.output.contains("'model.type' is 'Magic'"))
    #expect(probe.run(":tokens").contains("#2"))
    let typed = probe.type(":predict \"Il gatto\"")
    #expect(typed.outcome == .failed && typed.errors.contains("by number only"), "\(typed)")
    #expect(typed.errors.contains("Magic"))
    #expect(probe.run(":predict [1, 2] 2").contains("after '#1 #2'"))
    #expect(probe.run(":near 2").contains("nearest to #2"))
    #expect(probe.run(":near #2").contains("nearest to #2"))
    let text = probe.run(":text [3, 2, 1]")
    #expect(!text.contains("error") && text.contains("[3, 2, 1]"), "\(text)")
    #expect(probe.type(":text Il gatto").outcome == .failed)
    #expect(probe.type(":text [3, 99]").errors.contains("from 0 to 5"))
    #expect(!probe.run(":generate [1, 2] 3").contains("error"))
    // Its file goes with the model as it is: others can read it.
    let again = folder + "/again"
    #expect(probe.run(":save \(again)").contains("saved in"))
    #expect(try String(contentsOfFile: again + "/tokenizer.json", encoding: .utf8) == magic)
  }

  @Test func aLargeVocabularyIsListedWhenAskedFor() throws {
    let probe = try ShellProbe(width: 200)
    probe.run(":tokenizer bpe 270")
    let output = probe.run(":tokens")
    #expect(output.contains("vocabulary: 2") && output.contains(":tokens all"), "\(output)")
    #expect(!output.contains("·"))
    #expect(probe.run(":tokens all").contains("·"))
    let first = probe.run(":tokens 0:1")
    #expect(first.contains("<start>") && !first.contains("·"), "\(first)")
    #expect(probe.run(":tokens 9999:").contains("no such token"))
    let found = probe.run(":tokens \"g\"")
    #expect(found.contains("g") && !found.contains("no such token"), "\(found)")
  }
}
