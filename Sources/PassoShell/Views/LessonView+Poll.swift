// SPDX-License-Identifier: MIT

import PassoLesson
import PassoText
import PassoView

extension LessonView {
  /// How hands are typed for what is asked.
  static func howToVote(_ ballot: Ballot, number: Int) -> Figure {
    let how =
      switch ballot.choices {
      case .named(let names): PollProblem.example(names)
      case .numbers: PollProblem.numbers
      }
    return .line(
      Bilingual(
        it: "voto \(number): conta le mani di ogni risposta, poi scrivile. ",
        en: "vote \(number): count the hands of each answer, then type them. "
      ) + how
    )
  }

  /// The hands of each answer: those of the first vote, beside them those of the last.
  static func votes(_ votes: [Vote]) -> Figure {
    let shown = Array(votes.prefix(1) + votes.dropFirst().suffix(1))
    var answers: [Vote.Line] = []
    for line in shown.flatMap(\.lines) where !answers.contains(where: { $0.label == line.label }) {
      answers.append(line)
    }
    answers.sort { ($0.number ?? 0) < ($1.number ?? 0) }
    let isSecond = shown.count > 1
    let title =
      isSecond
      ? Bilingual(it: "i due voti: ", en: "both votes: ")
      : Bilingual(it: "la classe ha votato: ", en: "the class has voted: ")
    return .bars(
      BarsFigure(
        title: title + shown.map { hands($0.total) }.joined(separator: ", "),
        series: isSecond
          ? [Bilingual(it: "prima", en: "before"), Bilingual(it: "dopo", en: "after")] : [],
        bars: answers.map { bar($0, shown) },
        decimals: 0
      )
    )
  }

  private static func bar(_ line: Vote.Line, _ votes: [Vote]) -> BarsFigure.Bar {
    let label: Bilingual
    if let number = line.number {
      label = NumberText.general(number, digits: 12)
    } else {
      label = Bilingual(same: line.label)
    }
    return BarsFigure.Bar(label, votes.map { Double($0.hands(for: line.label)) })
  }

  private static func hands(_ count: Int) -> Bilingual {
    Bilingual(
      it: count == 1 ? "1 mano" : "\(count) mani",
      en: count == 1 ? "1 hand" : "\(count) hands"
    )
  }

  /// What is best now; which answer is right stays unsaid.
  static func advice(_ advice: PollAdvice?, isFirst: Bool) -> Figure {
    let text =
      switch advice {
      case nil:
        Bilingual(
          it: "quale numero sia giusto si saprà dopo la prova: rispondi per andare avanti",
          en: "which number is right will be known after the run: answer to go on"
        )
      case .explain where isFirst:
        Bilingual(
          it: "conviene rispiegare, poi rivotare: :poll",
          en: "best explain it again, then vote again: :poll"
        )
      case .explain:
        Bilingual(
          it: "conviene rispiegare prima di rispondere",
          en: "best explain it again before the answer"
        )
      case .discuss where isFirst:
        Bilingual(
          it: "conviene far discutere a coppie per due minuti, poi rivotare: :poll",
          en: "best let pairs discuss for two minutes, then vote again: :poll"
        )
      case .discuss:
        Bilingual(
          it: "conviene sentire una ragione per ogni risposta, poi rispondere",
          en: "best hear a reason for each answer, then give it"
        )
      case .goOn:
        Bilingual(
          it: "si può andare avanti: rispondi, e bastano due parole",
          en: "you can go on: answer, a few words are enough"
        )
      }
    return .line(text, .heading)
  }

  /// How many hands were right in each vote, once the answer is known.
  static func rightHands(_ counts: [(right: Int, all: Int)]) -> Bilingual {
    let texts = counts.map { count in
      Bilingual(it: "\(count.right) su \(count.all)", en: "\(count.right) of \(count.all)")
    }
    let start = Bilingual(it: "aveva ragione la classe: ", en: "the class was right: ")
    guard texts.count > 1 else { return start + texts[0] }
    return start + texts[0] + Bilingual(it: ", poi ", en: ", then ") + texts[1]
  }
}

extension Vote.Line {
  /// The number that was predicted; options and signs keep their order.
  fileprivate var number: Double? {
    if case .number(let number) = answer { number.value } else { nil }
  }
}
