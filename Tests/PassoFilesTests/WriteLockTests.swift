// SPDX-License-Identifier: MIT

import Foundation
import PassoFiles
import PassoTestSupport
import Testing

@testable import PassoFiles

/// One writer at a time, and nothing that a dead one leaves.
struct WriteLockTests {
  private func fault(_ body: () throws -> Void) -> SystemFault? {
    do {
      try body()
      return nil
    } catch FileProblem.system(let fault, _) {
      return fault
    } catch {
      Issue.record("\(error)")
      return nil
    }
  }

  @Test func aSecondWriterIsRefusedAndToldOfTheFirst() throws {
    let scratch = try Scratch()
    try AtomicFile.makeFolder(scratch.path("out"))
    let busy = SystemFault.inUse(process: getpid())
    do {
      let claim = try FolderClaim(scratch.path("out"))
      #expect(fault { _ = try FolderClaim(scratch.path("out") + "/") } == busy)
      withExtendedLifetime(claim) {}
      let log = try AppendedFile(path: scratch.path("log"))
      #expect(fault { _ = try AppendedFile(path: scratch.path("log")) } == busy)
      withExtendedLifetime(log) {}
      let file = try AtomicFile.Reservation(scratch.path("file"))
      #expect(fault { _ = try AtomicFile.Reservation(scratch.path("file")) } == busy)
      // Whoever has the place writes there.
      try AtomicFile.write([1], to: scratch.path("file"))
      withExtendedLifetime(file) {}
    }
    #expect(fault { _ = try FolderClaim(scratch.path("out")) } == nil)
    #expect(fault { _ = try AppendedFile(path: scratch.path("log")) } == nil)
    #expect(try scratch.names == ["file", "log", "out"])
  }

  @Test func whatDeadWritersLeftIsRemovedAndNothingElse() throws {
    let scratch = try Scratch()
    let folder = scratch.path("out")
    try AtomicFile.makeFolder(folder)
    for name in [".passo-2x9", ".passo-model.safetensors", ".other", "model.safetensors"] {
      try Data([7]).write(to: URL(filePath: "\(folder)/\(name)"))
    }
    let alive = try AtomicFile.Reservation("\(folder)/alive")
    _ = try FolderClaim(folder)
    let left = Set(PrivateFolder.names(in: folder))
    #expect(left == [".other", "model.safetensors", ".passo-alive"])
    withExtendedLifetime(alive) {}
    try Data([7]).write(to: URL(filePath: "\(folder)/.passo-new"))
    try AtomicFile.write([1, 2], to: "\(folder)/new")
    #expect(try scratch.read("out/new") == [1, 2])
    #expect(!PrivateFolder.names(in: folder).contains(".passo-new"))
  }

  @Test func aPipeThatNobodyReadsIsNoLog() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch.path("pipe"), 0o600) == 0)
    #expect(fault { _ = try AppendedFile(path: scratch.path("pipe")) } == .notAFile)
    #expect(fault { _ = try AppendedFile(path: scratch.path("")) } == .notAFile)
  }

  @Test func aLineThatIsNotEndedIsEnded() throws {
    let scratch = try Scratch()
    try Data("a\nb".utf8).write(to: URL(filePath: scratch.path("file")))
    let file = try AppendedFile(path: scratch.path("file"), isShared: true)
    try file.endLine()
    try file.endLine()
    try file.append(Array("c\n".utf8))
    #expect(try scratch.read("file") == Array("a\nb\nc\n".utf8))
  }
}
