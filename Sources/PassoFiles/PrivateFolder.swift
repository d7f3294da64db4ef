// SPDX-License-Identifier: MIT

import Glibc

/// Folders that belong to one person alone: what was learned from, what was typed, what lessons
/// write.
package enum PrivateFolder {
  private static let mode: mode_t = 0o700

  /// Makes a folder that nobody else can look into, and those around it unless they are there.
  ///
  /// One that is there and is open to others is closed; where that is refused nothing is done.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - root: The outermost of the folders that are private; those around it are as they are.
  /// - Throws: `FileProblem` if it cannot be made, or is a link or another person's.
  package static func make(_ path: String, below root: String? = nil) throws(FileProblem) {
    let root = root.map { path.hasPrefix($0 + "/") ? $0 : path } ?? path
    try FileScope.own { () throws(FileProblem) in
      if let slash = root.utf8.lastIndex(of: UInt8(ascii: "/")), slash > root.startIndex {
        try AtomicFile.makeFolder(String(root[..<slash]))
      }
    }
    var inner = root
    try makeOne(inner)
    for name in path.dropFirst(root.count).split(separator: "/") {
      inner += "/" + name
      try makeOne(inner)
    }
  }

  private static func makeOne(_ path: String) throws(FileProblem) {
    if mkdir(path, mode) != 0, errno != EEXIST { throw .system(.last(writing: true), file: path) }
    try check(path)
  }

  /// Checks that a folder is one that only its owner can change, and closes it to others.
  ///
  /// - Throws: `FileProblem` if it is not there, or is a link or another person's.
  package static func check(_ path: String) throws(FileProblem) {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .system(.last(writing: true), file: path) }
    guard status.st_mode & S_IFMT != S_IFLNK else { throw .system(.linkInPlace, file: path) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .system(.notAFolder, file: path) }
    guard status.st_uid == geteuid() else { throw .system(.anothersFolder, file: path) }
    if status.st_mode & 0o777 != mode { chmod(path, mode) }
  }

  /// Makes a new folder where temporary ones are.
  ///
  /// - Throws: `FileProblem` if there is no room for one.
  package static func temporary() throws(FileProblem) -> String {
    let place = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let pattern = (place.isEmpty ? "/tmp" : place) + "/passo-XXXXXX"
    var bytes = Array(pattern.utf8CString)
    guard mkdtemp(&bytes) != nil else { throw .system(.last(writing: true), file: pattern) }
    return String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes a folder and whatever is in it; links are not followed.
  package static func remove(_ folder: String) {
    for name in names(in: folder) {
      let path = "\(folder)/\(name)"
      if unlink(path) != 0 { remove(path) }
    }
    rmdir(folder)
  }

  /// The names in a folder, hidden ones too; none if it cannot be read.
  package static func names(in folder: String) -> [String] {
    (try? FolderNames.read(in: folder)) ?? []
  }
}
