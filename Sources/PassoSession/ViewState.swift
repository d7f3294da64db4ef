// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel

/// By what a person looks at a session, and where its moves stop: no change that `:undo` takes
/// back.
package struct ViewState: Sendable {
  /// How much one `:next` moves over.
  package var zoom = Zoom.layer

  /// How much one `:back` moves over: as much as the move before.
  package var stride = Zoom.op

  /// Moments that have a name.
  package var marks: [String: Mark] = [:]

  /// What a move stops at.
  package var stops = Stops()

  /// Full names of values whose numbers are not shown now: they would answer an open question.
  package var hidden: Set<String> = []

  /// What `:why` explained last, in the values of which program.
  private var explained: (program: ProgramIdentity, trail: WhyTrail)?

  /// The merges that are being watched, and the data whose they are, unless they are a file's.
  package var merges: (watch: MergeWatch, data: [String]?)?

  package init() {}

  /// What `:why` explained last.
  ///
  /// Places are positions in values of one program: with another one nothing has been asked yet.
  package func whyTrail(in program: ProgramIdentity) -> WhyTrail {
    guard let explained, explained.program == program else { return WhyTrail() }
    return explained.trail
  }

  package mutating func explain(_ trail: WhyTrail, in program: ProgramIdentity) {
    explained = (program, trail)
  }

  /// The same for another run, which has marks of its own: numbers of this one are none of that.
  func ofAnotherRun(marks: [String: Mark] = [:]) -> ViewState {
    var view = self
    view.marks = marks
    view.stops.forgetNumbers()
    return view
  }
}
