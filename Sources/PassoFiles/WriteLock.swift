// SPDX-License-Identifier: MIT

import Glibc

/// Locks by which one writer at a time has a file or a folder.
///
/// They belong to what is open, not to a name: the system gives them back when a process ends, in
/// whatever way, and nothing of them stays on the disk. Where a disk knows no locks, as some in the
/// network do not, everyone has the right.
package enum WriteLock {
  /// Takes the lock of an open file or folder.
  ///
  /// - Parameters:
  ///   - descriptor: What is open; closing it gives the lock back.
  ///   - path: The file that problems name.
  /// - Throws: `SystemFault.inUse` if another writer has it.
  package static func take(_ descriptor: Int32, for path: String) throws(FileProblem) {
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    throw .system(.inUse(process: holder(of: descriptor)), file: path)
  }

  /// Whether what is open is still what has this name.
  package static func isCurrent(_ descriptor: Int32, _ path: String) -> Bool {
    var opened = stat()
    var named = stat()
    guard fstat(descriptor, &opened) == 0, stat(path, &named) == 0 else { return false }
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }

  /// The process that has the lock, if the system tells.
  ///
  /// Source: proc_locks(5); the number after the device is that of the file.
  private static func holder(of descriptor: Int32) -> Int32? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, let text = try? locks() else { return nil }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 5, words[1] == "FLOCK",
        words[5].split(separator: ":").last == Substring("\(status.st_ino)"),
        let process = Int32(words[4]), process > 0
      else { continue }
      return process
    }
    return nil
  }

  private static func locks() throws(FileProblem) -> String {
    let path = "/proc/locks"
    let file = try InputFile(path: path)
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
    defer { room.deallocate() }
    var bytes: [UInt8] = []
    while bytes.count < 1 << 22 {
      let count = try file.read(into: room, path)
      guard count > 0 else { break }
      bytes += room[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The right to write into a folder, until the last who holds it lets go.
package final class FolderClaim: Sendable {
  private let descriptor: Int32

  /// Takes the right, and removes what writers that died have left in the folder.
  ///
  /// - Throws: `SystemFault.inUse` if somebody else writes there, or what the system refuses.
  package init(_ path: String) throws(FileProblem) {
    let opened = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { throw .system(.last(writing: true), file: path) }
    do throws(FileProblem) {
      try WriteLock.take(opened, for: path)
    } catch {
      close(opened)
      throw error
    }
    descriptor = opened
    UnfinishedFile.removeLeftOvers(in: path)
  }

  deinit { close(descriptor) }
}
