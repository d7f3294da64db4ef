// SPDX-License-Identifier: MIT

import Foundation

/// What a worker is doing, in memory that outlives it.
///
/// A trap ends the worker at once: the number of the input that it had begun is what tells which
/// one it was.
final class FuzzStatus {
  /// The inputs that were begun; the last of them may not have ended.
  var begun: Int {
    get { words[0] }
    set { words[0] = newValue }
  }

  /// The inputs that were taken.
  var taken: Int {
    get { words[1] }
    set { words[1] = newValue }
  }

  /// The most memory that the worker had, in bytes.
  var peak: Int {
    get { words[2] }
    set { words[2] = newValue }
  }

  private let words: UnsafeMutablePointer<Int>
  private static let count = 3

  /// Maps a file, which is made if it does not exist.
  init(path: String) throws {
    let size = Self.count * MemoryLayout<Int>.stride
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FuzzFault("cannot open \(path)") }
    defer { close(descriptor) }
    guard ftruncate(descriptor, off_t(size)) == 0,
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
      memory != MAP_FAILED
    else { throw FuzzFault("cannot map \(path)") }
    words = memory.bindMemory(to: Int.self, capacity: Self.count)
  }

  deinit { munmap(words, Self.count * MemoryLayout<Int>.stride) }
}
