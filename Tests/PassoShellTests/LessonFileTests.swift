// SPDX-License-Identifier: MIT

import Foundation
import PassoFiles
import PassoLesson
import PassoModel
import PassoText
import Testing

@testable import PassoShell

/// The file of a lesson, which may be anything and lead anywhere.
struct LessonFileTests {
  private let root = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
  private var file: String { root + "/01-x/lesson.en.md" }

  private static let text = """
    ---
    id: x
    lang: en
    title: T
    minutes: 1
    ---
    # T
    """

  private func withFolder(_ body: () throws -> Void) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(
      atPath: root + "/01-x",
      withIntermediateDirectories: true
    )
    try body()
  }

  private func link(to target: String) throws {
    try? FileManager.default.removeItem(atPath: file)
    try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: target)
  }

  @Test func aLinkStaysInTheFolderOfTheLesson() throws {
    try withFolder {
      try Self.text.write(toFile: root + "/01-x/own.md", atomically: true, encoding: .utf8)
      try Self.text.write(toFile: root + "/outside.md", atomically: true, encoding: .utf8)
      try link(to: "own.md")
      #expect(try LessonLibrary.read(file).header.title == "T")
      for target in ["../outside.md", root + "/outside.md", "/etc/passwd", "/dev/zero"] {
        try link(to: target)
        #expect(throws: LessonFileProblem.self) { try LessonLibrary.read(file) }
      }
    }
  }

  /// The folder itself may be a link: a person has named it.
  @Test func theFolderMayBeALink() throws {
    try withFolder {
      try Self.text.write(toFile: file, atomically: true, encoding: .utf8)
      try FileManager.default.createSymbolicLink(
        atPath: root + "/02-y",
        withDestinationPath: "01-x"
      )
      #expect(try LessonLibrary.lesson(in: root + "/02-y", .en).header.title == "T")
    }
  }

  @Test func whatIsNoTextIsNamed() throws {
    try withFolder {
      #expect(mkfifo(file, 0o600) == 0)
      #expect(throws: FileProblem.system(.notAFile, file: file)) { try LessonLibrary.read(file) }
      for (bytes, found) in [
        (Array("GIF89a".utf8), FileFormat.gif),
        (Array(Self.text.utf16.flatMap { [UInt8($0 & 0xFF), 0] }), .wide(.utf16LittleEndian)),
        (Array(Self.text.utf8) + [0x0A, 0xE8, 0xFF], .unknown),
      ] {
        try FileManager.default.removeItem(atPath: file)
        try Data(bytes).write(to: URL(filePath: file))
        do {
          _ = try LessonLibrary.read(file)
          Issue.record("read")
        } catch FileProblem.foreign(let fault) {
          if found != .unknown { #expect(fault.found == found) }
        }
      }
      try FileManager.default.removeItem(atPath: file)
      #expect(throws: FileProblem.system(.missing, file: file)) { try LessonLibrary.read(file) }
    }
  }
}
