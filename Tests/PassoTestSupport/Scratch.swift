// SPDX-License-Identifier: MIT
import Foundation

/// A folder of its own for one test; gone when the test is.
package final class Scratch {
  package let folder = FileManager.default.temporaryDirectory
    .appending(path: "passo-\(UUID().uuidString)", directoryHint: .isDirectory)

  package init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  package func path(_ name: String) -> String {
    folder.appending(path: name).path(percentEncoded: false)
  }

  package func write(_ bytes: [UInt8], to name: String = "file") throws -> String {
    try Data(bytes).write(to: folder.appending(path: name))
    return path(name)
  }

  package func read(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appending(path: name)))
  }

  package var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        .sorted()
    }
  }
}

/// The path of a file of the reference models.
package func reference(_ name: String) -> String {
  Bundle.module.bundleURL.appending(path: "Reference").appending(path: name)
    .path(percentEncoded: false)
}

/// The bytes of a safetensors file with this header and these data, as they are.
package func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
  let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
  return length + Array(header.utf8) + data
}
