// SPDX-License-Identifier: MIT

import PassoSession

/// What a command does, with the most that it may reach while it does it.
///
/// The rest follows from the case. What looks or changes is computed on a copy, by a thread that
/// can be left alone: Ctrl-C or a failure throws the copy away, so that all is as it was. A change
/// can be taken back by `:undo`. A move does its steps where the values are and stops between two.
/// What steers decides which lines come next, which no line of a lesson may. Of what only the host
/// is told, a recording holds nothing.
package enum CommandAction: Sendable {
  /// Shows a session.
  case show(Show)

  /// Sets by what the session is looked at, or where its moves stop.
  case look(Look)

  /// Changes the session.
  case change(Change)

  /// Moves the session's timeline.
  case move(Move)

  /// Goes on with the lines of a lesson or a recording, goes back before them, or leaves.
  case steer(Host)

  /// Talks to the host: console, history of lines, recordings, exported files.
  case host(Host)

  package typealias Show = @Sendable (Session, Arguments, CommandContext) throws -> Void
  package typealias Look =
    @Sendable (inout ViewState, Session, Arguments, CommandContext) throws -> Void
  package typealias Change =
    @Sendable (inout SessionDraft, Arguments, CommandContext) throws -> Void
  package typealias Move = @Sendable (Mover, Arguments) throws -> Void
  package typealias Host = @Sendable (Shell, Arguments) throws -> Void
}

/// A session that a line may change, and whether it did: many commands only show what there is when
/// they are typed without arguments.
package struct SessionDraft {
  package var session: Session { didSet { isChanged = true } }

  package private(set) var isChanged = false

  init(_ session: Session) {
    self.session = session
  }
}

extension CommandDescription {
  /// The command that shows a session.
  func show(_ action: @escaping CommandAction.Show) -> Command { Command(self, .show(action)) }

  /// The command that sets by what a session is looked at.
  func look(_ action: @escaping CommandAction.Look) -> Command { Command(self, .look(action)) }

  /// The command that changes a session.
  func change(_ action: @escaping CommandAction.Change) -> Command {
    Command(self, .change(action))
  }

  /// The command that moves a session's timeline.
  func move(_ action: @escaping CommandAction.Move) -> Command { Command(self, .move(action)) }

  /// The command that decides which lines come next.
  func steer(_ action: @escaping CommandAction.Host) -> Command { Command(self, .steer(action)) }

  /// The command that talks to the host.
  func host(_ action: @escaping CommandAction.Host) -> Command { Command(self, .host(action)) }
}
