// SPDX-License-Identifier: MIT
import Foundation
import PassoFiles
import PassoTestSupport
import Testing

@testable import PassoFiles

@Suite struct AtomicFileTests {
  private func fault(_ path: String) -> SystemFault? {
    do throws(FileProblem) {
      try AtomicFile.write([1], to: path)
      return nil
    } catch .system(let fault, let file) {
      #expect(file == path)
      do throws(FileProblem) { _ = try AtomicFile.Reservation(path) } catch {
        #expect(error == .system(fault, file: file))
        return fault
      }
      Issue.record("there seems to be room for \(path)")
      return fault
    } catch {
      return nil
    }
  }

  @Test func whatIsNoFileIsNotReplaced() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch.path("pipe"), 0o600) == 0)
    #expect(symlink("pipe", scratch.path("link")) == 0)
    #expect(mkdir(scratch.path("folder"), 0o700) == 0)
    for name in ["pipe", "link", "folder"] { #expect(fault(scratch.path(name)) == .notAFile) }
    var status = stat()
    #expect(lstat(scratch.path("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(fault(scratch.path("nowhere/file")) == .missingFolder)
    #expect(fault("") == .missingFolder)
    #expect(try scratch.names == ["folder", "link", "pipe"])
  }

  @Test func linksAreFollowed() throws {
    let scratch = try Scratch()
    #expect(mkdir(scratch.path("folder"), 0o700) == 0)
    #expect(symlink("folder/file", scratch.path("first")) == 0)
    #expect(symlink(scratch.path("first"), scratch.path("second")) == 0)
    // The first time there is nothing behind the links, the second time a file.
    for byte in [UInt8(1), 2] {
      _ = try AtomicFile.Reservation(scratch.path("second"))
      try AtomicFile.write([byte], to: scratch.path("second"))
      #expect(try scratch.read("folder/file") == [byte])
    }
    var status = stat()
    for name in ["first", "second"] {
      #expect(lstat(scratch.path(name), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }
    #expect(try scratch.names == ["first", "folder", "second"])
    #expect(symlink("b", scratch.path("a")) == 0 && symlink("a", scratch.path("b")) == 0)
    #expect(fault(scratch.path("a")) != nil)
  }
}
