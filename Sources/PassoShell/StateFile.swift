// SPDX-License-Identifier: MIT

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
