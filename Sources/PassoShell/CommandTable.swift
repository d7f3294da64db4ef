// SPDX-License-Identifier: MIT

import PassoText

/// Every command, in the order of the help screen.
package enum CommandTable {
  package static let all: [Command] = [
    .text, .tokens, .tokenizer, .compareTokenizers, .merges, .pairs, .objective, .shift, .corpus,
    .floor, .oracle, .grammar,
    .model, .params, .program, .mask, .optimizer, .precision,
    .step, .next, .back, .run, .until, .goto, .mark, .zoom, .whereAmI,
    .break, .watch, .rwatch,
    .show, .say, .stats, .explain, .why, .attribution, .heads, .predict, .surprise, .curve,
    .chapters, .weights, .lens, .near, .leaks, .compare,
    .set, .patch, .ablate, .fork, .swap, .diff, .undo,
    .train, .race, .eval, .generate, .save, .load,
    .lessons, .lesson, .continue, .answer, .poll, .hint, .skip, .solution, .check, .play, .resume,
    .progress, .review,
    .lang, .plain, .theme, .pager, .hash, .record, .replay, .export, .history,
    .help, .quit,
  ]

  /// The command that was typed: its name, its one letter, or an unambiguous beginning.
  ///
  /// One letter always means the same command, so that a new command never changes it.
  ///
  /// - Throws: `CommandProblem` if there is none, or more than one.
  package static func find(_ typed: String) throws(CommandProblem) -> Command {
    var name = typed == "?" ? "help" : typed.lowercased()
    // `:quit()` is how a function is called elsewhere.
    if name.hasSuffix("()") { name.removeLast(2) }
    if let exact = all.first(where: { $0.name == name || $0.alias == name }) { return exact }
    let matches = all.filter { $0.name.hasPrefix(name) }
    if matches.count == 1 { return matches[0] }
    if matches.isEmpty || name.isEmpty {
      throw .unknownCommand(name, closest: Suggestion.closest(to: name, among: all.map(\.name)))
    }
    throw .ambiguousCommand(name, candidates: matches.map(\.name))
  }
}
