// SPDX-License-Identifier: MIT

import PassoFiles

/// What is kept of a person from one session to the next.
package enum StateFile {
  /// Where the XDG Base Directory Specification wants it: `$XDG_STATE_HOME/passo/NAME`, else
  /// `~/.local/state/passo/NAME`; nil without a home.
  package static func path(_ name: String, _ environment: [String: String]) -> String? {
    func folder(_ variable: String) -> String? {
      environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    return (folder("XDG_STATE_HOME") ?? folder("HOME").map { $0 + "/.local/state" })
      .map { "\($0)/passo/\(name)" }
  }
}

extension AppendedFile {
  /// Gives the file a name that no other has: `STEM-2026-11-29-1.ENDING`.
  ///
  /// - Returns: That name.
  func renameWithDate(_ stem: String, _ ending: String) throws(FileProblem) -> String {
    var number = 1
    while true {
      let name = "\(stem)-\(Day.today.text)-\(number).\(ending)"
      if try rename(to: name) { return name }
      number += 1
    }
  }
}
