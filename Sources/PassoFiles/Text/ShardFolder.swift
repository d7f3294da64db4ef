// SPDX-License-Identifier: MIT

import Glibc

/// Where the tokens of texts are kept, a folder for each text, tokenizer and split.
///
/// A folder is made under another name and takes its own when it is complete. Its maker
/// holds a lock, which the system gives back if the process dies: what lies under other names
/// without a lock is left over, and is removed. When all of them together are too large, those go
/// that were not used for the longest time.
package struct TextCache: Sendable {
  /// The folder of all folders.
  package let root: String

  /// The bytes that all folders may have together, but for those in use.
  let budget: Int

  private static let unfinished = ".unfinished-"

  /// Uses a folder, which need not exist.
  package init(root: String, budget: Int = 8 << 30) {
    self.root = root
    self.budget = budget
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

  /// Makes the folder of all folders, or checks that it is this person's alone.
  ///
  /// - Throws: `FileProblem` if it cannot be made, or is a link or another person's.
  func makeRoot() throws(FileProblem) {
    // The folder of the program is private too; those around it belong to others.
    let program = root.hasSuffix("/passo/texts") ? String(root.dropLast("/texts".count)) : root
    try PrivateFolder.make(root, below: program)
  }

  /// The folder of a key.
  func folder(_ key: UInt64) -> String { "\(root)/\(ContentHash.digits(key))" }

  /// Makes a folder for a key: what `body` writes into an unfinished one, or nothing.
  ///
  /// - Returns: What `body` gives; nil, and no folder, if that is nil.
  func make<Result>(_ key: UInt64, _ body: (String) throws -> Result?) throws -> Result? {
    removeUnfinished(of: key)
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    let unfinished = folder(key) + Self.unfinished + random
    try PrivateFolder.make(unfinished)
    do {
      guard let result = try body(unfinished) else {
        PrivateFolder.remove(unfinished)
        return nil
      }
      AtomicFile.flushFolder(unfinished)
      try install(unfinished, as: folder(key))
      return result
    } catch {
      PrivateFolder.remove(unfinished)
      throw error
    }
  }

  /// Gives a folder its name; one that has it already steps aside first, and is removed.
  private func install(_ unfinished: String, as folder: String) throws(FileProblem) {
    let old = unfinished + "-old"
    for _ in 0..<10 {
      if rename(unfinished, folder) == 0 {
        AtomicFile.flushFolder(root)
        PrivateFolder.remove(old)
        return
      }
      guard errno == ENOTEMPTY || errno == EEXIST else { break }
      _ = rename(folder, old)
    }
    throw .system(.last(writing: true), file: folder)
  }

  /// Removes what a process that died has left, unless its key is being made now.
  private func removeUnfinished(of ownKey: UInt64) {
    for name in PrivateFolder.names(in: root) {
      let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, ("." + parts[1]).hasPrefix(Self.unfinished),
        let key = UInt64(parts[0], radix: 16)
      else { continue }
      if key == ownKey || FolderLock.isFree("\(root)/\(parts[0])") {
        PrivateFolder.remove("\(root)/\(name)")
      }
    }
  }
}

// MARK: - Room

extension TextCache {
  /// Notes that a folder was used now; where that cannot be written it counts as unused.
  static func noteUse(of folder: String) { utimes(folder, nil) }

  /// Removes those folders that were not used for the longest time, until the rest fits.
  func makeRoom() {
    let folders = PrivateFolder.names(in: root).filter {
      UInt64($0, radix: 16) != nil && $0.utf8.count == 16
    }
    .map { UsedFolder("\(root)/\($0)") }
    var bytes = folders.reduce(0) { $0 + $1.bytes }
    for folder in folders.sorted(by: { $0.lastUse < $1.lastUse }) where bytes > budget {
      if discard(folder.path) { bytes -= folder.bytes }
    }
  }

  /// Removes a folder unless somebody uses or makes it.
  private func discard(_ folder: String) -> Bool {
    let manifest = "\(folder)/\(ShardManifest.fileName)"
    let lock = FolderUse(manifest: manifest, isAlone: true)
    // Without a list of files nobody can use them.
    guard FolderLock.isFree(folder), lock != nil || !InputFile.exists(manifest) else {
      return false
    }
    // An open from now on finds nothing, and not half of it.
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    let leftOver = folder + Self.unfinished + random
    guard rename(folder, leftOver) == 0 else { return false }
    withExtendedLifetime(lock) { PrivateFolder.remove(leftOver) }
    return true
  }

  /// A folder with what decides whether it stays.
  private struct UsedFolder {
    let path: String
    var bytes = 0
    var lastUse = 0.0

    init(_ path: String) {
      self.path = path
      var status = stat()
      if stat(path, &status) == 0 {
        let time = status.st_mtim
        lastUse = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
      }
      for name in PrivateFolder.names(in: path) where lstat("\(path)/\(name)", &status) == 0 {
        bytes += Int(status.st_size)
      }
    }
  }
}

/// The promise of those who use a folder that nobody removes it, until the last of them lets go.
///
/// The system gives it back if the process dies.
final class FolderUse: Sendable {
  private let descriptor: Int32

  /// Makes the promise on the list of files of a folder.
  ///
  /// Nil if the list cannot be opened, or if somebody else is in the way; where locks are not
  /// supported, nobody is alone.
  ///
  /// - Parameters:
  ///   - manifest: The list; it must be there.
  ///   - isAlone: Whether nobody else may use the folder.
  init?(manifest: String, isAlone: Bool = false) {
    let opened = open(manifest, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { return nil }
    let isLocked = flock(opened, (isAlone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0
    guard isLocked || !isAlone && errno != EWOULDBLOCK else {
      close(opened)
      return nil
    }
    descriptor = opened
  }

  deinit { close(descriptor) }
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
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw .system(.last(writing: true), file: path) }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        if WriteLock.isCurrent(descriptor, path) {
          return FolderLock(path: path, descriptor: descriptor)
        }
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
    if WriteLock.isCurrent(descriptor, path) { unlink(path) }
    return true
  }

  /// Gives the right back.
  func release() {
    // The file goes while the lock is held: the next in line finds that it is no longer current.
    if WriteLock.isCurrent(descriptor, path) { unlink(path) }
    close(descriptor)
  }
}
