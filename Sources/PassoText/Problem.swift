// SPDX-License-Identifier: MIT

/// A person's mistake, or what the world did to a person: never a mistake of ours.
///
/// Every layer has its own error enumeration whose cases carry facts; the wording, in both
/// languages, stands beside the cases. Nothing of a session's state has changed when one is thrown.
package protocol Problem: Error, Sendable {
  /// One sentence, lower case, no full stop: what was needed and what was found.
  var message: Bilingual { get }

  /// One thing to do next; a lower layer names no command and no option, see `HintedProblem`.
  var hint: Bilingual? { get }

  /// Where it is.
  var place: Place? { get }

  /// The problem that this one passes on with something added; nil if it stands for itself.
  var cause: (any Problem)? { get }

  /// Whether somebody wanted it so: then it is told, and not called an error.
  var isWanted: Bool { get }
}

extension Problem {
  /// That of what is passed on, if anything is.
  package var hint: Bilingual? { cause?.hint }

  /// That of what is passed on, if anything is.
  package var place: Place? { cause?.place }

  /// It stands for itself.
  package var cause: (any Problem)? { nil }

  package var isWanted: Bool { cause?.isWanted ?? false }
}

/// A problem that says what is wrong and what to do about it in one switch over its cases.
package protocol WordedProblem: Problem {
  /// What is wrong, and what to do.
  var wording: Wording { get }
}

extension WordedProblem {
  package var message: Bilingual { wording.message }
  package var hint: Bilingual? { wording.hint }
}

/// A sentence, and what to do about it.
package struct Wording: Sendable {
  let message: Bilingual
  let hint: Bilingual?
}

extension Bilingual {
  /// The sentence of a problem with what to do about it.
  package func hint(it: String, en: String) -> Wording { hint(Bilingual(it: it, en: en)) }

  /// The sentence of a problem with what to do about it.
  package func hint(_ hint: Bilingual?) -> Wording { Wording(message: self, hint: hint) }
}

/// A problem of a lower layer about which a command or an option does something.
///
/// Lower layers state facts; front ends add this conformance, with a switch over all the cases.
package protocol HintedProblem: Problem {
  /// One thing to type next; nil in the cases in which the problem itself says what to do.
  var commandHint: Bilingual? { get }
}

extension Problem {
  /// One thing to do next, as a front end says it.
  package var wayOn: Bilingual? {
    (self as? any HintedProblem)?.commandHint ?? cause?.wayOn ?? hint
  }
}

/// Where a problem is: in a file, in a line of text, or both.
package struct Place: Hashable, Sendable {
  /// The file, as the person named it.
  package var file: String?

  /// The line in the file, from 1.
  package var line: Int?

  /// The text in which the problem is.
  package var source: String?

  /// The part of `source` to underline, in Unicode scalars from 0.
  package var span: Range<Int>?

  /// Describes a place; leave out what is not known.
  package init(
    file: String? = nil,
    line: Int? = nil,
    source: String? = nil,
    span: Range<Int>? = nil
  ) {
    self.file = file
    self.line = line
    self.source = source
    self.span = span
  }
}

/// A problem and where in a line it is.
package struct Placed: Problem {
  package let problem: any Problem
  package let place: Place?

  package init(_ problem: any Problem, source: String, span: Range<Int>) {
    self.problem = problem
    place = Place(source: source, span: span)
  }

  package var message: Bilingual { problem.message }
  package var cause: (any Problem)? { problem }

  /// Does what may fail; a problem without a place of its own gets one.
  package static func problems<T>(
    of body: () throws -> T,
    source: String,
    span: Range<Int>
  ) throws -> T {
    do {
      return try body()
    } catch let problem as any Problem where problem.place == nil {
      throw Placed(problem, source: source, span: span)
    }
  }

  /// The same place in another text, of which the one so far was a part.
  package func moved(to line: String) -> Placed {
    guard let span = place?.span else { return self }
    return Placed(problem, source: line, span: span)
  }
}

extension Problem {
  /// The problem as lines of plain text, in the order in which a person needs them; what strangers'
  /// texts would ask of a terminal is shown and not obeyed.
  ///
  ///     :show atn
  ///           ^^^
  ///     error: no value is called 'atn'
  ///     hint: did you mean 'blocks.0.attn.pattern'?
  package func text(_ language: Language) -> String {
    var lines: [String] = []
    if let source = place?.source, let span = place?.span {
      lines += [source.visible, Self.underline(span, in: source)]
    }
    let label = isWanted ? "" : Bilingual(it: "errore: ", en: "error: ")[language]
    lines.append("\(location)\(label)\(message[language].visible)")
    if let wayOn {
      let label = Bilingual(it: "suggerimento", en: "hint")[language]
      lines.append("\(label): \(wayOn[language].visible)")
    }
    return lines.joined(separator: "\n")
  }

  private var location: String {
    guard let file = place?.file?.visible else { return "" }
    guard let line = place?.line else { return "\(file): " }
    return "\(file):\(line): "
  }

  private static func underline(_ span: Range<Int>, in source: String) -> String {
    let scalars = Array(source.unicodeScalars)
    let start = min(max(span.lowerBound, 0), scalars.count)
    let end = min(max(span.upperBound, start), scalars.count)
    func width(_ part: ArraySlice<Unicode.Scalar>) -> Int {
      DisplayWidth.of(String(String.UnicodeScalarView(part)).visible)
    }
    let before = width(scalars[..<start])
    let marked = max(1, width(scalars[start..<end]))
    return String(repeating: " ", count: before) + String(repeating: "^", count: marked)
  }
}
