// SPDX-License-Identifier: MIT

import PassoText

/// A reader under attack: one input after another, each of which it takes or refuses.
///
/// Whatever else happens (a trap, an abort, an error that is no `Problem`, a problem without words)
/// is a fault of the reader.
package protocol FuzzTarget: SendableMetatype {
  /// The name on the command line.
  static var name: String { get }

  /// Words of the format that are put in and exchanged.
  static var words: [String] { get }

  /// How much of a campaign this target gets; one that takes microseconds gets more.
  static var weight: Int { get }

  /// Prepares a folder and sound inputs.
  init(_ place: Workplace) throws

  /// Sound inputs, from which all others are made.
  var samples: [[UInt8]] { get }

  /// Reads an input.
  ///
  /// - Throws: A `Problem` if the input is refused.
  mutating func take(_ input: [UInt8]) throws
}

extension FuzzTarget {
  package static var weight: Int { 10 }
}

/// What a reader did that it may not do, short of ending the process.
package struct FuzzFault: Error {
  package let text: String

  package init(_ text: String) { self.text = text }
}

extension FuzzTarget {
  /// Reads an input, and judges how it was refused.
  ///
  /// - Returns: Whether it was taken.
  /// - Throws: `FuzzFault`.
  mutating func judge(_ input: [UInt8]) throws(FuzzFault) -> Bool {
    do {
      try take(input)
      return true
    } catch let fault as FuzzFault {
      throw fault
    } catch let problem as any Problem {
      for language in Language.allCases {
        let text = problem.text(language)
        guard !problem.message[language].isEmpty else { throw FuzzFault("no words: \(problem)") }
        guard !text.isObeyedByTerminals else {
          throw FuzzFault("a terminal would obey: \(text.debugDescription)")
        }
      }
      return false
    } catch {
      throw FuzzFault("not a problem: \(error)")
    }
  }
}

extension String {
  /// Whether a terminal would do something at a part of it but show it; lines may end.
  var isObeyedByTerminals: Bool {
    unicodeScalars.contains { scalar in
      scalar != "\n" && scalar.properties.generalCategory == .control
    }
  }
}
