/* SPDX-License-Identifier: MIT */
/* What a page does: one part at a time, the language, the theme, the keyboard. */
const root = document.documentElement;
const parts = [...document.querySelectorAll("article")];
const slider = document.getElementById("slider");
const place = document.getElementById("place");
const themes = ["auto", "light", "dark", "projector"];
const links = [...document.querySelectorAll(".contents a")];
const all = document.getElementById("all");
let now = 0;
/* The heading has the title in every language. */
const titles = new Map(
  [...document.querySelectorAll("h1 [lang]")].map((name) => [name.lang, name.textContent]));
const languages = [...titles.keys()];

function show(index) {
  if (!parts.length) return;
  parts[now].classList.remove("now");
  links[now].removeAttribute("aria-current");
  now = Math.min(Math.max(index, 0), parts.length - 1);
  parts[now].classList.add("now");
  links[now].setAttribute("aria-current", "step");
  if (!document.body.classList.contains("stepwise")) parts[now].scrollIntoView();
  slider.value = now + 1;
  place.value = now + 1;
  history.replaceState(null, "", "#" + (now + 1));
}
function following(list, value) { return list[(list.indexOf(value) + 1) % list.length]; }
function showAll(whole) {
  document.body.classList.toggle("stepwise", !whole);
  all.setAttribute("aria-pressed", whole);
  show(now);
}
function switchAll() { showAll(document.body.classList.contains("stepwise")); }
function changeLanguage() {
  root.lang = following(languages, root.lang);
  document.title = titles.get(root.lang);
}
function changeTheme() { root.dataset.theme = following(themes, root.dataset.theme); }
function fromAddress() {
  const number = parseInt(location.hash.slice(1), 10);
  return Number.isFinite(number) ? number - 1 : 0;
}

slider.addEventListener("input", () => show(Number(slider.value) - 1));
document.getElementById("back").addEventListener("click", () => show(now - 1));
document.getElementById("next").addEventListener("click", () => show(now + 1));
all.addEventListener("click", switchAll);
document.getElementById("language").addEventListener("click", changeLanguage);
document.getElementById("theme").addEventListener("click", changeTheme);
window.addEventListener("hashchange", () => show(fromAddress()));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const onSlider = event.target === slider;
  switch (event.key) {
    case "ArrowLeft": if (!onSlider) show(now - 1); break;
    case "ArrowRight": if (!onSlider) show(now + 1); break;
    case "Home": show(0); event.preventDefault(); break;
    case "End": show(parts.length - 1); event.preventDefault(); break;
    case "a": case "A": switchAll(); break;
    case "l": case "L": changeLanguage(); break;
    case "t": case "T": changeTheme(); break;
  }
});
const start = fromAddress();
showAll(false);
show(start);
