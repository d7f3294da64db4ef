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
    let loss = NumberText.general(try probe.session.tensor("loss")[0])
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
        press("l");
        seen.en = text();
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
    #expect(seen["grounds"] == "rgb(255, 255, 255) rgb(20, 22, 26) rgb(255, 255, 255)")
    #expect(seen["theme"] == "light")
  }
}

/// Chromium, if the machine has it.
private enum Browser {
  static let path = ["chromium", "chromium-browser", "google-chrome"].lazy.flatMap { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }
  }.first { FileManager.default.isExecutableFile(atPath: $0) }

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
