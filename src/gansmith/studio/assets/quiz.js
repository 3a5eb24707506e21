// Questions and answers: the page keeps the score, the library's table says how sure it is.
const COLUMNS = { 2: 2, 9: 3 };

class Quiz {
  constructor(root) {
    this.root = root;
    this.get = (selector) => root.querySelector(selector);
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    root.addEventListener("click", (event) => {
      const picture = event.target.closest(".pictures button");
      if (picture) this.answer([...picture.parentNode.children].indexOf(picture));
      else if (event.target.closest(".next")) this.next();
    });
  }
  close() { document.removeEventListener("keydown", this.keys); }
  begin(data, again) {
    this.again = again;
    if (this.data && this.data.game === data.game) return;
    document.activeElement?.blur();  // a choice above has been made: keys are answers again
    Object.assign(this, { data, at: 0, answers: [], times: [] });
    this.ask();
  }
  ask() {
    const { pictures } = this.data.questions[this.at], box = this.get(".pictures");
    box.classList.toggle("many", pictures.length > 2);
    box.replaceChildren(...pictures.map((src, i) => {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.setAttribute("aria-label", `Picture ${i + 1}`);
      button.appendChild(Object.assign(document.createElement("img"), { src, alt: "" }));
      return button;
    }));
    Object.assign(this, { answered: false, since: performance.now() });
    this.get(".say").textContent = pictures.length > 2 ? "Which one is real? Click it, or press 1 to 9." : "Which one is real? ← or →";
    this.get(".next").hidden = true;
    this.score();
  }
  answer(which) {
    const question = this.data.questions[this.at];
    if (this.answered || which >= question.pictures.length) return;
    this.answered = true;
    const hit = which === question.real;
    this.answers.push(hit);
    this.times.push((performance.now() - this.since) / 1000);
    [...this.get(".pictures").children].forEach((button, i) => {
      button.classList.add(i === question.real ? "real" : "fake");
      button.classList.toggle("chosen", i === which);
      button.appendChild(document.createElement("span")).textContent = i === question.real ? "real" : "generated";
    });
    const fake = hit ? question.plainest : which;
    const told = question.pictures.length === 2 ? "The generated one" : hit ? `The plainest of the generated ones, picture ${fake + 1}` : `Picture ${fake + 1}, generated`;
    this.get(".say").innerHTML = `<b>${hit ? "Right." : "Wrong."}</b> ${told}: ${question.why[fake]}.`;
    this.get(".next").hidden = false;
    this.get(".next").firstChild.textContent = this.at + 1 < this.data.questions.length ? "Next " : "Another game ";
    this.score();
  }
  next() {
    if (!this.answered) return;
    if (this.at + 1 < this.data.questions.length) { this.at += 1; this.ask(); } else this.again();
  }
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.composedPath()[0].matches?.("input:not([type=radio]), select, textarea")) return;
    const count = this.data.questions[this.at].pictures.length;
    if (this.answered && ["Enter", "ArrowRight", " "].includes(event.key)) this.next();
    else if (!this.answered && count === 2 && event.key === "ArrowLeft") this.answer(0);
    else if (!this.answered && count === 2 && event.key === "ArrowRight") this.answer(1);
    else if (!this.answered && /^[1-9]$/.test(event.key)) this.answer(Number(event.key) - 1);
    else return;
    event.preventDefault();
  }
  score() {
    const n = this.answers.length, k = this.answers.filter(Boolean).length, size = this.data.questions[0].pictures.length;
    const [low, high, p] = this.data.scores[n][k], percent = (v) => `${Math.round(100 * v)} %`;
    this.get(".dots").replaceChildren(...this.data.questions.map((_, i) => Object.assign(document.createElement("i"),
      { className: i < n ? (this.answers[i] ? "hit" : "miss") : i === this.at ? "now" : "" })));
    this.get(".right").textContent = `${k} of ${n}`;
    this.get(".share").textContent = n ? `${percent(k / n)} (${percent(low)} to ${percent(high)})` : "–";
    this.get(".time").textContent = n ? `${(this.times.reduce((a, b) => a + b) / n).toFixed(1)} s` : "–";
    Object.assign(this.get(".band").style, { left: `${100 * low}%`, width: `${100 * (high - low)}%` });
    this.get(".chance").style.left = `${100 / size}%`;
    Object.assign(this.get(".mark").style, { left: `${n ? (100 * k) / n : 0}%`, display: n ? "" : "none" });
    Object.assign(this.root.dataset, { right: k, count: n, low, high });
    if (n < 10) { this.get(".verdict").textContent = "After ten answers: whether the two can be told apart. The dashed line is chance."; return; }
    this.get(".verdict").textContent = this.verdict(low, high, p, 1 / size, percent);
  }
  verdict(low, high, p, chance, percent) {
    if (low > chance) return `You can tell them apart: even ${percent(low)} would be more than chance, ${percent(chance)} (p = ${p.toFixed(3)}).`;
    if (high < chance) return `You tell them apart, the wrong way round: even ${percent(high)} would be less than chance, ${percent(chance)}. What you take for real is what G makes.`;
    return `You cannot tell them apart so far: what you reached, ${percent(low)} to ${percent(high)}, holds chance, ${percent(chance)} (p = ${p.toFixed(2)}).`;
  }
}

export default function (component) {
  const { parentElement, data, setTriggerValue } = component, root = parentElement.querySelector(".qz");
  if (!root) return undefined;
  root.quiz = root.quiz || new Quiz(root);
  root.quiz.begin(data, () => setTriggerValue("again", data.game));
  return () => { root.quiz?.close(); root.quiz = null; };
}
