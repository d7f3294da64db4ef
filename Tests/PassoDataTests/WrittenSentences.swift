// SPDX-License-Identifier: MIT

import PassoData

/// Every sentence of a language without loops, with its probability: found by going every way.
func writtenSentences(
  of language: ToyLanguage
) -> [(ids: [TokenID], probability: Double)] {
  var open: [(state: Int, ids: [TokenID], probability: Double)] = [(0, [], 1)]
  var found: [(ids: [TokenID], probability: Double)] = []
  while let next = open.popLast() {
    let ways = language.automaton.states[next.state]
    if ways.isEmpty { found.append((next.ids, next.probability)) }
    for way in ways {
      open.append((way.next, next.ids + [way.token], next.probability * way.probability))
    }
  }
  return found
}
