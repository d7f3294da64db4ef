// SPDX-License-Identifier: MIT

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Where the tokens of texts are kept, a folder for each text, tokenizer and split.
///
/// A folder is made under another name and takes its own when it is complete. Whoever makes one
/// holds a lock, which the system gives back if the process dies: what lies under other names
/// without a lock is left over, and is removed.
package struct TextCache: Sendable {
  /// The folder of all folders.
  package let root: String

  private static let unfinished = ".unfinished-"

  /// Uses a folder, which need not exist.
  package init(root: String) {
    self.root = root
  }

  /// Where the XDG Base Directory Specification wants it: `$XDG_CACHE_HOME/passo/texts`, else
  /// `~/.cache/passo/texts`.
  ///
  /// - Throws: `TextProblem.noCacheFolder` if the environment has neither.
  package init(environment: [String: String]) throws(TextProblem) {
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
      self.init(root: cache + "/passo/texts")
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      self.init(root: home + "/.cache/passo/texts")
    } else {
      throw .noCacheFolder
    }
  }

  /// The folder of a key.
  func folder(_ key: UInt64) -> String { "\(root)/\(Self.name(key))" }

  private static func name(_ key: UInt64) -> String {
    let digits = String(key, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Makes a folder for a key: what `body` writes into an unfinished one, or nothing.
  ///
  /// - Returns: What `body` gives; nil, and no folder, if that is nil.
  func make<Result>(_ key: UInt64, _ body: (String) throws -> Result?) throws -> Result? {
    removeUnfinished(of: key)
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    let unfinished = folder(key) + Self.unfinished + random
    try AtomicFile.makeFolder(unfinished)
    do {
      guard let result = try body(unfinished) else {
        Self.remove(unfinished)
        return nil
      }
      AtomicFile.flushFolder(unfinished)
      try install(unfinished, as: folder(key))
      return result
    } catch {
      Self.remove(unfinished)
      throw error
    }
  }

  /// Gives a folder its name; one that has it already steps aside first, and is removed.
  private func install(_ unfinished: String, as folder: String) throws(FileProblem) {
    let old = unfinished + "-old"
    for _ in 0..<10 {
      if rename(unfinished, folder) == 0 {
        AtomicFile.flushFolder(root)
        Self.remove(old)
        return
      }
      guard errno == ENOTEMPTY || errno == EEXIST else { break }
      _ = rename(folder, old)
    }
    throw .system(.last(writing: true), file: folder)
  }

  /// Removes what a process that died has left, unless its key is being made now.
  private func removeUnfinished(of ownKey: UInt64) {
    for name in Self.names(in: root) {
      let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, ("." + parts[1]).hasPrefix(Self.unfinished),
        let key = UInt64(parts[0], radix: 16)
      else { continue }
      if key == ownKey || FolderLock.isFree("\(root)/\(parts[0])") {
        Self.remove("\(root)/\(name)")
      }
    }
  }

  /// Removes a folder of files.
  private static func remove(_ folder: String) {
    for name in names(in: folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  /// The names in a folder, without hidden ones; none if it cannot be read.
  private static func names(in folder: String) -> [String] {
    guard let list = opendir(folder) else { return [] }
    defer { closedir(list) }
    var names: [String] = []
    while let entry = readdir(list) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}

/// The right to make a folder, until it is given back.
struct FolderLock {
  private let path: String
  private let descriptor: Int32

  /// Waits for the right; nil if it was told to stop.
  ///
  /// Where locks are not supported, as on some network disks, everyone has the right: folders get
  /// their names in one step all the same.
  static func wait(
    for folder: String,
    unless shouldStop: () -> Bool
  ) throws(FileProblem) -> FolderLock? {
    let path = folder + ".lock"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw .system(.last(writing: true), file: path) }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        if isCurrent(descriptor, path) { return FolderLock(path: path, descriptor: descriptor) }
        close(descriptor)
        continue
      }
      if errno != EWOULDBLOCK && errno != EINTR {
        return FolderLock(path: path, descriptor: descriptor)
      }
      close(descriptor)
      if shouldStop() { return nil }
      usleep(50_000)
    }
  }

  /// Whether nobody has the right to a folder now.
  static func isFree(_ folder: String) -> Bool {
    let path = folder + ".lock"
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
    if isCurrent(descriptor, path) { unlink(path) }
    return true
  }

  /// Gives the right back.
  func release() {
    // The file goes while the lock is held: whoever waits finds that it is no longer current.
    if Self.isCurrent(descriptor, path) { unlink(path) }
    close(descriptor)
  }

  private static func isCurrent(_ descriptor: Int32, _ path: String) -> Bool {
    var opened = stat()
    var named = stat()
    guard fstat(descriptor, &opened) == 0, stat(path, &named) == 0 else { return false }
    return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }
}
