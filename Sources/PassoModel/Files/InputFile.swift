// SPDX-License-Identifier: MIT
#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A regular file open for reading; closed when it goes out of use.
struct InputFile: ~Copyable {
  private let descriptor: Int32

  /// The size in bytes when it was opened.
  let size: Int

  /// Opens a file; a pipe or a device is refused before it can make anyone wait.
  init(path: String) throws(FileProblem) {
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { throw .system(.last(), file: path) }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw .system(.notAFile, file: path)
    }
    descriptor = opened
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Whether anything has this name.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether a name is that of a folder, or of a link to one.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// All bytes of a file that has at most `limit` of them.
  static func read(path: String, limit: Int) throws(FileProblem) -> [UInt8] {
    let file = try InputFile(path: path)
    guard file.size <= limit else {
      throw .system(.tooLarge(bytes: file.size, limit: limit), file: path)
    }
    return try file.bytes(path)
  }

  /// The whole file as memory that the system fills when it is looked at.
  static func map(path: String) throws(FileProblem) -> MappedFile {
    let file = try InputFile(path: path)
    return try MappedFile(path: path, descriptor: file.descriptor, count: file.size)
  }

  // Reads no more than the size at opening, even if the file grows meanwhile.
  private func bytes(_ path: String) throws(FileProblem) -> [UInt8] {
    var fault: SystemFault?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size, let start = buffer.baseAddress {
        let count = Self.read(descriptor, start + filled, size - filled)
        if count < 0 { fault = .last() }
        if count <= 0 { return }
        filled += count
      }
    }
    if let fault { throw .system(fault, file: path) }
    return bytes
  }

  /// Reads the bytes that come next, as many as fit; 0 at the end of the file.
  ///
  /// - Parameters:
  ///   - room: Where they go; not empty.
  ///   - path: The file that problems name.
  /// - Returns: How many bytes were read.
  /// - Throws: `FileProblem` if the system cannot read.
  func read(into room: UnsafeMutableRawBufferPointer, _ path: String) throws(FileProblem) -> Int {
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
      #if canImport(Darwin)
      let done = Darwin.read(descriptor, start, count)
      #else
      let done = Glibc.read(descriptor, start, count)
      #endif
      if done >= 0 || errno != EINTR { return done }
    }
  }
}

/// The bytes of a file in memory, unmapped when nobody holds them any more.
///
/// Passo replaces files by renaming, which leaves a mapping whole. Another program that shortens
/// the file while it is mapped takes its pages away: no reader of mapped files survives that.
final class MappedFile: Sendable {
  private nonisolated(unsafe) let start: UnsafeMutableRawPointer?

  /// The number of bytes.
  let count: Int

  fileprivate init(path: String, descriptor: Int32, count: Int) throws(FileProblem) {
    guard count > 0 else {
      start = nil
      self.count = 0
      return
    }
    let mapped = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard mapped != MAP_FAILED else { throw .system(.last(), file: path) }
    start = mapped
    self.count = count
  }

  deinit {
    if let start { munmap(start, count) }
  }

  /// The bytes of a range, which must lie in the file; valid only inside the closure.
  func withBytes<Result, Failure: Error>(
    _ range: Range<Int>,
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(0 <= range.lowerBound && range.upperBound <= count, "bytes outside the file")
    return try body(UnsafeRawBufferPointer(rebasing: buffer[range]))
  }

  /// Gives the memory of all bytes back to the system, which fills it anew when it is looked at.
  func release() {
    guard let start else { return }
    madvise(start, count, MADV_DONTNEED)
  }

  private var buffer: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: count)
  }
}
