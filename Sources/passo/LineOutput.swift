// SPDX-License-Identifier: MIT

import CLibedit
import Glibc
import PassoText

/// Lines to standard output, many at a time.
final class LineOutput {
  private var bytes: [UInt8] = []

  /// Why nothing more can be written; nothing is tried after that.
  private(set) var failure: OutputFailure?

  /// Adds a line.
  func write(_ line: String) {
    guard failure == nil else { return }
    bytes += line.utf8
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count > 1 << 16 { flush() }
  }

  /// Hands over what waits.
  func flush() {
    fflush(nil)
    var rest = bytes[...]
    while !rest.isEmpty, failure == nil {
      let count = rest.withUnsafeBytes { Self.put($0.baseAddress, $0.count) }
      if count <= 0 { failure = OutputFailure(code: errno) } else { rest = rest.dropFirst(count) }
    }
    bytes.removeAll(keepingCapacity: true)
  }

  private static func put(_ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    while true {
      let done = Glibc.write(STDOUT_FILENO, bytes, count)
      if done >= 0 || errno != EINTR { return done }
    }
  }
}

/// Standard output that takes no more.
struct OutputFailure: WordedProblem {
  /// The system's number for why; nil if it was lost with what was written.
  let code: Int32?

  /// Whether the reader has left, as `head` does: that is no mistake of anybody.
  var isReaderGone: Bool { code == EPIPE }

  /// What has kept lines from arriving, now or before; nil if all have arrived.
  static func last() -> OutputFailure? {
    if fflush(nil) != 0 {
      let failure = OutputFailure(code: errno)
      return failure.isReaderGone ? nil : failure
    }
    return le_output_failed() && !le_reader_is_gone() ? OutputFailure(code: nil) : nil
  }

  var wording: Wording {
    let reason = code.map { " (\(String(cString: strerror($0))))" } ?? ""
    return Bilingual(
      it: "l'uscita non accetta altro, una parte è andata persa\(reason)",
      en: "the output takes no more, a part of it is lost\(reason)"
    ).hint(
      it: "fai spazio, o manda l'uscita altrove",
      en: "make room, or send the output elsewhere"
    )
  }
}
