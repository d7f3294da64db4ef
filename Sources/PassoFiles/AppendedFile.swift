// SPDX-License-Identifier: MIT

import Glibc

/// A file that grows at its end, line by line; what a reader finds is always a beginning of it.
///
/// A line that does not fit is taken back, so that no half of one stays.
package final class AppendedFile {
  private var path: String
  private let descriptor: Int32

  /// Whether it is a file, with an end that can be cut; a pipe or a terminal is none.
  package let isRegular: Bool

  /// What a pipe has not taken yet: its reader thinks, or has more to do.
  private var unsent: ArraySlice<UInt8> = []

  // Others may write at the end too: then nothing there is taken back.
  private let isShared: Bool

  /// Opens a file, or makes it; a pipe that nobody reads is refused.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - isShared: Whether other processes may append to it at the same time.
  /// - Throws: `SystemFault.inUse` if it is not shared and somebody else has it, or what the system
  ///   refuses.
  package init(path: String, isShared: Bool = false) throws(FileProblem) {
    try FileScope.expectWriting(path)
    var status = stat()
    let isOther = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    // Without blocking: or else a pipe would wait for somebody to read from it, perhaps for ever,
    // now or once it is full.
    let mode = isOther ? O_WRONLY | O_NONBLOCK : O_RDWR | O_CREAT
    let opened = open(path, mode | O_APPEND | O_CLOEXEC, FileScope.fileMode)
    guard opened >= 0 else { throw .system(.last(writing: true), file: path) }
    if FileScope.current.isPrivate { fchmod(opened, FileScope.fileMode) }
    if !isShared, !isOther {
      do throws(FileProblem) {
        try WriteLock.take(opened, for: path)
      } catch {
        close(opened)
        throw error
      }
    }
    self.path = path
    self.isShared = isShared
    isRegular = !isOther
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Adds bytes: all of them or none.
  ///
  /// What a pipe does not take is kept for it, and sent before what comes next.
  package func append(_ bytes: [UInt8]) throws(FileProblem) {
    guard isRegular else { return try send(bytes) }
    let end = size
    let code = bytes.withUnsafeBytes { OutputFile.write($0, to: descriptor) }
    guard code != 0 else { return }
    if !isShared { _ = ftruncate(descriptor, off_t(end)) }
    throw .system(SystemFault(code: code, writing: true), file: path)
  }

  /// Bytes that a pipe takes all at once or not at all, and bytes that are kept for its reader.
  private static let (portion, mostUnsent) = (512, 1 << 24)

  private func send(_ bytes: [UInt8]) throws(FileProblem) {
    if unsent.count < Self.mostUnsent { unsent += bytes }
    while !unsent.isEmpty {
      let part = Array(unsent.prefix(Self.portion))
      let code = part.withUnsafeBytes { OutputFile.write($0, to: descriptor) }
      if code == EAGAIN {
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&room, 1, 20) > 0 else { return }
        continue
      }
      guard code == 0 else {
        unsent = []
        throw .system(SystemFault(code: code, writing: true), file: path)
      }
      unsent.removeFirst(part.count)
    }
  }

  /// The bytes that it has.
  package var size: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Tells it from other files on the same disk; 0 for what is no file.
  package var identity: UInt64 {
    var status = stat()
    guard isRegular, fstat(descriptor, &status) == 0 else { return 0 }
    return ContentHash.of([UInt64(status.st_dev), UInt64(status.st_ino)])
  }

  /// All that is in it.
  ///
  /// - Throws: `FileProblem` if the system cannot read it.
  package func contents() throws(FileProblem) -> [UInt8] {
    guard isRegular else { return [] }
    return try InputFile.read(path: path, limit: Int.max)
  }

  /// Takes away everything from a byte on.
  package func cut(to end: Int) throws(FileProblem) {
    guard isRegular, end < size else { return }
    guard ftruncate(descriptor, off_t(end)) == 0 else {
      throw .system(.last(writing: true), file: path)
    }
  }

  /// Ends the last line, if something has kept a writer from doing so.
  package func endLine() throws(FileProblem) {
    let newline = UInt8(ascii: "\n")
    var last = newline
    guard isRegular, size > 0, pread(descriptor, &last, 1, off_t(size - 1)) == 1, last != newline
    else { return }
    try append([newline])
  }

  /// Gives it another name; false if something has that.
  package func rename(to name: String) throws(FileProblem) -> Bool {
    try FileScope.expectWriting(name)
    guard !InputFile.exists(name) else { return false }
    guard Glibc.rename(path, name) == 0 else { throw .system(.last(writing: true), file: name) }
    path = name
    return true
  }

  /// Whether it still has the name by which it was opened.
  package var isCurrent: Bool { WriteLock.isCurrent(descriptor, path) }

  /// Does something while no other process that asks the same does: it is waited for.
  package func alone<Failure: Error>(
    _ body: () throws(Failure) -> Void
  ) throws(Failure) {
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    defer { flock(descriptor, LOCK_UN) }
    try body()
  }

  /// Waits until the disk has the bytes, where there is a disk.
  package func flush() throws(FileProblem) {
    guard fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP else { return }
    throw .system(.last(writing: true), file: path)
  }
}
