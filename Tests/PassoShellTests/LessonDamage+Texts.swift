// SPDX-License-Identifier: MIT

import PassoText

// Damages to what a lesson says, to where it says it, and to an exercise's two ends.
extension LessonDamage {
  /// A hint whose first piece of code nobody can type.
  static func unreadable(_ line: String) -> String {
    guard line.hasPrefix("hint:") else { return line }
    return line.replacing(/`[^`]*`/, with: "`max(W_E[0]`", maxReplacements: 1)
  }

  /// An exercise that begins where it should end.
  static func startingDone(_ old: [String]) -> [String] {
    let done = old.filter { $0.hasPrefix("solution:") }.map { "start:" + $0.dropFirst(9) }
    guard let first = old.firstIndex(where: { $0.hasPrefix("check:") }) else { return old }
    return Array(old[..<first]) + done + Array(old[first...])
  }

  /// The lines that wait for an answer are carried out before it is asked for.
  func tellInOutput(_ number: Int, _ draft: inout LessonDraft) {
    guard let run = draft.lockedRun(number) else { return }
    let lines = draft.text(run).dropFirst().dropLast()
    draft.edit(number) { ["```passo-run id=zz"] + lines + ["```", ""] + $0 }
  }

  /// The prose before a question states its answer, as a fact has it.
  func tellInProse(_ number: Int, _ draft: inout LessonDraft) {
    let text = draft.text(number)
    guard let answer = text.first(where: { $0.hasPrefix("answer: ") })?.dropFirst(8),
      let run = draft.blocks(.it)[number].value("locks"),
      let value = draft.number(thatFactsOf: run, give: String(answer))
    else { return }
    draft.edit(number, in: [.it]) {
      ["Saranno \(value.replacing(".", with: ",")).", ""] + $0
    }
    draft.edit(number, in: [.en]) { ["It will be \(value).", ""] + $0 }
  }

  // MARK: Prose

  func inTexts(
    _ draft: LessonDraft,
    _ random: inout some RandomNumberGenerator
  ) -> LessonDraft? {
    var damaged = draft
    let paragraphs = draft.paragraphs.shuffled(using: &random)
    guard let place = paragraphs.first else { return nil }
    switch self {
    case .rightAlwaysFirst:
      for number in draft.numbers(of: "quiz") { damaged.edit(number, Self.rightFirst) }
    case .untranslated: damaged.replace(place, in: .en, by: draft.text(of: place, .it))
    case .missingParagraph: damaged.replace(place, in: .en, by: [])
    case .lecture:
      let words = Array(repeating: "parole e parole e ancora parole", count: 25)
      for language in Language.allCases {
        damaged.replace(place, in: language, by: draft.text(of: place, language) + words)
      }
    case .tooManyParts:
      let note = ["", "```passo-note clock=0:0", "Via.", "```"]
      let notes = (1...8).flatMap { second in
        note.map { $0.replacing("0:0", with: "0:0\(second)") }
      }
      for language in Language.allCases {
        damaged.replace(place, in: language, by: draft.text(of: place, language) + notes)
      }
    case .inventedNumber:
      guard draft.firstCostly == draft.blocks(.it).count else { return nil }
      let number = "\(Int.random(in: 11_111...99_999, using: &random))"
      let says = [Language.it: "In tutto sono \(number).", .en: "That makes \(number)."]
      for (language, text) in says {
        damaged.replace(place, in: language, by: draft.text(of: place, language) + [text])
      }
    case .wrongTerm: return mistranslated(draft, &random)
    default: return nil
    }
    return damaged.lines == draft.lines ? nil : damaged
  }

  /// Words that somebody might take for the term, in one of the languages.
  private static var wrongTerms: [(Language, term: Regex<Substring>, wrong: String)] {
    [
      (.it, /[Mm]aschera causale/, "maschera casuale"), (.it, /[Vv]ocabolari[oi]/, "dizionario"),
      (.it, /[Ee]ntropia incrociata/, "entropia crociata"), (.it, /[Aa]ddestrament/, "allenament"),
      (.it, /[Gg]radient[ei]/, "pendenza"), (.it, /[Pp]erplessità/, "confusione"),
      (.it, /[Tt]emperatura/, "calore"), (.it, /[Oo]ttimizzatore/, "optimizer"),
      (.en, /[Vv]ocabular(?:y|ies)/, "dictionary"), (.en, /[Cc]ausal mask/, "casual mask"),
      (.en, /[Cc]ross-entropy/, "crossed entropy"), (.en, /[Gg]radients?/, "slope"),
      (.en, /[Pp]erplexity/, "confusion"), (.en, /[Tt]emperature/, "warmth"),
    ]
  }

  /// A term of the field that one language calls otherwise throughout.
  private func mistranslated(
    _ draft: LessonDraft,
    _ random: inout some RandomNumberGenerator
  ) -> LessonDraft? {
    for (language, term, wrong) in Self.wrongTerms.shuffled(using: &random) {
      var damaged = draft
      damaged.lines[language] = draft.lines[language]?.map { $0.replacing(term, with: wrong) }
      if damaged.lines != draft.lines { return damaged }
    }
    return nil
  }

  /// A question whose right option changes places with the first one.
  private static func rightFirst(_ old: [String]) -> [String] {
    let starts = old.indices.filter { old[$0].hasPrefix("- [") }
    guard let right = starts.firstIndex(where: { old[$0].hasPrefix("- [x]") }), right > 0,
      let end = old[starts[right]...].dropFirst().firstIndex(where: { !$0.hasPrefix("  ") })
    else { return old }
    let option = old[starts[right]..<end]
    let rest = old[starts[0]..<starts[right]] + old[end...]
    let letters = starts.map { String(old[$0].dropFirst(6).prefix(1)) }
    var lines = Array(old[..<starts[0]] + option + rest)
    let places = lines.indices.filter { lines[$0].hasPrefix("- [") }
    for (place, letter) in zip(places, letters) {
      lines[place] = lines[place].prefix(6) + letter + lines[place].dropFirst(7)
    }
    return lines
  }
}

extension LessonDraft {
  /// The block that waits for the answer to a prediction.
  fileprivate func lockedRun(_ prediction: Int) -> Int? {
    let locks = blocks(.it)[prediction].value("locks")
    return numbers(of: "run").first { blocks(.it)[$0].value("id") == locks }
  }

  /// The number that a fact gives for an expression; nil if none does, or a small one.
  fileprivate func number(thatFactsOf run: String, give expression: String) -> String? {
    let facts = numbers(of: "facts").filter { blocks(.it)[$0].id == run }.flatMap { text($0) }
    for fact in facts {
      guard let range = fact.firstRange(of: expression) else { continue }
      let (before, behind) = (fact[..<range.lowerBound], fact[range.upperBound...])
      if let match = behind.wholeMatch(of: /\s+==\s+(\d{2,})/) { return String(match.1) }
      if before.hasSuffix("abs("), let match = behind.prefixMatch(of: /\s[-+]\s([\d.]{3,})\)/) {
        return String(match.1)
      }
    }
    return nil
  }

  /// Paragraphs of prose by their number, long enough to be missed.
  fileprivate var paragraphs: [Int] {
    let (it, en) = (ranges(.it), ranges(.en))
    guard it.count == en.count else { return [] }
    return it.indices.filter { number in
      text(of: number, .it).joined(separator: " ").split(separator: " ").count > 9
        && it[number].lowerBound > 12
    }
  }

  /// The lines of a paragraph.
  fileprivate func text(of paragraph: Int, _ language: Language) -> [String] {
    Array(lines[language]?[ranges(language)[paragraph]] ?? [])
  }

  fileprivate mutating func replace(_ paragraph: Int, in language: Language, by new: [String]) {
    let range = ranges(language)[paragraph]
    lines[language]?.replaceSubrange(range, with: new)
  }

  /// Where the paragraphs are: lines of prose between blank lines and blocks.
  private func ranges(_ language: Language) -> [Range<Int>] {
    let lines = lines[language] ?? []
    var (ranges, start, isInside): ([Range<Int>], Int?, Bool) = ([], nil, false)
    for (index, line) in lines.enumerated() {
      let isFence = line.hasPrefix("```")
      let isText = !isInside && !isFence && !line.isEmpty && !line.hasPrefix("#") && index > 8
      if isFence { isInside.toggle() }
      if isText, start == nil { start = index }
      if !isText, let first = start {
        ranges.append(first..<index)
        start = nil
      }
    }
    return ranges
  }
}
