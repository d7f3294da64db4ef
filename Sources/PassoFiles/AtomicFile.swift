// SPDX-License-Identifier: MIT

import Glibc
import PassoData
import PassoRuntime
import PassoText
import Synchronization

/// Writes files that are there whole or not at all.
///
/// The bytes go to an `UnfinishedFile` beside the target, are flushed to the disk, and take the
/// target's name at the end. On any failure that file is removed and the old target is untouched.
/// Links are followed; what is there and is no regular file, as a device, is never replaced.
package enum AtomicFile {
  /// Replaces a file, or makes it.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
    try write(to: path) { (output) throws(FileProblem) in try output.write(bytes) }
  }

  /// Makes a folder and those around it, unless they are there.
  package static func makeFolder(_ path: String) throws(FileProblem) {
    try FileScope.expectWriting(path)
    // What stands in the way of the first folder says more than that the last has no place.
    var refusal: SystemFault?
    for end in path.utf8.indices where path.utf8[end] == UInt8(ascii: "/") {
      if end > path.startIndex, refusal == nil { refusal = makeOneFolder(String(path[..<end])) }
    }
    guard let last = makeOneFolder(path) else { return }
    throw .system(refusal ?? last, file: path)
  }

  /// What keeps a folder from being there; nil if it is.
  private static func makeOneFolder(_ path: String) -> SystemFault? {
    if mkdir(path, FileScope.folderMode) == 0 { return nil }
    let code = errno
    var status = stat()
    if stat(path, &status) == 0 {
      return status.st_mode & S_IFMT == S_IFDIR ? nil : .notAFolder
    }
    return code == EEXIST ? .deadLink : SystemFault(code: code, writing: true)
  }

  /// Replaces a file with what the closure writes.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - followsLinks: Whether a link stays, and what it leads to is replaced; else the link is
  ///     replaced, and what it leads to stays.
  ///   - body: Fills the file.
  ///   - beforeNaming: Called when the disk has all of it.
  /// - Throws: What the system refuses, or what is thrown within.
  package static func write(
    to path: String,
    followsLinks: Bool = true,
    _ body: (borrowing OutputFile) throws(FileProblem) -> Void,
    beforeNaming: () throws(FileProblem) -> Void = {}
  ) throws(FileProblem) {
    let target = !followsLinks && link(at: path) != nil ? path : try target(of: path)
    try FileScope.expectWriting(target)
    if let reserved = Reservation.taken.withLock({ $0.removeValue(forKey: target) }) {
      return try reserved.finish(path, body, beforeNaming: beforeNaming)
    }
    try UnfinishedFile(beside: target, for: path)
      .finish(path, body, beforeNaming: beforeNaming)
  }

  /// The promise that a file can be written to at the end of the work whose result it is to hold,
  /// and that nobody else does meanwhile.
  package final class Reservation: Sendable {
    fileprivate static let taken = Mutex<[String: UnfinishedFile]>([:])
    private let target: String

    /// Takes the place; it is given back when the file is written, or nobody needs it any more.
    ///
    /// - Throws: `FileProblem` if something else has the name, the folder takes no files, or
    ///   somebody else writes to the file.
    package init(_ path: String) throws(FileProblem) {
      target = try AtomicFile.target(of: path)
      try FileScope.expectWriting(target)
      let file = try UnfinishedFile(beside: target, for: path)
      Self.taken.withLock { $0[target] = file }
    }

    deinit { _ = Self.taken.withLock { $0.removeValue(forKey: target) } }
  }

  /// Whether a file has this name: no folder, device or pipe.
  package static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The name that a file has or will have behind all links.
  fileprivate static func target(of path: String) throws(FileProblem) -> String {
    guard !path.isEmpty else { throw .system(.missingFolder, file: path) }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw .system(.notAFile, file: path) }
      guard let real = realpath(path, nil) else { throw .system(.last(writing: true), file: path) }
      defer { free(real) }
      return String(cString: real)
    }
    guard errno == ENOENT else { throw .system(.last(writing: true), file: path) }
    // Nothing is there, but links may say where it is to be; the system follows as many.
    var target = path
    for _ in 0..<40 {
      guard let next = link(at: target) else { return target }
      target = next.hasPrefix("/") ? next : folder(of: target) + next
    }
    throw .system(SystemFault(code: ELOOP, writing: true), file: path)
  }

  /// What a link says, or nil if there is none of this name.
  private static func link(at path: String) -> String? {
    let text = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { room, count in
      guard let start = room.baseAddress else { return }
      start.withMemoryRebound(to: CChar.self, capacity: room.count) {
        count = max(0, readlink(path, $0, room.count))
      }
    }
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }

  // Up to and with the last slash.
  private static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
  }

  // Makes the new name last; where the system cannot do that, the bytes are safe all the same.
  package static func flushFolder(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// A new file open for writing; closed when it goes out of use.
package struct OutputFile: ~Copyable, Sendable {
  private let descriptor: Int32

  // The file that problems name: the one the person asked for.
  private let target: String

  /// Makes a file that did not exist.
  package init(new path: String, for target: String) throws(FileProblem) {
    let opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FileScope.fileMode)
    guard opened >= 0 else { throw .system(.last(writing: true), file: target) }
    self.target = target
    descriptor = opened
  }

  /// Makes a file and takes its lock; nil if there is one.
  package init?(unlessThere path: String, for target: String) throws(FileProblem) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let opened = open(path, flags, FileScope.fileMode)
    guard opened >= 0 else {
      if errno == EEXIST { return nil }
      throw .system(.last(writing: true), file: target)
    }
    // Before it had a lock, another writer may have taken it for left over.
    let isLocked = flock(opened, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
    guard isLocked, WriteLock.isCurrent(opened, path) else {
      close(opened)
      return nil
    }
    self.target = target
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Appends the values as they lie in memory: little-endian on every machine Passo runs on.
  package func write(_ values: [some BitwiseCopyable]) throws(FileProblem) {
    try values.withUnsafeBufferPointer { (values) throws(FileProblem) in
      try write(UnsafeRawBufferPointer(values))
    }
  }

  /// Appends bytes, unless a stop is requested.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileProblem) {
    for start in stride(from: 0, to: bytes.count, by: Self.portion) {
      if Interruption.isRequested() { throw .system(.stopped, file: target) }
      let part = UnsafeRawBufferPointer(rebasing: bytes[start...].prefix(Self.portion))
      let code = Self.write(part, to: descriptor)
      guard code == 0 else { throw .system(SystemFault(code: code, writing: true), file: target) }
    }
  }

  /// Bytes between two questions whether to stop.
  private static let portion = 1 << 22

  /// Writes a few bytes over those at the start of the file.
  package func overwriteStart(with bytes: [UInt8]) throws(FileProblem) {
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      throw .system(.last(writing: true), file: target)
    }
  }

  /// Waits until the disk has the bytes.
  package func flush() throws(FileProblem) {
    guard fsync(descriptor) == 0 else { throw .system(.last(writing: true), file: target) }
  }

  /// The error number, or 0.
  package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(descriptor, part.baseAddress, part.count)
      if count < 0 && errno != EINTR { return errno }
      rest = rest.dropFirst(max(count, 0))
    }
    return 0
  }
}
