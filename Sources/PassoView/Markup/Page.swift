// SPDX-License-Identifier: MIT

import PassoText

/// A run of Passo as one HTML page that needs nothing else: no network, no other file.
///
/// Every part is in the page in both languages; a slider goes from one to the next. Without
/// scripts, and on paper, all parts stand one below the other.
package struct Page: Sendable {
  /// What one line has shown.
  package struct Part: Sendable {
    /// The line as it was typed; empty for what was shown before the first.
    package let line: String

    /// By language: the words of a lesson are in one only.
    package let figures: [Language: [Figure]]

    /// Figures that know both languages.
    package init(line: String, figures: [Figure]) {
      self.init(line: line, figures: [.it: figures, .en: figures])
    }

    package init(line: String, figures: [Language: [Figure]]) {
      self.line = line
      self.figures = figures
    }

    /// How long a name in the list of contents is.
    private static let nameWidth = 40

    /// The first words that were shown, for parts that no line began.
    fileprivate var opening: Bilingual {
      func words(_ language: Language) -> String {
        let shown = figures[language, default: []].prefix(3).map {
          PlainRenderer(language: language).render($0)
        }
        let line = shown.joined().split(separator: "\n").first { !$0.allSatisfy(\.isWhitespace) }
        return String(line ?? "…").truncated(to: Self.nameWidth)
      }
      return Bilingual(it: words(.it), en: words(.en))
    }
  }

  package let title: Bilingual
  package let parts: [Part]

  package init(title: Bilingual, parts: [Part]) {
    self.title = title
    self.parts = parts
  }

  /// The whole document; the language is the one that it opens in.
  package func html(opening language: Language) -> String {
    let body = Element(
      "body",
      Element("header", Element("h1", both(title)), controls),
      Element("div", ["class": "sheet"], contents, main),
      Element("script", PageStyle.resource(PackageResources.page_js))
    )
    return PageStyle.document(
      title: title[language],
      language,
      theme: "auto",
      styles: [PackageResources.page_css],
      allowsScripts: true,
      body: body
    )
  }

  private var main: Element {
    Element(
      name: "main",
      attributes: ["id": "parts", "tabindex": "-1", "aria-live": "polite"],
      children: parts.enumerated().flatMap { [Verbatim("\n"), article($0, $1)] as [any Markup] }
    )
  }

  private func article(_ index: Int, _ part: Part) -> Element {
    let bodies = Language.allCases.map { language in
      let renderer = HTMLRenderer(language: language)
      let figures = part.figures[language, default: []]
      return Element("div", ["lang": language.rawValue], figures.flatMap(renderer.elements))
    }
    let heading = part.line.isEmpty ? nil : Element("h2", Element("code", part.line))
    return Element("article", ["id": "p\(index + 1)"], heading, bodies)
  }

  /// All parts by name, to go to one at once.
  private var contents: Element {
    let items = parts.enumerated().map { index, part in
      let name = part.line.isEmpty ? both(part.opening) : [Element("code", part.line)]
      return Element("li", Element("a", ["href": "#\(index + 1)"], name))
    }
    let title = both(Bilingual(it: "tutti i passi", en: "all steps"))
    return Element(
      "nav",
      ["class": "contents", "aria-labelledby": "contents"],
      Element("h2", ["id": "contents"], title),
      Element("ol", items)
    )
  }

  /// A text of which the page shows the language that was chosen.
  private func both(_ text: Bilingual) -> [Element] {
    Language.allCases.map { Element("span", ["lang": $0.rawValue], text[$0]) }
  }

  private func button(_ id: String, _ sign: String, it: String, en: String) -> Element {
    let sign = Element("span", ["aria-hidden": "true"], sign)
    return Element(
      "button",
      ["id": id, "type": "button"],
      sign,
      " ",
      both(Bilingual(it: it, en: en))
    )
  }

  private var controls: [Element] {
    let place = Bilingual(it: "passo", en: "step")
    let keys = Bilingual(
      it: "Tasti: ← → un passo, Inizio e Fine, A tutto insieme, L lingua, T tema.",
      en: "Keys: ← → one step, Home and End, A all at once, L language, T theme."
    )
    let number = Element("output", ["id": "place"], "1")
    return [
      Element(
        "nav",
        ["class": "bar", "aria-label": "\(place.it), \(place.en)"],
        button("back", "←", it: "indietro", en: "back"),
        Element("label", ["for": "slider"], both(place), " ", number, "/\(parts.count)"),
        Element(
          "input",
          [
            "id": "slider", "type": "range", "min": 1, "max": max(1, parts.count), "value": 1,
            "step": 1,
          ]
        ),
        button("next", "→", it: "avanti", en: "next"),
        button("all", "☰", it: "tutto", en: "all"),
        button("language", "↔", it: "English", en: "italiano"),
        button("theme", "◐", it: "tema", en: "theme")
      ),
      Element("p", ["class": "dim keys"], both(keys)),
    ]
  }
}
