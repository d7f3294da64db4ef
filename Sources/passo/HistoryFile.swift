// SPDX-License-Identifier: MIT

import Glibc
import PassoFiles
import PassoModel
import PassoText

/// The lines that a person has typed, kept from one session to the next.
///
/// Plain UTF-8, one line an entry, whatever the locale. Sessions may run side by side: an entry is
/// one `write` at the end of the file, and nobody loses one when another session compacts the file.
/// Without a file, or when one cannot be written, history lasts as long as the session: it is never
/// a reason to stop.
package final class HistoryFile {
  /// How many entries a session starts with, and how many compaction keeps.
  static let kept = 1000

  /// Above this many entries the file is compacted at the start of a session.
  static let limit = 5000

  private let path: String?
  private var last: String?

  /// Uses one file; nil keeps nothing.
  package init(path: String?) {
    self.path = path
  }

  /// Why nothing can be kept, though it could be: the folder is a link, or another person's.
  package var problem: (any Problem)? {
    guard let path, let slash = path.lastIndex(of: "/") else { return nil }
    let folder = String(path[..<slash])
    guard TextFile.exists(folder) else { return nil }
    do { try PrivateFolder.check(folder) } catch { return error }
    return nil
  }

  /// The last entries, oldest first; compacts the file when it has grown long.
  package func load() -> [String] {
    guard let path, let file = LockedFile(path, creates: false) else { return [] }
    let lines = Self.entries(file.contents())
    let recent = Array(lines.suffix(Self.kept))
    if lines.count > Self.limit { file.replace(with: Self.text(recent)) }
    last = recent.last
    return recent
  }

  /// Adds a line, unless it repeats the one before, and tells whether it may be an entry at all.
  ///
  /// A line that begins with a blank may not (so a person can keep one out), nor may one that holds
  /// control characters.
  package func append(_ line: String) -> Bool {
    guard Self.isEntry(line) else { return false }
    guard line != last else { return true }
    last = line
    if let path, let file = LockedFile(path, creates: true) { file.append(Self.text([line])) }
    return true
  }

  private static func isEntry(_ line: String) -> Bool {
    guard let first = line.unicodeScalars.first, first != " " else { return false }
    return !line.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }

  private static func entries(_ bytes: [UInt8]) -> [String] {
    let newline = UInt8(ascii: "\n")
    // What nothing ends is half a line.
    let whole = bytes[..<(bytes.lastIndex(of: newline) ?? 0)]
    return ByteOrderMark.dropped(from: Array(whole)).split(separator: newline).lazy
      .map { String(decoding: $0, as: UTF8.self) }
      .filter(isEntry)
  }

  private static func text(_ lines: [String]) -> [UInt8] {
    lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
  }
}

/// A file that no other session compacts meanwhile.
private final class LockedFile {
  private let path: String
  private let descriptor: Int32

  // Half a megabyte holds the limit at a hundred bytes an entry; of a longer file the end is read.
  private static let readLimit = 1 << 19

  init?(_ path: String, creates: Bool) {
    if let slash = path.lastIndex(of: "/") {
      let folder = String(path[..<slash])
      // What was typed is nobody else's business.
      do {
        if creates { try PrivateFolder.make(folder) } else { try PrivateFolder.check(folder) }
      } catch { return nil }
    }
    let flags = O_RDWR | O_APPEND | O_CLOEXEC | (creates ? O_CREAT : 0)
    guard let descriptor = Self.openCurrent(path, flags) else { return nil }
    self.path = path
    self.descriptor = descriptor
    fchmod(descriptor, 0o600)
  }

  deinit {
    close(descriptor)
  }

  // While waiting for the lock the file may have been replaced: then the new one counts.
  private static func openCurrent(_ path: String, _ flags: Int32) -> Int32? {
    for _ in 0..<10 {
      let descriptor = open(path, flags, 0o600)
      guard descriptor >= 0 else { return nil }
      // Where locks are not supported, as on some network disks, an append is still one write.
      _ = flock(descriptor, LOCK_EX)
      if WriteLock.isCurrent(descriptor, path) { return descriptor }
      close(descriptor)
    }
    return nil
  }

  func contents() -> [UInt8] {
    let size = lseek(descriptor, 0, SEEK_END)
    let start = max(0, Int(size) - Self.readLimit)
    guard size > 0, lseek(descriptor, off_t(start), SEEK_SET) >= 0 else { return [] }
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(size) - start) { buffer, count in
      count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
    }
    // The first line of a part is itself a part.
    guard start > 0, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return bytes }
    return Array(bytes[(end + 1)...])
  }

  // A line that does not fit leaves no half of itself.
  func append(_ bytes: [UInt8]) {
    let end = lineEnd()
    if write(descriptor, bytes, bytes.count) != bytes.count { ftruncate(descriptor, end) }
  }

  /// The end of the last whole line; what a process that died has begun is taken away.
  private func lineEnd() -> off_t {
    let size = lseek(descriptor, 0, SEEK_END)
    var last = UInt8(ascii: "\n")
    guard size > 0, pread(descriptor, &last, 1, size - 1) == 1, last != UInt8(ascii: "\n") else {
      return size
    }
    let start = max(0, size - off_t(Self.readLimit))
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(size - start)) { buffer, count in
      count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, start))
    }
    // Where nothing ends, all of it is half a line: what was read is no more than one entry may
    // have.
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { start + off_t($0) + 1 } ?? start
    return ftruncate(descriptor, end) == 0 ? end : size
  }

  // A crash at any moment leaves the old file or the new one.
  func replace(with bytes: [UInt8]) {
    let temporary = "\(path).\(getpid())"
    let new = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard new >= 0 else { return }
    let isWhole = write(new, bytes, bytes.count) == bytes.count && fsync(new) == 0
    close(new)
    if !isWhole || rename(temporary, path) != 0 { unlink(temporary) }
  }
}
