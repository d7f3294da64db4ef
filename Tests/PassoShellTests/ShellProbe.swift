// SPDX-License-Identifier: MIT

import Foundation
import PassoFiles
import PassoModel
import PassoSession
import PassoShell
import PassoText
import PassoView

/// A shell whose output can be read.
final class ShellProbe {
  /// What was shown, and what was reported, since the last `take`.
  private final class Sink {
    var output = ""
    var errors = ""
  }

  let shell: Shell
  private let sink: Sink

  init(
    _ language: Language = .en,
    isPlain: Bool = true,
    width: Int = 80,
    depth: ColorDepth = .none,
    lessons: String? = nil,
    interrupted: @escaping () -> Bool = { false }
  ) throws {
    let sink = Sink()
    self.sink = sink
    shell = try Shell(
      console: Console(
        language: language,
        isPlain: isPlain,
        terminal: { (width, depth) },
        write: { sink.output += $0 },
        writeError: { sink.errors += $0 }
      ),
      lessons: lessons,
      interrupted: interrupted
    )
    shell.textCache = Self.cache
  }

  /// Tokens of texts, for all probes: what is there already is found again.
  private static let cache = TextCache(root: NSTemporaryDirectory() + "passo-probe-cache")

  /// Carries out a line, and gives what was shown.
  @discardableResult
  func type(_ line: String) -> (outcome: Shell.Outcome, output: String, errors: String) {
    sink.output = ""
    sink.errors = ""
    let outcome = shell.execute(line)
    return (outcome, sink.output, sink.errors)
  }

  /// What was shown since the last line began.
  var written: String { sink.output }

  /// What was reported since the last line began.
  var reported: String { sink.errors }

  /// Carries out lines, and gives all that they showed and reported.
  @discardableResult
  func run(_ lines: String...) -> String {
    lines.reduce("") { text, line in
      let result = type(line)
      return text + result.output + result.errors
    }
  }
}

extension Session {
  /// The texts that were typed; none where something else is learned from.
  var texts: [String] {
    if case .typed(let texts) = experiment.data { texts } else { [] }
  }
}
