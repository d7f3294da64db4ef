// SPDX-License-Identifier: MIT

import Glibc

/// What is wrong with a fast program: a mistake of its lowering, or of the plan of its memory.
package struct FastFinding: Hashable, Sendable, CustomStringConvertible {
  /// A step, by its number in the program and its name.
  struct Place: Hashable, CustomStringConvertible {
    let index: Int
    let name: String

    var description: String { "step \(index + 1), \(name)," }
  }

  enum Fault: Hashable {
    /// It reads numbers that nobody has written.
    case unwritten(Range<Int>)
    /// It adds to numbers that nobody has written.
    case addsToNothing(Range<Int>)
    /// What it reads has made room for another value.
    case overwritten(by: Place?, with: String)
    /// It writes where it also reads, or writes, another value.
    case overlaps(String)
    /// A place that goes on behind the end of its buffer, or of the memory.
    case outside(Range<Int>, count: Int)
    /// It writes what steps are only given.
    case isGiven
    /// It writes over the gradients of the round before.
    case losesRound
    /// It writes nothing.
    case idle
    /// It is of an earlier phase than the step before, or not where its phase wants it.
    case misplaced(Phase)
    /// It needs a readable value that a later step computes.
    case tooEarly(before: Place)
    /// A readable step whose work no step does, or more than one.
    case covered(times: Int)
  }

  /// Nil where it is about what the program leaves, or the program as a whole.
  let step: Place?

  /// The name of the buffer or of the readable value that it is about.
  package let value: String
  let fault: Fault

  /// One sentence, in words for developers.
  package var description: String {
    let who = step?.description ?? "the caller"
    return switch fault {
    case .unwritten(let range):
      "\(who) reads numbers \(range) of \(value), which nothing has written"
    case .addsToNothing(let range):
      "\(who) adds to numbers \(range) of \(value), which nothing has written"
    case .overwritten(let other?, let name):
      "\(who) reads \(value) where \(other) has written \(name)"
    case .overwritten(nil, let name): "\(who) reads \(value) where \(name) is from the start"
    case .overlaps(let other): "\(who) writes \(value) over \(other), with which it works"
    case .outside(let range, let count):
      "\(who) uses numbers \(range) of \(value), which has room for \(count)"
    case .isGiven: "\(who) writes \(value), which it is only given"
    case .losesRound: "\(who) overwrites what an earlier round has left in \(value)"
    case .idle: "\(who) writes nothing"
    case .misplaced(let phase): "\(who) is of the phase \(phase) and not in its place"
    case .tooEarly(let other): "\(who) needs \(value), which \(other) computes later"
    case .covered(let times): "\(value) is computed by \(times) steps"
    }
  }
}

extension FastFinding {
  /// Stops the program if there are any; called by debug builds alone.
  ///
  /// They are said here, because an optimized precondition stops without its message.
  static func stop(at findings: [FastFinding]) {
    guard !findings.isEmpty else { return }
    let text = findings.map { "\($0)\n" }.joined()
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    preconditionFailure("a fast program that is not sound")
  }
}
