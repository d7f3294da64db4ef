// SPDX-License-Identifier: MIT

import PassoText

extension Page.Part {
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

/// A run of Passo as one HTML page that needs nothing else: no network, no other file.
///
/// Every part is in the page in both languages; a slider goes from one to the next. Without scripts,
/// and on paper, all parts stand one below the other.
package struct Page: Sendable {
  /// What one line has shown.
  package struct Part: Sendable {
    /// The line as it was typed; empty for what was shown before the first.
    package let line: String

    /// By language: the words of a lesson are in one only.
    package let figures: [Language: [Figure]]

    /// Figures that know both languages.
    package init(line: String, figures: [Figure]) {
      self.init(
        line: line,
        figures: Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0, figures) })
      )
    }

    package init(line: String, figures: [Language: [Figure]]) {
      self.line = line
      self.figures = figures
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
    let articles = parts.enumerated().map { article($0.offset, $0.element) }
    let languages = Language.allCases.map { $0.rawValue }
    // The heading has the title in both: no text of a stranger stands inside the script.
    return """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)" data-theme="auto">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <title>\(Markup.escaped(title[language]))</title>
      <style>
      \(PageStyle.css)
      </style>
      </head>
      <body>
      <header>
      <h1>\(both(title))</h1>
      \(controls)
      </header>
      <div class="sheet">
      \(contents)
      <main id="parts" tabindex="-1" aria-live="polite">
      \(articles.joined(separator: "\n"))
      </main>
      </div>
      <script>
      const languages = [\(languages.map { "\"\($0)\"" }.joined(separator: ", "))];
      const titles = Object.fromEntries(
        languages.map((name) => [name, document.querySelector(`h1 [lang="${name}"]`).textContent]));
      \(PageScript.javaScript)
      </script>
      </body>
      </html>

      """
  }

  private func article(_ index: Int, _ part: Part) -> String {
    let bodies = Language.allCases.map { language in
      let renderer = HTMLRenderer(language: language)
      return "<div lang=\"\(language.rawValue)\">"
        + part.figures[language, default: []].map { renderer.render($0) }.joined() + "</div>"
    }
    let heading = part.line.isEmpty ? "" : "<h2><code>\(Markup.escaped(part.line))</code></h2>"
    return "<article id=\"p\(index + 1)\">\(heading)\(bodies.joined())</article>"
  }

  /// All parts by name, to go to one at once.
  private var contents: String {
    let title = Bilingual(it: "tutti i passi", en: "all steps")
    let items = parts.enumerated().map { index, part in
      let name =
        part.line.isEmpty ? both(part.opening) : "<code>\(Markup.escaped(part.line))</code>"
      return "<li><a href=\"#\(index + 1)\">\(name)</a></li>"
    }
    return "<nav class=\"contents\" aria-labelledby=\"contents\"><h2 id=\"contents\">\(both(title))"
      + "</h2><ol>\(items.joined())</ol></nav>"
  }

  /// A text of which the page shows the language that was chosen.
  private func both(_ text: Bilingual) -> String {
    Language.allCases.map {
      "<span lang=\"\($0.rawValue)\">\(Markup.escaped(text[$0]))</span>"
    }.joined()
  }

  private func button(_ id: String, _ sign: String, _ name: Bilingual) -> String {
    "<button id=\"\(id)\" type=\"button\"><span aria-hidden=\"true\">\(sign)</span> \(both(name))"
      + "</button>"
  }

  private var controls: String {
    let place = Bilingual(it: "passo", en: "step")
    let keys = Bilingual(
      it: "Tasti: ← → un passo, Inizio e Fine, A tutto insieme, L lingua, T tema.",
      en: "Keys: ← → one step, Home and End, A all at once, L language, T theme."
    )
    return """
      <nav class="bar" aria-label="\(place.it), \(place.en)">
      \(button("back", "←", Bilingual(it: "indietro", en: "back")))
      <label for="slider">\(both(place)) <output id="place">1</output>/\(parts.count)</label>
      <input id="slider" type="range" min="1" max="\(max(1, parts.count))" value="1" step="1">
      \(button("next", "→", Bilingual(it: "avanti", en: "next")))
      \(button("all", "☰", Bilingual(it: "tutto", en: "all")))
      \(button("language", "↔", Bilingual(it: "English", en: "italiano")))
      \(button("theme", "◐", Bilingual(it: "tema", en: "theme")))
      </nav>
      <p class="dim keys">\(both(keys))</p>
      """
  }
}
