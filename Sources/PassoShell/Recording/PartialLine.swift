// SPDX-License-Identifier: MIT

/// A line that succeeded and of which a recording repeats only a part, or nothing.
///
///     # stopped by Ctrl-C: :train 300
///     :step 1425
///
/// A lesson that had prepared the line has gone on with it all the same, and does so again.
struct PartialLine: Equatable {
  enum Reason: String, CaseIterable {
    /// Ctrl-C came when it had moved some steps, which stand in the lines behind it.
    case stopped = "# stopped by Ctrl-C: "

    case stoppedWithoutMove = "# stopped by Ctrl-C before it had moved: "

    case writesFiles = "# not repeated, it writes files: "

    /// Only the one who is there has anything from it.
    case forTerminal = "# not repeated, it is for the terminal: "
  }

  let reason: Reason
  let line: String

  /// The moves that are repeated in its place.
  private(set) var moves: [String] = []

  init(_ reason: Reason, _ line: String) {
    (self.reason, self.line) = (reason, line)
  }

  /// Reads the comment that stands for a line; nil if it says something else.
  init?(comment: String) {
    guard let reason = Reason.allCases.first(where: { comment.hasPrefix($0.rawValue) }) else {
      return nil
    }
    self.init(reason, String(comment.dropFirst(reason.rawValue.count)))
  }

  var comment: String { reason.rawValue + line }

  /// Whether a recorder leaves this line out for this reason; what Ctrl-C has stopped may be any.
  var isPossible: Bool {
    switch reason {
    case .stopped, .stoppedWithoutMove: true
    case .writesFiles, .forTerminal: Reason.ofLeavingOut(line) == reason
    }
  }

  /// The most steps of one move.
  static let longestMove = 1_000_000

  /// Takes a line behind the comment as a move in place of the line, if it is one.
  mutating func take(_ move: String) -> Bool {
    let isWhole = moves.last?.hasSuffix(" \(Self.longestMove)") == false
    guard reason == .stopped, !isWhole, move.hasPrefix(":step ") || move.hasPrefix(":back ") else {
      return false
    }
    moves.append(move)
    return true
  }
}

extension PartialLine.Reason {
  /// Why a recording does not repeat a line that has done all that it says; nil if it does.
  static func ofLeavingOut(_ line: String) -> Self? {
    if SessionFile.nestedCommand(line) != nil { return .forTerminal }
    guard let command = Command.named(in: line) else { return nil }
    if case .host = command.action { return .forTerminal }
    return command.writesFiles ? .writesFiles : nil
  }
}
