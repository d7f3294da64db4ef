// SPDX-License-Identifier: MIT

import Foundation
import PassoText
import Testing

@testable import PassoShell

struct RecordingTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "passo-\(UUID()).passo").path

  /// A shell that has carried out lines.
  private func shell(
    _ lines: [String],
    _ language: Language = .en,
    interrupted: @escaping () -> Bool = { false }
  ) throws -> ShellProbe {
    let probe = try ShellProbe(language, lessons: LessonFolder.path, interrupted: interrupted)
    for line in lines {
      let reply = probe.type(line)
      #expect(reply.outcome == .done, "\(line): \(reply.errors)")
    }
    return probe
  }

  private func remove() { try? FileManager.default.removeItem(atPath: path) }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func write(_ text: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// The lines that are no comments.
  private func commands() throws -> [String] {
    try text().split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
  }

  static let work = [
    ":text \"Il gatto dorme\" \"La volpe \\\"rossa\\\" corre\"", ":optimizer adamw 0.01 rounds 2",
    ":precision f64", ":until loss", "let x = logits[0, 1] * 2", ":train 3", ":back 5",
    ":show loss", ":mask window 2", "  :step 4",
  ]

  @Test(arguments: 0...work.count)
  func whatWasRecordedReplaysToTheSameState(before: Int) throws {
    defer { remove() }
    let lines = Self.work
    let middle = [":record \(path)"]
    let recorded = try shell(Array(lines[..<before]) + middle + Array(lines[before...]), .it)
    #expect(try commands() == lines)
    let replayed = try ShellProbe(.en)
    let reply = replayed.type(":replay \(path)")
    #expect(reply.outcome == .done, "\(reply.errors)")
    #expect(reply.output.contains("0:0> :text"))
    #expect(reply.output.contains("update 0, step"))
    #expect(try replayed.shell.session.stateHash == recorded.shell.session.stateHash)
    #expect(replayed.shell.session.bindings.isEmpty == recorded.shell.session.bindings.isEmpty)
    #expect(replayed.shell.console.language == .en)
  }

  @Test func eachLineIsOnTheDiskOnceItIsDone() throws {
    defer { remove() }
    let probe = try shell([":record \(path)"])
    var size = try text().count
    for line in [":step", ":where", "1 + 1", "let a = 3"] {
      probe.type(line)
      #expect(try text().count > size, "\(line)")
      size = try text().count
      let last = try text().split(separator: "\n").last.map(String.init)
      let isChange = line == ":step" || line.hasPrefix("let")
      #expect(try last == (isChange ? "# state \(probe.shell.session.stateDigits)" : line))
    }
  }

  @Test func failuresAndWhatConcernsTheConsoleAreNotRecorded() throws {
    defer { remove() }
    let probe = try shell([":record \(path)", ":lang it", ":plain off", ":hash", ":help"])
    probe.type(":stpe")
    probe.type("nonsense + 1")
    probe.type("   ")
    #expect(try commands().isEmpty)
    let folder = path + ".model"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    probe.type(":save \(folder)")
    #expect(try commands().isEmpty)
    #expect(try text().contains("# not repeated, it writes files: :save \(folder)\n"))
    #expect(probe.type(":record off").output.contains("righe: 0"))
    probe.type(":step")
    #expect(try commands().isEmpty)
  }

  @Test func aFileThatIsThereIsKeptUnlessItIsToBeReplaced() throws {
    defer { remove() }
    let other = "# passo session 1\n:step\n"
    try write(other)
    let probe = try ShellProbe()
    let reply = probe.type(":record \(path)")
    #expect(reply.outcome == .failed)
    #expect(reply.errors.contains("hint: :record \(path) replace takes its place"))
    #expect(try text() == other)
    #expect(probe.type(":record").output == "nothing is being recorded\n")
    #expect(probe.type(":record \(path) replace").output == "recording in \(path), lines: 0\n")
    #expect(try text().hasPrefix("# passo session 1\n# begins with: model gatto seed 7, text"))
  }

  @Test(arguments: ["/nowhere/file", "/tmp", "/dev/null"])
  func whatCannotBeWrittenIsOneSentence(path: String) throws {
    let probe = try ShellProbe()
    let reply = probe.type(":record \(path) replace")
    #expect(reply.outcome == .failed)
    #expect(reply.errors.hasPrefix("\(path): error: needs"))
    #expect(probe.type(":record").output == "nothing is being recorded\n")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskEndsTheRecordingOnly() throws {
    let probe = try ShellProbe()
    probe.shell.journal.recorder = try Recorder(appendingTo: "/dev/full")
    let reply = probe.type(":step")
    #expect(reply.outcome == .done)
    #expect(
      reply.errors == """
        /dev/full: error: needs room on the disk, got a full disk; the recording ends here
        hint: make room, or choose another disk

        """
    )
    #expect(probe.type(":step").errors.isEmpty)
    #expect(probe.shell.session.timeline.execution.cursor == 2)
  }

  /// What a kill leaves in the middle of a line costs that line only.
  @Test(arguments: ["# state 1ba9", "# st", ":matchless", ":step"])
  func aTornLastLineDoesNotCostTheSession(rest: String) throws {
    defer { remove() }
    let recorded = try shell([":record \(path)", ":step 3"])
    try write(try text() + rest)
    let replayed = try ShellProbe(.en)
    let reply = replayed.type(":replay \(path)")
    #expect(reply.outcome == .done, "\(reply.errors)")
    let isWhole = rest == ":step"
    #expect(reply.output.contains("not whole, and does not count") != isWhole)
    #expect(recorded.shell.session.timeline.execution.cursor == 3)
    #expect(replayed.shell.session.timeline.execution.cursor == (isWhole ? 4 : 3))
    // The same elsewhere is a mistake, as it was.
    try write(try text() + "\n:step\n")
    let isComment = rest == "# st"
    let outcome = replayed.type(":replay \(path)").outcome
    #expect(outcome == (isWhole || isComment ? .done : .failed))
  }

  @Test func twoSessionsDoNotRecordInOneFile() throws {
    defer { remove() }
    let first = try shell([":record \(path)", ":step"])
    let second = try ShellProbe(.en)
    let reply = second.type(":record \(path) replace")
    #expect(reply.outcome == .failed && reply.errors.contains("another process is writing here"))
    #expect(first.type(":step").errors.isEmpty)
    #expect(try commands() == [":step", ":step"])
    #expect(first.type(":record \(path) replace").outcome == .done)
  }

  @Test func aLineThatCtrlCStoppedIsRecordedAsWhatItDid() throws {
    final class Pressed { var left = Int.max }
    defer { remove() }
    let pressed = Pressed()
    let probe = try shell(
      [":step 7", ":record \(path)"],
      interrupted: {
        pressed.left -= 1
        return pressed.left < 0
      }
    )
    // In the middle of the training.
    pressed.left = 100
    #expect(probe.type(":train 100").outcome == .done)
    pressed.left = .max
    #expect(probe.type(":mask none").outcome == .done)
    #expect(try text().contains("# stopped by Ctrl-C: :train 100\n:step "))
    let replayed = try shell([":replay \(path)"])
    #expect(try replayed.shell.session.stateHash == probe.shell.session.stateHash)
    #expect(try commands().count == 3)
  }

  @Test func aLessonIsPartOfASession() throws {
    defer { remove() }
    let probe = try shell([":lesson 1", "1389", ":record \(path)", ":continue"])
    let replayed = try shell([":replay \(path)"], .it)
    #expect(try replayed.shell.session.stateHash == probe.shell.session.stateHash)
    #expect(replayed.shell.course.preparedLine == probe.shell.course.preparedLine)
    #expect(replayed.shell.promptParts.lesson == "01-labels")
  }

  @Test func aReplayedSessionCanBeRecordedAgain() throws {
    defer { remove() }
    let session = try shell([":record \(path)"] + Self.work).shell.session
    let first = try text()
    _ = try shell([":replay \(path)", ":record \(path) replace"])
    // The states in between were not looked at again.
    let wanted = first.split(separator: "\n").filter { !$0.hasPrefix("# state") }
    #expect(try text().split(separator: "\n").filter { !$0.hasPrefix("# state") } == wanted)
    #expect(try shell([":replay \(path)"]).shell.session.stateHash == session.stateHash)
  }
}

struct ReplayTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "passo-\(UUID()).passo").path

  /// Replays a file in a session that has done something; gives the shell and what was reported.
  private func replay(_ bytes: [UInt8]) throws -> (ShellProbe, errors: String) {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(filePath: path))
    let probe = try ShellProbe()
    probe.type(":step 3")
    probe.type("let mine = 1")
    return (probe, probe.type(":replay \(path)").errors)
  }

  @Test(arguments: [
    ("", 1, "a session begins with the line '# passo session 1', which is not here"),
    (":step\n", 1, "a session begins with the line '# passo session 1', which is not here"),
    ("# passo session 2\n:step\n", 1, "needs a session of version 1, got '2'"),
    (
      "# passo session 1\n:step\n# state xyz\n", 3,
      "'# state' needs 16 hexadecimal digits, got 'xyz'"
    ),
    ("# passo session 1\n:step\n:replay x\n", 3, "a recorded session cannot contain ':replay'"),
    ("# passo session 1\n  :rec off\n", 2, "a recorded session cannot contain ':record'"),
    ("# passo session 1\n:step\u{0}\n", 2, "needs text in UTF-8, got bytes that are not"),
    ("# passo session 1\n:step\n\n:stpe\n", 4, "':stpe': there is no command ':stpe'"),
    (
      "# passo session 1\r\n:step\r\n:goto 999\r\n", 3,
      "':goto 999': steps go from 0 to 95, got 999"
    ),
    (
      "# passo session 1\n:lang it\nlet mine = 2\nlogitz\n", 4,
      "'logitz': no value is called 'logitz'"
    ),
  ])
  func aMistakeInAFileChangesNothing(text: String, line: Int, expected: String) throws {
    let (probe, errors) = try replay(Array(text.utf8))
    #expect(errors.hasPrefix("\(path):\(line): error: \(expected)\n"), "\(errors)")
    #expect(errors.split(separator: "\n").count <= 2)
    #expect(probe.shell.session.timeline.execution.cursor == 3)
    #expect(probe.shell.session.bindings["mine"]?[0] == 1)
    #expect(probe.shell.console.language == .en)
  }

  @Test func aSessionOfAStrangerWritesNoFiles() throws {
    let there = path + ".written"
    let lines = ["# passo session 1", ":run", ":save \(there)", ":export \(there).html", ":step"]
    let (probe, errors) = try replay(Array((lines.joined(separator: "\n") + "\n").utf8))
    #expect(errors.isEmpty && probe.shell.session.timeline.update == 1, "\(errors)")
    for suffix in ["", ".html"] {
      #expect(!FileManager.default.fileExists(atPath: there + suffix))
    }
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    let bytes = Array("# passo session 1\n:step\n".utf8) + [0xFF, 0xFE, 0x0A]
    #expect(try replay(bytes).errors.hasPrefix("\(path):3: error: needs text in UTF-8"))
  }

  @Test func aFileThatIsTooLargeIsRefused() throws {
    let bytes = Array("# passo session 1\n".utf8) + [UInt8](repeating: 0x20, count: 9 << 20)
    #expect(try replay(bytes).errors.hasPrefix("\(path): error: needs at most 8 388 608 bytes"))
  }

  @Test(arguments: [
    ("/nowhere", "needs an existing file"), ("/tmp", "needs a file, got something"),
  ])
  func whatIsNoFileIsRefused(path: String, expected: String) throws {
    let reply = try ShellProbe().type(":replay \(path)")
    #expect(reply.errors.hasPrefix("\(path): error: \(expected)"), "\(reply.errors)")
  }

  @Test func aStateThatDiffersIsFoundAtItsLineAndTheSessionStaysThere() throws {
    let lines = [":step", ":until logits", ":train 2"]
    let recorder = try ShellProbe()
    recorder.type(":record \(path)")
    for line in lines { recorder.type(line) }
    var text = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let place = try #require(text.firstIndex { $0 == ":until logits" }) + 1
    let needed = text[place].dropFirst("# state ".count)
    text[place] = "# state 00000000000000ab"
    let (probe, errors) = try replay(Array(text.joined(separator: "\n").utf8))
    #expect(
      errors.hasPrefix(
        "\(path):\(place + 1): error: after ':until logits' needs the state 00000000000000ab,"
          + " got \(needed)\n"
      )
    )
    #expect(try probe.shell.session.stateDigits == needed)
    #expect(probe.shell.session.bindings.isEmpty)
  }

  @Test func quitEndsWhatIsReplayedOnly() throws {
    let (probe, errors) = try replay(Array("# passo session 1\n:step\n:quit\n:stpe\n".utf8))
    #expect(errors.isEmpty)
    #expect(!probe.shell.isFinished)
    #expect(probe.type(":where").outcome == .done)
    #expect(probe.shell.session.timeline.execution.cursor == 1)
  }

  @Test func whileRecordingNothingIsReplayed() throws {
    let probe = try ShellProbe()
    probe.type(":record \(path)")
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(probe.type(":replay \(path)").errors.contains("hint: :record off ends it"))
  }

  @Test func ctrlCStopsBetweenLines() throws {
    final class Pressed { var asked = 0 }
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "# passo session 1\n:step\n:train 1000000\n:stpe\n"
      .write(toFile: path, atomically: true, encoding: .utf8)
    let pressed = Pressed()
    let probe = try ShellProbe(interrupted: {
      pressed.asked += 1
      return pressed.asked > 300
    })
    let reply = probe.type(":replay \(path)")
    #expect(reply.outcome == .done, "\(reply.errors)")
    #expect(reply.output.hasSuffix("\(path): 2 lines, then Ctrl-C\n"))
  }
}

struct StateHashTests {
  /// What a person can change, each in a way that no computed value shows.
  @Test(arguments: [
    ":text \"Il cane corre sul prato\"", ":model gatto seed 8", ":model gatto-2", ":mask none",
    ":mask window 5", ":precision f64", ":optimizer sgd 0.2", ":optimizer momentum",
    ":optimizer adamw", ":optimizer sgd clip 1", ":optimizer sgd warmup 3",
    ":optimizer sgd cosine 9",
    ":optimizer sgd linear 9", "let x = 1", ":step", ":train",
  ])
  func everyChangeIsSeen(line: String) throws {
    let probe = try ShellProbe()
    let before = try probe.shell.session.stateHash
    #expect(probe.type(line).outcome == .done)
    #expect(try probe.shell.session.stateHash != before)
  }

  @Test func nameShapeAndNumbersOfWhatLetNamesCount() throws {
    let lines = ["let x = 1", "let y = 1", "let x = 2", "let x = W_E", "let x = transpose(W_E)"]
    let hashes = try lines.map { line in
      let probe = try ShellProbe()
      #expect(probe.type(line).outcome == .done)
      return try probe.shell.session.stateHash
    }
    #expect(Set(hashes).count == lines.count)
  }

  @Test(arguments: [":where", ":show W_E", ":zoom phase", ":lang it", ":hash", "sum(W_E)", ":back"])
  func lookingChangesNothing(line: String) throws {
    let probe = try ShellProbe()
    let before = try probe.shell.session.stateHash
    #expect(probe.type(line).outcome == .done)
    #expect(try probe.shell.session.stateHash == before)
  }

  @Test func thereAndBackIsTheSame() throws {
    let probe = try ShellProbe()
    probe.type(":train 3")
    let before = try probe.shell.session.stateHash
    probe.type(":step 40")
    #expect(try probe.shell.session.stateHash != before)
    probe.type(":back 40")
    #expect(try probe.shell.session.stateHash == before)
    probe.type(":mask none")
    probe.type(":mask causal")
    // The parameters stayed, but the count of updates began anew.
    #expect(try probe.shell.session.stateHash != before)
  }
}
