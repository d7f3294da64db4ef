// SPDX-License-Identifier: MIT

import Glibc

/// Files that are about to be written where there were none, so that a failure can take them back.
package struct NewFiles {
  private let folder: String
  private let names: [String]
  private let isNewFolder: Bool

  /// Looks which of some files of a folder are not there yet, and whether the folder is.
  package init(_ names: [String], in folder: String) {
    self.folder = folder
    self.names = names.filter { !InputFile.exists("\(folder)/\($0)") }
    isNewFolder = !InputFile.exists(folder)
  }

  /// Whether a file was not there.
  package func contains(_ name: String) -> Bool { names.contains(name) }

  /// Removes one file of a folder, if it is there.
  package static func remove(_ name: String, in folder: String) { unlink("\(folder)/\(name)") }

  /// Removes the files, and the folder if it was not there and nothing else is in it.
  package func takeBack() {
    for name in names { unlink("\(folder)/\(name)") }
    if isNewFolder { rmdir(folder) }
  }
}
