// SPDX-License-Identifier: MIT

import PassoText
import Testing

@testable import PassoView

/// What a notebook is given of a figure.
struct FigureFormsTests {
  private func forms(_ figure: Figure, _ language: Language = .en) -> FigureForms {
    FigureForms(figure, language)
  }

  private let matrix = Figure.matrix(
    MatrixFigure(
      title: Bilingual(it: "pesi", en: "weights"),
      rows: .init("query", ["Il", "<b>"]),
      columns: .init("key", ["Il", "gatto"]),
      cells: [.number(1), .masked, .number(0.5), .number(0.5)],
      scale: .sequential
    )
  )

  private let table = Figure.table(
    TableFigure(columns: [.init(it: "nome", en: "name")], rows: [.same(["<script>"])])
  )

  @Test func numbersAreATableAndAPicture() {
    let forms = forms(matrix, .it)
    #expect(forms.text.contains("pesi") && forms.text.contains("gatto"))
    #expect(forms.html?.hasPrefix("<div class=\"passo\" lang=\"it\"><style>") == true)
    #expect(forms.html?.contains("&lt;b&gt;") == true)
    #expect(forms.svg?.hasPrefix("<svg") == true)
  }

  @Test func tablesAreNoPictures() {
    let forms = forms(table)
    #expect(forms.svg == nil && forms.html?.contains("&lt;script&gt;") == true)
    #expect(self.forms(.group(title: Bilingual(same: "g"), [table, table])).svg == nil)
    #expect(self.forms(.group(title: Bilingual(same: "g"), [table, matrix])).svg != nil)
  }

  @Test func curvesArePictures() {
    let curve = CurveFigure(
      title: Bilingual(same: "loss"),
      horizontal: Bilingual(same: "update"),
      start: 0,
      values: [1, 0.5]
    )
    let forms = forms(.curve(curve))
    #expect(forms.html == nil && forms.svg?.contains("<path") == true)
  }

  @Test func linesWithoutARoleAreText() {
    let plain = Bilingual(same: "update 0 loss 1.79")
    #expect(forms(.line(plain)).html == nil && forms(.line(plain)).svg == nil)
    #expect(forms(.line(plain)).text == "update 0 loss 1.79\n")
    #expect(forms(.line(plain, .bad)).html != nil)
    let long = Bilingual(same: String(repeating: "word ", count: 40))
    #expect(forms(.line(long)).html != nil)
    #expect(forms(.text(TextFigure([.init([]), .init(plain)]))).html != nil)
  }

  @Test func linearTextIsLinear() {
    let forms = FigureForms(matrix, .en, isPlain: true)
    #expect(forms.text == PlainRenderer(language: .en).render(matrix))
  }
}
