// Strokes in, pictures out: one question on its way at a time, and the generator goes on while somebody paints.
class Edit {
  constructor(root, data) {
    Object.assign(this, { root, data, history: [], busy: false, next: null, closed: false, last: null, from: null });
    this.get = (selector) => root.querySelector(selector);
    this.strokes = this.get(".strokes");
    this.layers = { keep: this.get(".keep"), edges: this.get(".edges"), paint: this.strokes }; // by tool
    for (const canvas of Object.values(this.layers)) canvas.width = canvas.height = data.side;
    const board = this.strokes;
    board.addEventListener("pointerdown", (event) => this.down(event));
    board.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) board.addEventListener(end, (event) => this.up(event));
    root.addEventListener("click", (event) => this.click(event.target.closest("button")));
    root.addEventListener("change", (event) => this.change(event.target));
    this.open();
  }
  open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}/gansmith/edit`);
    this.socket.onopen = () => { this.busy = false; this.person(); };
    this.socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.socket.onclose = () => { if (!this.closed) this.timer = setTimeout(() => this.open(), 1500); };
  }
  close() { this.closed = true; clearTimeout(this.timer); this.socket.close(); }
  say(word) {
    if (this.busy) { this.next = { ...word, changed: word.changed || this.next?.changed, anew: word.anew || this.next?.anew }; return; }
    if (this.socket.readyState !== WebSocket.OPEN) return;
    Object.assign(this, { busy: true, next: null, asked: performance.now() });
    this.socket.send(JSON.stringify({ ...word, name: this.data.name }));
  }
  person() { this.wipe(); this.say({ do: "person", seed: Number(this.get("[data-is=seed]").value) }); }
  wipe() {
    this.history = [];
    for (const canvas of Object.values(this.layers)) canvas.getContext("2d").clearRect(0, 0, this.data.side, this.data.side);
  }
  click(button) {
    const what = button?.dataset.do;
    if (what === "person") { this.get("[data-is=seed]").value = Math.floor(Math.random() * 1e6); this.person(); }
    if (what === "clear") { this.wipe(); this.edit({ anew: true }); }
    if (what === "undo" && this.history.length) {
      for (const [tool, pixels] of Object.entries(this.history.pop())) this.layers[tool].getContext("2d").putImageData(pixels, 0, 0);
      this.edit({ anew: true });
    }
  }
  change(target) {
    if (target.dataset.is === "seed") this.person();
    if (target.dataset.is === "upload" && target.files.length) this.upload(target.files[0], target);
  }
  upload(file, target) {
    const reader = new FileReader();
    if (file.size > 3e6) { this.fail(`${file.name}: 3 MB are the most: make it smaller`); return; }
    reader.onload = () => { this.wipe(); this.say({ do: "upload", called: file.name, content: reader.result }); target.value = ""; };
    reader.readAsDataURL(file);
  }
  place(event) {
    const box = this.strokes.getBoundingClientRect(), scale = this.data.side / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  }
  tool() { return this.get("[name=tool]:checked").value; }
  down(event) {
    this.strokes.setPointerCapture(event.pointerId);
    this.last = this.from = this.place(event);
    if (this.tool() === "drag") return;
    const all = [0, 0, this.data.side, this.data.side];
    this.history.push({ [this.tool()]: this.layers[this.tool()].getContext("2d").getImageData(...all) });
    this.draw(this.last);
  }
  move(event) {
    if (!this.last || this.tool() === "drag") return;
    this.draw(this.place(event));
  }
  up(event) {
    const to = this.place(event), last = Math.max(0, this.data.side - 1);
    if (this.last && this.tool() === "drag") this.say({ do: "drag", moves: [[...this.from, ...to].map((v) => Math.min(last, Math.max(0, v)))] });
    this.last = null;
  }
  draw(to) {
    const paint = this.layers[this.tool()].getContext("2d");
    Object.assign(paint, { strokeStyle: this.tool() === "keep" ? "#2a9d4a" : this.get("[data-is=colour]").value, lineWidth: Number(this.get("[data-is=brush]").value), lineCap: "round" });
    paint.beginPath();
    paint.moveTo(...this.last);
    paint.lineTo(to[0] + 0.01, to[1]);
    paint.stroke();
    this.last = to;
    this.edit({ changed: true });
  }
  painted(canvas) {
    const { side } = this.data, pixels = canvas.getContext("2d").getImageData(0, 0, side, side).data;
    for (let i = 3; i < pixels.length; i += 4) if (pixels[i]) return canvas.toDataURL("image/png");
    return null;
  }
  edit(how) {
    const { paint, edges, keep } = this.layers;
    this.say({ do: "edit", strokes: this.painted(paint), edges: this.painted(edges), keep: this.painted(keep), ...how });
  }
  fail(line) { Object.assign(this.get(".error"), { hidden: !line, textContent: line || "" }); }
  hear(found) {
    this.busy = false;
    this.fail(found.error);
    if (found.before) this.get(".before").src = found.before;
    if (found.after) { this.get(".after").src = found.after; this.get(".save").href = found.after; }
    if (found.notes) this.get(".notes").textContent = found.notes.join("; ");
    const told = found.fallen === undefined ? "after" : `error fallen by ${Math.round(100 * found.fallen)} %, elsewhere moved ${found.elsewhere.toFixed(2)} of another person`;
    if (found.after) this.get(".told").textContent = told;
    Object.assign(this.root.dataset, { ms: (performance.now() - this.asked).toFixed(1), left: found.left ?? 0, answers: Number(this.root.dataset.answers || 0) + 1 });
    if (this.next) this.say(this.next);
    else if (found.left > 0) this.edit({});
  }
}

export default function (component) {
  const { parentElement, data } = component, root = parentElement.querySelector(".ed");
  if (!root) return undefined;
  if (root.edit && root.edit.data.name !== data.name) { root.edit.close(); root.edit = null; }
  root.edit = root.edit || new Edit(root, data);
  return () => { root.edit?.close(); root.edit = null; };
}
