// SPDX-License-Identifier: MIT
import Foundation
import PassoShell
import Testing

@testable import passo

final class HistoryFileTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("passo-history-\(UUID().uuidString)")

  private var path: String { folder.appendingPathComponent("state/passo/history").path }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func contents() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func put(_ data: Data) throws {
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try data.write(to: URL(fileURLWithPath: path))
  }

  @Test func entriesComeBackInOrderAsUTF8() throws {
    let first = HistoryFile(path: path)
    for line in [":text \"perch\u{E9}\"", "\u{6F22}\u{1F642}"] { #expect(first.append(line)) }
    let second = HistoryFile(path: path)
    #expect(second.load() == [":text \"perch\u{E9}\"", "\u{6F22}\u{1F642}"])
    #expect(try contents() == ":text \"perch\u{E9}\"\n\u{6F22}\u{1F642}\n")
  }

  @Test func onlyTheOwnerMayRead() throws {
    let history = HistoryFile(path: path)
    _ = history.append(":step")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func sessionsInterleaveWithoutLoss() throws {
    let left = HistoryFile(path: path)
    let right = HistoryFile(path: path)
    for number in 0..<3 {
      _ = left.append("l\(number)")
      _ = right.append("r\(number)")
    }
    #expect(try contents() == "l0\nr0\nl1\nr1\nl2\nr2\n")
  }

  @Test(arguments: [" :secret", "", "a\u{1B}[2J", "a\nb"])
  func someLinesAreNoEntries(line: String) throws {
    let history = HistoryFile(path: path)
    #expect(!history.append(line))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func repetitionIsKeptOnce() throws {
    try put(Data(":step\n".utf8))
    let history = HistoryFile(path: path)
    _ = history.load()
    for line in [":step", ":back", ":back", ":step"] { #expect(history.append(line)) }
    #expect(try contents() == ":step\n:back\n:step\n")
  }

  @Test func longFilesAreCompactedToTheirEnd() throws {
    try put(Data((0...HistoryFile.limit).map { "line \($0)\n" }.joined().utf8))
    let history = HistoryFile(path: path)
    let loaded = history.load()
    #expect(loaded.count == HistoryFile.kept)
    #expect(loaded.last == "line \(HistoryFile.limit)")
    #expect(try contents() == loaded.map { $0 + "\n" }.joined())
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["history"])
  }

  @Test func filesUpToTheLimitAreLeftAlone() throws {
    let data = Data((0..<HistoryFile.limit).map { "line \($0)\n" }.joined().utf8)
    try put(data)
    let history = HistoryFile(path: path)
    #expect(history.load().count == HistoryFile.kept)
    #expect(try contents() == String(decoding: data, as: UTF8.self))
  }

  @Test func entryOfAnotherSessionOutlivesCompaction() throws {
    let early = HistoryFile(path: path)
    _ = early.append("early")
    try put(Data((0...HistoryFile.limit).map { "line \($0)\n" }.joined().utf8))
    let late = HistoryFile(path: path)
    _ = late.load()
    _ = early.append("after")
    #expect(try contents().hasSuffix("line \(HistoryFile.limit)\nafter\n"))
  }

  @Test func foreignBytesAreRepairedAndHugeFilesReadFromTheirEnd() throws {
    let filler = Data(String(repeating: "x", count: 1 << 20).utf8)
    try put(filler + Data([0x0A, 0xFF, 0x61, 0x0A]) + Data("a\u{7}\nlast\n".utf8))
    let history = HistoryFile(path: path)
    #expect(history.load() == ["\u{FFFD}a", "last"])
  }

  @Test func halfALineIsTakenAway() throws {
    try put(Data(":run\n:tra".utf8))
    let history = HistoryFile(path: path)
    _ = history.load()
    #expect(history.append(":step"))
    #expect(try contents() == ":run\n:step\n")
  }

  @Test func whatCannotBeWrittenIsNoReasonToStop() throws {
    try put(Data())
    let below = HistoryFile(path: path + "/history")
    #expect(below.append(":step"))
    #expect(below.load().isEmpty)
    let none = HistoryFile(path: nil)
    #expect(none.append(":step"))
    #expect(none.load().isEmpty)
  }

  @Test func standardPathFollowsTheXDGFolders() {
    func path(_ environment: [String: String]) -> String? {
      StateFile.path("history", environment)
    }
    #expect(path(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/passo/history")
    #expect(path(["XDG_STATE_HOME": "s", "HOME": "/h"]) == "/h/.local/state/passo/history")
    #expect(path([:]) == nil)
  }
}
