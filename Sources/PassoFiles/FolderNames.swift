// SPDX-License-Identifier: MIT

import Glibc

/// What a folder holds.
enum FolderNames {
  /// The names in a folder, hidden ones too, in the order in which the system has them.
  static func read(in folder: String) throws(FileProblem) -> [String] {
    guard let list = opendir(folder) else { throw .system(.last(), file: folder) }
    defer { closedir(list) }
    var names: [String] = []
    while let entry = readdir(list) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

extension String {
  /// The folder that a path leads to before its last name; `.` for a name alone.
  var folder: String {
    guard let slash = lastIndex(of: "/") else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }

  /// What stands in a path behind the last slash.
  var lastName: String { lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self }
}
