// SPDX-License-Identifier: MIT

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Lines to standard output, many at a time.
final class LineOutput {
  private var bytes: [UInt8] = []

  /// Adds a line.
  func write(_ line: String) {
    bytes += line.utf8
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count > 1 << 16 { flush() }
  }

  /// Hands over what waits; where nobody reads any more, it is forgotten.
  func flush() {
    fflush(nil)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Self.put($0.baseAddress, $0.count) }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    bytes.removeAll(keepingCapacity: true)
  }

  private static func put(_ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    while true {
      #if canImport(Darwin)
      let done = Darwin.write(STDOUT_FILENO, bytes, count)
      #else
      let done = Glibc.write(STDOUT_FILENO, bytes, count)
      #endif
      if done >= 0 || errno != EINTR { return done }
    }
  }
}
