// SPDX-License-Identifier: MIT

import Glibc
import PassoData
import PassoRuntime
import PassoText
import Synchronization

/// A file that is written under another name beside its target, and takes that name when whole.
///
/// The other name follows from the target's, and its writer has its lock: two writers of one target
/// meet there, and what one that died has left is known by having no lock.
package final class UnfinishedFile: Sendable {
  /// What the names of unfinished files begin with.
  package static let prefix = ".passo-"

  private let temporary: String
  private let target: String
  private let folder: String
  private let output: OutputFile
  private let isFinished = Mutex(false)

  /// Makes the file, empty.
  ///
  /// - Parameters:
  ///   - target: The name that it will have, behind all links.
  ///   - path: The file that problems name.
  /// - Throws: `SystemFault.inUse` if somebody else writes to the target, or what the system
  ///   refuses.
  package init(beside target: String, for path: String) throws(FileProblem) {
    let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = slash.map { String(target[...$0]) } ?? ""
    temporary = folder + Self.name(for: String(target.dropFirst(folder.count)))
    self.target = target
    output = try Self.output(temporary, for: path)
  }

  deinit {
    // Not what somebody else has made since under this name.
    if !isFinished.withLock({ $0 }) { unlink(temporary) }
  }

  /// Fills the file, waits until the disk has it, and gives it its name.
  ///
  /// On any failure it is removed and the old target is untouched.
  ///
  /// - Parameters:
  ///   - path: The file that problems name.
  ///   - body: Fills the file.
  ///   - beforeNaming: Called when the disk has all of it; from then on nobody is asked to stop.
  /// - Throws: What the system refuses, `SystemFault.stopped`, or what is thrown within.
  package func finish(
    _ path: String,
    _ body: (borrowing OutputFile) throws(FileProblem) -> Void,
    beforeNaming: () throws(FileProblem) -> Void = {}
  ) throws(FileProblem) {
    try body(output)
    try output.flush()
    // While the disk took the bytes somebody may have lost patience.
    if Interruption.isRequested() { throw .system(.stopped, file: path) }
    try Interruption.deferring(beforeNaming)
    guard rename(temporary, target) == 0 else { throw .system(.last(writing: true), file: path) }
    isFinished.withLock { $0 = true }
    AtomicFile.flushFolder(folder.isEmpty ? "." : folder)
  }

  /// Another name, which the longest that a system takes leaves room for.
  private static func name(for name: String) -> String {
    guard name.utf8.count > 200 else { return prefix + name }
    var hash = ContentHash()
    hash.add(name)
    return prefix + String(hash.value, radix: 36)
  }

  private static func output(
    _ temporary: String,
    for path: String
  ) throws(FileProblem) -> OutputFile {
    // Each time round somebody else was faster.
    for _ in 0..<100 {
      if let output = try OutputFile(unlessThere: temporary, for: path) { return output }
      try removeLeftOver(temporary, for: path)
    }
    throw .system(.inUse(process: nil), file: path)
  }
}

// MARK: - Left over

extension UnfinishedFile {
  /// Removes from a folder what writers that died have left.
  package static func removeLeftOvers(in folder: String) {
    for name in PrivateFolder.names(in: folder) where name.hasPrefix(prefix) {
      try? removeLeftOver("\(folder)/\(name)", for: folder)
    }
  }

  /// Removes a file whose writer has died.
  ///
  /// - Throws: `SystemFault.inUse` if it lives.
  private static func removeLeftOver(_ file: String, for path: String) throws(FileProblem) {
    let left = open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    guard left >= 0 else {
      // A link is nothing that Passo makes.
      if errno == ENOENT || errno == ELOOP && unlink(file) == 0 { return }
      throw .system(.last(writing: true), file: path)
    }
    defer { close(left) }
    try WriteLock.take(left, for: path)
    guard WriteLock.isCurrent(left, file), unlink(file) != 0, errno != ENOENT else { return }
    throw .system(.last(writing: true), file: path)
  }
}
