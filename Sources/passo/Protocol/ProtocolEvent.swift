// SPDX-License-Identifier: MIT

import PassoFiles
import PassoShell
import PassoText
import PassoView

/// What Passo tells a client of the protocol, in one line of JSON each; see ``ProtocolLoop``.
enum ProtocolEvent {
  case hello(version: String, Language, Prompt)
  case line(Int, String)
  case figure(FigureForms)
  case stream(String)
  case progress(String?)
  case problem(any Problem)
  case done(Outcome, Prompt)
  case completions(start: Int, end: Int, [String])
  case inspection(FigureForms?)
  case check(isComplete: Bool)

  /// The version of the protocol: it changes when a client has to.
  static let version = 1

  /// How a request to execute lines has ended.
  enum Outcome: String {
    case done
    case failed
    case interrupted

    /// Passo leaves, as it was asked to.
    case finished
  }

  /// What the prompt of a terminal would say now.
  struct Prompt {
    let lesson: String?
    let position: String

    /// What an empty text would carry out.
    let enter: String?

    /// The line that an open lesson brings, to be run as it stands or changed.
    let prepared: String?
  }

  private typealias Members = [(key: String, value: String)]

  /// The line for an answer to a request.
  func json(_ id: Int?, _ language: Language) -> String {
    let (name, members) = content(language)
    let number = id.map { [("id", $0.json)] } ?? []
    return JSONText.object(number + [("event", name.json)] + members)
  }

  private func content(_ language: Language) -> (name: String, Members) {
    switch self {
    case .hello(let version, let language, let prompt):
      (
        "hello",
        [
          ("protocol", Self.version.json), ("passo", version.json),
          ("language", language.rawValue.json),
        ] + Self.members(prompt)
      )
    case .line(let number, let text): ("line", [("number", number.json), ("text", text.json)])
    case .figure(let forms): ("figure", Self.members(forms))
    case .stream(let text): ("stream", [("text", text.json)])
    case .progress(let text): ("progress", [("text", text.json)])
    case .problem(let problem): ("problem", Self.members(problem, language))
    case .done(let outcome, let prompt):
      ("done", [("outcome", outcome.rawValue.json)] + Self.members(prompt))
    case .completions(let start, let end, let matches):
      ("completions", [("start", start.json), ("end", end.json), ("matches", matches.json)])
    case .inspection(let forms):
      ("inspection", [("found", (forms != nil).json)] + (forms.map(Self.members) ?? []))
    case .check(let isComplete): ("check", [("complete", isComplete.json)])
    }
  }

  private static func members(_ prompt: Prompt) -> Members {
    [
      ("lesson", prompt.lesson.json), ("position", prompt.position.json),
      ("enter", prompt.enter.json), ("prepared", prompt.prepared.json),
    ]
  }

  private static func members(_ forms: FigureForms) -> Members {
    [("text", forms.text.json)] + (forms.html.map { [("html", $0.json)] } ?? [])
      + (forms.svg.map { [("svg", $0.json)] } ?? [])
  }

  private static func members(_ problem: any Problem, _ language: Language) -> Members {
    let place = problem.place
    let span = place?.span.map { [$0.lowerBound, $0.upperBound] }
    return [
      ("message", problem.message[language].visible.json),
      ("hint", (problem.wayOn?[language].visible).json), ("file", (place?.file).json),
      ("line", (place?.line).json), ("source", (place?.source).json), ("span", span.json),
      ("text", problem.text(language).json),
    ]
  }
}
