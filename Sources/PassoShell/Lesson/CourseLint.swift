// SPDX-License-Identifier: MIT

import PassoFiles
import PassoLesson
import PassoModel
import PassoRuntime
import PassoText
import Synchronization

/// Checks lessons: each file, each language, both together, and what happens when they are taken.
package struct CourseLint: Sendable {
  private let language: Language
  private let cache: TextCache?
  private let isInterrupted: @Sendable () -> Bool

  /// Whether the first thing that is found in a lesson is enough.
  package var stopsAtFirst = false

  /// The longest that one line may compute.
  package var slowest = Duration.seconds(30)

  /// Prepares to check.
  ///
  /// - Parameters:
  ///   - language: In which the lessons are taken; what they say of the engine is the same.
  ///   - cache: Where tokens of texts are kept, if anywhere.
  ///   - interrupted: Asked now and then whether to stop.
  package init(
    _ language: Language,
    cache: TextCache?,
    interrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.language, self.cache, isInterrupted) = (language, cache, interrupted)
  }

  /// Checks lessons, as many at a time as there are processors: none knows of the others.
  ///
  /// - Parameters:
  ///   - folders: Their folders.
  ///   - threads: How many are checked at a time; the findings are the same.
  ///   - progress: Told which one is begun.
  /// - Returns: What was found, in the order of the folders.
  /// - Throws: `Interrupted`.
  package func findings(
    in folders: [String],
    threads: Int = ProcessorCount.physical,
    progress: (String) -> Void = { _ in }
  ) throws -> [LessonFinding] {
    let queue = LintQueue(folders)
    let works = (0..<max(1, min(threads, folders.count))).map { _ in
      AttendedWork { [self] in
        while !isInterrupted(), let (index, folder) = queue.take() {
          queue.keep(findings(inFolder: folder), index)
        }
      }
    }
    var shown = 0
    for work in works {
      let outcome = work.wait(grace: 100) {
        for folder in folders[shown..<queue.begun] { progress(folder) }
        shown = queue.begun
        return isInterrupted()
      }
      if outcome == nil { throw Interrupted() }
    }
    if isInterrupted() { throw Interrupted() }
    return queue.findings + courseFindings(folders)
  }

  private func courseFindings(_ folders: [String]) -> [LessonFinding] {
    LessonLint.findings(
      inCourse: folders.compactMap { folder in
        try? LessonLibrary.read(LessonLibrary.file(in: folder, .it))
      }
    )
  }

  /// Checks one lesson.
  package func findings(inFolder folder: String) -> [LessonFinding] {
    let files = Language.allCases.map { LessonFile(LessonLibrary.file(in: folder, $0)) }
    let lessons = files.compactMap(\.lesson)
    let differences =
      lessons.count == 2 ? LessonLint.differences(lessons[0], lessons[1]) : []
    let read = files.flatMap(\.findings) + differences
    if stopsAtFirst, !read.isEmpty { return read }
    // Where both do the same, they lead to the same.
    guard differences.isEmpty else {
      return read + lessons.flatMap { findings(taking: $0, nil) }
    }
    let translation = lessons.dropFirst().first
    return read + lessons.prefix(1).flatMap { findings(taking: $0, translation) }
  }

  /// Takes a lesson, and holds what it shows against its translation too.
  private func findings(taking lesson: Lesson, _ translation: Lesson?) -> [LessonFinding] {
    do {
      let budget = TurnBudget(slowest)
      return try SimulatedLearner.findings(
        in: lesson,
        translation,
        with: shell(budget),
        budget: budget,
        triesOwnTexts: true,
        stopsAtFirst: stopsAtFirst
      )
    } catch {
      let message = error.asProblem.message
      return [LessonFinding(file: lesson.file, line: 1, message: message)]
    }
  }

  /// A shell that nobody sees.
  private func shell(_ budget: TurnBudget) throws -> Shell {
    let console = Console(
      language: language,
      isPlain: true,
      terminal: { (80, .none) },
      write: { _ in },
      writeError: { _ in }
    )
    let isInterrupted = isInterrupted
    let shell = try Shell(console: console, lessons: nil) {
      isInterrupted() || budget.isUsedUp()
    }
    shell.textCache = cache
    return shell
  }
}

/// The file of a lesson in one language, and what is wrong with it.
private struct LessonFile {
  /// Nil if it cannot be read.
  private(set) var lesson: Lesson?
  private(set) var findings: [LessonFinding] = []

  init(_ path: String) {
    do {
      let (text, lesson) = try LessonLibrary.textAndLesson(path)
      self.lesson = lesson
      findings =
        LessonLint.findings(inText: text, file: path)
        + LessonLint.findings(in: lesson) + LessonLint.literalClaims(in: lesson)
        + LessonLint.unknownLines(in: lesson)
    } catch {
      let problem = error.asProblem
      let line = problem.place?.line ?? 1
      findings = [LessonFinding(.structure, file: path, line: line, message: problem.message)]
    }
  }
}

/// Lessons that wait to be checked, for several threads.
private final class LintQueue: Sendable {
  private let folders: [String]
  private let next = Mutex(0)
  private let found = Mutex<[Int: [LessonFinding]]>([:])

  init(_ folders: [String]) { self.folders = folders }

  /// How many were begun.
  var begun: Int { next.withLock { $0 } }

  /// The next lesson; nil if none is left.
  func take() -> (index: Int, folder: String)? {
    next.withLock { next in
      guard next < folders.count else { return nil }
      next += 1
      return (next - 1, folders[next - 1])
    }
  }

  func keep(_ findings: [LessonFinding], _ index: Int) {
    found.withLock { $0[index] = findings }
  }

  /// What was found, in the order of the lessons.
  var findings: [LessonFinding] {
    found.withLock { found in folders.indices.flatMap { found[$0] ?? [] } }
  }
}
