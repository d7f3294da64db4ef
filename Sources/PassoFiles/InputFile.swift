// SPDX-License-Identifier: MIT
import Glibc

/// A regular file open for reading; closed when it goes out of use.
package struct InputFile: ~Copyable, Sendable {
  private let descriptor: Int32

  /// The size in bytes when it was opened.
  package let size: Int

  /// When it had last been written then.
  private let modified: timespec

  /// Opens a file; a pipe or a device is refused before it can make anyone wait.
  package init(path: String) throws(FileProblem) {
    try FileScope.expectReading(path)
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { throw .system(.last(), file: path) }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw .system(.notAFile, file: path)
    }
    descriptor = opened
    (size, modified) = (Int(status.st_size), status.st_mtim)
  }

  /// Reads an open regular file once more from its first byte.
  ///
  /// - Parameters:
  ///   - opened: Its descriptor, which stays open; the place in the file is shared with it.
  ///   - name: The file that problems name.
  /// - Throws: `FileProblem` if the system refuses.
  package init(rewinding opened: Int32, _ name: String) throws(FileProblem) {
    let copy = fcntl(opened, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw .system(.last(), file: name) }
    var status = stat()
    guard fstat(copy, &status) == 0, lseek(copy, 0, SEEK_SET) == 0 else {
      let fault = SystemFault.last()
      close(copy)
      throw .system(fault, file: name)
    }
    descriptor = copy
    (size, modified) = (Int(status.st_size), status.st_mtim)
  }

  deinit { close(descriptor) }

  /// Whether nobody has written to it since it was opened, as its size and its time say.
  fileprivate var isUnchanged: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && Int(status.st_size) == size
      && status.st_mtim.tv_sec == modified.tv_sec && status.st_mtim.tv_nsec == modified.tv_nsec
  }

  /// Whether anything has this name.
  package static func exists(_ path: String) -> Bool {
    let scope = FileScope.current
    guard scope.reading.contains(path) || scope.writing.contains(path) else { return false }
    return access(path, F_OK) == 0
  }

  /// Whether a name is that of a folder, or of a link to one.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// All bytes of a file that has at most `limit` of them.
  package static func read(path: String, limit: Int) throws(FileProblem) -> [UInt8] {
    let file = try InputFile(path: path)
    guard file.size <= limit else {
      throw .system(.tooLarge(bytes: file.size, limit: limit), file: path)
    }
    return try file.bytes(path)
  }

  // Reads no more than the size at opening, even if the file grows meanwhile.
  private func bytes(_ path: String) throws(FileProblem) -> [UInt8] {
    try SystemFault.checkMemory(size, for: path)
    return try [UInt8](unsafeUninitializedCapacity: size) {
      (buffer, filled) throws(FileProblem) in
      while filled < size, let start = buffer.baseAddress {
        let count = Self.read(descriptor, start + filled, size - filled)
        guard count >= 0 else { throw .system(.last(), file: path) }
        if count == 0 { return }
        filled += count
      }
    }
  }

  /// Reads the bytes that come next, as many as fit; 0 at the end of the file.
  ///
  /// - Parameters:
  ///   - room: Where they go; not empty.
  ///   - path: The file that problems name.
  /// - Returns: How many bytes were read.
  /// - Throws: `FileProblem` if the system cannot read.
  package func read(
    into room: UnsafeMutableRawBufferPointer,
    _ path: String
  ) throws(FileProblem) -> Int {
    guard let start = room.baseAddress else { return 0 }
    let count = Self.read(descriptor, start, room.count)
    guard count >= 0 else { throw .system(.last(), file: path) }
    return count
  }

  /// The number of bytes read, 0 at the end of the file, negative on a failure.
  private static func read(
    _ descriptor: Int32,
    _ start: UnsafeMutableRawPointer,
    _ count: Int
  ) -> Int {
    while true {
      let done = Glibc.read(descriptor, start, count)
      if done >= 0 || errno != EINTR { return done }
    }
  }

  /// Reads bytes from a place; their number, 0 behind the end of the file, negative on a failure.
  fileprivate func read(at place: Int, _ start: UnsafeMutableRawPointer, _ count: Int) -> Int {
    while true {
      let done = pread(descriptor, start, count, off_t(place))
      if done >= 0 || errno != EINTR { return done }
    }
  }
}

/// A file of which any part can be read at any time, by any thread; closed when nobody holds it.
///
/// Parts are read, not mapped: another program that shortens the file makes an error of the next
/// read, where it would take the memory of a mapping away and end the process.
package final class RandomAccessFile: Sendable {
  private let file: InputFile

  /// The file, as the person named it.
  package let path: String

  /// The size in bytes when it was opened.
  package var count: Int { file.size }

  /// Opens a file; a pipe or a device is refused.
  package init(path: String) throws(FileProblem) {
    file = try InputFile(path: path)
    self.path = path
  }

  /// Checks that what was read is still what it was when the file was opened.
  ///
  /// - Throws: `FileProblem` if another program has written to it; one that puts another file in
  ///   its place does no harm.
  package func expectUnchanged() throws(FileProblem) {
    guard file.isUnchanged else { throw .system(.changed, file: path) }
  }

  /// The bytes of a range, which must lie in the file as it was when it was opened.
  ///
  /// - Throws: `FileProblem` if the file is shorter now, cannot be read, or is larger than memory.
  package func bytes(_ range: Range<Int>) throws(FileProblem) -> [UInt8] {
    try SystemFault.checkMemory(range.count, for: path)
    return try [UInt8](unsafeUninitializedCapacity: range.count) {
      (buffer, filled) throws(FileProblem) in
      try read(range, into: UnsafeMutableRawBufferPointer(buffer))
      filled = range.count
    }
  }

  /// Reads a range into the beginning of some room, which has to be large enough.
  package func read(
    _ range: Range<Int>,
    into room: UnsafeMutableRawBufferPointer
  ) throws(FileProblem) {
    precondition(0 <= range.lowerBound && range.upperBound <= count, "bytes outside the file")
    precondition(range.count <= room.count, "more bytes than there is room for")
    guard let start = room.baseAddress else { return }
    var done = 0
    while done < range.count {
      let read = file.read(at: range.lowerBound + done, start + done, range.count - done)
      guard read > 0 else {
        throw .system(read == 0 ? .shortened : .last(), file: path)
      }
      done += read
    }
  }
}
