// SPDX-License-Identifier: MIT
import CLibedit
import Glibc
import PassoText

/// The lines of a pipe or a file, as UTF-8; text in UTF-16 that a mark announces is taken too.
///
/// The standard library's `readLine` begins to read again after Ctrl-C; this ends.
package final class InputLines {
  /// Called before reading on, which may take as long as a person thinks.
  package var beforeWaiting: () -> Void = {}

  private let descriptor: Int32
  private var bytes: [UInt8] = []
  private var isFirst = true
  private var start = 0
  private var isAtStart = true

  /// Reads a file; standard input by default.
  package init(descriptor: Int32 = STDIN_FILENO) {
    self.descriptor = descriptor
  }

  /// The next line without its end; nil after the last one, or once Ctrl-C was pressed.
  package func next() -> String? {
    var searched = start
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return text(bytes[start..<end])
      }
      searched = bytes.count - start
      guard refill() else { break }
    }
    guard start < bytes.count, !Interrupt.isPending else { return nil }
    defer { start = bytes.count }
    return text(bytes[start...])
  }

  // Drops the lines already given, and reads on; false at the end.
  private func refill() -> Bool {
    bytes.removeSubrange(..<start)
    start = 0
    beforeWaiting()
    guard le_wait_for_input(descriptor) else { return false }
    let chunk = chunk()
    bytes += chunk
    guard !chunk.isEmpty else { return false }
    if isAtStart, bytes.count >= ByteOrderMark.utf8.count { takeMark() }
    return true
  }

  private func chunk() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
    }
  }

  /// Drops the mark at the start; a text in UTF-16, as a shell of Windows writes one, is read as a
  /// whole and made UTF-8.
  private func takeMark() {
    isAtStart = false
    let isLittle = bytes.starts(with: [0xFF, 0xFE])
    guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else {
      bytes = Array(ByteOrderMark.dropped(from: bytes))
      return
    }
    while le_wait_for_input(descriptor) {
      let more = chunk()
      guard !more.isEmpty else { break }
      bytes += more
    }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
      let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    bytes = Array(String(decoding: units, as: UTF16.self).utf8)
  }

  // Files from Windows end their lines with two characters.
  private func text(_ line: ArraySlice<UInt8>) -> String {
    var line = line
    // Some editors begin a file with a mark that says UTF-8.
    if isFirst, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    isFirst = false
    return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
  }
}
