// SPDX-License-Identifier: MIT

import PassoText

extension Command {
  static let poll = CommandDescription(
    name: "poll",
    group: .lesson,
    arguments: "[ANSWER N …|N N …]",
    it: "conta le mani di una classe sulla domanda aperta, due volte se serve",
    en: "counts the hands of a class on the open question, twice if needed",
    details: Bilingual(
      it: "La classe vota per alzata di mano; qui si scrivono le mani di ogni risposta, con la"
        + " lettera davanti o nell'ordine delle risposte: :poll a 12 b 5 c 3, :poll 12 5 3. Di un"
        + " segno: :poll + 12 - 5 0 3. Di un numero sempre a coppie, la risposta e le sue mani:"
        + " :poll 15 12 25 4. Poi si vedono le barre, e un consiglio: sotto il 30 % di risposte"
        + " giuste rispiegare, fino al 70 % far discutere a coppie e rivotare, sopra andare avanti"
        + " (Crouch e Mazur 2001). Qual è la risposta giusta non si dice. Il secondo :poll mette i"
        + " due voti fianco a fianco; :undo toglie l'ultimo. La risposta si dà come sempre.",
      en: "The class votes by hands; here the hands of each answer are typed, with the letter"
        + " before them or in the order of the answers: :poll a 12 b 5 c 3, :poll 12 5 3. For a"
        + " sign: :poll + 12 - 5 0 3. For a number always in pairs, the answer and its hands:"
        + " :poll 15 12 25 4. Then there are bars, and advice: below 30 % of right answers explain"
        + " again, up to 70 % let pairs discuss and vote again, above go on (Crouch and Mazur"
        + " 2001). Which answer is right is not said. The second :poll shows both votes side by"
        + " side; :undo takes the last one away. The answer is given as always."
    ),
    examples: [":lesson 1", ":poll", ":poll 1389 12 5000000 7", ":poll 1389 16 5000000 3"],
    takesText: true
  )
  .steer { shell, arguments in
    try shell.poll(arguments.rest, by: arguments.line)
  }
}
