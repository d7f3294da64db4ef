// SPDX-License-Identifier: MIT

import PassoFiles
import PassoModel
import PassoSession
import PassoSessionViews
import PassoText

extension Command {
  static let compare = CommandDescription(
    name: "compare",
    group: .look,
    arguments: "FILE.safetensors [TOLERANCE] [all]",
    it: "mette a confronto i valori con quelli calcolati da un altro programma",
    en: "sets the values beside those that another program has computed",
    details: Bilingual(
      it: "Il file ha i valori con i nomi di Passo, come lo scrivono passo trace e :export"
        + " FILE.safetensors, o un programma tuo: NOME, grad.NOME, e param_grad.NOMEHF per i"
        + " gradienti sotto i nomi di model.safetensors. Si dice qual è, nell'ordine del calcolo,"
        + " il primo valore che differisce, di quanto e dove; ciò che viene prima è uguale,"
        + " quindi l'errore è in quel passo. La tolleranza è una parte del numero più grande del"
        + " valore: se non si dice, 1e-5 in f32 e 1e-9 in f64, dieci volte tanto per i gradienti."
        + " Un gradiente, e ciò che ne deriva, si misura almeno su un millesimo del più grande:"
        + " ciò che è più piccolo è arrotondamento, e con ciò anche il passo che ne viene in"
        + " next.NOME."
        + " Un numero sotto -1e9, con cui altri programmi nascondono, vale -inf. Si confronta ciò"
        + " che è calcolato: :run calcola tutto. all mostra ogni valore.",
      en: "The file has values under Passo's names, as passo trace and :export FILE.safetensors"
        + " write it, or a program of yours: NAME, grad.NAME, and param_grad.HFNAME for gradients"
        + " under the names of model.safetensors. It says which value, in the order of"
        + " computation, is the first that differs, by how much and where; what comes before is"
        + " the same, so the mistake is in that step. The tolerance is a part of the largest"
        + " number of the value: if not given, 1e-5 in f32 and 1e-9 in f64, ten times as much for"
        + " gradients. A gradient, and what follows from it, is measured on a thousandth of the"
        + " largest one at least: what is smaller is rounding, and so is the step that it makes in"
        + " next.NAME. A number below -1e9, with which other programs hide, is -inf. What is"
        + " computed is compared: :run computes all of it. all shows every value."
    ),
    examples: [
      ":until loss", ":export sessione.safetensors", ":compare sessione.safetensors",
      ":mask none", ":until loss", ":compare sessione.safetensors",
      ":compare sessione.safetensors 1e-3 all",
    ],
    completion: .path(.file, then: nil)
  )
  .show { session, arguments, context in
    try arguments.expect(atMost: 3)
    let word = try arguments.first(it: "un file safetensors", en: "a safetensors file")
    var rest = arguments.words.dropFirst()
    let showsAll = rest.last.map { $0.text == "all" && !$0.isQuoted } ?? false
    if showsAll { rest = rest.dropLast() }
    let tolerance = try rest.first.map { try arguments.number($0) }
    if rest.count > 1 { _ = try arguments.choice(rest[rest.startIndex + 1], of: ["all"]) }
    try arguments.placing(word) {
      try context.reading([word.text]) { places in
        let file = try SafetensorsFile(path: places[0])
        let found = try TraceComparison.between(
          session.timeline.execution,
          session.configuration,
          file,
          tolerance: tolerance,
          unless: context.shouldStop
        )
        guard let found else { return context.saySearchStopped() }
        guard !found.entries.isEmpty else {
          throw TraceComparisonProblem(uncomputed: found.uncomputed, unknown: found.unknown)
        }
        context.show(TraceComparisonView(session, found, showsAll: showsAll).figure)
      }
    }
  }
}

/// Why nothing can be compared.
package struct TraceComparisonProblem: WordedProblem, Equatable {
  /// Names that are values here, but not computed yet.
  package let uncomputed: [String]

  /// Names that no value has.
  package let unknown: [String]

  package var wording: Wording {
    if let name = uncomputed.first {
      return Bilingual(
        it: "dei valori del file qui non è ancora calcolato nessuno, nemmeno \(it: name)",
        en: "none of the values of the file is computed yet here, not even \(en: name)"
      ).hint(it: ":run li calcola tutti", en: ":run computes all of them")
    }
    guard let name = unknown.first else {
      return Bilingual(
        it: "servono valori con i nomi di Passo, e il file è vuoto",
        en: "needs values under Passo's names, the file is empty"
      ).hint(Self.names)
    }
    return Bilingual(
      it: "servono valori con i nomi di Passo, e il file ha per esempio \(it: name)",
      en: "needs values under Passo's names, the file has for example \(en: name)"
    ).hint(Self.names)
  }

  private static let names = Bilingual(
    it: ":program elenca i nomi; param_grad.NOMEHF è il gradiente di un tensore di"
      + " model.safetensors",
    en: ":program lists the names; param_grad.HFNAME is the gradient of a tensor of"
      + " model.safetensors"
  )
}
