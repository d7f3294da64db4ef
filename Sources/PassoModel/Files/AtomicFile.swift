// SPDX-License-Identifier: MIT
#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Writes files that are there whole or not at all.
///
/// The bytes go to a hidden file beside the target, are flushed to the disk, and take the target's
/// name at the end. On any failure the hidden file is removed and the old target is untouched.
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
  static func write(
    to path: String,
    _ body: (borrowing OutputFile) throws(FileProblem) -> Void
  ) throws(FileProblem) {
    let target = try target(of: path)
    try FileScope.expectWriting(target)
    let folder = folder(of: target)
    let temporary = folder + ".passo-" + String(UInt64.random(in: .min ... .max), radix: 36)
    let output = try OutputFile(new: temporary, for: path)
    do throws(FileProblem) {
      try body(output)
      try output.flush()
      guard rename(temporary, target) == 0 else {
        throw .system(.last(writing: true), file: path)
      }
    } catch {
      unlink(temporary)
      throw error
    }
    flushFolder(folder.isEmpty ? "." : folder)
  }

  /// Whether a file has this name: no folder, device or pipe.
  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Checks, before the work whose result it is to hold, that a file can be written.
  ///
  /// - Throws: `FileProblem` if something else has its name, or its folder takes no files.
  package static func expectRoom(for path: String) throws(FileProblem) {
    let folder = folder(of: try target(of: path))
    guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else {
      throw .system(.last(writing: true), file: path)
    }
  }

  /// The name that a file has or will have behind all links.
  private static func target(of path: String) throws(FileProblem) -> String {
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
  static func flushFolder(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// A new file open for writing; closed when it goes out of use.
struct OutputFile: ~Copyable {
  private let descriptor: Int32

  // The file that problems name: the one the person asked for.
  private let target: String

  /// Makes a file that did not exist.
  init(new path: String, for target: String) throws(FileProblem) {
    let opened = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FileScope.fileMode)
    guard opened >= 0 else { throw .system(.last(writing: true), file: target) }
    self.target = target
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Appends the values as they lie in memory: little-endian on every machine Passo runs on.
  func write(_ values: [some BitwiseCopyable]) throws(FileProblem) {
    let code = values.withUnsafeBytes { Self.write($0, to: descriptor) }
    guard code == 0 else { throw .system(SystemFault(code: code, writing: true), file: target) }
  }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FileProblem) {
    let code = Self.write(bytes, to: descriptor)
    guard code == 0 else { throw .system(SystemFault(code: code, writing: true), file: target) }
  }

  /// Writes a few bytes over those at the start of the file.
  func overwriteStart(with bytes: [UInt8]) throws(FileProblem) {
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      throw .system(.last(writing: true), file: target)
    }
  }

  /// Waits until the disk has the bytes.
  func flush() throws(FileProblem) {
    guard fsync(descriptor) == 0 else { throw .system(.last(writing: true), file: target) }
  }

  /// The error number, or 0.
  fileprivate static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      #if canImport(Darwin)
      let count = Darwin.write(descriptor, part.baseAddress, part.count)
      #else
      let count = Glibc.write(descriptor, part.baseAddress, part.count)
      #endif
      if count < 0 && errno != EINTR { return errno }
      rest = rest.dropFirst(max(count, 0))
    }
    return 0
  }
}

/// A file that grows at its end; what a reader finds is always a beginning of it.
package final class AppendedFile {
  private let path: String
  private let descriptor: Int32

  /// Opens a file, or makes it.
  package init(path: String) throws(FileProblem) {
    try FileScope.expectWriting(path)
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
    let opened = open(path, flags, FileScope.fileMode)
    guard opened >= 0 else { throw .system(.last(writing: true), file: path) }
    if FileScope.current.isPrivate { fchmod(opened, FileScope.fileMode) }
    self.path = path
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Adds bytes.
  package func append(_ bytes: [UInt8]) throws(FileProblem) {
    let code = bytes.withUnsafeBytes { OutputFile.write($0, to: descriptor) }
    guard code == 0 else { throw .system(SystemFault(code: code, writing: true), file: path) }
  }

  /// Waits until the disk has the bytes, where there is a disk.
  package func flush() throws(FileProblem) {
    guard fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP else { return }
    throw .system(.last(writing: true), file: path)
  }
}
