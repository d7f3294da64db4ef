// SPDX-License-Identifier: MIT

import PassoText

/// A way to make a lesson wrong.
enum LessonDamage: String, CaseIterable {
  case factNumber, factSign, literalFact, literalBehindOwnLine, misspelledName
  case idleSolution, misspelledMistake, wrongAnswer, spoiler, unknownCommand
  case missingTranslation, missingHint, missingFeedback, missingReplies, missingAlternative
  case twoRight, noneRight, swappedFacts, sameID, lateQuestion
  case wrongRecall, lateNote, tooLong, noObjectives
  case forbiddenTerm, unexplainedTerm, longLine, openFence
  case lockedLineBefore, answerInProse, rightAlwaysFirst, otherID, unreadableHint, passingStart
  case wrongTerm, untranslated, missingParagraph, tooManyParts, lecture, inventedNumber, slowLine

  /// Whether the lesson has to be taken to see it.
  var isSeenByTaking: Bool {
    switch self {
    case .factNumber, .factSign, .literalBehindOwnLine, .misspelledName, .idleSolution,
      .misspelledMistake, .wrongAnswer, .spoiler, .unknownCommand, .lockedLineBefore,
      .answerInProse, .passingStart, .inventedNumber, .slowLine:
      true
    default: false
    }
  }

  /// The kind of block that it damages; nil if that is no block.
  private var kind: String? {
    switch self {
    case .factNumber, .factSign, .literalFact, .literalBehindOwnLine, .misspelledName,
      .swappedFacts:
      "facts"
    case .idleSolution, .misspelledMistake, .missingHint, .unreadableHint, .passingStart: "exercise"
    case .wrongAnswer, .spoiler, .missingReplies, .lateQuestion, .lockedLineBefore,
      .answerInProse:
      "predict"
    case .unknownCommand, .missingTranslation, .sameID, .openFence, .slowLine: "run"
    case .missingFeedback, .twoRight, .noneRight, .wrongRecall, .otherID: "quiz"
    case .missingAlternative: "alt"
    case .lateNote: "note"
    case .tooLong, .noObjectives, .forbiddenTerm, .unexplainedTerm, .longLine, .rightAlwaysFirst,
      .wrongTerm, .untranslated, .missingParagraph, .tooManyParts, .lecture, .inventedNumber:
      nil
    }
  }

  /// Damages a lesson somewhere.
  ///
  /// - Returns: The damaged lesson, and where it is; nil if nothing of it can be damaged so.
  func applied(
    to draft: LessonDraft,
    _ random: inout some RandomNumberGenerator
  ) -> (LessonDraft, place: String)? {
    guard let kind else {
      return (inTexts(draft, &random) ?? inHeaderOrProse(draft, &random)).map { ($0, "") }
    }
    let reach = isSeenByTaking ? draft.firstCostly : .max
    for number in draft.numbers(of: kind).shuffled(using: &random) where number < reach {
      var damaged = draft
      inBlock(number, &damaged, &random)
      if damaged.lines != draft.lines {
        return (damaged, draft.blocks(.it)[number].info)
      }
    }
    return nil
  }

  // MARK: In a block

  private func inBlock(
    _ number: Int,
    _ draft: inout LessonDraft,
    _ random: inout some RandomNumberGenerator
  ) {
    switch self {
    case .factNumber, .factSign, .literalFact, .misspelledName:
      let lines = draft.text(number).indices.dropFirst().dropLast().shuffled(using: &random)
      let text = draft.text(number)
      guard let line = lines.first(where: { fact(text[$0]) != text[$0] }) else { return }
      draft.edit(number) { old in
        var new = old
        new[line] = fact(old[line])
        return new
      }
    case .literalBehindOwnLine: literal(number, &draft)
    case .spoiler: spoil(number, &draft)
    case .lockedLineBefore: tellInOutput(number, &draft)
    case .answerInProse: tellInProse(number, &draft)
    case .slowLine: draft.edit(number) { $0.dropLast() + [":train 900000"] + $0.suffix(1) }
    case .otherID:
      draft.edit(number, in: [.en]) { [$0[0].replacing("id=q", with: "id=z")] + $0.dropFirst() }
    case .passingStart: draft.edit(number, Self.startingDone)
    case .swappedFacts: swap(number, &draft)
    case .lateQuestion: delay(number, &draft)
    case .missingTranslation: draft.edit(number, in: [.en]) { _ in [] }
    case .missingHint: draft.edit(number, in: [.en]) { Self.withoutFirst("hint:", $0) }
    case .openFence: draft.edit(number, in: [.it]) { $0.dropLast() }
    case .sameID:
      let first = draft.numbers(of: "run").first.flatMap { draft.blocks(.it)[$0].id } ?? ""
      draft.edit(number) { [$0[0].replacing(/id=\w+/, with: "id=\(first)")] + $0.dropFirst() }
    default: draft.edit(number, lines)
    }
  }

  /// A fact with something wrong in it.
  private func fact(_ line: String) -> String {
    guard let parts = line.wholeMatch(of: /(\S+\s+\S+\s+)(.*)/) else { return line }
    let (head, claim) = (String(parts.1), String(parts.2))
    switch self {
    case .literalFact: return "\(head)2 + 2 == 4"
    case .misspelledName: return head + claim.replacing("(", with: "x(", maxReplacements: 1)
    case .factNumber:
      guard let match = claim.wholeMatch(of: /(.* == )(\d+)/), let number = Int(match.2) else {
        return line
      }
      return head + match.1 + "\(number + 1)"
    default:
      if let match = claim.wholeMatch(of: /([^<>=*]*) == ([^<>=*]*)/), match.2 != "0" {
        return "\(head)\(match.1) == -(\(match.2))"
      }
      guard let match = claim.wholeMatch(of: /([^<>=]*) ([<>]) ([^<>=]*)/) else { return line }
      return "\(head)\(match.1) \(match.2 == "<" ? ">" : "<") \(match.3)"
    }
  }

  /// A block of another kind with something wrong in it.
  private func lines(_ old: [String]) -> [String] {
    switch self {
    case .idleSolution:
      return old.filter { !$0.hasPrefix("solution:") }.dropLast() + ["solution: :where", "```"]
    case .unreadableHint: return old.map(Self.unreadable)
    case .misspelledMistake: return Self.replacingFirst("mistake: ", "mistake: 0 * nessuno + ", old)
    case .wrongAnswer:
      guard old[0].contains("type=number") else { return old }
      return old.map { $0.replacing(/^answer: (.*)$/) { "answer: 1 + 1.5 * (\($0.output.1))" } }
    case .unknownCommand: return Self.replacingFirst(":", ":zz", old)
    case .missingFeedback: return Self.withoutFeedback(old)
    case .missingReplies: return Self.without("wrong:", old)
    case .missingAlternative: return []
    case .twoRight: return Self.replacingFirst("- [ ]", "- [x]", old)
    case .noneRight: return Self.replacingFirst("- [x]", "- [ ]", old)
    case .wrongRecall: return old.map { $0.replacing(/recalls=L\d\d/, with: "recalls=L77") }
    case .lateNote: return old.map { $0.replacing(/clock=\d+:/, with: "clock=59:") }
    default: return old
    }
  }

  private static func replacingFirst(_ start: String, _ new: String, _ old: [String]) -> [String] {
    guard let index = old.firstIndex(where: { $0.hasPrefix(start) }) else { return old }
    var lines = old
    lines[index] = new + lines[index].dropFirst(start.count)
    return lines
  }

  private static func withoutFirst(_ start: String, _ old: [String]) -> [String] {
    guard let first = old.firstIndex(where: { $0.hasPrefix(start) }) else { return old }
    let rest = old[(first + 1)...].prefix { $0.hasPrefix("  ") }
    return Array(old[..<first] + old[(first + 1 + rest.count)...])
  }

  private static func without(_ start: String, _ old: [String]) -> [String] {
    let less = withoutFirst(start, old)
    return less == old ? old : without(start, less)
  }

  private static func withoutFeedback(_ old: [String]) -> [String] {
    guard let first = old.firstIndex(where: { $0.hasPrefix("- [ ]") }),
      let end = old[(first + 1)...].firstIndex(where: { !$0.hasPrefix("  ") })
    else { return old }
    let says = old[(first + 1)..<end].firstIndex { $0.hasPrefix("  - ") } ?? end
    return Array(old[..<says] + old[end...])
  }

  /// A fact behind a line of the learner's own that counts the words of the prepared one.
  private func literal(_ number: Int, _ draft: inout LessonDraft) {
    let blocks = draft.blocks(.it)
    guard
      let own = draft.numbers(of: "run").last(where: {
        $0 < number && blocks[$0].info.contains("yours")
      }),
      let text = draft.text(own).first(where: { $0.hasPrefix(":text \"") })
    else { return }
    let words = text.split(separator: " ").count - 1
    draft.edit(number) { old in
      old.map { $0.replacing(/(len\(tokens\[0\]\)|count\(\w+ >= 0\))/, with: "\(words)") }
    }
  }

  /// What a question asks for is carried out and shown before it.
  private func spoil(_ number: Int, _ draft: inout LessonDraft) {
    let (block, text) = (draft.blocks(.it)[number], draft.text(number))
    guard let answer = text.first(where: { $0.hasPrefix("answer:") })?.dropFirst(7),
      let run = draft.numbers(of: "run").first(where: {
        draft.blocks(.it)[$0].value("id") == block.value("locks")
      })
    else { return }
    let lines = draft.text(run).dropFirst().dropLast() + [answer.drop { $0 == " " }.description]
    draft.edit(number) { ["```passo-run id=zz"] + lines + ["```", ""] + $0 }
  }

  /// Facts and those of the next block, each said of the other's lines.
  private func swap(_ number: Int, _ draft: inout LessonDraft) {
    let blocks = draft.blocks(.it)
    guard let other = draft.numbers(of: "facts").first(where: { $0 > number }),
      let one = blocks[number].id, let two = blocks[other].id, one != two
    else { return }
    draft.edit(number) { [$0[0].replacing(one, with: two)] + $0.dropFirst() }
    draft.edit(other) { [$0[0].replacing(two, with: one)] + $0.dropFirst() }
  }

  /// A question that comes behind the lines that answer it.
  private func delay(_ number: Int, _ draft: inout LessonDraft) {
    let locks = draft.blocks(.it)[number].value("locks")
    guard let run = draft.numbers(of: "run").first(where: { draft.blocks(.it)[$0].id == locks })
    else { return }
    let texts = Language.allCases.map { draft.text(number, $0) }
    for (language, text) in zip(Language.allCases, texts) {
      draft.edit(run, in: [language]) { $0 + [""] + text }
    }
    draft.edit(number) { _ in [] }
  }

  // MARK: Elsewhere

  private func inHeaderOrProse(
    _ draft: LessonDraft,
    _ random: inout some RandomNumberGenerator
  ) -> LessonDraft? {
    var damaged = draft
    for language in Language.allCases {
      guard var lines = draft.lines[language],
        let title = lines.firstIndex(where: { $0.hasPrefix("# ") })
      else { return nil }
      switch self {
      case .tooLong: lines = lines.map { $0.replacing(/^minutes: \d+$/, with: "minutes: 45") }
      case .noObjectives: lines.removeAll { $0.hasPrefix("objectives:") }
      case .forbiddenTerm where language == .it:
        let terms = ["L'allenamento è breve.", "Con la maschera casuale.", "È un trasformatore."]
        lines.insert(contentsOf: ["", terms.randomElement(using: &random) ?? ""], at: title + 1)
      case .unexplainedTerm where language == .it:
        guard (Int(draft.name.prefix(2)) ?? 99) < 14 else { return nil }
        lines.insert(contentsOf: ["", "Si vede con un'ablazione."], at: title + 1)
      case .longLine where language == .it:
        lines.insert(contentsOf: ["", String(repeating: "parole ", count: 12)], at: title + 1)
      default: break
      }
      damaged.lines[language] = lines
    }
    return damaged.lines == draft.lines ? nil : damaged
  }
}
