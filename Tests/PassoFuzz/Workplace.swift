// SPDX-License-Identifier: MIT

import Foundation
import PassoModel

/// A folder of its own for one worker.
package struct Workplace {
  /// The folder, without a slash at its end.
  package let folder: String

  /// Uses a folder, which is made.
  package init(_ folder: String) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// The path of a name in the folder.
  package func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// The bytes of a file in the folder.
  func read(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: path(name))))
  }

  /// Writes a file of the folder, and those around it; gives its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let path = path(name)
    let parent = URL(filePath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    // Not atomically: ten thousand renames a second are the file system's work, not the reader's.
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
      throw CocoaError(.fileWriteUnknown)
    }
    return path
  }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  /// Removes what is called so.
  func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path(name)) }

  /// The lessons of the project, as bytes.
  static func lessons() throws -> [[UInt8]] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "lessons")
    let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    let files = (found?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "md" }
    return try files.sorted { $0.path < $1.path }.map { try [UInt8](Data(contentsOf: $0)) }
  }
}
