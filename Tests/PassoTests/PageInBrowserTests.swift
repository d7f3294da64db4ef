// SPDX-License-Identifier: MIT

import Foundation
import PassoShell
import PassoText
import PassoView
import Testing

@testable import passo

/// A page as a person uses it, in headless Chromium, where that is installed.
@Suite(.enabled(if: Browser.path != nil), .serialized)
struct PageInBrowserTests {
  /// A page of a short session, with a script at its end that uses it and writes down what it sees.
  private func lastWords(after script: String, _ lines: [String]) throws -> [String: String] {
    let shell = try FrontEnd(SpeechOptions.parse(["--lang", "it"])).shell(quiet: true)
    for line in lines { shell.execute(line) }
    shell.execute(":help")
    let page = Page(
      title: Bilingual(it: "prova", en: "trial"),
      parts: shell.console.transcript.parts()
    )
    let probe = """
      <script type="module">
      const seen = {};
      function text() {
        const now = document.querySelector("article.now");
        const visible = [...now.querySelectorAll("div[lang]")]
          .filter((part) => getComputedStyle(part).display !== "none");
        return visible.map((part) => part.textContent).join("|");
      }
      function slide(value) {
        slider.value = value;
        slider.dispatchEvent(new Event("input"));
      }
      function press(key) {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      }
      \(script)
      const report = document.createElement("pre");
      report.id = "report";
      report.textContent = JSON.stringify(seen);
      document.body.append(report);
      </script></body>
      """
    // From the first line on, so that nothing that the page asks for is missed.
    let watch = """
      <head><script>
      const refused = [];
      document.addEventListener("securitypolicyviolation", (event) => {
        refused.push(event.blockedURI);
      });
      </script>
      """
    let html = page.html(opening: .it).replacing("<head>", with: watch)
      .replacing("</body>", with: probe)
    return try Browser.report(of: html)
  }

  @Test func nothingLeavesThePage() throws {
    let count = "performance.getEntriesByType('resource').length"
    let lines = [":show mask", ":train 3", ":show loss", ":show attention"]
    let seen = try lastWords(
      after: "for (let i = 1; i <= 4; i++) slide(i); seen.count = String(\(count));"
        + " seen.refused = String(refused.length);",
      lines
    )
    #expect(seen["count"] == "0" && seen["refused"] == "0")
    // The same watch sees a page that does ask.
    let asking = try lastWords(
      after: """
        const image = new Image();
        image.src = "https://example.invalid/x.png";
        document.body.append(image);
        await new Promise((done) => setTimeout(done, 300));
        seen.refused = String(refused.length);
        """,
      lines
    )
    #expect(asking["refused"] == "1")
  }

  @Test func theSliderGoesFromStepToStep() throws {
    let seen = try lastWords(
      after: """
        seen.count = slider.max;
        seen.first = text();
        slide(3);
        seen.third = text();
        seen.place = place.value;
        press("ArrowRight");
        seen.afterRight = place.value;
        press("End");
        seen.afterEnd = place.value;
        press("Home");
        press("ArrowLeft");
        seen.afterHome = place.value;
        document.getElementById("next").click();
        seen.afterNext = place.value;
        """,
      [":text \"Il gatto dorme\"", ":show mask", ":until loss", ":show loss"]
    )
    #expect(seen["count"] == "4")
    #expect(seen["first"]?.contains("Il gatto dorme") == true)
    #expect(seen["place"] == "3" && seen["afterRight"] == "4" && seen["afterEnd"] == "4")
    #expect(seen["afterHome"] == "1" && seen["afterNext"] == "2")
    #expect(seen["third"]?.contains("loss") == true)
  }

  @Test func valuesOfTheTerminalAreReadBack() throws {
    let probe = try FrontEnd(SpeechOptions.parse(["--lang", "it"])).shell(quiet: true)
    probe.execute(":until loss")
    let loss = NumberText.general(try probe.session.tensor("loss")[0]).it
    let seen = try lastWords(
      after: "slide(2); seen.loss = text();",
      [":until loss", ":show loss"]
    )
    #expect(seen["loss"]?.contains("loss = \(loss) nat") == true)
  }

  @Test func languageAndThemeChange() throws {
    let seen = try lastWords(
      after: """
        seen.it = text();
        seen.title = document.title;
        press("l");
        seen.en = text();
        seen.otherTitle = document.title;
        document.getElementById("language").click();
        seen.again = text();
        const grounds = ["light", "dark", "projector"].map((theme) => {
          root.dataset.theme = theme;
          return getComputedStyle(document.body).backgroundColor;
        });
        seen.grounds = grounds.join(" ");
        root.dataset.theme = "auto";
        press("t");
        seen.theme = root.dataset.theme;
        """,
      [":show mask"]
    )
    #expect(seen["it"]?.contains("può guardare") == true)
    #expect(seen["en"]?.contains("may look") == true && seen["en"]?.contains("può") == false)
    #expect(seen["again"] == seen["it"])
    #expect(seen["title"] == "prova" && seen["otherTitle"] == "trial")
    #expect(seen["grounds"] == "rgb(255, 255, 255) rgb(20, 22, 26) rgb(255, 255, 255)")
    #expect(seen["theme"] == "light")
  }

  /// The rules for paper, tried on the screen.
  @Test func paperShowsEverythingThatTheScreenDoes() throws {
    let seen = try lastWords(
      after: """
        root.dataset.theme = "dark";
        for (const rule of document.styleSheets[0].cssRules) {
          if (rule.media && rule.media.mediaText === "print") rule.media.mediaText = "screen";
        }
        const display = (selector) => getComputedStyle(document.querySelector(selector)).display;
        seen.bar = display("td.bar");
        seen.controls = display("nav.bar");
        seen.ground = getComputedStyle(document.body).backgroundColor;
        document.body.style.width = "700px";
        const tables = [...document.querySelectorAll("table.matrix")]
          .filter((table) => table.offsetParent);
        seen.widest = String(Math.max(...tables.map((table) => table.offsetWidth)));
        seen.tables = String(tables.length);
        """,
      [":until logits", ":stats W_E", ":show W_E", ":show blocks.0.mlp.W_in"]
    )
    #expect(seen["bar"] == "table-cell" && seen["controls"] == "none")
    #expect(seen["ground"] == "rgb(255, 255, 255)")
    let widest = try #require(seen["widest"].flatMap { Double($0) })
    #expect(widest < 700 && seen["tables"] == "9")
  }

  @Test func stepsAreFoundByNameAndShownAtOnce() throws {
    let seen = try lastWords(
      after: """
        const shown = () => [...document.querySelectorAll("article")]
          .filter((part) => getComputedStyle(part).display !== "none").length;
        seen.one = String(shown());
        press("a");
        seen.all = String(shown());
        press("a");
        seen.oneAgain = String(shown());
        const link = document.querySelectorAll(".contents a")[2];
        seen.name = link.textContent;
        location.hash = link.getAttribute("href");
        await new Promise((done) => setTimeout(done, 50));
        seen.place = place.value;
        seen.current = link.getAttribute("aria-current");
        """,
      [":show mask", ":until loss", ":show loss"]
    )
    #expect(seen["one"] == "1" && seen["all"] == "3" && seen["oneAgain"] == "1")
    #expect(seen["name"] == ":show loss" && seen["place"] == "3" && seen["current"] == "step")
  }

  /// On paper all steps stand one below the other.
  @Test func printingShowsEveryStep() throws {
    let shell = try FrontEnd(SpeechOptions.parse(["--lang", "it"])).shell(quiet: true)
    try SimulatedLearner(shell, .right).take(shell.course.lesson("6", .it))
    let page = Page(title: Bilingual(same: "x"), parts: shell.console.transcript.parts())
    let pages = try Browser.printedPages(of: page.html(opening: .it))
    #expect(pages >= 3, "a screenful alone would be one page")
  }
}

/// What is on a page, without a browser.
struct PageContentTests {
  /// Every number and word that the terminal showed of lesson 6 stands on its page.
  @Test(arguments: Language.allCases)
  func everyValueOfALessonIsOnItsPage(language: Language) throws {
    let shell = try FrontEnd(SpeechOptions.parse(["--lang", language.rawValue])).shell(quiet: true)
    try SimulatedLearner(shell, .right).take(shell.course.lesson("6", language))
    let parts = shell.console.transcript.parts()
    #expect(parts.count > 15)
    for part in parts {
      let figures = part.figures[language] ?? []
      let html = figures.map { HTMLRenderer(language: language).render($0) }.joined()
      // Linear text counts the rows, a table need not.
      let plain = figures.map { PlainRenderer(language: language).render($0) }.joined()
        .replacing(/(riga|row) \d+ "/, with: "")
      for word in plain.split(whereSeparator: { $0.isWhitespace || ",;:\"".contains($0) })
      where word.contains(where: \.isNumber) {
        let escaped = word.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
          .replacing(">", with: "&gt;")
        #expect(html.contains(escaped), "\(part.line): \(word)")
      }
    }
  }

  @Test func aRecordedSessionBecomesAPage() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let session = "\(folder)/session.passo"
    let shell = try FrontEnd(SpeechOptions.parse(["--lang", "it"])).shell(quiet: true)
    for line in [":record \(session)", ":train 3", ":until loss", ":show loss"] {
      #expect(shell.execute(line) == .done)
    }
    let loss = NumberText.general(try shell.session.tensor("loss")[0]).it
    let page = "\(folder)/page.html"
    let reply = try PassoProgram.run(["export", "--session", session, "--out", page])
    #expect(reply.status == 0, "\(reply.errors)")
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("loss = \(loss) nat"))
    #expect(html.contains("<h2><code>:train 3</code></h2>"))
  }

  @Test func thePageOfALessonIsSmall() throws {
    let page = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID()).html").path
    defer { try? FileManager.default.removeItem(atPath: page) }
    #expect(try PassoProgram.run(["export", "--lesson", "6", "--out", page]).status == 0)
    let html = try Data(contentsOf: URL(filePath: page))
    #expect(html.count < 2_000_000)
    let text = String(decoding: html, as: UTF8.self)
    #expect(text.contains("La maschera causale") && text.contains("The causal mask"))
  }
}

/// Chromium, if the machine has it.
private enum Browser {
  static let path = ["chromium", "chromium-browser", "google-chrome"].lazy.flatMap { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }
  }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// How many sheets of paper a page takes.
  static func printedPages(of html: String) throws -> Int {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (page, paper) = (folder.appending(path: "page.html"), folder.appending(path: "page.pdf"))
    try html.write(to: page, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: try #require(path))
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path)/profile",
      "--no-first-run", "--print-to-pdf=\(paper.path)", page.absoluteString,
    ]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: paper), as: Unicode.ASCII.self)
    return text.matches(of: /\/Type \/Page\b/).count
  }

  /// Opens a page and gives what its probe wrote.
  static func report(of html: String) throws -> [String: String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passo-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = folder.appending(path: "page.html")
    try html.write(to: page, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: try #require(path))
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path)/profile",
      "--no-first-run", "--disable-background-networking", "--disable-component-update",
      "--enable-logging=stderr", "--v=0", "--virtual-time-budget=3000", "--dump-dom",
      page.absoluteString,
    ]
    let (output, errors) = (folder.appending(path: "dom"), folder.appending(path: "errors"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    let complaints = try String(contentsOf: errors, encoding: .utf8)
    let isMeant = html.contains("example.invalid")
    #expect(complaints.contains("CONSOLE") == isMeant, "\(complaints)")
    let dom = try String(contentsOf: output, encoding: .utf8)
    let report = try #require(dom.firstMatch(of: /<pre id="report">(.*?)<\/pre>/))
    let text = String(report.output.1).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&amp;", with: "&")
    return try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
  }
}
